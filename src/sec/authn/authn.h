/* SPDX-License-Identifier: Apache-2.0
 * Door of the room authn: who is speaking, and how sure we are. TS-0003 6.1, 7.2; TS-0004 7.3.2.1.
 */
#ifndef SEC_AUTHN_AUTHN_H
#define SEC_AUTHN_AUTHN_H

#include "prim/prim.h"

/* Fixed once by the stage identify; read-only afterwards. Zeroed: nobody, not authenticated. */
struct auth_context {
    struct bytes claimed;   /* From as given; absent only in an AE registration */
    enum prim_id_kind kind; /* of the claim; PRIM_ID_INVALID when absent */
    struct bytes absolute;  /* canonical form of the claim; absent when the claim is, or when it
                               only asks for an identifier */
    bool authenticated;     /* an association proved the claim (rq_authn, TS-0003 7.1.2) */
    bool internal;          /* this CSE itself, acting inside */
    const struct prim_peer *peer; /* NULL when internal */
};

/* Turns the claim and what the binding knows into the context. is_registration: CREATE of an AE;
 * there From may be absent, "C" or "S" (kind says which, absolute stays absent).
 *
 * The split: here the claim is parsed and held against the peer, without looking at any resource.
 * An AE-ID that passes is a stem which an AE of this CSE may have; whether such an AE is
 * registered is the caller's to look up, and its absence the caller's to answer with
 * ORIGINATOR_NOT_AUTHENTICATED (the stage identify). Nothing that passes is authenticated: no
 * association carries evidence yet, and one without evidence is refused.
 *
 * Checked in this order: SECURITY_ASSOCIATION_REQUIRED for everything when the listener does not
 * admit unassociated originators; BAD_REQUEST for From missing or malformed;
 * ORIGINATOR_NOT_AUTHENTICATED inside an association; outside of one, BAD_REQUEST for an AE-ID of
 * this CSE in another form than the stem, ORIGINATOR_NOT_AUTHENTICATED for an AE of another CSE
 * and for this CSE's own CSE-ID, SECURITY_ASSOCIATION_REQUIRED for any other CSE-ID. NO_MEMORY. */
status authn_identify(const struct prim_request *request, const struct prim_peer *peer,
                      const struct prim_self *self, bool is_registration, struct arena *arena,
                      struct auth_context *ret_context);

#endif
