/* SPDX-License-Identifier: Apache-2.0
 * <subscription>: which ones may exist, and what happens to what it collected when it changes.
 * TS-0004 7.4.8, TS-0001 9.6.8, 10.2.10.2 to 10.2.10.5. */
#include "server/cse/cse_effects_int.h"

/* ---- notification content types, TS-0001 Table 9.6.8-4 ---- */

struct content_rule {
    enum cse_event_type event;
    uint8_t first_allowed; /* the default */
    uint8_t allowed;       /* bits 1 << nct */
};
#define NCT(n) (1u << (n))
static const struct content_rule content_rules[] = {
    {CSE_UPDATE, 1, NCT(1) | NCT(2) | NCT(3)},  {CSE_DELETE, 1, NCT(1) | NCT(3)},
    {CSE_CHILD_CREATE, 1, NCT(1) | NCT(3)},     {CSE_CHILD_DELETE, 1, NCT(1) | NCT(3)},
    {CSE_RETRIEVE_MISSING, 1, NCT(1) | NCT(3)}, {CSE_TRIGGER, 4, NCT(4)},
    {CSE_BLOCKING_UPDATE, 2, NCT(2)},           {CSE_MISSING_DATA, 5, NCT(5)},
};

/* The default is that of the first event type in the table which enc names. */
static int64_t default_content_type(const struct wire_value *enc)
{
    for (size_t i = 0; i < ARRAY_LEN(content_rules); i++) {
        if (cse_criteria_names(enc, content_rules[i].event)) {
            return content_rules[i].first_allowed;
        }
    }
    return 1; /* operationMonitor alone */
}

static status check_content_type(const struct wire_value *attributes)
{
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    int64_t nct =
        type_get_int(attributes, ATTR_NOTIFICATION_CONTENT_TYPE, default_content_type(enc));
    ENSURE(nct >= 1 && nct <= 5, BAD_REQUEST, "notification content type %d", (int)nct);
    for (size_t i = 0; i < ARRAY_LEN(content_rules); i++) {
        if (cse_criteria_names(enc, content_rules[i].event)) {
            ENSURE((content_rules[i].allowed & NCT(nct)) != 0, BAD_REQUEST,
                   "notification content type %d with event type %d", (int)nct,
                   (int)content_rules[i].event);
        }
    }
    ENSURE(!cse_criteria_has_monitor(enc) || nct <= 3, BAD_REQUEST,
           "notification content type %d with an operation monitor", (int)nct);
    return OK;
}

/* ---- event criteria ---- */

static status check_child_types(const struct wire_value *enc, const struct type_resource *parent)
{
    const struct wire_value *types = wire_get(enc, BYTES("chty"));
    WIRE_FOR_EACH (item, types) {
        int64_t number = wire_get_int(item, -1);
        ENSURE(number > 0 && number <= UINT32_MAX &&
                   type_find_child(parent, (uint32_t)number) != NULL,
               BAD_REQUEST, "child type %d below %s", (int)number, parent->name);
    }
    return OK;
}

/* Event types that need a parent of a certain type, or to stand alone. */
static status check_event_types(const struct wire_value *enc, const struct type_resource *parent)
{
    const struct wire_value *net = wire_get(enc, BYTES("net"));
    uint32_t count = wire_is(net, WIRE_ARRAY) ? net->count : net != NULL ? 1 : 0;
    ENSURE(net == NULL || count > 0, BAD_REQUEST, "empty list of event types");
    bool blocks = cse_criteria_names(enc, CSE_BLOCKING_UPDATE);
    bool misses = cse_criteria_names(enc, CSE_MISSING_DATA);
    ENSURE((!blocks && !misses) || count == 1, BAD_REQUEST, "event types 7 and 8 stand alone");
    ENSURE(!cse_criteria_names(enc, CSE_RETRIEVE_MISSING) || parent->number == TYPE_CONTAINER,
           BAD_REQUEST, "event type 5 below %s", parent->name);
    ENSURE(!cse_criteria_names(enc, CSE_TRIGGER) || parent->number == TYPE_AE, BAD_REQUEST,
           "event type 6 below %s", parent->name);
    bool has_data = wire_get(enc, BYTES("md")) != NULL;
    ENSURE(!misses || has_data, BAD_REQUEST, "event type 8 without missingData");
    ENSURE((!misses && !has_data) || parent->number == TYPE_TIME_SERIES, BAD_REQUEST,
           "missingData below %s", parent->name);
    ENSURE(net == NULL || !cse_criteria_has_monitor(enc), BAD_REQUEST,
           "event types and an operation monitor");
    return OK;
}

