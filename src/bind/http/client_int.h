/* SPDX-License-Identifier: Apache-2.0
 * What the files of the HTTP client share. */
#ifndef BIND_HTTP_CLIENT_INT_H
#define BIND_HTTP_CLIENT_INT_H

#include "bind/http/http_int.h"

/* ---- url.c ---- */
struct http_url {
    bool is_tls;
    struct bytes host;      /* without brackets */
    struct bytes authority; /* as it stands in Host */
    uint16_t port;
    struct bytes path;   /* begins with '/', or empty */
    struct bytes query;  /* without '?' and without ct; absent when there is none */
    struct bytes format; /* the value of ct, or absent */
};
/* Borrows from text, a query without ct from arena. BAD_REQUEST for what is no http(s) URL or
 * could break out of the request line. */
status http_url_parse(struct bytes text, struct arena *arena, struct http_url *ret_url);

/* ---- compose.c: the request primitive as an HTTP request ---- */
/* Head and body. BAD_REQUEST for a value that cannot stand in a header field, LIMIT, NO_MEMORY. */
status http_request_compose(const struct prim_call *call, const struct http_url *url,
                            struct buf *body, struct buf *out);

/* ---- accept.c: the response ---- */
struct http_reply {
    llhttp_t parser;
    struct prim_call *call;
    const struct limits *limits;
    struct http_span span;
    struct bytes data;
    enum http_header header;
    size_t head_size, header_count;
    struct buf body;
    enum prim_format format;
    uint64_t rsc;  /* of X-M2M-RSC, 0 without one */
    status failed; /* why llhttp was stopped */
    bool any, keep_alive, is_complete;
};
void http_reply_init(struct http_reply *reply, const struct limits *limits);
void http_reply_fini(struct http_reply *reply);
/* The next answer belongs to call. */
void http_reply_start(struct http_reply *reply, struct prim_call *call);
/* Bytes of the peer; is_complete tells whether the answer is whole. BAD_REQUEST, LIMIT. */
status http_reply_read(struct http_reply *reply, struct bytes data);
/* The peer has closed: OK if that ends the answer. */
status http_reply_end(struct http_reply *reply);
/* Into call->response. BAD_REQUEST, NO_MEMORY. */
status http_reply_finish(struct http_reply *reply);

/* ---- client.c ---- */
struct http_host;
struct http_line;

/* One call under way. */
struct http_out {
    struct prim_call *call;
    struct http_client *client;
    struct http_host *host;
    struct http_line *line;           /* NULL while it waits */
    struct sys_timer *timer;          /* its deadline */
    struct http_out *next;            /* in the host's queue, or among the ended */
    struct http_out *older, *younger; /* all of the client */
    struct http_url url;
    status result;
    bool is_ended, was_retried;
};

/* Connections to one scheme, host and port. */
struct http_host {
    struct http_client *client;
    struct http_url url; /* host and port, kept in key's memory */
    struct buf key;
    struct http_line *lines;
    size_t line_count;
    struct http_out *first, *last; /* waiting for a line */
};

/* A connection of the client: one request at a time. */
struct http_line {
    struct http_host *host;
    struct http_line *next;
    struct sys_stream *stream;
    struct http_reply reply;
    struct http_out *out;     /* NULL: idle */
    struct sys_timer *timer;  /* how long it may be idle */
    bool is_used, is_closing; /* it has carried an answer */
};

struct http_client {
    struct sys_loop *loop;
    struct tls_context *tls;
    const struct limits *limits;
    struct prim_link link;
    struct map *hosts;
    struct http_out *youngest;
    size_t out_count, line_count;
    struct http_out *ended; /* done is called from the loop */
    struct sys_timer *ending;
    struct buf text, body; /* a request being built */
    bool is_closing;
};

/* ---- pool.c ---- */
status http_pool_take(struct http_out *out); /* gives it a line, or lets it wait for one */
void http_pool_drop(struct http_out *out);   /* it ended: its line is closed, its place given up */
void http_line_close(struct http_line *line);
/* The call is over; from an event of the loop. */
void http_out_finish(struct http_out *out, status result);
/* The same, a little later: for what may not call done now. */
void http_out_end_later(struct http_out *out, status result);
void http_client_settle(struct http_client *client);

#endif
