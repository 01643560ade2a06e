/* SPDX-License-Identifier: Apache-2.0
 * The queue of jobs and the thread that works it off. While one batch is made durable the next
 * one gathers. */
#include "store/sqlite/sqlite_int.h"

/* Takes up to batch_max jobs; under the mutex. */
static struct store_job *take_batch(struct store *store)
{
    struct store_job *jobs = store->first, *last = NULL;
    uint32_t count = 0;
    for (struct store_job *job = jobs; job != NULL && count < store->batch_max; job = job->next) {
        last = job;
        count++;
    }
    if (last != NULL) {
        store->first = last->next;
        last->next = NULL;
        store->waiting -= count;
    }
    if (store->first == NULL) {
        store->last = NULL;
    }
    return jobs;
}

static void run_batch(struct store *store, struct store_job *jobs)
{
    int64_t from = sys_monotonic_usec();
    sqlite_batch_run(store, jobs);
    int64_t took = sys_monotonic_usec() - from;
    if (took > 0 && (uint64_t)took > store->busy_warning_usec) {
        log_line(LOG_LEVEL_DEBUG, "store", "a commit took %lld us", (long long)took);
    }
}

static void work(void *user)
{
    struct store *store = user;
    sys_mutex_lock(store->mutex);
    for (;;) {
        struct store_job *jobs = take_batch(store);
        if (jobs != NULL) {
            sys_mutex_unlock(store->mutex);
            run_batch(store, jobs);
            sys_mutex_lock(store->mutex);
        } else if (store->closing) {
            break;
        } else {
            sys_condition_wait(store->wake, store->mutex);
        }
    }
    sys_mutex_unlock(store->mutex);
}

status sqlite_writer_start(struct store *store)
{
    store->mutex = sys_mutex_new();
    store->wake = sys_condition_new();
    store->told_mutex = sys_mutex_new();
    ENSURE(store->mutex != NULL && store->wake != NULL && store->told_mutex != NULL, NO_MEMORY,
           "no memory for the writer of the store");
    return store->threaded ? sys_thread_start(work, store, &store->thread) : OK;
}

void sqlite_writer_stop(struct store *store)
{
    if (store->thread != NULL) {
        sys_mutex_lock(store->mutex);
        store->closing = true;
        sys_condition_signal(store->wake);
        sys_mutex_unlock(store->mutex);
        sys_thread_join(store->thread);
        store->thread = NULL;
    } else if (store->mutex != NULL && store->writer != NULL) {
        store_pump(store);
    }
    sys_condition_free(store->wake);
    sys_mutex_free(store->mutex);
    sys_mutex_free(store->told_mutex);
}

struct store_job *store_submit_all(struct store *store, struct store_job *jobs)
{
    sys_mutex_lock(store->mutex);
    bool wakes = store->first == NULL && jobs != NULL;
    while (jobs != NULL && store->waiting < store->queue_max) {
        struct store_job *job = jobs;
        jobs = job->next;
        job->next = NULL;
        if (store->last == NULL) {
            store->first = job;
        } else {
            store->last->next = job;
        }
        store->last = job;
        store->waiting++;
    }
    sys_mutex_unlock(store->mutex);
    if (wakes) { /* after the lock is free, or the writer would wake only to wait for it */
        sys_condition_signal(store->wake);
    }
    return jobs;
}

status store_submit(struct store *store, struct store_job *job)
{
    job->next = NULL;
    bool is_taken = store_submit_all(store, job) == NULL;
    ENSURE(is_taken, OVERLOADED, "%u jobs wait for the store", store->queue_max);
    return OK;
}

void store_pump(struct store *store)
{
    must(!store->threaded);
    struct store_job *jobs;
    while ((jobs = take_batch(store)) != NULL) {
        run_batch(store, jobs);
    }
}

/* A job that stands for another one and wakes whoever waits. */
struct waited {
    struct store_job job; /* first */
    struct store_job *inner;
    struct store *store;
    struct sys_condition *condition;
    status result;
    bool is_done; /* under the store's mutex */
};

static status run_waited(struct store_job *job, struct store_view *view)
{
    struct waited *waited = (struct waited *)job;
    return waited->inner->run(waited->inner, view);
}

static void done_waited(struct store_job *job, status result)
{
    struct waited *waited = (struct waited *)job;
    struct store *store = waited->store;
    if (waited->inner->done != NULL) {
        waited->inner->done(waited->inner, result);
    }
    sys_mutex_lock(store->mutex);
    waited->result = result;
    waited->is_done = true;
    sys_condition_signal(waited->condition);
    sys_mutex_unlock(store->mutex);
}

static status wait_for(struct store *store, struct waited *waited)
{
    if (!store->threaded) {
        store_pump(store);
    }
    sys_mutex_lock(store->mutex);
    while (!waited->is_done) {
        sys_condition_wait(waited->condition, store->mutex);
    }
    sys_mutex_unlock(store->mutex);
    return waited->result;
}

status store_run(struct store *store, struct store_job *job)
{
    struct waited waited = {
        .job = {.run = run_waited, .done = done_waited}, .inner = job, .store = store};
    waited.condition = sys_condition_new();
    ENSURE(waited.condition != NULL, NO_MEMORY, "no memory to wait for the store");
    status result = store_submit(store, &waited.job);
    if (is_ok(result)) {
        result = wait_for(store, &waited);
    }
    sys_condition_free(waited.condition);
    return result;
}
