/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void finds_nodes_every_way(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    assert_ok(store_get(f->view, node.ri, f->arena, &row));
    assert_int_equal(row.id, node.id);
    assert_ok(store_get(f->view, BYTES("id-in"), f->arena, &row));
    assert_int_equal(row.id, root.id);
    assert_ok(store_get_by_path(f->view, BYTES("cse/c"), f->arena, &row));
    assert_int_equal(row.id, node.id);
    assert_ok(store_get_by_path(f->view, BYTES("cse"), f->arena, &row));
    assert_int_equal(row.id, root.id);
    assert_ok(store_get_child(f->view, root.id, BYTES("c"), f->arena, &row));
    assert_int_equal(row.id, node.id);
    assert_ok(store_get_by_id(f->view, node.id, f->arena, &row));
    assert_bytes(row.body, "node body");
}

static void finds_instances_every_way(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row plain = add_instance(f, node.id, 1);
    struct store_row named = add(f, &(struct store_new){.parent_id = node.id,
                                                        .rn = BYTES("n"),
                                                        .ri_prefix = BYTES("cin"),
                                                        .type = 4,
                                                        .is_instance = true});
    struct store_row both[] = {plain, named};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(store_get(f->view, both[i].ri, f->arena, &row));
        assert_int_equal(row.id, both[i].id);
        assert_ok(store_get_by_path(f->view, both[i].path, f->arena, &row));
        assert_int_equal(row.id, both[i].id);
        assert_true(bytes_equal(row.path, both[i].path));
        assert_ok(store_get_child(f->view, node.id, both[i].rn, f->arena, &row));
        assert_int_equal(row.id, both[i].id);
    }
    assert_bytes(named.path, "cse/c/n");
    /* the ri of a named instance is not a name below its parent */
    assert_status(store_get_child(f->view, node.id, named.ri, f->arena, &row), NOT_FOUND);
}

static void says_what_is_not_there(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row one = add_node(f, root.id, 3, "one");
    struct store_row two = add_node(f, root.id, 3, "two");
    struct store_row instance = add_instance(f, one.id, 1);
    static const char *const paths[] = {
        "",     "/",        "cs",       "cse/",  "cse/on", "one",   "cse/One",
        "/cse", "cse/one/", "cse//one", "cse/*", "cse/%",  "xxx/y", "cse/one/cin-999999"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        assert_status(store_get_by_path(f->view, bytes_str(paths[i]), f->arena, &row), NOT_FOUND);
    }
    assert_status(store_get(f->view, BYTES("nothing"), f->arena, &row), NOT_FOUND);
    assert_status(store_get(f->view, BYTES("cin-999999"), f->arena, &row), NOT_FOUND);
    assert_status(store_get_by_id(f->view, 0, f->arena, &row), NOT_FOUND);
    assert_status(store_get_by_id(f->view, -5, f->arena, &row), NOT_FOUND);
    assert_status(store_get_child(f->view, two.id, instance.rn, f->arena, &row), NOT_FOUND);
    assert_status(store_get_child(f->view, root.id, BYTES("one/x"), f->arena, &row), NOT_FOUND);
    assert_status(store_get_child(f->view, root.id, BYTES(""), f->arena, &row), NOT_FOUND);
    assert_status(store_get_child(f->view, 999998, BYTES("one"), f->arena, &row), NOT_FOUND);
    struct bytes wrong_prefix = arena_printf(f->arena, "cnt-%lld", (long long)instance.id);
    assert_status(store_get(f->view, wrong_prefix, f->arena, &row), NOT_FOUND);
}

static void newest_and_oldest(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row other = add_node(f, root.id, 3, "d");
    assert_status(store_get_newest(f->view, node.id, f->arena, &row), NOT_FOUND);
    assert_status(store_get_oldest(f->view, node.id, f->arena, &row), NOT_FOUND);
    struct store_row first = add_instance(f, node.id, 1);
    (void)add_instance(f, other.id, 1);
    struct store_row second = add_instance(f, node.id, 1);
    struct store_row third = add_instance(f, node.id, 1);
    (void)add_instance(f, other.id, 1);
    assert_ok(store_get_newest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, third.id);
    assert_ok(store_get_oldest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, first.id);
    assert_ok(drop(f, third.id));
    assert_ok(drop(f, first.id));
    assert_ok(store_get_newest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, second.id);
    assert_ok(store_get_oldest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, second.id);
}

static void state_is_read_again(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c"), kept = node;
    (void)add_instance(f, node.id, 9);
    assert_ok(change(
        f, &(struct store_change){
               .id = node.id, .set_lt = true, .lt = 5, .set_state_tag = true, .state_tag = 6}));
    assert_ok(store_refresh(f->view, &kept));
    assert_int_equal(kept.lt, 5);
    assert_int_equal(kept.state_tag, 6);
    assert_int_equal(kept.instances, 1);
    assert_int_equal(kept.instance_bytes, 9);
    assert_ok(drop(f, node.id));
    assert_status(store_refresh(f->view, &kept), NOT_FOUND);
}

static void a_full_arena_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    char body[8192] = {1};
    struct store_row node =
        add(f, &(struct store_new){
                   .parent_id = root.id, .rn = BYTES("big"), .body = bytes_of(body, sizeof(body))});
    struct arena *small = arena_new(4096);
    assert_status(store_get_by_id(f->view, node.id, small, &row), NO_MEMORY);
    arena_free(small);
    assert_ok(store_get_by_id(f->view, node.id, f->arena, &row));
    assert_true(bytes_equal(row.body, bytes_of(body, sizeof(body))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(finds_nodes_every_way),    FIXTURE_TEST(finds_instances_every_way),
        FIXTURE_TEST(says_what_is_not_there),   FIXTURE_TEST(newest_and_oldest),
        FIXTURE_TEST(a_full_arena_is_an_error), FIXTURE_TEST(state_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
