/* SPDX-License-Identifier: Apache-2.0
 * JSON for people: indented, on request in colours. What could steer a terminal is escaped. */
#include "wire/wire_int.h"

enum { INDENT = 2 };

enum part { PART_NAME, PART_STRING, PART_NUMBER, PART_WORD, PART_COUNT };

static const char *const colors[PART_COUNT] = {
    [PART_NAME] = "\033[1;34m",
    [PART_STRING] = "\033[32m",
    [PART_NUMBER] = "\033[36m",
    [PART_WORD] = "\033[35m",
};

struct pretty {
    struct buf *out;
    bool color;
};

static void begin(const struct pretty *p, enum part part)
{
    if (p->color) {
        buf_add_str(p->out, colors[part]);
    }
}

static void end(const struct pretty *p)
{
    if (p->color) {
        buf_add_str(p->out, "\033[0m");
    }
}

static void new_line(const struct pretty *p, unsigned depth)
{
    buf_add_char(p->out, '\n');
    for (unsigned i = 0; i < depth * INDENT; i++) {
        buf_add_char(p->out, ' ');
    }
}

/* The code point at the front of valid UTF-8 that a terminal may obey, or 0: DEL, the C1 controls,
 * and what changes the direction of writing. */
static unsigned unsafe_at(struct bytes text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;
    if (s[0] == 0x7f) {
        return 0x7f;
    }
    if (s[0] == 0xc2 && text.len >= 2 && s[1] < 0xa0) {
        return s[1];
    }
    if (s[0] == 0xe2 && text.len >= 3) {
        unsigned code = 0x2000U | (s[1] & 0x3fU) << 6 | (s[2] & 0x3fU);
        bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                     code == 0x200e || code == 0x200f;
        return turns ? code : 0;
    }
    return 0;
}

static void write_string(const struct pretty *p, enum part part, struct bytes text)
{
    struct buf escaped;
    begin(p, part);
    buf_init(&escaped, SIZE_MAX);
    wire_json_write_string(text, &escaped);
    struct bytes rest = buf_bytes(&escaped);
    size_t plain = 0;
    for (size_t i = 0; i < rest.len; i++) {
        unsigned code = unsafe_at(bytes_from(rest, i));
        if (code != 0) {
            buf_add(p->out, bytes_slice(rest, plain, i - plain));
            buf_printf(p->out, "\\u%04x", code);
            i += code < 0x80 ? 0 : code < 0x800 ? 1 : 2;
            plain = i + 1;
        }
    }
    buf_add(p->out, bytes_from(rest, plain));
    if (escaped.failed != STATUS_OK) {
        wire_buf_fail(p->out, escaped.failed);
    }
    buf_fini(&escaped);
    end(p);
}

static void write_scalar(const struct pretty *p, const struct wire_value *value)
{
    if (value->kind == WIRE_STRING) {
        write_string(p, PART_STRING, value->string);
        return;
    }
    begin(p, value->kind == WIRE_NULL || value->kind == WIRE_BOOL ? PART_WORD : PART_NUMBER);
    wire_json_write_plain(value, p->out);
    end(p);
}

static void write_at(const struct pretty *p, const struct wire_value *value, unsigned depth)
{
    bool object = value->kind == WIRE_OBJECT;
    if (!object && value->kind != WIRE_ARRAY) {
        write_scalar(p, value);
        return;
    }
    if (depth >= WIRE_DEPTH_MOST) {
        wire_buf_fail(p->out, STATUS_LIMIT);
        return;
    }
    buf_add_char(p->out, object ? '{' : '[');
    WIRE_FOR_EACH (child, value) {
        new_line(p, depth + 1);
        if (object) {
            write_string(p, PART_NAME, child->name);
            buf_add_str(p->out, ": ");
        }
        write_at(p, child, depth + 1);
        if (child->next != NULL) {
            buf_add_char(p->out, ',');
        }
    }
    if (value->first != NULL) {
        new_line(p, depth);
    }
    buf_add_char(p->out, object ? '}' : ']');
}

void wire_encode_pretty(const struct wire_value *value, bool color, struct buf *out)
{
    struct pretty p = {out, color};
    write_at(&p, value, 0);
}
