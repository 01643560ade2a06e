/* SPDX-License-Identifier: Apache-2.0
 * The request-target: path and query as To and parameters, and back. TS-0009 6.2.2; RFC 3986. */
#include "bind/http/http_int.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

status http_percent_decode(struct bytes text, struct arena *arena, struct bytes *ret_text)
{
    char *out = arena_chars(arena, text.len + 1);
    ENSURE(out != NULL, NO_MEMORY, "request-target");
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
            ENSURE(high >= 0 && low >= 0, BAD_REQUEST, "a broken percent escape");
            c = (char)(high * 16 + low);
            i += 2;
        }
        ENSURE((unsigned char)c >= 0x20 && c != 0x7f, BAD_REQUEST, "a control character");
        out[len++] = c;
    }
    out[len] = '\0';
    *ret_text = bytes_of(out, len);
    ENSURE(bytes_is_utf8(*ret_text), BAD_REQUEST, "no UTF-8");
    return OK;
}

/* TS-0009 Table 6.2.2.1-1, from right to left. */
static status accept_path(struct bytes path, struct arena *arena, struct bytes *ret_to)
{
    ENSURE(path.len > 0 && path.ptr[0] == '/', BAD_REQUEST, "the path does not begin with '/'");
    struct bytes text;
    TRY(http_percent_decode(path, arena, &text));
    ENSURE(!bytes_contains(text, BYTES("//")), BAD_REQUEST, "an empty path segment");
    if (text.len > 1 && text.ptr[text.len - 1] == '/') {
        text.len--;
    }
    struct bytes rest = bytes_from(text, 1);
    struct bytes whole = rest;
    struct bytes first = bytes_cut(&rest, '/');
    if (bytes_is(first, "~") || bytes_is(first, "_")) {
        ENSURE(rest.ptr != NULL && rest.len > 0, BAD_REQUEST, "an identifier is missing");
        if (bytes_is(first, "~")) {
            *ret_to = bytes_of(rest.ptr - 1, rest.len + 1); /* "/cse/x" */
            return OK;
        }
        *ret_to = arena_printf(arena, "//%.*s", BYTES_FMT(rest));
        ENSURE(ret_to->ptr != NULL, NO_MEMORY, "request-target");
        return OK;
    }
    *ret_to = whole;
    return OK;
}

/* '+' is a blank in a query; a '+' of the text itself comes as %2B. */
static status decode_value(struct bytes value, struct arena *arena, struct bytes *ret_value)
{
    struct bytes copy = arena_dup(arena, value);
    ENSURE(copy.ptr != NULL || value.ptr == NULL, NO_MEMORY, "query");
    char *chars = (char *)(uintptr_t)copy.ptr;
    for (size_t i = 0; i < copy.len; i++) {
        if (chars[i] == '+') {
            chars[i] = ' ';
        }
    }
    return http_percent_decode(copy, arena, ret_value);
}

static status accept_pair(struct bytes pair, struct prim_request *request, struct arena *arena)
{
    struct bytes value = pair;
    struct bytes raw_name = bytes_cut(&value, '=');
    struct bytes name;
    TRY(http_percent_decode(raw_name, arena, &name));
    ENSURE(name.len > 0, BAD_REQUEST, "a parameter without a name");
    ENSURE(!bytes_is(name, "atrl") || request->operation == PRIM_RETRIEVE, BAD_REQUEST,
           "atrl belongs to RETRIEVE");
    struct bytes text = BYTES("");
    if (value.ptr != NULL) {
        TRY(decode_value(value, arena, &text));
    }
    return prim_request_set(request, name, text, arena);
}

/* absolute-form (RFC 9112 3.2.2) is reduced to origin-form. */
static struct bytes origin_form(struct bytes target)
{
    struct bytes rest = target;
    if (bytes_equal_nocase(bytes_slice(target, 0, 7), BYTES("http://"))) {
        rest = bytes_from(target, 7);
    } else if (bytes_equal_nocase(bytes_slice(target, 0, 8), BYTES("https://"))) {
        rest = bytes_from(target, 8);
    } else {
        return target;
    }
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.ptr[i] == '/') {
            return bytes_from(rest, i);
        }
        if (rest.ptr[i] == '?') {
            break;
        }
    }
    return BYTES_NONE;
}

status http_target_accept(struct bytes target, struct prim_request *request, struct arena *arena)
{
    ENSURE(bytes_find(target, '#') == target.len, BAD_REQUEST, "a fragment in the request-target");
    struct bytes rest = origin_form(target);
    struct bytes path = bytes_cut(&rest, '?');
    TRY(accept_path(path, arena, &request->to));
    while (rest.ptr != NULL) {
        struct bytes pair = bytes_cut(&rest, '&');
        if (pair.len > 0) {
            TRY(accept_pair(pair, request, arena));
        }
    }
    return OK;
}

void http_percent_encode(struct buf *out, struct bytes text, const char *also_plain)
{
    static const char hex[] = "0123456789ABCDEF";
    struct bytes plain = bytes_str(also_plain);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool unreserved = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved || bytes_find(plain, (char)c) < plain.len) {
            buf_add_char(out, (char)c);
        } else {
            buf_add_char(out, '%');
            buf_add_char(out, hex[c >> 4]);
            buf_add_char(out, hex[c & 15]);
        }
    }
}

void http_path_add(struct buf *out, struct bytes to)
{
    struct bytes rest = bytes_slice(to, 0, bytes_find(to, '#'));
    if (bytes_starts_with(rest, BYTES("//"))) {
        buf_add(out, BYTES("/_/"));
        rest = bytes_from(rest, 2);
    } else if (bytes_starts_with(rest, BYTES("/"))) {
        buf_add(out, BYTES("/~"));
    } else {
        buf_add_char(out, '/');
    }
    http_percent_encode(out, rest, "/:@!$&'()*+,;=");
}
