/* SPDX-License-Identifier: Apache-2.0
 * Does a notification target want what somebody else subscribed for it? TS-0004 7.4.8.2.1
 * Recv-6.4, 7.5.1.2.3; TS-0001 10.2.10.2. URL targets and the originator itself are not asked. */
#include "server/cse/cse_effects_int.h"

struct asking {
    struct exchange *x;
    struct bytes ri; /* that the subscription is going to have */
    unsigned waiting;
    bool refused, is_starting;
};

static void conclude(struct asking *asking)
{
    if (asking->waiting > 0 || asking->is_starting) {
        return;
    }
    serve_resume(asking->x,
                 asking->refused ? ERROR(SUBSCRIPTION_VERIFICATION_INITIATION_FAILED) : OK);
}

static void answered(struct cse_delivery *delivery)
{
    struct asking *asking = delivery->user;
    bool good = is_ok(delivery->transport) && delivery->response.rsc / 1000 == 2;
    asking->refused = asking->refused || !good;
    asking->waiting -= 1;
    conclude(asking);
}

/* What the host of the target checks before it bothers the target: may the creator notify it? */
static status check_right(struct exchange *x, const struct cse_target *target)
{
    struct serve_resource entity;
    status found = serve_resource_find(x, target->uri, &entity);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK; /* the delivery finds out */
    }
    TRY(found);
    if (entity.row.type == TYPE_GROUP) {
        return OK; /* collects for its own fan-out, which was authorized */
    }
    status allowed = cse_may_notify(x, &x->who, target->uri);
    ENSURE(is_ok(allowed), SUBSCRIPTION_VERIFICATION_INITIATION_FAILED, "%.*s may not notify %.*s",
           BYTES_FMT(x->who.claimed), BYTES_FMT(target->uri));
    return OK;
}

static status ask(struct asking *asking, struct bytes target)
{
    struct exchange *x = asking->x;
    struct cse_delivery *delivery = ARENA_NEW(x->arena, struct cse_delivery);
    struct wire_value *content = cse_verification_request(x, asking->ri, x->who.claimed);
    ENSURE(delivery != NULL && content != NULL, NO_MEMORY, "verification");
    delivery->arena = x->arena;
    delivery->target = target;
    delivery->done = answered;
    delivery->user = asking;
    int64_t longest =
        (int64_t)serve_config_get(x->serve)->limits.notification_timeout_ms * USEC_PER_MSEC;
    int64_t left = x->deadline - serve_now(x->worker);
    delivery->timeout = left < longest ? left : longest;
    cse_delivery_notify(delivery, x->worker, content);
    asking->waiting += 1;
    cse_notify_deliver(x->worker, delivery);
    return OK;
}

static bool stands_in(const struct wire_value *list, struct bytes text)
{
    WIRE_FOR_EACH (item, list) {
        if (bytes_equal(wire_get_string(item), text)) {
            return true;
        }
    }
    return false;
}

/* Whether this entry of nu is to be asked. */
static status is_to_ask(struct exchange *x, struct bytes text, bool *ret_ask)
{
    bool updates = x->call->request.operation == PRIM_UPDATE;
    struct cse_target target;
    TRY(cse_target_parse(text, &target));
    *ret_ask = false;
    if (target.is_url || cse_id_is(x, target.uri, &x->who)) {
        return OK;
    }
    if (updates && stands_in(type_get(x->target.attributes, ATTR_NOTIFICATION_URI), text)) {
        return OK; /* was asked before */
    }
    *ret_ask = true;
    return check_right(x, &target);
}

status cse_subscription_verify(struct exchange *x)
{
    const struct wire_value *targets = type_get(x->representation, ATTR_NOTIFICATION_URI);
    const struct wire_value *chosen[64];
    size_t count = 0;
    if (x->who.internal || targets == NULL || x->call->request.operation == PRIM_DELETE) {
        return OK;
    }
    WIRE_FOR_EACH (item, targets) {
        bool ask_it = false;
        TRY(is_to_ask(x, wire_get_string(item), &ask_it));
        if (ask_it) {
            ENSURE(count < ARRAY_LEN(chosen), LIMIT, "too many targets to verify");
            chosen[count++] = item;
        }
    }
    if (count == 0) {
        return OK;
    }
    struct asking *asking = ARENA_NEW(x->arena, struct asking);
    ENSURE(asking != NULL, NO_MEMORY, "verification");
    *asking = (struct asking){.x = x, .ri = x->target.row.ri, .is_starting = true};
    if (x->call->request.operation == PRIM_CREATE) {
        struct bytes random = cse_request_identifier(x->arena);
        asking->ri = arena_printf(x->arena, "sub%.*s", BYTES_FMT(random));
        ENSURE(asking->ri.ptr != NULL, NO_MEMORY, "verification");
        x->hook_state = asking;
    }
    for (size_t i = 0; i < count; i++) {
        status asked = ask(asking, wire_get_string(chosen[i]));
        asking->refused = asking->refused || is_error(asked);
    }
    asking->is_starting = false;
    /* answers come later, except when none was sent */
    return asking->waiting == 0 ? ERROR(SUBSCRIPTION_VERIFICATION_INITIATION_FAILED)
                                : ERROR(PENDING);
}

struct bytes cse_verified_identifier(const struct exchange *x)
{
    const struct asking *asking = x->hook_state;
    return asking != NULL ? asking->ri : BYTES_NONE;
}
