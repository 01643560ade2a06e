/* SPDX-License-Identifier: Apache-2.0
 * Descendants by keys, types and times, through whichever index gives the fewest rows to look at:
 * the entries, the types, or the range of paths below the root of the search. */
#include "store/sqlite/sqlite_int.h"

enum { TYPE_SLOTS = 8 };

struct search {
    struct store_view *view;
    const struct store_search *wanted;
    store_visit_fn *visit;
    void *user;
    struct buf text; /* holds the bounds */
    struct bytes from, before;
    size_t root_depth;
    size_t key;         /* the one of any_keys that is being looked for */
    bool is_whole_tree; /* every row but the root lies below */
    bool has_instances; /* wanted types may be kept as instances */
    bool stopped;
    status failed;
};

static void search_fini(struct search *search)
{
    buf_fini(&search->text);
}

static size_t depth_of(struct bytes path)
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
            depth_of(row->path) - search->root_depth <= wanted->max_depth);
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

/* A row that an index gave: unless it fails another condition, or a key before the one that is
 * being looked for has given it, the visitor sees it. */
static bool offer(void *user, const struct store_row *row)
{
    struct search *search = user;
    bool has = false;
    if (!is_match(search, row)) {
        return true;
    }
    search->failed = has_any_key(search, search->key, row->id, &has);
    if (is_ok(search->failed) && !has && !search->visit(search->user, row)) {
        search->stopped = true;
    }
    return is_ok(search->failed) && !search->stopped;
}

static status visit_all(struct search *search, struct sqlite_query *query)
{
    sqlite_bind_body_wanted(query, search->wanted->with_body);
    TRY(sqlite_rows_visit(query, offer, search, NULL));
    return search->failed;
}

/* ---- by keys ---- */
static status visit_entries(struct search *search, enum sqlite_sql which)
{
    const struct store_key *key = &search->wanted->any_keys[search->key];
    SQLITE_QUERY query = sqlite_query_begin(search->view, which);
    sqlite_bind_int(&query, key->name);
    sqlite_bind_blob(&query, key->value);
    return visit_all(search, &query);
}

static status search_keys(struct search *search)
{
    for (; search->key < search->wanted->any_key_count; search->key++) {
        TRY(visit_entries(search, SQL_entry_nodes));
        if (search->has_instances && !search->stopped) {
            TRY(visit_entries(search, SQL_entry_instances));
        }
        if (search->stopped) {
            break;
        }
    }
    return OK;
}

/* ---- by walking ---- */
static status walk_instances_of(struct search *search, int64_t parent_id)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_child_instances_up);
    sqlite_bind_int(&query, parent_id);
    sqlite_bind_int(&query, search->wanted->type_count == 1 ? search->wanted->types[0] : 0);
    sqlite_bind_int(&query, -1);
    sqlite_bind_int(&query, 0);
    return visit_all(search, &query);
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
static status walk_instances(struct search *search)
{
    if (!search->has_instances || search->stopped) {
        return OK;
    }
    if (search->is_whole_tree) {
        SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_all_instances);
        return visit_all(search, &query);
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
        size_t depth = depth_of(sqlite_at_bytes(&query, 1)) + 1 - search->root_depth;
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
    return visit_all(search, &query);
}

/* ---- by types ---- */
static status nodes_of_types(struct search *search)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_typed);
    for (size_t i = 0; i < TYPE_SLOTS; i++) {
        size_t used = i < search->wanted->type_count ? i : 0;
        sqlite_bind_int(&query, search->wanted->types[used]);
    }
    return visit_all(search, &query);
}

static status count_walk(struct search *search, int64_t most, int64_t *ret_count)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_walk_count);
    sqlite_bind_text(&query, search->from);
    sqlite_bind_text(&query, search->before);
    sqlite_bind_int(&query, most);
    TRY(sqlite_query_one(&query));
    *ret_count = sqlite_at_int(&query, 0);
    return OK;
}

static status count_types(struct search *search, int64_t most, int64_t *ret_count)
{
    int64_t count = 0;
    for (size_t i = 0; i < search->wanted->type_count && count < most; i++) {
        SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_typed_count);
        sqlite_bind_int(&query, search->wanted->types[i]);
        sqlite_bind_int(&query, most);
        TRY(sqlite_query_one(&query));
        count += sqlite_at_int(&query, 0);
    }
    *ret_count = count;
    return OK;
}

/* Counts both ways with a growing bound, so that choosing costs no more than the better one. */
static status is_type_index_better(struct search *search, bool *ret_better)
{
    int64_t most = 64, typed = 0, walked = 0;
    *ret_better = false;
    if (search->wanted->type_count == 0 || search->wanted->type_count > TYPE_SLOTS) {
        return OK;
    }
    do {
        most *= 4;
        TRY(count_types(search, most, &typed));
        TRY(count_walk(search, most, &walked));
    } while (typed >= most && walked >= most);
    *ret_better = typed < walked;
    return OK;
}

/* ---- */
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

status store_search_below(struct store_view *view, const struct store_search *wanted,
                          store_visit_fn *visit, void *user)
{
    CLEANUP(search_fini)
    struct search search = {
        .view = view, .wanted = wanted, .visit = visit, .user = user, .failed = OK};
    bool type_index = false;
    buf_init(&search.text, SQLITE_TEXT_MAX);
    TRY(sqlite_path_bounds(wanted->root_path, &search.text, &search.from, &search.before));
    search.root_depth = depth_of(wanted->root_path);
    TRY(find_instance_types(&search));
    TRY(find_whole_tree(&search));
    if (wanted->any_key_count > 0) {
        return search_keys(&search);
    }
    TRY(is_type_index_better(&search, &type_index));
    TRY(type_index ? nodes_of_types(&search) : walk_nodes(&search));
    return walk_instances(&search);
}
