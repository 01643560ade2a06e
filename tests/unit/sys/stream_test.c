/* SPDX-License-Identifier: Apache-2.0
 * Streams and listeners: echo over TCP and Unix sockets, back-pressure, orderly and rude ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/sys.h"

static struct sys_loop *loop;

enum { BIG = 8 << 20 };

/* One end of a conversation. */
struct end {
    struct sys_stream *stream;
    size_t got, opened, written, closed;
    size_t stop_at; /* stop the loop once so much has come */
    bool echo, stop_on_close;
    bool ends_after_read; /* server: shutdown after the first read */
    status why;
    char last[64]; /* the end of the latest piece */
    size_t last_len;
};
static struct end client, server;

static void on_open(void *user)
{
    ((struct end *)user)->opened++;
}

static void on_read(void *user, struct bytes data)
{
    struct end *end = user;
    end->got += data.len;
    end->last_len = data.len < sizeof(end->last) - 1 ? data.len : sizeof(end->last) - 1;
    memcpy(end->last, data.ptr + data.len - end->last_len, end->last_len);
    end->last[end->last_len] = '\0';
    if (end->echo) {
        assert_true(is_ok(end->stream->ops->write(end->stream, data)));
    }
    if (end->ends_after_read) {
        end->stream->ops->shutdown(end->stream);
        assert_int_equal(end->stream->ops->write(end->stream, BYTES("x")).code, STATUS_CLOSED);
    }
    if (end->stop_at != 0 && end->got >= end->stop_at) {
        sys_loop_stop(loop);
    }
}

static void on_written(void *user)
{
    ((struct end *)user)->written++;
}

static void on_close(void *user, status why)
{
    struct end *end = user;
    end->closed++;
    end->why = why;
    end->stream = NULL;
    if (end->stop_on_close) {
        sys_loop_stop(loop);
    }
}

static const struct sys_stream_events events = {on_open, on_read, on_written, on_close};

static void accepted(void *user, struct sys_stream *stream)
{
    struct end *end = user;
    end->stream = stream;
    stream->events = events;
    stream->user = end;
}

static int setup(void **state)
{
    (void)state;
    client = (struct end){0};
    server = (struct end){0};
    return is_ok(sys_loop_open(&loop)) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    sys_loop_close(loop);
    assert_null(client.stream);
    assert_null(server.stream);
    return 0;
}

static const struct sys_address any_port = {.ip = {127, 0, 0, 1}};

static struct sys_listener *listen_here(void)
{
    struct sys_listener *listener = NULL;
    assert_true(is_ok(sys_listen_tcp(loop, &any_port, NULL, accepted, &server, &listener)));
    assert_int_not_equal(sys_listener_port(listener), 0);
    return listener;
}

static void connect_there(uint16_t port)
{
    assert_true(
        is_ok(sys_connect_tcp(loop, BYTES("127.0.0.1"), port, &events, &client, &client.stream)));
}

static void echoes_over_tcp(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    server.echo = true;
    client.stop_at = 5;
    connect_there(sys_listener_port(listener));
    /* written before it is connected: waits */
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("hello"))));
    assert_int_equal(client.stream->unsent, 5);
    sys_loop_run(loop);
    assert_string_equal(client.last, "hello");
    assert_int_equal(client.opened, 1);
    assert_int_equal(client.stream->unsent, 0);
    assert_true(sys_address_is_loopback(&server.stream->peer));
    assert_int_equal(server.stream->local.port, sys_listener_port(listener));
    assert_int_equal(client.stream->peer.port, sys_listener_port(listener));
    server.stop_on_close = true;
    client.stream->ops->close(client.stream);
    client.stream->ops->close(client.stream);
    sys_loop_run(loop);
    assert_true(is_ok(server.why)); /* an orderly end for the other side */
    assert_int_equal(client.closed, 1);
    assert_int_equal(client.why.code, STATUS_CLOSED);
    sys_listener_close(listener);
    sys_listener_close(NULL);
}

