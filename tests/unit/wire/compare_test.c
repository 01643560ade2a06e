/* SPDX-License-Identifier: Apache-2.0
 * Trees: copying and comparing. */
#include "wire_check.h"

static bool same(struct check *check, const char *a, const char *b)
{
    bool forth = wire_equal(check_parse(check, a), check_parse(check, b));
    bool back = wire_equal(check_parse(check, b), check_parse(check, a));
    assert_true(forth == back);
    return forth;
}

static void compares_deeply(void **state)
{
    struct check *check = *state;
    assert_true(same(check, "{\"a\":[1,{\"b\":null}],\"c\":\"x\"}",
                     "{\"c\":\"x\",\"a\":[1,{\"b\":null}]}"));
    assert_true(same(check, "[true,false,18446744073709551615,-1,0.5]",
                     "[true,false,18446744073709551615,-1,0.5]"));
    assert_false(same(check, "1", "1.0"));
    assert_false(same(check, "1", "\"1\""));
    assert_false(same(check, "true", "false"));
    assert_false(same(check, "18446744073709551615", "18446744073709551614"));
    assert_false(same(check, "0.5", "0.25"));
    assert_false(same(check, "[1,2]", "[2,1]"));
    assert_false(same(check, "[1]", "[1,1]"));
    assert_false(same(check, "{\"a\":1}", "{\"b\":1}"));
    assert_false(same(check, "{\"a\":1,\"b\":2}", "{\"b\":1,\"a\":2}"));
    assert_false(same(check, "{\"a\":1}", "{\"a\":1,\"b\":2}"));
    assert_false(same(check, "{}", "[]"));
    assert_true(wire_equal(NULL, NULL));
    assert_false(wire_equal(NULL, wire_null(check->arena)));
}

/* XML leaves repeated names in a tree. */
static void compares_repeated_names(void **state)
{
    struct check *check = *state;
    struct arena *a = check->arena;
    struct wire_value *twice = wire_object(a), *other = wire_object(a);
    (void)wire_add(twice, BYTES("x"), wire_int(a, 1));
    (void)wire_add(twice, BYTES("x"), wire_int(a, 1));
    (void)wire_add(other, BYTES("x"), wire_int(a, 1));
    (void)wire_add(other, BYTES("y"), wire_int(a, 2));
    assert_false(wire_equal(twice, other));
    assert_false(wire_equal(other, twice));
    assert_true(wire_equal(twice, wire_dup(a, twice)));
}

static void a_copy_shares_nothing(void **state)
{
    struct check *check = *state;
    char text[] = "{\"name\":[\"string\",1,2.5,true,null,18446744073709551615,{}]}";
    struct wire_value *value = check_parse(check, text);
    struct wire_value *copy = wire_dup(check->arena, value);
    assert_true(wire_equal(value, copy));
    memset(text, 'x', sizeof(text) - 1);
    assert_text(check_json(check, copy),
                "{\"name\":[\"string\",1,2.5,true,null,18446744073709551615,{}]}");
    assert_null(wire_dup(check->arena, NULL));
}

static void a_copy_may_find_no_memory(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(check, "{\"name\":[\"string\",{\"n\":\"x\"}]}");
    for (size_t limit = 0; limit < 4 * sizeof(*value) + 8; limit += 8) {
        struct arena *small = arena_new(limit);
        assert_null(wire_dup(small, value));
        arena_free(small);
    }
}

static void too_deep_a_tree_is_not_copied(void **state)
{
    struct check *check = *state;
    struct wire_value *root = wire_array(check->arena), *at = root;
    for (int i = 0; i < 100000; i++) {
        at = wire_push(at, wire_array(check->arena));
    }
    assert_non_null(at);
    assert_null(wire_dup(check->arena, root));
    assert_false(wire_equal(root, root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(compares_deeply),
        CHECK_TEST(compares_repeated_names),
        CHECK_TEST(a_copy_shares_nothing),
        CHECK_TEST(a_copy_may_find_no_memory),
        CHECK_TEST(too_deep_a_tree_is_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
