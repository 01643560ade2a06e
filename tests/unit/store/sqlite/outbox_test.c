/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

/* One change of the outbox, run in a job. */
struct act {
    enum { ADD, DROP_OLDEST, REMOVE, REMOVE_QUEUE, RETRY } what;
    const char *queue, *body;
    int64_t id, due;
    uint32_t attempts;
};

static status act_body(struct store_view *view, void *user)
{
    struct act *act = user;
    switch (act->what) {
    case ADD:
        return store_outbox_add(view,
                                &(struct store_message){.queue = bytes_str(act->queue),
                                                        .due = act->due,
                                                        .body = bytes_str(act->body)},
                                &act->id);
    case DROP_OLDEST:
        return store_outbox_drop_oldest(view, bytes_str(act->queue));
    case REMOVE:
        return store_outbox_remove(view, act->id);
    case REMOVE_QUEUE:
        return store_outbox_remove_queue(view, bytes_str(act->queue));
    case RETRY:
        return store_outbox_retry(view, act->id, act->due, act->attempts);
    }
    return ERROR(STORE_FAILED);
}

static status act(struct fixture *f, struct act what)
{
    return in_job(f, act_body, &what);
}

static int64_t add_message(struct fixture *f, const char *queue, const char *body, int64_t due)
{
    struct act what = {.what = ADD, .queue = queue, .body = body, .due = due};
    assert_ok(in_job(f, act_body, &what));
    return what.id;
}

struct due {
    char text[256];
    size_t len, count, stop_after;
};

static bool note(void *user, const struct store_message *message)
{
    struct due *due = user;
    due->len +=
        (size_t)snprintf(due->text + due->len, sizeof(due->text) - due->len, "%.*s:%.*s/%u,",
                         BYTES_FMT(message->queue), BYTES_FMT(message->body), message->attempts);
    return ++due->count != due->stop_after;
}

static void check(struct fixture *f, int64_t now, uint64_t limit, const char *expected)
{
    struct due due = {.len = 0};
    assert_ok(store_outbox_each_due(f->view, now, limit, note, &due));
    assert_string_equal(due.text, expected);
}

static uint64_t length(struct fixture *f, const char *queue)
{
    uint64_t count;
    assert_ok(store_outbox_count(f->view, bytes_str(queue), &count));
    return count;
}

static int64_t next_due(struct fixture *f)
{
    int64_t due;
    assert_ok(store_outbox_next_due(f->view, &due));
    return due;
}

static void heads_of_queues_in_order(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(next_due(f), 0);
    int64_t a1 = add_message(f, "a", "a1", 10);
    int64_t a2 = add_message(f, "a", "a2", 5); /* waits behind a1 all the same */
    int64_t b1 = add_message(f, "b", "b1", 12);
    assert_true(a1 < a2 && a2 < b1);
    assert_int_equal(next_due(f), 10);
    check(f, 9, 0, "");
    check(f, 11, 0, "a:a1/0,");
    check(f, 20, 0, "a:a1/0,b:b1/0,");
    check(f, 20, 1, "a:a1/0,");
    assert_int_equal(length(f, "a"), 2);
    assert_ok(act(f, (struct act){.what = REMOVE, .id = a1}));
    check(f, 20, 0, "a:a2/0,b:b1/0,");
    assert_int_equal(next_due(f), 5);
    assert_int_equal(length(f, "a"), 1);
    struct due due = {.stop_after = 1};
    assert_ok(store_outbox_each_due(f->view, 20, 0, note, &due));
    assert_int_equal(due.count, 1);
}

static void retries_hold_the_queue(void **state)
{
    struct fixture *f = *state;
    int64_t a1 = add_message(f, "a", "a1", 10);
    int64_t a2 = add_message(f, "a", "a2", 10);
    assert_ok(act(f, (struct act){.what = RETRY, .id = a1, .due = 100, .attempts = 1}));
    check(f, 50, 0, "");
    assert_int_equal(next_due(f), 100);
    check(f, 100, 0, "a:a1/1,");
    assert_ok(act(f, (struct act){.what = RETRY, .id = a2, .due = 200, .attempts = 3}));
    assert_int_equal(next_due(f), 100);
    assert_ok(act(f, (struct act){.what = REMOVE, .id = a1}));
    assert_int_equal(next_due(f), 200);
    check(f, 200, 0, "a:a2/3,");
}

static void oldest_makes_room(void **state)
{
    struct fixture *f = *state;
    (void)add_message(f, "a", "a1", 1);
    (void)add_message(f, "a", "a2", 2);
    (void)add_message(f, "b", "b1", 3);
    assert_ok(act(f, (struct act){.what = DROP_OLDEST, .queue = "a"}));
    check(f, 9, 0, "a:a2/0,b:b1/0,");
    assert_ok(act(f, (struct act){.what = DROP_OLDEST, .queue = "a"}));
    assert_int_equal(length(f, "a"), 0);
    assert_status(act(f, (struct act){.what = DROP_OLDEST, .queue = "a"}), NOT_FOUND);
    check(f, 9, 0, "b:b1/0,");
}

static void messages_leave(void **state)
{
    struct fixture *f = *state;
    int64_t a1 = add_message(f, "a", "a1", 1);
    int64_t a2 = add_message(f, "a", "a2", 1);
    int64_t a3 = add_message(f, "a", "a3", 1);
    (void)add_message(f, "b", "b1", 2);
    assert_ok(act(f, (struct act){.what = REMOVE, .id = a2})); /* from the middle */
    check(f, 9, 0, "a:a1/0,b:b1/0,");
    assert_status(act(f, (struct act){.what = REMOVE, .id = a2}), NOT_FOUND);
    assert_status(act(f, (struct act){.what = RETRY, .id = a2}), NOT_FOUND);
    assert_ok(act(f, (struct act){.what = REMOVE, .id = a1}));
    check(f, 9, 0, "a:a3/0,b:b1/0,");
    assert_ok(act(f, (struct act){.what = REMOVE_QUEUE, .queue = "a"}));
    check(f, 9, 0, "b:b1/0,");
    assert_status(act(f, (struct act){.what = REMOVE, .id = a3}), NOT_FOUND);
    assert_ok(act(f, (struct act){.what = REMOVE_QUEUE, .queue = "none"}));
    assert_int_equal(length(f, "b"), 1);
}

static void messages_survive(void **state)
{
    struct fixture *f = *state;
    int64_t a1 = add_message(f, "a", "a1", 1);
    fixture_reopen(f);
    assert_true(add_message(f, "a", "a2", 1) > a1);
    check(f, 9, 0, "a:a1/0,");
    assert_int_equal(length(f, "a"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(heads_of_queues_in_order), FIXTURE_TEST(retries_hold_the_queue),
        FIXTURE_TEST(oldest_makes_room),        FIXTURE_TEST(messages_leave),
        FIXTURE_TEST(messages_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
