/* SPDX-License-Identifier: Apache-2.0
 * What is kept between requests never outlives a change: who is registered, policies, nodes of the
 * tree, who listens. TS-0003 7.1.5 decides by the present; TS-0001 9.6.6, TS-0004 7.5.1.2.2. */
#include "flow.h"

static struct flow *prepare(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Cown");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c'}}");
    return flow;
}

#define ADD(from)                                                                                  \
    "{'op':1,'fr':'" from "','to':'cse-in/Cown/c','ty':4,'pc':{'m2m:cin':{'con':'1'}}}"

static void warm(struct flow *flow, int64_t instances)
{
    for (int64_t i = 1; i <= instances; i++) {
        (void)flow_expect(flow, 2001, ADD("Cown"));
    }
    const struct wire_value *cnt =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_number(cnt, "m2m:cnt/cni", instances);
    flow_expect_number(cnt, "m2m:cnt/cbs", instances);
    flow_expect_number(cnt, "m2m:cnt/st", instances);
}

static void a_gone_originator(void **state)
{
    struct flow *flow = prepare(state);
    flow_register(flow, "Cguest");
    const char *policy = flow_policy(flow, "open", "'Cguest','Cown'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':"
                      "{'acpi':['%s']}}}",
                      policy);
    (void)flow_expect(flow, 2001, ADD("Cguest"));
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cguest','to':'Cguest'}");
    (void)flow_expect(flow, 4106, ADD("Cguest"));
    flow_register(flow, "Cguest");
    (void)flow_expect(flow, 2001, ADD("Cguest"));
}

static void another_policy(void **state)
{
    struct flow *flow = prepare(state);
    flow_register(flow, "Cguest");
    const char *open = flow_policy(flow, "open", "'Cguest','Cown'", 63);
    const char *closed = flow_policy(flow, "closed", "'Cown'", 63);
    static const char links[] =
        "{'op':3,'fr':'%s','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'acpi':['%s']}}}";
    (void)flow_expect(flow, 2004, links, "Cown", open);
    (void)flow_expect(flow, 2001, ADD("Cguest"));
    (void)flow_expect(flow, 2004, links, "CAdmin", closed);
    (void)flow_expect(flow, 4103, ADD("Cguest"));
    (void)flow_expect(flow, 2004, links, "CAdmin", open);
    (void)flow_expect(flow, 2001, ADD("Cguest"));
    /* the policy itself says something else */
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'CAdmin','to':'%s','pc':{'m2m:acp':{'pv':{'acr':[{'acor':"
                      "['Cown'],'acop':63}]}}}}",
                      open);
    (void)flow_expect(flow, 4103, ADD("Cguest"));
    (void)flow_expect(flow, 2001, ADD("Cown"));
}

static void a_path_that_is_used_again(void **state)
{
    struct flow *flow = prepare(state);
    warm(flow, 3);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c'}");
    (void)flow_expect(flow, 4004, ADD("Cown"));
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c','mni':2}}");
    warm(flow, 2);
    (void)flow_expect(flow, 2001, ADD("Cown"));
    const struct wire_value *cnt =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_number(cnt, "m2m:cnt/cni", 2);
    flow_expect_number(cnt, "m2m:cnt/st", 3);
    /* of another type */
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c'}");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 9,
                      "{'m2m:grp':{'rn':'c','mnm':3,'mid':['cse-in/Cown']}}");
    (void)flow_expect(flow, 4108, ADD("Cown"));
}

static void other_limits(void **state)
{
    struct flow *flow = prepare(state);
    warm(flow, 3);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'mbs':1}}}");
    (void)flow_expect(flow, 2001, ADD("Cown"));
    const struct wire_value *cnt =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_number(cnt, "m2m:cnt/cni", 1);
    (void)flow_expect(flow, 5207,
                      "{'op':1,'fr':'Cown','to':'cse-in/Cown/c','ty':4,'pc':{'m2m:cin':{'con':"
                      "'22'}}}");
}

static void who_listens(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    warm(flow, 2);
    for (int i = 0; i < 2; i++) {
        (void)flow_create(flow, "Cown", "cse-in/Cown/c", 23,
                          "{'m2m:sub':{'rn':'s','nu':['http://host/'],'enc':{'net':[3]}}}");
        while (flow_received(host) > 0) { /* the verification */
            (void)flow_take(host);
        }
        (void)flow_expect(flow, 2001, ADD("Cown"));
        assert_int_equal(flow_received(host), 1);
        (void)flow_take(host);
        (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c/s'}");
        (void)flow_expect(flow, 2001, ADD("Cown"));
        flow_expect_quiet(host);
    }
}

/* Requests that share a commit see what those before them did. */
static void within_one_commit(void **state)
{
    struct flow *flow = prepare(state);
    warm(flow, 1);
    struct flow_call *calls[] = {
        flow_send(flow, ADD("Cown")),
        flow_send(flow, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c'}"),
        flow_send(flow, ADD("Cown")),
        flow_send(flow, "{'op':1,'fr':'Cown','to':'cse-in/Cown','ty':3,'pc':{'m2m:cnt':{'rn':"
                        "'c'}}}"),
        flow_send(flow, ADD("Cown")),
        flow_send(flow, ADD("Cown")),
    };
    flow_run_until_idle(flow);
    static const unsigned codes[] = {2001, 2002, 4004, 2001, 2001, 2001};
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        assert_true(flow_is_answered(calls[i]));
        assert_int_equal(flow_response(calls[i])->rsc, codes[i]);
    }
    const struct wire_value *cnt =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_number(cnt, "m2m:cnt/cni", 2);
    flow_expect_number(cnt, "m2m:cnt/st", 2);
}

static void past_its_time(void **state)
{
    struct flow *flow = prepare(state);
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'short','et':'%s'}}",
                      flow_time(flow, 10 * SECONDS));
    static const char add[] =
        "{'op':1,'fr':'Cown','to':'cse-in/Cown/short','ty':4,'pc':{'m2m:cin':{'con':'1'}}}";
    (void)flow_expect(flow, 2001, add);
    (void)flow_expect(flow, 2001, add);
    flow_advance(flow, 11 * SECONDS);
    (void)flow_expect(flow, 4004, add);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(a_gone_originator),
        FLOW_TEST(another_policy),
        FLOW_TEST(a_path_that_is_used_again),
        FLOW_TEST(other_limits),
        FLOW_TEST(who_listens),
        FLOW_TEST(within_one_commit),
        FLOW_TEST(past_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