static status check_monitors(const struct wire_value *enc)
{
    WIRE_FOR_EACH (monitor, wire_get(enc, BYTES("om"))) {
        ENSURE(wire_is(monitor, WIRE_OBJECT) && monitor->count > 0, BAD_REQUEST,
               "empty operation monitor");
    }
    return OK;
}

static bool is_number_for(const struct wire_value *value, bool is_time)
{
    int64_t usec;
    return is_time ? wire_is(value, WIRE_STRING) && is_ok(timestamp_parse(value->string, &usec))
                   : wire_is(value, WIRE_INT) && value->integer >= 0;
}

static status check_criteria(const struct wire_value *enc, const struct type_resource *parent)
{
    static const char *const times[] = {"crb", "cra", "ms", "us", "exb", "exa"};
    static const char *const counts[] = {"sts", "stb", "sza", "szb"};
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        const struct wire_value *value = wire_get(enc, bytes_str(times[i]));
        ENSURE(value == NULL || is_number_for(value, true), BAD_REQUEST, "%s", times[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        const struct wire_value *value = wire_get(enc, bytes_str(counts[i]));
        ENSURE(value == NULL || is_number_for(value, false), BAD_REQUEST, "%s", counts[i]);
    }
    int64_t fo = wire_get_int(wire_get(enc, BYTES("fo")), 1);
    ENSURE(fo == 1 || fo == 2, BAD_REQUEST, "filter operation %d", (int)fo);
    ENSURE(wire_get(enc, BYTES("aq")) == NULL, NOT_IMPLEMENTED, "advanced query");
    TRY(check_event_types(enc, parent));
    TRY(check_monitors(enc));
    return check_child_types(enc, parent);
}

/* ---- blocking update: what such a subscription may carry (7.4.8.2.1) ---- */

static status check_blocking(const struct wire_value *attributes)
{
    static const enum type_attr_id foreign[] = {
        ATTR_EXPIRATION_COUNTER,
        ATTR_GROUP_ID,
        ATTR_NOTIFICATION_FORWARDING_URI,
        ATTR_BATCH_NOTIFY,
        ATTR_RATE_LIMIT,
        ATTR_PENDING_NOTIFICATION,
        ATTR_NOTIFICATION_STORAGE_PRIORITY,
        ATTR_LATEST_NOTIFY,
        ATTR_NOTIFICATION_EVENT_CAT,
        ATTR_SUBSCRIBER_URI,
        ATTR_ASSOCIATED_CROSS_RESOURCE_SUB,
        ATTR_PRE_SUBSCRIPTION_NOTIFY,
    };
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    if (!cse_criteria_names(enc, CSE_BLOCKING_UPDATE)) {
        return OK;
    }
    for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
        ENSURE(type_get(attributes, foreign[i]) == NULL, BAD_REQUEST, "%.*s with a blocking update",
               BYTES_FMT(type_attr_long(foreign[i])));
    }
    WIRE_FOR_EACH (tag, enc) {
        ENSURE(bytes_is(tag->name, "net") || bytes_is(tag->name, "atr"), BAD_REQUEST,
               "%.*s with a blocking update", BYTES_FMT(tag->name));
    }
    const struct wire_value *targets = type_get(attributes, ATTR_NOTIFICATION_URI);
    ENSURE(targets != NULL && targets->count == 1, BAD_REQUEST, "a blocking update has one target");
    struct cse_target target;
    TRY(cse_target_parse(wire_get_string(targets->first), &target));
    ENSURE(!target.is_url, BAD_REQUEST, "the target of a blocking update is a URL");
    return OK;
}

/* Whether the target may itself update what it guards. */
static status check_blocking_right(struct exchange *x, const struct wire_value *attributes)
{
    const struct wire_value *targets = type_get(attributes, ATTR_NOTIFICATION_URI);
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    struct cse_target target;
    TRY(cse_target_parse(wire_get_string(targets->first), &target));
    struct auth_context who = {.claimed = target.uri};
    struct serve_resource entity;
    if (is_ok(serve_resource_find(x, target.uri, &entity)) && entity.row.type == TYPE_AE) {
        TRY(serve_resource_read(x, &entity));
        who.claimed = type_get_string(entity.attributes, ATTR_AE_ID);
    }
    ENSURE(is_ok(prim_id_canonical(who.claimed, self, x->arena, &who.kind, &who.absolute)),
           BAD_REQUEST, "the target of a blocking update is no entity");
    struct authz_decision decision = x->decision;
    TRY(serve_authorize(x, &who, &x->target, TYPE_OP_UPDATE, 0));
    x->decision = decision;
    return OK;
}

