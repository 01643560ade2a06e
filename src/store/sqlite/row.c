/* SPDX-License-Identifier: Apache-2.0
 * From the columns of a statement to a row of the door, for nodes and instances alike. */
#include <string.h>

#include "store/sqlite/sqlite_int.h"

/* In the order of NODE_COLUMNS and INSTANCE_COLUMNS. Columns with two names hold the first for a
 * node and the second for an instance. */
enum sqlite_row {
    ROW_ID,
    ROW_PID,
    ROW_TY,
    ROW_CT,
    ROW_ET,
    ROW_SIZE,
    ROW_RI, /* prefix */
    ROW_PARENT_RI,
    ROW_PATH, /* the parent's */
    ROW_ORIGINATOR,
    ROW_LT,
    ROW_ST,
    ROW_INSTANCES, /* name */
    ROW_INSTANCE_BYTES,
    ROW_BODY
};

static void read_node(const struct sqlite_query *query, struct store_row *row)
{
    row->ri = sqlite_at_bytes(query, ROW_RI);
    row->path = sqlite_at_bytes(query, ROW_PATH);
    size_t slash = bytes_find_last(row->path, '/');
    row->rn = slash == row->path.len ? row->path : bytes_from(row->path, slash + 1);
    row->instances = sqlite_at_int(query, ROW_INSTANCES);
    row->instance_bytes = sqlite_at_int(query, ROW_INSTANCE_BYTES);
}

/* An instance stores neither its ri nor its path. */
static status read_instance(const struct sqlite_query *query, struct buf *text,
                            struct store_row *row)
{
    struct bytes parent_path = sqlite_at_bytes(query, ROW_PATH);
    struct bytes name = sqlite_at_bytes(query, ROW_INSTANCES);
    buf_clear(text);
    buf_add(text, sqlite_at_bytes(query, ROW_RI));
    buf_add_char(text, '-');
    buf_add_i64(text, row->id);
    size_t ri_len = text->len;
    buf_add(text, parent_path);
    buf_add_char(text, '/');
    size_t rn_from = text->len;
    if (name.len > 0) {
        buf_add(text, name);
    } else if (buf_reserve(text, ri_len) != NULL) { /* may move what is copied */
        buf_add(text, bytes_of(text->ptr, ri_len));
    }
    TRY(buf_check(text));
    struct bytes all = buf_bytes(text);
    row->is_instance = true;
    row->ri = bytes_slice(all, 0, ri_len);
    row->path = bytes_from(all, ri_len);
    row->rn = bytes_from(all, rn_from);
    return OK;
}

status sqlite_row_read(const struct sqlite_query *query, struct buf *text,
                       struct store_row *ret_row)
{
    struct store_row row = {
        .id = sqlite_at_int(query, ROW_ID),
        .parent_id = sqlite_at_int(query, ROW_PID),
        .type = (uint32_t)sqlite_at_int(query, ROW_TY),
        .ct = sqlite_at_int(query, ROW_CT),
        .et = sqlite_at_int(query, ROW_ET),
        .size = sqlite_at_int(query, ROW_SIZE),
        .parent_ri = sqlite_at_bytes(query, ROW_PARENT_RI),
        .originator = sqlite_at_bytes(query, ROW_ORIGINATOR),
        .lt = sqlite_at_int(query, ROW_LT),
        .state_tag = sqlite_at_int(query, ROW_ST),
        .body = sqlite_at_bytes(query, ROW_BODY),
    };
    if (sqlite_id_is_instance(row.id)) {
        TRY(read_instance(query, text, &row));
    } else {
        read_node(query, &row);
    }
    *ret_row = row;
    return OK;
}

static struct bytes put(char **at, struct bytes b)
{
    struct bytes copy = {*at, b.len};
    if (b.len > 0) {
        memcpy(*at, b.ptr, b.len);
    }
    *at += b.len;
    return copy;
}

status sqlite_row_keep(const struct store_row *row, struct arena *arena, struct store_row *ret_row)
{
    size_t total =
        row->ri.len + row->parent_ri.len + row->path.len + row->originator.len + row->body.len + 1;
    char *at = arena_chars(arena, total);
    ENSURE(at != NULL, NO_MEMORY, "row of %zu octets", total);
    *ret_row = *row;
    ret_row->ri = put(&at, row->ri);
    ret_row->parent_ri = put(&at, row->parent_ri);
    ret_row->path = put(&at, row->path);
    ret_row->rn = bytes_from(ret_row->path, row->path.len - row->rn.len);
    ret_row->originator = put(&at, row->originator);
    ret_row->body = put(&at, row->body);
    return OK;
}

status sqlite_rows_visit(struct sqlite_query *query, store_visit_fn *visit, void *user,
                         bool *ret_stopped)
{
    CLEANUP(buf_fini) struct buf text;
    buf_init(&text, SQLITE_TEXT_MAX);
    bool is_row = false, go_on = true;
    TRY(sqlite_query_step(query, &is_row));
    while (is_row && go_on) {
        struct store_row row;
        TRY(sqlite_row_read(query, &text, &row));
        go_on = visit(user, &row);
        if (go_on) {
            TRY(sqlite_query_step(query, &is_row));
        }
    }
    if (ret_stopped != NULL) {
        *ret_stopped = !go_on;
    }
    return OK;
}
