/* SPDX-License-Identifier: Apache-2.0
 * container, contentInstance, latest and oldest. TS-0004 7.4.6, 7.4.7, 7.4.27, 7.4.28. */
#include "flow.h"

static void plant(struct flow *flow, const char *attributes)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'%s}}", attributes);
}

static const struct wire_value *put(struct flow *flow, const char *content)
{
    return flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'con':'%s'}}", content);
}

static const struct wire_value *read_container(struct flow *flow)
{
    return wire_only_member(flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}"));
}

static void expect_content(struct flow *flow, const char *to, const char *want)
{
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/%s'}", to);
    flow_expect_text(got, "m2m:cin/con", want);
}

static void instances_are_counted(void **state)
{
    struct flow *flow = *state;
    plant(flow, "");
    const struct wire_value *made = put(flow, "one");
    flow_expect_number(made, "cs", 3);
    flow_expect_number(made, "st", 1);
    made = put(flow, "f\xc3\xbcnf"); /* octets, not characters */
    flow_expect_number(made, "cs", 5);
    const struct wire_value *container = read_container(flow);
    flow_expect_number(container, "cni", 2);
    flow_expect_number(container, "cbs", 8);
    flow_expect_number(container, "st", 2);
}

/* TS-0004 7.4.27.2, 7.4.28.2 */
static void newest_and_oldest(void **state)
{
    struct flow *flow = *state;
    plant(flow, "");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/ol'}");
    (void)flow_expect(flow, 4004, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c/ol'}");
    (void)put(flow, "1");
    (void)put(flow, "2");
    (void)put(flow, "3"); /* the same instant: order of arrival decides */
    expect_content(flow, "la", "3");
    expect_content(flow, "ol", "1");
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    expect_content(flow, "la", "2");
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c/ol'}");
    expect_content(flow, "ol", "2");
    flow_expect_number(read_container(flow), "cni", 1);
    (void)flow_expect(flow, 4005,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c/la','pc':{'m2m:cin':{'lbl':['x']}}}");
    (void)flow_expect(flow, 4005,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c/la','ty':4,"
                      "'pc':{'m2m:cin':{'con':'x'}}}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la/x'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/la'}");
}

static void the_number_has_a_limit(void **state)
{
    struct flow *flow = *state;
    plant(flow, ",'mni':3");
    for (unsigned i = 0; i < 5; i++) {
        const char digit[] = {(char)('0' + i), '\0'};
        (void)put(flow, digit);
    }
    expect_content(flow, "ol", "2");
    expect_content(flow, "la", "4");
    flow_expect_number(read_container(flow), "cni", 3);
    flow_expect_number(read_container(flow), "cbs", 3);
    flow_expect_number(read_container(flow), "st", 5);
    /* lowered: the oldest go */
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'mni':1}}}");
    flow_expect_number(read_container(flow), "cni", 1);
    expect_content(flow, "ol", "4");
}

static void the_octets_have_a_limit(void **state)
{
    struct flow *flow = *state;
    plant(flow, ",'mbs':10");
    (void)put(flow, "aaaa");
    (void)put(flow, "bbbb");
    (void)put(flow, "cccc");
    expect_content(flow, "ol", "bbbb");
    flow_expect_number(read_container(flow), "cbs", 8);
    (void)put(flow, "dddddddddd");
    flow_expect_number(read_container(flow), "cni", 1);
    (void)flow_expect(flow, 5207,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':4,"
                      "'pc':{'m2m:cin':{'con':'eeeeeeeeeee'}}}");
    expect_content(flow, "la", "dddddddddd");
}

static void the_age_has_a_limit(void **state)
{
    struct flow *flow = *state;
    plant(flow, ",'mia':60");
    const struct wire_value *made = put(flow, "1");
    flow_expect_text(made, "et", flow_time(flow, 60 * SECONDS));
    flow_advance(flow, 30 * SECONDS);
    (void)put(flow, "2");
    flow_advance(flow, 31 * SECONDS);
    expect_content(flow, "ol", "2");
    flow_expect_number(read_container(flow), "cni", 1);
    flow_advance(flow, 31 * SECONDS);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    flow_expect_number(read_container(flow), "cni", 0);
}

static void instances_do_not_change(void **state)
{
    struct flow *flow = *state;
    plant(flow, "");
    const char *ri = flow_text(put(flow, "1"), "ri");
    (void)flow_expect(flow, 4005, "{'op':3,'fr':'Ca','to':'%s','pc':{'m2m:cin':{'lbl':['x']}}}",
                      ri);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'%s'}", ri);
    flow_expect_number(read_container(flow), "cni", 0);
    static const char *const bad[] = {
        "{}",          "{'con':'x','cs':1}",      "{'con':'x','acpi':['a']}",
        "{'cnf':'x'}", "{'con':'x','cnf':'x:9'}", "{'con':'x','st':1}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call = flow_send(
            flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':4,'pc':{'m2m:cin':%s}}", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
}

/* 7.4.6.2: retrieving disabled */
static void disabled_retrieval(void **state)
{
    struct flow *flow = *state;
    plant(flow, ",'disr':true");
    const char *ri = flow_text(put(flow, "1"), "ri");
    (void)flow_expect(flow, 4005, "{'op':2,'fr':'Ca','to':'%s'}", ri);
    (void)flow_expect(flow, 4005, "{'op':4,'fr':'Ca','to':'%s'}", ri);
    (void)flow_expect(flow, 4005, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    (void)flow_expect(flow, 4005, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c/ol'}");
    flow_expect_number(read_container(flow), "cni", 1);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'disr':false}}}");
    flow_expect_number(read_container(flow), "cni", 0);
    (void)put(flow, "2");
    expect_content(flow, "la", "2");
}

static void order_survives_a_restart(void **state)
{
    struct flow *flow = *state;
    plant(flow, ",'mni':2");
    (void)put(flow, "1");
    (void)put(flow, "2");
    flow_restart(flow);
    (void)put(flow, "3");
    expect_content(flow, "ol", "2");
    expect_content(flow, "la", "3");
    flow_expect_number(read_container(flow), "cni", 2);
    flow_expect_number(read_container(flow), "st", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(instances_are_counted),  FLOW_TEST(newest_and_oldest),
        FLOW_TEST(the_number_has_a_limit), FLOW_TEST(the_octets_have_a_limit),
        FLOW_TEST(the_age_has_a_limit),    FLOW_TEST(instances_do_not_change),
        FLOW_TEST(disabled_retrieval),     FLOW_TEST(order_survives_a_restart),
    };
    return cmocka_run_group_tests_name("TS-0004 7.4.6", tests, NULL, NULL);
}
