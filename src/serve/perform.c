/* SPDX-License-Identifier: Apache-2.0
 * The operation itself. RETRIEVE and NOTIFY happen on the loop; CREATE, UPDATE and DELETE in the
 * writer's transaction. TS-0004 7.2.2.2 Recv-6.5. */
#include "serve/serve_int.h"

bool serve_changes(const struct exchange *x)
{
    enum prim_operation operation = x->call->request.operation;
    return operation == PRIM_CREATE || operation == PRIM_UPDATE || operation == PRIM_DELETE;
}

status serve_perform(struct exchange *x)
{
    if (serve_changes(x) != x->in_job) {
        return OK;
    }
    switch (x->call->request.operation) {
    case PRIM_CREATE:
        return serve_perform_create(x);
    case PRIM_RETRIEVE:
        return serve_is_discovery(x) ? serve_discover(x) : serve_perform_retrieve(x);
    case PRIM_UPDATE:
        return serve_perform_update(x);
    case PRIM_DELETE:
        return serve_perform_delete(x);
    case PRIM_NOTIFY:
        return serve_perform_notify(x);
    case PRIM_NO_OPERATION:
        return ERROR(BAD_REQUEST);
    }
    return ERROR(BAD_REQUEST);
}
