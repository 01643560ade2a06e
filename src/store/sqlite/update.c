/* SPDX-License-Identifier: Apache-2.0
 * Changes of a row. What changes with every instance (lt, state tag) is kept apart from the rest
 * of a node, so that the node's body is not written again. */
#include "store/sqlite/sqlite_int.h"

/* The statements of a form. */
struct form {
    enum sqlite_sql exists, set_body, set_et, set_size, set_state;
};

static const struct form node_form = {SQL_node_exists, SQL_node_set_body, SQL_node_set_et,
                                      SQL_node_set_size, SQL_state_set};
static const struct form instance_form = {SQL_instance_brief, SQL_instance_set_body,
                                          SQL_instance_set_et, SQL_instance_set_size,
                                          SQL_instance_set};

static status check_exists(struct store_view *view, enum sqlite_sql which, int64_t id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, id);
    return sqlite_query_one(&query);
}

static status set_int(struct store_view *view, enum sqlite_sql which, int64_t id, int64_t value)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, id);
    sqlite_bind_int(&query, value);
    return sqlite_query_change_one(&query);
}

static status set_body(struct store_view *view, enum sqlite_sql which,
                       const struct store_change *change)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, change->id);
    sqlite_bind_blob(&query, change->body);
    return sqlite_query_change_one(&query);
}

static status set_state(struct store_view *view, enum sqlite_sql which,
                        const struct store_change *change)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, change->id);
    sqlite_bind_optional(&query, change->set_lt, change->lt);
    sqlite_bind_optional(&query, change->set_state_tag, change->state_tag);
    return sqlite_query_change_one(&query);
}

static status instance_size(struct store_view *view, int64_t id, int64_t *ret_parent,
                            int64_t *ret_size)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_instance_brief);
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_one(&query));
    *ret_parent = sqlite_at_int(&query, 0);
    *ret_size = sqlite_at_int(&query, 1);
    return OK;
}

/* The parent's sum follows the size of an instance. */
static status set_size(struct store_view *view, const struct form *form,
                       const struct store_change *change)
{
    int64_t parent_id, old;
    if (sqlite_id_is_instance(change->id)) {
        TRY(instance_size(view, change->id, &parent_id, &old));
        SQLITE_QUERY query = sqlite_query_begin(view, SQL_state_count);
        sqlite_bind_int(&query, parent_id);
        sqlite_bind_int(&query, 0);
        sqlite_bind_int(&query, (change->size > 0 ? change->size : 0) - (old > 0 ? old : 0));
        TRY(sqlite_query_change(&query));
    }
    return set_int(view, form->set_size, change->id, change->size);
}

static status set_keys(struct store_view *view, const struct store_change *change)
{
    TRY(sqlite_keys_remove(view, change->id));
    return sqlite_keys_add(view, change->id, change->keys, change->key_count);
}

status store_update(struct store_view *view, const struct store_change *change)
{
    bool is_instance = sqlite_id_is_instance(change->id);
    const struct form *form = is_instance ? &instance_form : &node_form;
    must(view->is_writer);
    if (change->set_lt || change->set_state_tag) { /* first: most often nothing else is asked */
        TRY(set_state(view, form->set_state, change));
    } else {
        TRY(check_exists(view, form->exists, change->id));
    }
    if (change->set_body) {
        TRY(set_body(view, form->set_body, change));
    }
    if (change->set_et) {
        TRY(set_int(view, form->set_et, change->id, change->et));
    }
    if (change->set_size) {
        TRY(set_size(view, form, change));
    }
    if (change->set_keys) {
        TRY(set_keys(view, change));
    }
    if (!is_instance &&
        (change->set_body || change->set_et || change->set_size || change->set_keys)) {
        sqlite_tree_changed(view);
    }
    return OK;
}
