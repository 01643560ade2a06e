/* SPDX-License-Identifier: Apache-2.0
 * The real loop on libuv, and the way into it from other threads. */
#include <signal.h>

#include "sys/sys_int.h"

enum { SPARE_POSTED_MOST = 1024 };

static struct sys_posted *posted_new(struct sys_real_loop *real)
{
    uv_mutex_lock(&real->mutex);
    struct sys_posted *posted = real->spare;
    if (posted != NULL) {
        real->spare = posted->next;
        real->spare_count--;
    }
    uv_mutex_unlock(&real->mutex);
    return posted != NULL ? posted : mem_alloc(sizeof(*posted));
}

static status post(struct sys_loop *loop, void (*run)(void *user), void *user)
{
    struct sys_real_loop *real = sys_real(loop);
    struct sys_posted *posted = posted_new(real);
    ENSURE(posted != NULL, NO_MEMORY, "posting to a loop");
    *posted = (struct sys_posted){.run = run, .user = user};
    uv_mutex_lock(&real->mutex);
    if (real->last == NULL) {
        real->first = posted;
    } else {
        real->last->next = posted;
    }
    real->last = posted;
    uv_mutex_unlock(&real->mutex);
    must(uv_async_send(&real->wake) == 0);
    return OK;
}

static void keep_or_free(struct sys_real_loop *real, struct sys_posted *posted)
{
    uv_mutex_lock(&real->mutex);
    bool keep = real->spare_count < SPARE_POSTED_MOST;
    if (keep) {
        posted->next = real->spare;
        real->spare = posted;
        real->spare_count++;
    }
    uv_mutex_unlock(&real->mutex);
    if (!keep) {
        mem_free(posted);
    }
}

/* Runs what was posted until now; what these post in turn waits for the next round. */
static bool run_posted(struct sys_real_loop *real)
{
    uv_mutex_lock(&real->mutex);
    struct sys_posted *posted = real->first;
    real->first = NULL;
    real->last = NULL;
    bool stopping = real->stopping;
    uv_mutex_unlock(&real->mutex);
    bool any = posted != NULL;
    while (posted != NULL) {
        struct sys_posted *next = posted->next;
        posted->run(posted->user);
        keep_or_free(real, posted);
        posted = next;
    }
    if (stopping) {
        uv_stop(&real->uv);
    }
    return any;
}

static void woken(uv_async_t *wake)
{
    (void)run_posted(SYS_OWNER(wake, struct sys_real_loop, wake));
}

static void wake_end(struct sys_handle *handle)
{
    struct sys_real_loop *real = SYS_OWNER(handle, struct sys_real_loop, wake_handle);
    uv_close((uv_handle_t *)&real->wake, NULL);
}

static status fill_loop(struct sys_real_loop *real)
{
    int error = uv_loop_init(&real->uv);
    ENSURE(error == 0, SYSTEM, "event loop: %s", uv_strerror(error));
    must(uv_mutex_init(&real->mutex) == 0);
    error = uv_async_init(&real->uv, &real->wake, woken);
    if (error != 0) {
        uv_mutex_destroy(&real->mutex);
        must(uv_loop_close(&real->uv) == 0);
        FAIL(SYSTEM, "event loop: %s", uv_strerror(error));
    }
    real->wake_handle.end = wake_end;
    real->wake.data = &real->wake_handle;
    return OK;
}

status sys_loop_open(struct sys_loop **ret_loop)
{
    struct sys_real_loop *real = mem_alloc(sizeof(*real));
    ENSURE(real != NULL, NO_MEMORY, "event loop");
    status filled = fill_loop(real);
    if (is_error(filled)) {
        mem_free(real);
        return filled;
    }
    (void)signal(SIGPIPE, SIG_IGN); /* a closed peer is an error of the write, not of the process */
    real->loop = (struct sys_loop){.clock = &sys_clock_real,
                                   .timer_start = sys_timer_start,
                                   .timer_stop = sys_timer_stop,
                                   .post = post};
    *ret_loop = &real->loop;
    return OK;
}

void sys_loop_run(struct sys_loop *loop)
{
    struct sys_real_loop *real = sys_real(loop);
    (void)uv_run(&real->uv, UV_RUN_DEFAULT);
    uv_mutex_lock(&real->mutex);
    real->stopping = false; /* it may be run again */
    uv_mutex_unlock(&real->mutex);
}

void sys_loop_stop(struct sys_loop *loop)
{
    struct sys_real_loop *real = sys_real(loop);
    uv_mutex_lock(&real->mutex);
    real->stopping = true;
    uv_mutex_unlock(&real->mutex);
    must(uv_async_send(&real->wake) == 0);
}

/* Timers are only stopped at first: whoever is told of a close may still stop his own. */
static void end_or_stop(uv_handle_t *uv, void *user)
{
    bool *any = user;
    if (uv->type == UV_TIMER) {
        (void)uv_timer_stop((uv_timer_t *)uv);
        return;
    }
    *any = true;
    if (!uv_is_closing(uv)) {
        struct sys_handle *handle = uv->data;
        handle->end(handle);
    }
}

static void end_timer(uv_handle_t *uv, void *user)
{
    (void)user;
    struct sys_handle *handle = uv->data;
    handle->end(handle);
}

static void free_spares(struct sys_real_loop *real)
{
    while (real->spare != NULL) {
        struct sys_posted *posted = real->spare;
        real->spare = posted->next;
        mem_free(posted);
    }
}

void sys_loop_close(struct sys_loop *loop)
{
    if (loop == NULL) {
        return;
    }
    struct sys_real_loop *real = sys_real(loop);
    real->stopping = false; /* no other thread may use the loop any more */
    bool any = true;
    while (any) {
        any = run_posted(real);
        uv_walk(&real->uv, end_or_stop, &any);
        (void)uv_run(&real->uv, UV_RUN_DEFAULT);
    }
    uv_walk(&real->uv, end_timer, NULL);
    (void)uv_run(&real->uv, UV_RUN_DEFAULT);
    must(uv_loop_close(&real->uv) == 0);
    free_spares(real);
    uv_mutex_destroy(&real->mutex);
    mem_free(real);
}
