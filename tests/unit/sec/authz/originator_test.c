/* SPDX-License-Identifier: Apache-2.0
 * Whom each form of entry in accessControlOriginators matches, and whom it does not.
 * TS-0003 7.1.3, TS-0001 9.6.2.1, TS-0004 7.3.3.15. */
#include "authz_testing.h"

static bool matches(const char *entry, const struct authz_facts *facts)
{
    struct bytes members = arena_printf(arena, "'acor':['%s'],'acop':63", entry);
    return permits(rule_of(members.ptr), facts);
}

static void check(const char *entry, const char *originator, bool expected)
{
    struct authz_facts facts = facts_of(originator);
    if (matches(entry, &facts) != expected) {
        fail_msg("%s %s %s", entry, expected ? "does not match" : "matches", originator);
    }
}

static void all_means_everyone_with_a_name(void **state)
{
    (void)state;
    check("all", SENSOR, true);
    check("all", "//else.example/mn1", true);
    check("all", "", false); /* nobody spoke */
    struct authz_facts facts = facts_of(SENSOR);
    facts.originator = BYTES_NONE;
    assert_false(matches("all", &facts));
    check("All", SENSOR, false);
    check("all ", SENSOR, false);
    check("al*", SENSOR, false);
}

static void exact_identifiers_in_every_form(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.3");
    check("Csensor", SENSOR, true);
    check("/id-in/Csensor", SENSOR, true);
    check("//antipolis.example/id-in/Csensor", SENSOR, true);
    check("Csensor", "//antipolis.example/mn1/Csensor", false);
    check("/mn1/Csensor", "//antipolis.example/mn1/Csensor", true);
    check("/mn1/Csensor", SENSOR, false);
    check("Splant", "//antipolis.example/Splant", true);
    check("/Splant", "//antipolis.example/Splant", true);
    check("/Splant", "//else.example/Splant", false);
    check("/id-in", "//antipolis.example/id-in", true);
    check("/id-in", SENSOR, false);
    check("/id-i", "//antipolis.example/id-in", false);
    check("/id-inn", "//antipolis.example/id-in", false);
    check("//else.example/mn1", "//else.example/mn1", true);
    check("csensor", SENSOR, false);
    check("CSENSOR", SENSOR, false);
    check("Csens", SENSOR, false);
    check("Csensorr", SENSOR, false);
    check("", SENSOR, false);
    check("/", SENSOR, false);
    check("//", SENSOR, false);
    check("C", "//antipolis.example/id-in/C", false);
}

/* The examples of TS-0003 Table 7.1.3-2, each with a stranger one step away. */
static void wildcards_of_the_table(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.3");
    check("//m2msp.org/myCSEID", "//m2msp.org/myCSEID", true);
    check("//*/myCSEID", "//m2msp.org/myCSEID", true);
    check("//*/myCSEID", "//m2msp.org/yourCSEID", false);
    check("//*/myCSEID", "//m2msp.org/x/myCSEID", false);
    check("//*/myCSEID", "//m2msp.org/myCSEID/C1", false);
    check("//*/myCSE*", "//m2msp.org/myCSE42", true);
    check("//*/myCSE*", "//m2msp.org/myCSE", true);
    check("//*/myCSE*", "//m2msp.org/myCSE42/C1", false);
    check("//*/myCSE*", "//m2msp.org/amyCSE", false);
    check("/myCSEID", "//antipolis.example/myCSEID", true);
    check("/myCSE*", "//antipolis.example/myCSE9", true);
    check("/myCSE*", "//else.example/myCSE9", false);
    check("/myCSE*", "//antipolis.example/myCSE9/C1", false);
    check("//m2msp.org/S988", "//m2msp.org/S988", true);
    check("//*/myCSEID/C9886", "//m2msp.org/myCSEID/C9886", true);
    check("//*/myCSEID/C9886", "//m2msp.org/myCSEID/C9887", false);
    check("//*/myCSE*/C9886", "//m2msp.org/myCSE1/C9886", true);
    check("//*/myCSE*/C9886", "//m2msp.org/myCSE1/C9886x", false);
    check("/myCSEID/C9886", "//antipolis.example/myCSEID/C9886", true);
    check("/myCSEID/C98*", "//antipolis.example/myCSEID/C98", true);
    check("/myCSEID/C98*", "//antipolis.example/myCSEID/C97", false);
    check("/myCSE*/C98*", "//antipolis.example/myCSE7/C9811", true);
    check("/myCSE*/C98*", "//antipolis.example/yourCSE/C98", false);
    check("/SmyAE*", "//antipolis.example/SmyAE3", true);
    check("/SmyAE*", "//antipolis.example/SyourAE", false);
}

