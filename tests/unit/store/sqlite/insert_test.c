/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void gives_a_complete_row(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    assert_bytes(root.path, "cse");
    assert_bytes(root.ri, "id-in");
    assert_int_equal(root.parent_id, 0);
    struct store_key keys[] = {{1, BYTES("red")}};
    struct store_row node = add(f, &(struct store_new){.parent_id = root.id,
                                                       .ri = BYTES("Csensor"),
                                                       .rn = BYTES("sensor"),
                                                       .type = 2,
                                                       .ct = 3,
                                                       .lt = 4,
                                                       .et = 5,
                                                       .state_tag = 6,
                                                       .size = 7,
                                                       .originator = BYTES("Corig"),
                                                       .body = BYTES("a\0b"),
                                                       .keys = keys,
                                                       .key_count = 1});
    struct store_row rows[] = {node, row_of(f, node.id)};
    for (size_t i = 0; i < 2; i++) {
        assert_bytes(rows[i].ri, "Csensor");
        assert_bytes(rows[i].rn, "sensor");
        assert_bytes(rows[i].path, "cse/sensor");
        assert_bytes(rows[i].parent_ri, "id-in");
        assert_int_equal(rows[i].parent_id, root.id);
        assert_int_equal(rows[i].type, 2);
        assert_int_equal(rows[i].ct, 3);
        assert_int_equal(rows[i].lt, 4);
        assert_int_equal(rows[i].et, 5);
        assert_int_equal(rows[i].state_tag, 6);
        assert_int_equal(rows[i].size, 7);
        assert_int_equal(rows[i].instances, 0);
        assert_int_equal(rows[i].instance_bytes, 0);
        assert_false(rows[i].is_instance);
        assert_bytes(rows[i].originator, "Corig");
        assert_true(bytes_equal(rows[i].body, BYTES("a\0b")));
    }
}

static void names_what_has_no_name(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, NULL);
    assert_true(bytes_starts_with(node.ri, BYTES("cnt-")));
    assert_true(bytes_equal(node.ri, node.rn));
    struct store_row instance = add_instance(f, node.id, 5);
    assert_true(bytes_starts_with(instance.ri, BYTES("cin-")));
    assert_true(bytes_equal(instance.ri, instance.rn));
}

static void instance_row_is_complete(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row rows[2] = {add_instance(f, node.id, 13)};
    rows[1] = row_of(f, rows[0].id);
    for (size_t i = 0; i < 2; i++) {
        assert_true(rows[i].is_instance);
        assert_true(bytes_equal(rows[i].parent_ri, node.ri));
        assert_true(bytes_starts_with(rows[i].path, BYTES("cse/c/cin-")));
        assert_true(bytes_ends_with(rows[i].path, rows[i].ri));
        assert_int_equal(rows[i].type, 4);
        assert_int_equal(rows[i].ct, 20);
        assert_int_equal(rows[i].lt, 20);
        assert_int_equal(rows[i].state_tag, 7);
        assert_int_equal(rows[i].size, 13);
        assert_bytes(rows[i].originator, "Csensor");
        assert_bytes(rows[i].body, "instance body");
    }
}

static void refuses_a_taken_name(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row again;
    struct store_new same = {.parent_id = root.id, .rn = BYTES("c"), .type = 3};
    assert_status(try_insert(f, &same, &again), CONFLICT);
    struct store_new named = {
        .parent_id = node.id, .rn = BYTES("x"), .type = 4, .is_instance = true};
    assert_ok(try_insert(f, &named, &again));
    assert_status(try_insert(f, &named, &again), CONFLICT);
    named.is_instance = false;
    assert_status(try_insert(f, &named, &again), CONFLICT);
    struct store_row below = add_node(f, node.id, 3, "y");
    assert_bytes(below.path, "cse/c/y");
    struct store_new instance = {
        .parent_id = node.id, .rn = BYTES("y"), .type = 4, .is_instance = true};
    assert_status(try_insert(f, &instance, &again), CONFLICT);
    assert_int_equal(row_of(f, node.id).instances, 1);
}

static void refuses_a_taken_identifier(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), again;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_new ae = {.parent_id = root.id, .ri = BYTES("Cae"), .rn = BYTES("a"), .type = 2};
    assert_ok(try_insert(f, &ae, &again));
    ae.rn = BYTES("b");
    assert_status(try_insert(f, &ae, &again), CONFLICT);
    struct store_row instance = add_instance(f, node.id, 1);
    ae.ri = instance.ri;
    assert_status(try_insert(f, &ae, &again), CONFLICT);
    ae.ri = node.ri;
    assert_status(try_insert(f, &ae, &again), CONFLICT);
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 4);
}

