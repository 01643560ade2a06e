/* SPDX-License-Identifier: Apache-2.0
 * RETRIEVE of one resource, whole or in part. TS-0004 7.3.3.6, 7.3.3.17. */
#include "serve/serve_int.h"

status serve_show(struct exchange *x, struct serve_resource *resource,
                  struct wire_value **ret_representation)
{
    struct wire_value *representation;
    TRY(serve_resource_represent(x, resource, &representation));
    const struct serve_ops *ops = serve_ops_of(x->serve, resource->type);
    if (ops != NULL && ops->on_retrieve != NULL) {
        TRY(ops->on_retrieve(x, resource, representation));
    }
    *ret_representation = representation;
    return OK;
}

/* 7.3.3.6: only the attributes named; one that the type does not have is an error, one that the
 * resource lacks is left out. */
static status show_some(struct exchange *x, const struct prim_texts *names,
                        struct wire_value **ret_representation)
{
    struct wire_value *whole;
    struct wire_value *part = wire_object(x->arena);
    ENSURE(part != NULL, NO_MEMORY, "partial retrieve");
    TRY(serve_show(x, &x->target, &whole));
    for (size_t i = 0; i < names->count; i++) {
        struct bytes name = names->items[i];
        ENSURE(type_find_short(x->target.type, name) != NULL, BAD_REQUEST,
               "%s has no attribute %.*s", x->target.type->name, BYTES_FMT(name));
        const struct wire_value *value = wire_get(whole, name);
        if (value != NULL && wire_get(part, name) == NULL) {
            ENSURE(wire_add(part, arena_dup(x->arena, name), wire_dup(x->arena, value)) != NULL,
                   NO_MEMORY, "partial retrieve");
        }
    }
    ENSURE(part->count > 0, NOT_FOUND, "the attributes asked for are not there");
    *ret_representation = part;
    return OK;
}

static status show_part(struct exchange *x)
{
    struct prim_texts names = x->call->request.attribute_list;
    if (x->address.attribute.len > 0) {
        names = (struct prim_texts){.items = &x->address.attribute, .count = 1};
    }
    struct wire_value *part;
    TRY(show_some(x, &names, &part));
    x->result = serve_wrap(x, x->target.type, part);
    ENSURE(x->result != NULL, NO_MEMORY, "partial retrieve");
    return OK;
}

static bool has_children(enum prim_result_content rcn)
{
    return rcn == PRIM_RCN_ATTRIBUTES_CHILDREN || rcn == PRIM_RCN_ATTRIBUTES_CHILD_REFERENCES ||
           rcn == PRIM_RCN_CHILD_REFERENCES || rcn == PRIM_RCN_CHILDREN;
}

status serve_perform_retrieve(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    enum prim_result_content rcn = request->result_content;
    bool partial = x->address.attribute.len > 0 || request->attribute_list.count > 0;
    ENSURE(rcn != PRIM_RCN_ORIGINAL, BAD_REQUEST, "the target is not announced");
    if (partial) {
        ENSURE(rcn == PRIM_RCN_ABSENT || rcn == PRIM_RCN_ATTRIBUTES, BAD_REQUEST,
               "attributes and rcn %d", (int)rcn);
        TRY(show_part(x));
    } else {
        /* with children, the conditions choose among these */
        if (!has_children(rcn)) {
            TRY(serve_ensure_match(x));
        }
        TRY(serve_content_with_children(x, rcn == PRIM_RCN_ABSENT ? PRIM_RCN_ATTRIBUTES : rcn,
                                        &x->result));
    }
    x->has_result = true;
    x->rsc = 2000;
    return OK;
}
