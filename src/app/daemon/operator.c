/* SPDX-License-Identifier: Apache-2.0
 * Connections of the operator: lines on the Unix socket, two fixed paths on the loopback listener.
 */
#include "app/daemon/operator_side_int.h"

enum { CONNECTIONS_MOST = 16, INPUT_MOST = 65536, ARENA_MOST = 16 << 20 };

struct connection {
    struct operator_side *operator;
    struct sys_stream *stream;
    struct buf input;
    bool is_http;
};

static void write_or_close(struct connection *connection, struct bytes data)
{
    if (is_error(connection->stream->ops->write(connection->stream, data))) {
        connection->stream->ops->close(connection->stream);
    }
}

static void answer_line(struct connection *connection, struct bytes line)
{
    struct arena *arena = arena_new(ARENA_MOST);
    struct buf out;
    if (arena == NULL) {
        connection->stream->ops->close(connection->stream);
        return;
    }
    buf_init(&out, ARENA_MOST);
    const struct wire_value *answer = operator_answer(connection->operator, line, arena);
    if (answer != NULL) {
        wire_encode(WIRE_JSON, answer, &out);
        buf_add_char(&out, '\n');
    }
    if (answer != NULL && is_ok(buf_check(&out))) {
        write_or_close(connection, buf_bytes(&out));
    } else {
        connection->stream->ops->close(connection->stream);
    }
    buf_fini(&out);
    arena_free(arena);
}

/* GET of the two paths; everything else is 404. The connection closes after one answer. */
static void answer_http(struct connection *connection)
{
    struct bytes head = buf_bytes(&connection->input);
    struct buf body, out;
    const char *status_line = "HTTP/1.1 200 OK";
    buf_init(&body, 1 << 20);
    buf_init(&out, (1 << 20) + 512);
    if (bytes_starts_with(head, BYTES("GET /metrics "))) {
        operator_metrics(connection->operator, & body);
    } else if (bytes_starts_with(head, BYTES("GET /healthz "))) {
        buf_add_str(&body, "ok\n");
    } else {
        status_line = "HTTP/1.1 404 Not Found";
    }
    buf_printf(&out,
               "%s\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: %zu\r\n"
               "Connection: close\r\n\r\n",
               status_line, body.len);
    buf_add(&out, buf_bytes(&body));
    if (is_ok(buf_check(&body)) && is_ok(buf_check(&out))) {
        write_or_close(connection, buf_bytes(&out));
        connection->stream->ops->shutdown(connection->stream);
    } else {
        connection->stream->ops->close(connection->stream);
    }
    buf_fini(&body);
    buf_fini(&out);
}

static void on_read(void *user, struct bytes data)
{
    struct connection *connection = user;
    buf_add(&connection->input, data);
    if (is_error(buf_check(&connection->input))) {
        connection->stream->ops->close(connection->stream);
        return;
    }
    if (connection->is_http) {
        if (bytes_contains(buf_bytes(&connection->input), BYTES("\r\n\r\n"))) {
            answer_http(connection);
            buf_clear(&connection->input);
        }
        return;
    }
    struct bytes pending = buf_bytes(&connection->input);
    size_t end = bytes_find(pending, '\n');
    while (end < pending.len) {
        answer_line(connection, bytes_slice(pending, 0, end));
        buf_consume(&connection->input, end + 1);
        pending = buf_bytes(&connection->input);
        end = bytes_find(pending, '\n');
    }
}

static void on_close(void *user, status why)
{
    struct connection *connection = user;
    (void)why.code;
    connection->operator->connections--;
    buf_fini(&connection->input);
    mem_free(connection);
}

static void accept_stream(struct operator_side *operator, struct sys_stream * stream, bool is_http)
{
    static const struct sys_stream_events events = {.on_read = on_read, .on_close = on_close};
    struct connection *connection = operator->connections<CONNECTIONS_MOST
                                        ? mem_alloc(sizeof(*connection))
                                        : NULL;
    if (connection == NULL) {
        stream->ops->close(stream);
        return;
    }
    operator->connections++;
    connection->operator= operator;
    connection->stream = stream;
    connection->is_http = is_http;
    buf_init(&connection->input, INPUT_MOST);
    stream->events = events;
    stream->user = connection;
}

static void accept_socket(void *user, struct sys_stream *stream)
{
    accept_stream(user, stream, false);
}

static void accept_http(void *user, struct sys_stream *stream)
{
    accept_stream(user, stream, true);
}

static status open_listeners(struct operator_side *operator,
                             const struct operator_options * options)
{
    struct sys_address address;
    struct sys_listen_options listen = {.backlog = 16};
    TRY(sys_listen_unix(options->loop, options->socket_path, 0600,
                        accept_socket, operator, & operator->socket));
    if (options->listen.len > 0) {
        TRY(sys_address_parse(options->listen, &address));
        TRY(sys_listen_tcp(options->loop, &address, &listen,
                           accept_http, operator, & operator->listener));
    }
    return OK;
}

status operator_open(const struct operator_options *options, struct operator_side **ret_operator)
{
    struct operator_side *operator= mem_alloc(sizeof(*operator));
    ENSURE(operator!= NULL, NO_MEMORY, "operator socket");
    operator->worker = options->worker;
    operator->socket_path = options->socket_path;
    operator->started = sys_monotonic_usec();
    status result = open_listeners(operator, options);
    if (is_error(result)) {
        operator_close(operator);
        operator_free(operator);
        return result;
    }
    *ret_operator = operator;
    return OK;
}

void operator_close(struct operator_side *operator)
{
    if (operator== NULL) {
        return;
    }
    sys_listener_close(operator->socket);
    sys_listener_close(operator->listener);
    operator->socket = NULL;
    operator->listener = NULL;
}

void operator_free(struct operator_side *operator)
{
    mem_free(operator);
}
