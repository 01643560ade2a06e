/* SPDX-License-Identifier: Apache-2.0
 * The growing buffer: its limit holds to the octet and errors stay. */
#include "base_check.h"

static void appends_all_kinds(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    assert_int_equal(buf_bytes(&buf).len, 0);
    assert_non_null(buf_bytes(&buf).ptr);
    buf_add(&buf, BYTES("a\0b"));
    buf_add(&buf, BYTES_NONE);
    buf_add_char(&buf, '|');
    buf_add_str(&buf, "text");
    buf_add_str(&buf, NULL);
    buf_add_char(&buf, '|');
    buf_add_u64(&buf, UINT64_MAX);
    buf_add_char(&buf, '|');
    buf_add_u64(&buf, 0);
    buf_add_char(&buf, '|');
    buf_add_i64(&buf, INT64_MIN);
    buf_add_i64(&buf, INT64_MAX);
    buf_printf(&buf, "|%s=%d", "x", 7);
    struct bytes expected =
        BYTES("a\0b|text|18446744073709551615|0|-92233720368547758089223372036854775807|x=7");
    assert_true(is_ok(buf_check(&buf)));
    assert_true(bytes_equal(buf_bytes(&buf), expected));
    buf_fini(&buf);
    buf_fini(&buf);
    buf_fini(NULL);
}

static void the_limit_holds_to_the_octet(void **state)
{
    (void)state;
    struct buf buf;
    for (size_t limit = 0; limit < 600; limit++) {
        buf_init(&buf, limit);
        for (size_t i = 0; i < limit; i++) {
            buf_add_char(&buf, 'x');
        }
        assert_true(is_ok(buf_check(&buf)));
        buf_add_char(&buf, 'y');
        assert_int_equal(buf_check(&buf).code, STATUS_LIMIT);
        assert_int_equal(buf.len, limit);
        buf_fini(&buf);
    }
    buf_init(&buf, 4);
    buf_printf(&buf, "%d", 1234);
    assert_text(buf_bytes(&buf), "1234");
    buf_printf(&buf, "%s", "");
    assert_true(is_ok(buf_check(&buf)));
    buf_printf(&buf, "%d", 5);
    assert_int_equal(buf_check(&buf).code, STATUS_LIMIT);
    buf_fini(&buf);
}

static void an_error_stays_until_cleared(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 3);
    buf_add_str(&buf, "four");
    buf_add_char(&buf, 'x');
    assert_int_equal(buf_check(&buf).code, STATUS_LIMIT);
    assert_int_equal(buf.len, 0);
    assert_null(buf_reserve(&buf, 0));
    buf_clear(&buf);
    buf_add_char(&buf, 'x');
    assert_true(is_ok(buf_check(&buf)));
    assert_text(buf_bytes(&buf), "x");
    buf_fini(&buf);
}

static void sizes_near_the_end_of_memory_fail(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    buf_add_char(&buf, 'x');
    assert_null(buf_reserve(&buf, SIZE_MAX - 1));
    assert_int_equal(buf_check(&buf).code, STATUS_NO_MEMORY);
    buf_clear(&buf);
    buf_add_char(&buf, 'x');
    assert_null(buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf_check(&buf).code, STATUS_LIMIT);
    buf_fini(&buf);
}

static void keeps_its_content_when_memory_ends(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    buf_add_str(&buf, "kept");
    char *more = buf_reserve(&buf, 200);
    assert_non_null(more);
    mem_fail_after(1);
    assert_null(buf_reserve(&buf, 10000));
    mem_fail_after(0);
    assert_int_equal(buf_check(&buf).code, STATUS_NO_MEMORY);
    assert_text(buf_bytes(&buf), "kept");
    mem_fail_after(1);
    struct buf other;
    buf_init(&other, 10);
    buf_printf(&other, "x");
    mem_fail_after(0);
    assert_int_equal(buf_check(&other).code, STATUS_NO_MEMORY);
    buf_fini(&other);
    buf_fini(&buf);
}

static void reserves_and_consumes(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    for (int i = 0; i < 1000; i++) {
        char *at = buf_reserve(&buf, 10);
        assert_non_null(at);
        memcpy(at, "0123456789", 10);
        buf.len += 10;
    }
    buf_consume(&buf, 9995);
    assert_text(buf_bytes(&buf), "56789");
    buf_consume(&buf, 0);
    buf_consume(&buf, 5);
    assert_int_equal(buf.len, 0);
    buf_consume(&buf, 0);
    buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_all_kinds),
        cmocka_unit_test(the_limit_holds_to_the_octet),
        cmocka_unit_test(an_error_stays_until_cleared),
        cmocka_unit_test(sizes_near_the_end_of_memory_fail),
        cmocka_unit_test(keeps_its_content_when_memory_ends),
        cmocka_unit_test(reserves_and_consumes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
