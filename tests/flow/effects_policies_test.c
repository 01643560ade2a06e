/* SPDX-License-Identifier: Apache-2.0
 * Notification policies and the sender: batches, rates, counters, the latest only, retries, and
 * what survives a restart. TS-0004 7.5.1.2.2, TS-0001 10.2.10.7. */
#include "flow.h"

struct scene {
    struct flow *flow;
    struct flow_endpoint *host;
};

static struct scene subscribed(void **state, const char *attributes)
{
    struct flow *flow = *state;
    struct scene scene = {flow, flow_listen(flow, "http://host/")};
    flow_register(flow, "Cown");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(flow, "Cown", "cse-in/Cown/c", 23,
                      "{'m2m:sub':{'rn':'s','nu':['http://host/'],'enc':{'net':[3]},%s}}",
                      attributes);
    return scene;
}

static void add(struct flow *flow, unsigned from, unsigned to)
{
    for (unsigned i = from; i <= to; i++) {
        (void)flow_create(flow, "Cown", "cse-in/Cown/c", 4, "{'m2m:cin':{'con':'%u'}}", i);
    }
}

#define CON "pc/m2m:sgn/nev/rep/m2m:cin/con"

/* ---- batches ---- */

/* TS-0001 10.2.10.7: batchNotify by number */
static void a_batch_leaves_when_it_is_full(void **state)
{
    struct scene scene = subscribed(state, "'bn':{'num':3,'dur':'PT10M'}");
    add(scene.flow, 1, 2);
    flow_expect_quiet(scene.host);
    add(scene.flow, 3, 4);
    const struct wire_value *sent = flow_take(scene.host);
    assert_int_equal(flow_count(sent, "pc/m2m:agn/sgn"), 3);
    flow_expect_text(sent, "pc/m2m:agn/sgn/0/nev/rep/m2m:cin/con", "1");
    flow_expect_text(sent, "pc/m2m:agn/sgn/2/nev/rep/m2m:cin/con", "3");
    flow_expect_quiet(scene.host);
}

/* TS-0001 10.2.10.7: and by duration; the event category travels along */
static void a_batch_leaves_when_its_time_has_come(void **state)
{
    struct scene scene = subscribed(state, "'bn':{'num':30,'dur':'PT10M'},'nec':100");
    add(scene.flow, 1, 2);
    flow_advance(scene.flow, 9 * MINUTES);
    flow_restart(scene.flow); /* time goes on where it was */
    flow_expect_quiet(scene.host);
    flow_advance(scene.flow, MINUTES + SECONDS);
    const struct wire_value *sent = flow_take(scene.host);
    assert_int_equal(flow_count(sent, "pc/m2m:agn/sgn"), 2);
    flow_expect_number(sent, "ec", 100);
    add(scene.flow, 3, 3);
    flow_advance(scene.flow, 9 * MINUTES);
    flow_expect_quiet(scene.host);
    flow_advance(scene.flow, 2 * MINUTES);
    assert_int_equal(flow_count(flow_take(scene.host), "pc/m2m:agn/sgn"), 1);
}

static void a_batch_without_numbers_waits_a_minute(void **state)
{
    struct scene scene = subscribed(state, "'bn':{},'ln':true");
    add(scene.flow, 1, 3);
    flow_advance(scene.flow, 61 * SECONDS);
    const struct wire_value *sent = flow_take(scene.host);
    assert_int_equal(flow_count(sent, "pc/m2m:agn/sgn"), 1);
    flow_expect_text(sent, "pc/m2m:agn/sgn/0/nev/rep/m2m:cin/con", "3");
    flow_expect_number(sent, "ec", 4);
}

