/* SPDX-License-Identifier: Apache-2.0
 * A query from any bytes, "name=value" joined by '&': parameters never reach what a query may not
 * say, and what was understood survives its JSON form. TS-0009 6.2.2.2. */
#include "prim/prim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_request(const struct prim_request *request, struct arena *arena)
{
    must(request->operation == PRIM_NO_OPERATION && request->to.ptr == NULL);
    must(request->from.ptr == NULL && request->request_identifier.ptr == NULL);
    must(request->content == NULL && !request->has_resource_type);
    struct prim_request complete = *request, again;
    complete.operation = PRIM_RETRIEVE;
    struct wire_value *object = prim_request_encode(&complete, arena);
    if (object == NULL) {
        return; /* no memory */
    }
    status result = prim_request_decode(object, arena, &again);
    must(is_ok(result) || status_is(result, STATUS_NO_MEMORY));
    const struct wire_value *object_again =
        is_ok(result) ? prim_request_encode(&again, arena) : NULL;
    must(object_again == NULL || wire_equal(object, object_again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    struct prim_request request;
    struct bytes rest = bytes_of(data, size);
    prim_request_init(&request);
    while (arena != NULL && rest.ptr != NULL) {
        struct bytes value = bytes_cut(&rest, '&');
        struct bytes name = bytes_cut(&value, '=');
        status result = prim_request_set(&request, name, value, arena);
        must(is_ok(result) || status_is(result, STATUS_BAD_REQUEST) ||
             status_is(result, STATUS_NOT_IMPLEMENTED) || status_is(result, STATUS_NO_MEMORY));
    }
    if (arena != NULL) {
        check_request(&request, arena);
    }
    arena_free(arena);
    return 0;
}
