/* SPDX-License-Identifier: Apache-2.0
 * A server for tests of the HTTP binding: a link that answers by simple rules, named by To.
 *
 *   http_echo [--set limit=value] [--tls CERTIFICATE KEY] [--cors ORIGIN] [--unassociated]
 *
 * Prints "port N" and serves on 127.0.0.1 until SIGTERM, which drains. To:
 *   slow/MS    answers after MS milliseconds    never    answers only when cancelled
 *   rsc/N      with that response status code   large/N  a content of N octets
 *   created    2001 with m2m:uri                fields   every response parameter
 *   empty      2000 without content             stats    counters
 *   anything else: 2000 and the request primitive as it arrived, in m2m:rqp */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/http/http.h"

struct echo {
    struct sys_loop *loop;
    struct http_server *server;
    struct prim_link link;
    struct limits limits;
    uint64_t served, cancelled;
};

/* An answer on its way: what keeps the call until then. */
struct waiting {
    struct echo *echo;
    struct prim_call *call;
    struct sys_timer *timer; /* NULL: never */
};

static void finish(void *user)
{
    struct waiting *waiting = user;
    struct prim_call *call = waiting->call;
    mem_free(waiting);
    call->receiver = NULL;
    call->done(call);
}

static struct wire_value *text_member(struct arena *arena, struct bytes name, struct bytes text)
{
    struct wire_value *object = wire_object(arena);
    return wire_add(object, name, wire_string(arena, text)) == NULL ? NULL : object;
}

static void answer_echo(struct prim_call *call)
{
    struct wire_value *object = wire_object(call->arena);
    if (wire_add(object, BYTES("m2m:rqp"), prim_request_encode(&call->request, call->arena)) !=
        NULL) {
        call->response.content = object;
    }
}

static void answer_large(struct prim_call *call, uint64_t size)
{
    char *chars = arena_chars(call->arena, size);
    if (chars != NULL) {
        memset(chars, 'x', size);
        struct wire_value *instance = text_member(call->arena, BYTES("con"), bytes_of(chars, size));
        struct wire_value *object = wire_object(call->arena);
        (void)wire_add(object, BYTES("m2m:cin"), instance);
        call->response.content = object;
    }
}

static void answer_stats(struct echo *echo, struct prim_call *call)
{
    struct http_server_counters counters;
    http_server_counters_read(echo->server, &counters);
    struct bytes text = arena_printf(
        call->arena,
        "served %llu cancelled %llu connections %llu in_flight %llu refused %llu timeouts %llu",
        (unsigned long long)echo->served, (unsigned long long)echo->cancelled,
        (unsigned long long)counters.connections, (unsigned long long)counters.requests_in_flight,
        (unsigned long long)counters.connections_refused, (unsigned long long)counters.timeouts);
    call->response.content = text_member(call->arena, BYTES("m2m:dbg"), text);
}

static void answer_fields(struct prim_call *call)
{
    struct prim_response *response = &call->response;
    response->from = BYTES("/id-in");
    response->originating_timestamp = BYTES("20260101T000000");
    response->result_expiration = BYTES("20270101T000000");
    response->vendor_information = BYTES("vendor");
    response->event_category = 3;
    response->has_content_status = true;
    response->content_status = 1;
    response->content_offset = 77;
    response->content_location = BYTES("/id-in/cse-in/a b");
    response->content = text_member(call->arena, BYTES("m2m:uri"), BYTES("cse-in/a"));
}

static uint64_t number_behind(struct bytes text, const char *prefix)
{
    uint64_t number = 0;
    if (bytes_starts_with(text, bytes_str(prefix)) &&
        is_ok(bytes_to_u64(bytes_from(text, bytes_str(prefix).len), &number))) {
        return number;
    }
    return 0;
}

static void answer_simple(struct echo *echo, struct prim_call *call)
{
    struct bytes to = call->request.to;
    uint64_t number;
    call->response.rsc = 2000;
    if (bytes_is(to, "created")) {
        call->response.rsc = 2001;
        call->response.content_location = BYTES("cse-in/created");
        call->response.content =
            text_member(call->arena, BYTES("m2m:uri"), BYTES("cse-in/created"));
    } else if (bytes_is(to, "fields")) {
        answer_fields(call);
    } else if (bytes_is(to, "stats")) {
        answer_stats(echo, call);
    } else if ((number = number_behind(to, "rsc/")) != 0) {
        call->response.rsc = (uint16_t)number;
    } else if ((number = number_behind(to, "large/")) != 0) {
        answer_large(call, number);
    } else if (!bytes_is(to, "empty") && !bytes_starts_with(to, BYTES("slow/")) &&
               !bytes_is(to, "never")) {
        answer_echo(call);
    }
}

