/* SPDX-License-Identifier: Apache-2.0
 * Values with members: content, response type, filter criteria, attribute conditions.
 * TS-0004 6.3.5.5, 6.3.5.8, 6.3.5.9, 6.3.5.30. */
#include "prim/prim_int.h"

struct wire_value *prim_share(const struct wire_value *value, struct arena *arena)
{
    struct wire_value *node = ARENA_NEW(arena, struct wire_value);
    if (node != NULL) {
        *node = *value;
        node->name = BYTES_NONE;
        node->next = NULL;
    }
    return node;
}

/* ---- content ---- */
static bool content_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return *(struct wire_value *const *)field != NULL;
}

static status content_from_json(const struct prim_parameter *row, const struct wire_value *value,
                                struct arena *arena, void *field)
{
    ENSURE(wire_only_member(value) != NULL, BAD_REQUEST, "%s is no object with one member",
           row->long_name);
    struct wire_value *content = prim_share(value, arena);
    ENSURE(content != NULL, NO_MEMORY, "%s", row->long_name);
    *(struct wire_value **)field = content;
    return OK;
}

static struct wire_value *content_to_json(const struct prim_parameter *row, const void *field,
                                          struct arena *arena)
{
    (void)row;
    return prim_share(*(struct wire_value *const *)field, arena);
}

/* ---- response type: the field is the enumeration, the URIs stand beside it ---- */
static struct prim_request *request_of(const void *response_type)
{
    return (struct prim_request *)((uintptr_t)response_type -
                                   offsetof(struct prim_request, response_type));
}

static bool response_type_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return *(const enum prim_response_type *)field != PRIM_RT_ABSENT;
}

static status response_type_from_json(const struct prim_parameter *row,
                                      const struct wire_value *value, struct arena *arena,
                                      void *field)
{
    struct prim_request *request = request_of(field);
    ENSURE(wire_is(value, WIRE_OBJECT), BAD_REQUEST, "%s is not an object", row->long_name);
    for (const struct wire_value *member = value->first; member != NULL; member = member->next) {
        if (bytes_is(member->name, "rtv")) {
            TRY(prim_u32_ops.from_json(row, member, arena, field));
        } else if (bytes_is(member->name, "nu")) {
            TRY(prim_texts_ops.from_json(row, member, arena, &request->notification_uris));
            request->has_notification_uris = true;
        } else {
            FAIL(BAD_REQUEST, "%s has no member \"%.*s\"", row->long_name,
                 BYTES_FMT(bytes_slice(member->name, 0, 40)));
        }
    }
    ENSURE(request->response_type != PRIM_RT_ABSENT, BAD_REQUEST, "%s without its value",
           row->long_name);
    return OK;
}

static status response_type_from_text(const struct prim_parameter *row, struct bytes text,
                                      struct arena *arena, void *field)
{
    return prim_u32_ops.from_text(row, text, arena, field);
}

static struct wire_value *response_type_to_json(const struct prim_parameter *row, const void *field,
                                                struct arena *arena)
{
    const struct prim_request *request = request_of(field);
    struct wire_value *object = wire_object(arena);
    if (wire_add(object, BYTES("rtv"), prim_u32_ops.to_json(row, field, arena)) == NULL) {
        return NULL;
    }
    if (request->has_notification_uris &&
        wire_add(object, BYTES("nu"),
                 prim_texts_ops.to_json(row, &request->notification_uris, arena)) == NULL) {
        return NULL;
    }
    return object;
}

/* ---- attribute conditions ---- */
/* Other members of filterCriteria are there for these (TS-0004 7.3.3.17.9). */
static const enum type_attr_id no_conditions[] = {
    ATTR_CREATION_TIME, ATTR_LAST_MODIFIED_TIME, ATTR_STATE_TAG,    ATTR_EXPIRATION_TIME,
    ATTR_LABELS,        ATTR_RESOURCE_TYPE,      ATTR_CONTENT_SIZE, ATTR_CONTENT_INFO,
};

static enum type_attr_id find_attribute(struct bytes short_name)
{
    for (enum type_attr_id id = (enum type_attr_id)1; id < ATTR_COUNT; id++) {
        if (bytes_equal(type_attr_short(id), short_name)) {
            return id;
        }
    }
    return ATTR_NONE;
}

