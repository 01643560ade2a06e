/* SPDX-License-Identifier: Apache-2.0
 * URLs of poa and nu. RFC 3986; TS-0004 6.4.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/client_int.h"

static void parts(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10000);
    static const struct {
        const char *text, *host, *authority, *path, *query, *format;
        unsigned port;
        bool is_tls;
    } rows[] = {
        {"http://host", "host", "host", "", NULL, NULL, 80, false},
        {"https://host", "host", "host", "", NULL, NULL, 443, true},
        {"HTTP://Host:8080/a/b", "Host", "Host:8080", "/a/b", NULL, NULL, 8080, false},
        {"http://[::1]:81/?x=1#f", "::1", "[::1]:81", "/", "x=1", NULL, 81, false},
        {"http://h?x", "h", "h", "", "x", NULL, 80, false},
        {"http://h/p?ct=xml", "h", "h", "/p", NULL, "xml", 80, false},
        {"http://h/p?a=1&ct=cbor&b=2", "h", "h", "/p", "a=1&b=2", "cbor", 80, false},
        {"http://h/p?act=1", "h", "h", "/p", "act=1", NULL, 80, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_url url;
        assert_true(is_ok(http_url_parse(bytes_str(rows[i].text), arena, &url)));
        assert_true(bytes_is(url.host, rows[i].host));
        assert_true(bytes_is(url.authority, rows[i].authority));
        assert_true(bytes_equal(url.path, bytes_str(rows[i].path)));
        assert_true(bytes_equal(url.query, bytes_str(rows[i].query)));
        assert_true(bytes_equal(url.format, bytes_str(rows[i].format)));
        assert_int_equal(url.port, rows[i].port);
        assert_int_equal(url.is_tls, rows[i].is_tls);
    }
    arena_free(arena);
}

static void refusals(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10000);
    static const char *const bad[] = {
        "",
        "host",
        "http:/h",
        "http://",
        "http:///p",
        "ftp://h",
        "http://u@h/",
        "http://u:p@h/",
        "http://h:/",
        "http://h:0",
        "http://h:x",
        "http://h:65536",
        "http://h:-1",
        "http://h:80x",
        "http://[::1",
        "http://[]",
        "http://[::1]x",
        "http://h/a b",
        "http://h/\r\nX:y",
        "http://h/\xc3\xa9",
        "http://h\\x",
        "http://h/\x7f",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct http_url url;
        assert_int_equal(http_url_parse(bytes_str(bad[i]), arena, &url).code, STATUS_BAD_REQUEST);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
