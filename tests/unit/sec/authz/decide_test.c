/* SPDX-License-Identifier: Apache-2.0
 * The reference decision: each predicate alone, their conjunction, permit overriding.
 * TS-0003 7.1.4, 7.1.5. */
#include "authz_testing.h"

static void zero_denies(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.4");
    assert_int_equal(AUTHZ_DENY, 0);
    const struct authz_facts nothing = {0};
    struct authz_facts facts = facts_of(SENSOR);
    const struct authz_rules *open = rule_of("'acor':['all'],'acop':63");
    assert_true(permits(open, &facts));
    assert_false(permits(open, &nothing));
    assert_false(permits(open, NULL));
    assert_false(permits(NULL, &facts));
    const struct authz_rules zero = {0};
    assert_false(permits(&zero, &facts));
    const struct authz_rule blank = {0};
    const struct authz_rules blanks = {.count = 1, .rules = &blank};
    assert_false(permits(&blanks, &facts));
}

static void operations(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    for (uint32_t granted = 1; granted <= 63; granted++) {
        const struct authz_rules *rules =
            rule_of(arena_printf(arena, "'acor':['all'],'acop':%u", granted).ptr);
        for (uint32_t asked = 1; asked <= 32; asked <<= 1) {
            struct authz_facts facts = facts_of(SENSOR);
            facts.operation = asked;
            assert_int_equal(permits(rules, &facts), (granted & asked) != 0);
        }
    }
    /* no operation, several, or one that no rule can grant */
    const struct authz_rules *all = rule_of("'acor':['all'],'acop':63");
    static const uint32_t none[] = {0, 3, 63, 64, 128, 0x80000000u, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        struct authz_facts facts = facts_of(SENSOR);
        facts.operation = none[i];
        assert_false(permits(all, &facts));
    }
}

