/* SPDX-License-Identifier: Apache-2.0
 * The status table and the per-thread note. TS-0004 6.6.3. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct status_row {
    const char *name;
    uint16_t rsc;
    enum status_kind kind;
    const char *text;
};

static const struct status_row rows[STATUS_COUNT] = {
    [STATUS_OK] = {"OK", 2000, STATUS_KIND_PEER, "ok"},
#define STATUS(name, rsc, kind, text) [STATUS_##name] = {#name, rsc, STATUS_KIND_##kind, text},
#include "base/status.def"
#undef STATUS
};

static _Thread_local struct status_note note = {STATUS_OK, "", 0, ""};

static const struct status_row *row_of(status s)
{
    must((unsigned)s.code < STATUS_COUNT);
    return &rows[s.code];
}

const char *status_name(status s)
{
    return row_of(s)->name;
}

uint16_t status_rsc(status s)
{
    return row_of(s)->rsc;
}

enum status_kind status_kind(status s)
{
    return row_of(s)->kind;
}

const char *status_text(status s)
{
    return row_of(s)->text;
}

const struct status_note *status_note_get(void)
{
    return &note;
}

status status_fail(enum status_code code, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    char text[sizeof(note.text)];
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    note.code = code;
    note.file = file;
    note.line = line;
    (void)snprintf(note.text, sizeof(note.text), "%s", text);
    return (status){code};
}

_Noreturn void must_fail(const char *expression, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, expression);
    abort();
}
