/* SPDX-License-Identifier: Apache-2.0
 * Where the daemon's log lines go. */
#ifndef APP_DAEMON_LOG_SINK_INT_H
#define APP_DAEMON_LOG_SINK_INT_H

#include "sys/sys.h"

struct log_sink {
    bool is_json;
};
/* A log_sink_fn; user is a struct log_sink. Any thread. */
void log_sink_write(void *user, const struct log_record *record);
/* "error" ... "debug". */
enum log_level log_level_of(struct bytes name);

#endif
