/* SPDX-License-Identifier: Apache-2.0
 * From a notification object to messages in the outbox: the policies of the subscription.
 * TS-0004 7.5.1.2.2 steps 2.2 to 5.0, TS-0001 10.2.10.7.
 *
 * Runs on the writer inside the transaction of the change. Each target of a subscription has its
 * own queue, so order is kept for it and a dead one does not hold up the others. */
#include "server/cse/cse_effects_int.h"

#define LATEST 4 /* TS-0004 6.3.3: event category "latest" */

/* Record of a subscription that counts: members beside those of its batch. */
#define PLANNED "planned"         /* number of the last notification put into the outbox */
#define SETTLED "settled"         /* number of the last one whose delivery is over */
#define WINDOW_START "rate-start" /* usec */
#define WINDOW_COUNT "rate-count" /* notifications planned since then */

const char cse_ended_by_counter = 0;

struct bytes cse_queue_name(const struct exchange *x, struct bytes ri, struct bytes target)
{
    return arena_printf(x->arena, "%.*s %.*s", BYTES_FMT(ri), BYTES_FMT(target));
}

static bool add_text(struct exchange *x, struct wire_value *body, const char *name,
                     struct bytes value)
{
    return value.len == 0 || wire_add(body, bytes_str(name), wire_string(x->arena, value)) != NULL;
}

static bool add_number(struct exchange *x, struct wire_value *body, const char *name,
                       uint64_t value)
{
    return value == 0 || wire_add(body, bytes_str(name), wire_uint(x->arena, value)) != NULL;
}

static status make_room(struct exchange *x, const struct cse_letter *letter)
{
    uint64_t limit = serve_config_get(x->serve)->limits.outbox_per_subscription;
    uint64_t waiting;
    TRY(store_outbox_count(x->view, letter->queue, &waiting));
    uint64_t keep = letter->latest_only ? 0 : limit == 0 ? 0 : limit - 1;
    for (; waiting > keep; waiting--) {
        TRY(store_outbox_drop_oldest(x->view, letter->queue));
    }
    return OK;
}

/* The same value under another parent: its members are shared, for it is only written out. */
static struct wire_value *shared(struct exchange *x, const struct wire_value *value)
{
    struct wire_value *node = ARENA_NEW(x->arena, struct wire_value);
    if (node != NULL) {
        *node = *value;
        node->next = NULL;
        node->name = BYTES_NONE;
    }
    return node;
}

/* One change writes no more than one request may use; who subscribed many targets to large
 * resources must neither fill the disk nor make the change fail. */
static bool has_postage(struct exchange *x, const struct cse_letter *letter, size_t octets)
{
    uint64_t most = serve_config_get(x->serve)->limits.arena_size;
    if (x->posted_octets + octets > most) {
        log_line(LOG_LEVEL_WARN, "notification", "too much for one change: nothing to %.*s",
                 BYTES_FMT(letter->target));
        x->posted_octets = (size_t)most + 1; /* nor to those after it */
        return false;
    }
    x->posted_octets += octets;
    return true;
}

status cse_letter_post(struct exchange *x, const struct cse_letter *letter)
{
    ENSURE(letter->queue.ptr != NULL && letter->content != NULL, NO_MEMORY, "notification");
    if (!has_postage(x, letter, 0)) {
        return OK; /* not even written out */
    }
    struct wire_value *body = wire_object(x->arena);
    bool good = add_text(x, body, "target", letter->target) &&
                add_text(x, body, "subscription", letter->subscription) &&
                add_number(x, body, "ec", letter->event_category) &&
                add_number(x, body, "number", letter->number) &&
                wire_add(body, BYTES("pc"), shared(x, letter->content)) != NULL;
    ENSURE(good, NO_MEMORY, "notification");
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, serve_config_get(x->serve)->limits.arena_size);
    wire_encode(WIRE_CBOR, body, &buf);
    TRY(buf_check(&buf));
    if (!has_postage(x, letter, buf.len)) {
        return OK;
    }
    TRY(make_room(x, letter));
    struct store_message message = {
        .queue = letter->queue, .due = letter->due, .body = buf_bytes(&buf)};
    int64_t id;
    x->planned = true;
    return store_outbox_add(x->view, &message, &id);
}

