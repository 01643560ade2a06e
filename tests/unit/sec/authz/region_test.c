/* SPDX-License-Identifier: Apache-2.0
 * Circles and countries. TS-0004 6.3.5.28, TS-0003 7.1.3. */
#include "authz_testing.h"

static const struct authz_rules *around(const char *circle)
{
    struct bytes members =
        arena_printf(arena, "'acor':['all'],'acop':63,'acco':[{'aclr':{'accr':[%s]}}]", circle);
    return rule_of(members.ptr);
}

static bool inside(const char *circle, double latitude, double longitude)
{
    struct authz_facts facts = facts_of(SENSOR);
    facts.has_location = true;
    facts.latitude = latitude;
    facts.longitude = longitude;
    return permits(around(circle), &facts);
}

static void circles(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.28");
    assert_true(inside("48.2, 16.3, 5000", 48.2, 16.3));
    assert_true(inside("48.2, 16.3, 5000", 48.2449, 16.3));  /* 4993 m */
    assert_false(inside("48.2, 16.3, 5000", 48.2450, 16.3)); /* 5004 m */
    assert_true(inside("48.2, 16.3, 5000", 48.2, 16.3674));
    assert_false(inside("48.2, 16.3, 5000", 48.2, 16.3676));
    assert_true(inside("0, 0, 0", 0, 0));
    assert_false(inside("0, 0, 0", 0.00001, 0));
    assert_true(inside("0, 0, 20100000", -0.0, 180));
    assert_false(inside("0, 0, 20015000", 0, 180)); /* half the circumference is 20015114 m */
}

static void circles_across_the_date_line(void **state)
{
    (void)state;
    assert_true(inside("0, 179.99, 3000", 0, -179.99)); /* 2224 m */
    assert_false(inside("0, 179.99, 2000", 0, -179.99));
    assert_true(inside("-17.5, -180, 10", -17.5, 180));
    assert_false(inside("0, 179.99, 3000", 0, 0));
}

static void circles_at_the_poles(void **state)
{
    (void)state;
    assert_true(inside("90, 0, 1", 90, 137));
    assert_true(inside("90, 0, 112000", 89, -45));
    assert_false(inside("90, 0, 111000", 89, -45));
    assert_true(inside("89.99, 0, 2300", 89.99, 180)); /* straight over the pole: 2224 m */
    assert_false(inside("89.99, 0, 2200", 89.99, 180));
    assert_true(inside("-90, 10, 1", -90, -170));
    assert_false(inside("-90, 10, 1000000", 90, 10));
}

static void countries(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.28");
    const struct authz_rules *rules =
        rule_of("'acor':['all'],'acop':63,'acco':[{'aclr':{'accc':['AT','KR']}}]");
    struct authz_facts facts = facts_of(SENSOR);
    assert_false(permits(rules, &facts)); /* unknown */
    facts.country = BYTES("KR");
    assert_true(permits(rules, &facts));
    facts.country = BYTES("DE");
    assert_false(permits(rules, &facts));
    facts.country = BYTES("at");
    assert_false(permits(rules, &facts));
    facts.country = BYTES("AT ");
    assert_false(permits(rules, &facts));
    facts.country = BYTES("A");
    assert_false(permits(rules, &facts));
    facts.country = BYTES("AT");
    assert_false(
        permits(rule_of("'acor':['all'],'acop':63,'acco':[{'aclr':{'accc':[]}}]"), &facts));
}

static void unknown_places_deny(void **state)
{
    (void)state;
    struct authz_facts facts = facts_of(SENSOR);
    const struct authz_rules *everywhere = around("0, 0, 99999999");
    facts.latitude = 0;
    facts.longitude = 0;
    assert_false(permits(everywhere, &facts));
    facts.has_location = true;
    assert_true(permits(everywhere, &facts));
    facts.latitude = 91;
    assert_false(permits(everywhere, &facts));
    facts.latitude = 0;
    facts.longitude = -181;
    assert_false(permits(everywhere, &facts));
    facts.longitude = __builtin_nan("");
    assert_false(permits(everywhere, &facts));
    const struct authz_region nowhere = {0};
    facts.longitude = 0;
    assert_false(authz_region_match(&nowhere, &facts));
}

static void refusals(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.28");
    static const char *const bad[] = {
        "{}",
        "[]",
        "null",
        "{'accr':[1,2,3],'accc':['AT']}",
        "{'accr':[1,2]}",
        "{'accr':[1,2,3,4]}",
        "{'accr':[]}",
        "{'accr':{}}",
        "{'accr':'1 2 3'}",
        "{'accr':['1',2,3]}",
        "{'accr':[90.1,0,1]}",
        "{'accr':[-91,0,1]}",
        "{'accr':[0,180.5,1]}",
        "{'accr':[0,-181,1]}",
        "{'accr':[0,0,-1]}",
        "{'accr':[null,0,1]}",
        "{'accc':'AT'}",
        "{'accc':['AUT']}",
        "{'accc':['at']}",
        "{'accc':['A1']}",
        "{'accc':['']}",
        "{'accc':[1]}",
        "{'country':['AT']}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct bytes members =
            arena_printf(arena, "'acor':['all'],'acop':63,'acco':[{'aclr':%s}]", bad[i]);
        if (!status_is(compile_rule_of(members.ptr), STATUS_BAD_REQUEST)) {
            fail_msg("%s is accepted", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(circles),   CASE(circles_across_the_date_line), CASE(circles_at_the_poles),
        CASE(countries), CASE(unknown_places_deny),          CASE(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
