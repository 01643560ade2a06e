/* SPDX-License-Identifier: Apache-2.0
 * <accessControlPolicy>: rules that cannot be compiled are never stored. TS-0004 7.4.2,
 * TS-0001 9.6.2. */
#include "server/cse/cse_int.h"

/* Distributed authorization is not there: naming its points is refused, not ignored. */
static status refuse_points(const struct wire_value *representation)
{
    static const enum type_attr_id points[] = {ATTR_AUTHORIZATION_DECISION_RESOURCE_IDS,
                                               ATTR_AUTHORIZATION_POLICY_RESOURCE_IDS,
                                               ATTR_AUTHORIZATION_INFORMATION_RESOURCE_IDS};
    for (size_t i = 0; i < ARRAY_LEN(points); i++) {
        const struct wire_value *value = type_get(representation, points[i]);
        ENSURE(value == NULL || value->kind == WIRE_NULL, NOT_IMPLEMENTED, "%.*s",
               BYTES_FMT(type_attr_long(points[i])));
    }
    return OK;
}

static status check_rules(struct exchange *x, enum type_attr_id id, size_t least)
{
    const struct wire_value *value = type_get(x->representation, id);
    const struct authz_rules *rules;
    if (value == NULL) {
        return OK; /* what must be there was checked by the table */
    }
    const struct serve_config *config = serve_config_get(x->serve);
    TRY(authz_rules_compile(value, &config->self, &config->limits, x->arena, &rules));
    ENSURE(authz_rules_count(rules) >= least, BAD_REQUEST, "%.*s has no rule",
           BYTES_FMT(type_attr_long(id)));
    return OK;
}

static status check(struct exchange *x)
{
    if (x->in_job) {
        return OK; /* rests on the request alone */
    }
    TRY(refuse_points(x->representation));
    TRY(check_rules(x, ATTR_PRIVILEGES, 0));
    return check_rules(x, ATTR_SELF_PRIVILEGES, 1);
}

const struct serve_ops cse_acp_ops = {
    .type = TYPE_ACCESS_CONTROL_POLICY,
    .check_create = check,
    .check_update = check,
};
