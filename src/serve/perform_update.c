/* SPDX-License-Identifier: Apache-2.0
 * UPDATE: merge, times, state tag. TS-0004 7.3.3.7. */
#include "serve/serve_int.h"

/* et of the request: a time, or null for "choose"; otherwise as it was. */
static status new_expiration(struct exchange *x, int64_t *ret_et)
{
    const struct wire_value *value = type_get(x->representation, ATTR_EXPIRATION_TIME);
    if (value == NULL || type_find(x->target.type, ATTR_EXPIRATION_TIME) == NULL) {
        *ret_et = x->target.row.et;
        return OK;
    }
    int64_t requested = 0;
    if (wire_is(value, WIRE_STRING)) {
        TRY(timestamp_parse(value->string, &requested));
    }
    struct serve_resource parent = {.row = {.id = 0}};
    if (x->target.row.parent_id != 0) {
        TRY(serve_resource_parent(x, &x->target, &parent));
    }
    *ret_et = serve_expiration(x, parent.row.id != 0 ? &parent : NULL, requested);
    return OK;
}

static status store_changes(struct exchange *x, struct wire_value *attributes)
{
    struct store_row *row = &x->target.row;
    int64_t et;
    TRY(new_expiration(x, &et));
    struct store_change change = {
        .id = row->id,
        .set_body = true,
        .set_keys = true,
        .set_lt = true,
        .lt = x->now,
        .set_et = et != row->et,
        .et = et,
        .set_state_tag = row->state_tag >= 0,
        .state_tag = row->state_tag + 1,
        .set_size = x->new_size != row->size,
        .size = x->new_size,
    };
    TRY(serve_body_encode(x, attributes, &change.body));
    TRY(serve_body_keys(x, x->target.type, attributes, &change.keys, &change.key_count));
    TRY(store_update(x->view, &change));
    row->lt = x->now;
    row->et = et;
    row->size = x->new_size;
    if (row->state_tag >= 0) {
        row->state_tag += 1;
    }
    row->body = change.body;
    x->target.attributes = attributes;
    if (serve_is_policy_input(x->target.type)) {
        x->touches_policy = true;
        serve_policies_clear(x->serve->writer_policies);
    }
    return OK;
}

/* What differs between two representations; null for what is gone. */
static status changed(struct exchange *x, const struct wire_value *before,
                      const struct wire_value *after, struct wire_value **ret_modified)
{
    struct wire_value *modified = wire_object(x->arena);
    ENSURE(modified != NULL, NO_MEMORY, "modified attributes");
    for
        WIRE_EACH(member, after)
        {
            const struct wire_value *old = wire_get(before, member->name);
            if (old == NULL || !wire_equal(old, member)) {
                ENSURE(wire_add(modified, member->name, wire_dup(x->arena, member)) != NULL,
                       NO_MEMORY, "modified attributes");
            }
        }
    for
        WIRE_EACH(member, before)
        {
            if (wire_get(after, member->name) == NULL) {
                ENSURE(wire_add(modified, member->name, wire_null(x->arena)) != NULL, NO_MEMORY,
                       "modified attributes");
            }
        }
    *ret_modified = modified;
    return OK;
}

static status tell(struct exchange *x)
{
    struct wire_value *after;
    struct serve_event event = {.kind = SERVE_RESOURCE_UPDATED, .before = x->before};
    TRY(serve_resource_represent(x, &x->target, &after));
    TRY(changed(x, x->before, after, &event.modified));
    event.resource = x->target;
    if (x->target.row.parent_id != 0) {
        TRY(serve_resource_parent(x, &x->target, &event.parent));
    }
    serve_event_add(x, &event);
    return OK;
}

status serve_perform_update(struct exchange *x)
{
    const struct serve_ops *ops = serve_ops_of(x->serve, x->target.type);
    TRY(serve_ensure_match(x));
    TRY(serve_resource_represent(x, &x->target, &x->before));
    x->new_size = x->target.row.size;
    if (ops != NULL && ops->on_update != NULL) {
        TRY(ops->on_update(x));
    }
    struct wire_value *attributes = wire_dup(x->arena, x->target.attributes);
    ENSURE(attributes != NULL, NO_MEMORY, "update");
    TRY(type_merge(attributes, x->representation, x->arena));
    serve_strip_columns(x->target.type, attributes);
    TRY(store_changes(x, attributes));
    if (ops != NULL && ops->updated != NULL) {
        TRY(ops->updated(x));
    }
    TRY(tell(x));
    x->rsc = 2004;
    return OK;
}