static void sends_much_against_a_paused_reader(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    connect_there(sys_listener_port(listener));
    client.stop_at = 1;
    server.echo = true;
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("x"))));
    sys_loop_run(loop);
    client.got = 0;
    client.stop_at = BIG;
    client.stream->ops->pause(client.stream, true);
    char *much = calloc(1, BIG);
    assert_true(is_ok(server.stream->ops->write(server.stream, bytes_of(much, BIG))));
    free(much);
    assert_true(server.stream->unsent > 0);
    assert_true(is_ok(server.stream->ops->write(server.stream, BYTES("tail"))));
    assert_non_null(loop->timer_start(loop, 50000, (void (*)(void *))sys_loop_stop, loop));
    sys_loop_run(loop);
    assert_int_equal(client.got, 0); /* paused */
    assert_true(server.stream->unsent > 0);
    assert_int_equal(server.written, 0);
    client.stop_at = BIG + 4;
    client.stream->ops->pause(client.stream, false);
    sys_loop_run(loop);
    assert_int_equal(client.got, BIG + 4);
    assert_int_equal(server.written, 1);
    assert_int_equal(server.stream->unsent, 0);
    assert_true(bytes_ends_with(bytes_of(client.last, client.last_len), BYTES("tail")));
    sys_listener_close(listener);
}

/* The last answer arrives although the peer had sent more than was read. */
static void shutdown_delivers_the_rest(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    server.echo = true;
    server.ends_after_read = true;
    client.stop_on_close = true;
    connect_there(sys_listener_port(listener));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("bye"))));
    sys_loop_run(loop);
    assert_string_equal(client.last, "bye");
    assert_true(is_ok(client.why));
    sys_listener_close(listener);
}

static void a_silent_peer_does_not_hold_a_shutdown(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    server.ends_after_read = true;
    server.stop_on_close = true;
    connect_there(sys_listener_port(listener));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("bye"))));
    client.stream->ops->pause(client.stream, true); /* never sees the end, never closes */
    int64_t before = sys_monotonic_usec();
    sys_loop_run(loop);
    assert_int_equal(server.why.code, STATUS_CLOSED);
    assert_in_range(sys_monotonic_usec() - before, 900000, 3000000);
    sys_listener_close(listener);
}

static void unreachable_is_told(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    uint16_t port = sys_listener_port(listener);
    sys_listener_close(listener);
    client.stop_on_close = true;
    connect_there(port);
    sys_loop_run(loop);
    assert_int_equal(client.why.code, STATUS_TARGET_NOT_REACHABLE);
    assert_int_equal(client.opened, 0);
    assert_true(is_ok(sys_connect_tcp(loop, BYTES("no-such-host.invalid"), 80, &events, &client,
                                      &client.stream)));
    sys_loop_run(loop);
    assert_int_equal(client.why.code, STATUS_TARGET_NOT_REACHABLE);
    assert_int_equal(client.closed, 2);
    assert_int_equal(sys_connect_tcp(loop, BYTES(""), 80, &events, &client, &client.stream).code,
                     STATUS_SYNTAX);
    assert_int_equal(
        sys_connect_tcp(loop, BYTES("a\0b"), 80, &events, &client, &client.stream).code,
        STATUS_SYNTAX);
}

/* "localhost" may resolve to ::1 first; the listener is on 127.0.0.1 only. */
static void tries_every_address_of_a_name(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    server.echo = true;
    client.stop_at = 2;
    client.stop_on_close = true;
    assert_true(is_ok(sys_connect_tcp(loop, BYTES("localhost"), sys_listener_port(listener),
                                      &events, &client, &client.stream)));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("ok"))));
    sys_loop_run(loop);
    assert_string_equal(client.last, "ok");
    sys_listener_close(listener);
}

