/* SPDX-License-Identifier: Apache-2.0
 * Virtual resources hand over to other exchanges. TS-0004 7.4.14, 7.4.22. */
#include "serve/serve_int.h"

status serve_delegate(struct exchange *x)
{
    const struct type_resource *type = x->virtual_type != NULL ? x->virtual_type : x->target.type;
    const struct serve_ops *ops = serve_ops_of(x->serve, type);
    if (ops != NULL && ops->delegate != NULL) {
        return ops->delegate(x);
    }
    ENSURE(x->virtual_type == NULL, NOT_IMPLEMENTED, "nothing behind %s", type->name);
    return OK;
}
