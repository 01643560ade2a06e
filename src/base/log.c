/* SPDX-License-Identifier: Apache-2.0
 * Hands log records to the one sink. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static log_sink_fn *log_sink;
static void *log_user;
static enum log_level log_most_verbose;

void log_set_sink(log_sink_fn *sink, void *user, enum log_level most_verbose)
{
    log_sink = sink;
    log_user = user;
    log_most_verbose = most_verbose;
}

bool log_is_on(enum log_level level)
{
    return log_sink != NULL && level <= log_most_verbose;
}

void log_write(const struct log_record *record)
{
    if (log_is_on(record->level)) {
        log_sink(log_user, record);
    }
}

void log_line(enum log_level level, const char *area, const char *format, ...)
{
    char text[512];
    va_list arguments;
    if (!log_is_on(level)) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    struct log_record record = {.level = level, .area = area, .text = text};
    log_write(&record);
}