status prim_condition_add(struct prim_attribute_conditions *conditions, struct bytes name,
                          struct wire_value *value, struct arena *arena)
{
    enum type_attr_id id = find_attribute(name);
    ENSURE(id != ATTR_NONE, BAD_REQUEST, "neither a parameter nor an attribute: \"%.*s\"",
           BYTES_FMT(bytes_slice(name, 0, 40)));
    for (size_t i = 0; i < ARRAY_LEN(no_conditions); i++) {
        ENSURE(id != no_conditions[i], BAD_REQUEST, "\"%.*s\" cannot be an attribute condition",
               BYTES_FMT(name));
    }
    struct prim_attribute_condition *items =
        ARENA_ARRAY(arena, struct prim_attribute_condition, conditions->count + 1);
    ENSURE(items != NULL && value != NULL, NO_MEMORY, "attribute condition");
    if (conditions->count > 0) {
        memcpy(items, conditions->items, conditions->count * sizeof items[0]);
    }
    items[conditions->count] =
        (struct prim_attribute_condition){.name = type_attr_short(id), .value = value};
    conditions->items = items;
    conditions->count++;
    return OK;
}

static bool attributes_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return ((const struct prim_attribute_conditions *)field)->count > 0;
}

static bool is_scalar(const struct wire_value *value)
{
    return value != NULL && value->kind != WIRE_NULL && value->kind != WIRE_ARRAY &&
           value->kind != WIRE_OBJECT;
}

static status attributes_from_json(const struct prim_parameter *row, const struct wire_value *value,
                                   struct arena *arena, void *field)
{
    ENSURE(wire_is(value, WIRE_ARRAY), BAD_REQUEST, "%s is not an array", row->long_name);
    for (const struct wire_value *element = value->first; element != NULL;
         element = element->next) {
        const struct wire_value *name = wire_get(element, BYTES("nm"));
        const struct wire_value *wanted = wire_get(element, BYTES("val"));
        ENSURE(element->count == 2 && wire_is(name, WIRE_STRING) && is_scalar(wanted), BAD_REQUEST,
               "%s wants a name and a value", row->long_name);
        TRY(prim_condition_add(field, name->string, prim_share(wanted, arena), arena));
    }
    return OK;
}

static struct wire_value *attributes_to_json(const struct prim_parameter *row, const void *field,
                                             struct arena *arena)
{
    (void)row;
    const struct prim_attribute_conditions *conditions = field;
    struct wire_value *array = wire_array(arena);
    for (size_t i = 0; array != NULL && i < conditions->count; i++) {
        const struct prim_attribute_condition *condition = &conditions->items[i];
        struct wire_value *object = wire_object(arena);
        if (wire_add(object, BYTES("nm"), wire_string(arena, condition->name)) == NULL ||
            wire_add(object, BYTES("val"), prim_share(condition->value, arena)) == NULL ||
            wire_push(array, object) == NULL) {
            return NULL;
        }
    }
    return array;
}

/* ---- filter criteria ---- */
static bool filter_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return ((const struct prim_filter *)field)->present;
}

static status filter_from_json(const struct prim_parameter *row, const struct wire_value *value,
                               struct arena *arena, void *field)
{
    struct prim_filter *filter = field;
    (void)row;
    TRY(prim_parameters_decode(&prim_filter_parameters, value, arena, filter));
    filter->present = true;
    return OK;
}

static struct wire_value *filter_to_json(const struct prim_parameter *row, const void *field,
                                         struct arena *arena)
{
    (void)row;
    return prim_parameters_encode(&prim_filter_parameters, field, arena);
}

const struct prim_kind_ops prim_content_ops = {
    .is_present = content_is_present, .from_json = content_from_json, .to_json = content_to_json};
const struct prim_kind_ops prim_response_type_ops = {.is_present = response_type_is_present,
                                                     .from_json = response_type_from_json,
                                                     .from_text = response_type_from_text,
                                                     .to_json = response_type_to_json};
const struct prim_kind_ops prim_attributes_ops = {.is_present = attributes_is_present,
                                                  .from_json = attributes_from_json,
                                                  .to_json = attributes_to_json};
const struct prim_kind_ops prim_filter_ops = {
    .is_present = filter_is_present, .from_json = filter_from_json, .to_json = filter_to_json};
