/* SPDX-License-Identifier: Apache-2.0
 * Values that are texts: plain ones and times. TS-0004 6.3.3. */
#include "prim/prim_int.h"

static status take_string(const struct prim_parameter *row, const struct wire_value *value,
                          struct bytes *ret_text)
{
    ENSURE(wire_is(value, WIRE_STRING), BAD_REQUEST, "%s is not a text", row->long_name);
    ENSURE(prim_is_text(value->string), BAD_REQUEST, "%s has a control character", row->long_name);
    *ret_text = value->string;
    return OK;
}

static bool text_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return ((const struct bytes *)field)->ptr != NULL;
}

static status text_from_json(const struct prim_parameter *row, const struct wire_value *value,
                             struct arena *arena, void *field)
{
    (void)arena;
    return take_string(row, value, field);
}

static status text_from_text(const struct prim_parameter *row, struct bytes text,
                             struct arena *arena, void *field)
{
    struct bytes copy = arena_dup(arena, text.ptr == NULL ? BYTES("") : text);
    ENSURE(copy.ptr != NULL, NO_MEMORY, "%s", row->long_name);
    *(struct bytes *)field = copy;
    return OK;
}

static struct wire_value *text_to_json(const struct prim_parameter *row, const void *field,
                                       struct arena *arena)
{
    (void)row;
    return wire_string(arena, *(const struct bytes *)field);
}

static status check_timestamp(const struct prim_parameter *row, struct bytes text)
{
    int64_t usec;
    ENSURE(is_ok(timestamp_parse(text, &usec)), BAD_REQUEST, "%s is not a timestamp",
           row->long_name);
    return OK;
}

static status check_abs_rel(const struct prim_parameter *row, struct bytes text)
{
    int64_t usec;
    ENSURE(is_ok(timestamp_parse_abs_rel(text, 0, &usec)), BAD_REQUEST,
           "%s is neither a timestamp nor milliseconds", row->long_name);
    return OK;
}

static status timestamp_from_json(const struct prim_parameter *row, const struct wire_value *value,
                                  struct arena *arena, void *field)
{
    (void)arena;
    struct bytes text;
    TRY(take_string(row, value, &text));
    TRY(check_timestamp(row, text));
    *(struct bytes *)field = text;
    return OK;
}

static status timestamp_from_text(const struct prim_parameter *row, struct bytes text,
                                  struct arena *arena, void *field)
{
    TRY(check_timestamp(row, text));
    return text_from_text(row, text, arena, field);
}

/* Relative times also come as JSON numbers: the other half of the union type. */
static status abs_rel_from_json(const struct prim_parameter *row, const struct wire_value *value,
                                struct arena *arena, void *field)
{
    struct bytes text;
    if (wire_is(value, WIRE_INT)) {
        text = arena_printf(arena, "%lld", (long long)value->integer);
        ENSURE(text.ptr != NULL, NO_MEMORY, "%s", row->long_name);
    } else {
        TRY(take_string(row, value, &text));
    }
    TRY(check_abs_rel(row, text));
    *(struct bytes *)field = text;
    return OK;
}

static status abs_rel_from_text(const struct prim_parameter *row, struct bytes text,
                                struct arena *arena, void *field)
{
    TRY(check_abs_rel(row, text));
    return text_from_text(row, text, arena, field);
}

static bool time_is_present(const struct prim_parameter *row, const void *field)
{
    return *(const int64_t *)field != row->none;
}

/* Nothing here is as old as the epoch, so its first microsecond stands for all before it. */
static status set_time(const struct prim_parameter *row, struct bytes text, int64_t *field)
{
    int64_t usec;
    ENSURE(is_ok(timestamp_parse(text, &usec)), BAD_REQUEST, "%s is not a timestamp",
           row->long_name);
    *field = usec <= 0 ? 1 : usec;
    return OK;
}

static status time_from_json(const struct prim_parameter *row, const struct wire_value *value,
                             struct arena *arena, void *field)
{
    (void)arena;
    struct bytes text;
    TRY(take_string(row, value, &text));
    return set_time(row, text, field);
}

static status time_from_text(const struct prim_parameter *row, struct bytes text,
                             struct arena *arena, void *field)
{
    (void)arena;
    return set_time(row, text, field);
}

static struct wire_value *time_to_json(const struct prim_parameter *row, const void *field,
                                       struct arena *arena)
{
    (void)row;
    int64_t usec = *(const int64_t *)field;
    char text[TIMESTAMP_SIZE];
    size_t size = timestamp_format(usec, usec % USEC_PER_SEC != 0, text);
    struct bytes copy = arena_dup(arena, bytes_of(text, size));
    return copy.ptr == NULL ? NULL : wire_string(arena, copy);
}

const struct prim_kind_ops prim_text_ops = {.is_present = text_is_present,
                                            .from_json = text_from_json,
                                            .from_text = text_from_text,
                                            .to_json = text_to_json};
const struct prim_kind_ops prim_timestamp_ops = {.is_present = text_is_present,
                                                 .from_json = timestamp_from_json,
                                                 .from_text = timestamp_from_text,
                                                 .to_json = text_to_json};
const struct prim_kind_ops prim_abs_rel_ops = {.is_present = text_is_present,
                                               .from_json = abs_rel_from_json,
                                               .from_text = abs_rel_from_text,
                                               .to_json = text_to_json};
const struct prim_kind_ops prim_time_ops = {.is_present = time_is_present,
                                            .from_json = time_from_json,
                                            .from_text = time_from_text,
                                            .to_json = time_to_json};