/* The only one of its kind below the parent; its target may update the parent (TS-0001 10.2.10.2).
 */
static status check_blocking_place(struct exchange *x, const struct wire_value *attributes)
{
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    if (!cse_criteria_names(enc, CSE_BLOCKING_UPDATE)) {
        return OK;
    }
    ENSURE(type_get(attributes, ATTR_NOTIFICATION_CONTENT_TYPE) == NULL, BAD_REQUEST,
           "notificationContentType with a blocking update");
    struct cse_children others;
    TRY(cse_children_read(x, x->target.row.id, TYPE_SUBSCRIPTION, 0, &others));
    for (size_t i = 0; i < others.count; i++) {
        enc = type_get(others.items[i].attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
        ENSURE(!cse_criteria_names(enc, CSE_BLOCKING_UPDATE), BLOCKING_SUBSCRIPTION_ALREADY_EXISTS,
               "%.*s", BYTES_FMT(others.items[i].row.ri));
    }
    return x->in_job ? OK : check_blocking_right(x, attributes);
}

/* ---- targets and policies ---- */

static status check_targets(struct exchange *x, const struct wire_value *attributes)
{
    const struct wire_value *targets = type_get(attributes, ATTR_NOTIFICATION_URI);
    uint64_t limit = serve_config_get(x->serve)->limits.notification_targets;
    ENSURE(wire_is(targets, WIRE_ARRAY) && targets->count > 0, BAD_REQUEST,
           "no notification target");
    ENSURE(targets->count <= limit, BAD_REQUEST, "more than %u notification targets",
           (unsigned)limit);
    WIRE_FOR_EACH (target, targets) {
        TRY(cse_target_check(x, wire_get_string(target)));
        for (const struct wire_value *other = target->next; other != NULL; other = other->next) {
            ENSURE(!bytes_equal(wire_get_string(target), wire_get_string(other)), BAD_REQUEST,
                   "a notification target stands twice");
        }
    }
    struct bytes subscriber = type_get_string(attributes, ATTR_SUBSCRIBER_URI);
    if (subscriber.ptr != NULL) {
        TRY(cse_target_check(x, subscriber));
    }
    const struct wire_value *cross = type_get(attributes, ATTR_ASSOCIATED_CROSS_RESOURCE_SUB);
    ENSURE(cross == NULL || cross->count <= limit, BAD_REQUEST,
           "more than %u cross-resource subscriptions", (unsigned)limit);
    WIRE_FOR_EACH (item, cross) {
        TRY(cse_target_check(x, wire_get_string(item)));
    }
    return OK;
}

/* Whom the request names besides nu is notified too: by the right to notify alone. */
static status check_rights(struct exchange *x, const struct wire_value *requested)
{
    struct bytes subscriber = type_get_string(requested, ATTR_SUBSCRIBER_URI);
    if (x->in_job) {
        return OK;
    }
    if (subscriber.ptr != NULL) {
        TRY(cse_may_notify(x, &x->who, subscriber));
    }
    WIRE_FOR_EACH (item, type_get(requested, ATTR_ASSOCIATED_CROSS_RESOURCE_SUB)) {
        TRY(cse_may_notify(x, &x->who, wire_get_string(item)));
    }
    return OK;
}

static status check_policies(const struct wire_value *attributes)
{
    const struct wire_value *batch = type_get(attributes, ATTR_BATCH_NOTIFY);
    if (batch != NULL) {
        struct cse_batch_policy policy;
        TRY(cse_batch_policy_read(batch, &policy));
    }
    const struct wire_value *rate = type_get(attributes, ATTR_RATE_LIMIT);
    if (rate != NULL) {
        int64_t window;
        struct bytes text = wire_get_string(wire_get(rate, BYTES("tww")));
        ENSURE(wire_get_int(wire_get(rate, BYTES("mnn")), -1) >= 0 &&
                   is_ok(duration_parse(text, &window)) && window >= 0,
               BAD_REQUEST, "rate limit");
    }
    ENSURE(type_get(attributes, ATTR_PRE_SUBSCRIPTION_NOTIFY) == NULL, NOT_IMPLEMENTED,
           "preSubscriptionNotify"); /* 7.5.1.2.2 NOTE */
    return OK;
}

static status check_all(struct exchange *x, const struct wire_value *attributes,
                        const struct type_resource *parent)
{
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    TRY(check_criteria(enc, parent));
    TRY(check_blocking(attributes));
    TRY(check_targets(x, attributes));
    TRY(check_policies(attributes));
    return check_content_type(attributes);
}

struct counting {
    uint64_t count;
};

static bool count_one(void *user, const struct store_row *row)
{
    (void)row;
    struct counting *counting = user;
    counting->count += 1;
    return true;
}

static status check_create(struct exchange *x)
{
    if (!x->in_job) { /* Recv-6.3, 7.4.8.2.1; the audit record keeps the decision on CREATE */
        struct authz_decision decision = x->decision;
        TRY(serve_authorize(x, &x->who, &x->target, TYPE_OP_RETRIEVE, 0));
        x->decision = decision;
    }
    uint64_t limit = serve_config_get(x->serve)->limits.subscriptions;
    struct counting counting = {0};
    struct store_children query = {
        .parent_id = x->target.row.id, .type = TYPE_SUBSCRIPTION, .limit = limit};
    TRY(store_each_child(x->view, &query, count_one, &counting));
    ENSURE(counting.count < limit, LIMIT, "%u subscriptions", (unsigned)counting.count);
    TRY(check_all(x, x->representation, x->target.type));
    TRY(check_rights(x, x->representation));
    return check_blocking_place(x, x->representation);
}

static status check_update(struct exchange *x)
{
    const struct wire_value *enc = type_get(x->representation, ATTR_EVENT_NOTIFICATION_CRITERIA);
    ENSURE(!cse_criteria_names(enc, CSE_BLOCKING_UPDATE), BAD_REQUEST,
           "no subscription becomes a blocking one");
    struct serve_resource parent;
    TRY(serve_resource_read(x, &x->target));
    TRY(serve_resource_parent(x, &x->target, &parent));
    struct wire_value *merged = wire_dup(x->arena, x->target.attributes);
    ENSURE(merged != NULL, NO_MEMORY, "update");
    TRY(type_merge(merged, x->representation, x->arena));
    if (enc != NULL && type_get(x->representation, ATTR_NOTIFICATION_CONTENT_TYPE) == NULL &&
        is_error(check_content_type(merged))) {
        FAIL(BAD_REQUEST, "the stored notification content type does not go with the new criteria");
    }
    TRY(check_all(x, merged, parent.type));
    return check_rights(x, x->representation);
}

/* ---- writer ---- */

static status note_monitor(struct exchange *x, const struct wire_value *attributes)
{
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    struct cse_effects *effects = cse_effects_of(x->serve);
    if (!cse_criteria_has_monitor(enc) || effects == NULL || cse_has_monitors(effects)) {
        return OK;
    }
    TRY(store_value_put(x->view, BYTES("cse/monitors"), BYTES("1")));
    cse_set_monitors(effects);
    return OK;
}

static status complete_batch(struct exchange *x, struct wire_value *attributes)
{
    struct wire_value *batch = type_get(attributes, ATTR_BATCH_NOTIFY);
    if (!wire_is(batch, WIRE_OBJECT) || wire_get(batch, BYTES("dur")) != NULL) {
        return OK;
    }
    ENSURE(wire_add(batch, BYTES("dur"), wire_string(x->arena, BYTES(CSE_BATCH_DURATION))) != NULL,
           NO_MEMORY, "batchNotify");
    return OK;
}

static status on_create(struct exchange *x)
{
    struct wire_value *attributes = x->representation;
    const struct wire_value *enc = type_get(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA);
    const struct wire_value *asked = wire_only_member(x->call->request.content);
    if (!wire_is(type_get(asked, ATTR_NOTIFICATION_CONTENT_TYPE), WIRE_INT)) {
        struct wire_value *nct = wire_int(x->arena, default_content_type(enc));
        ENSURE(nct != NULL && type_set(attributes, ATTR_NOTIFICATION_CONTENT_TYPE, nct) != NULL,
               NO_MEMORY, "notification content type");
    }
    bool foreign = false;
    WIRE_FOR_EACH (target, type_get(attributes, ATTR_NOTIFICATION_URI)) {
        struct cse_target parsed;
        TRY(cse_target_parse(wire_get_string(target), &parsed));
        foreign = foreign || parsed.is_url || !cse_id_is(x, parsed.uri, &x->who);
    }
    if (foreign) {
        struct wire_value *creator = wire_string(x->arena, x->who.claimed);
        ENSURE(creator != NULL && type_set(attributes, ATTR_CREATOR, creator) != NULL, NO_MEMORY,
               "creator");
    }
    TRY(complete_batch(x, attributes));
    x->assigned_ri = cse_verified_identifier(x);
    return note_monitor(x, attributes);
}

static status on_update(struct exchange *x)
{
    TRY(complete_batch(x, x->representation));
    return note_monitor(x, x->representation);
}

/* Targets that were taken out get nothing more, and those in acrs hear of it. */
static status drop_removed(struct exchange *x, enum type_attr_id list, bool tell)
{
    const struct wire_value *now = type_get(x->target.attributes, list);
    struct bytes ri = x->target.row.ri;
    WIRE_FOR_EACH (old, type_get(x->before, list)) {
        bool kept = false;
        WIRE_FOR_EACH (item, now) {
            kept = kept || bytes_equal(wire_get_string(item), wire_get_string(old));
        }
        if (kept) {
            continue;
        }
        struct bytes queue = cse_queue_name(x, ri, wire_get_string(old));
        ENSURE(queue.ptr != NULL, NO_MEMORY, "queue");
        if (tell) {
            struct cse_letter letter = {.queue = queue,
                                        .target = wire_get_string(old),
                                        .content = cse_deletion_notice(x, ri),
                                        .due = x->now};
            TRY(cse_letter_post(x, &letter));
        } else {
            TRY(store_outbox_remove_queue(x->view, queue));
        }
    }
    return OK;
}

/* ln set: only the newest of what waits stays (TS-0001 10.2.10.4). */
static status keep_newest(struct exchange *x)
{
    if (!type_get_bool(x->representation, ATTR_LATEST_NOTIFY, false)) {
        return OK;
    }
    WIRE_FOR_EACH (target, type_get(x->target.attributes, ATTR_NOTIFICATION_URI)) {
        struct bytes queue = cse_queue_name(x, x->target.row.ri, wire_get_string(target));
        uint64_t waiting;
        ENSURE(queue.ptr != NULL, NO_MEMORY, "queue");
        TRY(store_outbox_count(x->view, queue, &waiting));
        for (; waiting > 1; waiting--) {
            TRY(store_outbox_drop_oldest(x->view, queue));
        }
    }
    return OK;
}

static status updated(struct exchange *x)
{
    TRY(drop_removed(x, ATTR_NOTIFICATION_URI, false));
    TRY(drop_removed(x, ATTR_ASSOCIATED_CROSS_RESOURCE_SUB, true));
    TRY(keep_newest(x));
    if (type_get(x->before, ATTR_BATCH_NOTIFY) == NULL ||
        type_get(x->representation, ATTR_BATCH_NOTIFY) == NULL) {
        return OK;
    }
    struct bytes name = cse_state_name(x, "sub", x->target.row.ri);
    return cse_subscription_flush(x, name, x->target.row.ri); /* collected under the old terms */
}

static status on_delete(struct exchange *x, struct serve_resource *subscription)
{
    struct wire_value *pending;
    struct bytes ri = subscription->row.ri;
    struct bytes name = cse_state_name(x, "sub", ri);
    TRY(serve_resource_read(x, subscription));
    if (x->hook_state != (const void *)&cse_ended_by_counter) { /* else what was counted leaves */
        TRY(cse_subscription_forget(x, ri,
                                    type_get(subscription->attributes, ATTR_NOTIFICATION_URI)));
    }
    TRY(cse_batch_take(x, name, &pending));
    struct wire_value *nothing = wire_object(x->arena);
    ENSURE(nothing != NULL, NO_MEMORY, "record");
    return cse_state_save(x, name, nothing);
}

const struct serve_ops cse_subscription_ops = {
    .type = TYPE_SUBSCRIPTION,
    .check_create = check_create,
    .check_update = check_update,
    .verify = cse_subscription_verify,
    .on_create = on_create,
    .on_update = on_update,
    .updated = updated,
    .on_delete = on_delete,
};
