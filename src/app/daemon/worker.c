/* SPDX-License-Identifier: Apache-2.0
 * Opens, drains and closes one worker. */
#include "app/daemon/worker_int.h"

#include "server/cse/cse.h"

enum { DRAIN_MOST_SECONDS = 20 };

/* Connections and requests are counted for each server: every worker gets its share. */
static uint64_t share(uint64_t whole, uint64_t workers)
{
    return whole / workers > 0 ? whole / workers : 1;
}

static struct prim_texts origins_of(struct config *config, const struct config_listener *listener)
{
    struct bytes *items = ARENA_ARRAY(config->arena, struct bytes, 16);
    struct bytes rest = listener->cors_origins;
    size_t count = 0;
    while (items != NULL && rest.len > 0 && count < 16) {
        items[count++] = bytes_trim(bytes_cut(&rest, ','));
    }
    return (struct prim_texts){items, count};
}

static status open_listener(struct worker *worker, const struct worker_parts *parts, size_t index)
{
    const struct config_listener *listener = &worker->config->listeners[index];
    struct http_server_config http = {.tls = parts->server_tls[index],
                                      .admits_unassociated = listener->allow_unassociated,
                                      .reuse_port = worker->config->workers > 1,
                                      .limits = &worker->limits,
                                      .self = &serve_config_get(parts->serve)->self,
                                      .origins = origins_of(worker->config, listener)};
    TRY(sys_address_parse(listener->address, &http.address));
    TRY(http_server_open(worker->loop, serve_worker_link(worker->serve_worker), &http,
                         &worker->servers[index]));
    if (worker->index == 0) {
        log_line(LOG_LEVEL_INFO, "daemon", "listening on %.*s (%s)", BYTES_FMT(listener->address),
                 http.tls == NULL ? "HTTP" : "HTTPS");
    }
    return OK;
}

status worker_open(struct worker *worker, const struct worker_parts *parts)
{
    struct config *config = worker->config;
    worker->limits = config->limits;
    worker->limits.connections = share(config->limits.connections, config->workers);
    worker->limits.requests_in_flight = share(config->limits.requests_in_flight, config->workers);
    TRY(sys_loop_open(&worker->loop));
    TRY(http_client_open(worker->loop, parts->client_tls, &worker->limits, &worker->client));
    struct serve_outgoing outgoing[] = {{BYTES("http"), http_client_link(worker->client)},
                                        {BYTES("https"), http_client_link(worker->client)}};
    TRY(serve_worker_new(parts->serve, worker->loop, outgoing, ARRAY_LEN(outgoing),
                         &worker->serve_worker));
    TRY(cse_worker_start(worker->serve_worker, worker->index == 0));
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        if (config->listeners[i].used) {
            TRY(open_listener(worker, parts, i));
        }
    }
    return OK;
}

static void drained(void *user)
{
    struct worker *worker = user;
    worker->busy--;
    if (worker->busy == 0) {
        sys_loop_stop(worker->loop);
    }
}

static void drained_too_slowly(void *user)
{
    struct worker *worker = user;
    log_line(LOG_LEVEL_WARN, "daemon", "requests under way did not finish in %d s",
             DRAIN_MOST_SECONDS);
    sys_loop_stop(worker->loop);
}

void worker_drain(void *user)
{
    struct worker *worker = user;
    if (worker->stopping) {
        return;
    }
    worker->stopping = true;
    worker->busy = 1;
    (void)worker->loop->timer_start(worker->loop, DRAIN_MOST_SECONDS * USEC_PER_SEC,
                                    drained_too_slowly, worker);
    cse_worker_stop(worker->serve_worker);
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        if (worker->servers[i] != NULL) {
            worker->busy++;
            http_server_drain(worker->servers[i], drained, worker);
        }
    }
    serve_worker_drain(worker->serve_worker, drained, worker);
}

void worker_close(struct worker *worker)
{
    if (worker->loop == NULL) {
        return;
    }
    if (worker->serve_worker != NULL && !worker->stopping) {
        cse_worker_stop(worker->serve_worker); /* a start that came no further */
    }
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        http_server_close(worker->servers[i]);
    }
    http_client_close(worker->client);
    sys_loop_close(worker->loop);
    serve_worker_free(worker->serve_worker);
}
