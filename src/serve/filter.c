/* SPDX-License-Identifier: Apache-2.0
 * Filter criteria against one resource: equal tags are alternatives, different tags are joined by
 * AND, or by OR when fo says so. TS-0004 7.3.3.17. */
#include "serve/serve_int.h"

/* Conditions so far. A tag that is not in the request takes no part. */
struct tally {
    bool any_true, any_false;
};

static void count(struct tally *tally, bool present, bool holds)
{
    tally->any_true = tally->any_true || (present && holds);
    tally->any_false = tally->any_false || (present && !holds);
}

bool serve_filter_has_conditions(const struct prim_filter *filter)
{
    return filter->created_before != 0 || filter->created_after != 0 ||
           filter->modified_since != 0 || filter->unmodified_since != 0 ||
           filter->expire_before != 0 || filter->expire_after != 0 ||
           filter->state_tag_smaller >= 0 || filter->state_tag_bigger >= 0 ||
           filter->size_above >= 0 || filter->size_below >= 0 || filter->labels.count > 0 ||
           filter->child_labels.count > 0 || filter->parent_labels.count > 0 ||
           filter->labels_query.len > 0 || filter->resource_types.count > 0 ||
           filter->child_resource_types.count > 0 || filter->parent_resource_types.count > 0 ||
           filter->content_types.count > 0 || filter->attributes.count > 0 ||
           filter->child_attributes.count > 0 || filter->parent_attributes.count > 0;
}

/* 7.3.3.17.9: these have conditions of their own */
static status check_attributes(const struct prim_attribute_conditions *conditions)
{
    static const enum type_attr_id refused[] = {
        ATTR_CREATION_TIME, ATTR_LAST_MODIFIED_TIME, ATTR_STATE_TAG,    ATTR_EXPIRATION_TIME,
        ATTR_LABELS,        ATTR_RESOURCE_TYPE,      ATTR_CONTENT_SIZE, ATTR_CONTENT_INFO};
    for (size_t i = 0; i < conditions->count; i++) {
        for (size_t j = 0; j < ARRAY_LEN(refused); j++) {
            ENSURE(!bytes_equal(conditions->items[i].name, type_attr_short(refused[j])),
                   BAD_REQUEST, "attribute condition on %.*s",
                   BYTES_FMT(conditions->items[i].name));
        }
    }
    return OK;
}

status serve_filter_check(const struct prim_filter *filter)
{
    ENSURE(!filter->has_semantics, NOT_IMPLEMENTED, "semantics filter");
    ENSURE(!filter->has_content_filter, NOT_IMPLEMENTED, "content filter");
    ENSURE(filter->filter_usage <= 2, NOT_IMPLEMENTED, "filter usage %u",
           (unsigned)filter->filter_usage);
    ENSURE(filter->filter_operation <= 2, NOT_IMPLEMENTED, "filter operation %u",
           (unsigned)filter->filter_operation);
    if (filter->labels_query.len > 0) {
        TRY(serve_labels_query_check(filter->labels_query));
    }
    TRY(check_attributes(&filter->attributes));
    TRY(check_attributes(&filter->child_attributes));
    return check_attributes(&filter->parent_attributes);
}

/* ---- conditions on one resource ---- */

static bool labels_match(const struct prim_texts *wanted, const struct wire_value *labels)
{
    for
        WIRE_EACH(label, labels)
        {
            for (size_t i = 0; i < wanted->count; i++) {
                if (bytes_equal(wire_get_string(label), wanted->items[i])) {
                    return true;
                }
            }
        }
    return false;
}

static bool type_matches(const struct prim_numbers *wanted, uint32_t type)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->items[i] == type) {
            return true;
        }
    }
    return false;
}

static bool value_matches(struct exchange *x, const struct wire_value *value, struct bytes wanted)
{
    if (value->kind == WIRE_ARRAY) {
        for
            WIRE_EACH(element, value)
            {
                if (value_matches(x, element, wanted)) {
                    return true;
                }
            }
        return false;
    }
    struct bytes text = value->kind == WIRE_OBJECT ? BYTES_NONE : serve_scalar_text(x, value);
    if (text.ptr == NULL) {
        return false;
    }
    return serve_is_discovery(x) ? bytes_glob(wanted, text) : bytes_equal(wanted, text);
}