/* Rate limit: when this notification may leave. The windows follow each other; what does not fit
 * into one is spread over the next. false: never. */
static status rate_limit(struct exchange *x, const struct wire_value *rate,
                         struct wire_value *state, int64_t *ret_due)
{
    int64_t now = x->now;
    int64_t most = wire_get_int(wire_get(rate, BYTES("mnn")), 0);
    int64_t window = 0;
    TRY(duration_parse(wire_get_string(wire_get(rate, BYTES("tww"))), &window));
    if (window <= 0 || most <= 0) {
        *ret_due = now;
        return OK;
    }
    int64_t start = cse_state_int(state, WINDOW_START);
    int64_t count = cse_state_int(state, WINDOW_COUNT);
    if (start == 0) {
        start = now;
    }
    int64_t passed = now > start ? (now - start) / window : 0;
    int64_t drained = passed > count / most ? count : passed * most;
    start += passed * window;
    count -= drained < count ? drained : count;
    *ret_due = count < most ? now : start + count / most * window;
    TRY(cse_state_set(x, state, WINDOW_START, start));
    return cse_state_set(x, state, WINDOW_COUNT, count + 1);
}

/* What counters and windows say; ret_go false: this notification does not come to be. */
static status admit(struct exchange *x, const struct serve_resource *subscription,
                    struct cse_letter *letter, bool *ret_go)
{
    const struct wire_value *rate = type_get(subscription->attributes, ATTR_RATE_LIMIT);
    int64_t counter = type_get_int(subscription->attributes, ATTR_EXPIRATION_COUNTER, 0);
    *ret_go = true;
    if (rate == NULL && counter == 0) {
        return OK;
    }
    struct bytes name = cse_state_name(x, "sub", subscription->row.ri);
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    if (rate != NULL) {
        if (wire_get_int(wire_get(rate, BYTES("mnn")), 0) == 0) {
            *ret_go = false; /* none may ever leave */
            return OK;
        }
        TRY(rate_limit(x, rate, state, &letter->due));
    }
    if (counter > 0) {
        int64_t planned = cse_state_int(state, PLANNED);
        if (planned - cse_state_int(state, SETTLED) >= counter) {
            *ret_go = false; /* those under way will use the counter up */
            return OK;
        }
        letter->number = (uint64_t)planned + 1;
        letter->subscription = subscription->row.ri;
        TRY(cse_state_set(x, state, PLANNED, planned + 1));
    }
    return cse_state_save(x, name, state);
}

status cse_notification_enqueue(struct exchange *x, const struct serve_resource *subscription,
                                struct wire_value *content)
{
    const struct wire_value *attributes = subscription->attributes;
    bool latest = type_get_bool(attributes, ATTR_LATEST_NOTIFY, false);
    struct cse_letter letter = {.content = content,
                                .due = x->now,
                                .subscription = subscription->row.ri,
                                .latest_only = latest};
    int64_t category = type_get_int(attributes, ATTR_NOTIFICATION_EVENT_CAT, 0);
    letter.event_category = latest ? LATEST : category > 0 ? (uint32_t)category : 0;
    bool go;
    TRY(admit(x, subscription, &letter, &go));
    if (!go) {
        return OK;
    }
    WIRE_FOR_EACH (target, type_get(attributes, ATTR_NOTIFICATION_URI)) {
        letter.target = wire_get_string(target);
        letter.queue = cse_queue_name(x, subscription->row.ri, letter.target);
        TRY(cse_letter_post(x, &letter));
    }
    return OK;
}

status cse_notification_post(struct exchange *x, const struct serve_resource *subscription,
                             struct wire_value *notification)
{
    const struct wire_value *batch = type_get(subscription->attributes, ATTR_BATCH_NOTIFY);
    if (batch == NULL) {
        return cse_notification_enqueue(x, subscription,
                                        cse_wrap(x->arena, "m2m:sgn", notification));
    }
    struct cse_batch_policy policy;
    TRY(cse_batch_policy_read(batch, &policy));
    struct bytes name = cse_state_name(x, "sub", subscription->row.ri);
    bool full;
    TRY(cse_batch_add(x, name, &policy, notification, &full));
    return full ? cse_subscription_flush(x, name, subscription->row.ri) : OK;
}

