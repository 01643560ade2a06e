/* SPDX-License-Identifier: Apache-2.0
 * Resources and content in JSON or CBOR, the first octet choosing: checks accept or refuse, what is
 * accepted can be merged, read and written as XML or refused as such. TS-0004 7.3.3.3, 7.3.3.4,
 * 8.3, 8.4. */
#include "type/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_verdict(status result)
{
    return is_ok(result) || status_is(result, STATUS_BAD_REQUEST) ||
           status_is(result, STATUS_NOT_IMPLEMENTED);
}

static void check_xml(const struct wire_value *value, struct arena *arena)
{
    struct buf out;
    buf_init(&out, 1u << 22);
    status result = type_to_xml(value, arena, &out);
    must(is_ok(result) || status_is(result, STATUS_NOT_ACCEPTABLE) ||
         status_is(result, STATUS_LIMIT) || status_is(result, STATUS_NO_MEMORY));
    buf_fini(&out);
}

static void check_resource(const struct type_resource *type, struct wire_value *resource,
                           struct arena *arena)
{
    struct type_options options = {.release = 3};
    status old = type_check_create(type, resource, &options);
    options.release = 5;
    status new = type_check_create(type, resource, &options);
    status update = type_check_update(type, resource, &options);
    must(is_verdict(old) && is_verdict(new) && is_verdict(update));
    if (is_ok(update)) {
        struct wire_value *before = wire_object(arena);
        must(before != NULL && is_ok(type_merge(before, resource, arena)));
        for (const struct wire_value *m = resource->first; m != NULL; m = m->next) {
            must((wire_get(before, m->name) == NULL) == (m->kind == WIRE_NULL));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wire_limits limits = {.depth = 40, .members = 300, .values = 5000};
    struct arena *arena = arena_new(1u << 26);
    struct wire_value *value;
    must(arena != NULL);
    enum wire_format format = size > 0 && (data[0] & 1) != 0 ? WIRE_CBOR : WIRE_JSON;
    if (size > 0 &&
        is_ok(wire_decode(format, bytes_of(data + 1, size - 1), &limits, arena, &value))) {
        struct wire_value *only = wire_only_member(value);
        const struct type_resource *type = only == NULL ? NULL : type_by_member(only->name);
        const struct type_data *data_type =
            only == NULL ? NULL : type_wrapper_by_member(only->name);
        if (type != NULL) {
            check_resource(type, only, arena);
        }
        must(data_type == NULL || is_verdict(type_check_value(data_type, only)));
        if (only != NULL) {
            check_xml(value, arena);
        }
    }
    arena_free(arena);
    return 0;
}
