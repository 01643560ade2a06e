/* SPDX-License-Identifier: Apache-2.0
 * UPDATE whatever the type. TS-0004 7.3.3.4, 7.3.3.7; TS-0001 9.6.1.3.2. */
#include "flow.h"

static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'c','lbl':['x'],'mni':10,'cr':null}}");
}

/* TS-0004 7.3.3.7: the attributes that the request names, the state tag and the time */
static void changes_and_nothing_else(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    flow_advance(flow, 10 * SECONDS);
    const struct wire_value *got = flow_expect(
        flow, 2004,
        "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'lbl':['y','z'],'mbs':100}}}");
    assert_int_equal(flow_count(got, "m2m:cnt/lbl"), 2); /* lists are replaced whole */
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_expect_text(got, "m2m:cnt/lbl/0", "y");
    flow_expect_number(got, "m2m:cnt/mbs", 100);
    flow_expect_number(got, "m2m:cnt/mni", 10);
    flow_expect_number(got, "m2m:cnt/st", 1);
    flow_expect_text(got, "m2m:cnt/ct", "20260101T120000");
    flow_expect_text(got, "m2m:cnt/lt", "20260101T120010");
}

/* TS-0004 7.3.3.7 */
static void null_deletes(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'lbl':null,'mni':null,'mbs':null}}}");
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_expect_absent(got, "m2m:cnt/lbl");
    flow_expect_absent(got, "m2m:cnt/mni");
    (void)flow_expect(flow, 4000, "{'op':3,'fr':'Ca','to':'Ca','pc':{'m2m:ae':{'rr':null}}}");
    (void)flow_expect(flow, 4000,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'ct':null}}}");
}

/* TS-0004 7.3.3.4: and nothing has changed after it */
static void what_is_refused(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    static const char *const bad[] = {
        "{'rn':'d'}",
        "{'ri':'d'}",
        "{'pi':'x'}",
        "{'ty':4}",
        "{'ct':'20260101T000000'}",
        "{'lt':'20260101T000000'}",
        "{'st':9}",
        "{'cni':0}",
        "{'cr':'Cb'}",
        "{'nosuch':1}",
        "{'mni':-1}",
        "{'mni':'5'}",
        "{'et':'20200101T000000'}",
        "{'lbl':'y'}",
        "{'acpi':['x'],'mni':1}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call =
            flow_send(flow, "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':%s}}", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
    (void)flow_expect(flow, 4000,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:ae':{'lbl':['y']}}}");
    (void)flow_expect(flow, 4000, "{'op':3,'fr':'Ca','to':'cse-in/Ca/c'}");
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_expect_number(got, "m2m:cnt/st", 0);
    flow_expect_text(got, "m2m:cnt/lbl/0", "x");
    flow_expect_text(got, "m2m:cnt/cr", "Ca");
}

/* TS-0001 Table 8.1.2-1 */
static void result_content(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    assert_null(flow_expect(flow, 2004,
                            "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','rcn':0,"
                            "'pc':{'m2m:cnt':{'mni':5}}}"));
    const struct wire_value *got = flow_expect(flow, 2004,
                                               "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','rcn':9,"
                                               "'pc':{'m2m:cnt':{'mni':6}}}");
    flow_expect_absent(got, "m2m:cnt/mni"); /* as the request said */
    flow_expect_number(got, "m2m:cnt/st", 2);
    static const unsigned refused[] = {2, 3, 4, 5, 6, 7, 8, 10};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        (void)flow_expect(flow, 4000,
                          "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','rcn':%u,"
                          "'pc':{'m2m:cnt':{'mni':5}}}",
                          refused[i]);
    }
}

/* 7.3.3.7: a shorter life than that of a child; a life that the CSE chooses */
static void expiration(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const char *soon = flow_time(flow, 10 * MINUTES);
    const struct wire_value *got = flow_expect(flow, 2004,
                                               "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                                               "'pc':{'m2m:cnt':{'et':'%s'}}}",
                                               soon);
    flow_expect_text(got, "m2m:cnt/et", soon);
    (void)flow_expect(flow, 4000, "{'op':3,'fr':'Ca','to':'Ca','pc':{'m2m:ae':{'et':'%s'}}}",
                      flow_time(flow, 5 * MINUTES));
    got = flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'et':null}}}");
    assert_true(bytes_compare(bytes_str(flow_text(got, "m2m:cnt/et")), bytes_str(soon)) > 0);
    flow_advance(flow, 11 * MINUTES);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(changes_and_nothing_else), FLOW_TEST(null_deletes), FLOW_TEST(what_is_refused),
        FLOW_TEST(result_content),           FLOW_TEST(expiration),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.7", tests, NULL, NULL);
}
