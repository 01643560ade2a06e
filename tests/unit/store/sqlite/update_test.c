/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void changes_what_is_asked(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    assert_ok(change(
        f, &(struct store_change){.id = node.id, .set_body = true, .body = BYTES("new body")}));
    struct store_row row = row_of(f, node.id);
    assert_bytes(row.body, "new body");
    assert_int_equal(row.lt, 10);
    assert_ok(change(f, &(struct store_change){.id = node.id, .set_lt = true, .lt = 99}));
    assert_ok(
        change(f, &(struct store_change){.id = node.id, .set_state_tag = true, .state_tag = 8}));
    row = row_of(f, node.id);
    assert_int_equal(row.lt, 99);
    assert_int_equal(row.state_tag, 8);
    assert_ok(change(f, &(struct store_change){
                            .id = node.id, .set_et = true, .et = 5, .set_size = true, .size = 6}));
    row = row_of(f, node.id);
    assert_int_equal(row.et, 5);
    assert_int_equal(row.size, 6);
    assert_bytes(row.body, "new body");
    assert_bytes(row.path, "cse/c");
}

static void changes_instances(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row instance = add_instance(f, node.id, 10);
    assert_ok(change(f, &(struct store_change){.id = instance.id,
                                               .set_body = true,
                                               .body = BYTES("b"),
                                               .set_size = true,
                                               .size = 25,
                                               .set_et = true,
                                               .et = 77,
                                               .set_lt = true,
                                               .lt = 78,
                                               .set_state_tag = true,
                                               .state_tag = 79}));
    struct store_row row = row_of(f, instance.id);
    assert_bytes(row.body, "b");
    assert_int_equal(row.size, 25);
    assert_int_equal(row.et, 77);
    assert_int_equal(row.lt, 78);
    assert_int_equal(row.state_tag, 79);
    assert_int_equal(row_of(f, node.id).instance_bytes, 25);
    assert_int_equal(row_of(f, node.id).instances, 1);
    assert_ok(change(f, &(struct store_change){.id = instance.id, .set_size = true, .size = -1}));
    assert_int_equal(row_of(f, node.id).instance_bytes, 0);
}

static void refuses_what_is_not_there(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    assert_status(change(f, &(struct store_change){.id = 999998, .set_lt = true}), NOT_FOUND);
    assert_status(change(f, &(struct store_change){.id = 999999, .set_keys = true}), NOT_FOUND);
}

static void tree_version_follows_the_tree_alone(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    uint64_t tree = store_tree_version(f->store), commits = store_commit_version(f->store);
    struct store_row instance = add_instance(f, node.id, 1);
    assert_ok(change(
        f, &(struct store_change){
               .id = node.id, .set_lt = true, .lt = 5, .set_state_tag = true, .state_tag = 6}));
    assert_ok(change(f, &(struct store_change){.id = instance.id, .set_body = true}));
    assert_ok(drop(f, instance.id));
    assert_int_equal(store_tree_version(f->store), tree);
    assert_int_equal(store_commit_version(f->store), commits + 4);
    struct store_change changes[] = {{.id = node.id, .set_body = true},
                                     {.id = node.id, .set_et = true},
                                     {.id = node.id, .set_size = true},
                                     {.id = node.id, .set_keys = true}};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        tree = store_tree_version(f->store);
        assert_ok(change(f, &changes[i]));
        assert_true(store_tree_version(f->store) > tree);
    }
    tree = store_tree_version(f->store);
    struct store_row more = add_node(f, root.id, 3, "d");
    assert_true(store_tree_version(f->store) > tree);
    tree = store_tree_version(f->store);
    assert_ok(drop(f, more.id));
    assert_true(store_tree_version(f->store) > tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(changes_what_is_asked),
        FIXTURE_TEST(changes_instances),
        FIXTURE_TEST(refuses_what_is_not_there),
        FIXTURE_TEST(tree_version_follows_the_tree_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
