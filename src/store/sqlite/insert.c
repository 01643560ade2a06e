/* SPDX-License-Identifier: Apache-2.0
 * New rows. Everything that can be refused is refused before the first change. */
#include <string.h>

#include "store/sqlite/sqlite_int.h"

/* What an insertion works out before it writes. */
struct insertion {
    const struct store_new *row;
    int64_t id;
    struct bytes prefix, ri, rn, path;
    struct sqlite_brief parent;
};

static status check_no_root(struct store_view *view)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_node_root);
    bool is_row = false;
    TRY(sqlite_query_step(&query, &is_row));
    ENSURE(!is_row, CONFLICT, "the tree has a root");
    return OK;
}

static status find_parent(struct store_view *view, struct insertion *new, struct arena *arena)
{
    new->parent = (struct sqlite_brief){BYTES(""), BYTES("")};
    if (new->row->parent_id == 0) {
        ENSURE(!new->row->is_instance, INVALID_CHILD_RESOURCE_TYPE, "an instance has a parent");
        return check_no_root(view);
    }
    ENSURE(!sqlite_id_is_instance(new->row->parent_id), INVALID_CHILD_RESOURCE_TYPE,
           "an instance has no children");
    const struct store_row *known = new->row->parent;
    if (known != NULL && new->row->is_instance) { /* counting it will show whether it is there */
        must(known->id == new->row->parent_id);
        new->parent = (struct sqlite_brief){known->ri, known->path};
        return OK;
    }
    return sqlite_node_brief(view, new->row->parent_id, arena, &new->parent);
}

static struct bytes join(struct arena *arena, struct bytes a, char between, struct bytes b)
{
    char *text = arena_chars(arena, a.len + 1 + b.len);
    if (text == NULL) {
        return BYTES_NONE;
    }
    memcpy(text, a.ptr, a.len);
    text[a.len] = between;
    memcpy(text + a.len + 1, b.ptr, b.len);
    return bytes_of(text, a.len + 1 + b.len);
}

static struct bytes decimal(int64_t value, char text[20])
{
    size_t at = 20;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return bytes_of(text + at, 20 - at);
}

static status name_row(struct store_view *view, struct insertion *new, struct arena *arena)
{
    const struct store_new *row = new->row;
    int64_t number;
    char digits[20];
    TRY(sqlite_number_take(view, &number));
    new->id = number * 2 + (row->is_instance ? 1 : 0);
    new->prefix = sqlite_name_prefix(row->ri_prefix);
    new->ri = row->ri.len > 0 ? arena_dup(arena, row->ri)
                              : join(arena, new->prefix, '-', decimal(new->id, digits));
    ENSURE(new->ri.ptr != NULL, NO_MEMORY, "no memory for an identifier");
    new->rn = row->rn.len > 0 ? row->rn : new->ri;
    new->path = row->parent_id == 0 ? arena_dup(arena, new->rn)
                                    : join(arena, new->parent.path, '/', new->rn);
    ENSURE(new->path.ptr != NULL, NO_MEMORY, "no memory for a path");
    new->rn = bytes_from(new->path, new->path.len - new->rn.len);
    return OK;
}

/* A given identifier must not be that of an instance; the index of nodes sees to the rest. */
static status check_given_ri(struct store_view *view, struct bytes ri, struct arena *arena)
{
    struct sqlite_name name;
    struct store_row row;
    if (!sqlite_name_parse(ri, &name) || !sqlite_id_is_instance(name.id)) {
        return OK;
    }
    status result = store_get_by_id(view, name.id, arena, &row);
    if (is_ok(result)) {
        ENSURE(!bytes_equal(row.ri, ri), CONFLICT, "an instance has that identifier");
        return OK;
    }
    return status_is(result, STATUS_NOT_FOUND) ? OK : result;
}

static status check_no_node(struct store_view *view, struct bytes path)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_node_id_by_path);
    bool is_row = false;
    sqlite_bind_text(&query, path);
    TRY(sqlite_query_step(&query, &is_row));
    ENSURE(!is_row, CONFLICT, "the name is taken");
    return OK;
}

static status check_names(struct store_view *view, const struct insertion *new, struct arena *arena)
{
    const struct store_new *row = new->row;
    if (row->rn.len > 0) {
        ENSURE(bytes_find(row->rn, '/') == row->rn.len && bytes_find(row->rn, '\0') == row->rn.len,
               BAD_REQUEST, "a resource name holds a slash or a zero octet");
    }
    /* Rows without instances have none whose name could be in the way; root has no parent. */
    if (row->parent_id != 0 && (row->rn.len > 0 || row->ri.len > 0)) {
        TRY(sqlite_check_instance_name(view, row->parent_id, new->rn));
    }
    if (row->is_instance && row->rn.len > 0) {
        TRY(check_no_node(view, new->path));
    }
    return row->ri.len > 0 ? check_given_ri(view, row->ri, arena) : OK;
}

