/* SPDX-License-Identifier: Apache-2.0
 * Subscriptions over time: batches, rates, counters, targets that are away. TS-0004 7.5.1.2.2;
 * TS-0001 9.6.8, 10.2.10. */
#include "flow.h"

#define SUB "cse-in/Ca/c/s"

/* Ca with container c; a host http://n/ on the network */
static struct flow_endpoint *plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
    return flow_listen(flow, "http://n/");
}

static void subscribe(struct flow *flow, const char *attributes)
{
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23, "{'m2m:sub':{'rn':'s','nu':['http://n/x']%s}}",
                      attributes);
    flow_run_until_idle(flow);
}

/* Drops what verification may have sent. */
static void forget(struct flow_endpoint *host)
{
    while (flow_received(host) > 0) {
        (void)flow_take(host);
    }
}

static void update(struct flow *flow, const char *attributes)
{
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{%s}}}",
                      attributes);
    flow_run_until_idle(flow);
}

static void put(struct flow *flow, const char *content)
{
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'con':'%s'}}", content);
    flow_run_until_idle(flow);
}

/* The event of the one notification that came. */
static const struct wire_value *take_event(struct flow_endpoint *host, int64_t kind)
{
    const struct wire_value *request = flow_take(host);
    flow_expect_number(request, "op", 5);
    flow_expect_text(request, "fr", "/id-in");
    const struct wire_value *note = flow_find(request, "pc/m2m:sgn");
    struct bytes subscription = bytes_str(flow_text(note, "sur"));
    assert_true(bytes_ends_with(subscription, BYTES(SUB)) || subscription.len > 0);
    flow_expect_number(note, "nev/net", kind);
    return flow_find(note, "nev");
}

/* 9.6.8: as many as were asked for */
static void until_the_counter_is_zero(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'exc':2");
    forget(host);
    update(flow, "'mni':1");
    update(flow, "'mni':2");
    flow_run_until_idle(flow);
    update(flow, "'mni':3");
    assert_int_equal(flow_received(host), 2);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'" SUB "'}");
}

/* bn: several in one */
static void in_batches(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]},'bn':{'num':3}");
    forget(host);
    put(flow, "1");
    put(flow, "2");
    flow_expect_quiet(host);
    put(flow, "3");
    const struct wire_value *batch = flow_take(host);
    assert_int_equal(flow_count(batch, "pc/m2m:agn/sgn"), 3);
    flow_expect_text(batch, "pc/m2m:agn/sgn/2/nev/rep/m2m:cin/con", "3");
    flow_expect_quiet(host);
}

static void a_batch_whose_time_has_come(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]},'bn':{'num':10,'dur':'PT30S'}");
    forget(host);
    put(flow, "1");
    flow_advance(flow, 20 * SECONDS);
    put(flow, "2");
    flow_expect_quiet(host);
    flow_advance(flow, 11 * SECONDS);
    const struct wire_value *batch = flow_take(host);
    assert_int_equal(flow_count(batch, "pc/m2m:agn/sgn"), 2);
}

/* rl: not more than so many in a time */
static void at_a_limited_rate(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]},'rl':{'mnn':2,'tww':'PT60S'}");
    forget(host);
    for (unsigned i = 0; i < 4; i++) {
        put(flow, "x");
    }
    assert_int_equal(flow_received(host), 2);
    flow_advance(flow, 61 * SECONDS);
    assert_int_equal(flow_received(host), 4);
}

/* At least once, in order, whatever the target does meanwhile. */
static void a_target_that_was_away(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]}");
    forget(host);
    flow_be_unreachable(host);
    put(flow, "1");
    put(flow, "2");
    flow_advance(flow, 5 * SECONDS);
    flow_answer(host, 2000, NULL);
    flow_advance(flow, 2 * MINUTES);
    const struct wire_value *event = take_event(host, 3);
    flow_expect_text(event, "rep/m2m:cin/con", "1");
    event = take_event(host, 3);
    flow_expect_text(event, "rep/m2m:cin/con", "2");
    flow_expect_quiet(host);
}

static void a_restart_forgets_nothing(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]}");
    forget(host);
    flow_be_unreachable(host);
    put(flow, "1");
    flow_restart(flow);
    flow_answer(host, 2000, NULL);
    flow_advance(flow, 2 * MINUTES);
    const struct wire_value *event = take_event(host, 3);
    flow_expect_text(event, "rep/m2m:cin/con", "1");
    put(flow, "2");
    event = take_event(host, 3);
    flow_expect_text(event, "rep/m2m:cin/con", "2");
}

static void few_attempts(struct serve_config *config)
{
    config->limits.notification_attempts = 3;
}

static void attempts_have_a_limit(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, few_attempts);
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3]}");
    forget(host);
    flow_answer(host, 5000, NULL);
    put(flow, "1");
    flow_advance(flow, 60 * MINUTES);
    assert_int_equal(flow_received(host), 3);
    forget(host);
    flow_answer(host, 2000, NULL);
    put(flow, "2");
    (void)take_event(host, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(until_the_counter_is_zero),   FLOW_TEST(in_batches),
        FLOW_TEST(a_batch_whose_time_has_come), FLOW_TEST(at_a_limited_rate),
        FLOW_TEST(a_target_that_was_away),      FLOW_TEST(a_restart_forgets_nothing),
        FLOW_TEST(attempts_have_a_limit),
    };
    return cmocka_run_group_tests_name("TS-0004 7.5.1.2.2", tests, NULL, NULL);
}
