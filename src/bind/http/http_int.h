/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room bind/http share. */
#ifndef BIND_HTTP_HTTP_INT_H
#define BIND_HTTP_HTTP_INT_H

#include <llhttp.h>
#include <stddef.h>

#include "bind/http/http.h"

/* ---- status_map.c ---- */
uint16_t http_status_of(uint16_t rsc);
uint16_t http_rsc_of(unsigned http_status);

/* ---- headers.c ---- */
enum http_header {
    HTTP_OTHER = 0,
#define HTTP_HEADER(id, spelling, once) HTTP_##id,
#include "bind/http/headers.def"
#undef HTTP_HEADER
    HTTP_HEADER_COUNT
};
enum http_header http_header_find(struct bytes name);
bool http_header_once(enum http_header header);
/* Free of control characters: cannot break out of its line. */
bool http_is_field_value(struct bytes value);
/* Absent values and those that are no field value add nothing. */
void http_header_add(struct buf *out, enum http_header header, struct bytes value);
void http_header_add_number(struct buf *out, enum http_header header, uint64_t value);

/* ---- span.c: a text of a message that may arrive in pieces ---- */
struct http_span {
    struct bytes text;  /* in the bytes being read, or in kept */
    struct bytes piece; /* the latest piece, to see whether the next one follows it; absent
                           when the bytes it stood in are gone */
    struct buf kept;    /* owned; reused */
    bool is_kept;
    bool was_cut; /* the latest piece ended where its bytes ended */
};
/* false: the piece does not continue the text (a folded line), or memory or the limit is out. */
bool http_span_add(struct http_span *span, struct bytes piece, struct bytes reading);
/* The bytes being read go away: keep what began in them. */
bool http_span_keep(struct http_span *span, struct bytes reading);
void http_span_clear(struct http_span *span);

/* ---- lines.c: the lines of a head, more strictly than llhttp looks at them ---- */
struct http_lines {
    size_t size;   /* of the line so far */
    size_t count;  /* lines that are not empty */
    bool after_cr; /* the latest octet was a CR */
    bool is_over;  /* the head has ended: what follows is a body */
};
/* false: a line ends without CR, or goes on in the next one. */
bool http_lines_check(struct http_lines *lines, struct bytes data);

/* ---- target.c: TS-0009 6.2.2 ---- */
/* Request-target to To and the parameters of the query. BAD_REQUEST, NO_MEMORY, ... */
status http_target_accept(struct bytes target, struct prim_request *request, struct arena *arena);
/* To as a path, percent-encoded: "/~/cse/x". An attribute after '#' is left out. */
void http_path_add(struct buf *out, struct bytes to);
void http_query_add(struct buf *out, const struct prim_request *request);
/* %XX decoded; '+' stays. BAD_REQUEST for a broken escape, a control character or bad UTF-8. */
status http_percent_decode(struct bytes text, struct arena *arena, struct bytes *ret_text);
void http_percent_encode(struct buf *out, struct bytes text, const char *also_plain);

/* ---- media.c: TS-0009 6.4.2, 6.4.3 ---- */
/* BAD_REQUEST for a ty that is no number; a type we do not know gives PRIM_FORMAT_NONE. */
status http_content_type_accept(struct bytes value, struct prim_request *request);
struct http_accept {
    enum prim_format formats[3];
    uint16_t weights[3]; /* per mille */
    bool is_vendor[3];   /* asked for as application/vnd.onem2m-... */
    size_t count;
    uint16_t any; /* weight of a wildcard */
    bool given;
};
void http_accept_add(struct http_accept *accept, struct bytes value);
/* Fills the request's wishes; NOT_ACCEPTABLE when nothing that we write was named. */
status http_accept_decide(const struct http_accept *accept, struct prim_request *request);
bool http_accept_is_vendor(const struct http_accept *accept, enum prim_format format);
/* The Content-Type of content in that format. */
struct bytes http_media_type(enum prim_format format, const struct wire_value *content,
                             bool vendor);

/* ---- tokens.c: lists in header fields ---- */
status http_list_split(struct bytes value, char separator, struct arena *arena,
                       struct prim_texts *ret_list);
void http_authorization_accept(struct bytes value, struct arena *arena,
                               struct prim_request *request);

/* ---- server side ---- */
struct http_connection;

enum http_stage {
    HTTP_READING, /* its message is still coming in */
    HTTP_READY,   /* complete, not handed over yet */
    HTTP_SENT,    /* with the link */
    HTTP_DONE     /* the answer can leave when its turn comes */
};

