/* SPDX-License-Identifier: Apache-2.0
 * The daemon's arguments. */
#ifndef APP_DAEMON_OPTIONS_INT_H
#define APP_DAEMON_OPTIONS_INT_H

#include "app/daemon/config_int.h"

enum options_action { OPTIONS_RUN, OPTIONS_CHECK, OPTIONS_EXIT_OK, OPTIONS_EXIT_USAGE };

/* Reads arguments and file into config (errors are collected there); prints help, version or the
 * defaults itself. ret_path borrows from argv. */
enum options_action options_read(int argc, char **argv, struct config *config,
                                 struct bytes *ret_path);

#endif
