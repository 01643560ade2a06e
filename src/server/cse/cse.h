/* SPDX-License-Identifier: Apache-2.0
 * Door of the room server/cse: what makes the pipeline a Common Services Entity. TS-0001 9.6,
 * TS-0004 7.4, 7.5. */
#ifndef SERVER_CSE_CSE_H
#define SERVER_CSE_CSE_H

#include "serve/serve.h"

/* Behaviour of every type this CSE implements; constant. */
extern const struct serve_behaviour cse_behaviour;

/* Makes the CSEBase, and the administrator's policy on the very first start. */
status cse_bootstrap(struct serve *serve);
/* Starts expiry and the outbox sender of this worker. One worker of a server is the first and
 * does both. */
status cse_worker_start(struct serve_worker *worker, bool is_first);
void cse_worker_stop(struct serve_worker *worker);

#endif
