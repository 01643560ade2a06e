/* SPDX-License-Identifier: Apache-2.0
 * CREATE whatever the type: checks, what the CSE sets, what the answer shows. TS-0004 7.3.3.3,
 * 7.3.3.5; TS-0001 10.1.2. */
#include "flow.h"

static void what_the_cse_sets(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    flow_advance(flow, 10 * SECONDS);
    const struct wire_value *made = flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{}}");
    flow_expect_number(made, "ty", 3);
    flow_expect_text(made, "pi", "Ca");
    flow_expect_text(made, "ct", "20260101T120010");
    flow_expect_text(made, "lt", "20260101T120010");
    flow_expect_number(made, "st", 0);
    flow_expect_number(made, "cni", 0);
    flow_expect_number(made, "cbs", 0);
    assert_non_null(flow_find(made, "et"));
    flow_expect_absent(made, "cr");
    const char *name = flow_text(made, "rn");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/%s'}", name);
    /* a second one gets another name */
    const struct wire_value *other = flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{}}");
    assert_false(bytes_equal(bytes_str(name), bytes_str(flow_text(other, "rn"))));
}

/* TS-0004 7.2.2.2: the request itself, the target, the privilege, the content */
static void the_order_of_checks(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    /* TS-0004 7.3.2.1: without type, with one that does not exist, with filter criteria */
    (void)flow_expect(flow, 4000, "{'op':1,'fr':'Ca','to':'cse-in/Ca','pc':{'m2m:cnt':{}}}");
    (void)flow_expect(flow, 4000,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':9999,'pc':{'m2m:cnt':{}}}");
    (void)flow_expect(flow, 4000,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,"
                      "'fc':{'lbl':['a']},'pc':{'m2m:cnt':{}}}");
    (void)flow_expect(flow, 4000, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3}");
    /* existence before privilege */
    flow_register(flow, "Cb");
    (void)flow_expect(flow, 4004,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/x','ty':3,'pc':{'m2m:cnt':{}}}");
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca','ty':3,'pc':{'m2m:cnt':{'x':1}}}");
    /* type not implemented, child not allowed, wrong member */
    (void)flow_expect(flow, 5001,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':29,"
                      "'pc':{'m2m:ts':{}}}");
    (void)flow_expect(flow, 4108,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':4,"
                      "'pc':{'m2m:cin':{'con':'x'}}}");
    (void)flow_expect(flow, 4000, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'pc':{'m2m:cin':{}}}");
}

static void attributes_that_are_refused(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    static const char *const bad[] = {
        "{'nosuch':1}",
        "{'ri':'x'}",
        "{'pi':'x'}",
        "{'ty':3}",
        "{'ct':'20260101T000000'}",
        "{'cni':0}",
        "{'st':0}",
        "{'mni':-1}",
        "{'mni':'5'}",
        "{'mbs':1.5}",
        "{'lbl':'a'}",
        "{'lbl':[1]}",
        "{'rn':''}",
        "{'rn':'a/b'}",
        "{'rn':'a b'}",
        "{'rn':5}",
        "{'et':'20200101T000000'}", /* in the past */
        "{'et':'soon'}",
        "{'cr':'Ca'}", /* only null asks for a creator */
        "{'acpi':[]}",
        "{'acpi':'x'}",
        "{'dr':'yes'}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call = flow_send(
            flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'pc':{'m2m:cnt':%s}}", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
    /* nothing is left of them */
    const struct wire_value *list =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca','rcn':6}");
    assert_int_equal(flow_count(list, "m2m:rrl/rrf"), 0);
}

static void names(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_expect(flow, 4105,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,"
                      "'pc':{'m2m:cnt':{'rn':'c'}}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 3, "{'m2m:cnt':{'rn':'c'}}");
    static const char *const reserved[] = {"la", "ol"}; /* names of virtual children */
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++) {
        (void)flow_expect(flow, 4105,
                          "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':3,"
                          "'pc':{'m2m:cnt':{'rn':'%s'}}}",
                          reserved[i]);
    }
}

/* 7.3.3.5: null asks for it, and the originator it is */
static void creator(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    const struct wire_value *made =
        flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'cr':null}}");
    flow_expect_text(made, "cr", "Ca");
}

