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

/* Copies text as far as it needs no escape and says how far; *seen gets all octets or-ed. */
static size_t copy_plain(char *to, struct bytes text, uint64_t *seen)
{
    uint64_t word;
    size_t at = 0;
    while (text.len - at >= sizeof(word)) {
        memcpy(&word, text.ptr + at, sizeof(word));
        if (wire_json_special(word)) {
            break;
        }
        memcpy(to + at, &word, sizeof(word));
        *seen |= word;
        at += sizeof(word);
    }
    while (at < text.len && escape_of[(unsigned char)text.ptr[at]] == 0) {
        *seen |= (unsigned char)text.ptr[at];
        to[at] = text.ptr[at];
        at++;
    }
    return at;
}

/* The rest of a string, which begins with an octet to escape. */
static void write_escaped(struct bytes rest, uint64_t *seen, struct buf *out)
{
    while (rest.len > 0) {
        write_escape((unsigned char)rest.ptr[0], out);
        rest = bytes_from(rest, 1);
        char *to = buf_reserve(out, rest.len);
        size_t run = to == NULL ? rest.len : copy_plain(to, rest, seen);
        out->len += to == NULL ? 0 : run;
        rest = bytes_from(rest, run);
    }
}

/* A character before unless it is NUL, then the string with its quotes. */
static void write_string(char before, struct bytes text, struct buf *out)
{
    uint64_t seen = 0;
    char *start = text.len > SIZE_MAX / 2 ? NULL : buf_reserve(out, text.len + 2 + (before != 0));
    char *to = start;
    if (to == NULL) {
        return;
    }
    if (before != 0) {
        *to++ = before;
    }
    *to++ = '"';
    size_t run = copy_plain(to, text, &seen);
    to += run;
    if (run == text.len) {
        *to++ = '"';
        out->len += (size_t)(to - start);
    } else {
        out->len += (size_t)(to - start);
        write_escaped(bytes_from(text, run), &seen, out);
        buf_add_char(out, '"');
    }
    if ((seen & WIRE_EACH_OCTET(0x80)) != 0 && !bytes_is_utf8(text)) {
        wire_buf_fail(out, STATUS_SYNTAX);
    }
}

void wire_json_write_string(struct bytes string, struct buf *out)
{
    write_string(0, string, out);
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
        write_string(0, value->string, out);
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
            write_string(child == value->first ? '{' : ',', child->name, out);
            buf_add_char(out, ':');
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
