/* SPDX-License-Identifier: Apache-2.0
 * What a change sets off: the events of an exchange become notifications in the outbox, in the
 * same transaction. TS-0004 7.2.2.2 Recv-6.6, 7.5.1.2.2, 7.5.1.2.4.
 *
 * For a deleted resource its subscriptions are gone from the store; they stand among the events. */
#include "server/cse/cse_effects_int.h"

/* ---- one event, one subscription ---- */

static status notify(struct exchange *x, const struct serve_resource *subscription,
                     const struct cse_event *event)
{
    struct wire_value *notification;
    TRY(cse_notification_build(x, subscription, event, &notification));
    return cse_notification_post(x, subscription, notification);
}

/* ---- what the subscriber may hear ---- */

/* Whether who made the subscription may retrieve a resource as things are now. What this rests on
 * may have gone with a deletion: then nothing grants it. */
static status may_retrieve(struct exchange *x, const struct serve_resource *subscription,
                           struct serve_resource *resource, bool *ret_may)
{
    struct authz_decision decision = x->decision;
    struct bytes policy = x->deciding_policy;
    const char *stage = x->deciding_stage;
    struct auth_context who = {.claimed = subscription->row.originator,
                               .absolute = subscription->row.originator};
    status allowed = serve_authorize(x, &who, resource, TYPE_OP_RETRIEVE, 0);
    x->decision = decision;
    x->deciding_policy = policy;
    x->deciding_stage = stage;
    *ret_may = is_ok(allowed);
    bool denied = status_is(allowed, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE) ||
                  status_is(allowed, STATUS_NOT_FOUND);
    return denied ? OK : allowed;
}

/* A subscription rests on the right to retrieve what it watches (TS-0001 9.6.8): without it nothing
 * is told any longer. A child that the subscriber may not see, and what has been deleted together
 * with its policies, is named but not shown. */
static status what_is_told(struct exchange *x, const struct serve_resource *subscription,
                           struct cse_event *event, bool *ret_told)
{
    bool may = false;
    TRY(may_retrieve(x, subscription, event->subject, &may));
    event->is_reference = !may;
    *ret_told = may || event->type == CSE_DELETE;
    if (event->type == CSE_CHILD_CREATE || event->type == CSE_CHILD_DELETE) {
        struct serve_resource parent;
        TRY(serve_resource_parent(x, event->subject, &parent));
        TRY(may_retrieve(x, subscription, &parent, ret_told));
    }
    return OK;
}

