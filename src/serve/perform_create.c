/* SPDX-License-Identifier: Apache-2.0
 * CREATE: names, times, creator, default values, the row. TS-0004 7.3.3.5. */
#include "serve/serve_int.h"

#define INITIAL_DEPTH 8
#define INITIAL_VALUES 64

/* Attributes of multiplicity 1 that are not in the request get the value of the type's table. */
static status add_defaults(struct exchange *x)
{
    const struct type_resource *type = x->new_type;
    struct wire_limits limits = {INITIAL_DEPTH, INITIAL_VALUES, INITIAL_VALUES};
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *attr = &type->attributes[i];
        if (attr->initial == NULL || attr->card != TYPE_ONE || serve_is_column(attr->id) ||
            type_get(x->representation, attr->id) != NULL) {
            continue;
        }
        struct wire_value *value;
        TRY(wire_decode(WIRE_JSON, bytes_str(attr->initial), &limits, x->arena, &value));
        ENSURE(type_set(x->representation, attr->id, value) != NULL, NO_MEMORY, "defaults");
    }
    return OK;
}

/* creator is kept when it was asked for, with the From of the request. */
static status set_creator(struct exchange *x)
{
    if (!wire_is(type_get(x->representation, ATTR_CREATOR), WIRE_NULL) ||
        type_get(x->representation, ATTR_CREATOR) == NULL) {
        return OK;
    }
    struct wire_value *value = wire_string(x->arena, x->who.claimed);
    ENSURE(value != NULL && type_set(x->representation, ATTR_CREATOR, value) != NULL, NO_MEMORY,
           "creator");
    return OK;
}

static status set_expiration(struct exchange *x)
{
    struct bytes text = type_get_string(x->representation, ATTR_EXPIRATION_TIME);
    int64_t requested = 0;
    if (text.ptr != NULL) {
        TRY(timestamp_parse(text, &requested));
    }
    x->new_et = 0;
    if (type_find(x->new_type, ATTR_EXPIRATION_TIME) != NULL) {
        x->new_et = serve_expiration(x, &x->target, requested);
    }
    return OK;
}

/* What the answer shows is what is stored: nulls have done their work. */
static void drop_nulls(struct wire_value *attributes)
{
    struct wire_value *member = attributes->first;
    while (member != NULL) {
        struct wire_value *next = member->next;
        if (member->kind == WIRE_NULL) {
            wire_remove(attributes, member->name);
        }
        member = next;
    }
}

static status insert(struct exchange *x, struct bytes rn)
{
    const struct type_child *child = type_find_child(x->target.type, x->new_type->number);
    struct serve_draft draft = {
        .parent = &x->target,
        .type = x->new_type,
        .ri = x->assigned_ri,
        .rn = rn,
        .attributes = x->representation,
        .et = x->new_et,
        .state_tag = x->new_state_tag,
        .size = x->new_size,
        .owner = x->owner,
        .set_parent_state_tag = x->new_parent_state_tag >= 0,
        .parent_state_tag = x->new_parent_state_tag,
    };
    if (rn.len == 0 && child != NULL && child->fixed_name != NULL) {
        draft.rn = bytes_str(child->fixed_name);
    }
    return serve_insert(x, &draft, &x->created);
}

status serve_perform_create(struct exchange *x)
{
    const struct serve_ops *ops = serve_ops_of(x->serve, x->new_type);
    const struct serve_ops *parent_ops = serve_ops_of(x->serve, x->target.type);
    x->new_state_tag = type_find(x->new_type, ATTR_STATE_TAG) != NULL ? 0 : -1;
    x->new_size = -1;
    x->new_parent_state_tag = -1;
    struct bytes rn = type_get_string(x->representation, ATTR_RESOURCE_NAME);
    TRY(set_expiration(x));
    TRY(set_creator(x));
    TRY(add_defaults(x));
    if (ops != NULL && ops->on_create != NULL) {
        TRY(ops->on_create(x));
    }
    serve_strip_columns(x->new_type, x->representation);
    drop_nulls(x->representation);
    if (parent_ops != NULL && parent_ops->on_child_create != NULL) {
        TRY(parent_ops->on_child_create(x, &x->target));
    }
    TRY(insert(x, rn));
    if (ops != NULL && ops->created != NULL) {
        TRY(ops->created(x));
    }
    struct serve_event event = {
        .kind = SERVE_RESOURCE_CREATED, .resource = x->created, .parent = x->target};
    serve_event_add(x, &event);
    x->rsc = 2001;
    return OK;
}
