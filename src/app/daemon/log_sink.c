/* SPDX-License-Identifier: Apache-2.0
 * Writes log records to standard error, one line each: text for people, JSON on demand. */
#include "app/daemon/log_sink_int.h"

#include <stdio.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

#define FIELD_MOST 512 /* octets of one field: a record is shortened, never left out */
#define LINE_MOST 65536

/* Where a text is cut: not within a character. */
static size_t shown_length(struct bytes text)
{
    size_t len = text.len;
    if (len > FIELD_MOST) {
        len = FIELD_MOST;
        while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    return len;
}

/* U+0080 to U+009F, which terminals may obey. */
static bool is_high_control(struct bytes text, size_t at)
{
    return at + 1 < text.len && (unsigned char)text.ptr[at] == 0xc2 &&
           (unsigned char)text.ptr[at + 1] < 0xa0;
}

/* Text that a peer may have chosen: control characters must not forge lines or terminal codes. */
static void add_escaped(struct buf *out, struct bytes text, bool quoted)
{
    size_t shown = shown_length(text);
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_high = is_high_control(text, i);
        if (is_high) {
            i++;
            c = (unsigned char)text.ptr[i];
        }
        if (c < 0x20 || c == 0x7f || is_high) {
            buf_printf(out, quoted ? "\\u%04x" : "\\x%02x", c);
        } else if (quoted && (c == '"' || c == '\\')) {
            buf_add_char(out, '\\');
            buf_add_char(out, (char)c);
        } else {
            buf_add_char(out, (char)c);
        }
    }
    if (shown < text.len) {
        buf_printf(out, "...(%zu octets)", text.len);
    }
}

static bool needs_quotes(struct bytes text)
{
    return text.len == 0 || bytes_find(text, ' ') < text.len || bytes_find(text, '"') < text.len ||
           bytes_find(text, '=') < text.len;
}

static void text_line(const struct log_record *record, const char *when, struct buf *out)
{
    buf_printf(out, "%s %-5s %s", when, level_names[record->level], record->area);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct log_field *field = &record->fields[i];
        buf_printf(out, " %s=", field->name);
        if (field->text.ptr == NULL) {
            buf_add_i64(out, field->number);
        } else if (needs_quotes(field->text)) {
            buf_add_char(out, '"');
            add_escaped(out, field->text, true);
            buf_add_char(out, '"');
        } else {
            add_escaped(out, field->text, false);
        }
    }
    if (record->text != NULL) {
        buf_add_str(out, " ");
        add_escaped(out, bytes_str(record->text), false);
    }
    buf_add_char(out, '\n');
}

static void json_line(const struct log_record *record, const char *when, struct buf *out)
{
    buf_printf(out, "{\"time\":\"%s\",\"level\":\"%s\",\"area\":\"%s\"", when,
               level_names[record->level], record->area);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct log_field *field = &record->fields[i];
        buf_printf(out, ",\"%s\":", field->name);
        if (field->text.ptr == NULL) {
            buf_add_i64(out, field->number);
        } else {
            buf_add_char(out, '"');
            add_escaped(out, field->text, true);
            buf_add_char(out, '"');
        }
    }
    if (record->text != NULL) {
        buf_add_str(out, ",\"text\":\"");
        add_escaped(out, bytes_str(record->text), true);
        buf_add_char(out, '"');
    }
    buf_add_str(out, "}\n");
}

void log_sink_write(void *user, const struct log_record *record)
{
    const struct log_sink *sink = user;
    char when[TIMESTAMP_SIZE];
    struct buf line;
    (void)timestamp_format(sys_now(&sys_clock_real), true, when);
    buf_init(&line, LINE_MOST);
    if (sink->is_json) {
        json_line(record, when, &line);
    } else {
        text_line(record, when, &line);
    }
    if (is_ok(buf_check(&line))) {
        (void)fwrite(line.ptr, 1, line.len, stderr); /* unbuffered: one call, lines stay whole */
    }
    buf_fini(&line);
}

enum log_level log_level_of(struct bytes name)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
        if (bytes_is(name, level_names[i])) {
            return (enum log_level)i;
        }
    }
    return LOG_LEVEL_INFO;
}
