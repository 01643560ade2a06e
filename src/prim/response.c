/* SPDX-License-Identifier: Apache-2.0
 * Response primitives: their JSON form. TS-0004 6.4.2, 8.2.2, 8.4. */
#include "prim/prim_int.h"

status prim_response_decode(const struct wire_value *object, struct arena *arena,
                            struct prim_response *ret_response)
{
    struct prim_response response = {0};
    TRY(prim_parameters_decode(&prim_response_parameters, object, arena, &response));
    ENSURE(response.rsc != 0, BAD_REQUEST, "response without status code");
    if (response.content != NULL) {
        response.format = PRIM_JSON;
    }
    const struct wire_value *notification = wire_get(response.content, BYTES("m2m:sgn"));
    if (wire_get_bool(wire_get(notification, BYTES("trr")), false)) {
        response.target_removal_request = true;
    }
    *ret_response = response;
    return OK;
}

struct wire_value *prim_response_encode(const struct prim_response *response, struct arena *arena)
{
    return prim_parameters_encode(&prim_response_parameters, response, arena);
}
