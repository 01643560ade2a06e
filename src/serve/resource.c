/* SPDX-License-Identifier: Apache-2.0
 * Resources as the pipeline sees them: find, read, represent. TS-0001 9.3.1 (addressing forms),
 * 9.6.1.3 (universal and common attributes). */
#include "serve/serve_int.h"

static bool is_specialised(const struct type_resource *type)
{
    return type->specialization == NULL && type->definition == 0 &&
           type_find(type, ATTR_MGMT_DEFINITION) != NULL;
}

/* The descriptor of a stored mgmtObj: that of its mgmtDefinition. */
static const struct type_resource *type_of_definition(const struct type_resource *type,
                                                      int64_t definition)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *one = type_resource_at(i);
        if (one->number == type->number && one->definition == (uint64_t)definition) {
            return one;
        }
    }
    return type;
}

status serve_resource_of_row(struct exchange *x, const struct store_row *row,
                             struct serve_resource *ret_resource)
{
    struct serve_resource resource = {.row = *row, .type = type_by_number(row->type)};
    ENSURE(resource.type != NULL, STORE_FAILED, "row %.*s has unknown type %u", BYTES_FMT(row->ri),
           (unsigned)row->type);
    if (is_specialised(resource.type)) {
        TRY(serve_resource_read(x, &resource));
        int64_t definition = type_get_int(resource.attributes, ATTR_MGMT_DEFINITION, -1);
        resource.type = type_of_definition(resource.type, definition);
    }
    *ret_resource = resource;
    return OK;
}

status serve_row_copy(struct arena *arena, const struct store_row *row, struct store_row *ret_row)
{
    struct store_row copy = *row;
    struct bytes *texts[] = {&copy.ri,   &copy.parent_ri,  &copy.rn,
                             &copy.path, &copy.originator, &copy.body};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i]->ptr != NULL) {
            *texts[i] = arena_dup(arena, *texts[i]);
            ENSURE(texts[i]->ptr != NULL, NO_MEMORY, "copy of a row");
        }
    }
    *ret_row = copy;
    return OK;
}

status serve_row_dup(struct exchange *x, const struct store_row *row, struct store_row *ret_row)
{
    return serve_row_copy(x->arena, row, ret_row);
}

/* What the row says is past its expiration time is gone, collected or not. */
bool serve_has_expired(const struct exchange *x, const struct store_row *row)
{
    return row->et != 0 && row->et <= x->now;
}

status serve_resource_read(struct exchange *x, struct serve_resource *resource)
{
    if (resource->attributes != NULL) {
        return OK;
    }
    if (resource->row.body.ptr == NULL) {
        struct store_row row;
        TRY(store_get_by_id(x->view, resource->row.id, x->arena, &row));
        resource->row.body = row.body;
    }
    if (resource->row.body.len == 0) {
        resource->attributes = wire_object(x->arena);
        return resource->attributes != NULL ? OK : ERROR(NO_MEMORY);
    }
    uint64_t depth = x->serve->config.limits.wire_depth + 8;
    struct wire_limits limits = {
        .depth = depth < 40 ? 40 : (uint32_t)depth, .members = UINT32_MAX, .values = UINT32_MAX};
    status decoded =
        wire_decode(WIRE_CBOR, resource->row.body, &limits, x->arena, &resource->attributes);
    if (is_error(decoded) && !status_is(decoded, STATUS_NO_MEMORY)) {
        FAIL(STORE_FAILED, "stored attributes of %.*s do not decode", BYTES_FMT(resource->row.ri));
    }
    return decoded;
}

struct wire_value *serve_timestamp(struct arena *arena, int64_t usec)
{
    char text[TIMESTAMP_SIZE];
    size_t len = timestamp_format(usec, usec % USEC_PER_SEC != 0, text);
    struct bytes copy = arena_dup(arena, bytes_of(text, len));
    return copy.ptr != NULL ? wire_string(arena, copy) : NULL;
}

static struct wire_value *add(struct wire_value *object, enum type_attr_id id,
                              struct wire_value *value)
{
    return wire_add(object, type_attr_short(id), value);
}

