/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void the_first_read_pins_a_snapshot(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    assert_ok(store_view_begin(f->view));
    (void)add_instance(f, root.id, 1);
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    assert_int_equal(row.instances, 1);
    store_view_end(f->view);
    assert_ok(store_view_begin(f->view));
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    struct store_row node = add_node(f, root.id, 3, "c");
    (void)add_instance(f, root.id, 1);
    assert_status(store_get_by_id(f->view, node.id, f->arena, &row), NOT_FOUND);
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    assert_int_equal(row.instances, 1);
    store_view_end(f->view);
    assert_ok(store_view_begin(f->view));
    assert_ok(store_get_by_id(f->view, node.id, f->arena, &row));
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    assert_int_equal(row.instances, 2);
    store_view_end(f->view);
}

static void count_pin(void *user)
{
    *(int *)user += 1;
}

static void a_pin_is_told_once(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    int pins = 0;
    store_view_on_pinned(f->view, count_pin, &pins);
    assert_ok(store_view_begin(f->view));
    store_view_end(f->view);
    assert_int_equal(pins, 0); /* nothing was read */
    assert_ok(store_view_begin(f->view));
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row));
    store_view_end(f->view);
    assert_int_equal(pins, 1);
    assert_ok(store_get_by_id(f->view, root.id, f->arena, &row)); /* outside: the present */
    assert_int_equal(pins, 1);
}

static void end_twice_is_harmless(void **state)
{
    struct fixture *f = *state;
    store_view_end(f->view);
    assert_ok(store_view_begin(f->view));
    store_view_end(f->view);
    store_view_end(f->view);
}

static status look(struct store_view *view, void *user)
{
    struct fixture *f = user;
    struct store_row root, row;
    TRY(store_get_by_path(view, BYTES("cse"), f->arena, &root));
    TRY(store_insert(view, &(struct store_new){.parent_id = root.id, .rn = BYTES("new")}, f->arena,
                     &row));
    TRY(store_get_by_path(view, BYTES("cse/new"), f->arena, &row));
    uint64_t rows;
    TRY(store_count(view, &rows));
    return rows == 2 ? OK : ERROR(STORE_FAILED);
}

static void a_job_sees_its_own_changes(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    assert_ok(in_job(f, look, f));
}

static void a_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    int code = sqlite3_exec(f->view->db, "DELETE FROM meta", NULL, NULL, NULL);
    assert_int_equal(code & 0xff, SQLITE_READONLY);
}

static void views_are_independent(void **state)
{
    struct fixture *f = *state;
    struct store_view *other;
    struct store_row row;
    assert_ok(store_view_open(f->store, &other));
    assert_ok(store_view_begin(f->view));
    assert_status(store_get_by_path(f->view, BYTES("cse"), f->arena, &row), NOT_FOUND);
    (void)add_root(f);
    assert_ok(store_view_begin(other));
    assert_ok(store_get_by_path(other, BYTES("cse"), f->arena, &row));
    assert_status(store_get_by_path(f->view, BYTES("cse"), f->arena, &row), NOT_FOUND);
    store_view_end(other);
    store_view_end(f->view);
    store_view_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_first_read_pins_a_snapshot), FIXTURE_TEST(end_twice_is_harmless),
        FIXTURE_TEST(a_job_sees_its_own_changes),     FIXTURE_TEST(a_reader_cannot_write),
        FIXTURE_TEST(views_are_independent),          FIXTURE_TEST(a_pin_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