/* One request and its answer. Reused by the server. */
struct http_exchange {
    struct prim_call call;
    struct http_server *server;
    struct http_connection *connection; /* NULL: the peer has gone */
    struct http_exchange *next;         /* of the connection, in order; or among the spares */
    struct arena *arena;
    struct buf body;
    enum http_stage stage;
    struct bytes target, origin;
    struct http_accept accept;
    uint32_t seen;  /* bit per enum http_header */
    status refused; /* the binding's own verdict, with text for the peer */
    const char *reason;
    uint16_t http_status; /* HTTP status when it is not the one of the rsc */
    uint8_t method;       /* enum llhttp_method */
    bool keep_alive, wants_continue, is_head, in_body, is_preflight;
};

/* ---- exchange.c ---- */
struct http_exchange *http_exchange_new(struct http_server *server); /* NULL: no memory */
/* Back to the spares. */
void http_exchange_release(struct http_exchange *x);
void http_exchange_free(struct http_exchange *x);
/* The binding answers itself; the first verdict stands. status 0: the one of the code. */
void http_exchange_refuse(struct http_exchange *x, enum status_code code, uint16_t http_status,
                          const char *reason);

/* A refused request becomes an answer with the code and its reason. */
void http_exchange_answer_refusal(struct http_exchange *x);

/* ---- request.c: the parts of a request into the primitive ---- */
void http_request_header(struct http_exchange *x, enum http_header header, struct bytes value);
/* The head is complete. */
void http_request_head(struct http_exchange *x);
/* The message is complete: the primitive is ready, or refused. */
void http_request_finish(struct http_exchange *x);

/* ---- parse.c: llhttp's callbacks ---- */
const llhttp_settings_t *http_request_settings(void);

/* ---- answer.c ---- */
void http_answer_add(struct http_exchange *x, struct buf *out);

/* ---- cors.c ---- */
bool http_cors_allows(const struct http_server *server, struct bytes origin);
void http_cors_add(const struct http_exchange *x, struct buf *out);

/* ---- connection.c ---- */
struct http_connection {
    struct http_server *server;
    struct sys_stream *stream;
    struct http_connection *next, *previous;
    uint64_t number;
    struct http_peer_count *peer; /* connections from the same address */
    llhttp_t parser;
    struct http_exchange *first, *last; /* in the order of the requests */
    size_t count;
    struct http_exchange *reading;
    /* the head being read */
    struct http_span span;
    struct bytes data; /* what llhttp is working on */
    enum http_header header;
    struct http_lines lines;
    size_t head_size, header_count, extension_size;
    const char *refusal; /* of a callback: why llhttp was stopped */
    enum status_code refusal_code;
    uint16_t refusal_status;
    struct buf rest;                /* came while too many requests wait */
    uint64_t read_tick, write_tick; /* when patience ends; 0 never */
    bool is_paused;                 /* reading */
    bool is_full;                   /* llhttp stands still until a request is answered */
    bool is_deaf;                   /* nothing more is read from this peer */
    bool is_ending;                 /* shut down already */
    bool is_pumping, pump_again;
};
void http_connection_accept(void *user, struct sys_stream *stream); /* user: the server */
/* Goes on reading where the limit of waiting requests stopped it; false when it need not. */
bool http_connection_parse_rest(struct http_connection *c);
/* ---- turn.c ---- */
void http_connection_pump(struct http_connection *c);
/* Sends what waits, then closes. */
void http_connection_end(struct http_connection *c);
/* ---- connection.c ---- */
void http_connection_tick(struct http_connection *c);
/* Drain: ends when nothing is under way. */
void http_connection_finish(struct http_connection *c);
/* A callback of llhttp refuses the message: returns what it has to return. */
int http_connection_stop(struct http_connection *c, enum status_code code, uint16_t http_status,
                         const char *reason);

/* ---- server.c ---- */
enum { HTTP_TICK_USEC = 100000 };

struct http_server {
    struct sys_loop *loop;
    struct prim_link *link;
    struct http_server_config config;
    struct sys_listener *listener;
    struct map *peers; /* address -> struct http_peer_count */
    struct http_connection *connections;
    uint64_t connection_count, in_flight, numbers, tick;
    struct http_exchange *spare;
    size_t spare_count;
    struct buf out, body; /* an answer being built: one at a time */
    struct sys_timer *timer;
    struct http_server_counters counters;
    void (*idle)(void *user);
    void *idle_user;
    bool is_draining, is_closing;
};
uint64_t http_server_tick_in(const struct http_server *server, uint64_t msec);
bool http_server_admit(struct http_server *server, struct http_connection *c);
void http_server_leave(struct http_server *server, struct http_connection *c);
/* After anything that may have been the last. */
void http_server_settle(struct http_server *server);

#endif
