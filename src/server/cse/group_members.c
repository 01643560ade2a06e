/* SPDX-License-Identifier: Apache-2.0
 * Members of a group: no duplicates, and of the type that the group promises. TS-0004 7.4.13.2.1,
 * 7.4.13.2.3. */
#include "server/cse/cse_effects_int.h"

enum strategy { ABANDON_MEMBER = 1, ABANDON_GROUP = 2, SET_MIXED = 3 };
enum verdict { CONFORMS, DIFFERS, UNKNOWN };

bool cse_same_address(struct exchange *x, struct bytes a, struct bytes b)
{
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    struct prim_address first, second;
    if (bytes_equal(a, b)) {
        return true;
    }
    return is_ok(prim_address_parse(a, self, x->arena, &first)) &&
           is_ok(prim_address_parse(b, self, x->arena, &second)) && first.ours && second.ours &&
           bytes_equal(first.local, second.local);
}

status cse_member_find(struct exchange *x, struct bytes id, struct cse_member *ret_member,
                       bool *ret_remote)
{
    struct prim_address address;
    struct cse_member member = {.virtual_type = NULL};
    TRY(prim_address_parse(id, &serve_config_get(x->serve)->self, x->arena, &address));
    *ret_remote = !address.ours;
    ENSURE(address.ours, NOT_FOUND, "%.*s is hosted elsewhere", BYTES_FMT(id));
    status found = serve_resource_find(x, id, &member.resource);
    size_t end = id.len;
    while (status_is(found, STATUS_NOT_FOUND)) {
        size_t cut = bytes_find_last(bytes_slice(id, 0, end), '/');
        ENSURE(cut > 0 && cut < end, NOT_FOUND, "no %.*s", BYTES_FMT(id));
        struct bytes segment = bytes_slice(id, cut + 1, end - cut - 1);
        struct bytes parent = bytes_slice(id, 0, cut);
        found = serve_resource_find(x, parent, &member.resource);
        if (is_ok(found)) {
            member.virtual_type = type_virtual_child(member.resource.type, segment);
            member.rest = end < id.len ? bytes_from(id, end + 1) : BYTES_NONE;
            ENSURE(member.virtual_type != NULL, NOT_FOUND, "no %.*s", BYTES_FMT(id));
        }
        end = cut;
    }
    TRY(found);
    *ret_member = member;
    return OK;
}

static bool has_specialization(struct exchange *x, struct serve_resource *resource,
                               const struct wire_value *wanted)
{
    if (wanted == NULL) {
        return true;
    }
    if (is_error(serve_resource_read(x, resource))) {
        return false;
    }
    const struct wire_value *definition = type_get(resource->attributes, ATTR_MGMT_DEFINITION);
    if (definition == NULL) {
        definition = type_get(resource->attributes, ATTR_CONTAINER_DEFINITION);
    }
    int64_t number = -1;
    if (wire_is(wanted, WIRE_STRING) && wire_is(definition, WIRE_INT)) {
        return is_ok(bytes_to_i64(wanted->string, &number)) && number == definition->integer;
    }
    return definition != NULL && wire_equal(definition, wanted);
}

static enum verdict judge(struct exchange *x, struct cse_member *member, int64_t member_type,
                          const struct wire_value *specialization)
{
    if (member->virtual_type == NULL) {
        bool good = member->resource.row.type == member_type &&
                    has_specialization(x, &member->resource, specialization);
        return good ? CONFORMS : DIFFERS;
    }
    if (member->virtual_type->number != TYPE_FAN_OUT_POINT) {
        return member->virtual_type->number == member_type ? CONFORMS : DIFFERS;
    }
    if (member->rest.len > 0) {
        return UNKNOWN; /* depends on what the members of that group will have below them */
    }
    if (is_error(serve_resource_read(x, &member->resource))) {
        return UNKNOWN;
    }
    return type_get_int(member->resource.attributes, ATTR_MEMBER_TYPE, 0) == member_type ? CONFORMS
                                                                                         : DIFFERS;
}

/* The type of what the originator may not see is not given away (RECEIVER_HAS_NO_PRIVILEGE). */
static status check_member(struct exchange *x, struct bytes id, int64_t member_type,
                           const struct wire_value *specialization, enum verdict *ret_verdict)
{
    struct cse_member member;
    bool remote = false;
    status found = cse_member_find(x, id, &member, &remote);
    if (status_is(found, STATUS_NOT_FOUND)) {
        *ret_verdict = remote ? UNKNOWN : DIFFERS;
        return OK;
    }
    TRY(found);
    struct authz_decision decision = x->decision;
    status allowed = serve_authorize(x, &x->who, &member.resource, TYPE_OP_RETRIEVE, 0);
    x->decision = decision;
    ENSURE(!status_is(allowed, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE), RECEIVER_HAS_NO_PRIVILEGE,
           "type of member %.*s", BYTES_FMT(id));
    TRY(allowed);
    *ret_verdict = judge(x, &member, member_type, specialization);
    return OK;
}

