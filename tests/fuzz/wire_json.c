/* SPDX-License-Identifier: Apache-2.0
 * JSON from any bytes: what decodes, encodes to JSON and to CBOR that decode to the same tree.
 * RFC 8259, TS-0004 8.4. */
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct wire_limits limits = {.depth = 64, .members = 300, .values = 20000};

static void check_again(enum wire_format format, const struct wire_value *value,
                        struct arena *arena)
{
    struct wire_value *again;
    struct buf out;
    buf_init(&out, 1U << 24);
    wire_encode(format, value, &out);
    must(is_ok(buf_check(&out)));
    must(is_ok(wire_decode(format, buf_bytes(&out), &limits, arena, &again)));
    must(wire_equal(value, again));
    buf_fini(&out);
}

static void check_pretty(const struct wire_value *value, struct arena *arena)
{
    struct wire_value *again;
    struct buf out;
    buf_init(&out, 1U << 26);
    wire_encode_pretty(value, false, &out);
    must(is_ok(buf_check(&out)));
    must(is_ok(wire_decode(WIRE_JSON, buf_bytes(&out), &limits, arena, &again)));
    must(wire_equal(value, again));
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_value *value;
    struct arena *arena = arena_new(1U << 28);
    must(arena != NULL);
    if (is_ok(wire_decode(WIRE_JSON, bytes_of(data, size), &limits, arena, &value))) {
        check_again(WIRE_JSON, value, arena);
        check_again(WIRE_CBOR, value, arena);
        check_pretty(value, arena);
        struct wire_value *copy = wire_dup(arena, value);
        must(copy != NULL && wire_equal(copy, value));
    }
    arena_free(arena);
    return 0;
}
