/* SPDX-License-Identifier: Apache-2.0
 * Single parameters of a request as bindings find them: in a query, in a header.
 * TS-0009 6.2.2.2, 6.4; TS-0004 6.3.5.8. */
#include "prim/prim_int.h"

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
    if (bytes_equal(name, prim_attribute_list_row.short_name)) {
        struct prim_texts list = request->attribute_list;
        ENSURE(prim_is_text(value), BAD_REQUEST, "attribute list is not a text");
        TRY(prim_texts_ops.from_text(&prim_attribute_list_row, value, arena, &list));
        return prim_attribute_list_set(request, list);
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
