/* SPDX-License-Identifier: Apache-2.0
 * Life of what surrounds changes: shared state, the sender's start and stop, operation monitors.
 * TS-0001 9.6.8 (operationMonitor), TS-0004 7.3.3.9 (re-targeting). */
#include "server/cse/cse_effects_int.h"

struct cse_effects *cse_effects_of(const struct serve *serve)
{
    return serve_get_user(serve);
}

bool cse_has_monitors(struct cse_effects *effects)
{
    if (effects == NULL) {
        return false;
    }
    sys_mutex_lock(effects->mutex);
    bool has = effects->has_monitors;
    sys_mutex_unlock(effects->mutex);
    return has;
}

void cse_set_monitors(struct cse_effects *effects)
{
    sys_mutex_lock(effects->mutex);
    effects->has_monitors = true;
    sys_mutex_unlock(effects->mutex);
}

static void free_effects(struct cse_effects *effects)
{
    if (effects != NULL) {
        cse_hub_free(effects->hub);
        cse_blocked_free(effects->blocked);
        sys_mutex_free(effects->mutex);
        mem_free(effects);
    }
}

static status read_monitors(struct serve_worker *worker, struct cse_effects *effects)
{
    struct exchange *x;
    struct bytes value;
    TRY(serve_read_begin(worker, &x));
    status got = store_value_get(x->view, BYTES("cse/monitors"), x->arena, &value);
    serve_read_end(x);
    effects->has_monitors = is_ok(got);
    return status_is(got, STATUS_NOT_FOUND) ? OK : got;
}

static status start(struct serve_worker *worker, struct cse_effects *effects)
{
    const struct limits *limits = &serve_config_get(serve_worker_serve(worker))->limits;
    effects->first = worker;
    effects->mutex = sys_mutex_new();
    effects->blocked = cse_blocked_new();
    ENSURE(effects->mutex != NULL && effects->blocked != NULL, NO_MEMORY, "effects");
    TRY(cse_hub_new(limits, &effects->hub));
    TRY(read_monitors(worker, effects));
    TRY(cse_requests_recover(worker));
    return cse_outbox_start(worker, &effects->outbox);
}

status cse_effects_start(struct serve_worker *worker)
{
    struct cse_effects *effects = mem_alloc(sizeof(*effects));
    ENSURE(effects != NULL, NO_MEMORY, "effects");
    status started = start(worker, effects);
    if (is_error(started)) {
        free_effects(effects);
        return started;
    }
    serve_set_user(serve_worker_serve(worker), effects);
    cse_outbox_wake(effects->outbox);
    return OK;
}

void cse_effects_stop(struct serve_worker *worker)
{
    struct serve *serve = serve_worker_serve(worker);
    struct cse_effects *effects = cse_effects_of(serve);
    if (effects == NULL || effects->first != worker) {
        return;
    }
    cse_outbox_stop(effects->outbox); /* may still take its requests out of the hub */
    serve_set_user(serve, NULL);
    free_effects(effects);
}

void cse_effects_committed(struct serve_worker *worker)
{
    struct cse_effects *effects = cse_effects_of(serve_worker_serve(worker));
    if (effects != NULL) {
        cse_outbox_wake(effects->outbox);
    }
}

/* ---- operation monitors: attempts that changed nothing ---- */

struct attempt {
    struct auth_context who;
    uint32_t operation;
    struct bytes ri;
    struct serve_worker *worker;
    struct arena *arena;
};

static status plan_attempt(struct exchange *x, void *user)
{
    const struct attempt *attempt = user;
    struct serve_resource target;
    status found = serve_resource_find(x, attempt->ri, &target);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(found);
    x->who = attempt->who;
    struct cse_event event = {
        .subject = &target, .operation = attempt->operation, .originator = attempt->who.claimed};
    return cse_plan_event(x, target.row.id, &event);
}

static void attempt_planned(void *user, status result)
{
    struct attempt *attempt = user;
    if (is_error(result)) {
        log_line(LOG_LEVEL_WARN, "notification", "an operation monitor was not told: %s",
                 status_text(result));
    }
    cse_effects_committed(attempt->worker);
    struct arena *arena = attempt->arena;
    arena_free(arena);
}

static bool is_monitored(struct exchange *x, const struct attempt *attempt)
{
    struct serve_resource target;
    struct cse_children subscriptions;
    if (is_error(serve_resource_find(x, attempt->ri, &target)) ||
        is_error(cse_children_read(x, target.row.id, TYPE_SUBSCRIPTION, 0, &subscriptions))) {
        return false;
    }
    for (size_t i = 0; i < subscriptions.count; i++) {
        if (cse_criteria_monitors(
                x, type_get(subscriptions.items[i].attributes, ATTR_EVENT_NOTIFICATION_CRITERIA),
                attempt->operation, &attempt->who)) {
            return true;
        }
    }
    return false;
}

/* A copy of what the exchange knows, which ends before the job runs. */
static struct attempt *copy_attempt(const struct exchange *x)
{
    struct arena *arena = arena_new((size_t)65536);
    struct attempt *attempt = arena != NULL ? ARENA_NEW(arena, struct attempt) : NULL;
    if (attempt == NULL) {
        arena_free(arena);
        return NULL;
    }
    attempt->arena = arena;
    attempt->worker = x->worker;
    attempt->operation = (uint32_t)x->call->request.operation;
    attempt->ri = arena_dup(arena, x->target.row.ri);
    attempt->who.kind = x->who.kind;
    attempt->who.claimed = arena_dup(arena, x->who.claimed);
    attempt->who.absolute = arena_dup(arena, x->who.absolute);
    return attempt;
}

void cse_answered(struct exchange *x)
{
    bool changes =
        x->call->request.operation != PRIM_RETRIEVE && x->call->request.operation != PRIM_NOTIFY;
    if (x->who.internal || x->target.row.id == 0 || x->virtual_type != NULL ||
        (changes && is_ok(x->failure)) || !cse_has_monitors(cse_effects_of(x->serve))) {
        return; /* successful changes are told by plan_effects */
    }
    struct attempt *attempt = copy_attempt(x);
    struct exchange *reading;
    if (attempt == NULL || is_error(serve_read_begin(x->worker, &reading))) {
        if (attempt != NULL) {
            arena_free(attempt->arena);
        }
        return;
    }
    bool wanted = is_monitored(reading, attempt);
    serve_read_end(reading);
    struct serve_worker *worker = x->worker;
    if (!wanted || is_error(serve_run_job(worker, plan_attempt, attempt_planned, attempt))) {
        arena_free(attempt->arena);
    }
}