static void wildcards_inside_a_segment(void **state)
{
    (void)state;
    check("C*", SENSOR, true);
    check("C*r", SENSOR, true);
    check("Cs*s*r", SENSOR, true);
    check("Cs*x*r", SENSOR, false);
    check("C*", "//antipolis.example/mn1/Csensor", false);
    check("S*", "//antipolis.example/Splant", true);
    check("S*", SENSOR, false);
    check("/id-in/*", SENSOR, true);
    check("/id-in/*", "//antipolis.example/id-in", false);
    check("/*", "//antipolis.example/id-in", true);
    check("/*", SENSOR, false);
    check("/*/*", SENSOR, true);
    check("//*/*/*", "//else.example/mn1/Cx", true);
    check("//*.example/id-in/C*", SENSOR, true);
    check("//*.org/id-in/C*", SENSOR, false);
    check("/id-in/C**r", SENSOR, true);
}

/* decisions 2: patterns stand in CSE-IDs and AE-IDs only. */
static void no_wildcards_elsewhere(void **state)
{
    (void)state;
    check("*", SENSOR, false);
    check("//*", SENSOR, false);
    check("//antipolis.*", SENSOR, false);
    check("//*.example", SENSOR, false);
    struct bytes roles[] = {BYTES("operator@antipolis.example")};
    struct authz_facts facts = facts_of(SENSOR);
    facts.roles = (struct prim_texts){roles, 1};
    assert_false(matches("*@antipolis.example", &facts));
    assert_false(matches("operator@*", &facts));
    assert_false(matches("C*@antipolis.example", &facts));
    struct bytes members[] = {BYTES(SENSOR)};
    struct authz_group groups[] = {
        {.id = BYTES("cse-in/grp*"), .known = true, .members = {members, 1}}};
    facts.groups = groups;
    facts.group_count = 1;
    assert_false(matches("cse-in/grp*", &facts));
    assert_int_equal(authz_rules_groups(rule_of("'acor':['cse-in/grp*'],'acop':63")).count, 0);
}

/* decisions 1: what a request says is literal. */
static void patterns_of_a_request_are_literal(void **state)
{
    (void)state;
    check("Csensor", "//antipolis.example/id-in/C*", false);
    check("/id-in/C*", "//antipolis.example/*/C*", false);
    check("//*/mn1", "//*/mn1", true); /* matched as ordinary octets, not because of its '*' */
    check("/mn1", "//*/mn1", false);
    check("//antipolis.example", "//*/mn1", false);
    check("C9*", "//antipolis.example/id-in/C*", false);
}

static void octets_that_identifiers_lack_match_nobody(void **state)
{
    (void)state;
    check("/id-in/C*\\u0000x", "//antipolis.example/id-in/Csensor", false);
    check("/id-in/C*\\u0000", "//antipolis.example/id-in/Csensor", false);
    check("/id-in/C* ", SENSOR, false);
    check("/id-in/C?ensor", SENSOR, false);
    check("/id-in/C.*", SENSOR, false);
    check("/id-in/%43sensor", SENSOR, false);
}

static void domains(void **state)
{
    (void)state;
    CLAUSE("TS-0001 9.6.2.1");
    check("//antipolis.example", SENSOR, true);
    check("//antipolis.example", "//antipolis.example/Splant", true);
    check("//antipolis.example", "//plant.antipolis.example/mn1", true);
    check("//antipolis.example", "//notantipolis.example/mn1", false);
    check("//antipolis.example", "//antipolis.example.org/mn1", false);
    check("//antipolis.example", "//antipolis.example", false); /* neither AE nor CSE */
    check("//antipolis.example", "//antipolis.example/", false);
    check("//ntipolis.example", SENSOR, false);
    check("//plant.antipolis.example", SENSOR, false);
    check("//ANTIPOLIS.example", SENSOR, false);
}

