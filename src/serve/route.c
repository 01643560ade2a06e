/* SPDX-License-Identifier: Apache-2.0
 * Ours, or somebody else's. TS-0004 7.3.2.6, 7.3.2.8: Recv-6.1, 6.9 to 6.11. */
#include "serve/serve_int.h"

/* ---- operation execution time ---- */

/* A request that a <request> stands for may sleep for months; it is bounded by the number of these
 * and takes nobody's place among those in flight. */
static void fall_asleep(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    x->before_me = NULL;
    x->next = worker->sleepers;
    if (x->next != NULL) {
        x->next->before_me = x;
    }
    worker->sleepers = x;
    worker->in_flight -= x->internal_call ? 1 : 0;
}

static void rise(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    x->timer = NULL;
    x->execute_at = 0;
    if (x->before_me != NULL) {
        x->before_me->next = x->next;
    } else {
        worker->sleepers = x->next;
    }
    if (x->next != NULL) {
        x->next->before_me = x->before_me;
    }
    x->next = x->before_me = NULL;
    worker->in_flight += x->internal_call ? 1 : 0;
}

bool serve_wake_up(struct exchange *x)
{
    struct sys_loop *loop = x->worker->loop;
    if (x->timer == NULL) {
        return false;
    }
    loop->timer_stop(loop, x->timer);
    rise(x);
    return true;
}

void serve_end_sleep(struct serve_worker *worker)
{
    while (worker->sleepers != NULL) {
        struct exchange *x = worker->sleepers;
        (void)serve_wake_up(x);
        serve_resume(x, ERROR(OVERLOADED));
    }
}

static void time_has_come(void *user)
{
    struct exchange *x = user;
    rise(x); /* its timer has gone with the call */
    serve_resume(x, OK);
}

/* Nothing of the operation happens before it (7.3.3.5 and others). */
static status wait_for_time(struct exchange *x)
{
    struct sys_loop *loop = x->worker->loop;
    x->timer = loop->timer_start(loop, x->execute_at - x->now, time_has_come, x);
    ENSURE(x->timer != NULL, NO_MEMORY, "timer");
    x->stage = SERVE_STAGE_AUTHORIZE; /* whose resume row is locate */
    fall_asleep(x);
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
