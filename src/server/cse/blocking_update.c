/* SPDX-License-Identifier: Apache-2.0
 * An UPDATE that a subscription guards waits for the word of its target; others to the same
 * resource wait for it. TS-0004 7.5.1.2.19, 7.3.2.9; TS-0001 10.2.10.7. */
#include "server/cse/cse_effects_int.h"

struct waiter {
    struct exchange *x;
    struct waiter *next;
};
/* One resource that is being asked about. */
struct block {
    struct waiter *first, *last;
};
struct cse_blocked {
    struct map *by_ri;
};
/* An UPDATE whose guard is being asked; in the exchange's arena. */
struct guarded {
    struct exchange *x;
    struct cse_delivery delivery;
};

#define BLOCKED_MAX ((size_t)1 << 20)

struct cse_blocked *cse_blocked_new(void)
{
    struct cse_blocked *blocked = mem_alloc(sizeof(*blocked));
    if (blocked == NULL) {
        return NULL;
    }
    blocked->by_ri = map_new(BLOCKED_MAX);
    if (blocked->by_ri == NULL) {
        mem_free(blocked);
        return NULL;
    }
    return blocked;
}

/* PENDING: somebody blocks the target, x waits for him. OK: nobody does; with take, x now does. */
static status enter(struct cse_effects *effects, struct exchange *x, bool take)
{
    struct waiter *waiter = ARENA_NEW(x->arena, struct waiter);
    ENSURE(waiter != NULL, NO_MEMORY, "blocked update");
    waiter->x = x;
    status result = OK;
    sys_mutex_lock(effects->mutex);
    struct block *block = map_get(effects->blocked->by_ri, x->target.row.ri);
    if (block != NULL) {
        if (block->last == NULL) {
            block->first = waiter;
        } else {
            block->last->next = waiter;
        }
        block->last = waiter;
        result = ERROR(PENDING);
    } else if (take) {
        block = mem_alloc(sizeof(*block));
        result = block != NULL ? map_put(effects->blocked->by_ri, x->target.row.ri, block)
                               : ERROR(NO_MEMORY);
        if (is_error(result)) {
            mem_free(block);
        }
    }
    sys_mutex_unlock(effects->mutex);
    return result;
}

static void go_on(void *user);

/* Resumes whoever waited; each on its own loop. */
static void let_go(struct block *block)
{
    struct waiter *waiter = block != NULL ? block->first : NULL;
    while (waiter != NULL) {
        struct waiter *next = waiter->next; /* its exchange may end on another loop at once */
        struct sys_loop *loop = serve_worker_loop(waiter->x->worker);
        must(is_ok(loop->post(loop, go_on, waiter->x)));
        waiter = next;
    }
    mem_free(block);
}

/* Takes the block of a resource away, with those who wait. */
static struct block *detach(struct cse_effects *effects, struct bytes ri)
{
    if (effects == NULL) {
        return NULL; /* the server has stopped */
    }
    sys_mutex_lock(effects->mutex);
    struct block *block = map_remove(effects->blocked->by_ri, ri);
    sys_mutex_unlock(effects->mutex);
    return block;
}

static void let_one_go(void *user, struct bytes key, void *value)
{
    struct cse_blocked *blocked = user;
    map_remove(blocked->by_ri, key);
    let_go(value);
}

void cse_blocked_free(struct cse_blocked *blocked)
{
    if (blocked != NULL) {
        map_each(blocked->by_ri, let_one_go, blocked);
        map_free(blocked->by_ri);
        mem_free(blocked);
    }
}

/* ---- asking ---- */

static status verdict(const struct cse_delivery *delivery)
{
    uint16_t rsc = delivery->response.rsc;
    if (is_error(delivery->transport) || rsc == status_rsc(ERROR(TARGET_NOT_REACHABLE)) ||
        rsc == status_rsc(ERROR(REQUEST_TIMEOUT))) {
        FAIL(REMOTE_ENTITY_NOT_REACHABLE, "%.*s was not reached", BYTES_FMT(delivery->target));
    }
    ENSURE(rsc / 1000 == 2, OPERATION_DENIED_BY_REMOTE_ENTITY, "%.*s says %u",
           BYTES_FMT(delivery->target), (unsigned)rsc);
    return OK;
}

