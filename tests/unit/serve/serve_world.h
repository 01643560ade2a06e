/* SPDX-License-Identifier: Apache-2.0
 * A server in one process for tests: fake clock, fake loop, a store in a temporary folder whose
 * jobs run when the world turns, the real pipeline. */
#ifndef TESTS_UNIT_SERVE_SERVE_WORLD_H
#define TESTS_UNIT_SERVE_SERVE_WORLD_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/serve_int.h"

#define WORLD_START (INT64_C(1700000000) * USEC_PER_SEC) /* 20231114T221320 */

struct world_post {
    void (*run)(void *user);
    void *user;
    struct world_post *next;
};
struct sys_timer {
    int64_t due;
    void (*fire)(void *user);
    void *user;
    struct sys_timer *next;
};

struct world {
    struct sys_loop loop; /* first */
    int64_t now;
    struct sys_clock clock;
    struct world_post *posts, *last_post;
    struct sys_timer *timers;
    char folder[64];
    struct store *store;
    struct serve *serve;
    struct serve_worker *worker;
    struct serve_config config;
    const struct serve_behaviour *behaviour;
    struct serve_outgoing outgoing[1];
    size_t outgoing_count;
    unsigned next_rqi;
    int done;
};

static inline int64_t world_clock(void *user)
{
    return ((struct world *)user)->now;
}

static inline struct sys_timer *world_timer_start(struct sys_loop *loop, int64_t delay,
                                                  void (*fire)(void *user), void *user)
{
    struct world *world = (struct world *)loop;
    struct sys_timer *timer = mem_alloc(sizeof(*timer));
    if (timer != NULL) {
        *timer = (struct sys_timer){world->now + (delay > 0 ? delay : 0), fire, user, NULL};
        struct sys_timer **at = &world->timers;
        while (*at != NULL && (*at)->due <= timer->due) {
            at = &(*at)->next;
        }
        timer->next = *at;
        *at = timer;
    }
    return timer;
}

static inline void world_timer_stop(struct sys_loop *loop, struct sys_timer *timer)
{
    struct world *world = (struct world *)loop;
    for (struct sys_timer **at = &world->timers; timer != NULL && *at != NULL; at = &(*at)->next) {
        if (*at == timer) {
            *at = timer->next;
            mem_free(timer);
            return;
        }
    }
}

static inline status world_post(struct sys_loop *loop, void (*run)(void *user), void *user)
{
    struct world *world = (struct world *)loop;
    struct world_post *post = mem_alloc(sizeof(*post));
    ENSURE(post != NULL, NO_MEMORY, "post");
    *post = (struct world_post){run, user, NULL};
    if (world->posts == NULL) {
        world->posts = post;
    } else {
        world->last_post->next = post;
    }
    world->last_post = post;
    return OK;
}

/* Runs what is due until nothing is left to do at this moment. */
static inline void world_turn(struct world *world)
{
    for (;;) {
        store_pump(world->store);
        if (world->posts != NULL) {
            struct world_post *post = world->posts;
            world->posts = post->next;
            post->run(post->user);
            mem_free(post);
        } else if (world->timers != NULL && world->timers->due <= world->now) {
            struct sys_timer *timer = world->timers;
            world->timers = timer->next;
            timer->fire(timer->user);
            mem_free(timer);
        } else {
            return;
        }
    }
}

static inline void world_advance(struct world *world, int64_t usec)
{
    int64_t end = world->now + usec;
    while (world->timers != NULL && world->timers->due <= end) {
        world->now = world->timers->due > world->now ? world->timers->due : world->now;
        world_turn(world);
    }
    world->now = end;
    world_turn(world);
}

static inline void world_ok(status result)
{
    if (is_error(result)) {
        fail_msg("%s: %s (%s:%d)", status_name(result), status_note_get()->text,
                 status_note_get()->file, status_note_get()->line);
    }
}

