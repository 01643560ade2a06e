/* SPDX-License-Identifier: Apache-2.0
 * What the plain resources of the CSE share: their ops, bootstrap, expiry. What happens around a
 * change is in cse_effects_int.h. */
#ifndef SERVER_CSE_CSE_INT_H
#define SERVER_CSE_CSE_INT_H

#include "server/cse/cse.h"

extern const struct serve_ops cse_base_ops, cse_ae_ops, cse_acp_ops, cse_container_ops,
    cse_content_instance_ops, cse_latest_ops, cse_oldest_ops, cse_mgmt_obj_ops;

/* ---- container.c ---- */
/* Whether RETRIEVE and DELETE of its instances are disabled. */
bool cse_container_is_closed(const struct serve_resource *container);

/* ---- ae.c ---- */
/* The stored attributes of an <AE> with that identifier. NULL: no memory. */
struct wire_value *cse_ae_attributes(struct exchange *x, struct bytes stem, const char *app_id);

/* ---- expiry.c ---- */
struct cse_expiry; /* timer on one loop that removes what has expired */
status cse_expiry_start(struct serve_worker *worker, struct cse_expiry **ret_expiry);
void cse_expiry_stop(struct cse_expiry *expiry); /* accepts NULL */

#endif
