/* SPDX-License-Identifier: Apache-2.0
 * Notifications that are collected before they leave: batchNotify of a subscription and
 * notifyAggregation of a group. TS-0001 10.2.10.7, TS-0004 6.3.5.6, 7.5.1.2.6.
 *
 * A batch is a record (batch-first, batch-next, batch-octets, batch-timer) and one value for each
 * notification, in JSON. Its timer is a message in the outbox that nobody receives: it comes due,
 * and the sender flushes. So a batch survives a restart together with its time. */
#include "server/cse/cse_effects_int.h"

#define FIRST "batch-first"
#define NEXT "batch-next"
#define OCTETS "batch-octets"
#define TIMER "batch-timer"

status cse_batch_policy_read(const struct wire_value *batch_notify,
                             struct cse_batch_policy *ret_policy)
{
    struct cse_batch_policy policy = {.number = 0};
    int64_t number = wire_get_int(wire_get(batch_notify, BYTES("num")), 0);
    policy.number = number > 0 ? (uint64_t)number : 0;
    const struct wire_value *duration = wire_get(batch_notify, BYTES("dur"));
    struct bytes text = duration != NULL ? wire_get_string(duration) : BYTES(CSE_BATCH_DURATION);
    ENSURE(is_ok(duration_parse(text, &policy.duration)) && policy.duration >= 0, BAD_REQUEST,
           "duration of a batch: %.*s", BYTES_FMT(text));
    *ret_policy = policy;
    return OK;
}

static struct bytes item_name(const struct exchange *x, struct bytes name, int64_t number)
{
    return arena_printf(x->arena, "%.*s/%lld", BYTES_FMT(name), (long long)number);
}

static struct bytes timer_queue(const struct exchange *x, struct bytes name)
{
    return arena_printf(x->arena, "batch %.*s", BYTES_FMT(name));
}

static status start_timer(struct exchange *x, struct bytes name, int64_t duration,
                          int64_t *ret_timer)
{
    struct wire_value *body =
        cse_wrap(x->arena, "flush", wire_string(x->arena, arena_dup(x->arena, name)));
    struct bytes queue = timer_queue(x, name);
    ENSURE(body != NULL && queue.ptr != NULL, NO_MEMORY, "batch");
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, serve_config_get(x->serve)->limits.body_size);
    wire_encode(WIRE_CBOR, body, &buf);
    TRY(buf_check(&buf));
    struct store_message message = {
        .queue = queue, .due = x->now + duration, .body = buf_bytes(&buf)};
    x->planned = true;
    return store_outbox_add(x->view, &message, ret_timer);
}

/* Puts one notification behind the others and keeps the record in step. */
static status append(struct exchange *x, struct bytes name, struct wire_value *state,
                     const struct wire_value *notification)
{
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, serve_config_get(x->serve)->limits.body_size);
    wire_encode(WIRE_JSON, notification, &buf);
    TRY(buf_check(&buf));
    int64_t next = cse_state_int(state, NEXT);
    struct bytes item = item_name(x, name, next);
    ENSURE(item.ptr != NULL, NO_MEMORY, "batch");
    TRY(store_value_put(x->view, item, buf_bytes(&buf)));
    TRY(cse_state_set(x, state, NEXT, next + 1));
    return cse_state_set(x, state, OCTETS, cse_state_int(state, OCTETS) + (int64_t)buf.len);
}

status cse_batch_add(struct exchange *x, struct bytes name, const struct cse_batch_policy *policy,
                     const struct wire_value *notification, bool *ret_full)
{
    const struct limits *limits = &serve_config_get(x->serve)->limits;
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    if (cse_state_int(state, NEXT) == cse_state_int(state, FIRST)) {
        int64_t timer;
        TRY(start_timer(x, name, policy->duration, &timer));
        TRY(cse_state_set(x, state, TIMER, timer));
    }
    TRY(append(x, name, state, notification));
    TRY(cse_state_save(x, name, state));
    uint64_t count = (uint64_t)(cse_state_int(state, NEXT) - cse_state_int(state, FIRST));
    *ret_full = (policy->number > 0 && count >= policy->number) || policy->duration == 0 ||
                count >= limits->outbox_per_subscription ||
                (uint64_t)cse_state_int(state, OCTETS) >= limits->body_size / 2;
    return OK;
}

status cse_batch_count(struct exchange *x, struct bytes name, uint64_t *ret_count)
{
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    *ret_count = (uint64_t)(cse_state_int(state, NEXT) - cse_state_int(state, FIRST));
    return OK;
}

/* Moves one item behind the others in a list that is decoded as a whole. */
static status take_one(struct exchange *x, struct bytes item, struct buf *list)
{
    struct bytes stored;
    ENSURE(item.ptr != NULL, NO_MEMORY, "batch");
    TRY(store_value_get(x->view, item, x->arena, &stored));
    if (list->len > 1) {
        buf_add_char(list, ',');
    }
    buf_add(list, stored);
    return store_value_remove(x->view, item);
}

static status take_all(struct exchange *x, struct bytes name, const struct wire_value *state,
                       struct wire_value **ret_notifications)
{
    struct buf list CLEANUP(buf_fini);
    const struct serve_config *config = serve_config_get(x->serve);
    buf_init(&list, 2 * config->limits.arena_size);
    buf_add_char(&list, '[');
    for (int64_t i = cse_state_int(state, FIRST); i < cse_state_int(state, NEXT); i++) {
        TRY(take_one(x, item_name(x, name, i), &list));
    }
    buf_add_char(&list, ']');
    TRY(buf_check(&list));
    struct bytes text = arena_dup(x->arena, buf_bytes(&list)); /* the tree borrows from it */
    ENSURE(text.ptr != NULL, NO_MEMORY, "batch");
    struct wire_limits limits = {.depth = (uint32_t)config->limits.wire_depth + 24,
                                 .members = UINT32_MAX,
                                 .values = UINT32_MAX};
    return wire_decode(WIRE_JSON, text, &limits, x->arena, ret_notifications);
}

status cse_batch_take(struct exchange *x, struct bytes name, struct wire_value **ret_notifications)
{
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    TRY(take_all(x, name, state, ret_notifications));
    if (cse_state_int(state, TIMER) != 0) {
        status removed = store_outbox_remove(x->view, cse_state_int(state, TIMER));
        if (!status_is(removed, STATUS_NOT_FOUND)) {
            TRY(removed);
        }
    }
    static const char *const members[] = {FIRST, NEXT, OCTETS, TIMER};
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        TRY(cse_state_set(x, state, members[i], 0));
    }
    return cse_state_save(x, name, state);
}

status cse_batch_flush(struct exchange *x, struct bytes name)
{
    struct bytes key = name;
    struct bytes kind = bytes_cut(&key, '/');
    if (bytes_is(kind, "sub")) {
        return cse_subscription_flush(x, name, key);
    }
    ENSURE(bytes_is(kind, "grp"), STORE_FAILED, "batch of unknown kind: %.*s", BYTES_FMT(name));
    return cse_group_flush(x, name, key);
}
