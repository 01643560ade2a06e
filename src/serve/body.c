/* SPDX-License-Identifier: Apache-2.0
 * Stored form of a resource: the attributes that are no columns, as CBOR, and the keys under which
 * discovery finds it. TS-0004 7.3.3.17 (what filters ask for). */
#include "serve/serve_int.h"

bool serve_is_column(enum type_attr_id id)
{
    switch ((int)id) {
    case ATTR_RESOURCE_NAME:
    case ATTR_RESOURCE_TYPE:
    case ATTR_RESOURCE_ID:
    case ATTR_PARENT_ID:
    case ATTR_CREATION_TIME:
    case ATTR_LAST_MODIFIED_TIME:
    case ATTR_EXPIRATION_TIME:
    case ATTR_STATE_TAG:
    case ATTR_CONTENT_SIZE:
    case ATTR_CURRENT_NR_OF_INSTANCES:
    case ATTR_CURRENT_BYTE_SIZE:
        return true;
    }
    return false;
}

void serve_strip_columns(const struct type_resource *type, struct wire_value *attributes)
{
    struct wire_value *member = attributes->first;
    while (member != NULL) {
        struct wire_value *next = member->next;
        const struct type_attr *attr = type_find_short(type, member->name);
        if (attr != NULL && serve_is_column(attr->id)) {
            wire_remove(attributes, member->name);
        }
        member = next;
    }
}

status serve_body_encode(struct exchange *x, const struct wire_value *attributes,
                         struct bytes *ret_body)
{
    struct buf buf;
    buf_init(&buf, x->serve->config.limits.arena_size);
    wire_encode(WIRE_CBOR, attributes, &buf);
    status result = buf_check(&buf);
    if (is_ok(result)) {
        *ret_body = arena_dup(x->arena, buf_bytes(&buf));
        result = ret_body->ptr != NULL ? OK : ERROR(NO_MEMORY);
    }
    buf_fini(&buf);
    return result;
}

struct bytes serve_scalar_text(struct exchange *x, const struct wire_value *value)
{
    switch (value->kind) {
    case WIRE_STRING:
        return value->string;
    case WIRE_INT:
        return arena_printf(x->arena, "%lld", (long long)value->integer);
    case WIRE_UINT:
        return arena_printf(x->arena, "%llu", (unsigned long long)value->unsigned_integer);
    case WIRE_REAL:
        return arena_printf(x->arena, "%.17g", value->real);
    case WIRE_BOOL:
        return value->boolean ? BYTES("true") : BYTES("false");
    case WIRE_NULL:
    case WIRE_ARRAY:
    case WIRE_OBJECT:
        return BYTES_NONE;
    }
    return BYTES_NONE;
}

/* Labels of everything; scalar attributes of tree nodes, of which there are few. */
status serve_body_keys(struct exchange *x, const struct type_resource *type,
                       const struct wire_value *attributes, const struct store_key **ret_keys,
                       size_t *ret_count)
{
    const struct wire_value *labels = type_get(attributes, ATTR_LABELS);
    bool is_node = type->storage == TYPE_STORAGE_TREE;
    size_t room = (labels != NULL ? labels->count : 0) + (is_node ? attributes->count : 0);
    *ret_keys = NULL;
    *ret_count = 0;
    if (room == 0) {
        return OK;
    }
    struct store_key *keys = ARENA_ARRAY(x->arena, struct store_key, room);
    ENSURE(keys != NULL, NO_MEMORY, "keys");
    size_t count = 0;
    for
        WIRE_EACH(label, labels)
        {
            if (wire_is(label, WIRE_STRING) && label->string.len <= SERVE_KEY_MAX) {
                keys[count++] = (struct store_key){ATTR_LABELS, label->string};
            }
        }
    for (const struct wire_value *member = is_node ? attributes->first : NULL; member != NULL;
         member = member->next) {
        const struct type_attr *attr = type_find_short(type, member->name);
        struct bytes text = serve_scalar_text(x, member);
        if (attr != NULL && text.ptr != NULL && text.len <= SERVE_KEY_MAX) {
            keys[count++] = (struct store_key){attr->id, text};
        }
    }
    *ret_keys = keys;
    *ret_count = count;
    return OK;
}
