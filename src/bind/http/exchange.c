/* SPDX-License-Identifier: Apache-2.0
 * One request of a connection, its memory, and how it gets its answer. */
#include "bind/http/http_int.h"

enum { SPARE_EXCHANGES = 256, BODY_KEPT = 65536 };

/* The link's answer: on the server's loop, perhaps long after the peer has gone. */
static void answered(struct prim_call *call)
{
    struct http_exchange *x = call->user;
    struct http_server *server = x->server;
    server->in_flight--;
    x->stage = HTTP_DONE;
    if (x->connection != NULL) {
        http_connection_pump(x->connection);
        return;
    }
    http_exchange_release(x);
    http_server_settle(server);
}

static struct http_exchange *make(struct http_server *server)
{
    struct http_exchange *x = mem_alloc(sizeof(*x));
    if (x == NULL) {
        return NULL;
    }
    x->arena = arena_new(server->config.limits->arena_size);
    if (x->arena == NULL) {
        mem_free(x);
        return NULL;
    }
    buf_init(&x->body, server->config.limits->body_size);
    return x;
}

struct http_exchange *http_exchange_new(struct http_server *server)
{
    struct http_exchange *x = server->spare;
    if (x != NULL) {
        server->spare = x->next;
        server->spare_count--;
    } else {
        x = make(server);
        if (x == NULL) {
            return NULL;
        }
    }
    struct arena *arena = x->arena;
    struct buf body = x->body;
    *x = (struct http_exchange){.server = server, .arena = arena, .body = body};
    x->call.arena = arena;
    x->call.done = answered;
    x->call.user = x;
    prim_request_init(&x->call.request);
    return x;
}

void http_exchange_free(struct http_exchange *x)
{
    if (x != NULL) {
        arena_free(x->arena);
        buf_fini(&x->body);
        mem_free(x);
    }
}

void http_exchange_release(struct http_exchange *x)
{
    struct http_server *server = x->server;
    if (server->spare_count >= SPARE_EXCHANGES) {
        http_exchange_free(x);
        return;
    }
    arena_reset(x->arena);
    if (x->body.cap > BODY_KEPT) {
        buf_fini(&x->body);
    }
    buf_clear(&x->body);
    x->connection = NULL;
    x->next = server->spare;
    server->spare = x;
    server->spare_count++;
}

void http_exchange_refuse(struct http_exchange *x, enum status_code code, uint16_t http_status,
                          const char *reason)
{
    if (is_ok(x->refused)) {
        x->refused = (struct status){code};
        x->http_status = http_status;
        x->reason = reason;
    }
}

void http_exchange_answer_refusal(struct http_exchange *x)
{
    struct prim_response *response = &x->call.response;
    const struct prim_request *request = &x->call.request;
    *response = (struct prim_response){.rsc = status_rsc(x->refused),
                                       .request_identifier = request->request_identifier,
                                       .release_version = request->release_version};
    if (!status_is(x->refused, STATUS_NOT_ACCEPTABLE) && x->reason != NULL) {
        struct wire_value *content = wire_object(x->arena);
        if (wire_add(content, BYTES("m2m:dbg"), wire_string(x->arena, bytes_str(x->reason))) !=
            NULL) {
            response->content = content;
        }
    }
    x->server->counters.refused_here++;
    x->stage = HTTP_DONE;
}
