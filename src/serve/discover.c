/* SPDX-License-Identifier: Apache-2.0
 * Discovery: descendants of the target that match and that the originator may discover.
 * TS-0001 10.2.6, TS-0004 7.3.3.14. */
#include "serve/serve_int.h"

#define SCRATCH_MEMORY (16u * 1024u * 1024u)
#define SCRATCH_RESET (256u * 1024u)
#define REGISTRATION_INACTIVE "2" /* m2m:AERegistrationStatus */

struct discovery {
    struct exchange *x;
    struct arena *arena;   /* of the answer */
    struct arena *scratch; /* of one candidate after the other */
    struct wire_value *results;
    struct prim_texts inactive; /* paths of AEs that are not to be searched */
    uint64_t skip, left, visits;
    status result;
};

bool serve_is_discovery(const struct exchange *x)
{
    return x->call->request.operation == PRIM_RETRIEVE && x->call->request.filter.filter_usage == 1;
}

/* ---- index ---- */

static bool in_instances(struct bytes name)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (type->storage == TYPE_STORAGE_INSTANCE && type_find_short(type, name) != NULL) {
            return true;
        }
    }
    return false;
}

/* Keys for one attribute condition, or false when the index does not answer it: patterns, long
 * values, columns, and attributes that instances have, whose index is labels only. */
static bool add_attribute_keys(struct exchange *x, const struct prim_attribute_condition *condition,
                               struct store_key *keys, size_t room, size_t *count)
{
    struct bytes text = serve_scalar_text(x, condition->value);
    if (text.ptr == NULL || text.len > SERVE_KEY_MAX || bytes_find(text, '*') < text.len ||
        in_instances(condition->name)) {
        return false;
    }
    for (int id = ATTR_NONE + 1; id < ATTR_COUNT; id++) {
        if (!bytes_equal(type_attr_short((enum type_attr_id)id), condition->name)) {
            continue;
        }
        if (serve_is_column((enum type_attr_id)id) || *count >= room) {
            return false;
        }
        keys[(*count)++] = (struct store_key){(uint32_t)id, text};
    }
    return true;
}

#define KEYS_MAX 64

/* The most selective key condition of an AND, if there is one. */
static void choose_keys(struct exchange *x, const struct prim_filter *filter,
                        struct store_search *search)
{
    struct store_key *keys = ARENA_ARRAY(x->arena, struct store_key, KEYS_MAX);
    size_t count = 0;
    if (keys == NULL || filter->filter_operation == 2) {
        return;
    }
    bool usable = filter->attributes.count > 0;
    for (size_t i = 0; usable && i < filter->attributes.count; i++) {
        usable = add_attribute_keys(x, &filter->attributes.items[i], keys, KEYS_MAX, &count);
    }
    if (!usable) {
        count = 0;
        usable = filter->labels.count > 0 && filter->labels.count <= KEYS_MAX;
        for (size_t i = 0; usable && i < filter->labels.count; i++) {
            usable = filter->labels.items[i].len <= SERVE_KEY_MAX;
            keys[count++] = (struct store_key){ATTR_LABELS, filter->labels.items[i]};
        }
    }
    if (usable) {
        search->any_keys = keys;
        search->any_key_count = count;
    }
}

static void plan(struct exchange *x, struct store_search *search)
{
    const struct prim_filter *filter = &x->call->request.filter;
    *search = (struct store_search){.root_path = x->target.row.path, .with_body = true};
    if (filter->level >= 0) {
        search->max_depth = filter->level > 0 ? (uint32_t)filter->level : 1;
    }
    choose_keys(x, filter, search);
    if (filter->filter_operation != 2) {
        search->types = filter->resource_types.items;
        search->type_count = filter->resource_types.count;
        search->created_from = filter->created_after;
        search->created_before = filter->created_before;
    }
}

/* ---- one candidate ---- */

static bool is_below(struct bytes path, struct bytes root)
{
    return bytes_equal(path, root) ||
           (path.len > root.len && bytes_starts_with(path, root) && path.ptr[root.len] == '/');
}

static bool is_inactive(const struct discovery *discovery, struct bytes path)
{
    for (size_t i = 0; i < discovery->inactive.count; i++) {
        if (is_below(path, discovery->inactive.items[i])) {
            return true;
        }
    }
    return false;
}

