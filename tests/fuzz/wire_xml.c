/* SPDX-License-Identifier: Apache-2.0
 * XML from any bytes: what decodes and can be encoded decodes to the same tree. XML 1.0,
 * TS-0004 8.3. */
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct wire_limits limits = {.depth = 64, .members = 300, .values = 20000};

/* One level more: an attribute may come back as an element. */
static const struct wire_limits limits_again = {.depth = 65, .members = 300, .values = 20000};

/* Equal, repeated names in their order, an empty attribute being an empty element. */
static bool same(const struct wire_value *a, const struct wire_value *b, unsigned depth)
{
    must(depth <= limits_again.depth);
    bool empty = a->kind == WIRE_STRING && a->string.len == 0;
    if (b->kind != (empty ? WIRE_NULL : a->kind) || a->count != b->count ||
        !bytes_equal(a->name, b->name) ||
        (!empty && !bytes_equal(wire_get_string(a), wire_get_string(b)))) {
        return false;
    }
    const struct wire_value *y = b->first;
    for (const struct wire_value *x = a->first; x != NULL; x = x->next, y = y->next) {
        if (!same(x, y, depth + 1)) {
            return false;
        }
    }
    return true;
}

static void check_again(const struct wire_value *value, const char *const *attributes,
                        struct arena *arena)
{
    struct wire_value *again;
    struct buf out;
    buf_init(&out, 1U << 24);
    wire_xml_encode(value, attributes, &out);
    if (!status_is(buf_check(&out), STATUS_SYNTAX)) { /* else a name beyond what oneM2M has */
        must(is_ok(buf_check(&out)));
        must(is_ok(wire_xml_decode(buf_bytes(&out), &limits_again, arena, &again)));
        /* with a list of attributes, some may have moved before the elements */
        must(attributes == NULL ? same(value, again, 0) : again->count == 1);
    }
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const attributes[] = {"rn", "nm", "typ", NULL};
    struct wire_value *value;
    struct arena *arena = arena_new(1U << 28);
    must(arena != NULL);
    if (is_ok(wire_xml_decode(bytes_of(data, size), &limits, arena, &value))) {
        check_again(value, NULL, arena);
        check_again(value, attributes, arena);
    }
    arena_free(arena);
    return 0;
}
