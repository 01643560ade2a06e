/* SPDX-License-Identifier: Apache-2.0
 * Values that are numbers and booleans. TS-0004 6.3.2, 6.3.4. */
#include "prim/prim_int.h"

static status number_from_json(const struct prim_parameter *row, const struct wire_value *value,
                               int64_t *ret_number)
{
    ENSURE(wire_is(value, WIRE_INT), BAD_REQUEST, "%s is not a number", row->long_name);
    ENSURE(value->integer >= row->min && value->integer <= row->max, BAD_REQUEST,
           "%s is out of range: %lld", row->long_name, (long long)value->integer);
    *ret_number = value->integer;
    return OK;
}

static status number_from_text(const struct prim_parameter *row, struct bytes text,
                               int64_t *ret_number)
{
    uint64_t number;
    ENSURE(is_ok(bytes_to_u64(text, &number)) && number <= INT64_MAX, BAD_REQUEST,
           "%s is not a number", row->long_name);
    ENSURE((int64_t)number >= row->min && (int64_t)number <= row->max, BAD_REQUEST,
           "%s is out of range: %llu", row->long_name, (unsigned long long)number);
    *ret_number = (int64_t)number;
    return OK;
}

/* The same four functions for each width. */
#define NUMBER_OPS(width, c_type)                                                                  \
    static bool width##_is_present(const struct prim_parameter *row, const void *field)            \
    {                                                                                              \
        return *(const c_type *)field != (c_type)row->none;                                        \
    }                                                                                              \
    static status width##_from_json(const struct prim_parameter *row,                              \
                                    const struct wire_value *value, struct arena *arena,           \
                                    void *field)                                                   \
    {                                                                                              \
        int64_t number;                                                                            \
        (void)arena;                                                                               \
        TRY(number_from_json(row, value, &number));                                                \
        *(c_type *)field = (c_type)number;                                                         \
        return OK;                                                                                 \
    }                                                                                              \
    static status width##_from_text(const struct prim_parameter *row, struct bytes text,           \
                                    struct arena *arena, void *field)                              \
    {                                                                                              \
        int64_t number;                                                                            \
        (void)arena;                                                                               \
        TRY(number_from_text(row, text, &number));                                                 \
        *(c_type *)field = (c_type)number;                                                         \
        return OK;                                                                                 \
    }                                                                                              \
    static struct wire_value *width##_to_json(const struct prim_parameter *row, const void *field, \
                                              struct arena *arena)                                 \
    {                                                                                              \
        (void)row;                                                                                 \
        return wire_int(arena, (int64_t) * (const c_type *)field);                                 \
    }                                                                                              \
    const struct prim_kind_ops prim_##width##_ops = {.is_present = width##_is_present,             \
                                                     .from_json = width##_from_json,               \
                                                     .from_text = width##_from_text,               \
                                                     .to_json = width##_to_json};

NUMBER_OPS(u16, uint16_t)
NUMBER_OPS(u32, uint32_t)
NUMBER_OPS(u64, uint64_t)
NUMBER_OPS(i64, int64_t)

/* m2m:eventCat: three standard categories, and 100 to 999 for own ones. */
static status check_event(int64_t number)
{
    ENSURE(number <= 4 || number >= 100, BAD_REQUEST, "no event category %lld", (long long)number);
    return OK;
}

static status event_from_json(const struct prim_parameter *row, const struct wire_value *value,
                              struct arena *arena, void *field)
{
    int64_t number;
    (void)arena;
    TRY(number_from_json(row, value, &number));
    TRY(check_event(number));
    *(uint32_t *)field = (uint32_t)number;
    return OK;
}

static status event_from_text(const struct prim_parameter *row, struct bytes text,
                              struct arena *arena, void *field)
{
    int64_t number;
    (void)arena;
    TRY(number_from_text(row, text, &number));
    TRY(check_event(number));
    *(uint32_t *)field = (uint32_t)number;
    return OK;
}

static bool bool_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return *(const bool *)field;
}

static status bool_from_json(const struct prim_parameter *row, const struct wire_value *value,
                             struct arena *arena, void *field)
{
    (void)arena;
    ENSURE(wire_is(value, WIRE_BOOL), BAD_REQUEST, "%s is not a boolean", row->long_name);
    *(bool *)field = value->boolean;
    return OK;
}

static status bool_from_text(const struct prim_parameter *row, struct bytes text,
                             struct arena *arena, void *field)
{
    (void)arena;
    bool yes = bytes_is(text, "true") || bytes_is(text, "1");
    ENSURE(yes || bytes_is(text, "false") || bytes_is(text, "0"), BAD_REQUEST,
           "%s is not a boolean", row->long_name);
    *(bool *)field = yes;
    return OK;
}

static struct wire_value *bool_to_json(const struct prim_parameter *row, const void *field,
                                       struct arena *arena)
{
    (void)row;
    return wire_bool(arena, *(const bool *)field);
}

static status named_from_json(const struct prim_parameter *row, const struct wire_value *value,
                              struct arena *arena, void *field)
{
    (void)arena;
    ENSURE(!wire_is(value, WIRE_NULL), BAD_REQUEST, "%s is null", row->long_name);
    *(bool *)field = true;
    return OK;
}

static status named_from_text(const struct prim_parameter *row, struct bytes text,
                              struct arena *arena, void *field)
{
    (void)row;
    (void)text;
    (void)arena;
    *(bool *)field = true;
    return OK;
}

const struct prim_kind_ops prim_event_ops = {.is_present = u32_is_present,
                                             .from_json = event_from_json,
                                             .from_text = event_from_text,
                                             .to_json = u32_to_json};
const struct prim_kind_ops prim_bool_ops = {.is_present = bool_is_present,
                                            .from_json = bool_from_json,
                                            .from_text = bool_from_text,
                                            .to_json = bool_to_json};
const struct prim_kind_ops prim_named_ops = {.is_present = bool_is_present,
                                             .from_json = named_from_json,
                                             .from_text = named_from_text,
                                             .repeats = true};
