/* SPDX-License-Identifier: Apache-2.0
 * Door of the room bind/http: request and response primitives over HTTP/1.1. TS-0009. */
#ifndef BIND_HTTP_HTTP_H
#define BIND_HTTP_HTTP_H

#include "prim/prim.h"
#include "tls/tls.h"

/* ---- server: one listener on one loop ---- */
struct http_server;

struct http_server_config {
    struct sys_address address;   /* port 0: the system chooses one */
    struct tls_context *tls;      /* a server context, or NULL for a plain listener */
    bool admits_unassociated;     /* goes into prim_peer */
    bool reuse_port;              /* one listener per worker on the same port */
    const struct limits *limits;  /* outlives the server. Counts (connections, requests in flight)
                                     are this server's: divide them among workers */
    const struct prim_self *self; /* outlives the server */
    struct prim_texts origins;    /* web origins that may read answers (CORS); none: off */
};

/* Requests go to link, which outlives the server. SYSTEM, NO_MEMORY. */
status http_server_open(struct sys_loop *loop, struct prim_link *link,
                        const struct http_server_config *config, struct http_server **ret_server);
uint16_t http_server_port(const struct http_server *server);
/* Accepts nothing new, lets requests under way finish, then calls idle(user), once, from the
 * loop. Idle connections end at once. */
void http_server_drain(struct http_server *server, void (*idle)(void *user), void *user);
/* Ends all connections; calls under way are cancelled. The server frees itself once the last call
 * is done and the last connection gone: the loop must still run (or be closed) after it. Accepts
 * NULL. */
void http_server_close(struct http_server *server);

/* For /metrics; since the server was opened. */
struct http_server_counters {
    uint64_t connections_accepted, connections_refused; /* refused: over a limit */
    uint64_t connections, requests_in_flight;           /* now */
    uint64_t requests;                                  /* handed to the link */
    uint64_t refused_here;                              /* answered by the binding itself */
    uint64_t timeouts;                                  /* slow or idle peers dropped */
};
void http_server_counters_read(const struct http_server *server,
                               struct http_server_counters *ret_counters);

/* ---- client: one per loop ---- */
struct http_client;

/* tls: a client context for https, or NULL (https is then TARGET_NOT_REACHABLE). limits outlives
 * the client. */
status http_client_open(struct sys_loop *loop, struct tls_context *tls, const struct limits *limits,
                        struct http_client **ret_client);
/* send() takes a call to call->destination ("http://host:port/path" or https): the path of the URL
 * comes before the one made of request.to, unless that is absent. call->deadline (usec, UTC; 0:
 * limits.request-timeout-ms from now) bounds it all. call->transport says how it went: OK (an
 * answer is in call->response; without X-M2M-RSC any 2xx counts as 2000), TARGET_NOT_REACHABLE,
 * REQUEST_TIMEOUT, CANCELLED, CLOSED, BAD_REQUEST (the answer is no HTTP or no primitive), LIMIT,
 * NO_MEMORY. */
struct prim_link *http_client_link(struct http_client *client);
/* Calls under way end with CANCELLED. Accepts NULL. Frees itself when the last connection is
 * gone: the loop must still run (or be closed) after it. */
void http_client_close(struct http_client *client);

#endif
