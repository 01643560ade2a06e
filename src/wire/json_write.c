/* SPDX-License-Identifier: Apache-2.0
 * Trees as compact JSON. RFC 8259, TS-0004 8.4.2. */
#include <math.h>
#include <string.h>

#include "wire/wire_int.h"

enum { NUMBER_MOST = 32 };

/* 0: as it is; 'u': as \u00xx; else the letter behind the backslash. */
static const char escape_of[256] = {
    ['\0'] = 'u', [1] = 'u',    [2] = 'u',    [3] = 'u',    [4] = 'u',   [5] = 'u',    [6] = 'u',
    [7] = 'u',    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', [11] = 'u',  ['\f'] = 'f', ['\r'] = 'r',
    [14] = 'u',   [15] = 'u',   [16] = 'u',   [17] = 'u',   [18] = 'u',  [19] = 'u',   [20] = 'u',
    [21] = 'u',   [22] = 'u',   [23] = 'u',   [24] = 'u',   [25] = 'u',  [26] = 'u',   [27] = 'u',
    [28] = 'u',   [29] = 'u',   [30] = 'u',   [31] = 'u',   ['"'] = '"', ['\\'] = '\\'};

static void write_escape(unsigned char octet, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\', escape_of[octet], '0', '0', digits[octet >> 4], digits[octet & 15]};
    buf_add(out, bytes_of(text, text[1] == 'u' ? 6 : 2));
}

/* How far text needs no escape; *seen gets all octets or-ed. */
static size_t plain_run(struct bytes text, unsigned char *seen)
{
    size_t at = 0;
    while (at < text.len && escape_of[(unsigned char)text.ptr[at]] == 0) {
        *seen |= (unsigned char)text.ptr[at];
        at++;
    }
    return at;
}

/* What stands before, the quotes, the text as far as nothing is escaped, and what follows are
 * written at once; a text with escapes goes on piece by piece. */
static void write_string(struct bytes before, struct bytes text, struct bytes tail, struct buf *out)
{
    unsigned char seen = 0;
    size_t run = plain_run(text, &seen);
    size_t around = before.len + tail.len + 2;
    char *to = text.len > SIZE_MAX / 2 ? NULL : buf_reserve(out, text.len + around);
    if (to == NULL) {
        return;
    }
    memcpy(to, before.ptr, before.len);
    to += before.len;
    *to++ = '"';
    memcpy(to, run == 0 ? "" : text.ptr, run);
    if (run == text.len) {
        to[run] = '"';
        memcpy(to + run + 1, tail.ptr, tail.len);
        out->len += run + around;
    } else {
        out->len += before.len + 1 + run;
        for (struct bytes rest = bytes_from(text, run); rest.len > 0;) {
            write_escape((unsigned char)rest.ptr[0], out);
            rest = bytes_from(rest, 1);
            run = plain_run(rest, &seen);
            buf_add(out, bytes_slice(rest, 0, run));
            rest = bytes_from(rest, run);
        }
        buf_add_char(out, '"');
        buf_add(out, tail);
    }
    if (seen >= 0x80 && !bytes_is_utf8(text)) {
        wire_buf_fail(out, STATUS_SYNTAX);
    }
}

void wire_json_write_string(struct bytes string, struct buf *out)
{
    write_string(BYTES(""), string, BYTES(""), out);
}

static void write_real(double real, struct buf *out)
{
    char text[WIRE_REAL_SIZE];
    if (!isfinite(real)) {
        wire_buf_fail(out, STATUS_SYNTAX);
        return;
    }
    buf_add(out, bytes_of(text, wire_real_format(real, text)));
}

void wire_json_write_plain(const struct wire_value *value, struct buf *out)
{
    switch (value->kind) {
    case WIRE_NULL:
        buf_add(out, BYTES("null"));
        return;
    case WIRE_BOOL:
        buf_add(out, value->boolean ? BYTES("true") : BYTES("false"));
        return;
    case WIRE_INT:
        buf_add_i64(out, value->integer);
        return;
    case WIRE_UINT:
        buf_add_u64(out, value->unsigned_integer);
        return;
    case WIRE_REAL:
        write_real(value->real, out);
        return;
    case WIRE_STRING:
    case WIRE_ARRAY:
    case WIRE_OBJECT:
        break;
    }
    must(value->kind < WIRE_STRING); /* others have forms of their own */
}

static void write_at(const struct wire_value *value, struct buf *out, unsigned depth)
{
    bool object = value->kind == WIRE_OBJECT;
    if (value->kind == WIRE_STRING) {
        write_string(BYTES(""), value->string, BYTES(""), out);
        return;
    }
    if (!object && value->kind != WIRE_ARRAY) {
        wire_json_write_plain(value, out);
        return;
    }
    if (depth >= WIRE_DEPTH_MOST) {
        wire_buf_fail(out, STATUS_LIMIT);
        return;
    }
    if (!object || value->first == NULL) {
        buf_add_char(out, object ? '{' : '[');
    }
    WIRE_FOR_EACH (child, value) {
        if (object) {
            write_string(child == value->first ? BYTES("{") : BYTES(","), child->name, BYTES(":"),
                         out);
        } else if (child != value->first) {
            buf_add_char(out, ',');
        }
        write_at(child, out, depth + 1);
    }
    buf_add_char(out, object ? '}' : ']');
}

void wire_json_write(const struct wire_value *value, struct buf *out)
{
    write_at(value, out, 0);
}
