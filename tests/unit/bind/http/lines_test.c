/* SPDX-License-Identifier: Apache-2.0
 * The lines of a message head. RFC 9112 2.2, 5.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

/* Each way of cutting the text in two gives the same verdict. */
static void check(const char *text, bool wanted, bool over)
{
    struct bytes all = bytes_str(text);
    for (size_t cut = 0; cut <= all.len; cut++) {
        struct http_lines lines = {0};
        bool good = http_lines_check(&lines, bytes_slice(all, 0, cut)) &&
                    http_lines_check(&lines, bytes_from(all, cut));
        if (good != wanted) {
            print_message("cut %zu of %s\n", cut, text);
        }
        assert_int_equal(good, wanted);
        if (good) {
            assert_int_equal(lines.is_over, over);
        }
    }
}

static void good_heads(void **state)
{
    (void)state;
    check("", true, false);
    check("GET / HTTP/1.1\r\nHost: t\r\n\r\n", true, true);
    check("GET / HTTP/1.1\r\nHost: t\r\n", true, false);
    check("\r\n\r\nGET / HTTP/1.1\r\n\r\n", true, true); /* empty lines may come first */
    check("GET / HTTP/1.1\r\n\r\nbody\nwith\r any \n lines", true, true);
    check("GET / HTTP/1.1\r\nA: \r\n\r\n", true, true);
}

static void bad_heads(void **state)
{
    (void)state;
    check("GET / HTTP/1.1\nHost: t\r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\nHost: t\n\r\n", false, false);
    check("GET / HTTP/1.1\r\nHost: t\r\n\n", false, false);
    check("\nGET / HTTP/1.1\r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\n Host: t\r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\nA:\r\n\tc\r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\nA: b\r\n \r\n\r\n", false, false);
    check("GET / HTTP/1.1\r\n: b\r\n\r\n", false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_heads),
        cmocka_unit_test(bad_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
