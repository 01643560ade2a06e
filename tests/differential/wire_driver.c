/* SPDX-License-Identifier: Apache-2.0
 * The C side of the differential test of wire: reads frames from standard input, one octet J, C or
 * X (JSON, CBOR, XML), four octets of length, the document; answers each with one octet, four
 * octets of length and text: E and the status, or O and the value as compact JSON, then, each with
 * its length, as CBOR, as indented JSON and as XML (nothing when it has no form in XML). */
#include <stdio.h>
#include <stdlib.h>

#include "wire/wire.h"

enum { INPUT_MOST = 1 << 24 };

static bool read_exactly(char *to, size_t size)
{
    return fread(to, 1, size, stdin) == size;
}

static void add_framed(struct buf *out, struct bytes text)
{
    const char length[4] = {(char)(text.len >> 24 & 0xff), (char)(text.len >> 16 & 0xff),
                            (char)(text.len >> 8 & 0xff), (char)(text.len & 0xff)};
    buf_add(out, bytes_of(length, sizeof(length)));
    buf_add(out, text);
}

static status decode(char format, struct bytes input, struct arena *arena,
                     struct wire_value **ret_value)
{
    static const struct wire_limits limits = {.depth = 64, .members = 4096, .values = 65536};
    switch (format) {
    case 'J':
        return wire_decode(WIRE_JSON, input, &limits, arena, ret_value);
    case 'C':
        return wire_decode(WIRE_CBOR, input, &limits, arena, ret_value);
    case 'X':
        return wire_xml_decode(input, &limits, arena, ret_value);
    default:
        FAIL(NOT_IMPLEMENTED, "frame of kind %c", format);
    }
}

static void add_text(struct buf *out, struct buf *text)
{
    must(is_ok(buf_check(text)));
    add_framed(out, buf_bytes(text));
    buf_clear(text);
}

static void answer(char format, struct bytes input, struct arena *arena, struct buf *out)
{
    static const char *const attributes[] = {"rn", "nm", "typ", NULL};
    struct wire_value *value;
    struct buf text;
    status result = decode(format, input, arena, &value);
    if (is_error(result)) {
        buf_add_char(out, 'E');
        add_framed(out, bytes_str(status_name(result)));
        return;
    }
    buf_add_char(out, 'O');
    buf_init(&text, SIZE_MAX);
    wire_encode(WIRE_JSON, value, &text);
    add_text(out, &text);
    wire_encode(WIRE_CBOR, value, &text);
    add_text(out, &text);
    wire_encode_pretty(value, false, &text);
    add_text(out, &text);
    wire_xml_encode(value, attributes, &text);
    if (status_is(buf_check(&text), STATUS_SYNTAX)) {
        buf_clear(&text);
    }
    add_text(out, &text);
    buf_fini(&text);
}

int main(void)
{
    struct arena *arena = arena_new(1U << 28);
    struct buf out;
    char head[5];
    must(arena != NULL);
    buf_init(&out, SIZE_MAX);
    while (read_exactly(head, sizeof(head))) {
        size_t length = (size_t)(unsigned char)head[1] << 24 |
                        (size_t)(unsigned char)head[2] << 16 | (size_t)(unsigned char)head[3] << 8 |
                        (size_t)(unsigned char)head[4];
        must(length <= INPUT_MOST);
        char *input = mem_alloc(length); /* of its own: a read past its end is seen */
        must(input != NULL && read_exactly(input, length));
        arena_reset(arena);
        buf_clear(&out);
        answer(head[0], bytes_of(input, length), arena, &out);
        must(is_ok(buf_check(&out)));
        must(fwrite(out.ptr, 1, out.len, stdout) == out.len);
        mem_free(input);
    }
    must(fflush(stdout) == 0);
    buf_fini(&out);
    arena_free(arena);
    return 0;
}
