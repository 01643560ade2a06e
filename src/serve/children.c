/* SPDX-License-Identifier: Apache-2.0
 * Result content with children or references to them: rcn 4, 5, 6 and 8, with lvl, lim and ofst.
 * TS-0001 8.1.2, TS-0004 7.3.3.17.10, 7.3.3.17.14, 7.3.3.17.15, 7.5.2. */
#include "serve/serve_int.h"

#define PAGE 64
#define SHOWN_OCTETS 512 /* about what an answer shows of a child beside its stored attributes */
#define PAGE_OCTETS ((size_t)1 << 20) /* of stored attributes, beside the last one */

struct listing {
    struct exchange *x;
    const struct prim_filter *conditions; /* or NULL */
    bool references;
    uint64_t left;      /* resources that may still be listed */
    uint64_t octets;    /* of the answer that are left for them */
    uint64_t max_depth; /* below the target */
};

/* One page of children, copied out of the store's walk. */
struct page {
    struct exchange *x;
    struct store_row rows[PAGE];
    size_t count, octets;
    bool more; /* others may follow */
    status result;
};

static bool take_row(void *user, const struct store_row *row)
{
    struct page *page = user;
    page->result = serve_row_dup(page->x, row, &page->rows[page->count]);
    page->count += is_ok(page->result) ? 1 : 0;
    page->octets += row->body.len;
    page->more = page->count == PAGE || page->octets >= PAGE_OCTETS;
    return is_ok(page->result) && !page->more;
}

static status read_page(struct exchange *x, int64_t parent_id, uint64_t offset,
                        struct page **ret_page)
{
    struct page *page = ARENA_NEW(x->arena, struct page);
    ENSURE(page != NULL, NO_MEMORY, "children");
    page->x = x;
    struct store_children query = {
        .parent_id = parent_id, .offset = offset, .limit = PAGE, .with_body = true};
    TRY(store_each_child(x->view, &query, take_row, page));
    TRY(page->result);
    *ret_page = page;
    return OK;
}

/* The other half is for the answer. */
static bool is_half_full(const struct exchange *x)
{
    return arena_used(x->arena) > x->serve->config.limits.arena_size / 2;
}

/* Whether a child takes part: there, matching, readable for the originator. */
static status takes_part(struct listing *list, struct serve_resource *child, bool *ret_part)
{
    struct exchange *x = list->x;
    *ret_part = false;
    if (serve_has_expired(x, &child->row)) {
        return OK;
    }
    if (list->conditions != NULL) {
        bool match = false;
        TRY(serve_filter_match(x, list->conditions, child, &match));
        if (!match) {
            return OK;
        }
    }
    status allowed = serve_authorize(x, &x->who, child, TYPE_OP_RETRIEVE, 0);
    if (status_is(allowed, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE)) {
        return OK;
    }
    TRY(allowed);
    *ret_part = true;
    return OK;
}

static status list_children(struct listing *list, struct serve_resource *parent, uint64_t depth,
                            struct wire_value *into);

/* A reference, or the representation with its own children, into the list or object. LIMIT when
 * it does not fit whole. */
static status list_child(struct listing *list, struct serve_resource *child, uint64_t depth,
                         struct wire_value *into)
{
    struct exchange *x = list->x;
    bool part;
    TRY(takes_part(list, child, &part));
    if (list->references) {
        if (part) {
            ENSURE(list->left > 0, LIMIT, "list is full");
            list->left -= 1;
            ENSURE(wire_push(into, serve_child_reference(x, child)) != NULL, NO_MEMORY,
                   "child references");
        }
        return child->row.is_instance ? OK : list_children(list, child, depth, into);
    }
    if (!part) {
        return OK;
    }
    uint64_t cost = child->row.body.len + SHOWN_OCTETS;
    ENSURE(list->left > 0 && cost <= list->octets, LIMIT, "list is full");
    list->octets -= cost;
    struct wire_value *shown;
    status show = serve_show(x, child, &shown);
    if (status_is(show, STATUS_OPERATION_NOT_ALLOWED)) {
        return OK; /* the type hides it from everybody */
    }
    TRY(show);
    list->left -= 1;
    if (!child->row.is_instance) {
        TRY(list_children(list, child, depth, shown));
    }
    struct bytes member = bytes_str(child->type->member);
    struct wire_value *array = wire_get(into, member);
    if (array == NULL) {
        array = wire_add(into, member, wire_array(x->arena));
    }
    ENSURE(wire_push(array, shown) != NULL, NO_MEMORY, "children");
    return OK;
}

static status list_children(struct listing *list, struct serve_resource *parent, uint64_t depth,
                            struct wire_value *into)
{
    struct exchange *x = list->x;
    if (depth >= list->max_depth) {
        return OK;
    }
    struct page *page;
    for (uint64_t offset = 0;; offset += page->count) {
        ENSURE(!is_half_full(x), LIMIT, "no room for more children");
        TRY(read_page(x, parent->row.id, offset, &page));
        for (size_t i = 0; i < page->count; i++) {
            struct serve_resource child;
            TRY(serve_resource_of_row(x, &page->rows[i], &child));
            TRY(list_child(list, &child, depth + 1, into));
        }
        if (!page->more) {
            return OK;
        }
    }
}

