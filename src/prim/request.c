/* SPDX-License-Identifier: Apache-2.0
 * Request primitives: their JSON form, and single parameters as bindings find them.
 * TS-0004 6.4.1, 8.2.2, 8.4; TS-0009 6.2.2.2. */
#include "prim/prim_int.h"

_Static_assert(sizeof(enum prim_operation) == sizeof(uint32_t) &&
                   sizeof(enum prim_response_type) == sizeof(uint32_t) &&
                   sizeof(enum prim_result_content) == sizeof(uint32_t),
               "rows of kind U32 write these enumerations");

static const char *const operation_names[] = {"none",   "CREATE", "RETRIEVE",
                                              "UPDATE", "DELETE", "NOTIFY"};

const char *prim_operation_name(enum prim_operation operation)
{
    size_t index = (size_t)operation;
    return index < ARRAY_LEN(operation_names) ? operation_names[index] : operation_names[0];
}

void prim_request_init(struct prim_request *request)
{
    *request = (struct prim_request){0};
    prim_parameters_clear(&prim_request_parameters, request);
    prim_parameters_clear(&prim_filter_parameters, &request->filter);
}

static status set_attribute_list(struct prim_request *request, struct prim_texts list)
{
    ENSURE(list.count > 0, BAD_REQUEST, "attribute list is empty");
    for (size_t i = 0; i < list.count; i++) {
        ENSURE(prim_is_resource_name(list.items[i]), BAD_REQUEST,
               "attribute list has a member that is no name");
    }
    request->attribute_list = list;
    return OK;
}

static const struct prim_parameter attribute_list_row = {
    .short_name = {"atrl", 4}, .long_name = "attributeList", .kind = PRIM_KIND_TEXTS};

/* The content of a partial RETRIEVE moves to attribute_list (TS-0004 7.3.3.6). */
static status take_attribute_list(struct prim_request *request, struct arena *arena)
{
    const struct wire_value *list = wire_get(request->content, BYTES("m2m:atrl"));
    if (request->operation != PRIM_RETRIEVE || list == NULL) {
        return OK;
    }
    struct prim_texts texts = {0};
    TRY(prim_texts_ops.from_json(&attribute_list_row, list, arena, &texts));
    TRY(set_attribute_list(request, texts));
    request->content = NULL;
    return OK;
}

status prim_request_decode(const struct wire_value *object, struct arena *arena,
                           struct prim_request *ret_request)
{
    struct prim_request request;
    prim_request_init(&request);
    TRY(prim_parameters_decode(&prim_request_parameters, object, arena, &request));
    ENSURE(request.operation != PRIM_NO_OPERATION, BAD_REQUEST, "primitive without operation");
    TRY(take_attribute_list(&request, arena));
    if (request.content != NULL) {
        request.format = PRIM_JSON;
    }
    *ret_request = request;
    return OK;
}

static bool add_attribute_list(struct wire_value *object, const struct prim_texts *list,
                               struct arena *arena)
{
    struct wire_value *content = wire_object(arena);
    return wire_add(content, BYTES("m2m:atrl"),
                    prim_texts_ops.to_json(&attribute_list_row, list, arena)) != NULL &&
           wire_add(object, BYTES("pc"), content) != NULL;
}

struct wire_value *prim_request_encode(const struct prim_request *request, struct arena *arena)
{
    struct wire_value *object = prim_parameters_encode(&prim_request_parameters, request, arena);
    if (object != NULL && request->attribute_list.count > 0 && request->content == NULL &&
        !add_attribute_list(object, &request->attribute_list, arena)) {
        return NULL;
    }
    return object;
}

/* "cr=..", "c.cr=..", "p.cr=..": an attribute condition, its value a text. */
static status set_condition(struct prim_request *request, struct bytes name, struct bytes value,
                            struct arena *arena)
{
    struct prim_attribute_conditions *conditions = &request->filter.attributes;
    struct bytes attribute = name;
    if (bytes_starts_with(name, BYTES("c."))) {
        conditions = &request->filter.child_attributes;
        attribute = bytes_from(name, 2);
    } else if (bytes_starts_with(name, BYTES("p."))) {
        conditions = &request->filter.parent_attributes;
        attribute = bytes_from(name, 2);
    }
    ENSURE(prim_is_text(value), BAD_REQUEST, "value of an attribute condition is not a text");
    struct bytes copy = arena_dup(arena, value.ptr == NULL ? BYTES("") : value);
    ENSURE(copy.ptr != NULL, NO_MEMORY, "attribute condition");
    TRY(prim_condition_add(conditions, attribute, wire_string(arena, copy), arena));
    request->filter.present = true;
    return OK;
}

status prim_request_set(struct prim_request *request, struct bytes name, struct bytes value,
                        struct arena *arena)
{
    const struct prim_parameter *row = prim_parameter_find(&prim_request_parameters, name);
    if (row != NULL && row->place == PRIM_IN_QUERY) {
        return prim_value_from_text(row, value, arena, request);
    }
    row = prim_parameter_find(&prim_filter_parameters, name);
    if (row != NULL) {
        TRY(prim_value_from_text(row, value, arena, &request->filter));
        request->filter.present = true;
        return OK;
    }
    if (bytes_equal(name, attribute_list_row.short_name)) {
        struct prim_texts list = request->attribute_list;
        ENSURE(prim_is_text(value), BAD_REQUEST, "attribute list is not a text");
        TRY(prim_texts_ops.from_text(&attribute_list_row, value, arena, &list));
        return set_attribute_list(request, list);
    }
    return set_condition(request, name, value, arena);
}

status prim_request_set_header(struct prim_request *request, struct bytes short_name,
                               struct bytes value, struct arena *arena)
{
    const struct prim_parameter *row = prim_parameter_find(&prim_request_parameters, short_name);
    ENSURE(row != NULL && row->place == PRIM_IN_HEADER, BAD_REQUEST,
           "no parameter \"%.*s\" stands in a header", BYTES_FMT(bytes_slice(short_name, 0, 40)));
    return prim_value_from_text(row, value, arena, request);
}
