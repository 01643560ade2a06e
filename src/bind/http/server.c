/* SPDX-License-Identifier: Apache-2.0
 * The HTTP listener of one loop: who may connect, how long anybody may take, and the end. */
#include <string.h>

#include "bind/http/http_int.h"

/* Connections of one address. */
struct http_peer_count {
    uint64_t count;
    char key[17];
};

enum { HEAD_MOST = 65536 };

uint64_t http_server_tick_in(const struct http_server *server, uint64_t msec)
{
    return server->tick + msec * 1000 / HTTP_TICK_USEC + 1;
}

/* A host may choose any address of its IPv6 network: the /64 counts as one. */
static struct bytes key_of(const struct sys_address *address, char space[17])
{
    memset(space, 0, 17);
    space[0] = address->is_v6 ? 6 : 4;
    memcpy(space + 1, address->ip, address->is_v6 ? 8 : 4);
    return bytes_of(space, 17);
}

static struct http_peer_count *count_peer(struct http_server *server,
                                          const struct sys_address *address)
{
    char space[17];
    struct bytes key = key_of(address, space);
    struct http_peer_count *peer = map_get(server->peers, key);
    if (peer == NULL) {
        peer = mem_alloc(sizeof(*peer));
        if (peer == NULL) {
            return NULL;
        }
        memcpy(peer->key, space, sizeof(peer->key));
        if (is_error(map_put(server->peers, key, peer))) {
            mem_free(peer);
            return NULL;
        }
    }
    if (peer->count >= server->config.limits->connections_per_address) {
        return NULL;
    }
    peer->count++;
    return peer;
}

static void ticked(void *user);

/* Ticks only while somebody is connected. */
static bool keep_ticking(struct http_server *server)
{
    if (server->timer == NULL && server->connections != NULL) {
        server->timer = server->loop->timer_start(server->loop, HTTP_TICK_USEC, ticked, server);
        return server->timer != NULL;
    }
    return true;
}

static void ticked(void *user)
{
    struct http_server *server = user;
    server->timer = NULL;
    server->tick++;
    for (struct http_connection *c = server->connections; c != NULL;) {
        struct http_connection *next = c->next;
        http_connection_tick(c);
        c = next;
    }
    (void)keep_ticking(server); /* spares make it succeed */
}

bool http_server_admit(struct http_server *server, struct http_connection *c)
{
    bool room =
        server->connection_count < server->config.limits->connections && !server->is_draining;
    c->peer = room ? count_peer(server, &c->stream->peer) : NULL;
    if (c->peer == NULL) {
        server->counters.connections_refused++;
        return false;
    }
    c->next = server->connections;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    server->connections = c;
    server->connection_count++;
    c->number = ++server->numbers;
    if (!keep_ticking(server)) {
        http_server_leave(server, c);
        return false;
    }
    server->counters.connections_accepted++;
    return true;
}

void http_server_leave(struct http_server *server, struct http_connection *c)
{
    if (c->previous != NULL) {
        c->previous->next = c->next;
    } else {
        server->connections = c->next;
    }
    if (c->next != NULL) {
        c->next->previous = c->previous;
    }
    server->connection_count--;
    if (--c->peer->count == 0) {
        (void)map_remove(server->peers, bytes_of(c->peer->key, sizeof(c->peer->key)));
        mem_free(c->peer);
    }
}

static void server_free(struct http_server *server)
{
    server->loop->timer_stop(server->loop, server->timer);
    while (server->spare != NULL) {
        struct http_exchange *x = server->spare;
        server->spare = x->next;
        http_exchange_free(x);
    }
    map_free(server->peers);
    buf_fini(&server->out);
    buf_fini(&server->body);
    mem_free(server);
}

void http_server_settle(struct http_server *server)
{
    if (server->connections != NULL || server->in_flight > 0) {
        return;
    }
    if (server->is_draining && server->idle != NULL) {
        void (*idle)(void *user) = server->idle;
        server->idle = NULL;
        idle(server->idle_user);
        return; /* idle may have closed the server */
    }
    if (server->is_closing) {
        server_free(server);
    }
}

status http_server_open(struct sys_loop *loop, struct prim_link *link,
                        const struct http_server_config *config, struct http_server **ret_server)
{
    struct http_server *server = mem_alloc(sizeof(*server));
    ENSURE(server != NULL, NO_MEMORY, "http server");
    server->loop = loop;
    server->link = link;
    server->config = *config;
    size_t body_size = config->limits->body_size;
    buf_init(&server->body, body_size);
    buf_init(&server->out, (body_size + HEAD_MOST) * 2 + UINT32_C(1048576));
    server->peers = map_new(config->limits->connections);
    struct sys_listen_options options = {.reuse_port = config->reuse_port};
    status listening = server->peers == NULL
                           ? ERROR(NO_MEMORY)
                           : sys_listen_tcp(loop, &config->address, &options,
                                            http_connection_accept, server, &server->listener);
    if (is_error(listening)) {
        server_free(server);
        return listening;
    }
    *ret_server = server;
    return OK;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->listener == NULL ? 0 : sys_listener_port(server->listener);
}

static void settle_later(void *user)
{
    http_server_settle(user);
}

void http_server_drain(struct http_server *server, void (*idle)(void *user), void *user)
{
    server->is_draining = true;
    server->idle = idle;
    server->idle_user = user;
    sys_listener_close(server->listener);
    server->listener = NULL;
    for (struct http_connection *c = server->connections; c != NULL; c = c->next) {
        http_connection_finish(c);
    }
    if (server->connections == NULL && server->in_flight == 0) {
        must(server->loop->timer_start(server->loop, 0, settle_later, server) != NULL);
    }
}

void http_server_close(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    server->is_draining = true;
    server->is_closing = true;
    server->idle = NULL;
    sys_listener_close(server->listener);
    server->listener = NULL;
    for (struct http_connection *c = server->connections; c != NULL; c = c->next) {
        c->is_deaf = true;
        c->is_ending = true;
        c->stream->ops->close(c->stream);
    }
    http_server_settle(server);
}

void http_server_counters_read(const struct http_server *server,
                               struct http_server_counters *ret_counters)
{
    *ret_counters = server->counters;
    ret_counters->connections = server->connection_count;
    ret_counters->requests_in_flight = server->in_flight;
}
