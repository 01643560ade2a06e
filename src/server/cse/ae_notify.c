/* SPDX-License-Identifier: Apache-2.0
 * NOTIFY to an <AE>: handed on to the AE, whose answer goes back unchanged. TS-0004 7.3.3.9,
 * 7.5.1.2.3. */
#include "server/cse/cse_effects_int.h"

struct forwarding {
    struct exchange *x;
    struct cse_delivery delivery;
};

static void answered(struct cse_delivery *delivery)
{
    struct forwarding *forwarding = delivery->user;
    struct exchange *x = forwarding->x;
    if (is_error(delivery->transport) || delivery->response.rsc == 0) {
        bool late = status_is(delivery->transport, STATUS_REQUEST_TIMEOUT);
        serve_resume(x, late ? ERROR(REQUEST_TIMEOUT) : ERROR(TARGET_NOT_REACHABLE));
        return;
    }
    x->rsc = delivery->response.rsc;
    x->call->response.content = delivery->response.content;
    x->call->response.target_removal_request = delivery->response.target_removal_request;
    x->has_result = true;
    serve_resume(x, OK);
}

/* The creator of a subscription to be needs the right to notify, as its host does. */
static status check_verification(struct exchange *x)
{
    const struct wire_value *content = wire_only_member(x->call->request.content);
    if (content == NULL || !bytes_is(content->name, "m2m:sgn") ||
        !wire_get_bool(wire_get(content, BYTES("vrq")), false)) {
        return OK;
    }
    struct auth_context creator = {.claimed = wire_get_string(wire_get(content, BYTES("cr")))};
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    ENSURE(
        is_ok(prim_id_canonical(creator.claimed, self, x->arena, &creator.kind, &creator.absolute)),
        SUBSCRIPTION_CREATOR_HAS_NO_PRIVILEGE, "verification without creator");
    struct authz_decision decision = x->decision;
    status allowed = serve_authorize(x, &creator, &x->target, TYPE_OP_NOTIFY, 0);
    x->decision = decision;
    ENSURE(is_ok(allowed), SUBSCRIPTION_CREATOR_HAS_NO_PRIVILEGE, "%.*s",
           BYTES_FMT(creator.claimed));
    return OK;
}

/* Whoever asked has gone: what is under way keeps no place among the requests in flight. Other
 * requests that wait at an <AE> have a hook of their own. */
void cse_ae_cancelled(struct exchange *x)
{
    struct forwarding *forwarding = x->hook_state;
    bool forwards = x->call->request.operation == PRIM_NOTIFY && forwarding != NULL;
    if (forwards && cse_delivery_abandon(&forwarding->delivery)) {
        serve_resume(x, ERROR(CANCELLED));
    }
}

status cse_ae_notify(struct exchange *x)
{
    TRY(check_verification(x));
    struct forwarding *forwarding = ARENA_NEW(x->arena, struct forwarding);
    ENSURE(forwarding != NULL, NO_MEMORY, "notification");
    forwarding->x = x;
    x->hook_state = forwarding;
    struct cse_delivery *delivery = &forwarding->delivery;
    *delivery = (struct cse_delivery){
        .arena = x->arena,
        .target = x->target.row.ri,
        .timeout = x->deadline - serve_now(x->worker),
        .done = answered,
        .user = forwarding,
    };
    cse_delivery_notify(delivery, x->worker, x->call->request.content);
    delivery->from_self = x->who.internal;
    delivery->request.from = x->who.claimed;
    delivery->request.event_category = x->call->request.event_category;
    delivery->request.originating_timestamp = x->call->request.originating_timestamp;
    delivery->request.vendor_information = x->call->request.vendor_information;
    cse_notify_deliver(x->worker, delivery);
    return ERROR(PENDING);
}