static bool attribute_matches(struct exchange *x, const struct prim_attribute_condition *condition,
                              const struct serve_resource *resource)
{
    struct wire_value column = {.kind = WIRE_STRING};
    const struct wire_value *value = wire_get(resource->attributes, condition->name);
    const struct type_attr *attr = type_find_short(resource->type, condition->name);
    if (value == NULL && attr != NULL) {
        const struct store_row *row = &resource->row;
        if (attr->id == ATTR_RESOURCE_NAME) {
            column.string = row->rn;
        } else if (attr->id == ATTR_RESOURCE_ID) {
            column.string = row->ri;
        } else if (attr->id == ATTR_PARENT_ID) {
            column.string = row->parent_ri;
        } else if (attr->id == ATTR_CURRENT_NR_OF_INSTANCES) {
            column = (struct wire_value){.kind = WIRE_INT, .integer = row->instances};
        } else if (attr->id == ATTR_CURRENT_BYTE_SIZE) {
            column = (struct wire_value){.kind = WIRE_INT, .integer = row->instance_bytes};
        } else {
            return false;
        }
        value = &column;
    }
    struct bytes wanted = serve_scalar_text(x, condition->value);
    return value != NULL && wanted.ptr != NULL && value_matches(x, value, wanted);
}

static bool attributes_match(struct exchange *x, const struct prim_attribute_conditions *wanted,
                             const struct serve_resource *resource)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (attribute_matches(x, &wanted->items[i], resource)) {
            return true;
        }
    }
    return false;
}

static bool content_type_matches(const struct prim_texts *wanted,
                                 const struct wire_value *attributes)
{
    struct bytes info = type_get_string(attributes, ATTR_CONTENT_INFO);
    struct bytes media = bytes_slice(info, 0, bytes_find(info, ':'));
    for (size_t i = 0; media.len > 0 && i < wanted->count; i++) {
        if (bytes_equal(media, wanted->items[i])) {
            return true;
        }
    }
    return false;
}

static void match_row(const struct prim_filter *f, const struct store_row *row, struct tally *tally)
{
    count(tally, f->created_before != 0, row->ct < f->created_before);
    count(tally, f->created_after != 0, f->created_after <= row->ct);
    count(tally, f->modified_since != 0, f->modified_since <= row->lt);
    count(tally, f->unmodified_since != 0, row->lt < f->unmodified_since);
    count(tally, f->expire_before != 0, row->et != 0 && row->et < f->expire_before);
    count(tally, f->expire_after != 0, row->et != 0 && f->expire_after <= row->et);
    count(tally, f->state_tag_smaller >= 0,
          row->state_tag >= 0 && row->state_tag < f->state_tag_smaller);
    count(tally, f->state_tag_bigger >= 0,
          row->state_tag >= 0 && f->state_tag_bigger <= row->state_tag);
    count(tally, f->size_above >= 0, row->size >= 0 && f->size_above <= row->size);
    count(tally, f->size_below >= 0, row->size >= 0 && row->size < f->size_below);
    count(tally, f->resource_types.count > 0, type_matches(&f->resource_types, row->type));
}

static void match_attributes(struct exchange *x, const struct prim_filter *f,
                             const struct serve_resource *resource, struct tally *tally)
{
    const struct wire_value *labels = type_get(resource->attributes, ATTR_LABELS);
    count(tally, f->labels.count > 0, labels_match(&f->labels, labels));
    count(tally, f->labels_query.len > 0, serve_labels_query_match(f->labels_query, labels));
    count(tally, f->content_types.count > 0,
          content_type_matches(&f->content_types, resource->attributes));
    count(tally, f->attributes.count > 0, attributes_match(x, &f->attributes, resource));
}

/* ---- conditions on the parent and on the children ---- */

/* Whether one has a value is told to nobody who may not see the resource that has it: to him it is
 * not there. The right is the one that the request itself needs of what it lists. */
static status may_see(struct exchange *x, struct serve_resource *resource, bool *ret_may)
{
    struct authz_decision decision = x->decision;
    struct bytes policy = x->deciding_policy;
    const char *stage = x->deciding_stage;
    uint32_t right = serve_is_discovery(x) ? TYPE_OP_DISCOVERY : TYPE_OP_RETRIEVE;
    status allowed = serve_authorize(x, &x->who, resource, right, 0);
    x->decision = decision;
    x->deciding_policy = policy;
    x->deciding_stage = stage;
    *ret_may = is_ok(allowed);
    return status_is(allowed, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE) ? OK : allowed;
}

