/* SPDX-License-Identifier: Apache-2.0
 * Which way to search: all are counted with a growing bound, so that choosing costs no more than
 * the best of them. */
#include "store/sqlite/search_int.h"

enum { COUNT_FIRST = 256, COUNT_LAST = 16384 }; /* beyond it the choice matters little */

/* Rows below the root of the search; with their instances when these would be looked at. */
static status count_walk(struct search *search, int64_t most, int64_t *ret_count)
{
    bool with_instances = search->has_instances && search->wanted->any_key_count > 0;
    SQLITE_QUERY query =
        sqlite_query_begin(search->view, with_instances ? SQL_walk_weight : SQL_walk_count);
    sqlite_bind_text(&query, search->from);
    sqlite_bind_text(&query, search->before);
    sqlite_bind_int(&query, most);
    if (with_instances) {
        sqlite_bind_text(&query, search->wanted->root_path);
    }
    TRY(sqlite_query_one(&query));
    *ret_count = sqlite_at_int(&query, 0);
    return OK;
}

static status count_entries(struct search *search, int64_t most, int64_t *ret_count)
{
    int64_t count = 0;
    for (size_t i = 0; i < search->wanted->any_key_count && count < most; i++) {
        SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_entry_count);
        sqlite_bind_int(&query, search->wanted->any_keys[i].name);
        sqlite_bind_blob(&query, search->wanted->any_keys[i].value);
        sqlite_bind_int(&query, most);
        TRY(sqlite_query_one(&query));
        count += sqlite_at_int(&query, 0);
    }
    *ret_count = count;
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

static status count_plan(struct search *search, enum sqlite_plan plan, int64_t most,
                         int64_t *ret_count)
{
    switch (plan) {
    case PLAN_ENTRIES:
        return count_entries(search, most, ret_count);
    case PLAN_TYPES:
        return count_types(search, most, ret_count);
    case PLAN_WALK:
    case PLAN_CHILDREN:
        return count_walk(search, most, ret_count);
    }
    return ERROR(STORE_FAILED);
}

/* Walks instead of what the index would give when there is less below. */
static status walk_if_shorter(struct search *search)
{
    int64_t indexed = 0, walked = 0;
    for (int64_t most = COUNT_FIRST; most <= COUNT_LAST; most *= 4) {
        TRY(count_plan(search, search->plan, most, &indexed));
        if (indexed < most) { /* the other need not be counted further than this */
            TRY(count_plan(search, PLAN_WALK, indexed + 1, &walked));
            break;
        }
        TRY(count_plan(search, PLAN_WALK, most, &walked));
        if (walked < most) {
            break;
        }
    }
    if (walked < indexed) {
        search->plan = PLAN_WALK;
    }
    return OK;
}

status sqlite_search_choose(struct search *search)
{
    const struct store_search *wanted = search->wanted;
    search->plan = PLAN_WALK;
    if (wanted->any_key_count > 0) {
        search->plan = PLAN_ENTRIES;
    } else if (wanted->max_depth == 1) {
        search->plan = PLAN_CHILDREN;
    } else if (wanted->type_count > 0 && wanted->type_count <= SQLITE_TYPE_SLOTS) {
        search->plan = PLAN_TYPES;
    }
    bool may_walk =
        !search->is_whole_tree && (search->plan == PLAN_ENTRIES || search->plan == PLAN_TYPES);
    return may_walk ? walk_if_shorter(search) : OK;
}