static void closing_while_connecting(void **state)
{
    (void)state;
    client.stop_on_close = true;
    assert_true(
        is_ok(sys_connect_tcp(loop, BYTES("localhost"), 9, &events, &client, &client.stream)));
    client.stream->ops->close(client.stream);
    sys_loop_run(loop);
    assert_int_equal(client.why.code, STATUS_CLOSED);
    struct sys_listener *listener = listen_here();
    connect_there(sys_listener_port(listener));
    client.stream->ops->shutdown(client.stream); /* nothing to flush to yet */
    sys_loop_run(loop);
    assert_int_equal(client.closed, 2);
    sys_listener_close(listener);
}

static void unix_sockets(void **state)
{
    (void)state;
    char folder[] = "/tmp/anp_stream_test.XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/socket", folder);
    struct sys_listener *listener = NULL, *second = NULL;
    assert_true(is_ok(sys_listen_unix(loop, bytes_str(path), 0600, accepted, &server, &listener)));
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(sys_listen_unix(loop, bytes_str(path), 0600, accepted, &server, &second).code,
                     STATUS_SYSTEM); /* in use */
    server.stop_on_close = true;
    sys_loop_run(loop); /* the one who asked whether it is in use comes and goes */
    server.stop_on_close = false;
    server.echo = true;
    client.stop_at = 2;
    assert_true(is_ok(sys_connect_unix(loop, bytes_str(path), &events, &client, &client.stream)));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("hi"))));
    sys_loop_run(loop);
    assert_string_equal(client.last, "hi");
    sys_listener_close(listener);
    client.stop_on_close = true;
    assert_true(
        is_ok(sys_connect_unix(loop, BYTES("/nowhere/at/all"), &events, &client, &client.stream)));
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void busy_port_is_an_error_unless_shared(void **state)
{
    (void)state;
    struct sys_listener *one = NULL, *two = NULL;
    struct sys_listen_options shared = {.reuse_port = true};
    assert_true(is_ok(sys_listen_tcp(loop, &any_port, &shared, accepted, &server, &one)));
    struct sys_address same = any_port;
    same.port = sys_listener_port(one);
    assert_int_equal(sys_listen_tcp(loop, &same, NULL, accepted, &server, &two).code,
                     STATUS_SYSTEM);
    assert_true(is_ok(sys_listen_tcp(loop, &same, &shared, accepted, &server, &two)));
    sys_listener_close(one);
    sys_listener_close(two);
    struct sys_address elsewhere = {.ip = {192, 0, 2, 1}, .port = 80};
    assert_int_equal(sys_listen_tcp(loop, &elsewhere, NULL, accepted, &server, &two).code,
                     STATUS_SYSTEM);
}

/* A connection that finds no memory waits and is served later. */
static void accept_survives_exhausted_memory(void **state)
{
    (void)state;
    struct sys_listener *listener = listen_here();
    server.echo = true;
    client.stop_at = 2;
    connect_there(sys_listener_port(listener));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("ok"))));
    mem_fail_after(1); /* the next allocation is the accepted stream's */
    sys_loop_run(loop);
    mem_fail_after(0);
    assert_string_equal(client.last, "ok");
    sys_listener_close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(echoes_over_tcp, setup, teardown),
        cmocka_unit_test_setup_teardown(sends_much_against_a_paused_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(shutdown_delivers_the_rest, setup, teardown),
        cmocka_unit_test_setup_teardown(a_silent_peer_does_not_hold_a_shutdown, setup, teardown),
        cmocka_unit_test_setup_teardown(unreachable_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_every_address_of_a_name, setup, teardown),
        cmocka_unit_test_setup_teardown(closing_while_connecting, setup, teardown),
        cmocka_unit_test_setup_teardown(unix_sockets, setup, teardown),
        cmocka_unit_test_setup_teardown(busy_port_is_an_error_unless_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(accept_survives_exhausted_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
