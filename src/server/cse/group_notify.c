/* SPDX-License-Identifier: Apache-2.0
 * Notifications of subscriptions that were made through a group come here, are collected for their
 * subscriber and leave as one. TS-0004 7.5.1.2.6, 7.4.14.2.5; TS-0001 10.2.7.11. */
#include "server/cse/cse_effects_int.h"

struct collecting {
    struct exchange *x; /* waits; its content is only read */
    struct bytes group;
};

/* The subscription must live on a member or below one. */
static status check_member(struct exchange *x, const struct wire_value *notification)
{
    struct serve_resource subscription;
    struct bytes reference = wire_get_string(wire_get(notification, BYTES("sur")));
    ENSURE(is_ok(serve_resource_find(x, reference, &subscription)) &&
               subscription.row.type == TYPE_SUBSCRIPTION,
           ORIGINATOR_HAS_NO_PRIVILEGE, "%.*s is no subscription", BYTES_FMT(reference));
    WIRE_FOR_EACH (id, type_get(x->target.attributes, ATTR_MEMBER_IDS)) {
        struct cse_member member;
        bool remote = false;
        if (is_error(cse_member_find(x, wire_get_string(id), &member, &remote))) {
            continue;
        }
        struct bytes path = member.resource.row.path;
        struct bytes rest = bytes_from(subscription.row.path, path.len);
        bool is_group =
            member.virtual_type != NULL && member.virtual_type->number == TYPE_FAN_OUT_POINT;
        if (is_group || (bytes_starts_with(subscription.row.path, path) && rest.len > 0 &&
                         rest.ptr[0] == '/')) {
            return OK;
        }
    }
    FAIL(ORIGINATOR_HAS_NO_PRIVILEGE, "%.*s belongs to no member", BYTES_FMT(reference));
}

/* Nobody is notified through a group whom the subscription's creator may not notify. */
static status check_subscriber(struct exchange *x, const struct wire_value *notification)
{
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    struct auth_context creator = {.claimed = wire_get_string(wire_get(notification, BYTES("cr")))};
    ENSURE(
        is_ok(prim_id_canonical(creator.claimed, self, x->arena, &creator.kind, &creator.absolute)),
        ORIGINATOR_HAS_NO_PRIVILEGE, "a subscription without creator");
    return cse_may_notify(x, &creator, wire_get_string(wire_get(notification, BYTES("nfu"))));
}

static status collect_one(struct exchange *job, const struct collecting *collecting,
                          const struct wire_value *notification)
{
    const struct wire_value *group = collecting->x->target.attributes;
    const struct wire_value *aggregation = type_get(group, ATTR_NOTIFY_AGGREGATION);
    struct cse_batch_policy policy;
    struct bytes subscriber = wire_get_string(wire_get(notification, BYTES("nfu")));
    TRY(cse_batch_policy_read(aggregation, &policy));
    if (aggregation == NULL) {
        policy.number = (uint64_t)type_get_int(group, ATTR_CURRENT_NR_OF_MEMBERS, 1);
    }
    struct bytes key = cse_queue_name(job, collecting->group, subscriber);
    struct bytes name = cse_state_name(job, "grp", key);
    bool full;
    TRY(cse_batch_add(job, name, &policy, notification, &full));
    return full ? cse_group_flush(job, name, key) : OK;
}

/* The inner objects of an m2m:sgn or m2m:agn; nested aggregation is taken apart. */
static const struct wire_value *first_of(const struct wire_value *content)
{
    if (bytes_is(content->name, "m2m:sgn")) {
        return content;
    }
    const struct wire_value *list = wire_get(content, BYTES("sgn"));
    return list != NULL ? list->first : NULL;
}

static status collect(struct exchange *job, void *user)
{
    const struct collecting *collecting = user;
    const struct wire_value *content = wire_only_member(collecting->x->call->request.content);
    bool single = bytes_is(content->name, "m2m:sgn");
    for (const struct wire_value *one = first_of(content); one != NULL;
         one = single ? NULL : one->next) {
        TRY(collect_one(job, collecting, one));
    }
    return OK;
}

static void collected(void *user, status result)
{
    struct collecting *collecting = user;
    struct exchange *x = collecting->x;
    if (is_ok(result)) {
        x->rsc = 2000;
        x->has_result = true;
        cse_effects_committed(x->worker);
    }
    serve_resume(x, result);
}

status cse_group_notify(struct exchange *x)
{
    const struct wire_value *content = wire_only_member(x->call->request.content);
    ENSURE(x->who.internal, ORIGINATOR_HAS_NO_PRIVILEGE, "no host of a member");
    ENSURE(wire_is(content, WIRE_OBJECT) && first_of(content) != NULL, BAD_REQUEST,
           "no notification");
    TRY(serve_resource_read(x, &x->target));
    if (wire_get_bool(wire_get(content, BYTES("vrq")), false)) {
        x->rsc = 2000;
        x->has_result = true;
        return OK;
    }
    bool single = bytes_is(content->name, "m2m:sgn");
    for (const struct wire_value *one = first_of(content); one != NULL;
         one = single ? NULL : one->next) {
        TRY(check_member(x, one));
        TRY(check_subscriber(x, one));
    }
    struct collecting *collecting = ARENA_NEW(x->arena, struct collecting);
    ENSURE(collecting != NULL, NO_MEMORY, "notification");
    *collecting = (struct collecting){.x = x, .group = x->target.row.ri};
    TRY(serve_run_job(x->worker, collect, collected, collecting));
    return ERROR(PENDING);
}

status cse_group_flush(struct exchange *x, struct bytes name, struct bytes key)
{
    struct wire_value *notifications;
    struct serve_resource group;
    struct bytes subscriber = key;
    struct bytes ri = bytes_cut(&subscriber, ' ');
    TRY(cse_batch_take(x, name, &notifications));
    status found = serve_resource_find(x, ri, &group);
    if (status_is(found, STATUS_NOT_FOUND) || notifications->count == 0) {
        return OK; /* aggregates only as long as the group lives */
    }
    TRY(found);
    struct cse_letter letter = {
        .queue = arena_printf(x->arena, "grp %.*s", BYTES_FMT(key)),
        .target = subscriber,
        .content = cse_aggregate(x->arena, notifications),
        .due = x->now,
    };
    return cse_letter_post(x, &letter);
}
