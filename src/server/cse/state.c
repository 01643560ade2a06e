/* SPDX-License-Identifier: Apache-2.0
 * Small records kept beside a resource in the store: counters, windows, batches being collected.
 * They belong to no representation and survive a restart. TS-0001 10.2.10.7. */
#include "server/cse/cse_effects_int.h"

#define RECORD_MAX ((size_t)4096)

struct bytes cse_state_name(const struct exchange *x, const char *kind, struct bytes key)
{
    return arena_printf(x->arena, "%s/%.*s", kind, BYTES_FMT(key));
}

status cse_state_load(struct exchange *x, struct bytes name, struct wire_value **ret_state)
{
    ENSURE(name.ptr != NULL, NO_MEMORY, "name of a record");
    struct bytes stored;
    status got = store_value_get(x->view, name, x->arena, &stored);
    if (status_is(got, STATUS_NOT_FOUND)) {
        *ret_state = wire_object(x->arena);
        return *ret_state != NULL ? OK : ERROR(NO_MEMORY);
    }
    TRY(got);
    struct wire_limits limits = {.depth = 4, .members = 64, .values = 64};
    return wire_decode(WIRE_CBOR, stored, &limits, x->arena, ret_state);
}

status cse_state_save(struct exchange *x, struct bytes name, const struct wire_value *state)
{
    if (state->count == 0) {
        status removed = store_value_remove(x->view, name);
        return status_is(removed, STATUS_NOT_FOUND) ? OK : removed;
    }
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, RECORD_MAX);
    wire_encode(WIRE_CBOR, state, &buf);
    TRY(buf_check(&buf));
    return store_value_put(x->view, name, buf_bytes(&buf));
}

int64_t cse_state_int(const struct wire_value *state, const char *member)
{
    return wire_get_int(wire_get(state, bytes_str(member)), 0);
}

status cse_state_set(struct exchange *x, struct wire_value *state, const char *member,
                     int64_t value)
{
    if (value == 0) {
        wire_remove(state, bytes_str(member));
        return OK;
    }
    struct wire_value *number = wire_int(x->arena, value);
    ENSURE(wire_set(state, bytes_str(member), number) != NULL, NO_MEMORY, "record");
    return OK;
}

#define WRAPPERS                                                                                   \
    UINT32_C(24) /* levels around a representation: message, primitive, notification               \
                  */

status cse_stored_decode(const struct serve_worker *worker, struct bytes stored,
                         struct arena *arena, struct wire_value **ret_value)
{
    const struct serve_config *config = serve_config_get(serve_worker_serve(worker));
    struct wire_limits limits = {.depth = (uint32_t)config->limits.wire_depth + WRAPPERS,
                                 .members = UINT32_MAX,
                                 .values = UINT32_MAX};
    return wire_decode(WIRE_CBOR, stored, &limits, arena, ret_value);
}
