/* SPDX-License-Identifier: Apache-2.0
 * http and https URLs as they stand in poa and nu. RFC 3986, RFC 9110 4.2; TS-0004 6.4.1 (ct). */
#include "bind/http/client_int.h"

static bool is_host_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
}

static bool is_v6_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
           c == '.';
}

static status check_chars(struct bytes text, bool (*is_allowed)(char c))
{
    ENSURE(text.len > 0, BAD_REQUEST, "a URL without a host");
    for (size_t i = 0; i < text.len; i++) {
        ENSURE(is_allowed(text.ptr[i]), BAD_REQUEST, "no host name");
    }
    return OK;
}

static status parse_authority(struct http_url *url)
{
    struct bytes rest = url->authority;
    if (rest.len > 0 && rest.ptr[0] == '[') {
        size_t close = bytes_find(rest, ']');
        ENSURE(close < rest.len, BAD_REQUEST, "']' is missing in a URL");
        url->host = bytes_slice(rest, 1, close - 1);
        TRY(check_chars(url->host, is_v6_char));
        rest = bytes_from(rest, close + 1);
    } else {
        size_t colon = bytes_find(rest, ':');
        url->host = bytes_slice(rest, 0, colon);
        TRY(check_chars(url->host, is_host_char));
        rest = bytes_from(rest, colon);
    }
    if (rest.len == 0) {
        url->port = url->is_tls ? 443 : 80;
        return OK;
    }
    uint64_t port = 0;
    ENSURE(rest.ptr[0] == ':' && is_ok(bytes_to_u64(bytes_from(rest, 1), &port)) && port > 0 &&
               port <= UINT16_MAX,
           BAD_REQUEST, "no port in a URL");
    url->port = (uint16_t)port;
    return OK;
}

/* "ct" tells the serialization and is not sent. */
static status take_format(struct http_url *url, struct arena *arena)
{
    struct bytes rest = url->query;
    if (!bytes_contains(rest, BYTES("ct="))) {
        return OK;
    }
    char *kept = arena_chars(arena, rest.len + 1);
    ENSURE(kept != NULL, NO_MEMORY, "URL");
    size_t len = 0;
    while (rest.ptr != NULL) {
        struct bytes pair = bytes_cut(&rest, '&');
        if (bytes_starts_with(pair, BYTES("ct="))) {
            url->format = bytes_from(pair, 3);
            continue;
        }
        if (len > 0) {
            kept[len++] = '&';
        }
        for (size_t i = 0; i < pair.len; i++) {
            kept[len++] = pair.ptr[i];
        }
    }
    url->query = len > 0 ? bytes_of(kept, len) : BYTES_NONE;
    return OK;
}

status http_url_parse(struct bytes text, struct arena *arena, struct http_url *ret_url)
{
    struct http_url url = {0};
    struct bytes rest = bytes_slice(text, 0, bytes_find(text, '#'));
    for (size_t i = 0; i < rest.len; i++) {
        unsigned char c = (unsigned char)rest.ptr[i];
        ENSURE(c > 0x20 && c < 0x7f, BAD_REQUEST, "a URL with a blank or control character");
    }
    if (bytes_equal_nocase(bytes_slice(rest, 0, 7), BYTES("http://"))) {
        rest = bytes_from(rest, 7);
    } else if (bytes_equal_nocase(bytes_slice(rest, 0, 8), BYTES("https://"))) {
        url.is_tls = true;
        rest = bytes_from(rest, 8);
    } else {
        FAIL(BAD_REQUEST, "no http or https URL");
    }
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?') {
        end++;
    }
    url.authority = bytes_slice(rest, 0, end);
    TRY(parse_authority(&url));
    struct bytes query = bytes_from(rest, end);
    url.path = bytes_cut(&query, '?');
    url.query = query;
    TRY(take_format(&url, arena));
    *ret_url = url;
    return OK;
}
