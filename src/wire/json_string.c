/* SPDX-License-Identifier: Apache-2.0
 * JSON strings: found by looking at eight octets at once, borrowed unless something is escaped.
 * RFC 8259 clause 7; lone surrogates are no Unicode characters (clause 8.2) and refused. */
#include "wire/wire_int.h"

#include <string.h>

/* What a look over the raw string found. */
struct look {
    const char *end; /* the closing quote */
    bool escaped;
    unsigned char seen; /* all octets or-ed: >= 0x80 means not only ASCII */
};

static inline const char *skip_plain(const char *at, const char *end, struct look *look)
{
    uint64_t word, seen = 0;
    while (end - at >= (ptrdiff_t)sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        if (wire_json_special(word)) {
            break;
        }
        seen |= word;
        at += sizeof(word);
    }
    if ((seen & WIRE_EACH_OCTET(0x80)) != 0) {
        look->seen = 0x80;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) {
        look->seen |= (unsigned char)*at;
        at++;
    }
    return at;
}

static status look_over(struct wire_reader *r, struct look *ret_look)
{
    struct look look = {NULL, false, 0};
    const char *at = r->at;
    for (;;) {
        at = skip_plain(at, r->end, &look);
        ENSURE(at < r->end, TRUNCATED, "JSON ends in a string");
        if (*at == '"') {
            break;
        }
        ENSURE(*at == '\\', SYNTAX, "control character in a string at octet %zu",
               (size_t)(at - r->start));
        ENSURE(r->end - at >= 2, TRUNCATED, "JSON ends in a string");
        look.escaped = true;
        at += 2;
    }
    look.end = at;
    *ret_look = look;
    return OK;
}

static status hex4(struct bytes from, uint32_t *ret_unit)
{
    uint32_t unit = 0;
    ENSURE(from.len >= 4, SYNTAX, "short \\u escape");
    for (size_t i = 0; i < 4; i++) {
        char c = from.ptr[i];
        uint32_t digit = 0;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            digit = (uint32_t)(c - 'A' + 10);
        } else {
            FAIL(SYNTAX, "bad \\u escape");
        }
        unit = unit * 16 + digit;
    }
    *ret_unit = unit;
    return OK;
}

/* The code point of one \u escape or of two that form a pair; *rest stands behind the "\u". */
static status read_code_point(struct bytes *rest, uint32_t *ret_code)
{
    uint32_t high, low;
    TRY(hex4(*rest, &high));
    *rest = bytes_from(*rest, 4);
    if (high < 0xd800 || high > 0xdfff) {
        *ret_code = high;
        return OK;
    }
    ENSURE(high <= 0xdbff && bytes_starts_with(*rest, BYTES("\\u")), SYNTAX, "lone surrogate");
    TRY(hex4(bytes_from(*rest, 2), &low));
    ENSURE(low >= 0xdc00 && low <= 0xdfff, SYNTAX, "lone surrogate");
    *rest = bytes_from(*rest, 6);
    *ret_code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    return OK;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xe0 | code >> 12);
        } else {
            *to++ = (char)(0xf0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* One escape; *rest stands behind its backslash. No escape is shorter than what it stands for. */
static status unescape_one(struct bytes *rest, char **to)
{
    static const char letters[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    uint32_t code;
    char letter = rest->ptr[0]; /* look_over saw that there is one */
    *rest = bytes_from(*rest, 1);
    if (letter == 'u') {
        TRY(read_code_point(rest, &code));
        *to = put_utf8(*to, code);
        return OK;
    }
    size_t at = bytes_find(BYTES(letters), letter);
    ENSURE(at < sizeof(letters) - 1, SYNTAX, "unknown escape in a string");
    *(*to)++ = meaning[at];
    return OK;
}

static status unescape(struct arena *arena, struct bytes raw, struct bytes *ret_string)
{
    char *start = arena_chars(arena, raw.len);
    char *to = start;
    ENSURE(start != NULL, NO_MEMORY, "string");
    while (raw.len > 0) {
        size_t plain = bytes_find(raw, '\\');
        memcpy(to, raw.ptr, plain);
        to += plain;
        raw = bytes_from(raw, plain);
        if (raw.len > 0) {
            raw = bytes_from(raw, 1);
            TRY(unescape_one(&raw, &to));
        }
    }
    *ret_string = (struct bytes){start, (size_t)(to - start)};
    return OK;
}

status wire_json_string(struct wire_reader *r, struct bytes *ret_string)
{
    struct look look;
    TRY(look_over(r, &look));
    struct bytes raw = {r->at, (size_t)(look.end - r->at)};
    ENSURE(look.seen < 0x80 || bytes_is_utf8(raw), SYNTAX, "string at octet %zu is not UTF-8",
           wire_reader_offset(r));
    if (look.escaped) {
        TRY(unescape(r->arena, raw, ret_string));
    } else {
        *ret_string = raw;
    }
    r->at = look.end + 1;
    return OK;
}
