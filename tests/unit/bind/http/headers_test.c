/* SPDX-License-Identifier: Apache-2.0
 * Names of header fields. TS-0009 6.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

static void names_are_found_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(http_header_find(BYTES("X-M2M-Origin")), HTTP_M2M_ORIGIN);
    assert_int_equal(http_header_find(BYTES("x-m2m-origin")), HTTP_M2M_ORIGIN);
    assert_int_equal(http_header_find(BYTES("X-M2M-RI")), HTTP_M2M_RI);
    assert_int_equal(http_header_find(BYTES("X-M2M-RVI")), HTTP_M2M_RVI);
    assert_int_equal(http_header_find(BYTES("hOST")), HTTP_HOST);
    assert_int_equal(http_header_find(BYTES("")), HTTP_OTHER);
    assert_int_equal(http_header_find(BYTES("X-M2M-Origi")), HTTP_OTHER);
    assert_int_equal(http_header_find(BYTES("X-M2M-Origin2")), HTTP_OTHER);
    assert_int_equal(http_header_find(BYTES("X_M2M_Origin")), HTTP_OTHER);
    /* '8' and 'X' differ in one bit, and so do 'h' and '(' */
    assert_int_equal(http_header_find(BYTES("8-M2M-RI")), HTTP_OTHER);
    assert_int_equal(http_header_find(BYTES("(ost")), HTTP_OTHER);
}

static void every_name_is_found(void **state)
{
    (void)state;
#define HTTP_HEADER(id, spelling, once)                                                            \
    assert_int_equal(http_header_find(BYTES(spelling)), HTTP_##id);                                \
    assert_int_equal(http_header_once(HTTP_##id), once);
#include "bind/http/headers.def"
#undef HTTP_HEADER
    assert_false(http_header_once(HTTP_OTHER));
    assert_true(HTTP_HEADER_COUNT <= 32); /* one bit each */
}

static void values_cannot_break_out(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    http_header_add(&out, HTTP_M2M_ORIGIN, BYTES("CAdmin"));
    http_header_add(&out, HTTP_M2M_RI, BYTES_NONE);
    http_header_add(&out, HTTP_M2M_RVI, BYTES(""));
    http_header_add(&out, HTTP_M2M_VSI, BYTES("a\r\nX-Evil: 1"));
    http_header_add(&out, HTTP_M2M_GID, BYTES("a\nb"));
    http_header_add(&out, HTTP_M2M_OT, BYTES("a\0b"));
    http_header_add_number(&out, HTTP_M2M_RSC, 2000);
    assert_true(
        bytes_is(buf_bytes(&out), "X-M2M-Origin: CAdmin\r\nX-M2M-RVI: \r\nX-M2M-RSC: 2000\r\n"));
    buf_fini(&out);
    assert_true(http_is_field_value(BYTES("caf\xc3\xa9")));
    assert_false(http_is_field_value(BYTES("\x7f")));
    assert_false(http_is_field_value(BYTES("a\tb")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_in_any_case),
        cmocka_unit_test(every_name_is_found),
        cmocka_unit_test(values_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