static void receive(struct prim_link *link, struct prim_call *call)
{
    struct echo *echo = link->user;
    echo->served++;
    call->response.request_identifier = call->request.request_identifier;
    call->response.release_version = call->request.release_version;
    answer_simple(echo, call);
    struct waiting *waiting = mem_alloc(sizeof(*waiting));
    must(waiting != NULL);
    *waiting = (struct waiting){echo, call, NULL};
    call->receiver = waiting;
    if (bytes_is(call->request.to, "never")) {
        return;
    }
    uint64_t msec = number_behind(call->request.to, "slow/");
    waiting->timer = echo->loop->timer_start(echo->loop, (int64_t)msec * 1000, finish, waiting);
    must(waiting->timer != NULL);
}

static void cancel(struct prim_link *link, struct prim_call *call)
{
    struct echo *echo = link->user;
    struct waiting *waiting = call->receiver;
    echo->cancelled++;
    echo->loop->timer_stop(echo->loop, waiting->timer);
    waiting->timer = echo->loop->timer_start(echo->loop, 0, finish, waiting);
    must(waiting->timer != NULL);
}

static void idle(void *user)
{
    struct echo *echo = user;
    sys_loop_stop(echo->loop);
}

static void terminate(void *user)
{
    struct echo *echo = user;
    http_server_drain(echo->server, idle, echo);
}

static const struct prim_self self = {
    .sp_id = {"//antipolis.example", 19}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

static void fail(const char *what)
{
    (void)fprintf(stderr, "http_echo: %s: %s\n", what, status_note_get()->text);
    exit(2);
}

static void set_limit(struct echo *echo, const char *text)
{
    struct bytes value = bytes_str(text);
    struct bytes name = bytes_cut(&value, '=');
    uint64_t number = 0;
    if (is_error(bytes_to_u64(value, &number)) ||
        is_error(limits_set(&echo->limits, name, number))) {
        fail(text);
    }
}

static void read_arguments(struct echo *echo, char **arguments, struct http_server_config *config)
{
    static struct bytes origin;
    for (char **at = arguments; *at != NULL; at++) {
        struct bytes name = bytes_str(*at);
        if (bytes_is(name, "--unassociated")) {
            config->admits_unassociated = true;
        } else if (bytes_is(name, "--set") && at[1] != NULL) {
            set_limit(echo, *++at);
        } else if (bytes_is(name, "--cors") && at[1] != NULL) {
            origin = bytes_str(*++at);
            config->origins = (struct prim_texts){&origin, 1};
        } else if (bytes_is(name, "--tls") && at[1] != NULL && at[2] != NULL) {
            if (is_error(
                    tls_server_context_new(bytes_str(at[1]), bytes_str(at[2]), &config->tls))) {
                fail("tls");
            }
            at += 2;
        } else {
            fail("unknown argument");
        }
    }
}

int main(int count, char **arguments)
{
    (void)count;
    struct echo echo = {.link = {receive, cancel, NULL}};
    struct http_server_config config = {.limits = &echo.limits, .self = &self};
    limits_init(&echo.limits);
    echo.link.user = &echo;
    config.address.ip[0] = 127;
    config.address.ip[3] = 1;
    read_arguments(&echo, arguments + 1, &config);
    if (is_error(sys_loop_open(&echo.loop)) ||
        is_error(http_server_open(echo.loop, &echo.link, &config, &echo.server)) ||
        is_error(sys_signal_watch(echo.loop, SIGTERM, terminate, &echo))) {
        fail("start");
    }
    (void)printf("port %u\n", (unsigned)http_server_port(echo.server));
    (void)fflush(stdout);
    sys_loop_run(echo.loop);
    http_server_close(echo.server);
    sys_loop_close(echo.loop);
    tls_context_free(config.tls);
    return 0;
}
