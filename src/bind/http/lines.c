/* SPDX-License-Identifier: Apache-2.0
 * The lines of a message head: each ends with CR LF and none goes on in the next. llhttp lets a
 * bare LF pass in places and joins folded lines; two readers of one message that differ there can
 * be played against each other. RFC 9112 2.2, 5.2. */
#include "bind/http/http_int.h"

/* A blank would fold the line before; a colon would leave the name empty. */
static bool may_begin_field(char c)
{
    return c != ' ' && c != '\t' && c != ':';
}

/* One whole line, or the part of one that has come. */
static bool check_line(struct http_lines *lines, struct bytes part, bool is_whole)
{
    if (lines->size == 0 && lines->count > 0 && part.len > 0 && !may_begin_field(part.ptr[0])) {
        return false;
    }
    lines->size += part.len;
    lines->after_cr = part.len > 0 ? part.ptr[part.len - 1] == '\r' : lines->after_cr;
    if (!is_whole) {
        return true;
    }
    if (!lines->after_cr) {
        return false;
    }
    bool is_empty = lines->size == 1;
    lines->is_over = is_empty && lines->count > 0; /* RFC 9112 2.2: empty lines may come first */
    lines->count += !is_empty;
    lines->size = 0;
    lines->after_cr = false;
    return true;
}

bool http_lines_check(struct http_lines *lines, struct bytes data)
{
    struct bytes rest = data;
    while (rest.len > 0 && !lines->is_over) {
        size_t end = bytes_find(rest, '\n');
        if (!check_line(lines, bytes_slice(rest, 0, end), end < rest.len)) {
            return false;
        }
        rest = bytes_from(rest, end + 1);
    }
    return true;
}
