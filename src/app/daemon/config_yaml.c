/* SPDX-License-Identifier: Apache-2.0
 * Reads the configuration file: YAML maps and lists become dotted keys ("listeners.0.address"). */
#include "app/daemon/config_int.h"

#include <string.h>
#include <yaml.h>

enum { FRAMES = 8, KEY_SIZE = 256, FILE_LIMIT = 1 << 20 };

/* Where the reader stands: one frame for each open map or list. */
struct frame {
    bool is_list;
    bool expects_key;      /* of a map */
    size_t key_len;        /* length of the dotted key up to this frame */
    unsigned index;        /* of a list's next entry */
    struct bytes keys[64]; /* seen in this map, to refuse doubles */
    size_t key_count;
};

struct reader {
    struct config *config;
    char key[KEY_SIZE];
    size_t key_len;
    struct frame frames[FRAMES];
    size_t depth;
};

static bool key_append(struct reader *reader, struct bytes part)
{
    size_t dot = reader->key_len > 0 ? 1 : 0;
    if (reader->key_len + dot + part.len > sizeof(reader->key)) {
        return false;
    }
    if (dot == 1) {
        reader->key[reader->key_len++] = '.';
    }
    memcpy(reader->key + reader->key_len, part.ptr, part.len);
    reader->key_len += part.len;
    return true;
}

static bool key_is_new(struct reader *reader, struct frame *frame, struct bytes name)
{
    for (size_t i = 0; i < frame->key_count; i++) {
        if (bytes_equal(frame->keys[i], name)) {
            return false;
        }
    }
    if (frame->key_count < ARRAY_LEN(frame->keys)) {
        frame->keys[frame->key_count++] = arena_dup(reader->config->arena, name);
    }
    return true;
}

/* A value ended: the map wants its next key, the list its next entry. */
static void value_done(struct reader *reader)
{
    if (reader->depth == 0) {
        return;
    }
    struct frame *frame = &reader->frames[reader->depth - 1];
    reader->key_len = frame->key_len;
    frame->expects_key = !frame->is_list;
}

/* Puts "<index>" behind the key for a map that is an entry of a list. */
static bool enter_list_entry(struct reader *reader)
{
    char text[16];
    struct frame *frame = reader->depth == 0 ? NULL : &reader->frames[reader->depth - 1];
    if (frame == NULL || !frame->is_list) {
        return true;
    }
    struct buf digits;
    buf_init(&digits, sizeof(text));
    buf_add_u64(&digits, frame->index++);
    bool fits = key_append(reader, buf_bytes(&digits));
    buf_fini(&digits);
    return fits;
}

static bool open_frame(struct reader *reader, bool is_list, unsigned line)
{
    if (reader->depth == FRAMES || !enter_list_entry(reader)) {
        config_error_add(reader->config, line, "nested too deeply");
        return false;
    }
    reader->frames[reader->depth++] =
        (struct frame){.is_list = is_list, .expects_key = !is_list, .key_len = reader->key_len};
    return true;
}

static bool scalar(struct reader *reader, struct bytes text, unsigned line)
{
    if (reader->depth == 0) {
        if (text.len > 0) { /* an empty file is an empty scalar */
            config_error_add(reader->config, line, "keys and values expected");
        }
        return text.len == 0;
    }
    struct frame *frame = &reader->frames[reader->depth - 1];
    if (frame->expects_key) {
        if (!key_is_new(reader, frame, text)) {
            config_error_add(reader->config, line, "key %.*s stands twice", BYTES_FMT(text));
        }
        frame->expects_key = false;
        if (!key_append(reader, text)) {
            config_error_add(reader->config, line, "key too long");
            return false;
        }
        return true;
    }
    config_set(reader->config, bytes_of(reader->key, reader->key_len), text, line);
    value_done(reader);
    return true;
}

/* false ends the reading. */
static bool handle(struct reader *reader, const yaml_event_t *event)
{
    unsigned line = (unsigned)event->start_mark.line + 1;
    if (event->type == YAML_SCALAR_EVENT) {
        return scalar(reader, bytes_of(event->data.scalar.value, event->data.scalar.length), line);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        config_error_add(reader->config, line, "aliases are not used here");
        return false;
    }
    if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        if (reader->depth > 0 && reader->frames[reader->depth - 1].expects_key) {
            config_error_add(reader->config, line, "a key must be a plain word");
            return false;
        }
        return open_frame(reader, event->type == YAML_SEQUENCE_START_EVENT, line);
    }
    if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
        reader->depth--;
        value_done(reader);
    }
    return event->type != YAML_STREAM_END_EVENT;
}

void config_read(struct config *config, struct bytes path)
{
    struct buf text;
    yaml_parser_t parser;
    yaml_event_t event;
    struct reader reader = {.config = config};
    bool more = true;
    buf_init(&text, FILE_LIMIT);
    if (is_error(sys_file_read(path, FILE_LIMIT, &text))) {
        config_error_add(config, 0, "%.*s: %s", BYTES_FMT(path), status_note_get()->text);
        buf_fini(&text);
        return;
    }
    if (yaml_parser_initialize(&parser) == 0) {
        config_error_add(config, 0, "no memory to read the configuration");
        buf_fini(&text);
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)buf_bytes(&text).ptr, text.len);
    while (more) {
        if (yaml_parser_parse(&parser, &event) == 0) {
            config_error_add(config, (unsigned)parser.problem_mark.line + 1, "%s",
                             parser.problem != NULL ? parser.problem : "not YAML");
            break;
        }
        more = handle(&reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    buf_fini(&text);
}
