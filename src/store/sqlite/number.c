/* SPDX-License-Identifier: Apache-2.0
 * The one sequence of numbers, which never hands out a number twice nor one that a name chosen by
 * somebody else already looks like; and the count of rows. */
#include "store/sqlite/sqlite_int.h"

static status find_taken(struct store_view *view)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_taken_next);
    sqlite_bind_int(&query, view->store->number);
    TRY(sqlite_query_one(&query));
    view->store->next_taken = sqlite_at_null(&query, 0) ? INT64_MAX : sqlite_at_int(&query, 0);
    return OK;
}

status sqlite_number_take(struct store_view *view, int64_t *ret_number)
{
    struct store *store = view->store;
    must(view->is_writer);
    while (store->number >= store->next_taken) {
        if (store->number == store->next_taken) {
            store->number++;
        }
        TRY(find_taken(view));
    }
    ENSURE(store->number < INT64_MAX / 4, STORE_FAILED, "numbers are used up");
    *ret_number = store->number++;
    return OK;
}

status sqlite_number_reserve(struct store_view *view, struct bytes given, int64_t id)
{
    struct sqlite_name name;
    if (!sqlite_name_parse(given, &name) || name.id / 2 < view->store->number) {
        return OK;
    }
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_taken_insert);
    sqlite_bind_int(&query, name.id / 2);
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_change(&query));
    if (name.id / 2 < view->store->next_taken) {
        view->store->next_taken = name.id / 2;
    }
    return OK;
}

status sqlite_number_release(struct store_view *view, struct bytes given, int64_t id)
{
    struct sqlite_name name;
    if (!sqlite_name_parse(given, &name) || name.id == id) {
        return OK;
    }
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_taken_delete);
    sqlite_bind_int(&query, name.id / 2);
    sqlite_bind_int(&query, id);
    return sqlite_query_change(&query);
}

static status meta_get(struct store_view *view, int64_t id, int64_t *ret_value)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_meta_get);
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_one(&query));
    *ret_value = sqlite_at_int(&query, 0);
    return OK;
}

static status meta_put(struct store_view *view, int64_t id, int64_t value)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_meta_put);
    sqlite_bind_int(&query, id);
    sqlite_bind_int(&query, value);
    return sqlite_query_change(&query);
}

status sqlite_meta_load(struct store *store)
{
    TRY(meta_get(store->writer, SQLITE_META_NUMBER, &store->committed_number));
    TRY(meta_get(store->writer, SQLITE_META_ROWS, &store->committed_rows));
    store->number = store->committed_number;
    store->rows = store->committed_rows;
    return find_taken(store->writer);
}

status sqlite_meta_save(struct store *store)
{
    if (store->number != store->committed_number) {
        TRY(meta_put(store->writer, SQLITE_META_NUMBER, store->number));
    }
    if (store->rows != store->committed_rows) {
        TRY(meta_put(store->writer, SQLITE_META_ROWS, store->rows));
    }
    return OK;
}
