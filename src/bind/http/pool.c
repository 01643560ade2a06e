/* SPDX-License-Identifier: Apache-2.0
 * The client's connections: one request at a time on each, kept for the next one, a few for each
 * host; what finds none waits its turn. RFC 9112 9. */
#include "bind/http/client_int.h"

enum {
    LINES_PER_HOST = 16,
    IDLE_USEC = 4000000 /* shorter than servers wait: fewer requests meet a closing connection */
};

static void host_settle(struct http_host *host);

/* ---- one connection ---- */
void http_line_close(struct http_line *line)
{
    if (!line->is_closing) {
        line->is_closing = true;
        line->stream->ops->close(line->stream);
    }
}

static void idle_over(void *user)
{
    struct http_line *line = user;
    line->timer = NULL;
    http_line_close(line);
}

static struct sys_loop *loop_of(const struct http_line *line)
{
    return line->host->client->loop;
}

static status start(struct http_line *line, struct http_out *out)
{
    struct http_client *client = out->client;
    TRY(http_request_compose(out->call, &out->url, &client->body, &client->text));
    loop_of(line)->timer_stop(loop_of(line), line->timer);
    line->timer = NULL;
    line->out = out;
    out->line = line;
    http_reply_start(&line->reply, out->call);
    return line->stream->ops->write(line->stream, buf_bytes(&client->text));
}

static void answer_is_whole(struct http_line *line)
{
    struct http_out *out = line->out;
    bool reusable = line->reply.keep_alive && !line->is_closing;
    status result = http_reply_finish(&line->reply);
    line->out = NULL;
    out->line = NULL;
    line->is_used = true;
    if (reusable) {
        line->timer = loop_of(line)->timer_start(loop_of(line), IDLE_USEC, idle_over, line);
    }
    if (line->timer == NULL) {
        http_line_close(line);
    }
    struct http_host *host = line->host;
    host_settle(host); /* the next one goes out before this one is told */
    http_out_finish(out, result);
}

static void on_read(void *user, struct bytes data)
{
    struct http_line *line = user;
    if (line->is_closing) {
        return;
    }
    if (line->out == NULL) { /* nobody asked */
        http_line_close(line);
        return;
    }
    status read = http_reply_read(&line->reply, data);
    if (is_error(read)) {
        http_line_close(line);
    }
    if (line->reply.is_complete) {
        answer_is_whole(line);
    } else if (is_error(read)) {
        struct http_out *out = line->out;
        line->out = NULL;
        out->line = NULL;
        http_out_finish(out, read);
    }
}

/* A kept connection that the server had closed already: nothing was done yet, so what may be done
 * twice is tried once more on a fresh one. A notification is delivered at least once anyway. */
static bool may_retry(const struct http_line *line, const struct http_out *out)
{
    return line->is_used && !line->reply.any && !out->was_retried &&
           out->call->request.operation != PRIM_CREATE;
}

static void unlink_line(struct http_line *line)
{
    struct http_host *host = line->host;
    for (struct http_line **at = &host->lines; *at != NULL; at = &(*at)->next) {
        if (*at == line) {
            *at = line->next;
            break;
        }
    }
}

static void on_close(void *user, status why)
{
    struct http_line *line = user;
    struct http_host *host = line->host;
    struct http_client *client = host->client;
    struct http_out *out = line->out;
    line->is_closing = true;
    client->loop->timer_stop(client->loop, line->timer);
    unlink_line(line);
    status result = is_ok(why) ? ERROR(CLOSED) : why;
    bool retry = false;
    if (out != NULL) {
        out->line = NULL;
        if (is_ok(why) && is_ok(http_reply_end(&line->reply))) {
            result = http_reply_finish(&line->reply);
        } else {
            retry = may_retry(line, out);
        }
    }
    http_reply_fini(&line->reply);
    mem_free(line);
    if (retry) {
        out->was_retried = true;
        out->call->response = (struct prim_response){0};
        result = http_pool_take(out);
    }
    host->line_count--; /* it held the host, and both the client, until here */
    host_settle(host);
    if (out != NULL && !(retry && is_ok(result))) {
        out->host = NULL;
        http_out_finish(out, result);
    }
    client->line_count--;
    http_client_settle(client);
}

static void on_open(void *user)
{
    (void)user; /* the request was written already and leaves now */
}

static void on_written(void *user)
{
    (void)user;
}

static const struct sys_stream_events line_events = {on_open, on_read, on_written, on_close};

