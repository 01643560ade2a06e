/* SPDX-License-Identifier: Apache-2.0
 * Notifications of a group's members, collected as notifyAggregation says. TS-0001 10.2.7.11,
 * TS-0004 7.5.1.2.6. */
#include "flow.h"

/* Cown's containers a, b and c, in a group, watched through it for "http://host/". */
static struct flow *prepare(void **state, const char *aggregation)
{
    struct flow *flow = *state;
    flow_register(flow, "Cown");
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'%s'}}", names[i]);
    }
    (void)flow_create(flow, "Cown", "cse-in/Cown", 9,
                      "{'m2m:grp':{'rn':'g','mnm':5,%s"
                      "'mid':['cse-in/Cown/a','cse-in/Cown/b','cse-in/Cown/c']}}",
                      aggregation);
    return flow;
}

static void watch(struct flow *flow, const char *name, const char *url)
{
    (void)flow_expect(flow, 2000,
                      "{'op':1,'fr':'Cown','to':'cse-in/Cown/g/fopt','ty':23,'pc':{'m2m:sub':"
                      "{'rn':'%s','nu':['%s'],'nfu':'%s','enc':{'net':[3],'chty':[4]}}}}",
                      name, url, url);
}

static void add(struct flow *flow, const char *container, const char *content)
{
    (void)flow_create(flow, "Cown", container, 4, "{'m2m:cin':{'con':'%s'}}", content);
    flow_run_until_idle(flow);
}

/* TS-0001 10.2.7.11: until the number is reached, whoever they come from */
static void by_number(void **state)
{
    struct flow *flow = prepare(state, "'nar':{'num':2,'dur':'PT10M'},");
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    watch(flow, "s", "http://host/");
    add(flow, "cse-in/Cown/a", "1");
    flow_expect_quiet(host);
    add(flow, "cse-in/Cown/c", "2");
    const struct wire_value *sent = flow_take(host);
    assert_int_equal(flow_count(sent, "pc/m2m:agn/sgn"), 2);
    flow_expect_text(sent, "pc/m2m:agn/sgn/0/nev/rep/m2m:cin/con", "1");
    flow_expect_text(sent, "pc/m2m:agn/sgn/1/nev/rep/m2m:cin/con", "2");
    flow_expect_quiet(host);
}

/* TS-0001 10.2.7.11: or until the duration is over, whichever comes first */
static void by_duration(void **state)
{
    struct flow *flow = prepare(state, "'nar':{'num':50,'dur':'PT10M'},");
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    watch(flow, "s", "http://host/");
    add(flow, "cse-in/Cown/a", "1");
    flow_advance(flow, 5 * MINUTES);
    add(flow, "cse-in/Cown/b", "2");
    flow_advance(flow, 4 * MINUTES);
    flow_expect_quiet(host);
    flow_advance(flow, 2 * MINUTES);
    assert_int_equal(flow_count(flow_take(host), "pc/m2m:agn/sgn"), 2);
}

/* TS-0001 10.2.7.11: those with the same notificationForwardingURI, no others */
static void for_each_subscriber(void **state)
{
    struct flow *flow = prepare(state, "'nar':{'num':2,'dur':'PT10M'},");
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    struct flow_endpoint *other = flow_listen(flow, "http://other/");
    watch(flow, "s", "http://host/");
    watch(flow, "t", "http://other/");
    add(flow, "cse-in/Cown/a", "1");
    flow_expect_quiet(host);
    flow_expect_quiet(other);
    add(flow, "cse-in/Cown/b", "2");
    assert_int_equal(flow_count(flow_take(host), "pc/m2m:agn/sgn"), 2);
    assert_int_equal(flow_count(flow_take(other), "pc/m2m:agn/sgn"), 2);
}

/* TS-0001 10.2.7.11: the host of a member notifies, not somebody who knows the subscription */
static void not_for_forgers(void **state)
{
    struct flow *flow = prepare(state, "'nar':{'num':1},");
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    watch(flow, "s", "http://host/");
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/a/s'}");
    const char *form = "{'op':5,'fr':'%s','to':'%s','pc':{'m2m:sgn':{'sur':'/id-in/%s','cr':'Cown',"
                       "'nfu':'http://host/','nev':{'net':3,'rep':{'m2m:cin':{'con':'lie'}}}}}}";
    const char *ri = flow_text(got, "m2m:sub/ri");
    (void)flow_expect(flow, 4103, form, "Cown", "cse-in/Cown/g", ri);
    (void)flow_expect(flow, 4103, form, "Cown", flow_text(got, "m2m:sub/nu/0"), ri);
    (void)flow_expect(flow, 4103, form, "CAdmin", "cse-in/Cown/g", ri);
    flow_expect_quiet(host);
    add(flow, "cse-in/Cown/a", "true");
    flow_expect_text(flow_take(host), "pc/m2m:agn/sgn/0/nev/rep/m2m:cin/con", "true");
}

/* TS-0004 7.5.1.2.6: without forwarding URI the members notify by themselves */
static void not_without_being_asked(void **state)
{
    struct flow *flow = prepare(state, "'nar':{'num':2,'dur':'PT10M'},");
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    (void)flow_expect(flow, 2000,
                      "{'op':1,'fr':'Cown','to':'cse-in/Cown/g/fopt','ty':23,'pc':{'m2m:sub':"
                      "{'nu':['http://host/'],'enc':{'net':[3],'chty':[4]}}}}");
    add(flow, "cse-in/Cown/a", "1");
    flow_expect_text(flow_take(host), "pc/m2m:sgn/nev/rep/m2m:cin/con", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(by_number),
        FLOW_TEST(by_duration),
        FLOW_TEST(for_each_subscriber),
        FLOW_TEST(not_for_forgers),
        FLOW_TEST(not_without_being_asked),
    };
    return cmocka_run_group_tests_name("TS-0001 10.2.7.11", tests, NULL, NULL);
}
