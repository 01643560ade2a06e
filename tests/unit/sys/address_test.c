/* SPDX-License-Identifier: Apache-2.0
 * Addresses and their text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sys/sys.h"

static void reads_and_writes(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
        bool loopback;
    } rows[] = {
        {"127.0.0.1:8080", "127.0.0.1:8080", true},
        {"127.9.9.9:0", "127.9.9.9:0", true},
        {"10.0.0.1:65535", "10.0.0.1:65535", false},
        {"[::1]:80", "[::1]:80", true},
        {"[2001:db8:0::1]:80", "[2001:db8::1]:80", false},
        {"[::ffff:127.0.0.1]:7", "127.0.0.1:7", true},
        {"[::ffff:10.0.0.1]:7", "10.0.0.1:7", false},
        {"[::]:7", "[::]:7", false},
        {"0.0.0.0:7", "0.0.0.0:7", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sys_address address;
        char text[SYS_ADDRESS_SIZE];
        assert_true(is_ok(sys_address_parse(bytes_str(rows[i].in), &address)));
        size_t length = sys_address_format(&address, text);
        assert_string_equal(text, rows[i].out);
        assert_int_equal(length, bytes_str(text).len);
        assert_int_equal(sys_address_is_loopback(&address), rows[i].loopback);
    }
}

static void refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ":",
        ":8080",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "1.2.3:80",
        "127.0.0.1:80 ",
        "::1:80",
        "[::1]",
        "[::1:80",
        "[]:80",
        "[::1]x:80",
        "localhost:80",
        "[1.2.3.4]:80",
        "127.0.0.1:+80",
        "[::1%lo]:80",
        "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct sys_address address;
        assert_int_equal(sys_address_parse(bytes_str(bad[i]), &address).code, STATUS_SYNTAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
