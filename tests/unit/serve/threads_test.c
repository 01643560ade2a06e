/* SPDX-License-Identifier: Apache-2.0
 * Two workers on real loops and a writer of its own: changes, reads and policies at once. Style 8
 * (concurrency); for the thread sanitizer most of all. */
#include "serve_tree.h"

#define WORKERS 2
#define WINDOW 16
#define REQUESTS 600

struct crew {
    struct world *world; /* store, server and clock only */
    struct sys_loop *loop;
    struct serve_worker *worker;
    struct sys_thread *thread;
    unsigned sent, answered, good, number;
};

struct errand {
    struct prim_call call; /* first */
    struct crew *crew;
};

static void send_next(struct crew *crew);

static void ended(void *user)
{
    struct crew *crew = user;
    sys_loop_stop(crew->loop);
}

static void answered(struct prim_call *call)
{
    struct errand *errand = (struct errand *)call;
    struct crew *crew = errand->crew;
    crew->answered += 1;
    crew->good += call->response.rsc / 1000 == 2;
    arena_free(call->arena);
    if (crew->sent < REQUESTS) {
        send_next(crew);
    } else if (crew->answered == REQUESTS) {
        serve_worker_drain(crew->worker, ended, crew);
    }
}

/* A container is made, read, its policy is rewritten, the tree is searched, it is deleted. */
static void send_next(struct crew *crew)
{
    struct arena *arena = arena_new(1 << 24);
    struct errand *errand = ARENA_NEW(arena, struct errand);
    struct prim_request *request = &errand->call.request;
    unsigned turn = crew->sent % 5, series = crew->sent / 5;
    prim_request_init(request);
    request->from = BYTES("CAdmin");
    request->request_identifier = arena_printf(arena, "%u-%u", crew->number, crew->sent);
    request->release_version = BYTES("3");
    request->to = arena_printf(arena, "cse-in/x%u-%u", crew->number, series);
    request->operation = turn == 4 ? PRIM_DELETE : PRIM_RETRIEVE;
    if (turn == 0) {
        request->operation = PRIM_CREATE;
        request->has_resource_type = true;
        request->resource_type = TYPE_CONTAINER;
        request->to = BYTES("cse-in");
        struct bytes body =
            arena_printf(arena, "{'m2m:cnt':{'rn':'x%u-%u','acpi':['cse-in/acp'],'lbl':['l']}}",
                         crew->number, series);
        request->content = ask_json(arena, body.ptr);
    } else if (turn == 2) {
        request->operation = PRIM_UPDATE;
        request->to = BYTES("cse-in/acp");
        request->content = ask_json(arena, "{'m2m:acp':{'lbl':['x']}}");
    } else if (turn == 3) {
        request->to = BYTES("cse-in");
        request->filter.present = true;
        request->filter.filter_usage = 1;
        request->filter.limit = 5;
    }
    errand->call.arena = arena;
    errand->call.peer.admits_unassociated = true;
    errand->call.done = answered;
    errand->crew = crew;
    crew->sent += 1;
    struct prim_link *link = serve_worker_link(crew->worker);
    link->send(link, &errand->call);
}

static void begin(void *user)
{
    struct crew *crew = user;
    for (int i = 0; i < WINDOW; i++) {
        send_next(crew);
    }
}

static void run_crew(void *user)
{
    struct crew *crew = user;
    sys_loop_run(crew->loop);
}

static void all_at_once(void **state)
{
    struct world *world = world_new(&plain);
    struct crew crews[WORKERS] = {{.number = 0}};
    (void)state;
    world->config.clock = NULL;
    struct store_options options = {
        .directory = bytes_str(world->folder), .clock = &sys_clock_real, .threaded = true};
    world_ok(store_open(&options, &world->store));
    world_ok(serve_new(&world->config, world->store, &plain, &world->serve));
    world_ok(serve_run_now(world->serve, plain_tree, NULL));
    for (unsigned i = 0; i < WORKERS; i++) {
        crews[i] = (struct crew){.world = world, .number = i};
        world_ok(sys_loop_open(&crews[i].loop));
        world_ok(serve_worker_new(world->serve, crews[i].loop, NULL, 0, &crews[i].worker));
        world_ok(crews[i].loop->post(crews[i].loop, begin, &crews[i]));
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        world_ok(sys_thread_start(run_crew, &crews[i], &crews[i].thread));
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        sys_thread_join(crews[i].thread);
    }
    struct serve_counters counters;
    serve_counters_read(world->serve, &counters);
    assert_int_equal(counters.requests[PRIM_CREATE], WORKERS * REQUESTS / 5);
    assert_int_equal(counters.in_flight, 0);
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(crews[i].answered, REQUESTS);
        assert_true(crews[i].good >= REQUESTS * 2 / 5); /* a window overtakes itself */
        serve_worker_free(crews[i].worker);
        sys_loop_close(crews[i].loop);
    }
    serve_free(world->serve);
    store_close(world->store);
    world_remove(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
