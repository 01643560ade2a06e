/* SPDX-License-Identifier: Apache-2.0
 * <accessControlPolicy> and what it decides. TS-0004 7.4.2, 7.3.3.15, TS-0001 9.6.1.3.2, 9.6.2. */
#include "cse_world.h"

#define RULE(who, what) "{'acr':[{'acor':['" who "'],'acop':" #what "}]}"

static void make_policy(struct world *world, const char *name, const char *privileges,
                        const char *self)
{
    char body[512];
    (void)snprintf(body, sizeof(body), "{'m2m:acp':{'rn':'%s','pv':%s,'pvs':%s}}", name, privileges,
                   self);
    create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY, body, 2001);
}

static void make_box(struct world *world, const char *name, const char *policy)
{
    char body[256];
    (void)snprintf(body, sizeof(body), "{'m2m:cnt':{'rn':'%s','acpi':['%s']}}", name, policy);
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, body, 2001);
}

/* CLAUSE("TS-0001 9.6.2") */
static void each_operation_has_its_bit(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    make_policy(world, "read", RULE("CUser", 2), RULE("CAdmin", 63));
    make_policy(world, "write", RULE("CUser", 5), RULE("CAdmin", 63));
    make_box(world, "r", "cse-in/read");
    make_box(world, "w", "cse-in/write");
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/r", NULL, 2000);
    ask_one(world, PRIM_UPDATE, "CUser", "cse-in/r", "{'m2m:cnt':{'lbl':['a']}}", 4103);
    ask_one(world, PRIM_DELETE, "CUser", "cse-in/r", NULL, 4103);
    create_one(world, "CUser", "cse-in/r", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}", 4103);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/w", NULL, 4103);
    ask_one(world, PRIM_UPDATE, "CUser", "cse-in/w", "{'m2m:cnt':{'lbl':['a']}}", 2004);
    create_one(world, "CUser", "cse-in/w", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}", 2001);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/w/la", NULL, 4103); /* the container decides */
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/r", NULL, 4103);   /* no shortcut */
}

/* CLAUSE("TS-0004 7.3.3.15"): a policy's own rules */
static void a_policy_rules_over_itself(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    make_policy(world, "p", RULE("CUser", 63), RULE("CAdmin", 2));
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/p", NULL, 4103);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/p", NULL, 2000);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/p", NULL, 4103);
}

/* Decisions follow the policy at once, in a batch too. */
static void nothing_is_stale(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    make_policy(world, "p", RULE("CUser", 2), RULE("CAdmin", 63));
    make_box(world, "box", "cse-in/p");
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 2000);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/p",
            "{'m2m:acp':{'pv':{'acr':[{'acor':['CUser'],'acop':4}]}}}", 2004);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 4103);
    ask_one(world, PRIM_UPDATE, "CUser", "cse-in/box", "{'m2m:cnt':{'lbl':['a']}}", 2004);
    /* the policy changes and is asked in one batch of the writer */
    struct ask *change = ask_new(world, PRIM_UPDATE, "CAdmin", "cse-in/p",
                                 "{'m2m:acp':{'pv':{'acr':[{'acor':['CUser'],'acop':2}]}}}");
    struct ask *use =
        ask_new(world, PRIM_UPDATE, "CUser", "cse-in/box", "{'m2m:cnt':{'lbl':['b']}}");
    ask_send(change);
    ask_send(use);
    world_turn(world);
    assert_int_equal(change->call.response.rsc, 2004);
    assert_int_equal(use->call.response.rsc, 4103);
    ask_free(change);
    ask_free(use);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/p", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 4103);
    make_policy(world, "p", RULE("CUser", 2), RULE("CAdmin", 63)); /* the name leads again */
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 2000);
}