static void answered(struct cse_delivery *delivery)
{
    struct guarded *guarded = delivery->user;
    struct exchange *x = guarded->x;
    struct block *block = detach(cse_effects_of(x->serve), x->target.row.ri);
    serve_resume(x, verdict(delivery));
    let_go(block); /* the update is with the writer: what waited comes after it */
}

static status ask(struct exchange *x, const struct serve_resource *guard,
                  const struct cse_event *event)
{
    struct wire_value *notification;
    struct guarded *guarded = ARENA_NEW(x->arena, struct guarded);
    ENSURE(guarded != NULL, NO_MEMORY, "blocking update");
    TRY(cse_notification_build(x, guard, event, &notification));
    struct wire_value *content = cse_wrap(x->arena, "m2m:sgn", notification);
    const struct wire_value *targets = type_get(guard->attributes, ATTR_NOTIFICATION_URI);
    ENSURE(content != NULL && targets != NULL && targets->first != NULL, NO_MEMORY,
           "blocking update");
    int64_t longest =
        (int64_t)serve_config_get(x->serve)->limits.notification_timeout_ms * USEC_PER_MSEC;
    int64_t left = x->deadline - serve_now(x->worker);
    guarded->x = x;
    guarded->delivery = (struct cse_delivery){
        .arena = x->arena,
        .target = wire_get_string(targets->first),
        .timeout = left < longest ? left : longest,
        .done = answered,
        .user = guarded,
    };
    cse_delivery_notify(&guarded->delivery, x->worker, content);
    status entered = enter(cse_effects_of(x->serve), x, true);
    if (is_error(entered)) {
        return entered;
    }
    cse_notify_deliver(x->worker, &guarded->delivery);
    return ERROR(PENDING);
}

/* The subscription that guards this UPDATE is asked; OK when there is none. */
static status ask_guard(struct exchange *x)
{
    struct cse_children subscriptions;
    struct cse_event event = {
        .type = CSE_BLOCKING_UPDATE, .subject = &x->target, .modified = x->representation};
    TRY(cse_children_read(x, x->target.row.id, TYPE_SUBSCRIPTION, 0, &subscriptions));
    for (size_t i = 0; i < subscriptions.count; i++) {
        const struct wire_value *enc =
            type_get(subscriptions.items[i].attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
        if (cse_criteria_match(enc, &event)) {
            return ask(x, &subscriptions.items[i], &event);
        }
    }
    return OK;
}

static status try_again(struct exchange *x)
{
    struct cse_effects *effects = cse_effects_of(x->serve);
    if (effects == NULL) {
        return OK; /* the server stops */
    }
    TRY(enter(effects, x, false));
    if (x->call->request.operation != PRIM_UPDATE) {
        return OK;
    }
    struct serve_resource target;
    TRY(serve_resource_find(x, x->target.row.ri, &target));
    x->target = target;
    return ask_guard(x);
}

/* Whom x waited for is through. */
static void go_on(void *user)
{
    struct exchange *x = user;
    struct exchange *reading;
    status result = serve_read_begin(x->worker, &reading);
    if (is_ok(result)) {
        result = try_again(x);
        serve_read_end(reading);
    }
    if (!status_is(result, STATUS_PENDING)) {
        serve_resume(x, result);
    }
}

status cse_verify(struct exchange *x)
{
    enum prim_operation operation = x->call->request.operation;
    struct cse_effects *effects = cse_effects_of(x->serve);
    if (x->who.internal || effects == NULL ||
        (operation != PRIM_UPDATE && operation != PRIM_DELETE)) {
        return OK;
    }
    TRY(enter(effects, x, false));
    return operation == PRIM_UPDATE ? ask_guard(x) : OK;
}