static status write_node(struct store_view *view, const struct insertion *new)
{
    const struct store_new *row = new->row;
    SQLITE_QUERY node = sqlite_query_begin(view, SQL_node_insert);
    sqlite_bind_int(&node, new->id);
    sqlite_bind_int(&node, row->parent_id);
    sqlite_bind_int(&node, row->type);
    sqlite_bind_int(&node, row->ct);
    sqlite_bind_int(&node, row->et);
    sqlite_bind_int(&node, row->size);
    sqlite_bind_text(&node, new->ri);
    sqlite_bind_text(&node, new->parent.ri);
    sqlite_bind_text(&node, new->path);
    sqlite_bind_text(&node, row->originator);
    sqlite_bind_blob(&node, row->body);
    TRY(sqlite_query_change(&node));
    sqlite_tree_changed(view);
    SQLITE_QUERY state = sqlite_query_begin(view, SQL_state_insert);
    sqlite_bind_int(&state, new->id);
    sqlite_bind_int(&state, row->lt);
    sqlite_bind_int(&state, row->state_tag);
    return sqlite_query_change(&state);
}

static status note_instance_type(struct store_view *view, uint32_t type)
{
    unsigned char *known = view->store->instance_types;
    unsigned char bit = (unsigned char)(1u << type % 8);
    if (type < SQLITE_TYPE_BITS && (known[type / 8] & bit) != 0) {
        return OK;
    }
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_instance_type_insert);
    sqlite_bind_int(&query, type);
    TRY(sqlite_query_change(&query));
    if (type < SQLITE_TYPE_BITS) {
        known[type / 8] |= bit;
    }
    return OK;
}

/* What of the parent changes with an instance. The first change: it may find no parent. */
static status count_instance(struct store_view *view, const struct store_new *row)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_state_follow);
    sqlite_bind_int(&query, row->parent_id);
    sqlite_bind_int(&query, row->size > 0 ? row->size : 0);
    sqlite_bind_optional(&query, row->set_parent_lt, row->parent_lt);
    sqlite_bind_optional(&query, row->set_parent_state_tag, row->parent_state_tag);
    return sqlite_query_change_one(&query);
}

static status write_instance(struct store_view *view, const struct insertion *new)
{
    const struct store_new *row = new->row;
    TRY(count_instance(view, row));
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_instance_insert);
    sqlite_bind_int(&query, new->id);
    sqlite_bind_int(&query, row->parent_id);
    sqlite_bind_int(&query, row->type);
    sqlite_bind_int(&query, row->ct);
    sqlite_bind_int(&query, row->lt);
    sqlite_bind_int(&query, row->et);
    sqlite_bind_int(&query, row->state_tag);
    sqlite_bind_int(&query, row->size);
    sqlite_bind_text(&query, new->prefix);
    if (row->rn.len > 0) {
        sqlite_bind_text(&query, row->rn);
    } else {
        sqlite_bind_null(&query);
    }
    sqlite_bind_text(&query, row->originator);
    sqlite_bind_blob(&query, row->body);
    TRY(sqlite_query_change(&query));
    return note_instance_type(view, row->type);
}

static status write_row(struct store_view *view, const struct insertion *new)
{
    const struct store_new *row = new->row;
    TRY(row->is_instance ? write_instance(view, new) : write_node(view, new));
    view->store->rows++;
    if (row->rn.len > 0) {
        TRY(sqlite_number_reserve(view, row->rn, new->id));
    }
    if (row->ri.len > 0) {
        TRY(sqlite_number_reserve(view, row->ri, new->id));
    }
    return sqlite_keys_add(view, new->id, row->keys, row->key_count);
}

status store_insert(struct store_view *view, const struct store_new *row, struct arena *arena,
                    struct store_row *ret_row)
{
    struct insertion new = {.row = row};
    must(view->is_writer);
    ENSURE(!row->is_instance || row->ri.len == 0, INTERNAL_SERVER_ERROR,
           "the store names its instances itself");
    TRY(find_parent(view, &new, arena));
    TRY(name_row(view, &new, arena));
    TRY(check_names(view, &new, arena));
    TRY(write_row(view, &new));
    if (ret_row != NULL) {
        *ret_row = (struct store_row){
            .id = new.id,
            .parent_id = row->parent_id,
            .ri = new.ri,
            .parent_ri = new.parent.ri,
            .rn = new.rn,
            .path = new.path,
            .type = row->type,
            .is_instance = row->is_instance,
            .ct = row->ct,
            .lt = row->lt,
            .et = row->et,
            .state_tag = row->state_tag,
            .size = row->size,
            .originator = row->originator,
            .body = row->body,
        };
    }
    return OK;
}
