/* SPDX-License-Identifier: Apache-2.0
 * Trees: building, finding, replacing, removing. */
#include "wire_check.h"

static void builds_every_kind(void **state)
{
    struct check *check = *state;
    struct arena *a = check->arena;
    struct wire_value *o = wire_object(a);
    struct wire_value *list = wire_add(o, BYTES("list"), wire_array(a));
    assert_non_null(wire_push(list, wire_int(a, -1)));
    assert_non_null(wire_push(list, wire_uint(a, 7)));
    assert_non_null(wire_push(list, wire_uint(a, UINT64_MAX)));
    assert_non_null(wire_push(list, wire_real(a, 0.5)));
    assert_non_null(wire_add(o, BYTES("b"), wire_bool(a, true)));
    assert_non_null(wire_add(o, BYTES("n"), wire_null(a)));
    assert_non_null(wire_add(o, BYTES("s"), wire_string(a, BYTES_NONE)));
    assert_text(check_json(check, o),
                "{\"list\":[-1,7,18446744073709551615,0.5],\"b\":true,\"n\":null,\"s\":\"\"}");
    assert_int_equal(list->count, 4);
    assert_int_equal(list->first->next->kind, WIRE_INT);
    assert_int_equal(list->last->kind, WIRE_REAL);
}

static void a_failed_allocation_runs_through_the_chain(void **state)
{
    struct check *check = *state;
    struct wire_value *o = wire_object(check->arena);
    assert_null(wire_add(o, BYTES("x"), NULL));
    assert_null(wire_add(NULL, BYTES("x"), o));
    assert_null(wire_set(NULL, BYTES("x"), o));
    assert_null(wire_set(o, BYTES("x"), NULL));
    assert_null(wire_push(NULL, o));
    assert_null(wire_push(wire_array(check->arena), NULL));
    assert_int_equal(o->count, 0);
    struct arena *small = arena_new(0);
    assert_null(wire_object(small));
    assert_null(wire_array(small));
    assert_null(wire_null(small));
    assert_null(wire_bool(small, true));
    assert_null(wire_int(small, 1));
    assert_null(wire_uint(small, UINT64_MAX));
    assert_null(wire_real(small, 1));
    assert_null(wire_string(small, BYTES("x")));
    arena_free(small);
}

static void finds_members(void **state)
{
    struct check *check = *state;
    struct wire_value *o = check_parse(check, "{\"a\":1,\"\":\"x\",\"t\":true}");
    assert_int_equal(wire_get_int(wire_get(o, BYTES("a")), 9), 1);
    assert_text(wire_get_string(wire_get(o, BYTES(""))), "x");
    assert_true(wire_get_bool(wire_get(o, BYTES("t")), false));
    assert_null(wire_get(o, BYTES("b")));
    assert_null(wire_get(NULL, BYTES("a")));
    assert_null(wire_get(wire_int(check->arena, 1), BYTES("a")));
    assert_int_equal(wire_get_int(wire_get(o, BYTES("t")), 9), 9);
    assert_null(wire_get_string(wire_get(o, BYTES("a"))).ptr);
    assert_false(wire_get_bool(NULL, false));
    assert_null(wire_only_member(o));
    assert_null(wire_only_member(wire_array(check->arena)));
    assert_null(wire_only_member(NULL));
    assert_int_equal(wire_only_member(check_parse(check, "{\"k\":5}"))->integer, 5);
}

static void replaces_in_place(void **state)
{
    struct check *check = *state;
    struct arena *a = check->arena;
    struct wire_value *o = check_parse(check, "{\"a\":1,\"b\":2,\"c\":3}");
    assert_non_null(wire_set(o, BYTES("a"), wire_int(a, 10)));
    assert_non_null(wire_set(o, BYTES("c"), wire_int(a, 30)));
    assert_non_null(wire_set(o, BYTES("d"), wire_int(a, 40)));
    assert_ptr_equal(wire_set(o, BYTES("d"), o->last), o->last);
    assert_text(check_json(check, o), "{\"a\":10,\"b\":2,\"c\":30,\"d\":40}");
    assert_int_equal(o->count, 4);
}

static void removes(void **state)
{
    struct check *check = *state;
    struct wire_value *o = check_parse(check, "{\"a\":1,\"b\":2,\"c\":3}");
    assert_false(wire_remove(o, BYTES("x")));
    assert_false(wire_remove(NULL, BYTES("a")));
    assert_false(wire_remove(wire_array(check->arena), BYTES("a")));
    assert_true(wire_remove(o, BYTES("c")));
    assert_non_null(wire_add(o, BYTES("d"), wire_null(check->arena)));
    assert_true(wire_remove(o, BYTES("a")));
    assert_text(check_json(check, o), "{\"b\":2,\"d\":null}");
    assert_true(wire_remove(o, BYTES("b")));
    assert_true(wire_remove(o, BYTES("d")));
    assert_int_equal(o->count, 0);
    assert_null(o->first);
    assert_null(o->last);
    assert_text(check_json(check, o), "{}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(builds_every_kind), CHECK_TEST(a_failed_allocation_runs_through_the_chain),
        CHECK_TEST(finds_members),     CHECK_TEST(replaces_in_place),
        CHECK_TEST(removes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