/* The same address, or another address of the same resource. */
static struct bytes identity(struct exchange *x, struct bytes id)
{
    struct cse_member member;
    bool remote = false;
    if (is_error(cse_member_find(x, id, &member, &remote))) {
        return id;
    }
    return arena_printf(x->arena, "%.*s/%s/%.*s", BYTES_FMT(member.resource.row.ri),
                        member.virtual_type != NULL ? member.virtual_type->virtual_name : "",
                        BYTES_FMT(member.rest));
}

static status without_duplicates(struct exchange *x, const struct wire_value *ids,
                                 struct wire_value **ret_ids)
{
    uint64_t limit = serve_config_get(x->serve)->limits.group_members;
    struct wire_value *kept = wire_array(x->arena);
    struct bytes *seen = ARENA_ARRAY(x->arena, struct bytes, ids->count + 1u);
    ENSURE(kept != NULL && seen != NULL, NO_MEMORY, "members");
    ENSURE(ids->count <= 2 * limit, MAX_NUMBER_OF_MEMBER_EXCEEDED, "%u members",
           (unsigned)ids->count);
    WIRE_FOR_EACH (id, ids) {
        struct prim_address address;
        struct bytes text = wire_get_string(id);
        TRY(prim_address_parse(text, &serve_config_get(x->serve)->self, x->arena, &address));
        ENSURE(address.attribute.ptr == NULL, BAD_REQUEST, "an attribute is no member");
        struct bytes own = identity(x, text);
        ENSURE(own.ptr != NULL, NO_MEMORY, "members");
        bool known = false;
        for (uint32_t i = 0; i < kept->count && !known; i++) {
            known = bytes_equal(seen[i], own);
        }
        if (!known) {
            seen[kept->count] = own;
            ENSURE(wire_push(kept, wire_string(x->arena, text)) != NULL, NO_MEMORY, "members");
        }
    }
    *ret_ids = kept;
    return OK;
}

static status conforming(struct exchange *x, const struct wire_value *attributes,
                         struct cse_members *members)
{
    const struct wire_value *specialization = type_get(attributes, ATTR_SPECIALIZATION_TYPE);
    int64_t strategy = type_get_int(attributes, ATTR_CONSISTENCY_STRATEGY, ABANDON_MEMBER);
    struct wire_value *good = wire_array(x->arena);
    WIRE_FOR_EACH (id, members->ids) {
        enum verdict verdict = UNKNOWN;
        TRY(check_member(x, wire_get_string(id), members->member_type, specialization, &verdict));
        members->validated = members->validated && verdict != UNKNOWN;
        if (verdict == DIFFERS && strategy == SET_MIXED) {
            members->member_type = 0;
            members->validated = true;
            return OK;
        }
        ENSURE(verdict != DIFFERS || strategy != ABANDON_GROUP, GROUP_MEMBER_TYPE_INCONSISTENT,
               "%.*s", BYTES_FMT(wire_get_string(id)));
        if (verdict != DIFFERS) {
            ENSURE(wire_push(good, wire_string(x->arena, wire_get_string(id))) != NULL, NO_MEMORY,
                   "members");
        }
    }
    ENSURE(good != NULL, NO_MEMORY, "members");
    members->ids = good;
    return OK;
}

status cse_members_check(struct exchange *x, const struct wire_value *attributes,
                         struct cse_members *ret_members)
{
    uint64_t limit = serve_config_get(x->serve)->limits.group_members;
    const struct wire_value *ids = type_get(attributes, ATTR_MEMBER_IDS);
    int64_t most = type_get_int(attributes, ATTR_MAX_NR_OF_MEMBERS, 0);
    struct cse_members members = {.member_type = type_get_int(attributes, ATTR_MEMBER_TYPE, 0),
                                  .validated = true};
    ENSURE(wire_is(ids, WIRE_ARRAY), BAD_REQUEST, "no list of members");
    TRY(without_duplicates(x, ids, &members.ids));
    ENSURE(members.ids->count <= limit && (int64_t)members.ids->count <= most,
           MAX_NUMBER_OF_MEMBER_EXCEEDED, "%u members", (unsigned)members.ids->count);
    if (members.member_type != 0) {
        TRY(conforming(x, attributes, &members));
    }
    *ret_members = members;
    return OK;
}
