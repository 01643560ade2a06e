/* SPDX-License-Identifier: Apache-2.0
 * Log lines and audit records go to one sink that the daemon installs. Rooms below serve log at
 * debug only. Secrets have no formatter. Safe on any thread once the sink is set. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/bytes.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* One named value of a line. */
struct log_field {
    const char *name;
    struct bytes text; /* used when text.ptr is not NULL, else number */
    int64_t number;
};

struct log_record {
    enum log_level level;
    const char *area; /* "request", "audit.decision", "store", ... */
    const char *text; /* fixed text, may be NULL */
    const struct log_field *fields;
    size_t field_count;
};

/* A sink must not keep the record. user is passed back. NULL sink: lines are dropped. */
typedef void log_sink_fn(void *user, const struct log_record *record);
void log_set_sink(log_sink_fn *sink, void *user, enum log_level most_verbose);
bool log_is_on(enum log_level level);
void log_write(const struct log_record *record);
/* Plain line. */
void log_line(enum log_level level, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
