/* SPDX-License-Identifier: Apache-2.0
 * Notification data objects: what a subscriber gets to see. TS-0004 7.5.1.1, 7.5.1.2.2 step 2.1,
 * 6.3.5.12, 6.3.5.13. */
#include "server/cse/cse_effects_int.h"

enum content_type { /* TS-0004 6.3.4.2.18: notificationContentType */
                    ALL_ATTRIBUTES = 1,
                    MODIFIED_ATTRIBUTES = 2,
                    RESOURCE_ID = 3
};

struct wire_value *cse_wrap(struct arena *arena, const char *name, struct wire_value *value)
{
    struct wire_value *object = wire_object(arena);
    return wire_add(object, bytes_str(name), value) != NULL ? object : NULL;
}

static struct wire_value *text(struct arena *arena, struct bytes string)
{
    struct bytes copy = arena_dup(arena, string);
    return copy.ptr != NULL ? wire_string(arena, copy) : NULL;
}

/* The same value in another notification: its members are shared. */
static struct wire_value *shared(struct arena *arena, const struct wire_value *value)
{
    struct wire_value *node = ARENA_NEW(arena, struct wire_value);
    if (node != NULL) {
        *node = *value;
        node->next = NULL;
    }
    return node;
}

static status representation(struct exchange *x, const struct cse_event *event,
                             int64_t content_type, struct wire_value **ret_representation)
{
    struct serve_resource *subject = event->subject;
    struct wire_value *value = NULL;
    if (content_type == RESOURCE_ID) {
        struct bytes id = cse_sp_relative(x, subject->row.ri);
        value = cse_wrap(x->arena, "m2m:uri", id.ptr != NULL ? wire_string(x->arena, id) : NULL);
    } else if (content_type == MODIFIED_ATTRIBUTES && event->modified != NULL) {
        struct wire_value *modified = wire_dup(x->arena, event->modified);
        if (modified != NULL) {
            modified->name = BYTES_NONE;
        }
        value = cse_wrap(x->arena, subject->type->member, modified);
    } else {
        struct wire_value *own = NULL;
        struct wire_value **all = event->whole != NULL ? event->whole : &own;
        if (*all == NULL) {
            TRY(serve_resource_represent(x, subject, all));
        }
        value = cse_wrap(x->arena, subject->type->member, shared(x->arena, *all));
    }
    ENSURE(value != NULL, NO_MEMORY, "representation of a notification");
    *ret_representation = value;
    return OK;
}

/* {"om":{"op":..,"or":..}} of an attempted operation. */
static struct wire_value *monitored(struct exchange *x, const struct cse_event *event)
{
    struct wire_value *om = wire_object(x->arena);
    if (wire_add(om, BYTES("op"), wire_int(x->arena, event->operation)) == NULL ||
        wire_add(om, BYTES("or"), text(x->arena, event->originator)) == NULL) {
        return NULL;
    }
    return om;
}

static bool add_policies(struct exchange *x, const struct serve_resource *subscription,
                         struct wire_value *notification)
{
    struct bytes reference = cse_sp_relative(x, subscription->row.ri);
    struct bytes creator = type_get_string(subscription->attributes, ATTR_CREATOR);
    const struct wire_value *forward =
        type_get(subscription->attributes, ATTR_NOTIFICATION_FORWARDING_URI);
    if (wire_is(forward, WIRE_ARRAY)) {
        forward = forward->first;
    }
    bool good = reference.ptr != NULL &&
                wire_add(notification, BYTES("sur"), wire_string(x->arena, reference)) != NULL;
    if (good && creator.len > 0) {
        good = wire_add(notification, BYTES("cr"), text(x->arena, creator)) != NULL;
    }
    if (good && wire_get_string(forward).len > 0) {
        good =
            wire_add(notification, BYTES("nfu"), text(x->arena, wire_get_string(forward))) != NULL;
    }
    return good;
}

status cse_notification_build(struct exchange *x, const struct serve_resource *subscription,
                              const struct cse_event *event, struct wire_value **ret_notification)
{
    int64_t content_type =
        type_get_int(subscription->attributes, ATTR_NOTIFICATION_CONTENT_TYPE, ALL_ATTRIBUTES);
    if (event->is_reference) {
        content_type = RESOURCE_ID;
    } else if (event->type == CSE_BLOCKING_UPDATE) {
        content_type = MODIFIED_ATTRIBUTES;
    }
    struct wire_value *rep = NULL;
    TRY(representation(x, event, content_type, &rep));
    struct wire_value *happened = wire_object(x->arena);
    bool good = happened != NULL;
    if (good && event->type != CSE_NO_EVENT) {
        good = wire_add(happened, BYTES("net"), wire_int(x->arena, event->type)) != NULL;
    }
    if (good && event->operation != 0) {
        good = wire_add(happened, BYTES("om"), monitored(x, event)) != NULL;
    }
    good = good && wire_add(happened, BYTES("rep"), rep) != NULL;
    struct wire_value *notification = cse_wrap(x->arena, "nev", good ? happened : NULL);
    ENSURE(notification != NULL && add_policies(x, subscription, notification), NO_MEMORY,
           "notification");
    *ret_notification = notification;
    return OK;
}

/* An m2m:sgn whose first member is a true flag, and the subscription's reference. */
static struct wire_value *flagged(struct exchange *x, const char *flag, struct bytes ri)
{
    struct bytes reference = cse_sp_relative(x, ri);
    struct wire_value *inner = cse_wrap(x->arena, flag, wire_bool(x->arena, true));
    bool good = reference.ptr != NULL &&
                wire_add(inner, BYTES("sur"), wire_string(x->arena, reference)) != NULL;
    return good ? inner : NULL;
}

struct wire_value *cse_deletion_notice(struct exchange *x, struct bytes subscription_ri)
{
    return cse_wrap(x->arena, "m2m:sgn", flagged(x, "sud", subscription_ri));
}

struct wire_value *cse_verification_request(struct exchange *x, struct bytes subscription_ri,
                                            struct bytes creator)
{
    struct wire_value *inner = flagged(x, "vrq", subscription_ri);
    if (wire_add(inner, BYTES("cr"), text(x->arena, creator)) == NULL) {
        return NULL;
    }
    return cse_wrap(x->arena, "m2m:sgn", inner);
}

struct wire_value *cse_aggregate(struct arena *arena, struct wire_value *notifications)
{
    return cse_wrap(arena, "m2m:agn", cse_wrap(arena, "sgn", notifications));
}
