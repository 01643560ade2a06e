/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

enum { THREADS = 4, JOBS_EACH = 200 };

static status read_body(struct store_view *view, void *user)
{
    uint64_t rows;
    (void)user;
    return store_count(view, &rows);
}

static void too_many_jobs_are_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    struct store_options options = {
        .directory = bytes_str(f->directory), .queue_max = 3, .batch_max = 2};
    assert_ok(store_open(&options, &f->store));
    struct body_job jobs[4];
    for (size_t i = 0; i < 4; i++) {
        jobs[i] = body_job(read_body, NULL);
        if (i < 3) {
            assert_ok(store_submit(f->store, &jobs[i].job));
        } else {
            assert_status(store_submit(f->store, &jobs[i].job), OVERLOADED);
        }
    }
    assert_status(in_job(f, read_body, NULL), OVERLOADED);
    store_pump(f->store);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(jobs[i].dones, i < 3 ? 1 : 0);
    }
    assert_ok(store_submit(f->store, &jobs[3].job)); /* there is room again */
    store_close(f->store);
    assert_int_equal(jobs[3].dones, 1); /* closing finishes what was submitted */
    fixture_open(f);
}

static void count_call(void *user)
{
    *(int *)user += 1;
}

/* A list is taken as far as there is room, in its order, and shares its commits; whoever listens
 * hears of each commit once, after all of it was told. */
static void a_list_of_jobs(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    struct store_options options = {
        .directory = bytes_str(f->directory), .queue_max = 4, .batch_max = 3};
    assert_ok(store_open(&options, &f->store));
    assert_ok(store_view_open(f->store, &f->view));
    struct store_row root = add_root(f);
    struct store_new row = {.parent_id = root.id};
    struct insertion_call call = {&row, f->arena, NULL};
    struct body_job jobs[6];
    int told = 0;
    for (size_t i = 0; i < 6; i++) {
        jobs[i] = body_job(insert_body, &call);
        jobs[i].job.next = i < 5 ? &jobs[i + 1].job : NULL;
    }
    store_on_batch_told(f->store, count_call, &told);
    uint64_t commits = store_commit_version(f->store);
    assert_ptr_equal(store_submit_all(f->store, &jobs[0].job), &jobs[4].job);
    assert_ptr_equal(jobs[4].job.next, &jobs[5].job);
    assert_int_equal(told, 0);
    store_pump(f->store);
    assert_int_equal(told, 2);
    assert_int_equal(store_commit_version(f->store), commits + 2);
    assert_null(store_submit_all(f->store, &jobs[4].job));
    assert_null(store_submit_all(f->store, NULL));
    store_on_batch_told(f->store, NULL, NULL);
    store_pump(f->store);
    assert_int_equal(told, 2);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(jobs[i].dones, 1);
        assert_ok(jobs[i].result);
    }
}

static void batches_are_bounded(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    struct store_options options = {.directory = bytes_str(f->directory), .batch_max = 2};
    assert_ok(store_open(&options, &f->store));
    assert_ok(store_view_open(f->store, &f->view));
    struct store_row root = add_root(f);
    uint64_t commits = store_commit_version(f->store);
    struct store_new row = {.parent_id = root.id};
    struct insertion_call call = {&row, f->arena, NULL};
    struct body_job jobs[5];
    for (size_t i = 0; i < 5; i++) {
        jobs[i] = body_job(insert_body, &call);
        assert_ok(store_submit(f->store, &jobs[i].job));
    }
    store_pump(f->store);
    assert_int_equal(store_commit_version(f->store), commits + 3);
}

/* A thread that runs jobs and reads what they did. */
struct client {
    struct store *store;
    struct sys_thread *thread;
    int64_t parent_id;
    int64_t seen; /* instances that its view saw at the end */
    unsigned failures;
};

static status count_own(struct store_view *view, struct client *client, struct arena *arena)
{
    struct store_row row;
    TRY(store_view_begin(view));
    status result = store_get_by_id(view, client->parent_id, arena, &row);
    store_view_end(view);
    TRY(result);
    client->seen = row.instances;
    return OK;
}

static void client_main(void *user)
{
    struct client *client = user;
    struct arena *arena = arena_new(SIZE_MAX);
    struct store_view *view = NULL;
    client->failures += is_error(store_view_open(client->store, &view));
    for (int64_t i = 1; i <= JOBS_EACH; i++) {
        struct store_new row = {
            .parent_id = client->parent_id, .type = 4, .is_instance = true, .size = 1};
        struct insertion_call call = {&row, arena, NULL};
        struct body_job job = body_job(insert_body, &call);
        client->failures += is_error(store_run(client->store, &job.job));
        client->failures += job.dones != 1;
        /* what was acknowledged is seen by whoever begins after */
        client->failures += is_error(count_own(view, client, arena)) || client->seen != i;
        arena_reset(arena);
    }
    store_view_close(view);
    arena_free(arena);
}

static void threads_share_a_writer(void **state)
{
    struct fixture *f = *state;
    struct client clients[THREADS] = {{.store = NULL}};
    struct store_row root = add_root(f);
    for (size_t i = 0; i < THREADS; i++) {
        clients[i].parent_id = add_node(f, root.id, 3, NULL).id;
    }
    fixture_close(f);
    struct store_options options = {.directory = bytes_str(f->directory), .threaded = true};
    assert_ok(store_open(&options, &f->store));
    for (size_t i = 0; i < THREADS; i++) {
        clients[i].store = f->store;
        assert_ok(sys_thread_start(client_main, &clients[i], &clients[i].thread));
    }
    for (size_t i = 0; i < THREADS; i++) {
        sys_thread_join(clients[i].thread);
        assert_int_equal(clients[i].failures, 0);
        assert_int_equal(clients[i].seen, JOBS_EACH);
    }
    assert_true(store_commit_version(f->store) <= THREADS * JOBS_EACH);
    store_close(f->store);
    fixture_open(f);
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 1 + THREADS + THREADS * JOBS_EACH);
}

static void closing_finishes_what_was_submitted(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    fixture_close(f);
    struct store_options options = {.directory = bytes_str(f->directory), .threaded = true};
    assert_ok(store_open(&options, &f->store));
    enum { MANY = 500 };
    struct body_job *jobs = mem_alloc_array(MANY, sizeof(*jobs));
    struct store_new row = {.parent_id = root.id};
    struct insertion_call call = {&row, f->arena, NULL};
    for (size_t i = 0; i < MANY; i++) {
        jobs[i] = body_job(insert_body, &call);
        assert_ok(store_submit(f->store, &jobs[i].job));
    }
    store_close(f->store);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(jobs[i].dones, 1);
        assert_ok(jobs[i].result);
    }
    mem_free(jobs);
    fixture_open(f);
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 1 + MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(too_many_jobs_are_refused),
        FIXTURE_TEST(a_list_of_jobs),
        FIXTURE_TEST(batches_are_bounded),
        FIXTURE_TEST(threads_share_a_writer),
        FIXTURE_TEST(closing_finishes_what_was_submitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
