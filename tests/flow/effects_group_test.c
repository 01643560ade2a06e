/* SPDX-License-Identifier: Apache-2.0
 * Groups: members that fit, one request to all of them, one notification from all of them.
 * TS-0004 7.4.13, 7.4.14, 7.5.1.2.6; TS-0003 authorization of each member. */
#include "flow.h"

/* Cown has the containers a and b, Cother has the container c. */
static struct flow *prepare(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Cown");
    flow_register(flow, "Cother");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'a'}}");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'b'}}");
    (void)flow_create(flow, "Cother", "cse-in/Cother", 3, "{'m2m:cnt':{'rn':'c'}}");
    return flow;
}

static const struct wire_value *group(struct flow *flow, const char *attributes)
{
    return flow_create(flow, "Cown", "cse-in/Cown", 9, "{'m2m:grp':{%s}}", attributes);
}

#define BOTH "'mid':['cse-in/Cown/a','cse-in/Cown/b']"
#define GROUP(attributes)                                                                          \
    "{'op':1,'fr':'Cown','to':'cse-in/Cown','ty':9,'pc':{'m2m:grp':{" attributes "}}}"

/* ---- members ---- */

/* TS-0004 7.4.13.2.1: no member twice, each of the type that was said */
static void members_are_counted_and_validated(void **state)
{
    struct flow *flow = prepare(state);
    const struct wire_value *made = group(
        flow, "'rn':'g','mt':3,'mnm':5,"
              "'mid':['cse-in/Cown/a','cse-in/Cown/b','/id-in/cse-in/Cown/a','cse-in/Cown/a']");
    flow_expect_number(made, "cnm", 2);
    assert_int_equal(flow_count(made, "mid"), 2);
    assert_true(wire_get_bool(flow_find(made, "mtv"), false));
    flow_expect_number(made, "csy", 1);
    const struct wire_value *updated = flow_expect(
        flow, 2004,
        "{'op':3,'fr':'Cown','to':'cse-in/Cown/g','pc':{'m2m:grp':{'mid':['cse-in/Cown/a']}}}");
    flow_expect_number(updated, "m2m:grp/cnm", 1);
}

