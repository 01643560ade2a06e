/* SPDX-License-Identifier: Apache-2.0
 * Threads, mutexes and conditions. */
#include "sys/sys.h"

#include <uv.h>

struct sys_thread {
    uv_thread_t handle;
    void (*run)(void *user);
    void *user;
};

struct sys_mutex {
    uv_mutex_t handle;
};

struct sys_condition {
    uv_cond_t handle;
};

static void thread_main(void *argument)
{
    struct sys_thread *thread = argument;
    thread->run(thread->user);
}

status sys_thread_start(void (*run)(void *user), void *user, struct sys_thread **ret_thread)
{
    struct sys_thread *thread = mem_alloc(sizeof(*thread));
    ENSURE(thread != NULL, NO_MEMORY, "thread");
    thread->run = run;
    thread->user = user;
    int error = uv_thread_create(&thread->handle, thread_main, thread);
    if (error != 0) {
        mem_free(thread);
        FAIL(SYSTEM, "starting a thread: %s", uv_strerror(error));
    }
    *ret_thread = thread;
    return OK;
}

void sys_thread_join(struct sys_thread *thread)
{
    if (thread == NULL) {
        return;
    }
    must(uv_thread_join(&thread->handle) == 0);
    mem_free(thread);
}

struct sys_mutex *sys_mutex_new(void)
{
    struct sys_mutex *mutex = mem_alloc(sizeof(*mutex));
    if (mutex != NULL && uv_mutex_init(&mutex->handle) != 0) {
        mem_free(mutex);
        return NULL;
    }
    return mutex;
}

void sys_mutex_free(struct sys_mutex *mutex)
{
    if (mutex != NULL) {
        uv_mutex_destroy(&mutex->handle);
        mem_free(mutex);
    }
}

void sys_mutex_lock(struct sys_mutex *mutex)
{
    uv_mutex_lock(&mutex->handle);
}

void sys_mutex_unlock(struct sys_mutex *mutex)
{
    uv_mutex_unlock(&mutex->handle);
}

struct sys_condition *sys_condition_new(void)
{
    struct sys_condition *condition = mem_alloc(sizeof(*condition));
    if (condition != NULL && uv_cond_init(&condition->handle) != 0) {
        mem_free(condition);
        return NULL;
    }
    return condition;
}

void sys_condition_free(struct sys_condition *condition)
{
    if (condition != NULL) {
        uv_cond_destroy(&condition->handle);
        mem_free(condition);
    }
}

void sys_condition_wait(struct sys_condition *condition, struct sys_mutex *mutex)
{
    uv_cond_wait(&condition->handle, &mutex->handle);
}

bool sys_condition_wait_for(struct sys_condition *condition, struct sys_mutex *mutex, int64_t usec)
{
    uint64_t nsec = usec <= 0 ? 0 : (uint64_t)usec * 1000;
    return uv_cond_timedwait(&condition->handle, &mutex->handle, nsec) == 0;
}

void sys_condition_signal(struct sys_condition *condition)
{
    uv_cond_signal(&condition->handle);
}
