/* SPDX-License-Identifier: Apache-2.0
 * One loop of the daemon with its listeners and its client. */
#ifndef APP_DAEMON_WORKER_INT_H
#define APP_DAEMON_WORKER_INT_H

#include "app/daemon/config_int.h"
#include "bind/http/http.h"

struct worker {
    struct config *config;
    size_t index;
    struct sys_loop *loop;
    struct http_client *client;
    struct serve_worker *serve_worker;
    struct http_server *servers[CONFIG_LISTENERS];
    struct sys_thread *thread; /* NULL for the first, which runs on the main thread */
    struct limits limits;      /* this worker's share of what is counted per process */
    size_t busy;               /* drains that are not done yet */
    bool stopping;
};

/* What all workers share. */
struct worker_parts {
    struct serve *serve;
    struct tls_context *client_tls;
    struct tls_context *server_tls[CONFIG_LISTENERS]; /* NULL for plain ones */
};

/* Opens loop, client and listeners; the first also starts expiry and the outbox. What was opened
 * before an error is closed by worker_close. */
status worker_open(struct worker *worker, const struct worker_parts *parts);
/* On the worker's loop: no new requests; the loop stops when what is under way has finished. */
void worker_drain(void *user);
/* After its loop has stopped. */
void worker_close(struct worker *worker);

#endif