static void an_expired_policy_grants_nothing(void **state)
{
    struct world *world = *state;
    cse_worker_stop(world->worker); /* nobody collects */
    register_ae(world, "CUser");
    create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY,
               "{'m2m:acp':{'rn':'p','et':'20231114T221330','pv':{'acr':[{'acor':['CUser'],"
               "'acop':2}]},'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}}",
               2001);
    make_box(world, "box", "cse-in/p");
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 2000);
    world_advance(world, 20 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 4103);
}

/* A policy that goes with what it stands below. */
static void a_policy_goes_with_its_parent(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    register_ae(world, "COther");
    create_one(world, "CUser", "CUser", TYPE_ACCESS_CONTROL_POLICY,
               "{'m2m:acp':{'rn':'p','pv':{'acr':[{'acor':['COther'],'acop':2}]},'pvs':{'acr':["
               "{'acor':['CUser'],'acop':63}]}}}",
               2001);
    make_box(world, "box", "cse-in/CUser/p");
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box", NULL, 2000);
    ask_one(world, PRIM_DELETE, "CUser", "CUser", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box", NULL, 4103);
}

/* Groups in originators follow their members. CLAUSE("TS-0003 7.1.3") */
static void groups_stand_for_their_members(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    register_ae(world, "COther");
    create_one(world, "CAdmin", "cse-in", TYPE_GROUP,
               "{'m2m:grp':{'rn':'staff','mnm':5,'mid':['CUser']}}", 2001);
    make_policy(world, "p", RULE("cse-in/staff", 2), RULE("CAdmin", 63));
    make_box(world, "box", "cse-in/p");
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box", NULL, 4103);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/staff", "{'m2m:grp':{'mid':['COther']}}", 2004);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 4103);
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box", NULL, 2000);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/staff", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box", NULL, 4103);
}

/* CLAUSE("TS-0001 9.6.1.3.2"): acpi changes alone, by selfPrivileges */
static void links_change_alone(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    register_ae(world, "CKeeper");
    make_policy(world, "p", RULE("CUser", 63), RULE("CKeeper", 4));
    make_policy(world, "q", RULE("CKeeper", 63), RULE("CKeeper", 63));
    make_box(world, "box", "cse-in/p");
    const char *body = "{'m2m:cnt':{'acpi':['cse-in/q']}}";
    ask_one(world, PRIM_UPDATE, "CUser", "cse-in/box", body, 4103);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box",
            "{'m2m:cnt':{'acpi':['cse-in/q'],'lbl':['a']}}", 4000);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box", "{'m2m:cnt':{'acpi':[]}}", 4000);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box", "{'m2m:cnt':{'acpi':['cse-in/zz']}}",
            4000);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box", "{'m2m:cnt':{'acpi':['cse-in']}}", 4000);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box", body, 2004);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box", NULL, 4103);
    ask_one(world, PRIM_RETRIEVE, "CKeeper", "cse-in/box", NULL, 2000);
    ask_one(world, PRIM_UPDATE, "CKeeper", "cse-in/box", "{'m2m:cnt':{'acpi':null}}", 2004);
    ask_one(world, PRIM_RETRIEVE, "CKeeper", "cse-in/box", NULL, 4103);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000); /* who created it */
}

/* decisions 6 */
static void the_parent_may_decide(void **state)
{
    struct world *world = *state;
    register_ae(world, "CUser");
    make_policy(world, "p", RULE("CUser", 63), RULE("CAdmin", 63));
    make_box(world, "box", "cse-in/p");
    create_one(world, "CUser", "cse-in/box", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'in'}}", 2001);
    register_ae(world, "COther");
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/in", NULL, 4103);
    cse_close(world);
    world->config.default_policy = SERVE_DEFAULT_PARENT;
    cse_open(world);
    ask_one(world, PRIM_RETRIEVE, "CUser", "cse-in/box/in", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "COther", "cse-in/box/in", NULL, 4103);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "CUser", NULL, 2000); /* the CSEBase decides */
}

