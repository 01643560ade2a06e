/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the room authz share: an arena, the Hosting CSE's names, rules from short JSON
 * (with ' for "), facts of a request that nothing forbids. */
#ifndef AUTHZ_TESTING_H
#define AUTHZ_TESTING_H

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sec/authz/authz_int.h"

/* What a test shows; tools/trace reads it. */
#define CLAUSE(reference) ((void)sizeof(reference))

static struct arena *arena;
static struct limits limits;
static const struct prim_self self = {
    .sp_id = {"//antipolis.example", 19}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

static inline int set_up(void **state)
{
    (void)state;
    limits_init(&limits);
    arena = arena_new(1 << 24);
    return arena == NULL ? -1 : 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    arena = NULL;
    return 0;
}

static inline struct wire_value *parse(const char *json)
{
    struct bytes text = arena_dup(arena, bytes_str(json));
    char *chars = arena_chars(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        chars[i] = text.ptr[i] == '\'' ? '"' : text.ptr[i];
    }
    struct wire_limits bounds = wire_limits_from(&limits);
    struct wire_value *value = NULL;
    status s = wire_decode(WIRE_JSON, bytes_of(chars, text.len), &bounds, arena, &value);
    if (is_error(s)) {
        fail_msg("test JSON does not parse: %s", json);
    }
    return value;
}

/* The status of compiling a whole set. */
static inline status compile(const char *json, const struct authz_rules **ret_rules)
{
    return authz_rules_compile(parse(json), &self, &limits, arena, ret_rules);
}

static inline void assert_status(status s, enum status_code code)
{
    if (s.code != code) {
        fail_msg("%s, not %s: %s", status_name(s), status_name((status){code}),
                 status_note_get()->text);
    }
}

/* A set of rules that has to compile. */
static inline const struct authz_rules *rules_of(const char *json)
{
    const struct authz_rules *rules = NULL;
    assert_status(compile(json, &rules), STATUS_OK);
    assert_non_null(rules);
    return rules;
}

/* One rule whose members are given: "'acor':['all'],'acop':2". */
static inline const struct authz_rules *rule_of(const char *members)
{
    struct bytes json = arena_printf(arena, "{'acr':[{%s}]}", members);
    return rules_of(json.ptr);
}

static inline status compile_rule_of(const char *members)
{
    const struct authz_rules *rules = NULL;
    struct bytes json = arena_printf(arena, "{'acr':[{%s}]}", members);
    return compile(json.ptr, &rules);
}

/* A RETRIEVE by the AE Csensor of this CSE, authenticated, at a known time and place. */
static inline struct authz_facts facts_of(const char *originator)
{
    return (struct authz_facts){
        .originator = bytes_str(originator),
        .authenticated = true,
        .operation = TYPE_OP_RETRIEVE,
        .time = INT64_C(1790000000) * USEC_PER_SEC, /* 2026-09-21T14:13:20Z, a Monday */
        .target_type = 3,
    };
}

static inline bool permits(const struct authz_rules *rules, const struct authz_facts *facts)
{
    return authz_decide(rules, facts).verdict == AUTHZ_PERMIT;
}

#define SENSOR "//antipolis.example/id-in/Csensor"
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
