/* SPDX-License-Identifier: Apache-2.0
 * Request and response primitives from any bytes, first octet choosing JSON or CBOR: what decodes
 * encodes to something that decodes to the same. TS-0004 8.4, 8.5. */
#include "prim/prim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_request(const struct wire_value *object, struct arena *arena)
{
    struct prim_request request, again;
    if (is_error(prim_request_decode(object, arena, &request))) {
        return;
    }
    status result = prim_request_check(&request);
    must(is_ok(result) || status_is(result, STATUS_BAD_REQUEST) ||
         status_is(result, STATUS_NOT_IMPLEMENTED));
    struct wire_value *encoded = prim_request_encode(&request, arena);
    if (encoded == NULL || is_error(prim_request_decode(encoded, arena, &again))) {
        must(encoded == NULL || status_note_get()->code == STATUS_NO_MEMORY);
        return;
    }
    struct wire_value *encoded_again = prim_request_encode(&again, arena);
    must(encoded_again == NULL || wire_equal(encoded, encoded_again));
}

static void check_response(const struct wire_value *object, struct arena *arena)
{
    struct prim_response response, again;
    if (is_error(prim_response_decode(object, arena, &response))) {
        return;
    }
    must(response.rsc >= 1000 && response.rsc <= 6999);
    struct wire_value *encoded = prim_response_encode(&response, arena);
    if (encoded != NULL && is_error(prim_response_decode(encoded, arena, &again))) {
        must(status_note_get()->code == STATUS_NO_MEMORY);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wire_limits limits = {.depth = 16, .members = 256, .values = 4096};
    struct arena *arena = arena_new(1 << 20);
    struct wire_value *object;
    if (arena != NULL && size > 0) {
        enum wire_format format = (data[0] & 1) != 0 ? WIRE_CBOR : WIRE_JSON;
        if (is_ok(wire_decode(format, bytes_of(data + 1, size - 1), &limits, arena, &object))) {
            check_request(object, arena);
            check_response(object, arena);
        }
    }
    arena_free(arena);
    return 0;
}
