/* SPDX-License-Identifier: Apache-2.0
 * Wires store, server and workers; signals; the order in which things begin and end. */
#include "app/daemon/daemon_int.h"

#include <signal.h>

#include "app/daemon/operator_int.h"
#include "app/daemon/worker_int.h"
#include "server/cse/cse.h"

struct daemon {
    struct config *config;
    struct serve_config serve_config;
    struct store *store;
    struct worker_parts parts;
    struct worker *workers;
    struct operator_side *operator;
    struct bytes operator_socket;
};

static void run_loop(void *user)
{
    struct worker *worker = user;
    sys_loop_run(worker->loop);
}

static void on_stop_signal(void *user)
{
    struct daemon *daemon = user;
    log_line(LOG_LEVEL_INFO, "daemon", "stopping: finishing what is under way");
    operator_close(daemon->operator);
    for (size_t i = 0; i < daemon->config->workers; i++) {
        struct worker *worker = &daemon->workers[i];
        IGNORE_STATUS(worker->loop->post(worker->loop, worker_drain,
                                         worker)); /* a second signal may end us */
    }
}

/* What an operator must know about unprotected listeners (rule 1 of the product). */
static void warn_of_listeners(const struct config *config)
{
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        const struct config_listener *listener = &config->listeners[i];
        if (listener->used && listener->allow_unassociated) {
            log_line(LOG_LEVEL_WARN, "daemon",
                     "%.*s believes originators without proof (allow-unassociated)",
                     BYTES_FMT(listener->address));
        }
        if (listener->used && !config_listener_is_tls(listener)) {
            log_line(LOG_LEVEL_WARN, "daemon", "%.*s is unprotected: plain HTTP",
                     BYTES_FMT(listener->address));
        }
    }
}

static status open_tls(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    struct bytes trust = bytes_is(config->trust, "system") ? BYTES_NONE : config->trust;
    TRY(tls_client_context_new(trust, &daemon->parts.client_tls));
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        const struct config_listener *listener = &config->listeners[i];
        if (listener->used && config_listener_is_tls(listener)) {
            TRY(tls_server_context_new(listener->certificate, listener->private_key,
                                       &daemon->parts.server_tls[i]));
        }
    }
    return OK;
}

/* URLs of the listeners, unless the configuration names others. */
static status points_of_access(struct daemon *daemon)
{
    struct config *config = daemon->config;
    struct config_texts *texts = &config->points_of_access;
    for (size_t i = 0; i < CONFIG_LISTENERS && texts->is_default; i++) {
        const struct config_listener *listener = &config->listeners[i];
        if (listener->used) {
            const char *scheme = config_listener_is_tls(listener) ? "https" : "http";
            struct bytes url =
                arena_printf(config->arena, "%s://%.*s", scheme, BYTES_FMT(listener->address));
            ENSURE(url.ptr != NULL, NO_MEMORY, "points of access");
            texts->items[texts->count++] = url;
        }
    }
    return OK;
}

static status open_server(struct daemon *daemon)
{
    struct config *config = daemon->config;
    struct store_options options = {
        .directory = config->store_directory, .clock = &sys_clock_real, .threaded = true};
    TRY(points_of_access(daemon));
    TRY(config_serve(config, &daemon->serve_config));
    TRY(store_open(&options, &daemon->store));
    TRY(serve_new(&daemon->serve_config, daemon->store, &cse_behaviour, &daemon->parts.serve));
    return cse_bootstrap(daemon->parts.serve);
}

static status open_workers(struct daemon *daemon)
{
    struct config *config = daemon->config;
    daemon->workers = mem_alloc_array(config->workers, sizeof(*daemon->workers));
    ENSURE(daemon->workers != NULL, NO_MEMORY, "workers");
    for (size_t i = 0; i < config->workers; i++) {
        daemon->workers[i].config = config;
        daemon->workers[i].index = i;
        TRY(worker_open(&daemon->workers[i], &daemon->parts));
    }
    return OK;
}

static status open_operator(struct daemon *daemon)
{
    struct config *config = daemon->config;
    daemon->operator_socket = config->operator_socket;
    if (daemon->operator_socket.len == 0) {
        daemon->operator_socket =
            arena_printf(config->arena, "%.*s/operator.sock", BYTES_FMT(config->store_directory));
    }
    struct operator_options options = {.loop = daemon->workers[0].loop,
                                       .worker = daemon->workers[0].serve_worker,
                                       .socket_path = daemon->operator_socket,
                                       .listen = config->operator_listen};
    return operator_open(&options, &daemon->operator);
}

static status start(struct daemon *daemon)
{
    struct sys_loop *first;
    TRY(open_tls(daemon));
    TRY(open_server(daemon));
    TRY(open_workers(daemon));
    TRY(open_operator(daemon));
    first = daemon->workers[0].loop;
    TRY(sys_signal_watch(first, SIGTERM, on_stop_signal, daemon));
    TRY(sys_signal_watch(first, SIGINT, on_stop_signal, daemon));
    for (size_t i = 1; i < daemon->config->workers; i++) {
        TRY(sys_thread_start(run_loop, &daemon->workers[i], &daemon->workers[i].thread));
    }
    return OK;
}

static status do_nothing(struct store_job *job, struct store_view *view)
{
    (void)job;
    (void)view;
    return OK;
}

/* Every job that was submitted before is done when this returns: none can reach a closed loop. */
static void finish_jobs(struct store *store)
{
    struct store_job job = {.run = do_nothing};
    if (store != NULL) {
        IGNORE_STATUS(store_run(store, &job)); /* a store that fails has nothing under way either */
    }
}

/* In the reverse order of start; copes with whatever start had reached. */
static void take_apart(struct daemon *daemon)
{
    size_t count = daemon->workers == NULL ? 0 : daemon->config->workers;
    for (size_t i = 1; i < count; i++) {
        if (daemon->workers[i].thread != NULL) {
            sys_loop_stop(daemon->workers[i].loop); /* harmless after a drain */
            sys_thread_join(daemon->workers[i].thread);
        }
    }
    finish_jobs(daemon->store);
    operator_close(daemon->operator);
    for (size_t i = 0; i < count; i++) {
        worker_close(&daemon->workers[i]);
    }
    operator_free(daemon->operator);
    mem_free(daemon->workers);
    serve_free(daemon->parts.serve);
    store_close(daemon->store);
    tls_context_free(daemon->parts.client_tls);
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        tls_context_free(daemon->parts.server_tls[i]);
    }
}

status daemon_run(struct config *config)
{
    struct daemon daemon = {.config = config};
    status result = start(&daemon);
    if (is_ok(result)) {
        warn_of_listeners(config);
        log_line(LOG_LEVEL_INFO, "daemon", "antipolisd %s serves %.*s", ANP_VERSION,
                 BYTES_FMT(config->cse_id));
        sys_loop_run(daemon.workers[0].loop);
        log_line(LOG_LEVEL_INFO, "daemon", "stopped");
    }
    take_apart(&daemon);
    return result;
}
