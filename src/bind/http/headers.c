/* SPDX-License-Identifier: Apache-2.0
 * Names of header fields, and fields added to a message. TS-0009 6.4; RFC 9110 5. */
#include "bind/http/http_int.h"

static const struct {
    struct bytes name;
    bool once;
} rows[] = {
    [HTTP_OTHER] = {{NULL, 0}, false},
#define HTTP_HEADER(id, spelling, once) [HTTP_##id] = {{spelling, sizeof(spelling) - 1}, once},
#include "bind/http/headers.def"
#undef HTTP_HEADER
};

enum http_header http_header_find(struct bytes name)
{
    if (name.len == 0) {
        return HTTP_OTHER;
    }
    char first = (char)(name.ptr[0] | 0x20);
    for (size_t i = HTTP_OTHER + 1; i < ARRAY_LEN(rows); i++) {
        if (rows[i].name.len == name.len && (rows[i].name.ptr[0] | 0x20) == first &&
            bytes_equal_nocase(rows[i].name, name)) {
            return (enum http_header)i;
        }
    }
    return HTTP_OTHER;
}

bool http_header_once(enum http_header header)
{
    return rows[header].once;
}

bool http_is_field_value(struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}

void http_header_add(struct buf *out, enum http_header header, struct bytes value)
{
    if (value.ptr == NULL || !http_is_field_value(value)) {
        return; /* what would break the message is left out */
    }
    buf_add(out, rows[header].name);
    buf_add(out, BYTES(": "));
    buf_add(out, value);
    buf_add(out, BYTES("\r\n"));
}

void http_header_add_number(struct buf *out, enum http_header header, uint64_t value)
{
    buf_add(out, rows[header].name);
    buf_add(out, BYTES(": "));
    buf_add_u64(out, value);
    buf_add(out, BYTES("\r\n"));
}
