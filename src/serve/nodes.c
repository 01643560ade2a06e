/* SPDX-License-Identifier: Apache-2.0
 * Nodes of the tree that one thread looked up, kept while no node changes: the version of the tree
 * (store.h) says how long. The writer's are exact, also within a batch and after one was undone;
 * a loop uses its own only to refuse changes early, which the writer decides again.
 *
 * What changes with every instance (lt, state tag, counters) is not kept but read each time. */
#include "serve/serve_int.h"

#define NODES_MAX 16384
#define NODES_MEMORY (12u * 1024u * 1024u)
#define CHILDLESS_MAX 65536

struct serve_nodes {
    uint64_t version;
    size_t limit;          /* of by_path */
    struct map *by_path;   /* struct serve_resource *, read */
    struct map *childless; /* (id, type) of nodes that have no child of that type */
    struct arena *arena;
};

struct serve_nodes *serve_nodes_new(void)
{
    struct serve_nodes *nodes = mem_alloc(sizeof(*nodes));
    if (nodes == NULL) {
        return NULL;
    }
    nodes->limit = NODES_MAX;
    nodes->by_path = map_new(NODES_MAX);
    nodes->childless = map_new(CHILDLESS_MAX);
    nodes->arena = arena_new(NODES_MEMORY);
    if (nodes->by_path == NULL || nodes->childless == NULL || nodes->arena == NULL) {
        serve_nodes_free(nodes);
        return NULL;
    }
    return nodes;
}

void serve_nodes_free(struct serve_nodes *nodes)
{
    if (nodes != NULL) {
        map_free(nodes->by_path);
        map_free(nodes->childless);
        arena_free(nodes->arena);
        mem_free(nodes);
    }
}

void serve_nodes_limit(struct serve_nodes *nodes, size_t limit)
{
    nodes->limit = limit < NODES_MAX ? limit : NODES_MAX;
}

size_t serve_nodes_count(const struct serve_nodes *nodes)
{
    return map_count(nodes->by_path);
}

static void drop(void *user, struct bytes key, void *value)
{
    (void)value;
    map_remove(user, key);
}

static void forget_paths(struct serve_nodes *nodes)
{
    map_each(nodes->by_path, drop, nodes->by_path);
    arena_reset(nodes->arena);
}

static void forget_childless(struct serve_nodes *nodes)
{
    map_each(nodes->childless, drop, nodes->childless);
}

void serve_nodes_refresh(struct serve_nodes *nodes, uint64_t version)
{
    if (nodes->version != version) {
        forget_paths(nodes);
        forget_childless(nodes);
        nodes->version = version;
    }
}

/* Those that the exchange may use now, or NULL. */
static struct serve_nodes *nodes_of(struct exchange *x)
{
    if (x->in_job) {
        serve_nodes_refresh(x->serve->writer_nodes, store_tree_version(x->serve->store));
        return x->serve->writer_nodes;
    }
    bool only_refuses = x->call != NULL && serve_changes(x) && !x->call->request.filter.present;
    return only_refuses && x->worker != NULL ? x->worker->nodes : NULL;
}

/* ---- by path ---- */

static status copy(struct arena *arena, const struct serve_resource *resource,
                   struct serve_resource *ret_resource)
{
    struct serve_resource result = *resource;
    TRY(serve_row_copy(arena, &resource->row, &result.row));
    result.attributes = wire_dup(arena, resource->attributes);
    ENSURE(result.attributes != NULL, NO_MEMORY, "copy of a resource");
    *ret_resource = result;
    return OK;
}

static void keep(struct serve_nodes *nodes, const struct serve_resource *resource)
{
    struct serve_resource *kept = ARENA_NEW(nodes->arena, struct serve_resource);
    if (map_count(nodes->by_path) >= nodes->limit || kept == NULL ||
        is_error(copy(nodes->arena, resource, kept))) {
        forget_paths(nodes); /* full: room for those that are used now */
        return;
    }
    IGNORE_STATUS(map_put(nodes->by_path, kept->row.path, kept)); /* looked up again, then */
}

status serve_node_by_path(struct exchange *x, struct bytes path,
                          struct serve_resource *ret_resource)
{
    struct serve_nodes *nodes = nodes_of(x);
    const struct serve_resource *kept = nodes != NULL ? map_get(nodes->by_path, path) : NULL;
    if (kept != NULL) {
        TRY(copy(x->arena, kept, ret_resource));
        return x->in_job ? store_refresh(x->view, &ret_resource->row) : OK;
    }
    struct store_row row;
    TRY(store_get_by_path(x->view, path, x->arena, &row));
    TRY(serve_resource_of_row(x, &row, ret_resource));
    if (nodes != NULL && !row.is_instance) {
        TRY(serve_resource_read(x, ret_resource));
        keep(nodes, ret_resource);
    }
    return OK;
}

/* ---- children ---- */

static bool stop_at_first(void *user, const struct store_row *row)
{
    bool *found = user;
    (void)row;
    *found = true;
    return false;
}

status serve_has_child(struct exchange *x, int64_t parent_id, uint32_t type, bool *ret_has)
{
    int64_t pair[2] = {parent_id, type};
    struct bytes key = bytes_of((const char *)pair, sizeof(pair));
    struct serve_nodes *nodes = x->in_job ? nodes_of(x) : NULL;
    *ret_has = false;
    if (nodes != NULL && map_get(nodes->childless, key) != NULL) {
        return OK;
    }
    struct store_children query = {.parent_id = parent_id, .type = type, .limit = 1};
    TRY(store_each_child(x->view, &query, stop_at_first, ret_has));
    if (nodes != NULL && !*ret_has) {
        if (map_count(nodes->childless) >= CHILDLESS_MAX) {
            forget_childless(nodes);
        }
        IGNORE_STATUS(map_put(nodes->childless, key, nodes)); /* looked up again, then */
    }
    return OK;
}
