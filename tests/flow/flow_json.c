/* SPDX-License-Identifier: Apache-2.0
 * Writing primitives and looking into contents. */
#include <stdio.h>
#include <string.h>

#include "flow_int.h"

struct arena *flow_texts;

void flow_status_ok(status result)
{
    if (is_error(result)) {
        const struct status_note *note = status_note_get();
        fail_msg("%s: %s (%s:%d)", status_name(result), note->text, note->file, note->line);
    }
}

struct wire_value *flow_json(struct arena *arena, const char *format, va_list arguments)
{
    static const struct wire_limits limits = {.depth = 32, .members = 4096, .values = 65536};
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    must(size >= 0);
    char *text = arena_chars(arena, (size_t)size + 1);
    must(text != NULL);
    (void)vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    struct wire_value *value = NULL;
    status read = wire_decode(WIRE_JSON, bytes_of(text, (size_t)size), &limits, arena, &value);
    if (is_error(read)) {
        fail_msg("%s in %s", status_note_get()->text, text);
    }
    return value;
}

static const struct wire_value *element_at(const struct wire_value *array, struct bytes index)
{
    uint64_t left;
    if (is_error(bytes_to_u64(index, &left))) {
        return NULL;
    }
    const struct wire_value *element = array->first;
    for (; element != NULL && left > 0; left--) {
        element = element->next;
    }
    return element;
}

const struct wire_value *flow_find(const struct wire_value *content, const char *path)
{
    struct bytes rest = bytes_str(path);
    while (content != NULL && rest.ptr != NULL && rest.len > 0) {
        struct bytes name = bytes_cut(&rest, '/');
        content =
            wire_is(content, WIRE_ARRAY) ? element_at(content, name) : wire_get(content, name);
    }
    return content;
}

/* The content as text, for messages. */
static const char *show(const struct wire_value *content)
{
    static char text[2000];
    struct buf out;
    buf_init(&out, sizeof text - 1);
    if (content != NULL) {
        wire_encode(WIRE_JSON, content, &out);
    }
    (void)snprintf(text, sizeof text, "%.*s", BYTES_FMT(buf_bytes(&out)));
    buf_fini(&out);
    return text;
}

static const struct wire_value *must_find(const struct wire_value *content, const char *path)
{
    const struct wire_value *found = flow_find(content, path);
    if (found == NULL) {
        fail_msg("no %s in %s", path, show(content));
    }
    return found;
}

/* Strings of contents end with a NUL only by chance; a copy does. */
const char *flow_text(const struct wire_value *content, const char *path)
{
    const struct wire_value *found = must_find(content, path);
    if (!wire_is(found, WIRE_STRING)) {
        fail_msg("%s is no text in %s", path, show(content));
    }
    struct bytes copy = arena_dup(flow_texts, found->string);
    must(copy.ptr != NULL);
    return copy.ptr;
}

int64_t flow_number(const struct wire_value *content, const char *path)
{
    const struct wire_value *found = must_find(content, path);
    if (!wire_is(found, WIRE_INT)) {
        fail_msg("%s is no number in %s", path, show(content));
    }
    return found->integer;
}

void flow_expect_text(const struct wire_value *content, const char *path, const char *want)
{
    const char *got = flow_text(content, path);
    if (strcmp(got, want) != 0) {
        fail_msg("%s is \"%s\", want \"%s\"", path, got, want);
    }
}

void flow_expect_number(const struct wire_value *content, const char *path, int64_t want)
{
    int64_t got = flow_number(content, path);
    if (got != want) {
        fail_msg("%s is %lld, want %lld", path, (long long)got, (long long)want);
    }
}

void flow_expect_absent(const struct wire_value *content, const char *path)
{
    if (flow_find(content, path) != NULL) {
        fail_msg("%s is in %s", path, show(content));
    }
}

size_t flow_count(const struct wire_value *content, const char *path)
{
    const struct wire_value *found = flow_find(content, path);
    return found == NULL ? 0 : found->count;
}
