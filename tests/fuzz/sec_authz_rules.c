/* SPDX-License-Identifier: Apache-2.0
 * Rules from any JSON: what compiles decides consistently, and what is not known never permits.
 * TS-0003 7.1.4, 7.1.5. */
#include "sec/authz/authz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct prim_self self = {
    .sp_id = {"//antipolis.example", 19}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

/* A request about which everything is known. */
static struct authz_facts facts_about(uint32_t operation)
{
    return (struct authz_facts){
        .originator = BYTES("//antipolis.example/id-in/Csensor"),
        .authenticated = true,
        .operation = operation,
        .time = INT64_C(1790000000) * USEC_PER_SEC,
        .has_address = true,
        .address = {.ip = {10, 0, 0, 1}},
        .has_location = true,
        .latitude = 48.2,
        .longitude = 16.3,
        .country = BYTES("AT"),
        .target_type = 28,
        .target_definition = BYTES("org.example.lamp"),
        .child_type = 3,
    };
}

/* The decision is the first rule that the explanation calls permitting. */
static bool decide(const struct authz_rules *rules, const struct authz_facts *facts)
{
    struct authz_decision decision = authz_decide(rules, facts);
    size_t permitting = 0;
    while (permitting < authz_rules_count(rules) &&
           authz_explain_rule(rules, permitting, facts) != AUTHZ_PREDICATE_NONE) {
        permitting++;
    }
    bool is_permitted = permitting < authz_rules_count(rules);
    must((decision.verdict == AUTHZ_PERMIT) == is_permitted);
    must(!is_permitted || decision.rule == permitting);
    return is_permitted;
}

static void check_rules(const struct authz_rules *rules, uint32_t operation)
{
    struct authz_facts facts = facts_about(operation);
    bool is_permitted = decide(rules, &facts);
    struct authz_facts less = facts;
    less.authenticated = less.has_address = less.has_location = false;
    less.country = BYTES_NONE;
    must(!decide(rules, &less) || is_permitted); /* knowing less never opens a door */
    less = facts;
    less.originator = BYTES_NONE;
    must(!decide(rules, &less));
    less = facts;
    less.operation = 0;
    must(!decide(rules, &less));
    less.operation = operation | 64;
    must(!decide(rules, &less));
}

static void check_windows(const struct wire_value *value, unsigned depth)
{
    if (depth > 8) {
        return;
    }
    if (value->kind == WIRE_STRING) {
        IGNORE_STATUS(authz_window_check(value->string)); /* any text has to be survived */
    }
    if (value->kind == WIRE_ARRAY || value->kind == WIRE_OBJECT) {
        for (const struct wire_value *child = value->first; child != NULL; child = child->next) {
            check_windows(child, depth + 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits;
    limits_init(&limits);
    struct wire_limits bounds = wire_limits_from(&limits);
    struct arena *arena = arena_new(1 << 22);
    struct wire_value *set = NULL;
    const struct authz_rules *rules = NULL;
    if (arena != NULL &&
        is_ok(wire_decode(WIRE_JSON, bytes_of(data, size), &bounds, arena, &set))) {
        check_windows(set, 0);
        if (is_ok(authz_rules_compile(set, &self, &limits, arena, &rules))) {
            must(authz_rules_count(rules) <= limits.acp_rules);
            must(authz_rules_groups(rules).count <= limits.acp_entries);
            for (uint32_t operation = 1; operation <= 32; operation <<= 1) {
                check_rules(rules, operation);
            }
        }
    }
    arena_free(arena);
    return 0;
}
