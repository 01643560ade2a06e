/* SPDX-License-Identifier: Apache-2.0
 * Ours, or somebody else's. TS-0004 7.3.2.6, 7.3.2.8: Recv-6.1, 6.9 to 6.11. */
#include "serve/serve_int.h"

static void time_has_come(void *user)
{
    struct exchange *x = user;
    x->timer = NULL;
    x->execute_at = 0;
    serve_resume(x, OK);
}

/* Operation execution time: nothing of the operation happens before it (7.3.3.5 and others). */
static status wait_for_time(struct exchange *x)
{
    struct sys_loop *loop = x->worker->loop;
    x->timer = loop->timer_start(loop, x->execute_at - x->now, time_has_come, x);
    ENSURE(x->timer != NULL, NO_MEMORY, "timer");
    x->stage = SERVE_STAGE_AUTHORIZE; /* whose resume row is locate */
    return ERROR(PENDING);
}

/* A transit CSE sends on no registration: it is for its receiver (7.3.2.8). */
static bool is_registration(const struct prim_request *request)
{
    return request->operation == PRIM_CREATE &&
           (request->resource_type == TYPE_AE || request->resource_type == TYPE_REMOTE_CSE);
}

status serve_route(struct exchange *x)
{
    if (!x->address.ours) {
        ENSURE(!is_registration(&x->call->request), BAD_REQUEST, "registration at another CSE");
        ENSURE(x->serve->behaviour->route != NULL, NOT_FOUND, "no route to %.*s",
               BYTES_FMT(x->call->request.to));
        return x->serve->behaviour->route(x);
    }
    if (x->execute_at > x->now) {
        return wait_for_time(x);
    }
    return OK;
}