static void a_batch_ends_with_its_policy(void **state)
{
    struct scene scene = subscribed(state, "'bn':{'num':30,'dur':'PT10M'}");
    add(scene.flow, 1, 2);
    (void)flow_expect(scene.flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c/s','pc':{'m2m:sub':{'bn':null}}}");
    assert_int_equal(flow_count(flow_take(scene.host), "pc/m2m:agn/sgn"), 2);
    add(scene.flow, 3, 3);
    flow_expect_text(flow_take(scene.host), CON, "3");
    flow_advance(scene.flow, 11 * MINUTES);
    flow_expect_quiet(scene.host);
}

static void a_batch_dies_with_its_subscription(void **state)
{
    struct scene scene = subscribed(state, "'bn':{'num':30,'dur':'PT10M'}");
    add(scene.flow, 1, 2);
    (void)flow_expect(scene.flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    flow_advance(scene.flow, 11 * MINUTES);
    flow_expect_quiet(scene.host);
}

/* ---- rate limit ---- */

/* TS-0001 10.2.10.7: rateLimit holds back, it does not drop */
static void no_more_than_the_rate_leaves(void **state)
{
    struct scene scene = subscribed(state, "'rl':{'mnn':2,'tww':'PT1M'}");
    add(scene.flow, 1, 5);
    assert_int_equal(flow_received(scene.host), 2);
    flow_expect_text(flow_take(scene.host), CON, "1");
    flow_expect_text(flow_take(scene.host), CON, "2");
    flow_advance(scene.flow, 59 * SECONDS);
    flow_expect_quiet(scene.host);
    flow_restart(scene.flow);
    flow_advance(scene.flow, 2 * SECONDS);
    assert_int_equal(flow_received(scene.host), 2);
    flow_expect_text(flow_take(scene.host), CON, "3");
    flow_expect_text(flow_take(scene.host), CON, "4");
    flow_advance(scene.flow, MINUTES);
    flow_expect_text(flow_take(scene.host), CON, "5");
    flow_advance(scene.flow, 10 * MINUTES);
    add(scene.flow, 6, 7);
    assert_int_equal(flow_received(scene.host), 2);
}

/* ---- expiration counter ---- */

/* TS-0001 10.2.10.7: expirationCounter */
static void the_counter_ends_the_subscription(void **state)
{
    struct scene scene = subscribed(state, "'exc':2,'su':'http://end/'");
    struct flow_endpoint *end = flow_listen(scene.flow, "http://end/");
    add(scene.flow, 1, 1);
    const struct wire_value *sub =
        flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    flow_expect_number(sub, "m2m:sub/exc", 1);
    add(scene.flow, 2, 3);
    (void)flow_expect(scene.flow, 4004, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    assert_int_equal(flow_received(scene.host), 2);
    assert_true(wire_get_bool(flow_find(flow_take(end), "pc/m2m:sgn/sud"), false));
}

/* TS-0001 10.2.10.7: expirationCounter goes down by what was sent */
static void only_what_was_sent_counts(void **state)
{
    struct scene scene = subscribed(state, "'exc':2");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 5); /* the third and later ones cannot be sent any more */
    (void)flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 2 * SECONDS);
    assert_int_equal(flow_received(scene.host), 2);
    flow_expect_text(flow_take(scene.host), CON, "1");
    flow_expect_text(flow_take(scene.host), CON, "2");
    (void)flow_expect(scene.flow, 4004, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
}

/* ---- the sender ---- */

static void it_is_tried_again_in_order(void **state)
{
    struct scene scene = subscribed(state, "'nec':2");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 3);
    flow_advance(scene.flow, 2 * SECONDS);
    flow_answer(scene.host, 5000, NULL);
    flow_advance(scene.flow, 2 * SECONDS); /* attempts after 0, 1 and 3 seconds */
    flow_expect_text(flow_take(scene.host), CON, "1");
    flow_expect_quiet(scene.host);
    flow_restart(scene.flow);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 5 * SECONDS);
    assert_int_equal(flow_received(scene.host), 3);
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_text(sent, CON, "1");
    flow_expect_number(sent, "ec", 2);
    flow_expect_text(flow_take(scene.host), CON, "2");
    flow_expect_text(flow_take(scene.host), CON, "3");
}

static void it_is_given_up_in_the_end(void **state)
{
    struct scene scene = subscribed(state, "'nct':1");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 1);
    flow_advance(scene.flow, 20 * MINUTES);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 20 * MINUTES);
    flow_expect_quiet(scene.host);
    add(scene.flow, 2, 2);
    flow_expect_text(flow_take(scene.host), CON, "2");
}