/* applyRelativePath (7.3.3.17.17): what stands at path/relative; "..", too. */
static status follow(struct exchange *x, struct bytes path, struct serve_found *ret_found,
                     struct bytes *ret_path)
{
    struct bytes relative = x->call->request.filter.apply_relative_path;
    while (relative.ptr != NULL) {
        struct bytes segment = bytes_cut(&relative, '/');
        if (bytes_is(segment, "..")) {
            size_t cut = bytes_find_last(path, '/');
            ENSURE(cut < path.len, NOT_FOUND, "above the CSEBase");
            path = bytes_slice(path, 0, cut);
        } else if (segment.len > 0 && !bytes_is(segment, ".")) {
            path = arena_printf(x->arena, "%.*s/%.*s", BYTES_FMT(path), BYTES_FMT(segment));
            ENSURE(path.ptr != NULL, NO_MEMORY, "relative path");
        }
    }
    struct prim_address address = {.ours = true, .is_structured = true, .local = path};
    TRY(serve_find(x, &address, ret_found));
    ENSURE(ret_found->virtual_rest.ptr == NULL, NOT_FOUND, "below a virtual resource");
    *ret_path = path;
    return OK;
}

static status add_result(struct discovery *discovery, struct serve_resource *resource,
                         struct bytes address)
{
    struct exchange *x = discovery->x;
    struct arena *scratch = x->arena;
    x->arena = discovery->arena;
    struct wire_value *value;
    if (x->call->request.result_content == PRIM_RCN_CHILD_REFERENCES) {
        value = serve_child_reference(x, resource);
    } else {
        struct bytes copy = arena_dup(x->arena, address);
        value = copy.ptr != NULL ? wire_string(x->arena, copy) : NULL;
    }
    x->arena = scratch;
    ENSURE(wire_push(discovery->results, value) != NULL, NO_MEMORY, "discovery");
    return OK;
}

/* A match that may be seen: into the answer, if its turn has come. False: the answer is full. */
static status take(struct discovery *discovery, struct serve_resource *resource,
                   struct bytes address, bool *ret_go_on)
{
    *ret_go_on = true;
    if (discovery->skip > 0) {
        discovery->skip -= 1;
        return OK;
    }
    if (discovery->left == 0) {
        discovery->x->partial = true;
        *ret_go_on = false;
        return OK;
    }
    discovery->left -= 1;
    return add_result(discovery, resource, address);
}

static status consider(struct discovery *discovery, const struct store_row *row, bool *ret_go_on)
{
    struct exchange *x = discovery->x;
    const struct prim_request *request = &x->call->request;
    struct serve_found found = {.virtual_type = NULL};
    bool match = false;
    *ret_go_on = true;
    TRY(serve_resource_of_row(x, row, &found.resource));
    TRY(serve_filter_match(x, &request->filter, &found.resource, &match));
    if (!match) {
        return OK;
    }
    struct bytes path = row->path;
    if (request->filter.apply_relative_path.len > 0) {
        status followed = follow(x, row->path, &found, &path);
        if (status_is(followed, STATUS_NOT_FOUND)) {
            return OK;
        }
        TRY(followed);
    }
    status allowed = serve_authorize(x, &x->who, &found.resource, TYPE_OP_DISCOVERY, 0);
    if (status_is(allowed, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE)) {
        return OK;
    }
    TRY(allowed);
    struct bytes address = serve_row_address(x, &found.resource.row);
    if (found.virtual_type != NULL) {
        address =
            arena_printf(x->arena, "%.*s/%s", BYTES_FMT(address), found.virtual_type->virtual_name);
        ENSURE(address.ptr != NULL, NO_MEMORY, "discovery");
    }
    return take(discovery, &found.resource, address, ret_go_on);
}

static bool visit(void *user, const struct store_row *row)
{
    struct discovery *discovery = user;
    struct exchange *x = discovery->x;
    bool go_on = true;
    if (discovery->visits == 0 || !serve_may_look(x, row)) {
        x->partial = true;
        return false;
    }
    discovery->visits -= 1;
    if (serve_has_expired(x, row) || is_inactive(discovery, row->path)) {
        return true;
    }
    if (arena_used(discovery->scratch) > SCRATCH_RESET) {
        arena_reset(discovery->scratch);
        x->parent_memo = (struct serve_resource){.row = {.id = 0}};
    }
    x->arena = discovery->scratch;
    discovery->result = consider(discovery, row, &go_on);
    x->arena = discovery->arena;
    if (status_is(discovery->result, STATUS_LIMIT)) { /* looked enough, at its children */
        discovery->result = OK;
        x->partial = true;
        return false;
    }
    return is_ok(discovery->result) && go_on;
}

