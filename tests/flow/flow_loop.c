/* SPDX-License-Identifier: Apache-2.0
 * A loop and a clock that move when the test says so. */
#include "flow_int.h"

#define MOST_TURNS 1000000 /* more in one instant is a loop without end */

struct sys_timer {
    int64_t due;
    void (*fire)(void *user);
    void *user;
    struct sys_timer *next;
};

static int64_t now_usec(void *user)
{
    return ((const struct flow *)user)->now;
}

static struct sys_timer *timer_start(struct sys_loop *loop, int64_t delay_usec,
                                     void (*fire)(void *user), void *user)
{
    struct flow *flow = (struct flow *)loop;
    struct sys_timer *timer = mem_alloc(sizeof(*timer));
    if (timer == NULL) {
        return NULL;
    }
    *timer = (struct sys_timer){
        .due = flow->now + (delay_usec > 0 ? delay_usec : 0), .fire = fire, .user = user};
    struct sys_timer **at = &flow->timers;
    while (*at != NULL && (*at)->due <= timer->due) {
        at = &(*at)->next;
    }
    timer->next = *at;
    *at = timer;
    return timer;
}

static void timer_stop(struct sys_loop *loop, struct sys_timer *timer)
{
    struct flow *flow = (struct flow *)loop;
    if (timer == NULL) {
        return;
    }
    struct sys_timer **at = &flow->timers;
    while (*at != NULL && *at != timer) {
        at = &(*at)->next;
    }
    must(*at == timer); /* stopped twice, or after it fired */
    *at = timer->next;
    mem_free(timer);
}

static status post(struct sys_loop *loop, void (*run)(void *user), void *user)
{
    struct flow *flow = (struct flow *)loop;
    ENSURE(flow->post_count < FLOW_POSTS, NO_MEMORY, "posts");
    size_t last = (flow->first_post + flow->post_count) % FLOW_POSTS;
    flow->posts[last] = (struct flow_post){.run = run, .user = user};
    flow->post_count++;
    return OK;
}

static bool run_post(struct flow *flow)
{
    if (flow->post_count == 0) {
        return false;
    }
    struct flow_post entry = flow->posts[flow->first_post];
    flow->first_post = (flow->first_post + 1) % FLOW_POSTS;
    flow->post_count--;
    entry.run(entry.user);
    return true;
}

static bool fire_timer(struct flow *flow)
{
    struct sys_timer *timer = flow->timers;
    if (timer == NULL || timer->due > flow->now) {
        return false;
    }
    flow->timers = timer->next;
    void (*fire)(void *user) = timer->fire;
    void *user = timer->user;
    mem_free(timer);
    fire(user);
    return true;
}

void flow_run_until_idle(struct flow *flow)
{
    for (unsigned turn = 0; turn < MOST_TURNS; turn++) {
        if (flow->store != NULL) {
            store_pump(flow->store);
        }
        if (!run_post(flow) && !fire_timer(flow)) {
            return;
        }
    }
    fail_msg("the loop never comes to rest");
}

void flow_advance(struct flow *flow, int64_t usec)
{
    int64_t end = flow->now + usec;
    flow_run_until_idle(flow);
    while (flow->timers != NULL && flow->timers->due <= end) {
        flow->now = flow->timers->due;
        flow_run_until_idle(flow);
    }
    flow->now = end;
    flow_run_until_idle(flow);
}

int64_t flow_now(const struct flow *flow)
{
    return flow->now;
}

void flow_loop_init(struct flow *flow)
{
    flow->clock = (struct sys_clock){.now_usec = now_usec, .user = flow};
    flow->loop = (struct sys_loop){
        .clock = &flow->clock, .timer_start = timer_start, .timer_stop = timer_stop, .post = post};
}

void flow_loop_fini(struct flow *flow)
{
    while (flow->timers != NULL) {
        timer_stop(&flow->loop, flow->timers);
    }
    flow->post_count = 0;
}
