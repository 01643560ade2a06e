/* SPDX-License-Identifier: Apache-2.0
 * Texts that arrive in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

static void pieces_join(void **state)
{
    (void)state;
    struct http_span span = {0};
    buf_init(&span.kept, 10);
    struct bytes first = BYTES("xxabc"), second = BYTES("defyy"), third = BYTES("ghi");
    assert_true(http_span_add(&span, bytes_slice(first, 2, 1), first));
    assert_true(http_span_add(&span, bytes_slice(first, 3, 2), first));
    assert_true(bytes_is(span.text, "abc"));
    assert_ptr_equal(span.text.ptr, first.ptr + 2); /* borrowed while it can be */
    assert_true(http_span_keep(&span, first));
    assert_true(http_span_add(&span, bytes_slice(second, 0, 3), second));
    assert_true(bytes_is(span.text, "abcdef"));
    assert_true(http_span_keep(&span, second));
    assert_false(http_span_add(&span, third, third)); /* "yy" came between */
    http_span_clear(&span);
    assert_null(span.text.ptr);
    assert_true(http_span_add(&span, third, third));
    assert_true(bytes_is(span.text, "ghi"));
    buf_fini(&span.kept);
}

static void gaps_are_seen(void **state)
{
    (void)state;
    struct http_span span = {0};
    buf_init(&span.kept, 10);
    struct bytes data = BYTES("abc def");
    assert_true(http_span_add(&span, bytes_slice(data, 0, 3), data));
    assert_false(http_span_add(&span, bytes_slice(data, 4, 3), data));
    http_span_clear(&span);
    assert_true(http_span_add(&span, bytes_slice(data, 4, 3), data));
    assert_true(http_span_keep(&span, data));
    assert_false(http_span_add(&span, bytes_slice(data, 1, 2), data)); /* not at its start */
    buf_fini(&span.kept);
}

static void empty_texts_and_limits(void **state)
{
    (void)state;
    struct http_span span = {0};
    buf_init(&span.kept, 4);
    struct bytes data = BYTES("abcdef");
    assert_true(http_span_keep(&span, data)); /* nothing is nothing */
    assert_null(span.text.ptr);
    assert_true(http_span_add(&span, bytes_slice(data, 6, 0), data));
    assert_true(http_span_keep(&span, data));
    assert_non_null(span.text.ptr);
    assert_int_equal(span.text.len, 0);
    assert_false(http_span_add(&span, data, data)); /* more than may be kept */
    http_span_clear(&span);
    assert_true(http_span_add(&span, data, data));
    assert_false(http_span_keep(&span, data));
    buf_fini(&span.kept);
}

static void no_memory(void **state)
{
    (void)state;
    struct http_span span = {0};
    buf_init(&span.kept, 100);
    struct bytes data = BYTES("abc");
    assert_true(http_span_add(&span, data, data));
    mem_fail_after(1);
    assert_false(http_span_keep(&span, data));
    mem_fail_after(0);
    buf_fini(&span.kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_join),
        cmocka_unit_test(gaps_are_seen),
        cmocka_unit_test(empty_texts_and_limits),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
