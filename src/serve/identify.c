/* SPDX-License-Identifier: Apache-2.0
 * Who speaks: the claim in From against the security association; fixes the authentication
 * context. TS-0003 7.2, TS-0004 7.3.2.1. */
#include "serve/serve_int.h"

/* The stem of an AE-ID that would be registered here, or absent. */
static struct bytes local_stem(const struct exchange *x)
{
    const struct prim_self *self = &x->serve->config.self;
    struct bytes rest = x->who.absolute;
    if (!bytes_starts_with(rest, self->sp_id)) {
        return BYTES_NONE;
    }
    rest = bytes_from(rest, self->sp_id.len);
    if (x->who.kind == PRIM_ID_AE_C) {
        if (!bytes_starts_with(rest, self->cse_id)) {
            return BYTES_NONE;
        }
        rest = bytes_from(rest, self->cse_id.len);
    }
    return rest.len > 1 && rest.ptr[0] == '/' ? bytes_from(rest, 1) : BYTES_NONE;
}

/* A request that this CSE makes itself: nothing to prove. */
static status identify_internal(struct exchange *x)
{
    const struct prim_self *self = &x->serve->config.self;
    const struct prim_request *request = &x->call->request;
    x->who = (struct auth_context){.claimed = request->from, .peer = &x->call->peer};
    TRY(prim_id_canonical(request->from, self, x->arena, &x->who.kind, &x->who.absolute));
    x->who.internal = bytes_equal(request->from, self->cse_id);
    x->who.authenticated = x->who.internal || x->call->peer.has_association;
    return OK;
}

static status identify_peer(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    bool is_registration = request->operation == PRIM_CREATE && request->resource_type == TYPE_AE;
    TRY(authn_identify(request, &x->call->peer, &x->serve->config.self, is_registration, x->arena,
                       &x->who));
    bool is_ae = x->who.kind == PRIM_ID_AE_C || x->who.kind == PRIM_ID_AE_S;
    if (is_registration || !is_ae || x->call->peer.has_association) {
        return OK;
    }
    /* outside an association an AE-ID counts only while such an AE is registered here */
    struct bytes stem = local_stem(x);
    bool registered = false;
    if (stem.len > 0) {
        TRY(serve_is_registered(x, stem, &registered));
    }
    ENSURE(registered, ORIGINATOR_NOT_AUTHENTICATED, "no AE %.*s is registered here",
           BYTES_FMT(x->who.claimed));
    return OK;
}

status serve_identify(struct exchange *x)
{
    status identified = x->internal_call ? identify_internal(x) : identify_peer(x);
    x->owner = x->who.absolute;
    serve_audit_identity(x, identified);
    return identified;
}
