/* SPDX-License-Identifier: Apache-2.0
 * Requests on their way in, from bindings and from inside, and out. Those that arrive in one turn
 * of the loop share one read snapshot. */
#include "serve/serve_int.h"

static void start(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    x->view = worker->view;
    x->now = serve_now(worker);
    bool refused =
        worker->draining || worker->in_flight > worker->serve->config.limits.requests_in_flight;
    if (refused && !x->internal_call) {
        x->failure = ERROR(OVERLOADED);
        x->stage = SERVE_STAGE_RESPOND;
    }
    serve_pipeline_run(x);
}

static void answer_undeliverable(struct serve_worker *worker)
{
    while (worker->undeliverable != NULL) {
        struct prim_call *call = worker->undeliverable;
        worker->undeliverable = call->receiver;
        call->receiver = NULL;
        call->done(call);
    }
}

static void run_incoming(void *user)
{
    struct serve_worker *worker = user;
    worker->incoming_posted = false;
    struct exchange *x = worker->incoming;
    worker->incoming = NULL;
    worker->last_incoming = NULL;
    if (x != NULL) {
        serve_worker_enter(worker);
    }
    bool entered = x != NULL;
    while (x != NULL) {
        struct exchange *next = x->next;
        x->next = NULL;
        start(x);
        x = next;
    }
    if (entered) {
        serve_worker_leave(worker);
    }
    answer_undeliverable(worker);
    if (serve_worker_is_stuck(worker)) {
        serve_worker_take_finished(worker);
    }
}

static void wake(struct serve_worker *worker)
{
    if (worker->incoming_posted) {
        return;
    }
    worker->incoming_posted =
        is_ok(worker->loop->post(worker->loop, run_incoming, worker)) ||
        worker->loop->timer_start(worker->loop, 0, run_incoming, worker) != NULL;
}

static void put_undeliverable(struct serve_worker *worker, struct prim_call *call)
{
    call->receiver = worker->undeliverable;
    worker->undeliverable = call;
    wake(worker);
}

static void submit(struct serve_worker *worker, struct prim_call *call, bool internal)
{
    struct exchange *x = ARENA_NEW(call->arena, struct exchange);
    call->transport = OK;
    if (x == NULL) {
        call->response.rsc = status_rsc(ERROR(NO_MEMORY));
        call->response.request_identifier = call->request.request_identifier;
        put_undeliverable(worker, call);
        return;
    }
    x->call = call;
    x->arena = call->arena;
    x->worker = worker;
    x->serve = worker->serve;
    x->received = serve_now(worker);
    x->internal_call = internal;
    call->receiver = x;
    worker->in_flight += 1;
    if (worker->incoming == NULL) {
        worker->incoming = x;
    } else {
        worker->last_incoming->next = x;
    }
    worker->last_incoming = x;
    wake(worker);
}

void serve_link_send(struct prim_link *link, struct prim_call *call)
{
    submit(link->user, call, false);
}

/* Ends a wait for the operation execution time. */
static bool cancel_timer(struct exchange *x)
{
    if (!serve_wake_up(x)) {
        return false;
    }
    serve_resume(x, ERROR(CANCELLED));
    return true;
}

void serve_link_cancel(struct prim_link *link, struct prim_call *call)
{
    struct serve_worker *worker = link->user;
    struct exchange *x = call->receiver;
    if (x == NULL || x->cancelled) {
        return;
    }
    x->cancelled = true;
    if (x->at_writer || cancel_timer(x)) {
        return;
    }
    bool waits = x->stage == SERVE_STAGE_DELEGATE || x->stage == SERVE_STAGE_VERIFY ||
                 x->stage == SERVE_STAGE_PERFORM;
    const struct type_resource *type = x->virtual_type != NULL ? x->virtual_type : x->target.type;
    const struct serve_ops *ops = waits ? serve_ops_of(worker->serve, type) : NULL;
    if (ops != NULL && ops->cancelled != NULL) {
        ops->cancelled(x);
    }
}

void serve_submit_internal(struct serve_worker *worker, struct prim_call *call, bool internal)
{
    submit(worker, call, internal);
}

/* The link that takes the scheme of a destination, or NULL. */
static struct prim_link *link_for(const struct serve_worker *worker, struct bytes destination)
{
    struct bytes scheme = bytes_slice(destination, 0, bytes_find(destination, ':'));
    for (size_t i = 0; i < worker->outgoing_count; i++) {
        if (bytes_equal_nocase(worker->outgoing[i].scheme, scheme)) {
            return worker->outgoing[i].link;
        }
    }
    return NULL;
}

void serve_send(struct serve_worker *worker, struct prim_call *call)
{
    struct prim_link *link = link_for(worker, call->destination);
    if (link != NULL) {
        link->send(link, call);
        return;
    }
    call->transport = ERROR(TARGET_NOT_REACHABLE);
    put_undeliverable(worker, call);
}

void serve_send_cancel(struct serve_worker *worker, struct prim_call *call)
{
    struct prim_link *link = link_for(worker, call->destination);
    if (link != NULL) { /* else done is under way */
        link->cancel(link, call);
    }
}
