/* SPDX-License-Identifier: Apache-2.0
 * A search that goes through everything below its root: by the range of paths, or one level. */
#include "store/sqlite/search_int.h"

static status walk_instances_of(struct search *search, int64_t parent_id)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_child_instances_up);
    sqlite_bind_int(&query, parent_id);
    sqlite_bind_int(&query, search->wanted->type_count == 1 ? search->wanted->types[0] : 0);
    sqlite_bind_int(&query, -1);
    sqlite_bind_int(&query, 0);
    return sqlite_search_visit(search, &query);
}

static status root_id(struct search *search, int64_t *ret_id)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_node_id_by_path);
    sqlite_bind_text(&query, search->wanted->root_path);
    TRY(sqlite_query_one(&query));
    *ret_id = sqlite_at_int(&query, 0);
    return OK;
}

/* Instances after all nodes: their parents were seen. */
status sqlite_search_instances(struct search *search)
{
    if (!search->has_instances || search->stopped) {
        return OK;
    }
    if (search->is_whole_tree) {
        SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_all_instances);
        return sqlite_search_visit(search, &query);
    }
    int64_t id;
    bool is_row = false;
    status result = root_id(search, &id);
    if (is_error(result)) {
        return status_is(result, STATUS_NOT_FOUND) ? OK : result;
    }
    TRY(walk_instances_of(search, id));
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_walk_holders);
    sqlite_bind_text(&query, search->from);
    sqlite_bind_text(&query, search->before);
    TRY(sqlite_query_step(&query, &is_row));
    while (is_row && !search->stopped) {
        size_t depth = sqlite_search_depth(sqlite_at_bytes(&query, 1)) + 1 - search->root_depth;
        if (search->wanted->max_depth == 0 || depth <= search->wanted->max_depth) {
            TRY(walk_instances_of(search, sqlite_at_int(&query, 0)));
        }
        TRY(sqlite_query_step(&query, &is_row));
    }
    return OK;
}

static status walk_nodes(struct search *search)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_walk);
    sqlite_bind_text(&query, search->from);
    sqlite_bind_text(&query, search->before);
    return sqlite_search_visit(search, &query);
}

status sqlite_search_walk(struct search *search)
{
    TRY(walk_nodes(search));
    return sqlite_search_instances(search);
}

static status child_nodes(struct search *search, int64_t parent_id)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_child_up);
    sqlite_bind_int(&query, parent_id);
    query.next++; /* has no type */
    sqlite_bind_int(&query, -1);
    sqlite_bind_int(&query, 0);
    return sqlite_search_visit(search, &query);
}

status sqlite_search_children(struct search *search)
{
    int64_t id;
    status result = root_id(search, &id);
    if (is_error(result)) {
        return status_is(result, STATUS_NOT_FOUND) ? OK : result;
    }
    TRY(child_nodes(search, id));
    return search->has_instances && !search->stopped ? walk_instances_of(search, id) : OK;
}
