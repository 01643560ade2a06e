/* SPDX-License-Identifier: Apache-2.0
 * The claim in From against what the binding knows of the peer. TS-0003 7.2; TS-0004 7.3.2.1. */
#include "sec/authn/authn.h"

/* An AE that asks for an identifier: no From, or the letter of the wanted kind alone (TS-0001
 * 10.2.2.2). Nobody is meant by it, so there is no absolute form. */
static bool asks_for_id(struct bytes from, enum prim_id_kind *ret_kind)
{
    *ret_kind = bytes_is(from, "C")   ? PRIM_ID_AE_C
                : bytes_is(from, "S") ? PRIM_ID_AE_S
                                      : PRIM_ID_INVALID;
    return from.len == 0 || *ret_kind != PRIM_ID_INVALID;
}

/* Whether an absolute AE-ID is one that an AE registered at this CSE could have. */
static bool is_local(enum prim_id_kind kind, struct bytes absolute, const struct prim_self *self)
{
    if (!bytes_starts_with(absolute, self->sp_id)) {
        return false;
    }
    struct bytes rest = bytes_from(absolute, self->sp_id.len);
    if (kind == PRIM_ID_AE_C) {
        if (!bytes_starts_with(rest, self->cse_id)) {
            return false;
        }
        rest = bytes_from(rest, self->cse_id.len);
    }
    return rest.len > 0 && rest.ptr[0] == '/';
}

static status check_ae(const struct auth_context *context, const struct prim_self *self,
                       bool is_registration)
{
    bool is_stem = bytes_find(context->claimed, '/') == context->claimed.len;
    if (is_stem) {
        return OK;
    }
    ENSURE(!is_registration && !is_local(context->kind, context->absolute, self), BAD_REQUEST,
           "From of an AE of this CSE is not its AE-ID-Stem");
    FAIL(ORIGINATOR_NOT_AUTHENTICATED, "an AE of another CSE, without security association");
}

static status check_cse(const struct auth_context *context, const struct prim_self *self)
{
    struct bytes rest = context->absolute;
    bool is_me = bytes_starts_with(rest, self->sp_id) &&
                 bytes_equal(bytes_from(rest, self->sp_id.len), self->cse_id);
    ENSURE(!is_me, ORIGINATOR_NOT_AUTHENTICATED, "From is this CSE itself");
    FAIL(SECURITY_ASSOCIATION_REQUIRED, "a CSE without security association");
}

/* The rows of TS-0004 7.3.2.1 for what comes outside of an association. */
static status check_unassociated(const struct auth_context *context, const struct prim_self *self,
                                 bool is_registration)
{
    switch (context->kind) {
    case PRIM_ID_AE_C:
    case PRIM_ID_AE_S:
        return check_ae(context, self, is_registration);
    case PRIM_ID_CSE:
        return check_cse(context, self);
    case PRIM_ID_SP:
    case PRIM_ID_INVALID:
        break;
    }
    FAIL(BAD_REQUEST, "From is neither an AE-ID nor a CSE-ID");
}

status authn_identify(const struct prim_request *request, const struct prim_peer *peer,
                      const struct prim_self *self, bool is_registration, struct arena *arena,
                      struct auth_context *ret_context)
{
    struct auth_context context = {.peer = peer};
    ENSURE(peer->has_association || peer->admits_unassociated, SECURITY_ASSOCIATION_REQUIRED,
           "this listener serves nobody without security association");
    if (is_registration && asks_for_id(request->from, &context.kind)) {
        context.claimed = request->from.len > 0 ? request->from : BYTES_NONE;
    } else {
        ENSURE(request->from.len > 0, BAD_REQUEST, "no From");
        TRY(prim_id_canonical(request->from, self, arena, &context.kind, &context.absolute));
        context.claimed = request->from;
    }
    /* An association proves nothing until its evidence can be compared with the claim. */
    ENSURE(!peer->has_association, ORIGINATOR_NOT_AUTHENTICATED,
           "the security association does not say who the originator is");
    if (context.absolute.ptr != NULL) {
        TRY(check_unassociated(&context, self, is_registration));
    }
    *ret_context = context;
    return OK;
}
