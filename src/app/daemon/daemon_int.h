/* SPDX-License-Identifier: Apache-2.0
 * The running daemon: store, server, workers with their listeners. */
#ifndef APP_DAEMON_DAEMON_INT_H
#define APP_DAEMON_DAEMON_INT_H

#include "app/daemon/config_int.h"

/* Builds everything from a checked configuration, serves until SIGTERM or SIGINT, drains, takes
 * everything apart again. OK after an orderly end; otherwise why it could not start, with a note.
 */
status daemon_run(struct config *config);

#endif