static status match_parent(struct exchange *x, const struct prim_filter *f,
                           const struct serve_resource *resource, struct tally *tally)
{
    if (f->parent_labels.count == 0 && f->parent_resource_types.count == 0 &&
        f->parent_attributes.count == 0) {
        return OK;
    }
    struct serve_resource parent = {.row = {.id = 0}};
    bool has = resource->row.parent_id != 0;
    if (has) {
        TRY(serve_resource_parent(x, resource, &parent));
        TRY(may_see(x, &parent, &has));
    }
    count(tally, f->parent_labels.count > 0,
          has && labels_match(&f->parent_labels, type_get(parent.attributes, ATTR_LABELS)));
    count(tally, f->parent_resource_types.count > 0,
          has && type_matches(&f->parent_resource_types, parent.row.type));
    count(tally, f->parent_attributes.count > 0,
          has && attributes_match(x, &f->parent_attributes, &parent));
    return OK;
}

struct child_match {
    struct exchange *x;
    const struct prim_filter *filter;
    bool labels, types, attributes;
    uint64_t left;
    status result;
};

#define ROW_OCTETS 256 /* about what a look costs beside the attributes */

bool serve_may_look(struct exchange *x, const struct store_row *row)
{
    x->looked_octets += row->body.len + ROW_OCTETS;
    return x->looked_octets <= x->serve->config.limits.discovery_octets;
}

static bool match_child(void *user, const struct store_row *row)
{
    struct child_match *match = user;
    const struct prim_filter *f = match->filter;
    struct serve_resource child;
    if (serve_has_expired(match->x, row)) {
        return true;
    }
    if (!serve_may_look(match->x, row)) {
        match->result = ERROR(LIMIT);
        return false;
    }
    match->result = serve_resource_of_row(match->x, row, &child);
    if (is_ok(match->result)) {
        match->result = serve_resource_read(match->x, &child);
    }
    if (is_error(match->result)) {
        return false;
    }
    bool labels = labels_match(&f->child_labels, type_get(child.attributes, ATTR_LABELS));
    bool type = type_matches(&f->child_resource_types, row->type);
    bool attributes = attributes_match(match->x, &f->child_attributes, &child);
    bool may = false;
    if (labels || type || attributes) {
        match->result = may_see(match->x, &child, &may);
    }
    match->labels = match->labels || (may && labels);
    match->types = match->types || (may && type);
    match->attributes = match->attributes || (may && attributes);
    match->left -= 1;
    return is_ok(match->result) && match->left > 0 &&
           !(match->labels && match->types && match->attributes);
}

static status match_children(struct exchange *x, const struct prim_filter *f,
                             const struct serve_resource *resource, struct tally *tally)
{
    if (f->child_labels.count == 0 && f->child_resource_types.count == 0 &&
        f->child_attributes.count == 0) {
        return OK;
    }
    struct child_match match = {.x = x,
                                .filter = f,
                                .labels = f->child_labels.count == 0,
                                .types = f->child_resource_types.count == 0,
                                .attributes = f->child_attributes.count == 0,
                                .left = x->serve->config.limits.discovery_results,
                                .result = OK};
    struct store_children query = {.parent_id = resource->row.id, .with_body = true};
    if (!resource->row.is_instance) {
        TRY(store_each_child(x->view, &query, match_child, &match));
        TRY(match.result);
    }
    count(tally, f->child_labels.count > 0, match.labels);
    count(tally, f->child_resource_types.count > 0, match.types);
    count(tally, f->child_attributes.count > 0, match.attributes);
    return OK;
}

status serve_filter_match(struct exchange *x, const struct prim_filter *filter,
                          struct serve_resource *resource, bool *ret_match)
{
    struct tally tally = {false, false};
    bool any = filter->filter_operation == 2;
    match_row(filter, &resource->row, &tally);
    if (!any && tally.any_false) {
        *ret_match = false; /* the rest cannot change it */
        return OK;
    }
    TRY(serve_resource_read(x, resource));
    match_attributes(x, filter, resource, &tally);
    if (any || !tally.any_false) {
        TRY(match_parent(x, filter, resource, &tally));
        TRY(match_children(x, filter, resource, &tally));
    }
    *ret_match = any ? tally.any_true || !tally.any_false : !tally.any_false;
    return OK;
}

/* After authorization: whether an attribute has a value is told to nobody who may not read it. */
status serve_ensure_match(struct exchange *x)
{
    const struct prim_filter *filter = &x->call->request.filter;
    bool match = true;
    if (filter->present && serve_filter_has_conditions(filter)) {
        TRY(serve_filter_match(x, filter, &x->target, &match));
    }
    ENSURE(match, NOT_FOUND, "the filter criteria do not match");
    return OK;
}
