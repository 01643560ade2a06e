/* SPDX-License-Identifier: Apache-2.0
 * One connection of the server: bytes in, requests in order, answers in the same order. RFC 9112 9.
 */
#include "bind/http/http_int.h"

/* What stopped llhttp becomes the last answer of the connection. */
static void refuse_message(struct http_connection *c, llhttp_errno_t error)
{
    struct http_exchange *x = c->reading;
    c->is_deaf = true;
    if (x == NULL && c->refusal_code == STATUS_OK) {
        x = NULL;
        if (http_request_settings()->on_message_begin(&c->parser) == HPE_OK) {
            x = c->reading;
        }
    }
    if (x == NULL) { /* no memory for an answer */
        c->is_ending = true;
        c->stream->ops->close(c->stream);
        return;
    }
    c->reading = NULL;
    c->read_tick = 0;
    if (c->refusal_code != STATUS_OK) {
        http_exchange_refuse(x, c->refusal_code, c->refusal_status, c->refusal);
    } else {
        uint16_t http_status = error == HPE_INVALID_VERSION ? 505 : 0;
        x->refused = OK;
        http_exchange_refuse(x, STATUS_SYNTAX, http_status, "the message is not valid HTTP/1.1");
    }
    x->keep_alive = false;
    x->stage = HTTP_READY;
}

/* One message, or what has come of it. Returns what belongs to the next. */
static struct bytes parse_message(struct http_connection *c, struct bytes data)
{
    if (!http_lines_check(&c->lines, data)) {
        refuse_message(c, HPE_STRICT);
        return BYTES_NONE;
    }
    c->data = data;
    llhttp_errno_t error = llhttp_execute(&c->parser, data.ptr, data.len);
    c->data = BYTES_NONE;
    if (error == HPE_PAUSED) {
        struct bytes rest = bytes_from(data, (size_t)(llhttp_get_error_pos(&c->parser) - data.ptr));
        llhttp_resume(&c->parser);
        c->lines = (struct http_lines){0};
        return rest;
    }
    if (error != HPE_OK || !http_span_keep(&c->span, data)) {
        refuse_message(c, error);
    }
    return BYTES_NONE;
}

/* What the peer sent ahead of the answers it waits for stays in rest. */
static void parse(struct http_connection *c, struct bytes data)
{
    while (data.len > 0 && !c->is_deaf && !c->is_full) {
        data = parse_message(c, data);
    }
    if (c->is_full && !c->is_deaf) {
        buf_add(&c->rest, data);
        if (is_error(buf_check(&c->rest))) {
            refuse_message(c, HPE_USER);
        }
    }
}

bool http_connection_parse_rest(struct http_connection *c)
{
    if (!c->is_full || c->is_deaf || c->count >= c->server->config.limits->pipelined_requests) {
        return false;
    }
    c->is_full = false;
    struct buf rest = c->rest;
    buf_init(&c->rest, rest.limit);
    if (rest.len > 0) {
        parse(c, buf_bytes(&rest));
    }
    buf_fini(&rest);
    return true;
}

static void on_read(void *user, struct bytes data)
{
    struct http_connection *c = user;
    if (c->is_deaf) {
        return;
    }
    c->is_pumping = true; /* nothing is answered in the middle of a message */
    parse(c, data);
    c->is_pumping = false;
    http_connection_pump(c);
}

static void on_written(void *user)
{
    struct http_connection *c = user;
    c->write_tick = 0;
    http_connection_pump(c);
}

static void on_close(void *user, status why)
{
    (void)why;
    struct http_connection *c = user;
    struct http_server *server = c->server;
    c->is_pumping = true; /* a done inside cancel must not touch the stream */
    while (c->first != NULL) {
        struct http_exchange *x = c->first;
        c->first = x->next;
        x->connection = NULL;
        x->next = NULL;
        if (x->stage == HTTP_SENT) {
            server->link->cancel(server->link, &x->call);
        } else {
            http_exchange_release(x);
        }
    }
    http_server_leave(server, c);
    buf_fini(&c->rest);
    buf_fini(&c->span.kept);
    mem_free(c);
    http_server_settle(server);
}

static void on_open(void *user)
{
    (void)user; /* TLS: the time for the first head goes on */
}

static const struct sys_stream_events connection_events = {on_open, on_read, on_written, on_close};

void http_connection_accept(void *user, struct sys_stream *stream)
{
    struct http_server *server = user;
    struct http_connection *c = mem_alloc(sizeof(*c));
    if (c == NULL) {
        stream->ops->close(stream);
        return;
    }
    c->server = server;
    c->stream = stream;
    if (!http_server_admit(server, c)) {
        mem_free(c);
        stream->ops->close(stream);
        return;
    }
    if (server->config.tls != NULL &&
        is_error(tls_accept(server->config.tls, stream, &c->stream))) {
        http_server_leave(server, c);
        mem_free(c);
        return;
    }
    c->stream->events = connection_events;
    c->stream->user = c;
    llhttp_init(&c->parser, HTTP_REQUEST, http_request_settings());
    c->parser.data = c;
    buf_init(&c->span.kept, server->config.limits->header_size + 1);
    buf_init(&c->rest, (size_t)1 << 20);
    c->read_tick = http_server_tick_in(server, server->config.limits->header_timeout_ms);
}

void http_connection_finish(struct http_connection *c)
{
    if (c->count == 0 && !c->is_deaf) {
        http_connection_end(c);
    }
}

void http_connection_tick(struct http_connection *c)
{
    uint64_t now = c->server->tick;
    if (c->write_tick != 0 && now >= c->write_tick) {
        c->write_tick = 0;
        c->server->counters.timeouts++;
        c->stream->ops->close(c->stream);
        return;
    }
    if (c->read_tick == 0 || now < c->read_tick) {
        return;
    }
    c->read_tick = 0;
    c->server->counters.timeouts++;
    if (c->reading != NULL) {
        (void)http_connection_stop(c, STATUS_REQUEST_TIMEOUT, 408, "the request came too slowly");
        refuse_message(c, HPE_USER);
        http_connection_pump(c);
    } else {
        http_connection_end(c);
    }
}
