/* SPDX-License-Identifier: Apache-2.0
 * Whose turn it is: complete requests go to the link, answers leave in the order of the requests,
 * together in one write. RFC 9112 9.3.2. */
#include "bind/http/http_int.h"

enum { UNSENT_MOST = 262144 }; /* a peer that does not read gets no more answers built */

static bool is_safe(const struct http_exchange *x)
{
    return x->call.request.operation == PRIM_RETRIEVE || x->is_preflight;
}

static void hand_over(struct http_connection *c, struct http_exchange *x)
{
    struct http_server *server = c->server;
    if (is_ok(x->refused) && !x->is_preflight &&
        server->in_flight >= server->config.limits->requests_in_flight) {
        http_exchange_refuse(x, STATUS_OVERLOADED, 503, "too many requests are being served");
    }
    if (is_error(x->refused)) {
        http_exchange_answer_refusal(x);
        return;
    }
    if (x->is_preflight) {
        x->stage = HTTP_DONE;
        return;
    }
    x->call.peer = (struct prim_peer){.address = c->stream->peer,
                                      .has_address = true,
                                      .is_confidential = server->config.tls != NULL,
                                      .admits_unassociated = server->config.admits_unassociated,
                                      .binding = "http",
                                      .connection = c->number};
    x->stage = HTTP_SENT;
    server->in_flight++;
    server->counters.requests++;
    server->link->send(server->link, &x->call);
}

/* RFC 9112 9.3.2: only safe requests are served side by side; any other waits for those before it
 * and holds those behind it. */
static void hand_over_ready(struct http_connection *c)
{
    bool alone = true, all_safe = true;
    for (struct http_exchange *x = c->first; x != NULL && x->stage != HTTP_READING; x = x->next) {
        if (x->stage == HTTP_READY && (alone || (all_safe && is_safe(x)))) {
            hand_over(c, x);
        }
        if (x->stage != HTTP_DONE) {
            alone = false;
            all_safe = all_safe && is_safe(x);
        }
    }
}

static void take_first(struct http_connection *c)
{
    struct http_exchange *x = c->first;
    c->first = x->next;
    if (c->first == NULL) {
        c->last = NULL;
    }
    c->count--;
    http_exchange_release(x);
}

void http_connection_end(struct http_connection *c)
{
    if (!c->is_ending) {
        c->is_ending = true;
        c->is_deaf = true;
        c->write_tick = http_server_tick_in(c->server, c->server->config.limits->write_timeout_ms);
        c->stream->ops->shutdown(c->stream);
    }
}

static void send_out(struct http_connection *c)
{
    struct buf *out = &c->server->out;
    if (out->len == 0 && is_ok(buf_check(out))) {
        return;
    }
    status sent = buf_check(out);
    if (is_ok(sent)) {
        sent = c->stream->ops->write(c->stream, buf_bytes(out));
    }
    if (is_error(sent)) {
        c->is_deaf = true;
        c->is_ending = true;
        c->stream->ops->close(c->stream);
    } else if (c->stream->unsent > 0 && c->write_tick == 0) {
        c->write_tick = http_server_tick_in(c->server, c->server->config.limits->write_timeout_ms);
    }
}

static bool can_write(const struct http_connection *c)
{
    return c->first != NULL && c->first->stage == HTTP_DONE && !c->is_ending &&
           c->stream->unsent < UNSENT_MOST;
}

static void write_ready(struct http_connection *c)
{
    struct buf *out = &c->server->out;
    buf_clear(out);
    bool last = false;
    while (can_write(c) && !last && out->len < UNSENT_MOST) {
        c->first->keep_alive = c->first->keep_alive && !c->server->is_draining;
        last = !c->first->keep_alive;
        http_answer_add(c->first, out);
        take_first(c);
    }
    if (c->first != NULL && c->first->stage == HTTP_READING && c->first->in_body &&
        c->first->wants_continue) {
        c->first->wants_continue = false;
        buf_add(out, BYTES("HTTP/1.1 100 \r\n\r\n"));
    }
    send_out(c);
    if (last) {
        http_connection_end(c);
    }
}

static void settle(struct http_connection *c)
{
    bool paused = c->is_full || c->stream->unsent >= UNSENT_MOST;
    if (paused != c->is_paused) {
        c->is_paused = paused;
        c->stream->ops->pause(c->stream, paused);
    }
    if (c->count == 0 && !c->is_deaf && c->read_tick == 0) {
        if (c->server->is_draining) {
            http_connection_end(c);
        } else {
            c->read_tick =
                http_server_tick_in(c->server, c->server->config.limits->idle_timeout_ms);
        }
    }
}

void http_connection_pump(struct http_connection *c)
{
    if (c->is_pumping) {
        c->pump_again = true;
        return;
    }
    c->is_pumping = true;
    do {
        c->pump_again = false;
        if (!c->is_ending) {
            hand_over_ready(c);
            do {
                write_ready(c);
            } while (can_write(c));
        }
        if (http_connection_parse_rest(c)) {
            c->pump_again = true;
        }
    } while (c->pump_again);
    settle(c);
    c->is_pumping = false;
}
