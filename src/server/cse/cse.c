/* SPDX-License-Identifier: Apache-2.0
 * The table of behaviours of this CSE, and what its workers run beside requests. A type that is not
 * here but whose row in the type table says so follows the generic procedures. TS-0004 7.4. */
#include "server/cse/cse_effects_int.h"
#include "server/cse/cse_int.h"

static const struct serve_ops *const ops[] = {
    /* TS-0004 */
    &cse_acp_ops,                 /* 7.4.2 */
    &cse_base_ops,                /* 7.4.3 */
    &cse_ae_ops,                  /* 7.4.5 */
    &cse_container_ops,           /* 7.4.6 */
    &cse_content_instance_ops,    /* 7.4.7 */
    &cse_subscription_ops,        /* 7.4.8 */
    &cse_request_ops,             /* 7.4.12 */
    &cse_group_ops,               /* 7.4.13 */
    &cse_fan_out_point_ops,       /* 7.4.14 */
    &cse_mgmt_obj_ops,            /* 7.4.15; <node>, 7.4.18, is generic */
    &cse_polling_channel_ops,     /* 7.4.21 */
    &cse_polling_channel_uri_ops, /* 7.4.22 */
    &cse_latest_ops,              /* 7.4.27 */
    &cse_oldest_ops,              /* 7.4.28 */
};

const struct serve_behaviour cse_behaviour = {
    .ops = ops,
    .ops_count = ARRAY_LEN(ops),
    .plan_effects = cse_plan_effects,
    .effects_committed = cse_effects_committed,
    .choose_mode = cse_choose_mode,
    .route = NULL, /* no other CSE is registered yet */
    .verify = cse_verify,
    .answered = cse_answered,
};

status cse_worker_start(struct serve_worker *worker, bool is_first)
{
    if (!is_first) {
        return OK;
    }
    struct cse_expiry *expiry;
    TRY(cse_effects_start(worker));
    status started = cse_expiry_start(worker, &expiry);
    if (is_error(started)) {
        cse_effects_stop(worker);
        return started;
    }
    serve_worker_set_user(worker, expiry);
    return OK;
}

void cse_worker_stop(struct serve_worker *worker)
{
    struct cse_expiry *expiry = serve_worker_get_user(worker);
    if (expiry != NULL) {
        serve_worker_set_user(worker, NULL);
        cse_expiry_stop(expiry);
        cse_effects_stop(worker);
    }
}
