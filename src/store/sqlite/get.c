/* SPDX-License-Identifier: Apache-2.0
 * One row: by id, identifier, path or name; the newest and the oldest instance. */
#include "store/sqlite/sqlite_int.h"

/* The first row of the query, kept in the arena. */
static status take_one(struct sqlite_query *query, struct arena *arena, struct store_row *ret_row)
{
    CLEANUP(buf_fini) struct buf text;
    struct store_row row;
    buf_init(&text, SQLITE_TEXT_MAX);
    sqlite_bind_body_wanted(query, true);
    TRY(sqlite_query_one(query));
    TRY(sqlite_row_read(query, &text, &row));
    return sqlite_row_keep(&row, arena, ret_row);
}

static status get_by_int(struct store_view *view, enum sqlite_sql which, int64_t key,
                         struct arena *arena, struct store_row *ret_row)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, key);
    return take_one(&query, arena, ret_row);
}

static status get_by_text(struct store_view *view, enum sqlite_sql which, struct bytes key,
                          struct arena *arena, struct store_row *ret_row)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_text(&query, key);
    return take_one(&query, arena, ret_row);
}

status store_get_by_id(struct store_view *view, int64_t id, struct arena *arena,
                       struct store_row *ret_row)
{
    return get_by_int(view, sqlite_id_is_instance(id) ? SQL_instance_by_id : SQL_node_by_id, id,
                      arena, ret_row);
}

status store_refresh(struct store_view *view, struct store_row *row)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_state_get);
    must(!row->is_instance);
    sqlite_bind_int(&query, row->id);
    TRY(sqlite_query_one(&query));
    row->lt = sqlite_at_int(&query, 0);
    row->state_tag = sqlite_at_int(&query, 1);
    row->instances = sqlite_at_int(&query, 2);
    row->instance_bytes = sqlite_at_int(&query, 3);
    return OK;
}

status store_get(struct store_view *view, struct bytes ri, struct arena *arena,
                 struct store_row *ret_row)
{
    struct sqlite_name name;
    if (sqlite_name_parse(ri, &name) && sqlite_id_is_instance(name.id)) {
        struct store_row row;
        status result = store_get_by_id(view, name.id, arena, &row);
        if (is_ok(result) && bytes_equal(row.ri, ri)) {
            *ret_row = row;
            return OK;
        }
        if (is_error(result) && !status_is(result, STATUS_NOT_FOUND)) {
            return result;
        }
    }
    return get_by_text(view, SQL_node_by_ri, ri, arena, ret_row);
}

/* An instance below the parent: by its given name, or by the name that is its ri. */
static status get_instance(struct store_view *view, int64_t parent_id, struct bytes rn,
                           struct arena *arena, struct store_row *ret_row)
{
    struct sqlite_name name;
    struct store_row row;
    if (sqlite_name_parse(rn, &name) && sqlite_id_is_instance(name.id)) {
        status result = store_get_by_id(view, name.id, arena, &row);
        if (is_error(result) && !status_is(result, STATUS_NOT_FOUND)) {
            return result;
        }
        if (is_ok(result) && row.parent_id == parent_id && bytes_equal(row.rn, rn)) {
            *ret_row = row;
            return OK;
        }
    }
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_instance_by_name);
    sqlite_bind_int(&query, parent_id);
    sqlite_bind_text(&query, rn);
    return take_one(&query, arena, ret_row);
}

static status node_id_by_path(struct store_view *view, struct bytes path, int64_t *ret_id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_node_id_by_path);
    sqlite_bind_text(&query, path);
    TRY(sqlite_query_one(&query));
    *ret_id = sqlite_at_int(&query, 0);
    return OK;
}

status store_get_by_path(struct store_view *view, struct bytes path, struct arena *arena,
                         struct store_row *ret_row)
{
    status result = get_by_text(view, SQL_node_by_path, path, arena, ret_row);
    size_t slash = bytes_find_last(path, '/');
    if (!status_is(result, STATUS_NOT_FOUND) || slash == path.len) {
        return result;
    }
    int64_t parent_id;
    TRY(node_id_by_path(view, bytes_slice(path, 0, slash), &parent_id));
    return get_instance(view, parent_id, bytes_from(path, slash + 1), arena, ret_row);
}

status sqlite_node_brief(struct store_view *view, int64_t id, struct arena *arena,
                         struct sqlite_brief *ret_brief)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_node_brief);
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_one(&query));
    struct bytes ri = arena_dup(arena, sqlite_at_bytes(&query, 0));
    struct bytes path = arena_dup(arena, sqlite_at_bytes(&query, 1));
    ENSURE(ri.ptr != NULL && path.ptr != NULL, NO_MEMORY, "no memory for a path");
    *ret_brief = (struct sqlite_brief){ri, path};
    return OK;
}

status store_get_child(struct store_view *view, int64_t parent_id, struct bytes rn,
                       struct arena *arena, struct store_row *ret_row)
{
    struct sqlite_brief parent;
    if (rn.len == 0 || bytes_find(rn, '/') != rn.len) {
        return ERROR(NOT_FOUND);
    }
    TRY(sqlite_node_brief(view, parent_id, arena, &parent));
    struct bytes path = arena_printf(arena, "%.*s/%.*s", BYTES_FMT(parent.path), BYTES_FMT(rn));
    ENSURE(path.ptr != NULL, NO_MEMORY, "no memory for a path");
    status result = get_by_text(view, SQL_node_by_path, path, arena, ret_row);
    if (!status_is(result, STATUS_NOT_FOUND)) {
        return result;
    }
    return get_instance(view, parent_id, rn, arena, ret_row);
}

status store_get_newest(struct store_view *view, int64_t parent_id, struct arena *arena,
                        struct store_row *ret_row)
{
    return get_by_int(view, SQL_instance_newest, parent_id, arena, ret_row);
}

status store_get_oldest(struct store_view *view, int64_t parent_id, struct arena *arena,
                        struct store_row *ret_row)
{
    return get_by_int(view, SQL_instance_oldest, parent_id, arena, ret_row);
}

status sqlite_check_instance_name(struct store_view *view, int64_t parent_id, struct bytes rn)
{
    struct arena *arena = arena_new(SQLITE_TEXT_MAX * 16);
    struct store_row row;
    ENSURE(arena != NULL, NO_MEMORY, "no memory to check a name");
    status result = get_instance(view, parent_id, rn, arena, &row);
    arena_free(arena);
    if (status_is(result, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(result);
    FAIL(CONFLICT, "an instance has that name");
}
