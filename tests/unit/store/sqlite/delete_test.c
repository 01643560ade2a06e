/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

struct deletion_call {
    int64_t id;
    struct seen seen;
};

static status delete_seen(struct store_view *view, void *user)
{
    struct deletion_call *call = user;
    return store_delete(view, call->id, see, &call->seen);
}

static uint64_t count(struct fixture *f)
{
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    return rows;
}

static int64_t rows_in(struct fixture *f, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(f->view->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t rows = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return rows;
}

static void children_go_before_parents(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row a = add_node(f, root.id, 3, "a");
    struct store_row b = add_node(f, a.id, 3, "b");
    (void)add_node(f, b.id, 3, "c");
    (void)add_node(f, a.id, 3, "d");
    (void)add_node(f, root.id, 3, "a-b");
    (void)add_node(f, root.id, 3, "a0");
    struct store_new named = {.parent_id = b.id, .rn = BYTES("i"), .type = 4, .is_instance = true};
    (void)add(f, &named);
    struct deletion_call call = {.id = a.id};
    assert_ok(in_job(f, delete_seen, &call));
    assert_string_equal(call.seen.text, "d,c,i,b,a,");
    assert_int_equal(count(f), 3);
    struct store_row row;
    assert_status(store_get_by_path(f->view, BYTES("cse/a/b/i"), f->arena, &row), NOT_FOUND);
    assert_status(store_get_by_path(f->view, BYTES("cse/a"), f->arena, &row), NOT_FOUND);
    assert_ok(store_get_by_path(f->view, BYTES("cse/a-b"), f->arena, &row));
    assert_ok(store_get_by_path(f->view, BYTES("cse/a0"), f->arena, &row));
}

static void counters_follow(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row instances[6];
    for (int i = 0; i < 6; i++) {
        instances[i] = add_instance(f, node.id, 1 << i);
    }
    assert_ok(drop(f, instances[2].id));
    assert_ok(drop(f, instances[5].id));
    row = row_of(f, node.id);
    assert_int_equal(row.instances, 4);
    assert_int_equal(row.instance_bytes, 1 + 2 + 8 + 16);
    assert_ok(store_get_newest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, instances[4].id);
    (void)add_instance(f, node.id, 100);
    assert_ok(drop(f, instances[0].id));
    row = row_of(f, node.id);
    assert_int_equal(row.instances, 4);
    assert_int_equal(row.instance_bytes, 2 + 8 + 16 + 100);
    assert_ok(store_get_oldest(f->view, node.id, f->arena, &row));
    assert_int_equal(row.id, instances[1].id);
}

static status make_deep_and_wide(struct store_view *view, void *user)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct store_row *top = user, row = *top;
    for (int i = 0; i < 200; i++) { /* deep */
        TRY(store_insert(view,
                         &(struct store_new){.parent_id = row.id, .rn = BYTES("d"), .type = 3},
                         arena, &row));
        struct store_key key = {3, BYTES("deep")};
        TRY(store_insert(view,
                         &(struct store_new){.parent_id = row.id,
                                             .type = 4,
                                             .is_instance = true,
                                             .size = 1,
                                             .keys = &key,
                                             .key_count = 1},
                         arena, NULL));
    }
    for (int i = 0; i < 1000; i++) { /* wide, nodes and instances */
        TRY(store_insert(view,
                         &(struct store_new){
                             .parent_id = top->id, .type = 4, .is_instance = i % 2 == 0, .et = 9},
                         arena, NULL));
    }
    arena_free(arena);
    return OK;
}

static bool count_visits(void *user, const struct store_row *row)
{
    size_t *visits = user;
    (void)row;
    ++*visits;
    return false; /* a deletion does not stop halfway */
}

struct counted_call {
    int64_t id;
    size_t visits;
};

static status delete_counted(struct store_view *view, void *user)
{
    struct counted_call *call = user;
    return store_delete(view, call->id, count_visits, &call->visits);
}

static void deep_and_wide_trees_vanish(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row top = add_node(f, root.id, 3, "top");
    assert_ok(in_job(f, make_deep_and_wide, &top));
    assert_int_equal(count(f), 2 + 400 + 1000);
    struct counted_call call = {.id = top.id};
    assert_ok(in_job(f, delete_counted, &call));
    assert_int_equal(call.visits, 1401);
    assert_int_equal(count(f), 1);
    static const char *const tables[] = {
        "SELECT count(*) - 1 FROM node", "SELECT count(*) - 1 FROM state",
        "SELECT count(*) FROM instance", "SELECT count(*) FROM entry",
        "SELECT count(*) FROM taken"};
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        assert_int_equal(rows_in(f, tables[i]), 0);
    }
}

static void the_root_goes_too(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    (void)add_instance(f, root.id, 1);
    (void)add_node(f, root.id, 3, "c");
    assert_ok(drop(f, root.id));
    assert_int_equal(count(f), 0);
    (void)add_root(f);
    assert_int_equal(count(f), 1);
}

static void what_is_not_there_is_not_deleted(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row instance = add_instance(f, root.id, 1);
    assert_status(drop(f, 999998), NOT_FOUND);
    assert_ok(drop(f, instance.id));
    assert_status(drop(f, instance.id), NOT_FOUND);
    assert_int_equal(row_of(f, root.id).instances, 0);
}

/* What a visitor changes in its job holds. */
static bool tell(void *user, const struct store_row *row)
{
    struct store_view *view = user;
    struct store_message message = {.queue = row->ri, .due = 1, .body = row->path};
    assert_ok(store_outbox_add(view, &message, NULL));
    struct store_children children = {.parent_id = row->id};
    struct seen seen = {.count = 0};
    assert_ok(store_each_child(view, &children, see, &seen));
    assert_int_equal(seen.count, 0); /* children are gone by now */
    return true;
}

static status delete_told(struct store_view *view, void *user)
{
    const int64_t *id = user;
    return store_delete(view, *id, tell, view);
}

static void visitors_may_use_the_view(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_row node = add_node(f, root.id, 3, "c");
    (void)add_instance(f, node.id, 1);
    assert_ok(in_job(f, delete_told, &node.id));
    assert_int_equal(rows_in(f, "SELECT count(*) FROM outbox"), 2);
    uint64_t waiting;
    assert_ok(store_outbox_count(f->view, node.ri, &waiting));
    assert_int_equal(waiting, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(children_go_before_parents),       FIXTURE_TEST(counters_follow),
        FIXTURE_TEST(deep_and_wide_trees_vanish),       FIXTURE_TEST(the_root_goes_too),
        FIXTURE_TEST(what_is_not_there_is_not_deleted), FIXTURE_TEST(visitors_may_use_the_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
