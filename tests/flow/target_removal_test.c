/* SPDX-License-Identifier: Apache-2.0
 * A notification target that asks, in its answer, not to be notified any more. TS-0001 10.2.10.7,
 * 10.2.10.8. */
#include "flow.h"

#define ASKS "{'m2m:sgn':{'trr':true}}"

/* Cown's container c, watched by s for two hosts. */
struct scene {
    struct flow *flow;
    struct flow_endpoint *one, *two;
};

static struct scene prepare(void **state, const char *targets)
{
    struct flow *flow = *state;
    struct scene scene = {flow, flow_listen(flow, "http://one/"), flow_listen(flow, "http://two/")};
    flow_register(flow, "Cown");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(flow, "Cown", "cse-in/Cown/c", 23,
                      "{'m2m:sub':{'rn':'s','nu':[%s],'enc':{'net':[3]}}}", targets);
    return scene;
}

static void add(struct flow *flow)
{
    (void)flow_create(flow, "Cown", "cse-in/Cown/c", 4, "{'m2m:cin':{'con':'1'}}");
    flow_run_until_idle(flow);
}

/* TS-0001 10.2.10.7, 10.2.10.8: its address goes, the others stay */
static void its_address_is_taken_out(void **state)
{
    struct scene scene = prepare(state, "'http://one/','http://two/'");
    flow_answer(scene.one, 2000, ASKS);
    add(scene.flow);
    (void)flow_take(scene.one);
    (void)flow_take(scene.two);
    const struct wire_value *got =
        flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    assert_int_equal(flow_count(got, "m2m:sub/nu"), 1);
    flow_expect_text(got, "m2m:sub/nu/0", "http://two/");
    flow_answer(scene.one, 2000, NULL);
    add(scene.flow);
    flow_expect_quiet(scene.one);
    (void)flow_take(scene.two);
}

static void false_is_not_true(void **state)
{
    struct scene scene = prepare(state, "'http://one/','http://two/'");
    flow_answer(scene.one, 2000, "{'m2m:sgn':{'trr':false}}");
    flow_answer(scene.two, 2000, "{'m2m:dbg':'trr'}");
    add(scene.flow);
    const struct wire_value *got =
        flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    assert_int_equal(flow_count(got, "m2m:sub/nu"), 2);
}

/* Nobody is left to be told anything: the subscription goes too, as nu is never empty. */
static void with_the_last_one_the_subscription_ends(void **state)
{
    struct scene scene = prepare(state, "'http://one/'");
    flow_answer(scene.one, 2000, ASKS);
    add(scene.flow);
    (void)flow_expect(scene.flow, 4004, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/s'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(its_address_is_taken_out),
        FLOW_TEST(false_is_not_true),
        FLOW_TEST(with_the_last_one_the_subscription_ends),
    };
    return cmocka_run_group_tests_name("TS-0001 10.2.10.8", tests, NULL, NULL);
}
