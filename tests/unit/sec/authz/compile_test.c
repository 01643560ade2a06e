/* SPDX-License-Identifier: Apache-2.0
 * What a set of rules may say and what is refused. TS-0004 6.3.5.26, 6.3.5.27, TS-0001 9.6.2. */
#include "authz_testing.h"

static void expect(const char *json, enum status_code code)
{
    const struct authz_rules *rules = NULL;
    status s = compile(json, &rules);
    if (s.code != code) {
        fail_msg("%s gives %s: %s", json, status_name(s), status_note_get()->text);
    }
    if (code != STATUS_OK) {
        assert_null(rules);
    }
}

static void expect_rule(const char *members, enum status_code code)
{
    expect(arena_printf(arena, "{'acr':[{%s}]}", members).ptr, code);
}

static void an_empty_set_permits_nobody(void **state)
{
    (void)state;
    CLAUSE("TS-0001 9.6.2");
    static const char *const empty[] = {"{}", "{'acr':[]}"};
    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        const struct authz_rules *rules = rules_of(empty[i]);
        assert_int_equal(authz_rules_count(rules), 0);
        assert_int_equal(authz_rules_groups(rules).count, 0);
        struct authz_facts facts = facts_of(SENSOR);
        assert_false(permits(rules, &facts));
    }
}

static void what_is_no_set(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.26");
    static const char *const bad[] = {"[]",           "null",           "'acr'",
                                      "63",           "{'acr':{}}",     "{'acr':null}",
                                      "{'acr':63}",   "{'rules':[]}",   "{'acr':[],'x':1}",
                                      "{'acr':[[]]}", "{'acr':[null]}", "{'acr':['all']}"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        expect(bad[i], STATUS_BAD_REQUEST);
    }
    const struct authz_rules *rules = NULL;
    assert_status(authz_rules_compile(NULL, &self, &limits, arena, &rules), STATUS_BAD_REQUEST);
}

static void mandatory_members(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.27");
    expect_rule("'acor':['all'],'acop':63", STATUS_OK);
    expect_rule("'acop':63", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all']", STATUS_BAD_REQUEST);
    expect_rule("", STATUS_BAD_REQUEST);
    expect_rule("'acor':'all','acop':63", STATUS_BAD_REQUEST);
    expect_rule("'acor':null,'acop':63", STATUS_BAD_REQUEST);
    expect_rule("'acor':[1],'acop':63", STATUS_BAD_REQUEST);
    expect_rule("'acor':[['all']],'acop':63", STATUS_BAD_REQUEST);
    /* one bad rule spoils the set */
    expect("{'acr':[{'acor':['all'],'acop':63},{'acor':['all'],'acop':64}]}", STATUS_BAD_REQUEST);
}

static void operations(void **state)
{
    (void)state;
    expect_rule("'acor':['all'],'acop':1", STATUS_OK);
    static const char *const bad[] = {"0",
                                      "64",
                                      "-1",
                                      "'63'",
                                      "1.0",
                                      "2.5",
                                      "[63]",
                                      "{}",
                                      "4294967297",
                                      "null",
                                      "true",
                                      "18446744073709551615",
                                      "-9223372036854775808"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        expect_rule(arena_printf(arena, "'acor':['all'],'acop':%s", bad[i]).ptr,
                    STATUS_BAD_REQUEST);
    }
}

static void unknown_and_later_members(void **state)
{
    (void)state;
    expect_rule("'acor':['all'],'acop':63,'x':1", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all'],'acop':63,'ACAF':true", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all'],'acop':63,'accessControlContexts':[]", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all'],'acop':63,'aca':['lbl']", STATUS_NOT_IMPLEMENTED);
    expect_rule("'acor':['all'],'acop':63,'acui':['u']", STATUS_NOT_IMPLEMENTED);
    expect_rule("'acor':['all'],'acop':63,'acec':{}", STATUS_NOT_IMPLEMENTED);
    expect_rule("'acor':['all'],'acop':63,'acl':5", STATUS_NOT_IMPLEMENTED);
}

static void a_member_given_twice(void **state)
{
    (void)state;
    struct wire_value *set = parse("{'acr':[{'acor':['all'],'acop':2}]}");
    struct wire_value *rule = set->first->first;
    wire_add(rule, BYTES("acop"), wire_int(arena, 63));
    const struct authz_rules *rules = NULL;
    assert_status(authz_rules_compile(set, &self, &limits, arena, &rules), STATUS_BAD_REQUEST);
}

