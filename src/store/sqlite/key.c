/* SPDX-License-Identifier: Apache-2.0
 * Index entries of rows: what discovery looks for. */
#include "store/sqlite/sqlite_int.h"

status sqlite_keys_add(struct store_view *view, int64_t id, const struct store_key *keys,
                       size_t key_count)
{
    for (size_t i = 0; i < key_count; i++) {
        SQLITE_QUERY query = sqlite_query_begin(view, SQL_entry_insert);
        sqlite_bind_int(&query, keys[i].name);
        sqlite_bind_blob(&query, keys[i].value);
        sqlite_bind_int(&query, id);
        TRY(sqlite_query_change(&query));
    }
    return OK;
}

status sqlite_keys_remove(struct store_view *view, int64_t id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_entry_delete);
    sqlite_bind_int(&query, id);
    return sqlite_query_change(&query);
}

status store_each_key(struct store_view *view, int64_t id,
                      bool (*visit)(void *user, const struct store_key *key), void *user)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_entry_of);
    bool is_row = false;
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_step(&query, &is_row));
    while (is_row) {
        struct store_key key = {(uint32_t)sqlite_at_int(&query, 0), sqlite_at_bytes(&query, 1)};
        if (!visit(user, &key)) {
            break;
        }
        TRY(sqlite_query_step(&query, &is_row));
    }
    return OK;
}
