/* SPDX-License-Identifier: Apache-2.0
 * Trees as XML. XML 1.0 clauses 2.2 to 2.4; TS-0004 8.3.1. */
#include <math.h>

#include "wire/wire_int.h"

#define XMLNS_M2M " xmlns:m2m=\"http://www.onem2m.org/xml/protocols\""

struct writer {
    struct buf *out;
    const char *const *attributes;
};

/* Element and attribute names as oneM2M has them: ASCII, without a prefix or with the one that the
 * root declares. */
static bool is_name(struct bytes name)
{
    struct bytes local = bytes_starts_with(name, BYTES("m2m:")) ? bytes_from(name, 4) : name;
    if (local.len == 0) {
        return false;
    }
    for (size_t i = 0; i < local.len; i++) {
        char c = local.ptr[i];
        bool starts = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bool goes_on = starts || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (i == 0 ? !starts : !goes_on) {
            return false;
        }
    }
    return true;
}

static void write_name(const struct writer *w, struct bytes name)
{
    if (!is_name(name)) {
        wire_buf_fail(w->out, STATUS_SYNTAX);
        return;
    }
    buf_add(w->out, name);
}

/* XML carries U+0009, U+000A, U+000D and everything from U+0020 up but U+FFFE and U+FFFF. */
static bool is_text(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        bool none = c == 0xef && (bytes_starts_with(bytes_from(text, i), BYTES("\xef\xbf\xbe")) ||
                                  bytes_starts_with(bytes_from(text, i), BYTES("\xef\xbf\xbf")));
        if (control || none) {
            return false;
        }
    }
    return bytes_is_utf8(text);
}

/* The blanks that a reader would turn into others are written as references. */
static const char *reference_for(char c, bool attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    case '\n':
        return attribute ? "&#10;" : NULL;
    default:
        return NULL;
    }
}

static void write_text(const struct writer *w, struct bytes text, bool attribute)
{
    size_t from = 0;
    if (!is_text(text)) {
        wire_buf_fail(w->out, STATUS_SYNTAX);
        return;
    }
    for (size_t i = 0; i < text.len; i++) {
        const char *reference = reference_for(text.ptr[i], attribute);
        if (reference != NULL) {
            buf_add(w->out, bytes_slice(text, from, i - from));
            buf_add_str(w->out, reference);
            from = i + 1;
        }
    }
    buf_add(w->out, bytes_from(text, from));
}

static void write_scalar(const struct writer *w, const struct wire_value *value, bool attribute)
{
    if (value->kind == WIRE_STRING) {
        write_text(w, value->string, attribute);
    } else if (value->kind != WIRE_NULL) {
        wire_json_write_plain(value, w->out);
    }
}

static bool is_scalar(const struct wire_value *value)
{
    return value->kind != WIRE_ARRAY && value->kind != WIRE_OBJECT;
}

static bool is_attribute(const struct writer *w, const struct wire_value *member)
{
    for (size_t i = 0; w->attributes != NULL && w->attributes[i] != NULL; i++) {
        if (bytes_is(member->name, w->attributes[i])) {
            return is_scalar(member);
        }
    }
    return false;
}

/* The member "val" that is the text of an element with attributes, if this is such an element. */
static const struct wire_value *text_member(const struct writer *w, const struct wire_value *object)
{
    const struct wire_value *text = wire_get(object, BYTES("val"));
    if (text == NULL || !is_scalar(text) || object->count < 2) {
        return NULL;
    }
    WIRE_FOR_EACH (member, object) {
        if (member != text && !is_attribute(w, member)) {
            return NULL;
        }
    }
    return text;
}

static void write_attributes(const struct writer *w, const struct wire_value *object)
{
    WIRE_FOR_EACH (member, object) {
        if (is_attribute(w, member)) {
            buf_add_char(w->out, ' ');
            write_name(w, member->name);
            buf_add_str(w->out, "=\"");
            write_scalar(w, member, true);
            buf_add_char(w->out, '"');
        }
    }
}

static void write_member(const struct writer *w, const struct wire_value *member, unsigned depth);

static void write_content(const struct writer *w, const struct wire_value *value, unsigned depth)
{
    const struct wire_value *text = is_scalar(value) ? value : text_member(w, value);
    if (text != NULL) {
        write_scalar(w, text, false);
        return;
    }
    WIRE_FOR_EACH (member, value) {
        if (!is_attribute(w, member)) {
            write_member(w, member, depth);
        }
    }
}

static void write_element(const struct writer *w, struct bytes name, const struct wire_value *value,
                          unsigned depth)
{
    if (depth >= WIRE_DEPTH_MOST || value->kind == WIRE_ARRAY) { /* XML has no list of lists */
        wire_buf_fail(w->out, depth >= WIRE_DEPTH_MOST ? STATUS_LIMIT : STATUS_SYNTAX);
        return;
    }
    buf_add_char(w->out, '<');
    write_name(w, name);
    if (depth == 1) {
        buf_add_str(w->out, XMLNS_M2M);
    }
    if (value->kind == WIRE_OBJECT) {
        write_attributes(w, value);
    }
    size_t empty = w->out->len;
    buf_add_char(w->out, '>');
    write_content(w, value, depth + 1);
    if (w->out->failed == STATUS_OK && w->out->len == empty + 1) {
        w->out->len = empty;
        buf_add_str(w->out, "/>");
        return;
    }
    buf_add_str(w->out, "</");
    write_name(w, name);
    buf_add_char(w->out, '>');
}

static void write_member(const struct writer *w, const struct wire_value *member, unsigned depth)
{
    if (member->kind != WIRE_ARRAY) {
        write_element(w, member->name, member, depth);
        return;
    }
    WIRE_FOR_EACH (element, member) {
        write_element(w, member->name, element, depth);
    }
}

void wire_xml_encode(const struct wire_value *value, const char *const *attributes, struct buf *out)
{
    struct writer w = {out, attributes};
    const struct wire_value *root = wire_only_member(value);
    if (root == NULL) {
        wire_buf_fail(out, STATUS_SYNTAX);
        return;
    }
    buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    write_element(&w, root->name, root, 1);
}