static void roles(void **state)
{
    (void)state;
    CLAUSE("TS-0004 7.3.3.15");
    struct bytes held[] = {BYTES("reader@antipolis.example"), BYTES("a.b_c-1@x.y"),
                           BYTES("bad name@x"), BYTES("Upper@Domain.example")};
    struct authz_facts facts = facts_of(SENSOR);
    facts.roles = (struct prim_texts){held, ARRAY_LEN(held)};
    assert_true(matches("reader@antipolis.example", &facts));
    assert_true(matches("a.b_c-1@x.y", &facts));
    assert_false(matches("Reader@antipolis.example", &facts));
    assert_false(matches("reader@antipolis.exampl", &facts));
    assert_false(matches("writer@antipolis.example", &facts));
    assert_false(matches("bad name@x", &facts));
    assert_false(matches("Upper@Domain.example", &facts));
    facts.roles.count = 0;
    assert_false(matches("reader@antipolis.example", &facts));
    /* an originator that looks like a role gains nothing */
    check("reader@antipolis.example", "reader@antipolis.example", false);
}

static void groups(void **state)
{
    (void)state;
    CLAUSE("TS-0001 9.6.2.1");
    static const char *const forms[] = {"cse-in/ae/grp",
                                        "grp42",
                                        "-/ae/grp",
                                        "/id-in/cse-in/grp",
                                        "/mn1/grp7",
                                        "//else.example/mn1/grp",
                                        "//else.example/mn1/cse-mn/grp"};
    struct bytes members[] = {BYTES("//antipolis.example/id-in/Cother"), BYTES(SENSOR)};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct authz_group known = {
            .id = bytes_str(forms[i]), .known = true, .members = {members, 2}};
        struct authz_facts facts = facts_of(SENSOR);
        assert_false(matches(forms[i], &facts)); /* never resolved */
        facts.groups = &known;
        facts.group_count = 1;
        assert_true(matches(forms[i], &facts));
        facts.originator = BYTES("//antipolis.example/id-in/Cthird");
        assert_false(matches(forms[i], &facts));
        facts.originator = BYTES(SENSOR);
        known.known = false; /* could not be fetched */
        assert_false(matches(forms[i], &facts));
        known.known = true;
        known.members.count = 0;
        assert_false(matches(forms[i], &facts));
    }
}

static void groups_are_listed_once_and_found_in_any_order(void **state)
{
    (void)state;
    const struct authz_rules *rules =
        rules_of("{'acr':[{'acor':['grpA','Cx','grpB','grpA'],'acop':2},"
                 "{'acor':['grpB','grpC','/mn1/Cx','all','//d.example','r@d.example'],'acop':2}]}");
    struct prim_texts named = authz_rules_groups(rules);
    assert_int_equal(named.count, 3);
    assert_true(bytes_is(named.items[0], "grpA"));
    assert_true(bytes_is(named.items[1], "grpB"));
    assert_true(bytes_is(named.items[2], "grpC"));
    rules = rule_of("'acor':['grpA','grpB'],'acop':2");
    struct bytes a[] = {BYTES(SENSOR)};
    struct authz_group known[] = {{.id = BYTES("grpB"), .known = true, .members = {a, 1}},
                                  {.id = BYTES("grpA"), .known = true}};
    struct authz_facts facts = facts_of(SENSOR);
    facts.groups = known;
    facts.group_count = 2;
    assert_true(permits(rules, &facts));
    facts.group_count = 0;
    assert_false(permits(rules, &facts));
}

static void the_whole_list_is_read(void **state)
{
    (void)state;
    const struct authz_rules *rules =
        rule_of("'acor':['Ca','Cb','','x@','/mn1','Csensor'],'acop':2");
    struct authz_facts facts = facts_of(SENSOR);
    assert_true(permits(rules, &facts));
    facts.originator = BYTES("//antipolis.example/id-in/Cc");
    assert_false(permits(rules, &facts));
    assert_false(permits(rule_of("'acor':[],'acop':63"), &facts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(all_means_everyone_with_a_name),
        CASE(exact_identifiers_in_every_form),
        CASE(wildcards_of_the_table),
        CASE(wildcards_inside_a_segment),
        CASE(no_wildcards_elsewhere),
        CASE(patterns_of_a_request_are_literal),
        CASE(octets_that_identifiers_lack_match_nobody),
        CASE(domains),
        CASE(roles),
        CASE(groups),
        CASE(groups_are_listed_once_and_found_in_any_order),
        CASE(the_whole_list_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
