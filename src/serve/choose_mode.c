/* SPDX-License-Identifier: Apache-2.0
 * Blocking, or a <request> resource and an early answer: the server's own business.
 * TS-0004 7.2.2.2 Recv-2.0 to 5.0. */
#include "serve/serve_int.h"

status serve_choose_mode(struct exchange *x)
{
    enum prim_response_type type = x->call->request.response_type;
    if (type == PRIM_RT_ABSENT || type == PRIM_BLOCKING) {
        return OK;
    }
    if (x->serve->behaviour->choose_mode != NULL) {
        return x->serve->behaviour->choose_mode(x);
    }
    ENSURE(type == PRIM_FLEX_BLOCKING, NON_BLOCKING_SYNCH_REQUEST_NOT_SUPPORTED, "response type %d",
           (int)type);
    return OK; /* flexible: blocking it is */
}
