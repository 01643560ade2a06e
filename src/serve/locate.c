/* SPDX-License-Identifier: Apache-2.0
 * The target exists, in whatever form it is addressed; duplicate group requests; operations that
 * the type's API does not offer. TS-0001 9.3.1, TS-0004 7.3.3.1, 7.3.3.2, 6.8. */
#include "serve/serve_int.h"

/* Looks for path, then for ever shorter prefixes of it of which the next segment is the name of a
 * virtual child. least: a prefix that is known to be the first resource on the way. */
static status find_path(struct exchange *x, struct bytes path, size_t least,
                        struct serve_found *ret_found)
{
    struct serve_found found = {.virtual_type = NULL};
    struct store_row *row = &found.resource.row;
    size_t end = path.len;
    for (uint64_t i = 0; i <= x->serve->config.limits.path_depth; i++) {
        status got = serve_node_by_path(x, bytes_slice(path, 0, end), &found.resource);
        if (is_ok(got) && !serve_has_expired(x, row)) {
            break;
        }
        if (is_error(got) && !status_is(got, STATUS_NOT_FOUND)) {
            return got;
        }
        size_t cut = bytes_find_last(bytes_slice(path, 0, end), '/');
        ENSURE(cut < end && cut >= least && cut > 0, NOT_FOUND, "no %.*s", BYTES_FMT(path));
        end = cut;
        row->id = 0;
    }
    ENSURE(row->id != 0, NOT_FOUND, "no %.*s", BYTES_FMT(path));
    if (end < path.len) {
        struct bytes rest = bytes_from(path, end + 1);
        struct bytes segment = bytes_cut(&rest, '/');
        found.virtual_type = type_virtual_child(found.resource.type, segment);
        found.virtual_rest = rest;
        ENSURE(found.virtual_type != NULL, NOT_FOUND, "no %.*s", BYTES_FMT(path));
    }
    *ret_found = found;
    return OK;
}

status serve_find(struct exchange *x, const struct prim_address *address,
                  struct serve_found *ret_found)
{
    struct bytes local = address->local;
    ENSURE(local.len <= x->serve->config.limits.header_size, NOT_FOUND, "address too long");
    if (local.len == 0) {
        return find_path(x, x->serve->config.self.cse_name, 0, ret_found);
    }
    if (address->is_structured) {
        return find_path(x, local, 0, ret_found);
    }
    struct bytes rest = local;
    struct bytes ri = bytes_cut(&rest, '/');
    struct store_row row;
    TRY(store_get(x->view, ri, x->arena, &row));
    ENSURE(!serve_has_expired(x, &row), NOT_FOUND, "%.*s has expired", BYTES_FMT(ri));
    if (rest.len == 0) {
        struct serve_found found = {.virtual_type = NULL};
        TRY(serve_resource_of_row(x, &row, &found.resource));
        *ret_found = found;
        return OK;
    }
    struct bytes path = arena_printf(x->arena, "%.*s/%.*s", BYTES_FMT(row.path), BYTES_FMT(rest));
    ENSURE(path.ptr != NULL, NO_MEMORY, "path");
    return find_path(x, path, row.path.len, ret_found);
}

static uint32_t operation_bit(enum prim_operation operation)
{
    static const uint32_t bits[] = {
        0, TYPE_OP_CREATE, TYPE_OP_RETRIEVE, TYPE_OP_UPDATE, TYPE_OP_DELETE, TYPE_OP_NOTIFY};
    return bits[operation];
}

/* 4005 for what the API of the type does not offer (7.4.x.2). CREATE is asked of the new type, by
 * check_content, except below a virtual resource. */
static status check_operation(const struct exchange *x)
{
    enum prim_operation operation = x->call->request.operation;
    const struct type_resource *type = x->virtual_type != NULL ? x->virtual_type : x->target.type;
    if (operation == PRIM_CREATE && x->virtual_type == NULL) {
        return OK;
    }
    const struct serve_ops *ops = serve_ops_of(x->serve, type);
    bool takes_notify = ops != NULL && (ops->on_notify != NULL || ops->delegate != NULL);
    if (operation == PRIM_NOTIFY && takes_notify) {
        return OK;
    }
    bool offered = (type->operations & operation_bit(operation)) != 0;
    if (x->who.internal && operation == PRIM_DELETE) {
        offered = true; /* expiry and other internal removals */
    }
    ENSURE(offered, OPERATION_NOT_ALLOWED, "%s does not take %s", type->name,
           prim_operation_name(operation));
    return OK;
}

/* Recv-6.2.1; once for each exchange, on the loop. */
static status check_group_request(struct exchange *x)
{
    struct bytes gid = x->call->request.group_request_identifier;
    if (gid.len == 0 || x->in_job || x->group_checked) {
        return OK;
    }
    struct bytes pair =
        arena_printf(x->arena, "%.*s %.*s %s", BYTES_FMT(gid), BYTES_FMT(x->target.row.ri),
                     x->virtual_type != NULL ? x->virtual_type->name : "");
    ENSURE(pair.ptr != NULL, NO_MEMORY, "group request identifier");
    sys_mutex_lock(x->serve->mutex);
    status seen = serve_group_seen_add(x->serve->group_seen, pair, x->now);
    sys_mutex_unlock(x->serve->mutex);
    x->group_checked = is_ok(seen);
    return seen;
}

status serve_locate(struct exchange *x)
{
    struct serve_found found;
    TRY(serve_find(x, &x->address, &found));
    x->target = found.resource;
    x->virtual_type = found.virtual_type;
    x->virtual_rest = found.virtual_rest;
    TRY(check_operation(x));
    const struct serve_ops *ops =
        x->virtual_type != NULL ? serve_ops_of(x->serve, x->virtual_type) : NULL;
    if (x->virtual_type != NULL) {
        ENSURE(x->virtual_type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED, NOT_IMPLEMENTED, "%s",
               x->virtual_type->name);
        ENSURE(x->virtual_rest.ptr == NULL || (ops != NULL && ops->delegate != NULL), NOT_FOUND,
               "nothing below %s", x->virtual_type->name);
    }
    if (ops != NULL && ops->locate != NULL) {
        TRY(ops->locate(x));
    }
    return check_group_request(x);
}