/* One direct child, wholly or not at all: listed apart first, then joined. */
static status list_direct(struct listing *list, const struct store_row *row,
                          struct wire_value *into)
{
    struct exchange *x = list->x;
    struct wire_value *apart = list->references ? wire_array(x->arena) : wire_object(x->arena);
    ENSURE(apart != NULL, NO_MEMORY, "children");
    uint64_t left = list->left, octets = list->octets;
    struct serve_resource child;
    TRY(serve_resource_of_row(x, row, &child));
    status listed = list_child(list, &child, 1, apart);
    if (is_error(listed)) {
        list->left = left;
        list->octets = octets;
        return listed;
    }
    while (apart->first != NULL) {
        struct wire_value *one = apart->first;
        apart->first = one->next;
        one->next = NULL;
        if (list->references) {
            wire_push(into, one);
            continue;
        }
        struct wire_value *array = wire_get(into, one->name);
        if (array == NULL) {
            wire_add(into, one->name, one);
        } else {
            wire_push(array, one->first);
        }
    }
    return OK;
}

static status list_all(struct listing *list, uint64_t offset, struct wire_value *into)
{
    struct exchange *x = list->x;
    uint64_t position = offset > 0 ? offset - 1 : 0;
    while (list->max_depth > 0) {
        struct page *page;
        TRY(read_page(x, x->target.row.id, position, &page));
        for (size_t i = 0; i < page->count; i++) {
            status listed = list_direct(list, &page->rows[i], into);
            bool full = status_is(listed, STATUS_LIMIT) || is_half_full(x);
            if (full && !status_is(listed, STATUS_LIMIT)) {
                TRY(listed);
                position += 1; /* this one is in */
            }
            if (full) {
                x->partial = true;
                x->next_offset = position + 1;
                return OK;
            }
            TRY(listed);
            position += 1;
        }
        if (!page->more) {
            break;
        }
    }
    return OK;
}

static struct listing listing_of(struct exchange *x, bool references)
{
    const struct prim_request *request = &x->call->request;
    const struct prim_filter *filter = &request->filter;
    const struct limits *limits = &x->serve->config.limits;
    struct listing list = {.x = x, .references = references};
    list.left = limits->discovery_results;
    uint64_t taken = x->target.row.body.len + SHOWN_OCTETS;
    list.octets = limits->body_size > taken ? limits->body_size - taken : 0;
    if (filter->limit > 0 && filter->limit < list.left) {
        list.left = filter->limit;
    }
    list.max_depth = limits->path_depth;
    if (filter->level >= 0 && (uint64_t)filter->level < list.max_depth) {
        list.max_depth = (uint64_t)filter->level;
    }
    if (request->operation == PRIM_RETRIEVE && serve_filter_has_conditions(filter)) {
        list.conditions = filter;
    }
    return list;
}

static struct wire_value *wrap_references(struct exchange *x, struct wire_value *references)
{
    struct wire_value *list = wire_object(x->arena);
    struct wire_value *content = wire_object(x->arena);
    if (wire_add(list, BYTES("rrf"), references) == NULL ||
        wire_add(content, BYTES("m2m:rrl"), list) == NULL) {
        return NULL;
    }
    return content;
}

static status content_of_references(struct exchange *x, enum prim_result_content rcn,
                                    struct wire_value **ret_content)
{
    struct listing list = listing_of(x, true);
    struct wire_value *references = wire_array(x->arena);
    ENSURE(references != NULL, NO_MEMORY, "child references");
    struct wire_value *shown = NULL;
    if (rcn == PRIM_RCN_ATTRIBUTES_CHILD_REFERENCES) {
        TRY(serve_show(x, &x->target, &shown));
    }
    TRY(list_all(&list, x->call->request.filter.offset, references));
    if (rcn == PRIM_RCN_CHILD_REFERENCES) {
        *ret_content = wrap_references(x, references);
    } else {
        ENSURE(references->count == 0 || wire_add(shown, BYTES("ch"), references) != NULL,
               NO_MEMORY, "child references");
        *ret_content = serve_wrap(x, x->target.type, shown);
    }
    ENSURE(*ret_content != NULL, NO_MEMORY, "child references");
    return OK;
}

static status content_of_children(struct exchange *x, enum prim_result_content rcn,
                                  struct wire_value **ret_content)
{
    struct listing list = listing_of(x, false);
    struct wire_value *shown = wire_object(x->arena);
    if (rcn != PRIM_RCN_CHILDREN) {
        TRY(serve_show(x, &x->target, &shown));
    }
    if (rcn != PRIM_RCN_ATTRIBUTES) {
        TRY(list_all(&list, x->call->request.filter.offset, shown));
    }
    *ret_content = serve_wrap(x, x->target.type, shown);
    ENSURE(*ret_content != NULL, NO_MEMORY, "children");
    return OK;
}

status serve_content_with_children(struct exchange *x, enum prim_result_content rcn,
                                   struct wire_value **ret_content)
{
    struct authz_decision decision = x->decision;
    struct bytes policy = x->deciding_policy;
    const char *stage = x->deciding_stage;
    bool references =
        rcn == PRIM_RCN_CHILD_REFERENCES || rcn == PRIM_RCN_ATTRIBUTES_CHILD_REFERENCES;
    status result = references ? content_of_references(x, rcn, ret_content)
                               : content_of_children(x, rcn, ret_content);
    x->decision = decision; /* the answer was decided at the target, not at its last child */
    x->deciding_policy = policy;
    x->deciding_stage = stage;
    return result;
}