static void a_refusal_is_not_repeated(void **state)
{
    struct scene scene = subscribed(state, "'nct':1");
    flow_register_at(scene.flow, "Cae", "http://host/");
    (void)flow_create(scene.flow, "Cae", "cse-in/Cae", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(scene.flow, "Cae", "cse-in/Cae/c", 23,
                      "{'m2m:sub':{'nu':['Cae'],'enc':{'net':[3]}}}");
    flow_answer(scene.host, 4103, NULL);
    (void)flow_create(scene.flow, "Cae", "cse-in/Cae/c", 4, "{'m2m:cin':{'con':'1'}}");
    (void)flow_take(scene.host);
    flow_advance(scene.flow, 10 * MINUTES);
    flow_expect_quiet(scene.host);
}

static void a_silent_target_times_out(void **state)
{
    struct scene scene = subscribed(state, "'nct':1");
    flow_be_silent(scene.host);
    add(scene.flow, 1, 1);
    (void)flow_take(scene.host);
    flow_advance(scene.flow, 9 * SECONDS);
    flow_expect_quiet(scene.host);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 3 * SECONDS);
    flow_expect_text(flow_take(scene.host), CON, "1");
}

static void a_dead_target_holds_up_nobody(void **state)
{
    struct scene scene = subscribed(state, "'nct':1");
    struct flow_endpoint *other = flow_listen(scene.flow, "http://other/");
    (void)flow_expect(scene.flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c/s',"
                      "'pc':{'m2m:sub':{'nu':['http://host/','http://other/']}}}");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 2);
    assert_int_equal(flow_received(other), 2);
}

/* TS-0001 10.2.10.7: latestNotify, with its event category */
static void the_latest_replaces_the_others(void **state)
{
    struct scene scene = subscribed(state, "'ln':true");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 4);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 10 * SECONDS);
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_text(sent, CON, "4");
    flow_expect_number(sent, "ec", 4);
    flow_expect_quiet(scene.host);
}

static void few_waiting(struct serve_config *config)
{
    config->limits.outbox_per_subscription = 3;
}

static void the_oldest_gives_way_when_the_queue_is_full(void **state)
{
    flow_restart_with(*state, few_waiting);
    struct scene scene = subscribed(state, "'nct':1");
    flow_be_unreachable(scene.host);
    add(scene.flow, 1, 5);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(scene.flow, 10 * SECONDS);
    assert_int_equal(flow_received(scene.host), 3);
    flow_expect_text(flow_take(scene.host), CON, "3");
}

static void one_at_a_time(struct serve_config *config)
{
    config->limits.outbox_in_flight = 1;
}

static void the_sender_has_a_bound(void **state)
{
    flow_restart_with(*state, one_at_a_time);
    struct scene scene = subscribed(state, "'nct':1");
    struct flow_endpoint *other = flow_listen(scene.flow, "http://other/");
    (void)flow_create(scene.flow, "Cown", "cse-in/Cown/c", 23,
                      "{'m2m:sub':{'nu':['http://other/'],'enc':{'net':[3]}}}");
    (void)flow_take(scene.host); /* a subscription is a child too */
    flow_be_silent(scene.host);
    flow_be_silent(other);
    add(scene.flow, 1, 1);
    assert_int_equal(flow_received(scene.host) + flow_received(other), 1);
    flow_advance(scene.flow, 11 * SECONDS);
    assert_true(flow_received(scene.host) > 0 && flow_received(other) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(a_batch_leaves_when_it_is_full),
        FLOW_TEST(a_batch_leaves_when_its_time_has_come),
        FLOW_TEST(a_batch_without_numbers_waits_a_minute),
        FLOW_TEST(a_batch_ends_with_its_policy),
        FLOW_TEST(a_batch_dies_with_its_subscription),
        FLOW_TEST(no_more_than_the_rate_leaves),
        FLOW_TEST(the_counter_ends_the_subscription),
        FLOW_TEST(only_what_was_sent_counts),
        FLOW_TEST(it_is_tried_again_in_order),
        FLOW_TEST(it_is_given_up_in_the_end),
        FLOW_TEST(a_refusal_is_not_repeated),
        FLOW_TEST(a_silent_target_times_out),
        FLOW_TEST(a_dead_target_holds_up_nobody),
        FLOW_TEST(the_latest_replaces_the_others),
        FLOW_TEST(the_oldest_gives_way_when_the_queue_is_full),
        FLOW_TEST(the_sender_has_a_bound),
    };
    return cmocka_run_group_tests_name("effects_policies", tests, NULL, NULL);
}
