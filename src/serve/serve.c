/* SPDX-License-Identifier: Apache-2.0
 * One server: configuration, store, behaviour of its types; shared by its workers. */
#include "serve/serve_int.h"

static void index_ops(struct serve *serve)
{
    for (size_t i = 0; i < serve->behaviour->ops_count; i++) {
        const struct serve_ops *ops = serve->behaviour->ops[i];
        if (ops->type < SERVE_SMALL_NUMBERS) {
            serve->by_number[ops->type] = ops;
        }
    }
}

const struct serve_ops *serve_ops_of(const struct serve *serve, const struct type_resource *type)
{
    if (type == NULL) {
        return NULL;
    }
    if (type->number < SERVE_SMALL_NUMBERS) {
        return serve->by_number[type->number];
    }
    for (size_t i = 0; i < serve->behaviour->ops_count; i++) {
        if (serve->behaviour->ops[i]->type == type->number) {
            return serve->behaviour->ops[i];
        }
    }
    return NULL;
}

static void index_marked_types(struct serve *serve)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        const struct serve_ops *ops = serve_ops_of(serve, type);
        bool matters = (ops != NULL && ops->on_delete != NULL) || serve_is_policy_input(type);
        if (matters && type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED &&
            type->storage == TYPE_STORAGE_TREE && type_by_number(type->number) == type) {
            must(serve->marked_count < ARRAY_LEN(serve->marked_types));
            serve->marked_types[serve->marked_count++] = type->number;
        }
    }
}

status serve_new(const struct serve_config *config, struct store *store,
                 const struct serve_behaviour *behaviour, struct serve **ret_serve)
{
    struct serve *serve = mem_alloc(sizeof(*serve));
    ENSURE(serve != NULL, NO_MEMORY, "server");
    serve->config = *config;
    serve->clock = config->clock != NULL ? config->clock : &sys_clock_real;
    serve->store = store;
    serve->behaviour = behaviour;
    index_ops(serve);
    index_marked_types(serve);
    serve->mutex = sys_mutex_new();
    serve->group_seen =
        serve_group_seen_new((int64_t)config->limits.request_timeout_ms * USEC_PER_MSEC);
    status result = serve_policies_new(&serve->writer_policies);
    serve->writer_nodes = serve_nodes_new();
    if (is_error(result) || serve->mutex == NULL || serve->group_seen == NULL ||
        serve->writer_nodes == NULL) {
        serve_free(serve);
        FAIL(NO_MEMORY, "server");
    }
    store_on_batch_told(store, serve_batch_told, serve);
    *ret_serve = serve;
    return OK;
}

void serve_free(struct serve *serve)
{
    if (serve == NULL) {
        return;
    }
    must(serve->workers == NULL);
    store_on_batch_told(serve->store, NULL, NULL);
    serve_policies_free(serve->writer_policies);
    serve_nodes_free(serve->writer_nodes);
    serve_group_seen_free(serve->group_seen);
    sys_mutex_free(serve->mutex);
    mem_free(serve);
}

const struct serve_config *serve_config_get(const struct serve *serve)
{
    return &serve->config;
}

void serve_set_user(struct serve *serve, void *user)
{
    serve->user = user;
}

void *serve_get_user(const struct serve *serve)
{
    return serve->user;
}

struct store *serve_store(const struct serve *serve)
{
    return serve->store;
}

static void add_counters(struct serve_counters *sum, const struct serve_counters *one)
{
    for (size_t i = 0; i < ARRAY_LEN(sum->requests); i++) {
        sum->requests[i] += one->requests[i];
    }
    for (size_t i = 0; i < ARRAY_LEN(sum->responses_by_class); i++) {
        sum->responses_by_class[i] += one->responses_by_class[i];
    }
    sum->denied += one->denied;
    sum->in_flight += one->in_flight;
    sum->outbox_sent += one->outbox_sent;
    sum->outbox_failed += one->outbox_failed;
    sum->outbox_waiting += one->outbox_waiting;
}

void serve_counters_read(const struct serve *serve, struct serve_counters *ret_counters)
{
    *ret_counters = (struct serve_counters){.denied = 0};
    sys_mutex_lock(serve->mutex);
    for (struct serve_worker *worker = serve->workers; worker != NULL; worker = worker->next) {
        sys_mutex_lock(worker->mutex);
        add_counters(ret_counters, &worker->counters);
        sys_mutex_unlock(worker->mutex);
    }
    sys_mutex_unlock(serve->mutex);
}

void serve_count_outbox(struct serve_worker *worker, uint64_t sent, uint64_t failed,
                        uint64_t waiting)
{
    sys_mutex_lock(worker->mutex);
    worker->counters.outbox_sent += sent;
    worker->counters.outbox_failed += failed;
    worker->counters.outbox_waiting = waiting;
    sys_mutex_unlock(worker->mutex);
}
