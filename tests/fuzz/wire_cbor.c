/* SPDX-License-Identifier: Apache-2.0
 * CBOR from any bytes: what decodes, encodes to CBOR, no longer than it was, and to JSON that
 * decode to the same tree. RFC 8949, TS-0004 8.5. */
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct wire_limits limits = {.depth = 64, .members = 300, .values = 20000};

static size_t check_again(enum wire_format format, const struct wire_value *value,
                          struct arena *arena)
{
    struct wire_value *again;
    struct buf out;
    buf_init(&out, 1U << 24);
    wire_encode(format, value, &out);
    must(is_ok(buf_check(&out)));
    must(is_ok(wire_decode(format, buf_bytes(&out), &limits, arena, &again)));
    must(wire_equal(value, again));
    size_t length = out.len;
    buf_fini(&out);
    return length;
}

/* By how many octets the encoding may grow: a half float by two (TS-0004 8.5.1 has none), an
 * indefinite length of two octets by one when a definite one needs three. */
static size_t growth(const struct wire_value *value, unsigned depth)
{
    bool is_long = (value->kind == WIRE_ARRAY || value->kind == WIRE_OBJECT) && value->count > 255;
    size_t octets = value->kind == WIRE_REAL ? 2 : 0;
    must(depth <= limits.depth);
    WIRE_FOR_EACH (child, value) {
        octets += growth(child, depth + 1);
    }
    return octets + (is_long ? 1 : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_value *value;
    struct arena *arena = arena_new(1U << 28);
    must(arena != NULL);
    if (is_ok(wire_decode(WIRE_CBOR, bytes_of(data, size), &limits, arena, &value))) {
        must(check_again(WIRE_CBOR, value, arena) <= size + growth(value, 0));
        must(check_again(WIRE_JSON, value, arena) > 0);
    }
    arena_free(arena);
    return 0;
}
