/* SPDX-License-Identifier: Apache-2.0
 * Trees as CBOR: shortest heads, definite lengths (RFC 8949 4.1); floats in 32 or 64 bits and never
 * in 16, as TS-0004 8.5.1 rules. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "wire/wire_int.h"

enum { HEAD_MOST = 9, UNSIGNED = 0, NEGATIVE = 1, TEXT = 3, ARRAY = 4, MAP = 5 };

static char *put_octets(char *to, uint64_t value, unsigned count)
{
    for (unsigned i = count; i > 0; i--) {
        *to++ = (char)(unsigned char)(value >> (8 * (i - 1)));
    }
    return to;
}

static char *put_head(char *to, unsigned major, uint64_t argument)
{
    unsigned first = major << 5;
    if (argument < 24) {
        *to++ = (char)(unsigned char)(first | (unsigned)argument);
        return to;
    }
    unsigned size = argument <= UINT8_MAX    ? 0
                    : argument <= UINT16_MAX ? 1
                    : argument <= UINT32_MAX ? 2
                                             : 3; /* power of two */
    *to++ = (char)(unsigned char)(first | (24 + size));
    return put_octets(to, argument, 1U << size);
}

static size_t head_size(uint64_t argument)
{
    return argument < 24            ? 1
           : argument <= UINT8_MAX  ? 2
           : argument <= UINT16_MAX ? 3
           : argument <= UINT32_MAX ? 5
                                    : HEAD_MOST;
}

static void write_head(unsigned major, uint64_t argument, struct buf *out)
{
    size_t size = head_size(argument);
    char *to = buf_reserve(out, size);
    if (to != NULL) {
        (void)put_head(to, major, argument);
        out->len += size;
    }
}

static void write_text(struct bytes text, struct buf *out)
{
    size_t head_len = head_size(text.len);
    if (!bytes_is_utf8(text)) {
        wire_buf_fail(out, STATUS_SYNTAX);
        return;
    }
    char *to = text.len > SIZE_MAX - HEAD_MOST ? NULL : buf_reserve(out, head_len + text.len);
    if (to == NULL) {
        return;
    }
    to = put_head(to, TEXT, text.len);
    if (text.len > 0) {
        memcpy(to, text.ptr, text.len);
    }
    out->len += head_len + text.len;
}

static void write_real(double real, struct buf *out)
{
    char octets[HEAD_MOST];
    char *to = octets;
    if (!isfinite(real)) {
        wire_buf_fail(out, STATUS_SYNTAX);
        return;
    }
    float single = fabs(real) <= (double)FLT_MAX ? (float)real : 0.0F;
    if ((double)single == real) {
        uint32_t bits;
        memcpy(&bits, &single, sizeof(bits));
        *to++ = (char)(unsigned char)0xfa;
        to = put_octets(to, bits, sizeof(bits));
    } else {
        uint64_t bits;
        memcpy(&bits, &real, sizeof(bits));
        *to++ = (char)(unsigned char)0xfb;
        to = put_octets(to, bits, sizeof(bits));
    }
    buf_add(out, bytes_of(octets, (size_t)(to - octets)));
}

static void write_at(const struct wire_value *value, struct buf *out, unsigned depth)
{
    switch (value->kind) {
    case WIRE_NULL:
        buf_add_char(out, (char)(unsigned char)0xf6);
        return;
    case WIRE_BOOL:
        buf_add_char(out, (char)(unsigned char)(value->boolean ? 0xf5 : 0xf4));
        return;
    case WIRE_INT:
        if (value->integer < 0) {
            write_head(NEGATIVE, ~(uint64_t)value->integer, out);
        } else {
            write_head(UNSIGNED, (uint64_t)value->integer, out);
        }
        return;
    case WIRE_UINT:
        write_head(UNSIGNED, value->unsigned_integer, out);
        return;
    case WIRE_REAL:
        write_real(value->real, out);
        return;
    case WIRE_STRING:
        write_text(value->string, out);
        return;
    case WIRE_ARRAY:
    case WIRE_OBJECT:
        if (depth >= WIRE_DEPTH_MOST) {
            wire_buf_fail(out, STATUS_LIMIT);
            return;
        }
        write_head(value->kind == WIRE_ARRAY ? ARRAY : MAP, value->count, out);
        break;
    }
    WIRE_FOR_EACH (child, value) {
        if (value->kind == WIRE_OBJECT) {
            write_text(child->name, out);
        }
        write_at(child, out, depth + 1);
    }
}

void wire_cbor_write(const struct wire_value *value, struct buf *out)
{
    write_at(value, out, 0);
}
