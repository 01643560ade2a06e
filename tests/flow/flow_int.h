/* SPDX-License-Identifier: Apache-2.0
 * What the files of the flow frame share. */
#ifndef TESTS_FLOW_FLOW_INT_H
#define TESTS_FLOW_FLOW_INT_H

#include "flow.h"

struct flow_post {
    void (*run)(void *user);
    void *user;
};
#define FLOW_POSTS 4096 /* at once; a pool, so that failing memory never loses one */

struct flow_endpoint {
    struct flow *flow;
    struct bytes url;
    bool is_silent, is_unreachable;
    uint16_t rsc;
    const char *content; /* JSON, or NULL */
    struct flow_letter *first, *last;
    const char *taken_url;
    struct flow_endpoint *next;
};

struct flow_call {
    struct prim_call call; /* first */
    bool is_done;
    struct flow_call *next;
};

struct flow {
    struct sys_loop loop; /* first */
    struct sys_clock clock;
    int64_t now;
    struct arena *arena;                /* of the test itself */
    struct flow_post posts[FLOW_POSTS]; /* a ring */
    size_t first_post, post_count;
    struct sys_timer *timers; /* soonest first */
    struct prim_link network;
    struct flow_endpoint *endpoints;
    char folder[64];
    struct serve_config config;
    struct store *store;
    struct serve *serve;
    struct serve_worker *worker;
    struct prim_peer peer;
    struct flow_call *calls;
    size_t memory; /* of a call; 0: as configured */
    unsigned next_request;
};

/* flow_loop.c */
void flow_loop_init(struct flow *flow);
void flow_loop_fini(struct flow *flow); /* what is still waiting is forgotten */
/* flow_network.c */
void flow_network_init(struct flow *flow);
/* flow_json.c */
extern struct arena *flow_texts; /* of the test that runs: what flow_text gives lives there */
struct wire_value *flow_json(struct arena *arena, const char *format, va_list arguments);
void flow_status_ok(status result);

#endif
