/* SPDX-License-Identifier: Apache-2.0
 * The decision: permit when one rule's five predicates all hold, else deny.
 * TS-0003 7.1.4, 7.1.5; TS-0004 7.3.3.15. */
#include "sec/authz/authz_int.h"

/* Announced variants carry the definition of their original. */
#define ANNOUNCED 10000u
#define MANAGEMENT_OBJECT 13u
#define FLEX_CONTAINER 28u

/* TS-0003 Table 7.1.5-1 */
static bool authentication_holds(const struct authz_rule *rule, const struct authz_facts *facts,
                                 struct authz_decision *decision)
{
    if (!rule->needs_authentication) {
        return true;
    }
    decision->depends_on_context = true;
    return facts->authenticated;
}

static bool originators_hold(const struct authz_rule *rule, const struct authz_facts *facts,
                             struct authz_decision *decision)
{
    if (facts->originator.len == 0) {
        return false;
    }
    for (uint32_t i = 0; i < rule->originator_count; i++) {
        const struct authz_originator *originator = &rule->originators[i];
        if (originator->kind == AUTHZ_GROUP || originator->kind == AUTHZ_ROLE) {
            decision->depends_on_context = true;
        }
        if (authz_originator_match(originator, facts)) {
            return true;
        }
    }
    return false;
}

static bool operations_hold(const struct authz_rule *rule, const struct authz_facts *facts,
                            struct authz_decision *decision)
{
    (void)decision;
    uint32_t operation = facts->operation;
    bool is_one = operation != 0 && (operation & (operation - 1)) == 0;
    return is_one && (rule->operations & operation) != 0;
}

static bool time_holds(const struct authz_context *context, const struct authz_facts *facts,
                       struct authz_decision *decision)
{
    if (!context->has_windows) {
        return true;
    }
    decision->depends_on_time = true;
    struct civil_time time = civil_from_usec(facts->time);
    for (uint32_t i = 0; i < context->window_count; i++) {
        if (authz_window_match(&context->windows[i], &time)) {
            return true;
        }
    }
    return false;
}

static bool address_holds(const struct authz_context *context, const struct authz_facts *facts,
                          struct authz_decision *decision)
{
    if (!context->has_addresses) {
        return true;
    }
    decision->depends_on_context = true;
    if (!facts->has_address) {
        return false;
    }
    for (uint32_t i = 0; i < context->prefix_count; i++) {
        if (authz_prefix_match(&context->prefixes[i], &facts->address)) {
            return true;
        }
    }
    return false;
}

static bool region_holds(const struct authz_context *context, const struct authz_facts *facts,
                         struct authz_decision *decision)
{
    if (!context->has_region) {
        return true;
    }
    decision->depends_on_context = true;
    return authz_region_match(&context->region, facts);
}

static bool contexts_hold(const struct authz_rule *rule, const struct authz_facts *facts,
                          struct authz_decision *decision)
{
    if (rule->context_count == 0) {
        return true;
    }
    for (uint32_t i = 0; i < rule->context_count; i++) {
        const struct authz_context *context = &rule->contexts[i];
        if (time_holds(context, facts, decision) && address_holds(context, facts, decision) &&
            region_holds(context, facts, decision)) {
            return true;
        }
    }
    return false;
}

/* The definition of the addressed resource, as TS-0001 9.6.2.4 and TS-0003 7.1.3 say; TS-0003
 * 7.1.5 speaks of the new resource instead, which would not fit resourceType beside it. */
static bool definition_holds(const struct authz_object *object, const struct authz_facts *facts)
{
    if (!object->has_definition) {
        return true;
    }
    uint32_t wanted = object->is_container_definition ? FLEX_CONTAINER : MANAGEMENT_OBJECT;
    bool is_of_kind = facts->target_type == wanted || facts->target_type == wanted + ANNOUNCED;
    return is_of_kind && facts->target_definition.len > 0 &&
           bytes_equal(object->definition, facts->target_definition);
}

static bool child_type_holds(const struct authz_object *object, uint32_t child_type)
{
    for (size_t i = 0; i < object->child_types.count; i++) {
        if (object->child_types.items[i] == child_type) {
            return true;
        }
    }
    return false;
}

static bool object_details_hold(const struct authz_rule *rule, const struct authz_facts *facts,
                                struct authz_decision *decision)
{
    (void)decision;
    if (facts->operation != TYPE_OP_CREATE || rule->object_count == 0) {
        return true;
    }
    for (uint32_t i = 0; i < rule->object_count; i++) {
        const struct authz_object *object = &rule->objects[i];
        bool type_holds = !object->has_type || object->type == facts->target_type;
        if (type_holds && definition_holds(object, facts) &&
            child_type_holds(object, facts->child_type)) {
            return true;
        }
    }
    return false;
}

/* res_acr = res_authn AND res_origs AND res_ops AND res_ctxts AND res_objd */
static const struct {
    enum authz_predicate predicate;
    authz_predicate_fn *holds;
} formula[] = {
    {AUTHZ_AUTHENTICATION, authentication_holds}, {AUTHZ_ORIGINATORS, originators_hold},
    {AUTHZ_OPERATIONS, operations_hold},          {AUTHZ_CONTEXTS, contexts_hold},
    {AUTHZ_OBJECT_DETAILS, object_details_hold},
};
_Static_assert(ARRAY_LEN(formula) == AUTHZ_PREDICATE_COUNT - 1, "one row for each predicate");

enum authz_predicate authz_rule_evaluate(const struct authz_rule *rule,
                                         const struct authz_facts *facts,
                                         struct authz_decision *decision)
{
    for (size_t i = 0; i < ARRAY_LEN(formula); i++) {
        if (!formula[i].holds(rule, facts, decision)) {
            return formula[i].predicate;
        }
    }
    return AUTHZ_PREDICATE_NONE;
}

struct authz_decision authz_decide(const struct authz_rules *rules, const struct authz_facts *facts)
{
    struct authz_decision decision = {.verdict = AUTHZ_DENY};
    if (rules == NULL || facts == NULL) {
        return decision;
    }
    for (size_t i = 0; i < rules->count; i++) {
        if (authz_rule_evaluate(&rules->rules[i], facts, &decision) == AUTHZ_PREDICATE_NONE) {
            decision.verdict = AUTHZ_PERMIT;
            decision.rule = i;
            return decision;
        }
    }
    return decision;
}
