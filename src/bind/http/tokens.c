/* SPDX-License-Identifier: Apache-2.0
 * Lists inside header fields. TS-0009 6.4.11 (X-M2M-RTU), 6.4.19 (Authorization). */
#include "bind/http/http_int.h"

status http_list_split(struct bytes value, char separator, struct arena *arena,
                       struct prim_texts *ret_list)
{
    size_t most = 1;
    for (size_t i = 0; i < value.len; i++) {
        most += value.ptr[i] == separator;
    }
    struct bytes *items = ARENA_ARRAY(arena, struct bytes, most);
    ENSURE(items != NULL, NO_MEMORY, "list");
    size_t count = 0;
    struct bytes rest = value;
    while (rest.ptr != NULL) {
        struct bytes item = bytes_trim(bytes_cut(&rest, separator));
        if (item.len > 0) {
            items[count++] = item;
        }
    }
    *ret_list = (struct prim_texts){items, count};
    return OK;
}

/* An authentication scheme is a word before a blank (RFC 9110 11.4); tokens of oneM2M stand bare
 * and hold dots. */
static struct bytes scheme_of(struct bytes value)
{
    size_t blank = bytes_find(value, ' ');
    struct bytes word = bytes_slice(value, 0, blank);
    bool is_scheme =
        blank < value.len && bytes_find(word, '.') == word.len && bytes_find(word, '+') == word.len;
    return is_scheme ? word : BYTES_NONE;
}

void http_authorization_accept(struct bytes value, struct arena *arena,
                               struct prim_request *request)
{
    struct bytes scheme = scheme_of(value);
    if (scheme.ptr != NULL && !bytes_equal_nocase(scheme, BYTES("Bearer"))) {
        return; /* not for us: grants nothing */
    }
    struct bytes tokens = bytes_trim(bytes_from(value, scheme.len));
    struct prim_texts list;
    if (is_ok(http_list_split(tokens, '+', arena, &list))) {
        request->tokens = list;
    }
}
