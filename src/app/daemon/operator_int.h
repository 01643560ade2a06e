/* SPDX-License-Identifier: Apache-2.0
 * The operator's side doors: a Unix socket for explain and status, and a loopback listener for
 * /metrics and /healthz. Neither is reachable for oneM2M peers. */
#ifndef APP_DAEMON_OPERATOR_INT_H
#define APP_DAEMON_OPERATOR_INT_H

#include "serve/serve.h"

struct operator_options {
    struct sys_loop *loop;       /* the first worker's */
    struct serve_worker *worker; /* of that loop */
    struct bytes socket_path;    /* must outlive the operator */
    struct bytes listen;         /* address, or empty */
};
struct operator_side;
/* SYSTEM when a path or address cannot be opened, NO_MEMORY. */
status operator_open(const struct operator_options *options, struct operator_side **ret_operator);
/* Takes no more connections; accepts NULL. */
void operator_close(struct operator_side *operator);
/* Only after the loop is closed: open connections still point here. Accepts NULL. */
void operator_free(struct operator_side *operator);
/* One request of the socket, in its own arena; always gives an answer object. */
struct wire_value *operator_answer(struct operator_side *operator, struct bytes line,
                                   struct arena *arena);
/* Prometheus text. */
void operator_metrics(struct operator_side *operator, struct buf * out);

#endif
