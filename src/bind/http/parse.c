/* SPDX-License-Identifier: Apache-2.0
 * llhttp's callbacks for requests: what arrives, counted against the limits. RFC 9112. */
#include "bind/http/http_int.h"

static struct http_connection *owner(llhttp_t *parser)
{
    return parser->data;
}

int http_connection_stop(struct http_connection *c, enum status_code code, uint16_t http_status,
                         const char *reason)
{
    c->refusal = reason;
    c->refusal_code = code;
    c->refusal_status = http_status;
    return HPE_USER;
}

static int on_message_begin(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    struct http_exchange *x = http_exchange_new(c->server);
    if (x == NULL) {
        return http_connection_stop(c, STATUS_NO_MEMORY, 0, "out of memory");
    }
    x->connection = c;
    x->keep_alive = true;
    if (c->last == NULL) {
        c->first = x;
    } else {
        c->last->next = x;
    }
    c->last = x;
    c->count++;
    c->reading = x;
    c->head_size = 0;
    c->header_count = 0;
    c->extension_size = 0;
    http_span_clear(&c->span);
    c->read_tick = http_server_tick_in(c->server, c->server->config.limits->header_timeout_ms);
    return HPE_OK;
}

/* Any piece of a head or trailer. */
static int take(struct http_connection *c, const char *at, size_t length)
{
    c->head_size += length;
    if (c->head_size > c->server->config.limits->header_size) {
        return http_connection_stop(c, STATUS_LIMIT, 431, "the request head is too large");
    }
    if (!http_span_add(&c->span, bytes_of(at, length), c->data)) {
        return http_connection_stop(c, STATUS_SYNTAX, 0, "the message is not valid HTTP/1.1");
    }
    return HPE_OK;
}

static int on_piece(llhttp_t *parser, const char *at, size_t length)
{
    return take(owner(parser), at, length);
}

static int on_url_complete(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    c->reading->target = arena_dup(c->reading->arena, c->span.text);
    http_span_clear(&c->span);
    if (c->reading->target.ptr == NULL) {
        return http_connection_stop(c, STATUS_NO_MEMORY, 0, "out of memory");
    }
    return HPE_OK;
}

static int on_field_complete(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    c->header = http_header_find(c->span.text);
    http_span_clear(&c->span);
    c->head_size += 4; /* ": " and CR LF */
    if (++c->header_count > c->server->config.limits->header_count) {
        return http_connection_stop(c, STATUS_LIMIT, 431, "too many header fields");
    }
    return HPE_OK;
}

static int on_value_complete(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    struct bytes value = bytes_trim(c->span.text);
    if (!c->reading->in_body) { /* a trailer says nothing that counts */
        http_request_header(c->reading, c->header, value.ptr == NULL ? BYTES("") : value);
    }
    http_span_clear(&c->span);
    return HPE_OK;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    struct http_exchange *x = c->reading;
    const struct limits *limits = c->server->config.limits;
    if (parser->http_major != 1 || parser->http_minor != 1) {
        return http_connection_stop(c, STATUS_BAD_REQUEST, 505, "HTTP/1.1 is spoken here");
    }
    parser->upgrade = 0; /* RFC 9110 7.8: an upgrade may be ignored */
    x->method = parser->method;
    x->in_body = true;
    http_request_head(x);
    bool has_length = (parser->flags & F_CONTENT_LENGTH) != 0;
    bool has_body = (parser->flags & F_CHUNKED) != 0 || (has_length && parser->content_length > 0);
    if (has_length && parser->content_length > limits->body_size) {
        return http_connection_stop(c, STATUS_LIMIT, 413, "the body is too large");
    }
    if (is_error(x->refused) && (x->wants_continue || (has_body && !x->keep_alive))) {
        return http_connection_stop(c, x->refused.code, x->http_status, x->reason);
    }
    x->wants_continue = x->wants_continue && has_body;
    c->read_tick = http_server_tick_in(c->server, limits->body_timeout_ms);
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct http_connection *c = owner(parser);
    struct http_exchange *x = c->reading;
    if (length > c->server->config.limits->body_size - x->body.len) {
        return http_connection_stop(c, STATUS_LIMIT, 413, "the body is too large");
    }
    x->wants_continue = false; /* it did not wait */
    buf_add(&x->body, bytes_of(at, length));
    if (is_error(buf_check(&x->body))) {
        return http_connection_stop(c, STATUS_NO_MEMORY, 0, "out of memory");
    }
    return HPE_OK;
}

static int on_extension(llhttp_t *parser, const char *at, size_t length)
{
    (void)at;
    struct http_connection *c = owner(parser);
    c->extension_size += length;
    if (c->extension_size > c->server->config.limits->header_size) {
        return http_connection_stop(c, STATUS_LIMIT, 413, "too many chunk extensions");
    }
    return HPE_OK;
}

static int on_message_complete(llhttp_t *parser)
{
    struct http_connection *c = owner(parser);
    struct http_exchange *x = c->reading;
    x->keep_alive = x->keep_alive && llhttp_should_keep_alive(parser) != 0;
    http_request_finish(x);
    x->wants_continue = false;
    x->stage = HTTP_READY;
    c->reading = NULL;
    c->read_tick = 0;
    if (!x->keep_alive) {
        c->is_deaf = true; /* what follows was announced not to come */
    } else if (c->count >= c->server->config.limits->pipelined_requests) {
        c->is_full = true;
    }
    return HPE_PAUSED; /* the border of a message: parse() sees where it is */
}

static const llhttp_settings_t settings = {
    .on_message_begin = on_message_begin,
    .on_url = on_piece,
    .on_url_complete = on_url_complete,
    .on_header_field = on_piece,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_piece,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_chunk_extension_name = on_extension,
    .on_chunk_extension_value = on_extension,
    .on_message_complete = on_message_complete,
};

const llhttp_settings_t *http_request_settings(void)
{
    return &settings;
}
