/* SPDX-License-Identifier: Apache-2.0
 * The HTTP server with a link that gives one fixed answer: what the binding alone costs. Prints
 * "port N" and serves on 127.0.0.1 until SIGTERM. See http_bench.py. */
#include <signal.h>
#include <stdio.h>

#include "bind/http/http.h"

struct bench {
    struct sys_loop *loop;
    struct prim_link link;
    struct prim_call *first, *last; /* to be answered; call->receiver is the next one */
    struct wire_value *content;
    struct limits limits;
};

static void answer_all(void *user)
{
    struct bench *bench = user;
    struct prim_call *call = bench->first;
    bench->first = bench->last = NULL;
    while (call != NULL) {
        struct prim_call *next = call->receiver;
        call->response.rsc = 2000;
        call->response.request_identifier = call->request.request_identifier;
        call->response.release_version = call->request.release_version;
        call->response.content = bench->content;
        call->done(call);
        call = next;
    }
}

static void receive(struct prim_link *link, struct prim_call *call)
{
    struct bench *bench = link->user;
    call->receiver = NULL;
    if (bench->last != NULL) {
        bench->last->receiver = call;
    } else {
        bench->first = call;
        must(is_ok(bench->loop->post(bench->loop, answer_all, bench)));
    }
    bench->last = call;
}

static void cancel(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    (void)call; /* it is answered soon anyway */
}

static void stop(void *user)
{
    struct bench *bench = user;
    sys_loop_stop(bench->loop);
}

/* A container as a RETRIEVE shows it. */
static struct wire_value *container(struct arena *arena)
{
    static const char text[] =
        "{\"m2m:cnt\":{\"rn\":\"c\",\"ty\":3,\"ri\":\"cnt-8Jw2dEq1hY\",\"pi\":\"Cbench\","
        "\"ct\":\"20260101T000000\",\"lt\":\"20260101T000000\",\"et\":\"20270101T000000\","
        "\"acpi\":[\"cse-in/bench/acp\"],\"lbl\":[\"bench\"],\"st\":0,\"cni\":0,\"cbs\":0,"
        "\"mni\":1000}}";
    struct wire_limits limits = {.depth = 8, .members = 64, .values = 256};
    struct wire_value *value = NULL;
    must(is_ok(wire_decode(WIRE_JSON, BYTES(text), &limits, arena, &value)));
    return value;
}

int main(void)
{
    static const struct prim_self self = {
        .sp_id = {"//sp", 4}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};
    struct bench bench = {0};
    struct http_server *server = NULL;
    struct arena *arena = arena_new(1 << 20);
    must(arena != NULL);
    bench.link = (struct prim_link){receive, cancel, &bench};
    bench.content = container(arena);
    limits_init(&bench.limits);
    struct http_server_config config = {
        .address = {.ip = {127, 0, 0, 1}}, .limits = &bench.limits, .self = &self};
    must(is_ok(sys_loop_open(&bench.loop)));
    must(is_ok(http_server_open(bench.loop, &bench.link, &config, &server)));
    must(is_ok(sys_signal_watch(bench.loop, SIGTERM, stop, &bench)));
    (void)printf("port %u\n", (unsigned)http_server_port(server));
    (void)fflush(stdout);
    sys_loop_run(bench.loop);
    http_server_close(server);
    sys_loop_close(bench.loop);
    arena_free(arena);
    return 0;
}
