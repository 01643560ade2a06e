/* SPDX-License-Identifier: Apache-2.0
 * The server's life: opening, draining, closing with calls under way, memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http.h"

static struct sys_loop *loop;
static struct http_server *server;
static struct limits limits;
static struct prim_call *held;
static unsigned served, cancelled;
static struct prim_link link_here;
static const struct prim_self self = {
    .sp_id = {"//sp", 4}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

static void answer(void *user)
{
    struct prim_call *call = user;
    call->response.rsc = 2000;
    call->done(call);
}

static void receive(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    served++;
    assert_true(call->peer.has_address);
    assert_true(sys_address_is_loopback(&call->peer.address));
    assert_true(call->peer.admits_unassociated);
    assert_false(call->peer.has_association);
    assert_false(call->peer.is_confidential);
    if (bytes_is(call->request.to, "hold")) {
        held = call;
    } else {
        assert_true(is_ok(loop->post(loop, answer, call)));
    }
}

static void cancel(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    assert_ptr_equal(call, held);
    cancelled++;
}

/* A client of raw bytes. */
static struct sys_stream *client;
static char got[4096];
static size_t got_size;
static bool stop_on_data;

static void on_read(void *user, struct bytes data)
{
    (void)user;
    for (size_t i = 0; i < data.len && got_size < sizeof(got); i++) {
        got[got_size++] = data.ptr[i];
    }
    if (stop_on_data) {
        sys_loop_stop(loop);
    }
}

static void on_close(void *user, status why)
{
    (void)user;
    (void)why;
    client = NULL;
    sys_loop_stop(loop);
}

static const struct sys_stream_events events = {NULL, on_read, NULL, on_close};

static status open_server(void)
{
    struct http_server_config config = {.address = {.ip = {127, 0, 0, 1}},
                                        .admits_unassociated = true,
                                        .limits = &limits,
                                        .self = &self};
    link_here = (struct prim_link){receive, cancel, NULL};
    return http_server_open(loop, &link_here, &config, &server);
}

static int setup(void **state)
{
    (void)state;
    limits_init(&limits);
    served = cancelled = 0;
    held = NULL;
    got_size = 0;
    stop_on_data = false;
    return is_ok(sys_loop_open(&loop)) && is_ok(open_server()) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    http_server_close(server);
    sys_loop_close(loop);
    return 0;
}

static void ask(const char *target)
{
    struct buf text;
    buf_init(&text, 1000);
    buf_printf(&text, "GET %s HTTP/1.1\r\nHost: t\r\n\r\n", target);
    assert_true(is_ok(sys_connect_tcp(loop, BYTES("127.0.0.1"), http_server_port(server), &events,
                                      NULL, &client)));
    assert_true(is_ok(client->ops->write(client, buf_bytes(&text))));
    buf_fini(&text);
}

static bool time_is_up;

static void time_over(void *user)
{
    (void)user;
    time_is_up = true;
    sys_loop_stop(loop);
}

/* Runs until something stops the loop, at most so long. fail_after: an allocation that fails. */
static void run(int64_t usec, unsigned fail_after)
{
    time_is_up = false;
    struct sys_timer *timer = loop->timer_start(loop, usec, time_over, NULL);
    assert_non_null(timer);
    mem_fail_after(fail_after);
    sys_loop_run(loop);
    mem_fail_after(0);
    if (!time_is_up) {
        loop->timer_stop(loop, timer);
    }
}

static void run_for(int64_t usec)
{
    run(usec, 0);
}

static void answers(void **state)
{
    (void)state;
    stop_on_data = true;
    ask("/x");
    sys_loop_run(loop);
    assert_true(
        bytes_starts_with(bytes_of(got, got_size), BYTES("HTTP/1.1 200 \r\nX-M2M-RSC: 2000\r\n")));
    struct http_server_counters counters;
    http_server_counters_read(server, &counters);
    assert_int_equal(counters.connections, 1);
    assert_int_equal(counters.requests, 1);
    assert_int_equal(counters.requests_in_flight, 0);
}

static void idle_now(void *user)
{
    ++*(int *)user;
}

static void draining_waits_for_calls(void **state)
{
    (void)state;
    int idle = 0;
    ask("/hold");
    run_for(50000);
    assert_non_null(held);
    http_server_drain(server, idle_now, &idle);
    run_for(50000);
    assert_int_equal(idle, 0);
    answer(held);
    run_for(300000);
    assert_int_equal(idle, 1);
    assert_true(bytes_contains(bytes_of(got, got_size), BYTES("\r\nConnection: close\r\n")));
    assert_null(client);
}

static void draining_an_idle_server_is_told_later(void **state)
{
    (void)state;
    int idle = 0;
    http_server_drain(server, idle_now, &idle);
    assert_int_equal(idle, 0);
    run_for(20000);
    assert_int_equal(idle, 1);
}

static void closing_cancels_calls(void **state)
{
    (void)state;
    ask("/hold");
    run_for(50000);
    struct prim_call *call = held;
    assert_non_null(call);
    http_server_close(server);
    server = NULL;
    run_for(50000);
    assert_int_equal(cancelled, 1);
    assert_null(client);
    answer(call); /* the server lives until its last call is done */
}

static void a_busy_port_is_an_error(void **state)
{
    (void)state;
    struct http_server_config config = {
        .address = {.ip = {127, 0, 0, 1}}, .limits = &limits, .self = &self};
    struct http_server *second = NULL;
    config.address.port = http_server_port(server);
    assert_int_equal(http_server_open(loop, &link_here, &config, &second).code, STATUS_SYSTEM);
    assert_null(second);
}

/* Allocation n fails while a request is served: the connection may be lost, the server is not. */
static void no_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 40; n++) {
        got_size = 0;
        stop_on_data = true;
        ask("/x?lbl=a+b");
        run(150000, n);
        if (client != NULL) {
            stop_on_data = false;
            client->ops->close(client);
            run_for(10000);
        }
    }
    got_size = 0;
    stop_on_data = true;
    ask("/x");
    run_for(2000000);
    assert_true(bytes_starts_with(bytes_of(got, got_size), BYTES("HTTP/1.1 200 ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers, setup, teardown),
        cmocka_unit_test_setup_teardown(draining_waits_for_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(draining_an_idle_server_is_told_later, setup, teardown),
        cmocka_unit_test_setup_teardown(closing_cancels_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(a_busy_port_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