static status open_line(struct http_host *host, struct http_line **ret_line)
{
    struct http_client *client = host->client;
    struct http_line *line = mem_alloc(sizeof(*line));
    ENSURE(line != NULL, NO_MEMORY, "connection");
    line->host = host;
    http_reply_init(&line->reply, client->limits);
    const struct tls_target target = {host->url.host, host->url.port};
    status opened = host->url.is_tls ? tls_connect(client->tls, client->loop, &target, &line_events,
                                                   line, &line->stream)
                                     : sys_connect_tcp(client->loop, target.host, target.port,
                                                       &line_events, line, &line->stream);
    if (is_error(opened)) {
        http_reply_fini(&line->reply);
        mem_free(line);
        return opened;
    }
    line->next = host->lines;
    host->lines = line;
    host->line_count++;
    client->line_count++;
    *ret_line = line;
    return OK;
}

/* ---- the connections of one host ---- */
static struct http_line *idle_line(const struct http_host *host)
{
    for (struct http_line *line = host->lines; line != NULL; line = line->next) {
        if (line->out == NULL && !line->is_closing) {
            return line;
        }
    }
    return NULL;
}

static void host_free(struct http_host *host)
{
    (void)map_remove(host->client->hosts, buf_bytes(&host->key));
    buf_fini(&host->key);
    mem_free(host);
}

static void unqueue(struct http_out *out)
{
    struct http_host *host = out->host;
    struct http_out *before = NULL;
    for (struct http_out *at = host->first; at != NULL; before = at, at = at->next) {
        if (at == out) {
            if (before == NULL) {
                host->first = out->next;
            } else {
                before->next = out->next;
            }
            if (host->last == out) {
                host->last = before;
            }
            out->next = NULL;
            return;
        }
    }
}

/* OK also when it has to wait on: false then. */
static status try_start(struct http_host *host, struct http_out *out, bool *ret_started)
{
    struct http_line *line = idle_line(host);
    *ret_started = false;
    if (line == NULL && host->line_count >= LINES_PER_HOST) {
        return OK;
    }
    if (line == NULL) {
        TRY(open_line(host, &line));
    }
    status started = start(line, out);
    if (is_error(started)) {
        line->out = NULL;
        out->line = NULL;
        http_line_close(line);
        return started;
    }
    *ret_started = true;
    return OK;
}

static void end_later(struct http_out *out, status result)
{
    out->host = NULL;
    http_out_end_later(out, result);
}

/* Starts what waits; an unused host goes away. */
static void host_settle(struct http_host *host)
{
    while (host->first != NULL) {
        struct http_out *out = host->first;
        bool started = false;
        status result = try_start(host, out, &started);
        if (is_ok(result) && !started) {
            return;
        }
        unqueue(out);
        if (is_error(result)) {
            end_later(out, result);
        }
    }
    if (host->line_count == 0) {
        host_free(host);
    }
}

static status host_of(struct http_client *client, const struct http_url *url,
                      struct http_host **ret_host)
{
    struct buf *text = &client->text;
    buf_clear(text);
    buf_printf(text, "%c%.*s:%u", url->is_tls ? 's' : 'p', BYTES_FMT(url->host),
               (unsigned)url->port);
    TRY(buf_check(text));
    struct http_host *host = map_get(client->hosts, buf_bytes(text));
    if (host != NULL) {
        *ret_host = host;
        return OK;
    }
    host = mem_alloc(sizeof(*host));
    ENSURE(host != NULL, NO_MEMORY, "host");
    host->client = client;
    host->url = (struct http_url){.is_tls = url->is_tls, .port = url->port};
    buf_init(&host->key, text->len + 1);
    buf_add(&host->key, buf_bytes(text));
    status kept = buf_check(&host->key);
    if (is_ok(kept)) {
        host->url.host = bytes_slice(buf_bytes(&host->key), 1, url->host.len);
        kept = map_put(client->hosts, buf_bytes(&host->key), host);
    }
    if (is_error(kept)) {
        buf_fini(&host->key);
        mem_free(host);
        return kept;
    }
    *ret_host = host;
    return OK;
}

status http_pool_take(struct http_out *out)
{
    struct http_host *host = NULL;
    TRY(host_of(out->client, &out->url, &host));
    bool started = false;
    status result = try_start(host, out, &started);
    if (is_error(result)) {
        if (host->line_count == 0 && host->first == NULL) {
            host_free(host);
        }
        return result;
    }
    out->host = host;
    if (!started) {
        if (host->last == NULL) {
            host->first = out;
        } else {
            host->last->next = out;
        }
        host->last = out;
    }
    return OK;
}

void http_pool_drop(struct http_out *out)
{
    if (out->line != NULL) {
        out->line->out = NULL;
        http_line_close(out->line);
        out->line = NULL;
    } else if (out->host != NULL) {
        unqueue(out);
    }
    out->host = NULL;
}
