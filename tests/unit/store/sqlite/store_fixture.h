/* SPDX-License-Identifier: Apache-2.0
 * A store in a fresh directory, run by hand, with a reader and an arena; and short ways to change
 * it. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/sqlite/sqlite_int.h"

struct fixture {
    struct store *store;
    struct store_view *view;
    struct arena *arena;
    char directory[64];
};

#define assert_ok(expression) assert_string_equal(status_name(expression), "OK")
#define assert_status(expression, name) assert_string_equal(status_name(expression), #name)
#define assert_bytes(b, text) assert_true(bytes_is((b), (text)))

__attribute__((unused)) static void fixture_open(struct fixture *f)
{
    struct store_options options = {.directory = bytes_str(f->directory), .clock = &sys_clock_real};
    assert_ok(store_open(&options, &f->store));
    assert_ok(store_view_open(f->store, &f->view));
}

__attribute__((unused)) static void fixture_close(struct fixture *f)
{
    store_view_close(f->view);
    store_close(f->store);
    f->view = NULL;
    f->store = NULL;
}

__attribute__((unused)) static void fixture_reopen(struct fixture *f)
{
    fixture_close(f);
    fixture_open(f);
}

__attribute__((unused)) static int fixture_make(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    assert_non_null(f);
    (void)snprintf(f->directory, sizeof(f->directory), "/tmp/anp-store-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    f->arena = arena_new(SIZE_MAX);
    fixture_open(f);
    *state = f;
    return 0;
}

__attribute__((unused)) static void fixture_erase(const char *directory)
{
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "store.lock"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
}

__attribute__((unused)) static int fixture_drop(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    arena_free(f->arena);
    fixture_erase(f->directory);
    mem_free(f);
    return 0;
}

/* ---- jobs ---- */
typedef status body_fn(struct store_view *view, void *user);

struct body_job {
    struct store_job job; /* first */
    body_fn *body;
    void *user;
    int runs, dones;
    status result;
};

__attribute__((unused)) static status body_run(struct store_job *job, struct store_view *view)
{
    struct body_job *body = (struct body_job *)job;
    body->runs++;
    return body->body(view, body->user);
}

__attribute__((unused)) static void body_done(struct store_job *job, status result)
{
    struct body_job *body = (struct body_job *)job;
    body->dones++;
    body->result = result;
}

__attribute__((unused)) static struct body_job body_job(body_fn *body, void *user)
{
    return (struct body_job){
        .job = {.run = body_run, .done = body_done}, .body = body, .user = user, .result = OK};
}

__attribute__((unused)) static status in_job(struct fixture *f, body_fn *body, void *user)
{
    struct body_job job = body_job(body, user);
    return store_run(f->store, &job.job);
}

/* ---- changes ---- */
struct insertion_call {
    const struct store_new *row;
    struct arena *arena;
    struct store_row *ret_row;
};

__attribute__((unused)) static status insert_body(struct store_view *view, void *user)
{
    struct insertion_call *call = user;
    return store_insert(view, call->row, call->arena, call->ret_row);
}

__attribute__((unused)) static status try_insert(struct fixture *f, const struct store_new *row,
                                                 struct store_row *ret_row)
{
    struct insertion_call call = {row, f->arena, ret_row};
    return in_job(f, insert_body, &call);
}

__attribute__((unused)) static struct store_row add(struct fixture *f, const struct store_new *row)
{
    struct store_row added;
    assert_ok(try_insert(f, row, &added));
    return added;
}

__attribute__((unused)) static struct store_row add_root(struct fixture *f)
{
    return add(f, &(struct store_new){.ri = BYTES("id-in"),
                                      .rn = BYTES("cse"),
                                      .type = 5,
                                      .ct = 1,
                                      .lt = 1,
                                      .state_tag = -1,
                                      .size = -1});
}

__attribute__((unused)) static struct store_row add_node(struct fixture *f, int64_t parent_id,
                                                         uint32_t type, const char *rn)
{
    return add(f, &(struct store_new){.parent_id = parent_id,
                                      .rn = bytes_str(rn),
                                      .ri_prefix = BYTES("cnt"),
                                      .type = type,
                                      .ct = 10,
                                      .lt = 10,
                                      .size = -1,
                                      .body = BYTES("node body")});
}

__attribute__((unused)) static struct store_row add_instance(struct fixture *f, int64_t parent_id,
                                                             int64_t size)
{
    return add(f, &(struct store_new){.parent_id = parent_id,
                                      .ri_prefix = BYTES("cin"),
                                      .type = 4,
                                      .is_instance = true,
                                      .ct = 20,
                                      .lt = 20,
                                      .state_tag = 7,
                                      .size = size,
                                      .originator = BYTES("Csensor"),
                                      .body = BYTES("instance body")});
}

__attribute__((unused)) static status update_body(struct store_view *view, void *user)
{
    return store_update(view, user);
}

__attribute__((unused)) static status change(struct fixture *f, struct store_change *what)
{
    return in_job(f, update_body, what);
}

__attribute__((unused)) static status delete_body(struct store_view *view, void *user)
{
    const int64_t *id = user;
    return store_delete(view, *id, NULL, NULL);
}

__attribute__((unused)) static status drop(struct fixture *f, int64_t id)
{
    return in_job(f, delete_body, &id);
}

/* ---- reading ---- */
__attribute__((unused)) static struct store_row row_of(struct fixture *f, int64_t id)
{
    struct store_row row;
    assert_ok(store_get_by_id(f->view, id, f->arena, &row));
    return row;
}

/* What a visitor saw: the paths' last names, with a comma after each. */
struct seen {
    char text[16384];
    size_t len, count;
    size_t stop_after; /* 0 = never */
};

__attribute__((unused)) static bool see(void *user, const struct store_row *row)
{
    struct seen *seen = user;
    int wrote = snprintf(seen->text + seen->len, sizeof(seen->text) - seen->len, "%.*s,",
                         BYTES_FMT(row->rn));
    assert_true(wrote > 0 && (size_t)wrote < sizeof(seen->text) - seen->len);
    seen->len += (size_t)wrote;
    seen->count++;
    return seen->count != seen->stop_after;
}

#define FIXTURE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_make, fixture_drop)

#endif
