/* SPDX-License-Identifier: Apache-2.0
 * Threads, mutexes, conditions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sys/sys.h"

struct shared {
    struct sys_mutex *mutex;
    struct sys_condition *condition;
    int count;
    bool go;
};

static void count_up(void *user)
{
    struct shared *shared = user;
    sys_mutex_lock(shared->mutex);
    while (!shared->go) {
        sys_condition_wait(shared->condition, shared->mutex);
    }
    sys_mutex_unlock(shared->mutex);
    for (int i = 0; i < 1000; i++) {
        sys_mutex_lock(shared->mutex);
        shared->count++;
        sys_mutex_unlock(shared->mutex);
    }
    sys_mutex_lock(shared->mutex);
    sys_condition_signal(shared->condition); /* wakes the next one */
    sys_mutex_unlock(shared->mutex);
}

static void threads_share(void **state)
{
    (void)state;
    struct shared shared = {.mutex = sys_mutex_new(), .condition = sys_condition_new()};
    struct sys_thread *threads[3];
    for (int i = 0; i < 3; i++) {
        assert_true(is_ok(sys_thread_start(count_up, &shared, &threads[i])));
    }
    sys_mutex_lock(shared.mutex);
    shared.go = true;
    sys_condition_signal(shared.condition);
    sys_mutex_unlock(shared.mutex);
    for (int i = 0; i < 3; i++) {
        sys_thread_join(threads[i]);
    }
    assert_int_equal(shared.count, 3000);
    sys_condition_free(shared.condition);
    sys_mutex_free(shared.mutex);
}

static void waiting_times_out(void **state)
{
    (void)state;
    struct sys_mutex *mutex = sys_mutex_new();
    struct sys_condition *condition = sys_condition_new();
    int64_t before = sys_monotonic_usec();
    sys_mutex_lock(mutex);
    assert_false(sys_condition_wait_for(condition, mutex, 20000));
    sys_mutex_unlock(mutex);
    assert_true(sys_monotonic_usec() - before >= 19000);
    sys_condition_free(condition);
    sys_mutex_free(mutex);
}

static void no_memory(void **state)
{
    (void)state;
    struct sys_thread *thread;
    mem_fail_after(1);
    assert_int_equal(sys_thread_start(count_up, NULL, &thread).code, STATUS_NO_MEMORY);
    mem_fail_after(1);
    assert_null(sys_mutex_new());
    mem_fail_after(1);
    assert_null(sys_condition_new());
    mem_fail_after(0);
    sys_thread_join(NULL);
    sys_mutex_free(NULL);
    sys_condition_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share),
        cmocka_unit_test(waiting_times_out),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
