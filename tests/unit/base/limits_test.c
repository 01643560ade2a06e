/* SPDX-License-Identifier: Apache-2.0
 * The table of limits. */
#include "base_check.h"

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    struct limits limits;
    memset(&limits, 0xff, sizeof(limits));
    limits_init(&limits);
    for (size_t i = 0; i < limit_row_count; i++) {
        assert_true(limits_get(&limits, &limit_rows[i]) == limit_rows[i].default_value);
        assert_true(limit_rows[i].default_value > 0); /* a limit of nothing would be a switch */
        assert_true(bytes_str(limit_rows[i].text).len > 0);
    }
    assert_int_equal(limit_row_count, sizeof(limits) / sizeof(uint64_t));
    assert_int_equal(limits.wire_depth, 32);
}

static void keys_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < limit_row_count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(limit_rows[i].key, limit_rows[k].key);
        }
    }
}

static void sets_by_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < limit_row_count; i++) {
        struct limits limits;
        limits_init(&limits);
        assert_true(is_ok(limits_set(&limits, bytes_str(limit_rows[i].key), 12345)));
        for (size_t k = 0; k < limit_row_count; k++) { /* that one and no other */
            uint64_t expected = k == i ? 12345 : limit_rows[k].default_value;
            assert_true(limits_get(&limits, &limit_rows[k]) == expected);
        }
    }
    struct limits limits;
    limits_init(&limits);
    assert_int_equal(limits_set(&limits, BYTES("no-such"), 1).code, STATUS_NOT_FOUND);
    assert_int_equal(limits_set(&limits, BYTES(""), 1).code, STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(keys_are_unique),
        cmocka_unit_test(sets_by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
