/* SPDX-License-Identifier: Apache-2.0
 * <container>: limits on its instances and its state tag. TS-0004 7.4.6, 7.4.7.2.1,
 * TS-0001 9.6.6. */
#include "server/cse/cse_int.h"

bool cse_container_is_closed(const struct serve_resource *container)
{
    return type_get_bool(container->attributes, ATTR_DISABLE_RETRIEVAL, false);
}

static int64_t most_instances(const struct exchange *x, const struct serve_resource *container)
{
    int64_t limit = (int64_t)serve_config_get(x->serve)->limits.instances_per_container;
    int64_t wanted = type_get_int(container->attributes, ATTR_MAX_NR_OF_INSTANCES, limit);
    return wanted < limit ? wanted : limit;
}

/* A higher wish than the configuration admits is lowered; the answer tells (7.4.6.2.1). */
static status lower_limits(struct exchange *x)
{
    int64_t limit = (int64_t)serve_config_get(x->serve)->limits.instances_per_container;
    if (type_get_int(x->representation, ATTR_MAX_NR_OF_INSTANCES, 0) > limit) {
        struct wire_value *value = wire_int(x->arena, limit);
        ENSURE(value != NULL &&
                   type_set(x->representation, ATTR_MAX_NR_OF_INSTANCES, value) != NULL,
               NO_MEMORY, "limits");
    }
    return OK;
}

/* Removes the oldest instances until at most count and at most octets are left. What leaves this
 * way is not told to anybody (7.4.7.2.1, d). */
static status trim(struct exchange *x, struct serve_resource *container, int64_t count,
                   int64_t octets)
{
    struct store_row *row = &container->row;
    while (row->instances > 0 && (row->instances > count || row->instance_bytes > octets)) {
        struct store_row oldest;
        TRY(store_get_oldest(x->view, row->id, x->arena, &oldest));
        TRY(store_delete(x->view, oldest.id, NULL, NULL));
        row->instances -= 1;
        row->instance_bytes -= oldest.size > 0 ? oldest.size : 0;
    }
    return OK;
}

static status make_room(struct exchange *x, struct serve_resource *container)
{
    int64_t octets = type_get_int(container->attributes, ATTR_MAX_BYTE_SIZE, INT64_MAX);
    int64_t count = most_instances(x, container);
    ENSURE(count > 0 && x->new_size <= octets, NOT_ACCEPTABLE,
           "the container takes no such instance");
    return trim(x, container, count - 1, octets - x->new_size);
}

/* maxInstanceAge bounds the life of an instance (7.4.7.2.1, e). */
static void bound_age(struct exchange *x, const struct serve_resource *container)
{
    int64_t age = type_get_int(container->attributes, ATTR_MAX_INSTANCE_AGE, -1);
    int64_t longest = (int64_t)serve_config_get(x->serve)->limits.max_expiration_s;
    if (age >= 0 && age < longest && x->new_et > x->now + age * USEC_PER_SEC) {
        x->new_et = x->now + age * USEC_PER_SEC;
    }
}

static status on_child_create(struct exchange *x, struct serve_resource *parent)
{
    if (x->new_type->number != TYPE_CONTENT_INSTANCE) {
        return OK;
    }
    TRY(serve_resource_read(x, parent));
    TRY(make_room(x, parent));
    bound_age(x, parent);
    parent->row.state_tag += 1;
    x->new_state_tag = parent->row.state_tag;
    x->new_parent_state_tag = parent->row.state_tag;
    return OK;
}

/* disableRetrieval going from true to false empties the container; lower limits trim it. */
static status updated(struct exchange *x)
{
    bool was_closed = type_get_bool(x->before, ATTR_DISABLE_RETRIEVAL, false);
    if (was_closed && !cse_container_is_closed(&x->target)) {
        return trim(x, &x->target, 0, 0);
    }
    return trim(x, &x->target, most_instances(x, &x->target),
                type_get_int(x->target.attributes, ATTR_MAX_BYTE_SIZE, INT64_MAX));
}

/* ---- RETRIEVE with children of a container whose instances are not there (event type 5) ---- */

struct probe {
    const struct exchange *x;
    bool found;
};

static bool find_live(void *user, const struct store_row *row)
{
    struct probe *probe = user;
    probe->found = row->et == 0 || row->et > probe->x->now;
    return !probe->found;
}

static status has_live_child(struct exchange *x, const struct serve_resource *container,
                             uint32_t type, bool *ret_has)
{
    struct probe probe = {.x = x};
    struct store_children query = {
        .parent_id = container->row.id, .type = type, .newest_first = true};
    TRY(store_each_child(x->view, &query, find_live, &probe));
    *ret_has = probe.found;
    return OK;
}

static status on_retrieve(struct exchange *x, struct serve_resource *resource,
                          struct wire_value *representation)
{
    enum prim_result_content rcn = x->call->request.result_content;
    bool with_children = rcn == PRIM_RCN_ATTRIBUTES_CHILDREN || rcn == PRIM_RCN_CHILDREN;
    bool listens, has;
    (void)representation;
    if (x->call->request.operation != PRIM_RETRIEVE || !with_children ||
        resource->row.id != x->target.row.id) {
        return OK;
    }
    TRY(has_live_child(x, resource, TYPE_SUBSCRIPTION, &listens));
    TRY(has_live_child(x, resource, TYPE_CONTENT_INSTANCE, &has));
    if (listens && !has) {
        struct serve_event event = {.kind = SERVE_RESOURCE_RETRIEVED, .resource = *resource};
        serve_event_add(x, &event);
    }
    return OK;
}

const struct serve_ops cse_container_ops = {
    .type = TYPE_CONTAINER,
    .on_create = lower_limits,
    .on_update = lower_limits,
    .updated = updated,
    .on_retrieve = on_retrieve,
    .on_child_create = on_child_create,
};
