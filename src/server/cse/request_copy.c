/* SPDX-License-Identifier: Apache-2.0
 * Copies of requests that outlive the exchange they came in. TS-0004 8.4. */
#include "server/cse/cse_effects_int.h"

status cse_request_dup(const struct prim_request *request, struct arena *arena,
                       struct prim_request *ret_request)
{
    struct wire_value *shared = prim_request_encode(request, arena);
    struct wire_value *own = shared != NULL ? wire_dup(arena, shared) : NULL;
    ENSURE(own != NULL, NO_MEMORY, "copy of a request");
    struct prim_request copy;
    TRY(prim_request_decode(own, arena, &copy));
    copy.format = request->format;
    *ret_request = copy;
    return OK;
}