static void refuses_what_has_no_place(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row instance = add_instance(f, node.id, 1);
    assert_status(try_insert(f, &(struct store_new){.rn = BYTES("second"), .type = 5}, &row),
                  CONFLICT);
    assert_status(try_insert(f, &(struct store_new){.parent_id = 999998, .rn = BYTES("x")}, &row),
                  NOT_FOUND);
    assert_status(try_insert(f, &(struct store_new){.parent_id = instance.id}, &row),
                  INVALID_CHILD_RESOURCE_TYPE);
    assert_status(try_insert(f, &(struct store_new){.is_instance = true}, &row),
                  INVALID_CHILD_RESOURCE_TYPE);
    assert_status(
        try_insert(f,
                   &(struct store_new){.parent_id = node.id, .ri = BYTES("x"), .is_instance = true},
                   &row),
        INTERNAL_SERVER_ERROR);
    assert_status(
        try_insert(f, &(struct store_new){.parent_id = node.id, .rn = BYTES("a/b")}, &row),
        BAD_REQUEST);
    assert_status(
        try_insert(f, &(struct store_new){.parent_id = node.id, .rn = BYTES("a\0b")}, &row),
        BAD_REQUEST);
}

static void counters_follow_instances(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    for (int i = 0; i < 10; i++) {
        (void)add_instance(f, node.id, i == 0 ? -1 : i);
    }
    struct store_row now = row_of(f, node.id);
    assert_int_equal(now.instances, 10);
    assert_int_equal(now.instance_bytes, 45);
    assert_bytes(now.body, "node body");
}

static void a_parent_may_be_brought_along(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c"), row;
    struct store_new instance = {.parent_id = node.id,
                                 .parent = &node,
                                 .type = 4,
                                 .is_instance = true,
                                 .size = 5,
                                 .set_parent_lt = true,
                                 .parent_lt = 77,
                                 .set_parent_state_tag = true,
                                 .parent_state_tag = 78};
    row = add(f, &instance);
    assert_true(bytes_starts_with(row.path, BYTES("cse/c/")));
    struct store_row now = row_of(f, node.id);
    assert_int_equal(now.lt, 77);
    assert_int_equal(now.state_tag, 78);
    assert_int_equal(now.instances, 1);
    assert_int_equal(now.instance_bytes, 5);
    assert_ok(drop(f, node.id));
    assert_status(try_insert(f, &instance, &row), NOT_FOUND); /* the row given is out of date */
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 1);
}

static void ret_row_may_be_absent(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    assert_ok(try_insert(f, &(struct store_new){.parent_id = root.id, .rn = BYTES("q")}, NULL));
    struct store_row row;
    assert_ok(store_get_by_path(f->view, BYTES("cse/q"), f->arena, &row));
}

/* Every allocation of ours on the way fails once: the tree stays as it was. */
static void survives_failed_allocations(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    size_t failures = 0;
    for (unsigned n = 1; n < 50; n++) {
        struct arena *arena = arena_new(SIZE_MAX);
        struct store_new row = {.parent_id = node.id,
                                .rn = arena_printf(arena, "%04000u", n),
                                .type = 4,
                                .is_instance = true};
        struct insertion_call call = {&row, arena, NULL};
        struct body_job job = body_job(insert_body, &call);
        assert_ok(store_submit(f->store, &job.job));
        mem_fail_after(n);
        store_pump(f->store);
        mem_fail_after(0);
        failures += is_error(job.result);
        if (is_error(job.result)) {
            assert_status(job.result, NO_MEMORY);
        }
        arena_free(arena);
    }
    assert_true(failures > 0 && failures < 49);
    assert_int_equal(row_of(f, node.id).instances, 49 - (int64_t)failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(gives_a_complete_row),        FIXTURE_TEST(names_what_has_no_name),
        FIXTURE_TEST(instance_row_is_complete),    FIXTURE_TEST(refuses_a_taken_name),
        FIXTURE_TEST(refuses_a_taken_identifier),  FIXTURE_TEST(refuses_what_has_no_place),
        FIXTURE_TEST(counters_follow_instances),   FIXTURE_TEST(ret_row_may_be_absent),
        FIXTURE_TEST(survives_failed_allocations), FIXTURE_TEST(a_parent_may_be_brought_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