static bool represent_columns(struct exchange *x, const struct serve_resource *resource,
                              struct wire_value *object)
{
    const struct store_row *row = &resource->row;
    struct arena *arena = x->arena;
    bool good =
        add(object, ATTR_RESOURCE_NAME, wire_string(arena, row->rn)) != NULL &&
        add(object, ATTR_RESOURCE_TYPE, wire_int(arena, row->type)) != NULL &&
        add(object, ATTR_RESOURCE_ID, wire_string(arena, row->ri)) != NULL &&
        add(object, ATTR_PARENT_ID,
            wire_string(arena, row->parent_ri.ptr != NULL ? row->parent_ri : BYTES(""))) != NULL &&
        add(object, ATTR_CREATION_TIME, serve_timestamp(arena, row->ct)) != NULL &&
        add(object, ATTR_LAST_MODIFIED_TIME, serve_timestamp(arena, row->lt)) != NULL;
    if (good && row->et != 0) {
        good = add(object, ATTR_EXPIRATION_TIME, serve_timestamp(arena, row->et)) != NULL;
    }
    if (good && row->state_tag >= 0) {
        good = add(object, ATTR_STATE_TAG, wire_int(arena, row->state_tag)) != NULL;
    }
    if (good && row->size >= 0) {
        good = add(object, ATTR_CONTENT_SIZE, wire_int(arena, row->size)) != NULL;
    }
    if (good && type_find(resource->type, ATTR_CURRENT_NR_OF_INSTANCES) != NULL) {
        good = add(object, ATTR_CURRENT_NR_OF_INSTANCES, wire_int(arena, row->instances)) != NULL &&
               add(object, ATTR_CURRENT_BYTE_SIZE, wire_int(arena, row->instance_bytes)) != NULL;
    }
    return good;
}

status serve_resource_represent(struct exchange *x, struct serve_resource *resource,
                                struct wire_value **ret_representation)
{
    TRY(serve_resource_read(x, resource));
    struct wire_value *object = wire_object(x->arena);
    ENSURE(object != NULL && represent_columns(x, resource, object), NO_MEMORY, "representation");
    for
        WIRE_EACH(member, resource->attributes)
        {
            ENSURE(wire_add(object, member->name, wire_dup(x->arena, member)) != NULL, NO_MEMORY,
                   "representation");
        }
    *ret_representation = object;
    return OK;
}

struct wire_value *serve_wrap(struct exchange *x, const struct type_resource *type,
                              struct wire_value *representation)
{
    struct wire_value *wrapped = wire_object(x->arena);
    return wire_add(wrapped, bytes_str(type->member), representation) != NULL ? wrapped : NULL;
}

status serve_resource_find(struct exchange *x, struct bytes id, struct serve_resource *ret_resource)
{
    struct prim_address address;
    TRY(prim_address_parse(id, &x->serve->config.self, x->arena, &address));
    ENSURE(address.ours, NOT_FOUND, "%.*s is not hosted here", BYTES_FMT(id));
    struct serve_found found;
    TRY(serve_find(x, &address, &found));
    ENSURE(found.virtual_type == NULL, NOT_FOUND, "%.*s is virtual", BYTES_FMT(id));
    *ret_resource = found.resource;
    return OK;
}

status serve_resource_parent(struct exchange *x, const struct serve_resource *resource,
                             struct serve_resource *ret_parent)
{
    ENSURE(resource->row.parent_id != 0, NOT_FOUND, "the CSEBase has no parent");
    if (x->parent_memo.row.id != resource->row.parent_id) {
        struct store_row row;
        TRY(store_get_by_id(x->view, resource->row.parent_id, x->arena, &row));
        TRY(serve_resource_of_row(x, &row, &x->parent_memo));
    }
    TRY(serve_resource_read(x, &x->parent_memo));
    *ret_parent = x->parent_memo;
    return OK;
}

struct bytes serve_row_address(const struct exchange *x, const struct store_row *row)
{
    return x->call->request.desired_identifier_result_type == 2 ? row->ri : row->path;
}

/* TS-0004 6.3.5.29: childResourceRef, with the specialisation where there is one */
struct wire_value *serve_child_reference(struct exchange *x, struct serve_resource *resource)
{
    struct arena *arena = x->arena;
    const struct store_row *row = &resource->row;
    struct bytes val = arena_dup(arena, serve_row_address(x, row));
    struct bytes name = arena_dup(arena, row->rn);
    struct wire_value *reference = wire_object(arena);
    if (val.ptr == NULL || name.ptr == NULL ||
        wire_add(reference, BYTES("nm"), wire_string(arena, name)) == NULL ||
        wire_add(reference, BYTES("typ"), wire_int(arena, row->type)) == NULL ||
        wire_add(reference, BYTES("val"), wire_string(arena, val)) == NULL) {
        return NULL;
    }
    if (resource->type->definition != 0 &&
        wire_add(reference, BYTES("spty"), wire_int(arena, resource->type->definition)) == NULL) {
        return NULL;
    }
    return reference;
}
