/* SPDX-License-Identifier: Apache-2.0
 * The first predicate of the formula that is false. TS-0003 7.1.5. */
#include "authz_testing.h"

static void the_order_is_the_formulas(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.5");
    const struct authz_rules *rules =
        rule_of("'acor':['Csensor'],'acop':1,'acaf':true,'acco':[{'aclr':{'accc':['AT']}}],"
                "'acod':[{'chty':[4]}]");
    struct authz_facts facts = facts_of("//antipolis.example/id-in/Cother");
    facts.authenticated = false;
    facts.country = BYTES("DE");
    facts.child_type = 3;
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_AUTHENTICATION);
    facts.authenticated = true;
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_ORIGINATORS);
    facts.originator = BYTES(SENSOR);
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_OPERATIONS);
    facts.operation = TYPE_OP_CREATE;
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_CONTEXTS);
    facts.country = BYTES("AT");
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_OBJECT_DETAILS);
    facts.child_type = 4;
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_PREDICATE_NONE);
    assert_true(permits(rules, &facts));
}

static void each_rule_for_itself(void **state)
{
    (void)state;
    const struct authz_rules *rules =
        rules_of("{'acr':[{'acor':['Cx'],'acop':2},{'acor':['all'],'acop':1},"
                 "{'acor':['all'],'acop':2}]}");
    struct authz_facts facts = facts_of(SENSOR);
    assert_int_equal(authz_explain_rule(rules, 0, &facts), AUTHZ_ORIGINATORS);
    assert_int_equal(authz_explain_rule(rules, 1, &facts), AUTHZ_OPERATIONS);
    assert_int_equal(authz_explain_rule(rules, 2, &facts), AUTHZ_PREDICATE_NONE);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(authz_predicate_name(AUTHZ_PREDICATE_NONE), "none");
    for (int i = AUTHZ_AUTHENTICATION; i < AUTHZ_PREDICATE_COUNT; i++) {
        const char *name = authz_predicate_name((enum authz_predicate)i);
        assert_true(bytes_starts_with(bytes_str(name), BYTES("accessControl")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_order_is_the_formulas),
        CASE(each_rule_for_itself),
        CASE(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
