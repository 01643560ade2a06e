/* SPDX-License-Identifier: Apache-2.0
 * Hooks that must ask somebody before a change is made (subscription target, blocking update).
 * TS-0004 7.5.1.2.3, 7.5.1.2.19. */
#include "serve/serve_int.h"

status serve_verify(struct exchange *x)
{
    if (!serve_changes(x) || x->verified) {
        return OK;
    }
    if (x->serve->behaviour->verify != NULL) {
        TRY(x->serve->behaviour->verify(x));
    }
    bool creates = x->call->request.operation == PRIM_CREATE;
    const struct serve_ops *ops = serve_ops_of(x->serve, creates ? x->new_type : x->target.type);
    return ops != NULL && ops->verify != NULL ? ops->verify(x) : OK;
}
