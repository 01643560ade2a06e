/* SPDX-License-Identifier: Apache-2.0
 * The HTTP client as a link: calls go to URLs, each is done exactly once. TS-0009. */
#include "bind/http/client_int.h"

enum { TEXT_MOST = 65536 };

/* ---- the end of a call ---- */
static void forget(struct http_out *out)
{
    struct http_client *client = out->client;
    client->loop->timer_stop(client->loop, out->timer);
    if (out->younger != NULL) {
        out->younger->older = out->older;
    } else {
        client->youngest = out->older;
    }
    if (out->older != NULL) {
        out->older->younger = out->younger;
    }
    mem_free(out);
}

void http_out_finish(struct http_out *out, status result)
{
    struct http_client *client = out->client;
    struct prim_call *call = out->call;
    if (out->is_ended) {
        return; /* on the list already */
    }
    forget(out);
    call->transport = result;
    call->receiver = NULL;
    call->done(call);
    client->out_count--; /* done may have closed the client */
    http_client_settle(client);
}

static void ending(void *user)
{
    struct http_client *client = user;
    client->ending = NULL;
    struct http_out *out = client->ended;
    client->ended = NULL;
    bool last = out == NULL;
    while (!last) {
        struct http_out *next = out->next;
        last = next == NULL; /* done may close the client, which then goes with its last call */
        out->is_ended = false;
        http_out_finish(out, out->result);
        out = next;
    }
}

void http_out_end_later(struct http_out *out, status result)
{
    struct http_client *client = out->client;
    if (out->is_ended) {
        return;
    }
    out->is_ended = true;
    out->result = result;
    out->next = client->ended;
    client->ended = out;
    if (client->ending == NULL) {
        client->ending = client->loop->timer_start(client->loop, 0, ending, client);
        must(client->ending != NULL); /* out->timer was started: spares make this succeed */
    }
}

static void deadline_passed(void *user)
{
    struct http_out *out = user;
    out->timer = NULL;
    if (!out->is_ended) {
        http_pool_drop(out);
        http_out_finish(out, ERROR(REQUEST_TIMEOUT));
    }
}

/* ---- the link ---- */
static int64_t patience(const struct http_client *client, const struct prim_call *call)
{
    if (call->deadline == 0) {
        return (int64_t)client->limits->request_timeout_ms * USEC_PER_MSEC;
    }
    int64_t left = call->deadline - sys_now(client->loop->clock);
    return left > 0 ? left : 0;
}

static status begin(struct http_client *client, struct http_out *out)
{
    struct prim_call *call = out->call;
    ENSURE(!client->is_closing, CANCELLED, "the client is closing");
    ENSURE(client->out_count <= client->limits->requests_in_flight, OVERLOADED,
           "too many requests under way");
    TRY(http_url_parse(call->destination, call->arena, &out->url));
    ENSURE(!out->url.is_tls || client->tls != NULL, TARGET_NOT_REACHABLE, "no TLS configured");
    return http_pool_take(out);
}

static void send_call(struct prim_link *link, struct prim_call *call)
{
    struct http_client *client = link->user;
    call->transport = ERROR(NO_MEMORY);
    struct http_out *out = mem_alloc(sizeof(*out));
    if (out != NULL) {
        *out = (struct http_out){.call = call, .client = client};
        out->timer =
            client->loop->timer_start(client->loop, patience(client, call), deadline_passed, out);
    }
    if (out == NULL || out->timer == NULL) {
        mem_free(out);
        call->done(call); /* not even memory to do it later */
        return;
    }
    call->receiver = out;
    out->older = client->youngest;
    if (out->older != NULL) {
        out->older->younger = out;
    }
    client->youngest = out;
    client->out_count++;
    status begun = begin(client, out);
    if (is_error(begun)) {
        http_out_end_later(out, begun);
    }
}

static void cancel_call(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    struct http_out *out = call->receiver;
    if (out != NULL && !out->is_ended) {
        http_pool_drop(out);
        http_out_end_later(out, ERROR(CANCELLED));
    }
}

/* ---- life ---- */
static void client_free(struct http_client *client)
{
    client->loop->timer_stop(client->loop, client->ending);
    map_free(client->hosts);
    buf_fini(&client->text);
    buf_fini(&client->body);
    mem_free(client);
}

void http_client_settle(struct http_client *client)
{
    if (client->is_closing && client->out_count == 0 && client->line_count == 0) {
        client_free(client);
    }
}

status http_client_open(struct sys_loop *loop, struct tls_context *tls, const struct limits *limits,
                        struct http_client **ret_client)
{
    struct http_client *client = mem_alloc(sizeof(*client));
    ENSURE(client != NULL, NO_MEMORY, "http client");
    client->loop = loop;
    client->tls = tls;
    client->limits = limits;
    client->link = (struct prim_link){send_call, cancel_call, client};
    buf_init(&client->body, limits->body_size);
    buf_init(&client->text, (size_t)limits->body_size + TEXT_MOST);
    client->hosts = map_new(limits->connections);
    if (client->hosts == NULL) {
        client_free(client);
        FAIL(NO_MEMORY, "http client");
    }
    *ret_client = client;
    return OK;
}

struct prim_link *http_client_link(struct http_client *client)
{
    return &client->link;
}

static void close_lines(void *user, struct bytes key, void *value)
{
    (void)user;
    (void)key;
    struct http_host *host = value;
    for (struct http_line *line = host->lines; line != NULL; line = line->next) {
        http_line_close(line);
    }
}

void http_client_close(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    client->is_closing = true;
    for (struct http_out *out = client->youngest; out != NULL; out = out->older) {
        if (!out->is_ended) {
            http_pool_drop(out);
            http_out_end_later(out, ERROR(CANCELLED));
        }
    }
    map_each(client->hosts, close_lines, NULL);
    http_client_settle(client);
}