/* ---- INACTIVE AEs ---- */

#define INACTIVE_MAX 1024

static bool note_inactive(void *user, const struct store_row *row)
{
    struct discovery *discovery = user;
    struct bytes *items = (struct bytes *)(uintptr_t)discovery->inactive.items;
    items[discovery->inactive.count] = arena_dup(discovery->arena, row->path);
    discovery->inactive.count += 1;
    return discovery->inactive.count < INACTIVE_MAX;
}

static status find_inactive(struct discovery *discovery)
{
    struct exchange *x = discovery->x;
    static const struct store_key key = {ATTR_REGISTRATION_STATUS, {REGISTRATION_INACTIVE, 1}};
    if (x->target.row.parent_id != 0) {
        return OK; /* AEs stand below the CSEBase; one that is addressed itself is searched */
    }
    discovery->inactive.items = ARENA_ARRAY(x->arena, struct bytes, INACTIVE_MAX);
    ENSURE(discovery->inactive.items != NULL, NO_MEMORY, "discovery");
    struct store_search search = {
        .root_path = x->target.row.path, .any_keys = &key, .any_key_count = 1};
    return store_search_below(x->view, &search, note_inactive, discovery);
}

/* ---- the whole ---- */

static status search_all(struct discovery *discovery)
{
    struct exchange *x = discovery->x;
    struct store_search search;
    TRY(find_inactive(discovery));
    plan(x, &search);
    status searched = store_search_below(x->view, &search, visit, discovery);
    x->arena = discovery->arena;
    x->parent_memo = (struct serve_resource){.row = {.id = 0}}; /* it lived in the scratch */
    TRY(searched);
    return discovery->result;
}

/* Where existence is hidden, an empty answer would say that the target is there (decisions 8). */
static status may_know_target(struct discovery *discovery)
{
    struct exchange *x = discovery->x;
    if (!x->serve->config.hide_existence || discovery->results->count > 0) {
        return OK;
    }
    return serve_authorize(x, &x->who, &x->target, TYPE_OP_DISCOVERY, 0);
}

static status answer(struct exchange *x, struct wire_value *results)
{
    struct wire_value *content = wire_object(x->arena);
    if (x->call->request.result_content == PRIM_RCN_CHILD_REFERENCES) {
        struct wire_value *list = wire_add(content, BYTES("m2m:rrl"), wire_object(x->arena));
        results = wire_add(list, BYTES("rrf"), results);
    } else {
        results = wire_add(content, BYTES("m2m:uril"), results);
    }
    ENSURE(results != NULL, NO_MEMORY, "discovery");
    x->result = content;
    x->has_result = true;
    x->rsc = 2000;
    return OK;
}

status serve_discover(struct exchange *x)
{
    const struct prim_filter *filter = &x->call->request.filter;
    const struct limits *limits = &x->serve->config.limits;
    struct discovery discovery = {.x = x, .arena = x->arena, .result = OK};
    struct authz_decision decision = x->decision;
    struct bytes policy = x->deciding_policy;
    const char *stage = x->deciding_stage;
    uint64_t begin = filter->offset > 0 ? filter->offset : 1;
    discovery.skip = begin - 1;
    discovery.left = limits->discovery_results;
    if (filter->limit > 0 && filter->limit < discovery.left) {
        discovery.left = filter->limit;
    }
    discovery.visits = limits->discovery_visits;
    discovery.results = wire_array(x->arena);
    discovery.scratch = arena_new(SCRATCH_MEMORY);
    status searched = discovery.results != NULL && discovery.scratch != NULL
                          ? search_all(&discovery)
                          : ERROR(NO_MEMORY);
    arena_free(discovery.scratch);
    if (is_ok(searched)) {
        searched = may_know_target(&discovery);
    }
    x->decision = decision;
    x->deciding_policy = policy;
    x->deciding_stage = stage;
    TRY(searched);
    if (x->partial) {
        x->next_offset = begin + discovery.results->count;
    }
    return answer(x, discovery.results);
}
