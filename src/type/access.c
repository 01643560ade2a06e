/* SPDX-License-Identifier: Apache-2.0
 * Reading and changing representations: trees whose members carry short names. TS-0004 7.3.3.7
 * (what an UPDATE does), 8.2.3. */
#include "type/type_int.h"

struct wire_value *type_get(const struct wire_value *resource, enum type_attr_id id)
{
    struct bytes name = type_attr_short(id);
    if (!wire_is(resource, WIRE_OBJECT) || name.len == 0) {
        return NULL;
    }
    for (struct wire_value *member = resource->first; member != NULL; member = member->next) {
        if (member->name.len == name.len && member->name.ptr[0] == name.ptr[0] &&
            bytes_equal(member->name, name)) {
            return member;
        }
    }
    return NULL;
}

struct wire_value *type_set(struct wire_value *resource, enum type_attr_id id,
                            struct wire_value *value)
{
    if (value == NULL) {
        (void)wire_remove(resource, type_attr_short(id));
        return NULL;
    }
    return wire_set(resource, type_attr_short(id), value);
}

struct bytes type_get_string(const struct wire_value *resource, enum type_attr_id id)
{
    return wire_get_string(type_get(resource, id));
}

int64_t type_get_int(const struct wire_value *resource, enum type_attr_id id, int64_t otherwise)
{
    return wire_get_int(type_get(resource, id), otherwise);
}

bool type_get_bool(const struct wire_value *resource, enum type_attr_id id, bool otherwise)
{
    return wire_get_bool(type_get(resource, id), otherwise);
}

/* Copied, because a value hangs in one tree only and the request's tree is still needed. */
status type_merge(struct wire_value *resource, const struct wire_value *update, struct arena *arena)
{
    ENSURE(wire_is(resource, WIRE_OBJECT) && wire_is(update, WIRE_OBJECT), INTERNAL_SERVER_ERROR,
           "merge of something that is no object");
    for (const struct wire_value *member = update->first; member != NULL; member = member->next) {
        if (member->kind == WIRE_NULL) {
            (void)wire_remove(resource, member->name);
            continue;
        }
        struct wire_value *copy = wire_dup(arena, member);
        struct bytes name = arena_dup(arena, member->name);
        ENSURE(copy != NULL && name.ptr != NULL, NO_MEMORY, "merge of %.*s",
               BYTES_FMT(member->name));
        (void)wire_set(resource, name, copy);
    }
    return OK;
}
