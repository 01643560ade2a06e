/* SPDX-License-Identifier: Apache-2.0
 * Request primitives: their JSON form. TS-0004 6.4.1, 8.2.2, 8.4. */
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

status prim_attribute_list_set(struct prim_request *request, struct prim_texts list)
{
    ENSURE(list.count > 0, BAD_REQUEST, "attribute list is empty");
    for (size_t i = 0; i < list.count; i++) {
        ENSURE(prim_is_resource_name(list.items[i]), BAD_REQUEST,
               "attribute list has a member that is no name");
    }
    request->attribute_list = list;
    return OK;
}

const struct prim_parameter prim_attribute_list_row = {
    .short_name = {"atrl", 4}, .long_name = "attributeList", .kind = PRIM_KIND_TEXTS};

/* The content of a partial RETRIEVE moves to attribute_list (TS-0004 7.3.3.6). */
static status take_attribute_list(struct prim_request *request, struct arena *arena)
{
    const struct wire_value *list = wire_get(request->content, BYTES("m2m:atrl"));
    if (request->operation != PRIM_RETRIEVE || list == NULL) {
        return OK;
    }
    struct prim_texts texts = {0};
    TRY(prim_texts_ops.from_json(&prim_attribute_list_row, list, arena, &texts));
    TRY(prim_attribute_list_set(request, texts));
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
                    prim_texts_ops.to_json(&prim_attribute_list_row, list, arena)) != NULL &&
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