static void authentication_flag(void **state)
{
    (void)state;
    expect_rule("'acor':['all'],'acop':63,'acaf':true", STATUS_OK);
    expect_rule("'acor':['all'],'acop':63,'acaf':false", STATUS_OK);
    expect_rule("'acor':['all'],'acop':63,'acaf':1", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all'],'acop':63,'acaf':'true'", STATUS_BAD_REQUEST);
    expect_rule("'acor':['all'],'acop':63,'acaf':null", STATUS_BAD_REQUEST);
}

static void object_details(void **state)
{
    (void)state;
    CLAUSE("TS-0001 9.6.2.4");
    static const struct {
        const char *details;
        enum status_code code;
    } rows[] = {
        {"[{'chty':[3]}]", STATUS_OK},
        {"[{'chty':[]}]", STATUS_OK},
        {"[{'ty':3,'chty':[3,4,23]},{'chty':[1]}]", STATUS_OK},
        {"[{'ty':13,'spty':{'mgd':1001},'chty':[23]}]", STATUS_OK},
        {"[{'ty':28,'spty':{'cnd':'org.example.lamp'},'chty':[28]}]", STATUS_OK},
        {"[{'spty':{'cnd':'org.example.lamp'},'chty':[28]}]", STATUS_OK},
        {"[{'ty':13,'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':28,'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':{'cnd':'x'},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':28,'spty':{'mgd':1001},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':{'mgd':1001,'cnd':'x'},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':{},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':1001,'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':{'mgd':'1001'},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':13,'spty':{'mgd':0},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[{'ty':28,'spty':{'cnd':''},'chty':[23]}]", STATUS_BAD_REQUEST},
        {"[]", STATUS_BAD_REQUEST},
        {"{}", STATUS_BAD_REQUEST},
        {"{'chty':[3]}", STATUS_BAD_REQUEST},
        {"[{}]", STATUS_BAD_REQUEST},
        {"[3]", STATUS_BAD_REQUEST},
        {"[{'ty':3}]", STATUS_BAD_REQUEST},
        {"[{'ty':3,'x':1}]", STATUS_BAD_REQUEST},
        {"[{'chty':3}]", STATUS_BAD_REQUEST},
        {"[{'chty':['3']}]", STATUS_BAD_REQUEST},
        {"[{'chty':[-1]}]", STATUS_BAD_REQUEST},
        {"[{'chty':[4294967299]}]", STATUS_BAD_REQUEST},
        {"[{'ty':'3','chty':[3]}]", STATUS_BAD_REQUEST},
        {"[{'ty':4294967299,'chty':[3]}]", STATUS_BAD_REQUEST},
        {"[{'chty':[3],'x':1}]", STATUS_BAD_REQUEST},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        expect_rule(arena_printf(arena, "'acor':['all'],'acop':1,'acod':%s", rows[i].details).ptr,
                    rows[i].code);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    limits.acp_rules = 2;
    expect("{'acr':[{'acor':[],'acop':1},{'acor':[],'acop':1}]}", STATUS_OK);
    expect("{'acr':[{'acor':[],'acop':1},{'acor':[],'acop':1},{'acor':[],'acop':1}]}",
           STATUS_LIMIT);
    limits.acp_entries = 2;
    expect_rule("'acor':['Ca','Cb'],'acop':1", STATUS_OK);
    expect_rule("'acor':['Ca','Cb','Cc'],'acop':1", STATUS_LIMIT);
    expect_rule("'acor':[],'acop':1,'acod':[{'chty':[1,2,3]}]", STATUS_LIMIT);
    expect_rule("'acor':[],'acop':1,'acod':[{'chty':[1]},{'chty':[1]},{'chty':[1]}]", STATUS_LIMIT);
    expect_rule("'acor':[],'acop':1,'acco':[{},{},{}]", STATUS_LIMIT);
    expect("{'acr':[{'acor':['g1','g2'],'acop':1},{'acor':['g2'],'acop':1}]}", STATUS_OK);
    expect("{'acr':[{'acor':['g1','g2'],'acop':1},{'acor':['g3'],'acop':1}]}", STATUS_LIMIT);
    limits.identifier_size = 8;
    expect_rule("'acor':['C1234567'],'acop':1", STATUS_OK);
    expect_rule("'acor':['C12345678'],'acop':1", STATUS_LIMIT);
}

/* Whatever the moment at which memory runs out, the answer is that, and nothing leaks. */
static void no_memory(void **state)
{
    (void)state;
    const struct wire_value *set =
        parse("{'acr':[{'acor':['all','Ca','/x/C*','//d','grp','r@d'],'acop':63,"
              "'acco':[{'actw':['* * * * * * *'],'acip':{'ipv4':['10.0.0.0/8'],'ipv6':['::1']},"
              "'aclr':{'accc':['AT']}}],"
              "'acod':[{'ty':28,'spty':{'cnd':'x'},'chty':[3]},"
              "{'ty':13,'spty':{'mgd':1001},'chty':[3]}]}]}");
    const struct authz_rules *rules = NULL;
    size_t failures = 0;
    for (size_t size = 64;; size += 16) {
        struct arena *small = arena_new(size);
        assert_non_null(small);
        status s = authz_rules_compile(set, &self, &limits, small, &rules);
        arena_free(small);
        if (is_ok(s)) {
            break;
        }
        assert_status(s, STATUS_NO_MEMORY);
        assert_null(rules);
        failures++;
    }
    assert_true(failures > 20);
}

/* The compiled form stands alone: the document it came from may go. */
static void the_document_may_go(void **state)
{
    (void)state;
    struct arena *other = arena_new(1 << 16);
    struct arena *kept = arena;
    arena = other;
    struct wire_value *set =
        parse("{'acr':[{'acor':['//antipolis.example/id-in/Cother','//antipolis.example/id-in/Cs*',"
              "'grp','//d.example','r@d'],'acop':2},{'acor':['all'],'acop':1,"
              "'acod':[{'ty':28,'spty':{'cnd':'org.example.lamp'},'chty':[3]}]}]}");
    arena = kept;
    const struct authz_rules *rules = NULL;
    assert_status(authz_rules_compile(set, &self, &limits, arena, &rules), STATUS_OK);
    arena_free(other);
    struct authz_facts facts = facts_of(SENSOR);
    assert_true(permits(rules, &facts));
    assert_true(bytes_is(authz_rules_groups(rules).items[0], "grp"));
    facts.operation = TYPE_OP_CREATE;
    facts.target_type = 28;
    facts.target_definition = BYTES("org.example.lamp");
    facts.child_type = 3;
    assert_true(permits(rules, &facts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_empty_set_permits_nobody),
        CASE(what_is_no_set),
        CASE(mandatory_members),
        CASE(operations),
        CASE(unknown_and_later_members),
        CASE(a_member_given_twice),
        CASE(authentication_flag),
        CASE(object_details),
        CASE(limits_hold),
        CASE(no_memory),
        CASE(the_document_may_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
