/* SPDX-License-Identifier: Apache-2.0
 * What has expired, what expires next, how many rows there are. */
#include "store/sqlite/sqlite_int.h"

/* Two sources ordered by et, of nodes and of instances, read as one. */
struct source {
    struct sqlite_query query;
    struct buf text;
    struct store_row row;
    bool is_row;
};

static void source_end(struct source *source)
{
    sqlite_query_end(&source->query);
    buf_fini(&source->text);
}

static status source_next(struct source *source)
{
    TRY(sqlite_query_step(&source->query, &source->is_row));
    return source->is_row ? sqlite_row_read(&source->query, &source->text, &source->row) : OK;
}

static status source_begin(struct source *source, struct store_view *view, enum sqlite_sql which,
                           int64_t until)
{
    source->query = sqlite_query_begin(view, which);
    buf_init(&source->text, SQLITE_TEXT_MAX);
    sqlite_bind_int(&source->query, until);
    sqlite_bind_body_wanted(&source->query, true);
    return source_next(source);
}

status store_each_expired(struct store_view *view, int64_t until, uint64_t limit,
                          store_visit_fn *visit, void *user)
{
    CLEANUP(source_end) struct source nodes = {.is_row = false};
    CLEANUP(source_end) struct source instances = {.is_row = false};
    TRY(source_begin(&nodes, view, SQL_expired_nodes, until));
    TRY(source_begin(&instances, view, SQL_expired_instances, until));
    for (uint64_t seen = 0; limit == 0 || seen < limit; seen++) {
        bool is_node = nodes.is_row && (!instances.is_row || nodes.row.et <= instances.row.et);
        struct source *source = is_node ? &nodes : &instances;
        if (!source->is_row || !visit(user, &source->row)) {
            break;
        }
        TRY(source_next(source));
    }
    return OK;
}

status store_next_expiry(struct store_view *view, int64_t *ret_et)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_next_expiry);
    TRY(sqlite_query_one(&query));
    int64_t nodes = sqlite_at_null(&query, 0) ? 0 : sqlite_at_int(&query, 0);
    int64_t instances = sqlite_at_null(&query, 1) ? 0 : sqlite_at_int(&query, 1);
    *ret_et = nodes == 0 || (instances != 0 && instances < nodes) ? instances : nodes;
    return OK;
}

status store_count(struct store_view *view, uint64_t *ret_rows)
{
    if (view->is_writer) {
        *ret_rows = (uint64_t)view->store->rows;
        return OK;
    }
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_meta_get);
    sqlite_bind_int(&query, SQLITE_META_ROWS);
    TRY(sqlite_query_one(&query));
    *ret_rows = (uint64_t)sqlite_at_int(&query, 0);
    return OK;
}