/* CLAUSE("TS-0004 7.4.2.2.1"), 7.4.2.2.3 */
static void bad_rules_are_refused(void **state)
{
    struct world *world = *state;
    static const char *const bodies[] = {
        "{'m2m:acp':{'pv':{'acr':[]},'pvs':{'acr':[]}}}",
        "{'m2m:acp':{'pv':{'acr':[]}}}",
        "{'m2m:acp':{'pv':{'acr':[{'acor':['all'],'acop':64}]},'pvs':{'acr':[{'acor':['CAdmin'],"
        "'acop':63}]}}}",
        "{'m2m:acp':{'pv':{'acr':[{'acor':['all'],'acop':2,'acco':[{'actw':['x']}]}]},'pvs':{'acr':"
        "[{'acor':['CAdmin'],'acop':63}]}}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY, bodies[i], 4000);
    }
    create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY,
               "{'m2m:acp':{'pv':{'acr':[]},'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]},"
               "'adri':['cse-in/x']}}",
               5001);
    make_policy(world, "p", "{'acr':[]}", RULE("CAdmin", 63));
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/p", "{'m2m:acp':{'pvs':{'acr':[]}}}", 4000);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/p", "{'m2m:acp':{'pvs':null}}", 4000);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/p",
            "{'m2m:acp':{'pv':{'acr':[{'acor':['all'],'acop':0}]}}}", 4000);
}

/* decisions 8 */
static void existence_may_be_hidden(void **state)
{
    struct world *world = *state;
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/nothing", NULL, 4004);
    cse_close(world);
    world->config.hide_existence = true;
    cse_open(world);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/nothing", NULL, 4103);
}

static const struct wire_value *rule_of(const struct wire_value *explanation, size_t policy)
{
    const struct wire_value *one = wire_get(explanation, BYTES("policies"))->first;
    while (policy-- > 0) {
        one = one->next;
    }
    return wire_get(one, BYTES("rules"))->first;
}

static void a_decision_explains_itself(void **state)
{
    struct world *world = *state;
    struct arena *arena = arena_new(1 << 20);
    struct wire_value *explanation = NULL;
    register_ae(world, "CUser");
    make_policy(world, "p", RULE("CUser", 2), RULE("CAdmin", 63));
    make_box(world, "box", "cse-in/p");
    struct serve_question question = {
        .originator = BYTES("CUser"), .to = BYTES("cse-in/box"), .operation = TYPE_OP_RETRIEVE};
    world_ok(serve_explain(world->worker, &question, arena, &explanation));
    assert_true(bytes_is(wire_get_string(wire_get(explanation, BYTES("verdict"))), "permit"));
    assert_true(wire_get_bool(wire_get(rule_of(explanation, 0), BYTES("permits")), false));
    question.operation = TYPE_OP_DELETE;
    world_ok(serve_explain(world->worker, &question, arena, &explanation));
    assert_true(bytes_is(wire_get_string(wire_get(explanation, BYTES("verdict"))), "deny"));
    assert_true(wire_get_string(wire_get(rule_of(explanation, 0), BYTES("failed"))).len > 0);
    question.to = BYTES("cse-in/zz");
    assert_int_equal(serve_explain(world->worker, &question, arena, &explanation).code,
                     STATUS_NOT_FOUND);
    question.operation = 3;
    assert_int_equal(serve_explain(world->worker, &question, arena, &explanation).code,
                     STATUS_BAD_REQUEST);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(each_operation_has_its_bit),
        CSE_TEST(a_policy_rules_over_itself),
        CSE_TEST(nothing_is_stale),
        CSE_TEST(an_expired_policy_grants_nothing),
        CSE_TEST(a_policy_goes_with_its_parent),
        CSE_TEST(groups_stand_for_their_members),
        CSE_TEST(links_change_alone),
        CSE_TEST(the_parent_may_decide),
        CSE_TEST(bad_rules_are_refused),
        CSE_TEST(existence_may_be_hidden),
        CSE_TEST(a_decision_explains_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