/* What a subscription has collected leaves now. */
status cse_subscription_flush(struct exchange *x, struct bytes name, struct bytes ri)
{
    struct serve_resource subscription;
    struct wire_value *notifications;
    status found = serve_resource_find(x, ri, &subscription);
    TRY(cse_batch_take(x, name, &notifications));
    if (status_is(found, STATUS_NOT_FOUND) || notifications->count == 0) {
        return OK;
    }
    TRY(found);
    TRY(serve_resource_read(x, &subscription));
    if (type_get_bool(subscription.attributes, ATTR_LATEST_NOTIFY, false)) {
        struct wire_value *newest = wire_dup(x->arena, notifications->last);
        notifications = wire_array(x->arena);
        ENSURE(newest != NULL && wire_push(notifications, newest) != NULL, NO_MEMORY, "batch");
    }
    return cse_notification_enqueue(x, &subscription, cse_aggregate(x->arena, notifications));
}

status cse_subscription_forget(struct exchange *x, struct bytes ri,
                               const struct wire_value *targets)
{
    WIRE_FOR_EACH (target, targets) {
        struct bytes queue = cse_queue_name(x, ri, wire_get_string(target));
        ENSURE(queue.ptr != NULL, NO_MEMORY, "queue");
        TRY(store_outbox_remove_queue(x->view, queue));
    }
    return OK;
}

/* Copies the attributes so that a change of one does not touch what is stored in the arena. */
static status change(struct exchange *x, struct serve_resource *subscription,
                     enum type_attr_id attribute, struct wire_value *value)
{
    struct wire_value *attributes = wire_dup(x->arena, subscription->attributes);
    ENSURE(attributes != NULL && value != NULL, NO_MEMORY, "subscription");
    ENSURE(type_set(attributes, attribute, value) != NULL, NO_MEMORY, "subscription");
    return serve_update_internal(x, subscription, attributes, false);
}

status cse_subscription_settle(struct exchange *x, struct bytes ri, uint64_t number, bool sent)
{
    struct serve_resource subscription;
    status found = serve_resource_find(x, ri, &subscription);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK; /* ended meanwhile */
    }
    TRY(found);
    TRY(serve_resource_read(x, &subscription));
    struct bytes name = cse_state_name(x, "sub", subscription.row.ri);
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    if ((int64_t)number <= cse_state_int(state, SETTLED)) {
        return OK; /* another target of the same notification was first */
    }
    TRY(cse_state_set(x, state, SETTLED, (int64_t)number));
    TRY(cse_state_save(x, name, state));
    int64_t counter = type_get_int(subscription.attributes, ATTR_EXPIRATION_COUNTER, 0);
    if (!sent || counter == 0) {
        return OK;
    }
    if (counter > 1) {
        return change(x, &subscription, ATTR_EXPIRATION_COUNTER, wire_int(x->arena, counter - 1));
    }
    x->hook_state = (void *)(uintptr_t)&cse_ended_by_counter;
    TRY(serve_delete_internal(x, &subscription, false));
    x->hook_state = NULL;
    return OK;
}

status cse_target_remove(struct exchange *x, struct bytes ri, struct bytes target)
{
    struct serve_resource subscription;
    status found = serve_resource_find(x, ri, &subscription);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(found);
    TRY(serve_resource_read(x, &subscription));
    struct wire_value *left = wire_array(x->arena);
    WIRE_FOR_EACH (item, type_get(subscription.attributes, ATTR_NOTIFICATION_URI)) {
        if (!bytes_equal(wire_get_string(item), target)) {
            ENSURE(wire_push(left, wire_dup(x->arena, item)) != NULL, NO_MEMORY, "targets");
        }
    }
    TRY(store_outbox_remove_queue(x->view, cse_queue_name(x, ri, target)));
    ENSURE(left != NULL, NO_MEMORY, "targets");
    if (left->count == 0) {
        return serve_delete_internal(x, &subscription, false);
    }
    return change(x, &subscription, ATTR_NOTIFICATION_URI, left);
}
