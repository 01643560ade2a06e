/* SPDX-License-Identifier: Apache-2.0
 * Descendants by keys, types and times, through whichever index gives the fewest rows to look at.
 * TS-0001 10.2.6 and 8.1.2 (filter criteria). */
#include "store/sqlite/search_int.h"

static void search_fini(struct search *search)
{
    buf_fini(&search->text);
}

size_t sqlite_search_depth(struct bytes path)
{
    size_t depth = 0;
    for (size_t i = 0; i < path.len; i++) {
        depth += path.ptr[i] == '/';
    }
    return depth;
}

static bool is_wanted_type(const struct store_search *wanted, int64_t type)
{
    for (size_t i = 0; i < wanted->type_count; i++) {
        if (wanted->types[i] == type) {
            return true;
        }
    }
    return wanted->type_count == 0;
}

/* Everything but the keys. */
static bool is_match(const struct search *search, const struct store_row *row)
{
    const struct store_search *wanted = search->wanted;
    return is_wanted_type(wanted, row->type) && row->ct >= wanted->created_from &&
           (wanted->created_before == 0 || row->ct < wanted->created_before) &&
           (search->is_whole_tree ? row->parent_id != 0
                                  : bytes_starts_with(row->path, search->from)) &&
           (wanted->max_depth == 0 ||
            sqlite_search_depth(row->path) - search->root_depth <= wanted->max_depth);
}

static status has_key(struct search *search, const struct store_key *key, int64_t id, bool *ret_has)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_entry_has);
    sqlite_bind_int(&query, key->name);
    sqlite_bind_blob(&query, key->value);
    sqlite_bind_int(&query, id);
    return sqlite_query_step(&query, ret_has);
}

/* Whether the row carries one of the first count keys. */
static status has_any_key(struct search *search, size_t count, int64_t id, bool *ret_has)
{
    *ret_has = false;
    for (size_t i = 0; i < count && !*ret_has; i++) {
        TRY(has_key(search, &search->wanted->any_keys[i], id, ret_has));
    }
    return OK;
}

/* Whether the visitor is to see the row, as far as keys go. In the entries of one key a row that
 * an earlier key gave is not new. */
static status check_keys(struct search *search, int64_t id, bool *ret_shown)
{
    const struct store_search *wanted = search->wanted;
    bool has = false;
    bool by_entries = search->plan == PLAN_ENTRIES;
    TRY(has_any_key(search, by_entries ? search->key : wanted->any_key_count, id, &has));
    *ret_shown = by_entries ? !has : has || wanted->any_key_count == 0;
    return OK;
}

static bool offer(void *user, const struct store_row *row)
{
    struct search *search = user;
    uint64_t most = search->wanted->looks_max;
    bool shown = false;
    if (most != 0 && ++search->looks > most) {
        search->failed =
            status_fail(STATUS_LIMIT, __FILE__, __LINE__, "a search looks at too much");
        return false;
    }
    if (!is_match(search, row)) {
        return true;
    }
    search->failed = check_keys(search, row->id, &shown);
    if (shown && !search->visit(search->user, row)) {
        search->stopped = true;
    }
    return is_ok(search->failed) && !search->stopped;
}

status sqlite_search_visit(struct search *search, struct sqlite_query *query)
{
    sqlite_bind_body_wanted(query, search->wanted->with_body);
    TRY(sqlite_rows_visit(query, offer, search, NULL));
    return search->failed;
}

static status find_instance_types(struct search *search)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_instance_types);
    bool is_row = false;
    size_t wanted = 0;
    TRY(sqlite_query_step(&query, &is_row));
    while (is_row) {
        wanted += is_wanted_type(search->wanted, sqlite_at_int(&query, 0));
        TRY(sqlite_query_step(&query, &is_row));
    }
    search->has_instances = wanted > 0;
    return OK;
}

static status find_whole_tree(struct search *search)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_node_root);
    bool is_row = false;
    TRY(sqlite_query_step(&query, &is_row));
    search->is_whole_tree =
        is_row && bytes_equal(sqlite_at_bytes(&query, 1), search->wanted->root_path);
    return OK;
}

static status follow_plan(struct search *search)
{
    switch (search->plan) {
    case PLAN_ENTRIES:
        return sqlite_search_entries(search);
    case PLAN_TYPES:
        return sqlite_search_types(search);
    case PLAN_WALK:
        return sqlite_search_walk(search);
    case PLAN_CHILDREN:
        return sqlite_search_children(search);
    }
    return ERROR(STORE_FAILED);
}

status store_search_below(struct store_view *view, const struct store_search *wanted,
                          store_visit_fn *visit, void *user)
{
    CLEANUP(search_fini)
    struct search search = {
        .view = view, .wanted = wanted, .visit = visit, .user = user, .failed = OK};
    buf_init(&search.text, SQLITE_TEXT_MAX);
    TRY(sqlite_path_bounds(wanted->root_path, &search.text, &search.from, &search.before));
    search.root_depth = sqlite_search_depth(wanted->root_path);
    TRY(find_instance_types(&search));
    TRY(find_whole_tree(&search));
    TRY(sqlite_search_choose(&search));
    return follow_plan(&search);
}
