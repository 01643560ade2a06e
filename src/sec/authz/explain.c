/* SPDX-License-Identifier: Apache-2.0
 * Why a rule does not permit: the first predicate of the formula that is false. TS-0003 7.1.5. */
#include "sec/authz/authz_int.h"

const char *authz_predicate_name(enum authz_predicate predicate)
{
    switch (predicate) {
    case AUTHZ_PREDICATE_NONE:
        return "none";
    case AUTHZ_AUTHENTICATION:
        return "accessControlAuthenticationFlag";
    case AUTHZ_ORIGINATORS:
        return "accessControlOriginators";
    case AUTHZ_OPERATIONS:
        return "accessControlOperations";
    case AUTHZ_CONTEXTS:
        return "accessControlContexts";
    case AUTHZ_OBJECT_DETAILS:
        return "accessControlObjectDetails";
    case AUTHZ_PREDICATE_COUNT:
        break;
    }
    must_fail("predicate", __FILE__, __LINE__);
}

enum authz_predicate authz_explain_rule(const struct authz_rules *rules, size_t rule,
                                        const struct authz_facts *facts)
{
    must(rules != NULL && facts != NULL && rule < rules->count);
    struct authz_decision decision = {.verdict = AUTHZ_DENY};
    return authz_rule_evaluate(&rules->rules[rule], facts, &decision);
}
