/* SPDX-License-Identifier: Apache-2.0
 * <contentInstance>: its size, and a container that does not show its instances. TS-0004 7.4.7. */
#include "server/cse/cse_int.h"

/* Octets of a text; of anything else, of its JSON form. */
static status content_size(struct exchange *x, int64_t *ret_size)
{
    const struct wire_value *content = type_get(x->representation, ATTR_CONTENT);
    if (wire_is(content, WIRE_STRING)) {
        *ret_size = (int64_t)content->string.len;
        return OK;
    }
    struct buf buf;
    buf_init(&buf, serve_config_get(x->serve)->limits.arena_size);
    if (content != NULL) {
        wire_encode(WIRE_JSON, content, &buf);
    }
    status result = buf_check(&buf);
    *ret_size = (int64_t)buf.len;
    buf_fini(&buf);
    return result;
}

static status check_create(struct exchange *x)
{
    int64_t size;
    TRY(serve_resource_read(x, &x->target));
    TRY(content_size(x, &size));
    ENSURE(size <= type_get_int(x->target.attributes, ATTR_MAX_BYTE_SIZE, INT64_MAX),
           NOT_ACCEPTABLE, "%lld octets are more than the container takes", (long long)size);
    ENSURE(type_get_int(x->target.attributes, ATTR_MAX_NR_OF_INSTANCES, 1) > 0, NOT_ACCEPTABLE,
           "the container takes no instance");
    return OK;
}

static status on_create(struct exchange *x)
{
    return content_size(x, &x->new_size);
}

static status ensure_open(struct exchange *x, const struct serve_resource *resource)
{
    struct serve_resource container;
    TRY(serve_resource_parent(x, resource, &container));
    ENSURE(!cse_container_is_closed(&container), OPERATION_NOT_ALLOWED,
           "the container has disableRetrieval");
    return OK;
}

static status check_delete(struct exchange *x)
{
    return x->who.internal ? OK : ensure_open(x, &x->target);
}

static status on_retrieve(struct exchange *x, struct serve_resource *resource,
                          struct wire_value *representation)
{
    (void)representation;
    return ensure_open(x, resource);
}

const struct serve_ops cse_content_instance_ops = {
    .type = TYPE_CONTENT_INSTANCE,
    .check_create = check_create,
    .check_delete = check_delete,
    .on_create = on_create,
    .on_retrieve = on_retrieve,
};
