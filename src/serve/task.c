/* SPDX-License-Identifier: Apache-2.0
 * Exchanges that are no request: jobs of the server itself on the writer (outbox bookkeeping,
 * expiry), and reading on the loop. */
#include <stddef.h>

#include "serve/serve_int.h"

struct serve_task {
    struct exchange x;
    struct prim_call call;
    status (*run)(struct exchange *x, void *user);
    void (*done)(void *user, status result);
    void *user;
};

static status task_new(struct serve *serve, struct serve_worker *worker,
                       struct serve_task **ret_task)
{
    struct arena *arena = arena_new(serve->config.limits.arena_size);
    struct serve_task *task = arena != NULL ? ARENA_NEW(arena, struct serve_task) : NULL;
    if (task == NULL) {
        arena_free(arena);
        FAIL(NO_MEMORY, "task");
    }
    const struct prim_self *self = &serve->config.self;
    prim_request_init(&task->call.request);
    task->call.arena = arena;
    task->call.request.from = self->cse_id;
    task->call.peer.binding = "internal";
    task->x.call = &task->call;
    task->x.arena = arena;
    task->x.serve = serve;
    task->x.worker = worker;
    task->x.task = task;
    task->x.now = task->x.received = sys_now(serve->clock);
    task->x.deadline = INT64_MAX;
    task->x.internal_call = true;
    task->x.who = (struct auth_context){
        .claimed = self->cse_id, .kind = PRIM_ID_CSE, .authenticated = true, .internal = true};
    task->x.who.absolute =
        arena_printf(arena, "%.*s%.*s", BYTES_FMT(self->sp_id), BYTES_FMT(self->cse_id));
    task->x.owner = task->x.who.absolute;
    if (task->x.owner.ptr == NULL) {
        arena_free(arena);
        FAIL(NO_MEMORY, "task");
    }
    *ret_task = task;
    return OK;
}

static status run_task(struct store_job *job, struct store_view *view)
{
    struct exchange *x = (struct exchange *)((char *)job - offsetof(struct exchange, job));
    struct serve_task *task = x->task;
    serve_job_prepare(x, view);
    x->events = NULL;
    x->last_event = NULL;
    status result = task->run(x, task->user);
    if (is_ok(result)) {
        result = serve_plan_effects(x);
    }
    if (is_error(result)) {
        serve_log_failure(x, result);
        serve_policies_clear(x->serve->writer_policies);
    }
    return result;
}

static void task_done(struct store_job *job, status result)
{
    struct exchange *x = (struct exchange *)((char *)job - offsetof(struct exchange, job));
    serve_job_over(x, result);
}

void serve_task_over(struct exchange *x)
{
    struct serve_task *task = x->task;
    void (*done)(void *user, status result) = task->done;
    void *user = task->user;
    status result = x->failure;
    arena_free(x->arena); /* the task lives in it */
    if (done != NULL) {
        done(user, result);
    }
}

status serve_run_job(struct serve_worker *worker, status (*run)(struct exchange *x, void *user),
                     void (*done)(void *user, status result), void *user)
{
    struct serve_task *task;
    TRY(task_new(worker->serve, worker, &task));
    task->run = run;
    task->done = done;
    task->user = user;
    task->x.job = (struct store_job){.run = run_task, .done = task_done};
    status submitted = store_submit(worker->serve->store, &task->x.job);
    if (is_error(submitted)) {
        arena_free(task->call.arena);
    }
    return submitted;
}

status serve_run_now(struct serve *serve, status (*run)(struct exchange *x, void *user), void *user)
{
    struct serve_task *task;
    TRY(task_new(serve, NULL, &task));
    task->run = run;
    task->user = user;
    task->x.job = (struct store_job){.run = run_task};
    status result = store_run(serve->store, &task->x.job);
    arena_free(task->call.arena);
    return result;
}

status serve_read_begin(struct serve_worker *worker, struct exchange **ret_exchange)
{
    struct serve_task *task;
    TRY(task_new(worker->serve, worker, &task));
    serve_worker_enter(worker);
    task->x.view = worker->view;
    *ret_exchange = &task->x;
    return OK;
}

void serve_read_end(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    arena_free(x->arena);
    serve_worker_leave(worker);
}
