/* SPDX-License-Identifier: Apache-2.0
 * XML content from any bytes: what gets the JSON form writes to XML that reads and writes to the
 * same text; checking it never does more than refuse. TS-0004 7.3.3.3, 7.3.3.4, 8.3. */
#include "type/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct wire_limits limits = {.depth = 40, .members = 300, .values = 5000};
/* What is written may need a level more for an attribute that comes back as an element. */
static const struct wire_limits limits_again = {.depth = 60, .members = 5000, .values = 50000};

static bool write(const struct wire_value *value, struct arena *arena, struct buf *out)
{
    buf_init(out, 1u << 22);
    status result = type_to_xml(value, arena, out);
    must(is_ok(result) || status_is(result, STATUS_NOT_ACCEPTABLE) ||
         status_is(result, STATUS_LIMIT) || status_is(result, STATUS_NO_MEMORY));
    return is_ok(result);
}

static void check_again(const struct wire_value *value, struct arena *arena)
{
    struct buf first;
    struct buf second;
    struct wire_value *again;
    bool is_written = write(value, arena, &first);
    if (is_written) {
        must(is_ok(wire_xml_decode(buf_bytes(&first), &limits_again, arena, &again)));
        must(is_ok(type_from_xml(again, arena)));
        must(write(again, arena, &second));
        must(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
        buf_fini(&second);
    }
    buf_fini(&first);
}

static void check_resource(const struct wire_value *value)
{
    const struct type_options options = {.release = 4};
    const struct wire_value *only = wire_only_member(value);
    const struct type_resource *type = type_by_member(only->name);
    const struct type_data *wrapper = type_wrapper_by_member(only->name);
    must((type == NULL) != (wrapper == NULL));
    status result =
        type == NULL ? type_check_value(wrapper, only) : type_check_create(type, only, &options);
    must(is_ok(result) || status_is(result, STATUS_BAD_REQUEST) ||
         status_is(result, STATUS_NOT_IMPLEMENTED));
    if (type != NULL) {
        result = type_check_update(type, only, &options);
        must(is_ok(result) || status_is(result, STATUS_BAD_REQUEST) ||
             status_is(result, STATUS_NOT_IMPLEMENTED));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_value *value;
    struct arena *arena = arena_new(1u << 26);
    must(arena != NULL);
    if (is_ok(wire_xml_decode(bytes_of(data, size), &limits, arena, &value)) &&
        is_ok(type_from_xml(value, arena))) {
        check_resource(value);
        check_again(value, arena);
    }
    arena_free(arena);
    return 0;
}
