/* SPDX-License-Identifier: Apache-2.0
 * RETRIEVE: result content, partial retrieve, children. TS-0004 7.3.3.6, 7.5.2; TS-0001 Table
 * 8.1.2-1. */
#include "flow.h"

/* Ca / a (container, label x) / b (container) / c (container); two instances in b */
static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'a','lbl':['x','k:v'],'mni':10}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a", 3, "{'m2m:cnt':{'rn':'b'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 4, "{'m2m:cin':{'rn':'i1','con':'1'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 4, "{'m2m:cin':{'rn':'i2','con':'22'}}");
}

static void attributes_are_the_default(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b'}");
    flow_expect_number(got, "m2m:cnt/cni", 2);
    flow_expect_number(got, "m2m:cnt/cbs", 3);
    flow_expect_number(got, "m2m:cnt/st", 2);
    flow_expect_absent(got, "m2m:cnt/ch");
    flow_expect_absent(got, "m2m:cnt/m2m:cnt");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':1}");
    flow_expect_text(got, "m2m:cnt/lbl/1", "k:v");
}

static void references_to_children(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':5}");
    flow_expect_text(got, "m2m:cnt/rn", "a");
    assert_int_equal(flow_count(got, "m2m:cnt/ch"), 4); /* b, c, i1, i2: flat */
    flow_expect_text(got, "m2m:cnt/ch/0/nm", "b");
    flow_expect_number(got, "m2m:cnt/ch/0/typ", 3);
    flow_expect_text(got, "m2m:cnt/ch/0/val", "cse-in/Ca/a/b");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':6,'fc':{'lvl':1}}");
    assert_int_equal(flow_count(got, "m2m:rrl/rrf"), 1);
    flow_expect_text(got, "m2m:rrl/rrf/0/nm", "b");
    got = flow_expect(flow, 2000,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':6,'drt':2,"
                      "'fc':{'lvl':1}}");
    const char *ri = flow_text(got, "m2m:rrl/rrf/0/val");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s'}", ri);
    flow_expect_text(got, "m2m:cnt/rn", "b");
}

static void children_themselves(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':4}");
    flow_expect_text(got, "m2m:cnt/rn", "a");
    flow_expect_text(got, "m2m:cnt/m2m:cnt/0/rn", "b");
    flow_expect_text(got, "m2m:cnt/m2m:cnt/0/m2m:cnt/0/rn", "c");
    flow_expect_text(got, "m2m:cnt/m2m:cnt/0/m2m:cin/1/con", "22");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':8}");
    flow_expect_absent(got, "m2m:cnt/rn");
    flow_expect_text(got, "m2m:cnt/m2m:cnt/0/rn", "b");
    got = flow_expect(flow, 2000,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':4,"
                      "'fc':{'lvl':1}}");
    flow_expect_text(got, "m2m:cnt/m2m:cnt/0/rn", "b");
    flow_expect_absent(got, "m2m:cnt/m2m:cnt/0/m2m:cnt");
}

/* TS-0004 7.3.3.17.10, .15: a part, and where to go on */
static void in_parts(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'a'}}");
    for (unsigned i = 0; i < 5; i++) {
        (void)flow_create(flow, "Ca", "cse-in/Ca/a", 4, "{'m2m:cin':{'rn':'i%u','con':'x'}}", i);
    }
    struct flow_call *call =
        flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':6,'fc':{'lim':2,'ofst':2}}");
    flow_run_until_idle(flow);
    const struct prim_response *part = flow_response(call);
    assert_int_equal(part->rsc, 2000);
    assert_int_equal(flow_count(part->content, "m2m:rrl/rrf"), 2);
    flow_expect_text(part->content, "m2m:rrl/rrf/0/nm", "i1");
    assert_true(part->has_content_status);
    assert_int_equal(part->content_status, 1);
    assert_int_equal(part->content_offset, 4);
    call = flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':6,'fc':{'lim':2,'ofst':4}}");
    flow_run_until_idle(flow);
    part = flow_response(call);
    assert_int_equal(flow_count(part->content, "m2m:rrl/rrf"), 2);
    flow_expect_text(part->content, "m2m:rrl/rrf/1/nm", "i4");
    assert_int_equal(part->content_offset, 0);
}

/* TS-0004 7.3.3.6 */
static void some_attributes(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got = flow_expect(
        flow, 2000,
        "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','pc':{'m2m:atrl':['rn','lbl','mni','cni']}}");
    assert_int_equal(flow_count(got, "m2m:cnt"), 4);
    flow_expect_text(got, "m2m:cnt/rn", "a");
    flow_expect_number(got, "m2m:cnt/mni", 10);
    flow_expect_number(got, "m2m:cnt/cni", 0);
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a#lbl'}");
    assert_int_equal(flow_count(got, "m2m:cnt"), 1);
    flow_expect_text(got, "m2m:cnt/lbl/0", "x");
    /* an optional one that is not there is left out */
    got = flow_expect(flow, 2000,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','pc':{'m2m:atrl':['rn','mbs']}}");
    assert_int_equal(flow_count(got, "m2m:cnt"), 1);
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a#nosuch'}");
    (void)flow_expect(flow, 4000,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','pc':{'m2m:atrl':['rn','api']}}");
    (void)flow_expect(flow, 4000, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a#lbl'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a'}");
}

static void what_does_not_go(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    static const unsigned refused[] = {0, 2, 3, 9};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':%u}", refused[i]);
    }
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','rcn':10}");
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','sqi':true}");
    (void)flow_expect(flow, 5001,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca','fc':{'fu':1,'smf':['SELECT']}}");
    (void)flow_expect(flow, 5001,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca','fc':{'fu':1,'cfs':1,'cfq':'$'}}");
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'Ca','to':'cse-in/Ca','fc':{'fu':3}}");
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'Ca','to':'cse-in/Ca','rt':{'rtv':5}}");
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'Ca','to':'cse-in/Ca','tkns':['x']}");
}

/* TS-0004 7.3.3.17: usage 2, the filter says whether the target takes part */
static void under_a_condition(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{'lbl':['x']}}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{'lbl':['y']}}");
    (void)flow_expect(flow, 2000,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{'us':'20270101T000000'}}");
    (void)flow_expect(flow, 4004,
                      "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{'ms':'20270101T000000'}}");
    (void)flow_expect(flow, 4004, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a','fc':{'lbl':['y']}}");
    (void)flow_expect(flow, 4004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/a','fc':{'lbl':['y']},"
                      "'pc':{'m2m:cnt':{'mni':1}}}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(attributes_are_the_default),
        FLOW_TEST(references_to_children),
        FLOW_TEST(children_themselves),
        FLOW_TEST(in_parts),
        FLOW_TEST(some_attributes),
        FLOW_TEST(what_does_not_go),
        FLOW_TEST(under_a_condition),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.6", tests, NULL, NULL);
}
