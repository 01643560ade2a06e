/* SPDX-License-Identifier: Apache-2.0
 * The names that the store makes: a prefix, a hyphen and the row's id. And the bounds of a
 * subtree among paths. */
#include "store/sqlite/sqlite_int.h"

enum { PREFIX_MAX = 8 };

static bool is_prefix(struct bytes text)
{
    if (text.len == 0 || text.len > PREFIX_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 'a' || text.ptr[i] > 'z') {
            return false;
        }
    }
    return true;
}

struct bytes sqlite_name_prefix(struct bytes prefix)
{
    return is_prefix(prefix) ? prefix : BYTES("r");
}

bool sqlite_name_parse(struct bytes text, struct sqlite_name *ret_name)
{
    size_t hyphen = bytes_find(text, '-');
    struct bytes digits = bytes_from(text, hyphen + 1);
    if (hyphen == text.len || !is_prefix(bytes_slice(text, 0, hyphen)) || digits.len == 0 ||
        digits.ptr[0] == '0') {
        return false;
    }
    int64_t id;
    if (digits.ptr[0] == '-' || is_error(bytes_to_i64(digits, &id))) {
        return false;
    }
    *ret_name = (struct sqlite_name){bytes_slice(text, 0, hyphen), id};
    return true;
}

status sqlite_path_bounds(struct bytes path, struct buf *text, struct bytes *ret_from,
                          struct bytes *ret_before)
{
    buf_clear(text);
    buf_add(text, path);
    buf_add_char(text, '/');
    buf_add(text, path);
    buf_add_char(text, '/' + 1);
    TRY(buf_check(text));
    struct bytes all = buf_bytes(text);
    *ret_from = bytes_slice(all, 0, path.len + 1);
    *ret_before = bytes_from(all, path.len + 1);
    return OK;
}
