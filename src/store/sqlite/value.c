/* SPDX-License-Identifier: Apache-2.0
 * Small named values. */
#include "store/sqlite/sqlite_int.h"

status store_value_get(struct store_view *view, struct bytes name, struct arena *arena,
                       struct bytes *ret_value)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_value_get);
    sqlite_bind_text(&query, name);
    TRY(sqlite_query_one(&query));
    struct bytes value = arena_dup(arena, sqlite_at_bytes(&query, 0));
    ENSURE(value.ptr != NULL, NO_MEMORY, "no memory for a value");
    *ret_value = value;
    return OK;
}

status store_value_put(struct store_view *view, struct bytes name, struct bytes value)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_value_put);
    sqlite_bind_text(&query, name);
    sqlite_bind_blob(&query, value);
    return sqlite_query_change(&query);
}

status store_value_remove(struct store_view *view, struct bytes name)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_value_remove);
    sqlite_bind_text(&query, name);
    return sqlite_query_change(&query);
}
