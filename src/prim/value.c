/* SPDX-License-Identifier: Apache-2.0
 * One parameter value, whatever its kind: a jump table by kind. TS-0004 8.4.2. */
#include "prim/prim_int.h"

static bool is_never_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    (void)field;
    return false;
}

static status refuse_json(const struct prim_parameter *row, const struct wire_value *value,
                          struct arena *arena, void *field)
{
    (void)value;
    (void)arena;
    (void)field;
    FAIL(NOT_IMPLEMENTED, "%s is not supported", row->long_name);
}

static status refuse_text(const struct prim_parameter *row, struct bytes text, struct arena *arena,
                          void *field)
{
    (void)text;
    (void)arena;
    (void)field;
    FAIL(NOT_IMPLEMENTED, "%s is not supported", row->long_name);
}

static status ignore_json(const struct prim_parameter *row, const struct wire_value *value,
                          struct arena *arena, void *field)
{
    (void)row;
    (void)value;
    (void)arena;
    (void)field;
    return OK;
}

static const struct prim_kind_ops unsupported_ops = {
    .is_present = is_never_present, .from_json = refuse_json, .from_text = refuse_text};
static const struct prim_kind_ops ignored_ops = {.is_present = is_never_present,
                                                 .from_json = ignore_json};

static const struct prim_kind_ops *const kinds[PRIM_KIND_COUNT] = {
    [PRIM_KIND_TEXT] = &prim_text_ops,
    [PRIM_KIND_TIMESTAMP] = &prim_timestamp_ops,
    [PRIM_KIND_ABS_REL] = &prim_abs_rel_ops,
    [PRIM_KIND_TIME] = &prim_time_ops,
    [PRIM_KIND_U16] = &prim_u16_ops,
    [PRIM_KIND_U32] = &prim_u32_ops,
    [PRIM_KIND_EVENT] = &prim_event_ops,
    [PRIM_KIND_U64] = &prim_u64_ops,
    [PRIM_KIND_I64] = &prim_i64_ops,
    [PRIM_KIND_BOOL] = &prim_bool_ops,
    [PRIM_KIND_TEXTS] = &prim_texts_ops,
    [PRIM_KIND_MEDIA] = &prim_media_ops,
    [PRIM_KIND_NUMBERS] = &prim_numbers_ops,
    [PRIM_KIND_CONTENT] = &prim_content_ops,
    [PRIM_KIND_RESPONSE_TYPE] = &prim_response_type_ops,
    [PRIM_KIND_FILTER] = &prim_filter_ops,
    [PRIM_KIND_ATTRIBUTES] = &prim_attributes_ops,
    [PRIM_KIND_NAMED] = &prim_named_ops,
    [PRIM_KIND_UNSUPPORTED] = &unsupported_ops,
    [PRIM_KIND_IGNORED] = &ignored_ops,
};

static void set_flag(const struct prim_parameter *row, void *record)
{
    if (row->has_offset != row->offset) {
        *(bool *)((char *)record + row->has_offset) = true;
    }
}

bool prim_value_is_present(const struct prim_parameter *row, const void *record)
{
    if (row->has_offset != row->offset) {
        return *(const bool *)((const char *)record + row->has_offset);
    }
    return kinds[row->kind]->is_present(row, (const char *)record + row->offset);
}

status prim_value_from_json(const struct prim_parameter *row, const struct wire_value *value,
                            struct arena *arena, void *record)
{
    TRY(kinds[row->kind]->from_json(row, value, arena, (char *)record + row->offset));
    set_flag(row, record);
    return OK;
}

status prim_value_from_text(const struct prim_parameter *row, struct bytes text,
                            struct arena *arena, void *record)
{
    const struct prim_kind_ops *ops = kinds[row->kind];
    ENSURE(ops->from_text != NULL, BAD_REQUEST, "%s has no form as text", row->long_name);
    ENSURE(ops->repeats || !prim_value_is_present(row, record), BAD_REQUEST, "%s is given twice",
           row->long_name);
    ENSURE(prim_is_text(text), BAD_REQUEST, "%s is not a text", row->long_name);
    TRY(ops->from_text(row, text, arena, (char *)record + row->offset));
    set_flag(row, record);
    return OK;
}

bool prim_value_is_encoded(const struct prim_parameter *row)
{
    return kinds[row->kind]->to_json != NULL;
}

struct wire_value *prim_value_to_json(const struct prim_parameter *row, const void *record,
                                      struct arena *arena)
{
    return kinds[row->kind]->to_json(row, (const char *)record + row->offset, arena);
}

void prim_parameters_clear(const struct prim_parameters *parameters, void *record)
{
    for (size_t i = 0; i < parameters->count; i++) {
        const struct prim_parameter *row = &parameters->rows[i];
        char *field = (char *)record + row->offset;
        if (row->kind == PRIM_KIND_I64) {
            *(int64_t *)(void *)field = row->none;
        } else if (row->kind == PRIM_KIND_U32) {
            *(uint32_t *)(void *)field = (uint32_t)row->none;
        }
    }
}
