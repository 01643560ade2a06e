/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void parses_what_the_store_makes(void **state)
{
    (void)state;
    struct sqlite_name name;
    assert_true(sqlite_name_parse(BYTES("cin-4711"), &name));
    assert_bytes(name.prefix, "cin");
    assert_int_equal(name.id, 4711);
    assert_true(sqlite_name_parse(BYTES("r-1"), &name));
    assert_true(sqlite_name_parse(BYTES("abcdefgh-9223372036854775807"), &name));
}

static void refuses_what_it_does_not_make(void **state)
{
    (void)state;
    static const char *const others[] = {"",      "-",      "cin",    "cin-",
                                         "-1",    "cin-01", "cin-1a", "Cin-1",
                                         "c1-1",  "cin--1", "cin- 1", "abcdefghi-1",
                                         "a-b-1", "cin-+1", "cin.1",  "cin-9223372036854775808"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct sqlite_name name;
        assert_false(sqlite_name_parse(bytes_str(others[i]), &name));
    }
}

static void prefix_is_replaced_when_unfit(void **state)
{
    (void)state;
    assert_bytes(sqlite_name_prefix(BYTES("sub")), "sub");
    assert_bytes(sqlite_name_prefix(BYTES("")), "r");
    assert_bytes(sqlite_name_prefix(BYTES_NONE), "r");
    assert_bytes(sqlite_name_prefix(BYTES("toolongprefix")), "r");
    assert_bytes(sqlite_name_prefix(BYTES("A/b")), "r");
}

static void bounds_hold_a_subtree(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf text;
    struct bytes from, before;
    buf_init(&text, 100);
    assert_ok(sqlite_path_bounds(BYTES("cse/a"), &text, &from, &before));
    assert_true(bytes_compare(BYTES("cse/a"), from) < 0);
    assert_true(bytes_compare(BYTES("cse/a-b"), from) < 0);
    assert_true(bytes_compare(BYTES("cse/a/b"), from) > 0);
    assert_true(bytes_compare(BYTES("cse/a/\xf4\x8f\xbf\xbf"), before) < 0);
    assert_true(bytes_compare(BYTES("cse/a0"), before) >= 0);
    assert_true(bytes_compare(BYTES("cse/ab"), before) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_what_the_store_makes),
        cmocka_unit_test(refuses_what_it_does_not_make),
        cmocka_unit_test(prefix_is_replaced_when_unfit),
        cmocka_unit_test(bounds_hold_a_subtree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