/* TS-0003 Table 7.1.5-1, row by row. */
static void authentication(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    static const struct {
        const char *flag;
        bool authenticated, expected;
    } rows[] = {
        {",'acaf':true", true, true},
        {",'acaf':true", false, false},
        {",'acaf':false", true, true},
        {",'acaf':false", false, true},
        {"", true, true},
        {"", false, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct authz_facts facts = facts_of(SENSOR);
        facts.authenticated = rows[i].authenticated;
        const struct authz_rules *rules =
            rule_of(arena_printf(arena, "'acor':['all'],'acop':63%s", rows[i].flag).ptr);
        assert_int_equal(permits(rules, &facts), rows[i].expected);
    }
}

static void contexts_are_alternatives_of_conjunctions(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    const struct authz_rules *rules =
        rule_of("'acor':['all'],'acop':63,'acco':["
                "{'actw':['* * 8-17 * * * *','* * 22 * * * *'],'acip':{'ipv4':['10.0.0.0/8']}},"
                "{'aclr':{'accc':['AT']}}]");
    struct authz_facts facts = facts_of(SENSOR); /* 14:13 */
    assert_false(permits(rules, &facts));
    facts.has_address = true;
    facts.address = (struct sys_address){.ip = {10, 1, 1, 1}};
    assert_true(permits(rules, &facts));
    facts.time += 8 * 3600 * USEC_PER_SEC; /* 22:13 */
    assert_true(permits(rules, &facts));
    facts.time -= 3600 * USEC_PER_SEC; /* 21:13 */
    assert_false(permits(rules, &facts));
    facts.country = BYTES("AT");
    assert_true(permits(rules, &facts));
    facts.address.ip[0] = 11;
    assert_true(permits(rules, &facts));
    facts.country = BYTES("DE");
    assert_false(permits(rules, &facts));
    /* a context without members admits anything */
    assert_true(permits(rule_of("'acor':['all'],'acop':63,'acco':[{}]"), &facts));
}

static void unknown_facts_deny(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.2");
    CLAUSE("TS-0003 7.1.4");
    struct authz_facts facts = facts_of(SENSOR);
    const struct authz_rules *addresses = rule_of(
        "'acor':['all'],'acop':63,'acco':[{'acip':{'ipv4':['0.0.0.0/0'],'ipv6':['::/0']}}]");
    assert_false(permits(addresses, &facts));
    facts.has_address = true;
    assert_true(permits(addresses, &facts));
    facts.address.is_v6 = true;
    assert_true(permits(addresses, &facts));
    assert_false(permits(
        rule_of("'acor':['all'],'acop':63,'acco':[{'acip':{'ipv4':[],'ipv6':[]}}]"), &facts));
    assert_false(permits(
        rule_of("'acor':['all'],'acop':63,'acco':[{'aclr':{'accr':[0,0,30000000]}}]"), &facts));
    assert_false(
        permits(rule_of("'acor':['all'],'acop':63,'acco':[{'aclr':{'accc':['AT']}}]"), &facts));
}

static bool create_permitted(const char *details, uint32_t target, const char *definition,
                             uint32_t child)
{
    struct authz_facts facts = facts_of(SENSOR);
    facts.operation = TYPE_OP_CREATE;
    facts.target_type = target;
    facts.target_definition = bytes_str(definition);
    facts.child_type = child;
    return permits(rule_of(arena_printf(arena, "'acor':['all'],'acop':63,'acod':%s", details).ptr),
                   &facts);
}

static void object_details(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    assert_true(create_permitted("[{'chty':[3,4]}]", 3, NULL, 4));
    assert_false(create_permitted("[{'chty':[3,4]}]", 3, NULL, 23));
    assert_false(create_permitted("[{'chty':[]}]", 3, NULL, 4));
    assert_true(create_permitted("[{'ty':3,'chty':[4]}]", 3, NULL, 4));
    assert_false(create_permitted("[{'ty':2,'chty':[4]}]", 3, NULL, 4));
    assert_true(create_permitted("[{'ty':2,'chty':[4]},{'ty':3,'chty':[4]}]", 3, NULL, 4));
    /* type and child type of the same entry */
    assert_false(create_permitted("[{'ty':3,'chty':[23]},{'ty':2,'chty':[4]}]", 3, NULL, 4));
    const char *lamp = "[{'ty':28,'spty':{'cnd':'org.example.lamp'},'chty':[3]}]";
    assert_true(create_permitted(lamp, 28, "org.example.lamp", 3));
    assert_false(create_permitted(lamp, 28, "org.example.lamp2", 3));
    assert_false(create_permitted(lamp, 28, NULL, 3));
    assert_false(create_permitted(lamp, 13, "org.example.lamp", 3));
    const char *firmware = "[{'ty':13,'spty':{'mgd':1001},'chty':[23]}]";
    assert_true(create_permitted(firmware, 13, "1001", 23));
    assert_false(create_permitted(firmware, 13, "1002", 23));
    assert_false(create_permitted(firmware, 28, "1001", 23));
    assert_false(create_permitted("[{'spty':{'cnd':'1001'},'chty':[23]}]", 13, "1001", 23));
    assert_true(create_permitted("[{'spty':{'mgd':1001},'chty':[23]}]", 10013, "1001", 23));
    assert_false(create_permitted("[{'spty':{'mgd':1001},'chty':[23]}]", 3, "1001", 23));
}

static void object_details_restrict_create_alone(void **state)
{
    (void)state;
    const struct authz_rules *rules =
        rule_of("'acor':['all'],'acop':63,'acod':[{'ty':2,'chty':[]}]");
    for (uint32_t operation = 2; operation <= 32; operation <<= 1) {
        struct authz_facts facts = facts_of(SENSOR);
        facts.operation = operation;
        assert_true(permits(rules, &facts));
    }
    struct authz_facts facts = facts_of(SENSOR);
    facts.operation = TYPE_OP_CREATE;
    assert_false(permits(rules, &facts));
}

static void one_permitting_rule_is_enough(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    const struct authz_rules *rules =
        rules_of("{'acr':[{'acor':['Cother'],'acop':63},{'acor':['Csensor'],'acop':1},"
                 "{'acor':['C*'],'acop':2},{'acor':['all'],'acop':2}]}");
    struct authz_facts facts = facts_of(SENSOR);
    struct authz_decision decision = authz_decide(rules, &facts);
    assert_int_equal(decision.verdict, AUTHZ_PERMIT);
    assert_int_equal(decision.rule, 2);
    facts.operation = TYPE_OP_DELETE;
    assert_int_equal(authz_decide(rules, &facts).verdict, AUTHZ_DENY);
    /* originator and operation of two different rules do not add up */
    rules = rules_of("{'acr':[{'acor':['Csensor'],'acop':2},{'acor':['Cother'],'acop':8}]}");
    assert_int_equal(authz_decide(rules, &facts).verdict, AUTHZ_DENY);
}

static void what_was_looked_at(void **state)
{
    (void)state;
    struct authz_facts facts = facts_of(SENSOR);
    struct authz_decision decision = authz_decide(rule_of("'acor':['all'],'acop':2"), &facts);
    assert_false(decision.depends_on_time || decision.depends_on_context);
    static const struct {
        const char *members;
        bool time, context;
    } rows[] = {
        {"'acor':['all'],'acop':2,'acco':[{'actw':['* * * * * * *']}]", true, false},
        {"'acor':['Cx'],'acop':2,'acco':[{'actw':['* * * * * * *']}]", false, false},
        {"'acor':['all'],'acop':2,'acco':[{'acip':{'ipv4':[]}}]", false, true},
        {"'acor':['all'],'acop':2,'acco':[{'aclr':{'accc':['AT']}}]", false, true},
        {"'acor':['all'],'acop':2,'acaf':true", false, true},
        {"'acor':['all'],'acop':2,'acaf':false", false, false},
        {"'acor':['grp'],'acop':2", false, true},
        {"'acor':['r@d'],'acop':2", false, true},
        {"'acor':['all','grp'],'acop':2", false, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        decision = authz_decide(rule_of(rows[i].members), &facts);
        assert_int_equal(decision.depends_on_time, rows[i].time);
        assert_int_equal(decision.depends_on_context, rows[i].context);
    }
}

/* No allocation, no change: the same answer with memory switched off, any number of times. */
static void pure(void **state)
{
    (void)state;
    const struct authz_rules *rules =
        rule_of("'acor':['grp','r@d','C*'],'acop':2,'acco':[{'actw':['* * * * * * *'],"
                "'acip':{'ipv4':['10.0.0.0/8']},'aclr':{'accr':[0,0,100]}}]");
    struct authz_facts facts = facts_of(SENSOR);
    facts.has_address = facts.has_location = true;
    facts.address.ip[0] = 10;
    const size_t used = arena_used(arena);
    const struct authz_facts before = facts;
    mem_fail_after(1);
    for (int i = 0; i < 1000; i++) {
        assert_true(permits(rules, &facts));
    }
    mem_fail_after(0);
    assert_int_equal(arena_used(arena), used);
    assert_memory_equal(&before, &facts, sizeof(facts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(zero_denies),
        CASE(operations),
        CASE(authentication),
        CASE(contexts_are_alternatives_of_conjunctions),
        CASE(unknown_facts_deny),
        CASE(object_details),
        CASE(object_details_restrict_create_alone),
        CASE(one_permitting_rule_is_enough),
        CASE(what_was_looked_at),
        CASE(pure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
