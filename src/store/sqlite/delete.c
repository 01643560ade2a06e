/* SPDX-License-Identifier: Apache-2.0
 * Deletion of a row and everything below it, children before parents, a few rows at a time so
 * that memory does not grow with the subtree. */
#include "store/sqlite/sqlite_int.h"

struct deletion {
    struct store_view *view;
    store_visit_fn *visit; /* or NULL */
    void *user;
    struct arena *arena; /* one row */
    struct buf text;     /* bounds of the subtree */
};

static void deletion_fini(struct deletion *deletion)
{
    arena_free(deletion->arena);
    buf_fini(&deletion->text);
}

static status delete_by_id(struct store_view *view, enum sqlite_sql which, int64_t id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, id);
    return sqlite_query_change(&query);
}

/* The visitor may use the view: no statement of ours is under way. */
static status show(struct deletion *deletion, int64_t id, struct store_row *ret_row)
{
    arena_reset(deletion->arena);
    TRY(store_get_by_id(deletion->view, id, deletion->arena, ret_row));
    if (deletion->visit != NULL) {
        (void)deletion->visit(deletion->user, ret_row); /* cannot stop halfway */
    }
    return OK;
}

static status delete_instance(struct deletion *deletion, int64_t id)
{
    struct store_view *view = deletion->view;
    struct store_row row;
    TRY(show(deletion, id, &row));
    TRY(sqlite_number_release(view, row.rn, id));
    TRY(sqlite_keys_remove(view, id));
    TRY(delete_by_id(view, SQL_instance_delete, id));
    view->store->rows--;
    return OK;
}

static status uncount_instance(struct store_view *view, int64_t parent_id, int64_t size)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_state_count);
    sqlite_bind_int(&query, parent_id);
    sqlite_bind_int(&query, -1);
    sqlite_bind_int(&query, size > 0 ? -size : 0);
    return sqlite_query_change(&query);
}

/* Ids that a query gives, at most SQLITE_DELETE_STEP. */
static status collect(struct sqlite_query *query, int64_t ids[SQLITE_DELETE_STEP],
                      size_t *ret_count)
{
    bool is_row = false;
    size_t count = 0;
    TRY(sqlite_query_step(query, &is_row));
    while (is_row && count < SQLITE_DELETE_STEP) {
        ids[count++] = sqlite_at_int(query, 0);
        TRY(sqlite_query_step(query, &is_row));
    }
    *ret_count = count;
    return OK;
}

static status some_instances(struct store_view *view, int64_t parent_id,
                             int64_t ids[SQLITE_DELETE_STEP], size_t *ret_count)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_first_instances);
    sqlite_bind_int(&query, parent_id);
    return collect(&query, ids, ret_count);
}

static status some_nodes(struct deletion *deletion, struct bytes path,
                         int64_t ids[SQLITE_DELETE_STEP], size_t *ret_count)
{
    struct bytes from, before;
    TRY(sqlite_path_bounds(path, &deletion->text, &from, &before));
    SQLITE_QUERY query = sqlite_query_begin(deletion->view, SQL_last_below);
    sqlite_bind_text(&query, from);
    sqlite_bind_text(&query, before);
    return collect(&query, ids, ret_count);
}

static status delete_instances_of(struct deletion *deletion, int64_t parent_id)
{
    int64_t ids[SQLITE_DELETE_STEP];
    size_t count;
    do {
        TRY(some_instances(deletion->view, parent_id, ids, &count));
        for (size_t i = 0; i < count; i++) {
            TRY(delete_instance(deletion, ids[i]));
        }
    } while (count > 0);
    return OK;
}

/* A node without nodes below it. */
static status delete_node(struct deletion *deletion, int64_t id)
{
    struct store_view *view = deletion->view;
    struct store_row row;
    TRY(delete_instances_of(deletion, id));
    TRY(show(deletion, id, &row));
    TRY(sqlite_number_release(view, row.rn, id));
    TRY(sqlite_number_release(view, row.ri, id));
    TRY(sqlite_keys_remove(view, id));
    TRY(delete_by_id(view, SQL_state_delete, id));
    TRY(delete_by_id(view, SQL_node_delete, id));
    sqlite_tree_changed(view);
    view->store->rows--;
    return OK;
}

static status delete_subtree(struct deletion *deletion, int64_t id, struct bytes path)
{
    int64_t ids[SQLITE_DELETE_STEP];
    size_t count;
    do {
        TRY(some_nodes(deletion, path, ids, &count));
        for (size_t i = 0; i < count; i++) {
            TRY(delete_node(deletion, ids[i]));
        }
    } while (count > 0);
    return delete_node(deletion, id);
}

status store_delete(struct store_view *view, int64_t id, store_visit_fn *visit, void *user)
{
    CLEANUP(deletion_fini) struct deletion deletion = {.view = view, .visit = visit, .user = user};
    must(view->is_writer);
    buf_init(&deletion.text, SQLITE_TEXT_MAX);
    deletion.arena = arena_new(SIZE_MAX);
    ENSURE(deletion.arena != NULL, NO_MEMORY, "no memory to delete");
    struct store_row row;
    TRY(store_get_by_id(view, id, deletion.arena, &row));
    if (row.is_instance) {
        TRY(delete_instance(&deletion, id));
        return uncount_instance(view, row.parent_id, row.size);
    }
    CLEANUP(buf_fini) struct buf path;
    buf_init(&path, SQLITE_TEXT_MAX);
    buf_add(&path, row.path);
    TRY(buf_check(&path));
    return delete_subtree(&deletion, id, buf_bytes(&path));
}
