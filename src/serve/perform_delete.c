/* SPDX-License-Identifier: Apache-2.0
 * DELETE with everything below; what was deleted is shown when the request asks. TS-0004 7.3.3.8.
 */
#include "serve/serve_int.h"

status serve_perform_delete(struct exchange *x)
{
    enum prim_result_content rcn = x->call->request.result_content;
    TRY(serve_ensure_match(x));
    if (rcn != PRIM_RCN_ABSENT && rcn != PRIM_RCN_NOTHING) {
        TRY(serve_content_with_children(x, rcn, &x->result));
        x->has_result = true;
    }
    TRY(serve_delete_internal(x, &x->target, false));
    x->rsc = 2002;
    return OK;
}
