/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

/* A name a peer chose that looks like one the store will make stays the peer's. */
static void skips_names_that_are_taken(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    int64_t coming = node.id / 2 + 4;
    struct bytes name = arena_printf(f->arena, "cin-%lld", (long long)(coming * 2 + 1));
    struct bytes next = arena_printf(f->arena, "cin-%lld", (long long)((coming + 1) * 2 + 1));
    struct store_row taken = add_node(f, node.id, 3, name.ptr);
    struct store_row also = add(
        f, &(struct store_new){.parent_id = node.id, .rn = next, .type = 4, .is_instance = true});
    for (int i = 0; i < 10; i++) {
        struct store_row instance = add_instance(f, node.id, 1);
        assert_false(bytes_equal(instance.rn, name));
        assert_false(bytes_equal(instance.rn, next));
        assert_true(instance.id > also.id);
    }
    struct store_row row;
    assert_ok(store_get_child(f->view, node.id, name, f->arena, &row));
    assert_int_equal(row.id, taken.id);
    assert_ok(store_get_child(f->view, node.id, next, f->arena, &row));
    assert_int_equal(row.id, also.id);
}

static void skips_them_after_reopening_too(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    int64_t coming = root.id / 2 + 2;
    struct bytes name = arena_printf(f->arena, "cnt-%lld", (long long)(coming * 2));
    struct store_row ae =
        add(f, &(struct store_new){.parent_id = root.id, .ri = name, .rn = BYTES("a"), .type = 2});
    fixture_reopen(f);
    for (int i = 0; i < 5; i++) {
        (void)add_node(f, root.id, 3, NULL);
    }
    struct store_row row;
    assert_ok(store_get(f->view, name, f->arena, &row));
    assert_int_equal(row.id, ae.id);
}

static void frees_them_with_their_row(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    int64_t coming = root.id / 2 + 3;
    struct bytes name = arena_printf(f->arena, "cnt-%lld", (long long)(coming * 2));
    struct store_row node = add_node(f, root.id, 3, name.ptr);
    assert_ok(drop(f, node.id));
    SQLITE_QUERY query = sqlite_query_begin(f->view, SQL_taken_next);
    sqlite_bind_int(&query, 0);
    assert_ok(sqlite_query_one(&query));
    assert_true(sqlite_at_null(&query, 0));
}

static void numbers_are_not_used_twice(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    int64_t last = root.id;
    for (int i = 0; i < 5; i++) {
        struct store_row node = add_node(f, root.id, 3, "x");
        assert_true(node.id > last);
        last = node.id;
        assert_ok(drop(f, node.id));
        fixture_reopen(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(skips_names_that_are_taken),
        FIXTURE_TEST(skips_them_after_reopening_too),
        FIXTURE_TEST(frees_them_with_their_row),
        FIXTURE_TEST(numbers_are_not_used_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
