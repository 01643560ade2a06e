/* SPDX-License-Identifier: Apache-2.0
 * Character rules of names and identifiers. TS-0004 6.2.3, 6.2.4, Table 6.3.3-1. */
#include "prim/prim_int.h"

enum default_limit {
#define LIMIT_ROW(field, key, default_value, text) DEFAULT_##field = (default_value),
#include "base/limits.def"
#undef LIMIT_ROW
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alphanumeric(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_unreserved(char c)
{
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
}

size_t prim_identifier_size(const struct prim_self *self)
{
    return self->identifier_size != 0 ? self->identifier_size : DEFAULT_identifier_size;
}

size_t prim_path_depth(const struct prim_self *self)
{
    return self->path_depth != 0 ? self->path_depth : DEFAULT_path_depth;
}

bool prim_is_tail(struct bytes text, size_t max)
{
    if (text.len == 0 || text.len > max) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_unreserved(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

bool prim_is_run(struct bytes text, size_t max)
{
    return prim_is_tail(text, max) && is_alphanumeric(text.ptr[0]);
}

static bool is_label(struct bytes label)
{
    if (label.len == 0 || label.len > 63 || !is_lower(label.ptr[0]) ||
        label.ptr[label.len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        if (!is_lower(label.ptr[i]) && !is_digit(label.ptr[i]) && label.ptr[i] != '-') {
            return false;
        }
    }
    return true;
}

bool prim_is_domain(struct bytes text, size_t max)
{
    if (text.len == 0 || text.len > max) {
        return false;
    }
    struct bytes rest = text;
    while (rest.ptr != NULL) {
        if (!is_label(bytes_cut(&rest, '.'))) {
            return false;
        }
    }
    return true;
}

bool prim_is_resource_name(struct bytes name)
{
    return prim_is_run(name, DEFAULT_identifier_size);
}

bool prim_is_text(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
            return false;
        }
    }
    return bytes_is_utf8(text);
}
