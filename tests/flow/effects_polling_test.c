/* SPDX-License-Identifier: Apache-2.0
 * Polling channels: requests wait for those who cannot be reached, polls wait for requests, and
 * nobody else may look. TS-0004 7.4.21, 7.4.22, 7.3.3.9. */
#include "flow.h"

#define POLL "{'op':2,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu'}"

/* Cpoll has a polling channel, Cown a container that Cpoll's subscription watches. */
static struct flow *prepare(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Cpoll");
    flow_register(flow, "Cother");
    (void)flow_create(flow, "Cpoll", "cse-in/Cpoll", 15, "{'m2m:pch':{'rn':'p'}}");
    (void)flow_create(flow, "Cpoll", "cse-in/Cpoll", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(flow, "Cpoll", "cse-in/Cpoll/c", 23,
                      "{'m2m:sub':{'nu':['Cpoll'],'enc':{'net':[3],'chty':[4]}}}");
    return flow;
}

static void add(struct flow *flow, const char *content)
{
    (void)flow_create(flow, "Cpoll", "cse-in/Cpoll/c", 4, "{'m2m:cin':{'con':'%s'}}", content);
}

static void answer(struct flow *flow, const struct wire_value *polled, uint16_t rsc)
{
    (void)flow_expect(flow, 2000,
                      "{'op':5,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu',"
                      "'pc':{'m2m:rsp':{'rsc':%u,'rqi':'%s'}}}",
                      (unsigned)rsc, flow_text(polled, "m2m:rqp/rqi"));
}

#define CON "m2m:rqp/pc/m2m:sgn/nev/rep/m2m:cin/con"

/* TS-0004 7.4.21.2, 7.4.22.2 */
static void only_its_owner_uses_a_channel(void **state)
{
    struct flow *flow = prepare(state);
    static const char *const forbidden[] = {
        "{'op':2,'fr':'Cother','to':'cse-in/Cpoll/p'}",
        "{'op':2,'fr':'CAdmin','to':'cse-in/Cpoll/p'}",
        "{'op':4,'fr':'Cother','to':'cse-in/Cpoll/p'}",
        "{'op':2,'fr':'Cother','to':'cse-in/Cpoll/p/pcu'}",
        "{'op':2,'fr':'CAdmin','to':'cse-in/Cpoll/p/pcu'}",
        "{'op':5,'fr':'Cother','to':'cse-in/Cpoll/p/pcu',"
        "'pc':{'m2m:rsp':{'rsc':2000,'rqi':'1'}}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
        (void)flow_expect(flow, 4103, "%s", forbidden[i]);
    }
    const char *policy = flow_policy(flow, "all", "'Cother'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cother','to':'cse-in/Cother','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'CAdmin','to':'cse-in/Cother','ty':15,'pc':{'m2m:pch':{}}}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Cpoll','to':'cse-in/Cpoll/p'}");
    (void)flow_expect(flow, 4105,
                      "{'op':1,'fr':'Cpoll','to':'cse-in/Cpoll','ty':15,'pc':{'m2m:pch':{}}}");
    (void)flow_expect(flow, 4005, "{'op':4,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu'}");
    (void)flow_expect(flow, 4005,
                      "{'op':3,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu','pc':{'m2m:pch':{}}}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu','rt':{'rtv':1}}");
}

/* TS-0004 7.4.22.2.2, TS-0001 9.3.2: an AE without point of access is reached all the same */
static void a_waiting_notification_is_fetched(void **state)
{
    struct flow *flow = prepare(state);
    add(flow, "1");
    add(flow, "2");
    const struct wire_value *polled = flow_expect(flow, 2000, "%s", POLL);
    flow_expect_number(polled, "m2m:rqp/op", 5);
    flow_expect_text(polled, "m2m:rqp/fr", "/id-in");
    flow_expect_text(polled, CON, "1");
    answer(flow, polled, 2000);
    polled = flow_expect(flow, 2000, "%s", POLL);
    flow_expect_text(polled, CON, "2");
}

/* TS-0004 7.4.22.2.2: a poll is held until there is a request or its time is over */
static void a_poll_waits_for_a_request(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_call *poll = flow_send(flow, "%s", POLL);
    flow_advance(flow, 30 * SECONDS);
    assert_false(flow_is_answered(poll));
    add(flow, "1");
    flow_run_until_idle(flow);
    flow_expect_text(flow_response(poll)->content, CON, "1");
    answer(flow, flow_response(poll)->content, 2000);
    poll = flow_send(flow, "%s", POLL);
    flow_advance(flow, 61 * SECONDS);
    assert_int_equal(flow_response(poll)->rsc, 4008);
    poll = flow_send(flow, "{'op':2,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu','rqet':'5000'}");
    flow_advance(flow, 6 * SECONDS);
    assert_int_equal(flow_response(poll)->rsc, 4008);
}

static void a_vanished_poller_loses_nothing(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_call *poll = flow_send(flow, "%s", POLL);
    flow_run_until_idle(flow);
    flow_cancel(flow, poll);
    flow_run_until_idle(flow);
    assert_true(flow_is_answered(poll));
    add(flow, "1");
    flow_expect_text(flow_expect(flow, 2000, "%s", POLL), CON, "1");
    flow_advance(flow, 15 * SECONDS); /* fetched, never answered: offered again */
    const struct wire_value *polled = flow_expect(flow, 2000, "%s", POLL);
    flow_expect_text(polled, CON, "1");
    answer(flow, polled, 2000);
    poll = flow_send(flow, "%s", POLL);
    flow_advance(flow, 50 * SECONDS);
    assert_false(flow_is_answered(poll));
}

static void what_waits_survives_a_restart(void **state)
{
    struct flow *flow = prepare(state);
    add(flow, "1");
    flow_advance(flow, 60 * MINUTES); /* patience costs no attempts */
    flow_restart(flow);
    flow_expect_text(flow_expect(flow, 2000, "%s", POLL), CON, "1");
}

/* TS-0004 7.5.1.2.7: the answer comes as a NOTIFY with the response to what was polled */
static void notifications_of_others_are_answered_by_the_poller(void **state)
{
    struct flow *flow = prepare(state);
    const char *policy = flow_policy(flow, "notifiers", "'Cother','Cpoll'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cpoll','to':'cse-in/Cpoll','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    struct flow_call *notify =
        flow_send(flow, "{'op':5,'fr':'Cother','to':'cse-in/Cpoll','rqi':'same',"
                        "'pc':{'m2m:sgn':{'sur':'a'}}}");
    const struct wire_value *polled = flow_expect(flow, 2000, "%s", POLL);
    flow_expect_text(polled, "m2m:rqp/fr", "Cother");
    (void)flow_expect(flow, 4000,
                      "{'op':5,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu',"
                      "'pc':{'m2m:rsp':{'rsc':2000,'rqi':'another'}}}");
    (void)flow_expect(
        flow, 4000, "{'op':5,'fr':'Cpoll','to':'cse-in/Cpoll/p/pcu','pc':{'m2m:sgn':{'sur':'x'}}}");
    assert_false(flow_is_answered(notify));
    answer(flow, polled, 4005);
    assert_int_equal(flow_response(notify)->rsc, 4005); /* unchanged */
    notify = flow_send(flow, "{'op':5,'fr':'Cother','to':'cse-in/Cpoll','rqet':'4000',"
                             "'pc':{'m2m:sgn':{'sur':'b'}}}");
    flow_advance(flow, 5 * SECONDS);
    assert_int_equal(flow_response(notify)->rsc, 4008);
    (void)flow_expect(flow, 5103, /* neither channel nor point of access */
                      "{'op':5,'fr':'Cother','to':'cse-in/Cother','pc':{'m2m:sgn':{'sur':'b'}}}");
}

static void a_deleted_channel_lets_go(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_call *poll = flow_send(flow, "%s", POLL);
    flow_run_until_idle(flow);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cpoll','to':'cse-in/Cpoll/p'}");
    assert_int_equal(flow_response(poll)->rsc, 4004);
    add(flow, "1");
    (void)flow_create(flow, "Cpoll", "cse-in/Cpoll", 15, "{'m2m:pch':{'rn':'p'}}");
    flow_advance(flow, 2 * SECONDS);
    flow_expect_text(flow_expect(flow, 2000, "%s", POLL), CON, "1");
}

static void short_queue(struct serve_config *config)
{
    config->limits.polling_queue = 1;
}

static void a_channel_holds_only_so_many(void **state)
{
    flow_restart_with(*state, short_queue);
    struct flow *flow = prepare(state);
    const char *policy = flow_policy(flow, "notifiers", "'Cother','Cpoll'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cpoll','to':'cse-in/Cpoll','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    const char *form = "{'op':5,'fr':'Cother','to':'cse-in/Cpoll','pc':{'m2m:sgn':{'sur':'a'}}}";
    struct flow_call *first = flow_send(flow, "%s", form);
    (void)flow_expect(flow, 5103, "%s", form);
    answer(flow, flow_expect(flow, 2000, "%s", POLL), 2000);
    assert_int_equal(flow_response(first)->rsc, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(only_its_owner_uses_a_channel),
        FLOW_TEST(a_waiting_notification_is_fetched),
        FLOW_TEST(a_poll_waits_for_a_request),
        FLOW_TEST(a_vanished_poller_loses_nothing),
        FLOW_TEST(what_waits_survives_a_restart),
        FLOW_TEST(notifications_of_others_are_answered_by_the_poller),
        FLOW_TEST(a_deleted_channel_lets_go),
        FLOW_TEST(a_channel_holds_only_so_many),
    };
    return cmocka_run_group_tests_name("effects_polling", tests, NULL, NULL);
}
