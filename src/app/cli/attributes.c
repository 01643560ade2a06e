/* SPDX-License-Identifier: Apache-2.0
 * Attributes from the command line: a JSON object, or name=value words. */
#include <stdio.h>

#include "app/cli/cli_int.h"

enum { INPUT_MOST = 16 << 20 };

static const struct wire_limits cli_limits = {.depth = 64, .members = 65536, .values = 1000000};

static status read_standard_input(struct arena *arena, struct bytes *ret_text)
{
    struct buf text;
    char chunk[4096];
    size_t got;
    buf_init(&text, INPUT_MOST);
    while ((got = fread(chunk, 1, sizeof(chunk), stdin)) > 0) {
        buf_add(&text, bytes_of(chunk, got));
    }
    status result = buf_check(&text);
    *ret_text = arena_dup(arena, buf_bytes(&text));
    buf_fini(&text);
    return result;
}

static status object_of(struct bytes text, struct arena *arena, struct wire_value **ret_object)
{
    struct wire_value *object;
    TRY(wire_decode(WIRE_JSON, text, &cli_limits, arena, &object));
    ENSURE(object->kind == WIRE_OBJECT, SYNTAX, "a JSON object expected");
    /* {"m2m:cnt":{...}} means the same as {...} */
    struct wire_value *only = wire_only_member(object);
    if (only != NULL && only->kind == WIRE_OBJECT && bytes_find(only->name, ':') < only->name.len) {
        object = only;
    }
    *ret_object = object;
    return OK;
}

/* JSON if it is JSON, else text. */
static struct wire_value *value_of(struct bytes text, struct arena *arena)
{
    struct wire_value *value;
    if (is_ok(wire_decode(WIRE_JSON, text, &cli_limits, arena, &value))) {
        return value;
    }
    return wire_string(arena, text);
}

status cli_attributes(const struct bytes *words, size_t count, struct arena *arena,
                      struct wire_value **ret_attributes)
{
    struct wire_value *attributes = wire_object(arena);
    if (count == 1 && (bytes_is(words[0], "-") || bytes_starts_with(words[0], BYTES("{")))) {
        struct bytes text = words[0];
        if (bytes_is(text, "-")) {
            TRY(read_standard_input(arena, &text));
        }
        return object_of(text, arena, ret_attributes);
    }
    for (size_t i = 0; i < count; i++) {
        struct bytes value = words[i];
        struct bytes name = bytes_cut(&value, '=');
        ENSURE(value.ptr != NULL, SYNTAX, "%.*s is neither JSON nor name=value",
               BYTES_FMT(words[i]));
        ENSURE(wire_set(attributes, name, value_of(value, arena)) != NULL, NO_MEMORY, "attributes");
    }
    ENSURE(attributes != NULL, NO_MEMORY, "attributes");
    *ret_attributes = attributes;
    return OK;
}

const struct type_resource *cli_type_of(struct bytes word)
{
    uint64_t number;
    if (is_ok(bytes_to_u64(word, &number))) {
        return number <= UINT32_MAX ? type_by_number((uint32_t)number) : NULL;
    }
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        struct bytes member = bytes_str(type->member);
        struct bytes short_name = bytes_from(member, bytes_find(member, ':') + 1);
        if (bytes_is(word, type->name) || bytes_equal(word, member) ||
            bytes_equal(word, short_name)) {
            return type;
        }
    }
    return NULL;
}
