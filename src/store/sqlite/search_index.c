/* SPDX-License-Identifier: Apache-2.0
 * A search through an index: the entries of keys, or the nodes of types. */
#include "store/sqlite/search_int.h"

static status visit_entries(struct search *search, enum sqlite_sql which)
{
    const struct store_key *key = &search->wanted->any_keys[search->key];
    SQLITE_QUERY query = sqlite_query_begin(search->view, which);
    sqlite_bind_int(&query, key->name);
    sqlite_bind_blob(&query, key->value);
    return sqlite_search_visit(search, &query);
}

status sqlite_search_entries(struct search *search)
{
    for (; search->key < search->wanted->any_key_count && !search->stopped; search->key++) {
        TRY(visit_entries(search, SQL_entry_nodes));
        if (search->has_instances && !search->stopped) {
            TRY(visit_entries(search, SQL_entry_instances));
        }
    }
    return OK;
}

static status nodes_of_types(struct search *search)
{
    SQLITE_QUERY query = sqlite_query_begin(search->view, SQL_typed);
    for (size_t i = 0; i < SQLITE_TYPE_SLOTS; i++) {
        size_t used = i < search->wanted->type_count ? i : 0;
        sqlite_bind_int(&query, search->wanted->types[used]);
    }
    return sqlite_search_visit(search, &query);
}

status sqlite_search_types(struct search *search)
{
    TRY(nodes_of_types(search));
    return sqlite_search_instances(search);
}
