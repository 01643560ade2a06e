/* SPDX-License-Identifier: Apache-2.0
 * Door of the room authn: who is speaking, and how sure we are. TS-0003 6.1, 7.2; TS-0004 7.3.2.1. */
#ifndef SEC_AUTHN_AUTHN_H
#define SEC_AUTHN_AUTHN_H

#include "prim/prim.h"

/* Fixed once by the stage identify; read-only afterwards. Zeroed: nobody, not authenticated. */
struct auth_context {
    struct bytes claimed;   /* From as given; absent only in an AE registration */
    enum prim_id_kind kind; /* of the claim; PRIM_ID_INVALID when absent */
    struct bytes absolute;  /* canonical form of the claim; absent when the claim is */
    bool authenticated;     /* an association proved the claim (rq_authn, TS-0003 7.1.2) */
    bool internal;          /* this CSE itself, acting inside */
    const struct prim_peer *peer; /* NULL when internal */
};

/* Turns the claim and what the binding knows into the context. is_registration: CREATE of an AE.
 * The caller has looked up whether an unassociated AE is registered here and passes it.
 * BAD_REQUEST (From missing or malformed), ORIGINATOR_NOT_AUTHENTICATED,
 * SECURITY_ASSOCIATION_REQUIRED (core digest 4.1; TS-0004 7.3.2.1). */
status authn_identify(const struct prim_request *request, const struct prim_peer *peer,
                      const struct prim_self *self, bool is_registration, struct arena *arena,
                      struct auth_context *ret_context);

#endif
