/* SPDX-License-Identifier: Apache-2.0
 * The frame itself: time, network, restart; the shortest story through the whole pipeline. */
#include "flow.h"

static void a_first_story(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Csensor");
    const struct wire_value *container =
        flow_create(flow, "Csensor", "cse-in/Csensor", 3, "{'m2m:cnt':{'rn':'temperature'}}");
    flow_expect_text(container, "pi", "Csensor");
    (void)flow_create(flow, "Csensor", "cse-in/Csensor/temperature", 4, "{'m2m:cin':{'con':'21'}}");
    const struct wire_value *latest =
        flow_expect(flow, 2000, "{'op':2,'fr':'Csensor','to':'cse-in/Csensor/temperature/la'}");
    flow_expect_text(latest, "m2m:cin/con", "21");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Csensor','to':'cse-in/Csensor/nothing'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Cnobody','to':'cse-in/Csensor'}");
}

static void a_restart_keeps_everything(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Csensor");
    flow_restart(flow);
    const struct wire_value *ae =
        flow_expect(flow, 2000, "{'op':2,'fr':'Csensor','to':'cse-in/Csensor'}");
    flow_expect_text(ae, "m2m:ae/aei", "Csensor");
}

static void time_stands_still(void **state)
{
    struct flow *flow = *state;
    int64_t before = flow_now(flow);
    flow_register(flow, "Csensor");
    assert_int_equal(flow_now(flow), before);
    const struct wire_value *ae =
        flow_expect(flow, 2000, "{'op':2,'fr':'Csensor','to':'cse-in/Csensor'}");
    flow_expect_text(ae, "m2m:ae/ct", "20260101T120000");
    flow_advance(flow, 90 * SECONDS);
    assert_int_equal(flow_now(flow), before + 90 * SECONDS);
    assert_string_equal(flow_time(flow, 30 * SECONDS), "20260101T120200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(a_first_story),
        FLOW_TEST(a_restart_keeps_everything),
        FLOW_TEST(time_stands_still),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
