/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

/* A job that inserts name below the root (or a subtree), and then fails with `then`. */
struct step {
    const char *name;
    enum status_code before, then;
    size_t body_size;
};

static char big[65536];

static status step_body(struct store_view *view, void *user)
{
    struct step *step = user;
    struct arena *arena = arena_new(SIZE_MAX);
    struct store_row root;
    status result = (status){step->before};
    if (is_ok(result)) {
        result = store_get_by_path(view, BYTES("cse"), arena, &root);
    }
    if (is_ok(result)) {
        result = store_insert(view,
                              &(struct store_new){.parent_id = root.id,
                                                  .rn = bytes_str(step->name),
                                                  .type = 3,
                                                  .body = bytes_of(big, step->body_size)},
                              arena, NULL);
    }
    arena_free(arena);
    return is_ok(result) ? (status){step->then} : result;
}

/* Runs the steps as one batch. */
static void run(struct fixture *f, struct step *steps, size_t count, struct body_job *jobs)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i] = body_job(step_body, &steps[i]);
        assert_ok(store_submit(f->store, &jobs[i].job));
    }
    store_pump(f->store);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(jobs[i].dones, 1);
    }
}

static bool is_there(struct fixture *f, const char *name)
{
    struct store_row row;
    struct bytes path = arena_printf(f->arena, "cse/%s", name);
    status result = store_get_by_path(f->view, path, f->arena, &row);
    assert_true(is_ok(result) || status_is(result, STATUS_NOT_FOUND));
    return is_ok(result);
}

static void early_failure_costs_nothing(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    uint64_t commits = store_commit_version(f->store);
    struct step steps[] = {
        {.name = "a"}, {.name = "x", .before = STATUS_CONFLICT}, {.name = "b"}, {.name = "a"}};
    struct body_job jobs[4];
    run(f, steps, 4, jobs);
    assert_ok(jobs[0].result);
    assert_status(jobs[1].result, CONFLICT);
    assert_ok(jobs[2].result);
    assert_status(jobs[3].result, CONFLICT);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(jobs[i].runs, 1);
    }
    assert_int_equal(store_commit_version(f->store), commits + 1);
    assert_true(is_there(f, "a") && is_there(f, "b") && !is_there(f, "x"));
}

static void late_failure_replays_the_others(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    struct step steps[] = {{.name = "a"},
                           {.name = "x", .then = STATUS_BAD_REQUEST},
                           {.name = "x"}, /* conflicts only as long as the one before is in */
                           {.name = "y", .then = STATUS_NOT_FOUND},
                           {.name = "b"}};
    struct body_job jobs[5];
    run(f, steps, 5, jobs);
    assert_ok(jobs[0].result);
    assert_status(jobs[1].result, BAD_REQUEST);
    assert_ok(jobs[2].result);
    assert_status(jobs[3].result, NOT_FOUND);
    assert_ok(jobs[4].result);
    assert_int_equal(jobs[0].runs, 3);
    assert_int_equal(jobs[4].runs, 1);
    assert_true(is_there(f, "a") && is_there(f, "x") && is_there(f, "b") && !is_there(f, "y"));
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 4);
    fixture_reopen(f);
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 4);
}

static void all_may_fail(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    uint64_t commits = store_commit_version(f->store);
    struct step steps[] = {{.name = "a", .then = STATUS_BAD_REQUEST},
                           {.name = "b", .before = STATUS_BAD_REQUEST},
                           {.name = "c", .then = STATUS_BAD_REQUEST}};
    struct body_job jobs[3];
    run(f, steps, 3, jobs);
    for (size_t i = 0; i < 3; i++) {
        assert_status(jobs[i].result, BAD_REQUEST);
    }
    assert_false(is_there(f, "a") || is_there(f, "b") || is_there(f, "c"));
    assert_int_equal(store_commit_version(f->store), commits);
}

static void undone_changes_count_for_the_tree_version(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    uint64_t tree = store_tree_version(f->store);
    struct step steps[] = {{.name = "a", .then = STATUS_BAD_REQUEST}};
    struct body_job jobs[1];
    run(f, steps, 1, jobs);
    assert_true(store_tree_version(f->store) >= tree + 2); /* what a job saw must not be kept */
}

static void a_full_disk_fails_the_batch_and_no_more(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    struct step room[] = {{.name = "room", .body_size = sizeof(big)}};
    struct body_job jobs[3];
    run(f, room, 1, jobs);
    assert_ok(jobs[0].result);
    assert_ok(sqlite_limit_pages(f->store, 1)); /* not less than it has: no page more */
    struct step steps[] = {{.name = "a", .body_size = 10},
                           {.name = "b", .body_size = sizeof(big)},
                           {.name = "c", .body_size = 10}};
    run(f, steps, 3, jobs);
    for (size_t i = 0; i < 3; i++) {
        assert_status(jobs[i].result, STORE_FULL);
    }
    assert_false(is_there(f, "a") || is_there(f, "b") || is_there(f, "c"));
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 2);
    /* small changes and deletions still work, and give room */
    run(f, steps, 1, jobs);
    assert_ok(jobs[0].result);
    struct store_row row;
    assert_ok(store_get_by_path(f->view, BYTES("cse/room"), f->arena, &row));
    assert_ok(drop(f, row.id));
    run(f, steps + 1, 2, jobs);
    assert_ok(jobs[0].result);
    assert_ok(jobs[1].result);
    /* as does more disk */
    struct step more[] = {{.name = "d", .body_size = sizeof(big)}};
    run(f, more, 1, jobs);
    assert_status(jobs[0].result, STORE_FULL);
    assert_ok(sqlite_limit_pages(f->store, 0));
    run(f, more, 1, jobs);
    assert_ok(jobs[0].result);
}

/* A job that hides the failure of its change is failed all the same. */
static status hiding_body(struct store_view *view, void *user)
{
    struct step step = {.name = "hidden", .body_size = sizeof(big)};
    (void)user;
    IGNORE_STATUS(step_body(view, &step));
    return OK;
}

static void a_hidden_failure_counts(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    assert_ok(sqlite_limit_pages(f->store, 1));
    assert_status(in_job(f, hiding_body, NULL), STORE_FULL);
    assert_false(is_there(f, "hidden"));
    assert_ok(sqlite_limit_pages(f->store, 0));
    assert_ok(in_job(f, hiding_body, NULL));
    assert_true(is_there(f, "hidden"));
}

static status read_body(struct store_view *view, void *user)
{
    uint64_t rows;
    (void)user;
    return store_count(view, &rows);
}

static void reading_alone_commits_nothing(void **state)
{
    struct fixture *f = *state;
    uint64_t commits = store_commit_version(f->store);
    assert_ok(in_job(f, read_body, NULL));
    assert_int_equal(store_commit_version(f->store), commits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(early_failure_costs_nothing),
        FIXTURE_TEST(late_failure_replays_the_others),
        FIXTURE_TEST(all_may_fail),
        FIXTURE_TEST(undone_changes_count_for_the_tree_version),
        FIXTURE_TEST(a_full_disk_fails_the_batch_and_no_more),
        FIXTURE_TEST(a_hidden_failure_counts),
        FIXTURE_TEST(reading_alone_commits_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