/* TS-0001 Table 8.1.2-1, TS-0004 7.5.2 */
static void result_content(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    assert_null(flow_expect(flow, 2001,
                            "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':0,"
                            "'pc':{'m2m:cnt':{'rn':'c0'}}}"));
    const struct wire_value *got = flow_expect(flow, 2001,
                                               "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':1,"
                                               "'pc':{'m2m:cnt':{'rn':'c1'}}}");
    flow_expect_text(got, "m2m:cnt/rn", "c1");
    got = flow_expect(flow, 2001,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':2,"
                      "'pc':{'m2m:cnt':{'rn':'c2'}}}");
    flow_expect_text(got, "m2m:uri", "cse-in/Ca/c2");
    got = flow_expect(flow, 2001,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':3,"
                      "'pc':{'m2m:cnt':{'rn':'c3'}}}");
    flow_expect_text(got, "m2m:rce/uri", "cse-in/Ca/c3");
    flow_expect_text(got, "m2m:rce/m2m:cnt/rn", "c3");
    got = flow_expect(flow, 2001,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':9,"
                      "'pc':{'m2m:cnt':{'rn':'c9','lbl':['a']}}}");
    flow_expect_absent(got, "m2m:cnt/lbl");
    flow_expect_absent(got, "m2m:cnt/rn");
    assert_non_null(flow_find(got, "m2m:cnt/ri")); /* what the CSE added */
    static const unsigned refused[] = {4, 5, 6, 7, 8, 10};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        (void)flow_expect(flow, 4000,
                          "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'rcn':%u,"
                          "'pc':{'m2m:cnt':{}}}",
                          refused[i]);
    }
}

/* 7.3.3.5: not later than the parent's, not beyond policy */
static void expiration_is_capped(void **state)
{
    struct flow *flow = *state;
    const char *soon = flow_time(flow, 10 * MINUTES);
    (void)flow_create(flow, "Ca", "cse-in", 2,
                      "{'m2m:ae':{'rn':'Ca','api':'Nflow','rr':false,'srv':['3'],'et':'%s'}}",
                      soon);
    const struct wire_value *made =
        flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'et':'20990101T000000'}}");
    flow_expect_text(made, "et", soon);
    made = flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{}}");
    flow_expect_text(made, "et", soon);
    const char *sooner = flow_time(flow, 5 * MINUTES);
    made = flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'et':'%s'}}", sooner);
    flow_expect_text(made, "et", sooner);
}

/* TS-0004 7.3.2.1, 7.3.3.1: a request has its time */
static void request_times(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_expect(flow, 4008, "{'op':2,'fr':'Ca','to':'Ca','rqet':'20250101T000000'}");
    (void)flow_expect(flow, 4008, "{'op':2,'fr':'Ca','to':'Ca','rqet':'-1000'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca','rqet':'1000'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'Ca','rqet':'2000','rset':'1000'}");
    /* oet: not before */
    struct flow_call *later = flow_send(
        flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'oet':'5000','pc':{'m2m:cnt':{}}}");
    flow_advance(flow, 4 * SECONDS);
    assert_false(flow_is_answered(later));
    flow_advance(flow, 2 * SECONDS);
    assert_int_equal(flow_response(later)->rsc, 2001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(what_the_cse_sets),
        FLOW_TEST(the_order_of_checks),
        FLOW_TEST(attributes_that_are_refused),
        FLOW_TEST(names),
        FLOW_TEST(creator),
        FLOW_TEST(result_content),
        FLOW_TEST(expiration_is_capped),
        FLOW_TEST(request_times),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.5", tests, NULL, NULL);
}
