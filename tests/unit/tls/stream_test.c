/* SPDX-License-Identifier: Apache-2.0
 * TLS streams against each other: data both ways, orderly and cut ends, verification. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tls/tls.h"

static char folder[] = "/tmp/anp_tls_test.XXXXXX";
static struct sys_loop *loop;
static struct sys_listener *listener;
static struct tls_context *server_context, *client_context, *stranger_context;

struct end {
    struct sys_stream *stream, *inner;
    size_t got, stop_at;
    unsigned opened, closed;
    status why;
    bool echo, stop_on_close;
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
    if (end->echo) {
        assert_true(is_ok(end->stream->ops->write(end->stream, data)));
    }
    if (end->stop_at != 0 && end->got >= end->stop_at) {
        sys_loop_stop(loop);
    }
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

static const struct sys_stream_events events = {on_open, on_read, NULL, on_close};

static void accepted(void *user, struct sys_stream *stream)
{
    struct end *end = user;
    end->inner = stream;
    assert_true(is_ok(tls_accept(server_context, stream, &end->stream)));
    end->stream->events = events;
    end->stream->user = end;
}

static status make_contexts(const char *name, struct tls_context **ret_server,
                            struct tls_context **ret_client)
{
    char certificate_path[64], key_path[64];
    struct bytes hosts[] = {BYTES("localhost"), BYTES("127.0.0.1")};
    struct tls_self_signed wish = {hosts, 2, sys_now(&sys_clock_real)};
    struct buf key, certificate;
    buf_init(&key, 65536);
    buf_init(&certificate, 65536);
    TRY(tls_self_signed_make(&wish, &key, &certificate));
    (void)snprintf(certificate_path, sizeof(certificate_path), "%s/%s.crt", folder, name);
    (void)snprintf(key_path, sizeof(key_path), "%s/%s.key", folder, name);
    TRY(sys_file_write(bytes_str(certificate_path), buf_bytes(&certificate), 0600));
    TRY(sys_file_write(bytes_str(key_path), buf_bytes(&key), 0600));
    buf_fini(&key);
    buf_fini(&certificate);
    if (ret_server != NULL) {
        TRY(tls_server_context_new(bytes_str(certificate_path), bytes_str(key_path), ret_server));
    }
    TRY(tls_client_context_new(bytes_str(certificate_path), ret_client));
    (void)unlink(certificate_path);
    (void)unlink(key_path);
    return OK;
}

static int make_all(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && is_ok(make_contexts("a", &server_context, &client_context)) &&
                   is_ok(make_contexts("b", NULL, &stranger_context))
               ? 0
               : -1;
}

static int free_all(void **state)
{
    (void)state;
    tls_context_free(server_context);
    tls_context_free(client_context);
    tls_context_free(stranger_context);
    return rmdir(folder);
}

static int setup(void **state)
{
    (void)state;
    static const struct sys_address here = {.ip = {127, 0, 0, 1}};
    client = (struct end){.stop_on_close = true};
    server = (struct end){0};
    return is_ok(sys_loop_open(&loop)) &&
                   is_ok(sys_listen_tcp(loop, &here, NULL, accepted, &server, &listener))
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    sys_listener_close(listener);
    sys_loop_close(loop);
    assert_null(client.stream);
    assert_null(server.stream);
    return 0;
}

static void connect_as(struct tls_context *context, const char *host)
{
    struct tls_target target = {bytes_str(host), sys_listener_port(listener)};
    assert_true(is_ok(tls_connect(context, loop, &target, &events, &client, &client.stream)));
}

static void much_data_both_ways(void **state)
{
    (void)state;
    enum { MUCH = 3 << 20 };
    char *data = calloc(1, MUCH);
    server.echo = true;
    client.stop_at = MUCH;
    connect_as(client_context, "127.0.0.1");
    assert_true(is_ok(client.stream->ops->write(client.stream, bytes_of(data, MUCH)))); /* early */
    free(data);
    sys_loop_run(loop);
    assert_int_equal(client.got, MUCH);
    assert_int_equal(client.opened, 1);
    assert_int_equal(server.opened, 1);
    assert_true(sys_address_is_loopback(&server.stream->peer));
    assert_int_equal(client.stream->peer.port, sys_listener_port(listener));
    client.stream->ops->shutdown(client.stream);
    assert_int_equal(client.stream->ops->write(client.stream, BYTES("x")).code, STATUS_CLOSED);
    sys_loop_run(loop);
    assert_true(is_ok(server.why)); /* close-notify */
}

static void a_cut_is_no_end(void **state)
{
    (void)state;
    server.echo = true;
    client.stop_at = 1;
    connect_as(client_context, "127.0.0.1");
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("x"))));
    sys_loop_run(loop);
    server.inner->ops->shutdown(server.inner); /* the connection ends, TLS does not */
    sys_loop_run(loop);
    assert_int_equal(client.why.code, STATUS_CLOSED);
}

static void strangers_are_not_trusted(void **state)
{
    (void)state;
    connect_as(stranger_context, "127.0.0.1");
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("secret"))));
    sys_loop_run(loop);
    assert_int_equal(client.why.code, STATUS_TARGET_NOT_REACHABLE);
    assert_int_equal(client.opened, 0);
    assert_int_equal(server.got, 0); /* nothing was told before the peer was known */
}

static void names_count(void **state)
{
    (void)state;
    connect_as(client_context, "127.0.0.2"); /* another address that leads here */
    sys_loop_run(loop);
    assert_int_equal(client.opened, 0);
    assert_int_equal(client.why.code, STATUS_TARGET_NOT_REACHABLE);
    struct tls_target bad = {BYTES("a\0b"), 1};
    struct sys_stream *none = NULL;
    assert_int_equal(tls_connect(client_context, loop, &bad, &events, &client, &none).code,
                     STATUS_SYNTAX);
    assert_null(none);
}

static void plain_bytes_are_refused(void **state)
{
    (void)state;
    assert_true(is_ok(sys_connect_tcp(loop, BYTES("127.0.0.1"), sys_listener_port(listener),
                                      &events, &client, &client.stream)));
    assert_true(is_ok(client.stream->ops->write(client.stream, BYTES("GET / HTTP/1.1\r\n\r\n"))));
    server.stop_on_close = true;
    sys_loop_run(loop);
    assert_int_equal(server.opened, 0);
    assert_int_equal(server.got, 0);
}

static void no_memory(void **state)
{
    (void)state;
    struct tls_target target = {BYTES("127.0.0.1"), sys_listener_port(listener)};
    for (unsigned n = 1; n < 4; n++) {
        mem_fail_after(n);
        status connecting =
            tls_connect(client_context, loop, &target, &events, &client, &client.stream);
        mem_fail_after(0);
        assert_int_equal(connecting.code, STATUS_NO_MEMORY);
        assert_null(client.stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(much_data_both_ways, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cut_is_no_end, setup, teardown),
        cmocka_unit_test_setup_teardown(strangers_are_not_trusted, setup, teardown),
        cmocka_unit_test_setup_teardown(names_count, setup, teardown),
        cmocka_unit_test_setup_teardown(plain_bytes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}
