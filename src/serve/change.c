/* SPDX-License-Identifier: Apache-2.0
 * Changes to the tree, as the stages and the hooks make them on the writer. TS-0004 7.3.3.5,
 * 7.3.3.7, 7.3.3.8. */
#include "serve/serve_int.h"

int64_t serve_expiration(const struct exchange *x, const struct serve_resource *parent,
                         int64_t requested)
{
    int64_t longest = x->now + (int64_t)x->serve->config.limits.max_expiration_s * USEC_PER_SEC;
    int64_t et = requested == 0 || requested > longest ? longest : requested;
    if (parent != NULL && parent->row.et != 0 && parent->row.et < et) {
        et = parent->row.et;
    }
    return et;
}

static struct bytes prefix_of(const struct type_resource *type)
{
    const struct type_resource *plain = type_by_number(type->number);
    struct bytes member = bytes_str(plain->member);
    return bytes_from(member, bytes_find(member, ':') + 1);
}

static void note_change(struct exchange *x, const struct type_resource *type)
{
    if (serve_is_policy_input(type)) {
        x->touches_policy = true;
        serve_policies_clear(x->serve->writer_policies);
    }
}

/* A sibling of that name that has expired and was not collected yet makes room. */
static status make_room(struct exchange *x, const struct serve_draft *draft)
{
    struct store_row row;
    if (draft->rn.len == 0 || draft->parent == NULL) {
        return OK;
    }
    status got = store_get_child(x->view, draft->parent->row.id, draft->rn, x->arena, &row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(got);
    ENSURE(serve_has_expired(x, &row), CONFLICT, "%.*s exists", BYTES_FMT(draft->rn));
    struct serve_resource resource;
    TRY(serve_resource_of_row(x, &row, &resource));
    return serve_delete_internal(x, &resource, false);
}

status serve_insert(struct exchange *x, const struct serve_draft *draft,
                    struct serve_resource *ret_resource)
{
    must(x->in_job);
    TRY(make_room(x, draft));
    struct store_new row = {
        .parent_id = draft->parent != NULL ? draft->parent->row.id : 0,
        .ri = draft->ri,
        .ri_prefix = prefix_of(draft->type),
        .rn = draft->rn,
        .type = draft->type->number,
        .is_instance = draft->type->storage == TYPE_STORAGE_INSTANCE,
        .ct = x->now,
        .lt = x->now,
        .et = draft->et,
        .state_tag = draft->state_tag,
        .size = draft->size,
        .originator = draft->owner,
        .parent = draft->parent != NULL ? &draft->parent->row : NULL,
        .set_parent_state_tag = draft->set_parent_state_tag,
        .parent_state_tag = draft->parent_state_tag,
    };
    TRY(serve_body_encode(x, draft->attributes, &row.body));
    TRY(serve_body_keys(x, draft->type, draft->attributes, &row.keys, &row.key_count));
    struct serve_resource resource = {.type = draft->type, .attributes = draft->attributes};
    TRY(store_insert(x->view, &row, x->arena, &resource.row));
    note_change(x, draft->type);
    x->parent_memo = (struct serve_resource){.row = {.id = 0}}; /* counters have moved */
    *ret_resource = resource;
    return OK;
}

status serve_create_internal(struct exchange *x, const struct serve_resource *parent,
                             const struct type_resource *type, struct bytes name,
                             struct wire_value *attributes, int64_t et, struct bytes originator,
                             struct serve_resource *ret_resource)
{
    struct serve_draft draft = {
        .parent = parent,
        .type = type,
        .rn = name,
        .attributes = attributes,
        .et = serve_expiration(x, parent, et),
        .state_tag = type_find(type, ATTR_STATE_TAG) != NULL ? 0 : -1,
        .size = -1,
        .owner = originator,
    };
    serve_strip_columns(type, attributes);
    TRY(serve_insert(x, &draft, ret_resource));
    if (parent != NULL) {
        struct serve_event event = {
            .kind = SERVE_RESOURCE_CREATED, .resource = *ret_resource, .parent = *parent};
        serve_event_add(x, &event);
    }
    return OK;
}

status serve_update_internal(struct exchange *x, struct serve_resource *resource,
                             struct wire_value *attributes, bool touch)
{
    must(x->in_job);
    struct store_change change = {
        .id = resource->row.id, .set_body = true, .set_keys = true, .set_lt = touch, .lt = x->now};
    serve_strip_columns(resource->type, attributes);
    TRY(serve_body_encode(x, attributes, &change.body));
    TRY(serve_body_keys(x, resource->type, attributes, &change.keys, &change.key_count));
    TRY(store_update(x->view, &change));
    note_change(x, resource->type);
    resource->attributes = attributes;
    resource->row.body = change.body;
    if (touch) {
        resource->row.lt = x->now;
    }
    if (x->parent_memo.row.id == resource->row.id) {
        x->parent_memo = *resource;
    }
    return OK;
}

/* ---- deletion ---- */

struct doomed {
    struct serve_resource resource;
    struct doomed *next;
};
struct doomed_list {
    struct exchange *x;
    struct doomed *first, *last;
    status result;
};

static bool collect(void *user, const struct store_row *row)
{
    struct doomed_list *list = user;
    struct doomed *one = ARENA_NEW(list->x->arena, struct doomed);
    if (one == NULL) {
        list->result = ERROR(NO_MEMORY);
        return false;
    }
    list->result = serve_row_dup(list->x, row, &one->resource.row);
    if (list->first == NULL) {
        list->first = one;
    } else {
        list->last->next = one;
    }
    list->last = one;
    return is_ok(list->result);
}

static status bury(struct exchange *x, struct serve_resource *resource,
                   const struct serve_resource *parent, bool silent)
{
    const struct serve_ops *ops = serve_ops_of(x->serve, resource->type);
    if (ops != NULL && ops->on_delete != NULL) {
        TRY(ops->on_delete(x, resource));
    }
    note_change(x, resource->type);
    struct serve_event event = {
        .kind = SERVE_RESOURCE_DELETED, .resource = *resource, .silent = silent};
    if (parent != NULL) {
        event.parent = *parent;
    }
    serve_event_add(x, &event);
    return OK;
}

static struct bytes id_key(const int64_t *id)
{
    return bytes_of(id, sizeof(*id));
}

/* The resource that a listed one stands below: known, or looked up and buried as well. */
static status bury_parent(struct exchange *x, int64_t id, struct map *by_id, bool silent,
                          const struct serve_resource **ret_parent)
{
    *ret_parent = map_get(by_id, id_key(&id));
    if (*ret_parent != NULL) {
        return OK;
    }
    struct store_row row;
    struct serve_resource *parent = ARENA_NEW(x->arena, struct serve_resource);
    ENSURE(parent != NULL, NO_MEMORY, "deletion");
    TRY(store_get_by_id(x->view, id, x->arena, &row));
    TRY(serve_resource_of_row(x, &row, parent));
    TRY(map_put(by_id, id_key(&id), parent));
    *ret_parent = parent;
    return bury(x, parent, NULL, silent);
}

static status bury_listed(struct exchange *x, const struct doomed_list *list, struct map *by_id,
                          bool silent)
{
    for (struct doomed *one = list->first; one != NULL; one = one->next) {
        struct store_row row = one->resource.row;
        TRY(serve_resource_of_row(x, &row, &one->resource));
        TRY(map_put(by_id, id_key(&one->resource.row.id), &one->resource));
    }
    for (struct doomed *one = list->first; one != NULL; one = one->next) {
        const struct serve_resource *parent;
        TRY(bury_parent(x, one->resource.row.parent_id, by_id, silent, &parent));
        TRY(bury(x, &one->resource, parent, silent));
    }
    return OK;
}

/* Of what lies below, only those matter whose type has something to do at its end or that decisions
 * rest on, and the resources they stand below: the cost does not grow with the whole tree. */
static status bury_descendants(struct exchange *x, struct serve_resource *root, bool silent)
{
    struct doomed_list list = {.x = x, .result = OK};
    if (root->row.is_instance || x->serve->marked_count == 0) {
        return OK;
    }
    struct store_search search = {.root_path = root->row.path,
                                  .types = x->serve->marked_types,
                                  .type_count = x->serve->marked_count,
                                  .with_body = true};
    TRY(store_search_below(x->view, &search, collect, &list));
    TRY(list.result);
    if (list.first == NULL) {
        return OK;
    }
    struct map *by_id = map_new(SIZE_MAX);
    ENSURE(by_id != NULL, NO_MEMORY, "deletion");
    status buried = map_put(by_id, id_key(&root->row.id), root);
    if (is_ok(buried)) {
        buried = bury_listed(x, &list, by_id, silent);
    }
    map_free(by_id);
    return buried;
}

status serve_delete_internal(struct exchange *x, struct serve_resource *resource, bool silent)
{
    must(x->in_job);
    struct serve_resource parent = {.row = {.id = 0}};
    TRY(serve_resource_read(x, resource));
    bool has_parent = resource->row.parent_id != 0;
    if (has_parent) {
        TRY(serve_resource_parent(x, resource, &parent));
    }
    TRY(bury(x, resource, has_parent ? &parent : NULL, silent));
    TRY(bury_descendants(x, resource, silent));
    TRY(store_delete(x->view, resource->row.id, NULL, NULL));
    x->parent_memo = (struct serve_resource){.row = {.id = 0}};
    const struct serve_ops *ops = has_parent ? serve_ops_of(x->serve, parent.type) : NULL;
    if (ops != NULL && ops->on_child_delete != NULL) {
        TRY(ops->on_child_delete(x, &parent, resource));
    }
    return OK;
}
