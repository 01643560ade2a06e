/* SPDX-License-Identifier: Apache-2.0
 * One-shot timers of the real loop. Spent ones are kept for the next use: a request may start one.
 */
#include "sys/sys_int.h"

struct sys_timer {
    uv_timer_t uv;
    struct sys_handle handle;
    void (*fire)(void *user);
    void *user;
    struct sys_timer *next; /* among the spare ones */
};

static void timer_closed(uv_handle_t *uv)
{
    mem_free(SYS_OWNER(uv, struct sys_timer, uv));
}

static void timer_end(struct sys_handle *handle)
{
    struct sys_timer *timer = SYS_OWNER(handle, struct sys_timer, handle);
    uv_close((uv_handle_t *)&timer->uv, timer_closed);
}

static void spare(struct sys_real_loop *loop, struct sys_timer *timer)
{
    timer->next = loop->spare_timers;
    loop->spare_timers = timer;
}

static void timer_fired(uv_timer_t *uv)
{
    struct sys_timer *timer = SYS_OWNER(uv, struct sys_timer, uv);
    void (*fire)(void *user) = timer->fire;
    void *user = timer->user;
    spare(SYS_OWNER(uv->loop, struct sys_real_loop, uv), timer);
    fire(user);
}

static struct sys_timer *timer_new(struct sys_real_loop *loop)
{
    struct sys_timer *timer = loop->spare_timers;
    if (timer != NULL) {
        loop->spare_timers = timer->next;
        return timer;
    }
    timer = mem_alloc(sizeof(*timer));
    if (timer != NULL) {
        must(uv_timer_init(&loop->uv, &timer->uv) == 0);
        timer->handle.end = timer_end;
        timer->uv.data = &timer->handle;
    }
    return timer;
}

struct sys_timer *sys_timer_start(struct sys_loop *loop, int64_t delay_usec,
                                  void (*fire)(void *user), void *user)
{
    struct sys_real_loop *real = sys_real(loop);
    struct sys_timer *timer = timer_new(real);
    if (timer == NULL) {
        return NULL;
    }
    timer->fire = fire;
    timer->user = user;
    /* libuv counts whole milliseconds from the start of the loop's round: never too early */
    uint64_t msec = delay_usec <= 0 ? 0 : (uint64_t)delay_usec / 1000 + 2;
    uv_update_time(&real->uv);
    must(uv_timer_start(&timer->uv, timer_fired, msec, 0) == 0);
    return timer;
}

void sys_timer_stop(struct sys_loop *loop, struct sys_timer *timer)
{
    if (timer != NULL) {
        (void)uv_timer_stop(&timer->uv);
        spare(sys_real(loop), timer);
    }
}