static inline void world_configure(struct world *world)
{
    static const struct bytes versions[] = {{"2a", 2}, {"3", 1}, {"4", 1}};
    static const struct bytes poa[] = {{"http://127.0.0.1:8080", 21}};
    world->config = (struct serve_config){
        .self = {BYTES("//antipolis.example"), BYTES("/id-in"), BYTES("cse-in")},
        .cse_kind = TYPE_CSE_IN,
        .release_versions = {.items = versions, .count = ARRAY_LEN(versions)},
        .points_of_access = {.items = poa, .count = ARRAY_LEN(poa)},
        .administrator = BYTES("CAdmin"),
        .expiry_interval_usec = USEC_PER_SEC,
        .clock = &world->clock,
    };
    limits_init(&world->config.limits);
}

static inline void world_open(struct world *world)
{
    struct store_options options = {.directory = bytes_str(world->folder), .clock = &world->clock};
    world_ok(store_open(&options, &world->store));
    world_ok(serve_new(&world->config, world->store, world->behaviour, &world->serve));
}

static inline void world_open_worker(struct world *world)
{
    world_ok(serve_worker_new(world->serve, &world->loop, world->outgoing, world->outgoing_count,
                              &world->worker));
}

static inline struct world *world_new(const struct serve_behaviour *behaviour)
{
    struct world *world = mem_alloc(sizeof(*world));
    assert_non_null(world);
    world->loop = (struct sys_loop){&world->clock, world_timer_start, world_timer_stop, world_post};
    world->clock = (struct sys_clock){world_clock, world};
    world->now = WORLD_START;
    world->behaviour = behaviour;
    (void)snprintf(world->folder, sizeof(world->folder), "/tmp/antipolis-world-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    world_configure(world);
    return world;
}

static inline void world_close(struct world *world)
{
    world_turn(world);
    serve_worker_free(world->worker);
    serve_free(world->serve);
    store_close(world->store);
    world->worker = NULL;
    world->serve = NULL;
    world->store = NULL;
}

static inline int world_remove_file(const char *path, const struct stat *facts, int kind,
                                    struct FTW *walk)
{
    (void)facts;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void world_remove(struct world *world)
{
    while (world->timers != NULL) {
        world_timer_stop(&world->loop, world->timers);
    }
    assert_int_equal(nftw(world->folder, world_remove_file, 8, FTW_DEPTH | FTW_PHYS), 0);
    mem_free(world);
}

static inline void world_free(struct world *world)
{
    world_close(world);
    world_remove(world);
}

/* ---- requests ---- */

struct ask {
    struct prim_call call; /* first */
    struct world *world;
    bool done;
};

static inline void ask_done(struct prim_call *call)
{
    struct ask *ask = (struct ask *)call;
    assert_false(ask->done);
    ask->done = true;
}

/* ' stands for ". */
static inline struct wire_value *ask_json(struct arena *arena, const char *text)
{
    struct bytes copy = arena_dup(arena, bytes_str(text));
    for (size_t i = 0; i < copy.len; i++) {
        ((char *)(uintptr_t)copy.ptr)[i] = copy.ptr[i] == '\'' ? '"' : copy.ptr[i];
    }
    struct wire_limits limits = {32, 1000, 10000};
    struct wire_value *value = NULL;
    world_ok(wire_decode(WIRE_JSON, copy, &limits, arena, &value));
    return value;
}

/* A request that can still be changed; content may be NULL. */
static inline struct ask *ask_new(struct world *world, enum prim_operation operation,
                                  const char *from, const char *to, const char *content)
{
    struct arena *arena = arena_new(1 << 24);
    struct ask *ask = ARENA_NEW(arena, struct ask);
    assert_non_null(ask);
    struct prim_request *request = &ask->call.request;
    prim_request_init(request);
    request->operation = operation;
    request->from = from != NULL ? arena_dup(arena, bytes_str(from)) : BYTES_NONE;
    request->to = arena_dup(arena, bytes_str(to));
    request->request_identifier = arena_printf(arena, "r%u", ++world->next_rqi);
    request->release_version = BYTES("3");
    request->content = content != NULL ? ask_json(arena, content) : NULL;
    request->format = content != NULL ? PRIM_JSON : PRIM_FORMAT_NONE;
    ask->call.arena = arena;
    ask->call.peer = (struct prim_peer){.admits_unassociated = true, .binding = "test"};
    ask->call.done = ask_done;
    ask->world = world;
    return ask;
}

/* A parameter by its query name. */
static inline void ask_set(struct ask *ask, const char *name, const char *value)
{
    world_ok(
        prim_request_set(&ask->call.request, bytes_str(name), bytes_str(value), ask->call.arena));
}

static inline void ask_send(struct ask *ask)
{
    struct prim_link *link = serve_worker_link(ask->world->worker);
    link->send(link, &ask->call);
    assert_false(ask->done); /* never inside send */
}

static inline void ask_free(struct ask *ask)
{
    arena_free(ask->call.arena);
}

static inline void ask_expect(struct ask *ask, unsigned rsc)
{
    ask_send(ask);
    world_turn(ask->world);
    assert_true(ask->done);
    if (ask->call.response.rsc != rsc) {
        fail_msg("%.*s: got %u, want %u: %s (%s:%d)", BYTES_FMT(ask->call.request.to),
                 ask->call.response.rsc, rsc, status_note_get()->text, status_note_get()->file,
                 status_note_get()->line);
    }
}

/* Sends, expects the code, and gives the whole back for looking at it. */
static inline struct ask *ask_do(struct world *world, enum prim_operation operation,
                                 const char *from, const char *to, const char *content,
                                 unsigned rsc)
{
    struct ask *ask = ask_new(world, operation, from, to, content);
    ask_expect(ask, rsc);
    return ask;
}

static inline void ask_one(struct world *world, enum prim_operation operation, const char *from,
                           const char *to, const char *content, unsigned rsc)
{
    ask_free(ask_do(world, operation, from, to, content, rsc));
}

static inline struct ask *ask_create(struct world *world, const char *from, const char *to,
                                     uint32_t type, const char *content, unsigned rsc)
{
    struct ask *ask = ask_new(world, PRIM_CREATE, from, to, content);
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = type;
    ask_expect(ask, rsc);
    return ask;
}

static inline void create_one(struct world *world, const char *from, const char *to, uint32_t type,
                              const char *content, unsigned rsc)
{
    ask_free(ask_create(world, from, to, type, content, rsc));
}

/* The value at the given names in the content of the answer, NULL when there is none. */
static inline const struct wire_value *answer_at(const struct ask *ask, const char *first,
                                                 const char *second)
{
    const struct wire_value *value = wire_get(ask->call.response.content, bytes_str(first));
    return second != NULL ? wire_get(value, bytes_str(second)) : value;
}

static inline void answer_is(const struct ask *ask, const char *first, const char *second,
                             const char *json)
{
    const struct wire_value *value = answer_at(ask, first, second);
    if (json == NULL) {
        assert_null(value);
        return;
    }
    struct buf got;
    buf_init(&got, 1 << 20);
    if (value != NULL) {
        wire_encode(WIRE_JSON, value, &got);
    }
    struct wire_value *wanted = ask_json(ask->call.arena, json);
    if (value == NULL || !wire_equal(value, wanted)) {
        fail_msg("%s/%s: got %.*s, want %s", first, second != NULL ? second : "",
                 BYTES_FMT(buf_bytes(&got)), json);
    }
    buf_fini(&got);
}

static inline void answer_text(const struct ask *ask)
{
    struct buf got;
    buf_init(&got, 1 << 20);
    if (ask->call.response.content != NULL) {
        wire_encode(WIRE_JSON, ask->call.response.content, &got);
    }
    print_message("%u %.*s\n", ask->call.response.rsc, BYTES_FMT(buf_bytes(&got)));
    buf_fini(&got);
}

#endif