static status consider(struct exchange *x, const struct serve_resource *subscription,
                       const struct cse_event *event)
{
    const struct wire_value *enc =
        type_get(subscription->attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    if (event->operation != 0 && !cse_criteria_monitors(x, enc, event->operation, &x->who)) {
        return OK;
    }
    if (!cse_criteria_match(enc, event)) {
        return OK;
    }
    struct cse_event told = *event;
    bool is_told = false;
    TRY(what_is_told(x, subscription, &told, &is_told));
    return is_told ? notify(x, subscription, &told) : OK;
}

status cse_plan_event(struct exchange *x, int64_t parent_id, const struct cse_event *event)
{
    struct cse_children subscriptions;
    bool listens;
    TRY(serve_has_child(x, parent_id, TYPE_SUBSCRIPTION, &listens));
    if (!listens) {
        return OK;
    }
    TRY(cse_children_read(x, parent_id, TYPE_SUBSCRIPTION, 0, &subscriptions));
    struct wire_value *whole = NULL;
    struct cse_event one = *event;
    one.whole = &whole;
    for (size_t i = 0; i < subscriptions.count; i++) {
        int64_t id = subscriptions.items[i].row.id;
        bool is_itself = id == event->subject->row.id || id == x->created.row.id;
        if (!is_itself) { /* a subscription does not tell of its own creation */
            TRY(consider(x, &subscriptions.items[i], &one));
        }
    }
    return OK;
}

/* ---- operation monitors: the operation that succeeded here ---- */

static struct cse_event monitored(struct exchange *x, struct serve_resource *subject)
{
    return (struct cse_event){
        .subject = subject,
        .operation = (uint32_t)x->call->request.operation,
        .originator = x->who.claimed,
    };
}

static bool may_be_monitored(struct exchange *x)
{
    return x->call != NULL && !x->who.internal && cse_has_monitors(cse_effects_of(x->serve));
}

/* ---- deletion ---- */

struct deletion {
    struct map *gone; /* by row id: events of resources deleted in this exchange; NULL: none */
};

static struct bytes id_key(const int64_t *id)
{
    return bytes_of(id, sizeof(*id));
}

static struct serve_event *gone(const struct deletion *deletion, int64_t id)
{
    return deletion->gone != NULL ? map_get(deletion->gone, id_key(&id)) : NULL;
}

static status list_gone(struct exchange *x, struct deletion *deletion)
{
    for (struct serve_event *event = x->events; event != NULL; event = event->next) {
        if (event->kind != SERVE_RESOURCE_DELETED) {
            continue;
        }
        if (deletion->gone == NULL) {
            deletion->gone = map_new(SIZE_MAX);
            ENSURE(deletion->gone != NULL, NO_MEMORY, "effects");
        }
        TRY(map_put(deletion->gone, id_key(&event->resource.row.id), event));
    }
    return OK;
}

/* su and the cross-resource subscriptions hear that it has ended (7.5.1.2.4). */
static status tell_end(struct exchange *x, const struct serve_resource *subscription)
{
    struct bytes ri = subscription->row.ri;
    struct cse_letter letter = {.content = cse_deletion_notice(x, ri), .due = x->now};
    struct bytes subscriber = type_get_string(subscription->attributes, ATTR_SUBSCRIBER_URI);
    if (subscriber.len > 0) {
        letter.target = subscriber;
        letter.queue = arena_printf(x->arena, "end %.*s", BYTES_FMT(ri));
        TRY(cse_letter_post(x, &letter));
    }
    WIRE_FOR_EACH (cross, type_get(subscription->attributes, ATTR_ASSOCIATED_CROSS_RESOURCE_SUB)) {
        letter.target = wire_get_string(cross);
        letter.queue =
            arena_printf(x->arena, "end %.*s %.*s", BYTES_FMT(ri), BYTES_FMT(letter.target));
        TRY(cse_letter_post(x, &letter));
    }
    return OK;
}

static status subscription_deleted(struct exchange *x, const struct deletion *deletion,
                                   struct serve_event *event)
{
    struct serve_resource *subscription = &event->resource;
    TRY(serve_resource_read(x, subscription));
    struct serve_event *parent = gone(deletion, subscription->row.parent_id);
    if (parent != NULL) {
        struct cse_event happened = {.type = CSE_DELETE, .subject = &parent->resource};
        TRY(consider(x, subscription, &happened));
        struct wire_value *pending;
        struct bytes name = cse_state_name(x, "sub", subscription->row.ri);
        TRY(cse_batch_take(x, name, &pending)); /* cannot be collected any longer */
        if (pending->count > 0) {
            TRY(cse_notification_enqueue(x, subscription, cse_aggregate(x->arena, pending)));
        }
        if (may_be_monitored(x) && parent->resource.row.id == x->target.row.id) {
            struct cse_event attempt = monitored(x, &parent->resource);
            TRY(consider(x, subscription, &attempt));
        }
        struct wire_value *nothing = wire_object(x->arena);
        ENSURE(nothing != NULL, NO_MEMORY, "record");
        TRY(cse_state_save(x, name, nothing));
    }
    return tell_end(x, subscription);
}

static status resource_deleted(struct exchange *x, const struct deletion *deletion,
                               struct serve_event *event)
{
    if (event->silent) {
        return OK;
    }
    if (event->resource.row.type == TYPE_SUBSCRIPTION) {
        TRY(subscription_deleted(x, deletion, event));
    }
    int64_t parent_id = event->parent.row.id;
    if (parent_id == 0 || gone(deletion, parent_id) != NULL) {
        return OK; /* nobody is left who could have asked */
    }
    struct cse_event happened = {.type = CSE_CHILD_DELETE, .subject = &event->resource};
    return cse_plan_event(x, parent_id, &happened);
}

/* ---- all of an exchange ---- */

static status plan_one(struct exchange *x, const struct deletion *deletion,
                       struct serve_event *event)
{
    struct cse_event happened = {.subject = &event->resource, .modified = event->modified};
    switch (event->kind) {
    case SERVE_RESOURCE_CREATED:
        happened.type = CSE_CHILD_CREATE;
        return event->silent ? OK : cse_plan_event(x, event->parent.row.id, &happened);
    case SERVE_RESOURCE_UPDATED:
        happened.type = CSE_UPDATE;
        return event->silent ? OK : cse_plan_event(x, event->resource.row.id, &happened);
    case SERVE_RESOURCE_DELETED:
        return resource_deleted(x, deletion, event);
    case SERVE_RESOURCE_RETRIEVED:
        happened.type = CSE_RETRIEVE_MISSING;
        return cse_plan_event(x, event->resource.row.id, &happened);
    }
    return OK;
}

static status plan_all(struct exchange *x, const struct deletion *deletion)
{
    for (struct serve_event *event = x->events; event != NULL; event = event->next) {
        TRY(plan_one(x, deletion, event));
    }
    if (may_be_monitored(x) && x->target.row.id != 0 && x->rsc != 0 &&
        x->call->request.operation != PRIM_RETRIEVE && gone(deletion, x->target.row.id) == NULL) {
        struct cse_event attempt = monitored(x, &x->target);
        TRY(cse_plan_event(x, x->target.row.id, &attempt));
    }
    return OK;
}

status cse_plan_effects(struct exchange *x)
{
    struct deletion deletion = {.gone = NULL};
    status planned = list_gone(x, &deletion);
    if (is_ok(planned)) {
        planned = plan_all(x, &deletion);
    }
    map_free(deletion.gone);
    if (!x->planned) {
        x->events = NULL; /* nobody wanted to know: the sender need not look */
        x->last_event = NULL;
    }
    return planned;
}
