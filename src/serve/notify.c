/* SPDX-License-Identifier: Apache-2.0
 * NOTIFY to a resource of this CSE: the type's own business. TS-0004 7.3.3.9. */
#include "serve/serve_int.h"

status serve_perform_notify(struct exchange *x)
{
    const struct serve_ops *ops = serve_ops_of(x->serve, x->target.type);
    ENSURE(ops != NULL && ops->on_notify != NULL, OPERATION_NOT_ALLOWED, "%s takes no NOTIFY",
           x->target.type->name);
    return ops->on_notify(x);
}
