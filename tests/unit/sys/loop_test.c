/* SPDX-License-Identifier: Apache-2.0
 * The real loop: timers, posting from other threads, signals. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/sys.h"

static struct sys_loop *loop;

static int open_loop(void **state)
{
    (void)state;
    return is_ok(sys_loop_open(&loop)) ? 0 : -1;
}

static int close_loop(void **state)
{
    (void)state;
    sys_loop_close(loop);
    return 0;
}

static void stop(void *user)
{
    (void)user;
    sys_loop_stop(loop);
}

static void stop_and_count(void *user)
{
    ++*(int *)user;
    sys_loop_stop(loop);
}

static void count(void *user)
{
    ++*(int *)user;
}

static void timers_fire_in_order(void **state)
{
    (void)state;
    int early = 0, stopped = 0, late = 0;
    int64_t before = sys_monotonic_usec();
    struct sys_timer *last = loop->timer_start(loop, 30000, stop_and_count, &late);
    assert_non_null(last);
    assert_non_null(loop->timer_start(loop, 0, count, &early));
    struct sys_timer *never = loop->timer_start(loop, 10000, count, &stopped);
    loop->timer_stop(loop, never);
    loop->timer_stop(loop, NULL);
    assert_non_null(loop->timer_start(loop, 5000, count, &early)); /* takes the spare one */
    sys_loop_run(loop);
    assert_true(sys_monotonic_usec() - before >= 30000);
    assert_int_equal(early, 2);
    assert_int_equal(stopped, 0);
    assert_int_equal(late, 1);
    mem_fail_after(1);
    struct sys_timer *reused = loop->timer_start(loop, 1000000, count, &stopped);
    assert_non_null(reused); /* spares need no memory */
    mem_fail_after(0);
}

enum { POSTS = 5000 };
struct poster {
    int expected[2], count;
};
static struct poster poster;
struct numbered {
    int thread, number;
};
static struct numbered numbers[2][POSTS];

static void arrive(void *user)
{
    const struct numbered *number = user;
    assert_int_equal(number->number, poster.expected[number->thread]++);
    if (++poster.count == 2 * POSTS) {
        sys_loop_stop(loop);
    }
}

static void post_many(void *user)
{
    int thread = *(int *)user;
    for (int i = 0; i < POSTS; i++) {
        numbers[thread][i] = (struct numbered){thread, i};
        if (is_error(loop->post(loop, arrive, &numbers[thread][i]))) {
            return;
        }
    }
}

static void posts_arrive_in_order(void **state)
{
    (void)state;
    int which[2] = {0, 1};
    struct sys_thread *threads[2];
    assert_true(is_ok(sys_thread_start(post_many, &which[0], &threads[0])));
    assert_true(is_ok(sys_thread_start(post_many, &which[1], &threads[1])));
    sys_loop_run(loop);
    sys_thread_join(threads[0]);
    sys_thread_join(threads[1]);
    assert_int_equal(poster.count, 2 * POSTS);
}

static void stops_before_it_runs(void **state)
{
    (void)state;
    sys_loop_stop(loop);
    sys_loop_run(loop);
}

static int closed_posts;
static void post_again(void *user)
{
    if (++closed_posts < 3) {
        assert_true(is_ok(loop->post(loop, post_again, user)));
    }
}

static void closing_runs_what_was_posted(void **state)
{
    (void)state;
    assert_true(is_ok(loop->post(loop, post_again, NULL)));
    sys_loop_close(loop);
    assert_int_equal(closed_posts, 3);
    assert_true(is_ok(sys_loop_open(&loop)));
}

static void signals_arrive(void **state)
{
    (void)state;
    assert_true(is_ok(sys_signal_watch(loop, SIGUSR1, stop, NULL)));
    assert_int_equal(sys_signal_watch(loop, 9999, stop, NULL).code, STATUS_SYSTEM);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    sys_loop_run(loop);
}

static void no_memory(void **state)
{
    (void)state;
    struct sys_loop *other;
    mem_fail_after(1);
    assert_int_equal(sys_loop_open(&other).code, STATUS_NO_MEMORY);
    mem_fail_after(1);
    assert_int_equal(sys_signal_watch(loop, SIGUSR1, stop, NULL).code, STATUS_NO_MEMORY);
    mem_fail_after(1);
    assert_null(loop->timer_start(loop, 0, stop, NULL));
    mem_fail_after(1);
    assert_int_equal(loop->post(loop, stop, NULL).code, STATUS_NO_MEMORY);
    mem_fail_after(0);
    sys_loop_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timers_fire_in_order, open_loop, close_loop),
        cmocka_unit_test_setup_teardown(posts_arrive_in_order, open_loop, close_loop),
        cmocka_unit_test_setup_teardown(stops_before_it_runs, open_loop, close_loop),
        cmocka_unit_test_setup_teardown(closing_runs_what_was_posted, open_loop, close_loop),
        cmocka_unit_test_setup_teardown(signals_arrive, open_loop, close_loop),
        cmocka_unit_test_setup_teardown(no_memory, open_loop, close_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
