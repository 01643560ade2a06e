/* SPDX-License-Identifier: Apache-2.0
 * <group>: its members are checked when they change; its fan-out point is fan_out.c. TS-0004
 * 7.4.13. */
#include "server/cse/cse_effects_int.h"

/* Puts what the check found into the representation: memberIDs, and what this CSE keeps. */
static status set_members(struct exchange *x, const struct cse_members *members)
{
    struct wire_value *attributes = x->representation;
    struct wire_value *count = wire_int(x->arena, members->ids->count);
    struct wire_value *validated = wire_bool(x->arena, members->validated);
    struct wire_value *type = wire_int(x->arena, members->member_type);
    ENSURE(count != NULL && validated != NULL && type != NULL, NO_MEMORY, "group");
    ENSURE(type_set(attributes, ATTR_MEMBER_IDS, members->ids) != NULL &&
               type_set(attributes, ATTR_CURRENT_NR_OF_MEMBERS, count) != NULL &&
               type_set(attributes, ATTR_MEMBER_TYPE_VALIDATED, validated) != NULL &&
               type_set(attributes, ATTR_MEMBER_TYPE, type) != NULL,
           NO_MEMORY, "group");
    return OK;
}

static status check_policies(struct exchange *x, const struct wire_value *attributes)
{
    const struct serve_config *config = serve_config_get(x->serve);
    const struct wire_value *aggregation = type_get(attributes, ATTR_NOTIFY_AGGREGATION);
    if (wire_is(aggregation, WIRE_OBJECT)) {
        struct cse_batch_policy policy;
        TRY(cse_batch_policy_read(aggregation, &policy));
    }
    const struct wire_value *policies =
        type_get(attributes, ATTR_MEMBERS_ACCESS_CONTROL_POLICY_IDS);
    if (!wire_is(policies, WIRE_ARRAY)) {
        return OK;
    }
    ENSURE(policies->count > 0 && policies->count <= config->limits.acpi_entries, BAD_REQUEST,
           "%u members' access control policies", (unsigned)policies->count);
    WIRE_FOR_EACH (id, policies) {
        struct prim_address address;
        TRY(prim_address_parse(wire_get_string(id), &config->self, x->arena, &address));
    }
    return OK;
}

static status check_create(struct exchange *x)
{
    struct cse_members members;
    const struct wire_value *specialization = type_get(x->representation, ATTR_SPECIALIZATION_TYPE);
    int64_t member_type = type_get_int(x->representation, ATTR_MEMBER_TYPE, 0);
    ENSURE(specialization == NULL || member_type == TYPE_MGMT_OBJ ||
               member_type == TYPE_FLEX_CONTAINER,
           BAD_REQUEST, "specialization type with member type %d", (int)member_type);
    TRY(check_policies(x, x->representation));
    TRY(cse_members_check(x, x->representation, &members));
    return set_members(x, &members);
}

static status check_update(struct exchange *x)
{
    const struct wire_value *update = x->representation;
    TRY(check_policies(x, update));
    TRY(serve_resource_read(x, &x->target));
    int64_t most = type_get_int(update, ATTR_MAX_NR_OF_MEMBERS, -1);
    int64_t now = type_get_int(x->target.attributes, ATTR_CURRENT_NR_OF_MEMBERS, 0);
    ENSURE(most == -1 || most >= now, MAX_NUMBER_OF_MEMBER_EXCEEDED,
           "at most %d members, there are %d", (int)most, (int)now);
    if (type_get(update, ATTR_MEMBER_IDS) == NULL) {
        return OK;
    }
    struct wire_value *merged = wire_dup(x->arena, x->target.attributes);
    ENSURE(merged != NULL, NO_MEMORY, "group");
    TRY(type_merge(merged, update, x->arena));
    struct cse_members members;
    TRY(cse_members_check(x, merged, &members));
    return set_members(x, &members);
}

const struct serve_ops cse_group_ops = {
    .type = TYPE_GROUP,
    .check_create = check_create,
    .check_update = check_update,
    .on_notify = cse_group_notify,
};