/* TS-0004 7.4.13.2.1, 7.4.13.2.3: maxNrOfMembers */
static void too_many_members_are_refused(void **state)
{
    struct flow *flow = prepare(state);
    (void)flow_expect(flow, 6010, "%s", GROUP("'mnm':1," BOTH));
    (void)group(flow, "'rn':'g','mnm':2," BOTH);
    (void)flow_expect(flow, 6010,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/g','pc':{'m2m:grp':{'mnm':1}}}");
    (void)flow_expect(
        flow, 6010,
        "{'op':3,'fr':'Cown','to':'cse-in/Cown/g','pc':{'m2m:grp':{'mid':['a','b','c']}}}");
    (void)flow_expect(flow, 4000, "%s", GROUP("'mnm':1,'mid':['//']"));
}

/* TS-0004 7.4.13.2.1: the three consistency strategies */
static void members_of_another_type_are_dealt_with(void **state)
{
    struct flow *flow = prepare(state);
#define MIXED "'mid':['cse-in/Cown/a','cse-in/Cown','cse-in/nowhere']"
    const struct wire_value *made = group(flow, "'mt':3,'mnm':5," MIXED);
    flow_expect_number(made, "cnm", 1);
    (void)flow_expect(flow, 4110, "%s", GROUP("'mt':3,'mnm':5,'csy':2," MIXED));
    made = group(flow, "'mt':3,'mnm':5,'csy':3," MIXED);
    flow_expect_number(made, "mt", 0);
    flow_expect_number(made, "cnm", 3);
    made = group(flow, "'mnm':5," MIXED);
    flow_expect_number(made, "cnm", 3);
    made = group(flow, "'mt':20002,'mnm':5,'mid':['cse-in/Cown/a/la','cse-in/Cown/a/ol']");
    flow_expect_number(made, "cnm", 1);
    made = group(flow, "'mt':3,'mnm':5,'mid':['/id-elsewhere/x']");
    flow_expect_number(made, "cnm", 1);
    assert_false(wire_get_bool(flow_find(made, "mtv"), true));
}

static void types_are_not_given_away(void **state)
{
    struct flow *flow = prepare(state);
    (void)flow_expect(flow, 5105, "%s", GROUP("'mt':3,'mnm':5,'mid':['cse-in/Cother/c']"));
}

/* ---- fan-out ---- */

static const struct wire_value *part(const struct wire_value *content, const char *member)
{
    const struct wire_value *list = flow_find(content, "m2m:agr/m2m:rsp");
    WIRE_FOR_EACH (one, list) {
        if (bytes_is(wire_get_string(wire_get(one, BYTES("fr"))), member)) {
            return one;
        }
    }
    fail_msg("no response of %s", member);
    return NULL;
}

/* TS-0004 7.4.14.2.1: one request each, one aggregated response; paths below the members */
static void a_request_reaches_all_members(void **state)
{
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'g','mt':3,'mnm':5," BOTH);
    const struct wire_value *answer =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
    assert_int_equal(flow_count(answer, "m2m:agr/m2m:rsp"), 2);
    flow_expect_text(part(answer, "cse-in/Cown/b"), "pc/m2m:cnt/rn", "b");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 2000);
    answer = flow_expect(flow, 2000,
                         "{'op':1,'fr':'Cown','to':'cse-in/Cown/g/fopt','ty':4,"
                         "'pc':{'m2m:cin':{'con':'7'}}}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 2001);
    answer = flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt/la'}");
    flow_expect_text(part(answer, "cse-in/Cown/b"), "pc/m2m:cin/con", "7");
    answer = flow_expect(flow, 2000,
                         "{'op':3,'fr':'Cown','to':'cse-in/Cown/g/fopt',"
                         "'pc':{'m2m:cnt':{'lbl':['x']}}}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 2004);
    answer = flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt/nothing'}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 4004);
    (void)flow_expect(flow, 4108,
                      "{'op':1,'fr':'Cown','to':'cse-in/Cown/g/fopt','ty':2,"
                      "'pc':{'m2m:ae':{'api':'Nx','rr':true}}}");
}

static void deleted_members_leave_the_group(void **state)
{
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'g','mnm':5," BOTH);
    (void)flow_expect(flow, 2000, "{'op':4,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
    const struct wire_value *left =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g'}");
    flow_expect_number(left, "m2m:grp/cnm", 0);
    (void)flow_expect(flow, 4109, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
}

/* TS-0004 7.4.14.2.1: macp and the group's policies first, then those of each member */
static void every_member_decides_for_itself(void **state)
{
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'g','mnm':5,'mid':['cse-in/Cown/a','cse-in/Cother/c']");
    const struct wire_value *answer =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 2000);
    flow_expect_number(part(answer, "cse-in/Cother/c"), "rsc", 4103);
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cother','to':'cse-in/Cown/g/fopt'}");
    const char *policy = flow_policy(flow, "readers", "'Cother'", 2);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/g','pc':{'m2m:grp':{'macp':['%s']}}}",
                      policy);
    answer = flow_expect(flow, 2000, "{'op':2,'fr':'Cother','to':'cse-in/Cown/g/fopt'}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 4103);
    flow_expect_number(part(answer, "cse-in/Cother/c"), "rsc", 2000);
    (void)flow_expect(flow, 4103, "{'op':4,'fr':'Cother','to':'cse-in/Cown/g/fopt'}");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
}

/* The association's proof goes with the sub-requests: a rule that asks for it holds there too. */
static void proof_of_identity_travels(void **state)
{
    struct flow *flow = prepare(state);
    const struct wire_value *policy =
        flow_create(flow, "CAdmin", "cse-in", 1,
                    "{'m2m:acp':{'pv':{'acr':[{'acor':['Cown'],'acop':63,'acaf':true}]},"
                    "'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}}");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/a','pc':{'m2m:cnt':{'acpi':['%s']}}}",
                      flow_text(policy, "ri"));
    (void)group(flow, "'rn':'g','mnm':5,'mid':['cse-in/Cown/a']");
    const struct wire_value *answer =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/g/fopt'}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 4103);
}

/* TS-0004 7.3.3.2, 7.4.14.2.1: a request that comes round to a group again ends there */
static void groups_nest_but_not_for_ever(void **state)
{
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'inner','mnm':5," BOTH);
    (void)group(flow, "'rn':'outer','mnm':5,'mid':['cse-in/Cown/inner/fopt','cse-in/Cown/a']");
    const struct wire_value *answer =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/outer/fopt'}");
    const struct wire_value *inner = part(answer, "cse-in/Cown/inner/fopt");
    assert_int_equal(flow_count(inner, "pc/m2m:agr/m2m:rsp"), 2);
    (void)group(flow, "'rn':'ring','mnm':5,'mid':['cse-in/Cown/ring/fopt']");
    answer = flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/ring/fopt'}");
    const struct wire_value *again = part(answer, "cse-in/Cown/ring/fopt");
    const struct wire_value *third = flow_find(again, "pc/m2m:agr") != NULL
                                         ? part(flow_find(again, "pc"), "cse-in/Cown/ring/fopt")
                                         : again;
    flow_expect_number(third, "rsc", 4104);
    (void)flow_expect(flow, 2000,
                      "{'op':2,'fr':'Cown','to':'cse-in/Cown/inner/fopt','gid':'once'}");
    (void)flow_expect(flow, 4104,
                      "{'op':2,'fr':'Cown','to':'cse-in/Cown/inner/fopt','gid':'once'}");
}

static void members_can_be_chosen(void **state)
{
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'inner','mnm':5," BOTH);
    (void)group(flow, "'rn':'outer','mnm':5,'mid':['cse-in/Cown/inner/fopt','cse-in/Cother/c']");
    const struct wire_value *answer = flow_expect(
        flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/inner/fopt','grtm':['cse-in/Cown/b']}");
    assert_int_equal(flow_count(answer, "m2m:agr/m2m:rsp"), 1);
    answer = flow_expect(
        flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/outer/fopt','grtm':['cse-in/Cown/b']}");
    assert_int_equal(flow_count(part(answer, "cse-in/Cown/inner/fopt"), "pc/m2m:agr/m2m:rsp"), 1);
    (void)flow_expect(
        flow, 4000,
        "{'op':2,'fr':'Cown','to':'cse-in/Cown/inner/fopt','grtm':['cse-in/Cother/c']}");
}

static void small(struct serve_config *config)
{
    config->limits.fanout_in_flight = 1;
    config->limits.fanout_depth = 1;
}

static void fan_outs_have_bounds(void **state)
{
    flow_restart_with(*state, small);
    struct flow *flow = prepare(state);
    (void)group(flow, "'rn':'inner','mnm':5," BOTH);
    (void)group(flow, "'rn':'outer','mnm':5,'mid':['cse-in/Cown/inner/fopt']");
    const struct wire_value *answer =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/inner/fopt'}");
    assert_int_equal(flow_count(answer, "m2m:agr/m2m:rsp"), 2);
    answer = flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/outer/fopt'}");
    flow_expect_number(part(answer, "cse-in/Cown/inner/fopt"), "rsc", 4000);
}

static void silence_of_all_members_is_an_error(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    flow_be_silent(host);
    flow_register_at(flow, "Cdeaf", "http://host/");
    const char *policy = flow_policy(flow, "all", "'Cown','Cdeaf'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cdeaf','to':'cse-in/Cdeaf','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    (void)group(flow, "'rn':'g','mnm':5,'mid':['cse-in/Cdeaf','cse-in/Cown']");
    (void)group(flow, "'rn':'h','mnm':5,'mid':['cse-in/Cdeaf']");
    const char *form = "{'op':5,'fr':'Cown','to':'cse-in/Cown/%s/fopt','rset':'5000',"
                       "'pc':{'m2m:sgn':{'sur':'x'}}}";
    struct flow_call *some = flow_send(flow, form, "g");
    struct flow_call *none = flow_send(flow, form, "h");
    flow_advance(flow, 6 * SECONDS);
    assert_int_equal(flow_response(some)->rsc, 2000);
    assert_int_equal(flow_count(flow_response(some)->content, "m2m:agr/m2m:rsp"), 1);
    assert_int_equal(flow_response(none)->rsc, 5209);
    flow_advance(flow, 60 * SECONDS); /* late answers find nobody */
}

/* ---- notifications through a group ---- */

/* TS-0001 10.2.7.11, TS-0004 7.5.1.2.6: without notifyAggregation one of each member, or after a
 * minute; from members only. group_aggregation_test.c has the rest. */
static void members_notifications_become_one(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    (void)group(flow, "'rn':'g','mnm':5," BOTH);
    const struct wire_value *answer =
        flow_expect(flow, 2000,
                    "{'op':1,'fr':'Cown','to':'cse-in/Cown/g/fopt','ty':23,'pc':{'m2m:sub':"
                    "{'rn':'s','nu':['http://host/'],'nfu':'http://host/','enc':{'net':[3]}}}}");
    flow_expect_number(part(answer, "cse-in/Cown/a"), "rsc", 2001);
    assert_memory_equal(flow_text(part(answer, "cse-in/Cown/a"), "pc/m2m:sub/nu/0"), "/id-in/grp",
                        10);
    (void)flow_create(flow, "Cown", "cse-in/Cown/a", 4, "{'m2m:cin':{'con':'1'}}");
    flow_run_until_idle(flow);
    flow_expect_quiet(host);
    (void)flow_create(flow, "Cown", "cse-in/Cown/b", 4, "{'m2m:cin':{'con':'2'}}");
    flow_run_until_idle(flow);
    const struct wire_value *sent = flow_take(host);
    assert_int_equal(flow_count(sent, "pc/m2m:agn/sgn"), 2);
    (void)flow_create(flow, "Cown", "cse-in/Cown/b", 4, "{'m2m:cin':{'con':'3'}}");
    flow_advance(flow, 61 * SECONDS);
    assert_int_equal(flow_count(flow_take(host), "pc/m2m:agn/sgn"), 1);
    (void)flow_expect(flow, 4103,
                      "{'op':5,'fr':'Cother','to':'cse-in/Cown/g','pc':{'m2m:sgn':{'sur':'x'}}}");
    (void)flow_expect(flow, 4103,
                      "{'op':5,'fr':'Cown','to':'cse-in/Cown/g','pc':{'m2m:sgn':{'sur':'x'}}}");
}

/* TS-0001 10.2.7.11: a subscription elsewhere does not get its notifications out through somebody's
 * group. */
static void strangers_do_not_notify_through_a_group(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    (void)group(flow, "'rn':'g','mnm':5," BOTH);
    (void)flow_create(flow, "Cother", "cse-in/Cother/c", 23,
                      "{'m2m:sub':{'nu':['cse-in/Cown/g'],'nfu':'http://host/',"
                      "'enc':{'net':[3]}}}");
    (void)flow_create(flow, "Cother", "cse-in/Cother/c", 4, "{'m2m:cin':{'con':'1'}}");
    flow_advance(flow, 10 * MINUTES);
    flow_expect_quiet(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(members_are_counted_and_validated),
        FLOW_TEST(too_many_members_are_refused),
        FLOW_TEST(members_of_another_type_are_dealt_with),
        FLOW_TEST(types_are_not_given_away),
        FLOW_TEST(a_request_reaches_all_members),
        FLOW_TEST(deleted_members_leave_the_group),
        FLOW_TEST(every_member_decides_for_itself),
        FLOW_TEST(proof_of_identity_travels),
        FLOW_TEST(groups_nest_but_not_for_ever),
        FLOW_TEST(members_can_be_chosen),
        FLOW_TEST(fan_outs_have_bounds),
        FLOW_TEST(silence_of_all_members_is_an_error),
        FLOW_TEST(members_notifications_become_one),
        FLOW_TEST(strangers_do_not_notify_through_a_group),
    };
    return cmocka_run_group_tests_name("effects_group", tests, NULL, NULL);
}
