/* SPDX-License-Identifier: Apache-2.0
 * Who hosts the target, and what an IN-CSE without registrees says to what another CSE hosts; a
 * group request that comes twice. TS-0004 7.3.2.6, 7.3.2.8, 7.3.3.2; TS-0001 8.2.1. */
#include "flow.h"

static struct flow *plant(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c','lbl':['here']}}");
    return flow;
}

/* TS-0004 7.3.2.8 */
static void ours_in_every_form(void **state)
{
    struct flow *flow = plant(state);
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    const char *ri = flow_text(got, "m2m:cnt/ri");
    static const char *const prefixes[] = {"", "/id-in/", "//antipolis.example/id-in/"};
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%scse-in/Ca/c'}", prefixes[i]);
        flow_expect_text(got, "m2m:cnt/lbl/0", "here");
        got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s%s'}", prefixes[i], ri);
        flow_expect_text(got, "m2m:cnt/lbl/0", "here");
        got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s-/Ca/c'}", prefixes[i]);
        flow_expect_text(got, "m2m:cnt/lbl/0", "here");
    }
}

/* TS-0004 7.3.2.6, 7.3.2.8: another CSE-ID, or another SP-ID, makes this a transit CSE, even if the
 * rest of the address names a resource here. No registree hosts it, so an IN-CSE answers 4004. */
static void others_are_not_found(void **state)
{
    struct flow *flow = plant(state);
    static const char *const foreign[] = {
        "/mn1/cse-in/Ca/c",
        "/mn1/Ca",
        "/mn1",
        "/ID-IN/cse-in/Ca/c",
        "//antipolis.example/mn1/cse-in/Ca/c",
        "//other.example/id-in/cse-in/Ca/c",
        "//other.example/id-in/Ca",
    };
    for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
        (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'%s'}", foreign[i]);
        (void)flow_expect(flow, 4004, "{'op':4,'fr':'Ca','to':'%s'}", foreign[i]);
        (void)flow_expect(flow, 4004, "{'op':3,'fr':'Ca','to':'%s','pc':{'m2m:cnt':{'lbl':['x']}}}",
                          foreign[i]);
        (void)flow_expect(flow, 4004,
                          "{'op':1,'fr':'Ca','to':'%s','ty':3,'pc':{'m2m:cnt':{'rn':'d'}}}",
                          foreign[i]);
        (void)flow_expect(flow, 4004, "{'op':5,'fr':'Ca','to':'%s','pc':{'m2m:sgn':{'sur':'x'}}}",
                          foreign[i]);
    }
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c','rcn':5}");
    flow_expect_text(got, "m2m:cnt/lbl/0", "here");
    assert_int_equal(flow_count(got, "m2m:cnt/lbl"), 1);
}

/* TS-0004 7.3.2.8: a registration is for the receiver itself */
static void nobody_registers_through_us(void **state)
{
    struct flow *flow = plant(state);
    static const char *const foreign[] = {"/mn1/cse-mn", "//other.example/id-in/cse-in"};
    for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
        (void)flow_expect(flow, 4000,
                          "{'op':1,'fr':'Cnew','to':'%s','ty':2,'pc':{'m2m:ae':"
                          "{'api':'Nflow','rr':false,'srv':['3']}}}",
                          foreign[i]);
        (void)flow_expect(flow, 4000,
                          "{'op':1,'fr':'Ca','to':'%s','ty':16,'pc':{'m2m:csr':{'csi':'/mn2'}}}",
                          foreign[i]);
    }
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'CAdmin','to':'Cnew'}");
}

/* TS-0004 7.3.2.6: what comes too late is not sent on, and the reason is told */
static void late_requests_are_not_sent_on(void **state)
{
    struct flow *flow = plant(state);
    static const char *const times[] = {"rqet", "rset"};
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        (void)flow_expect(
            flow, 4008, "{'op':2,'fr':'Ca','to':'/mn1/cse-mn/x','%s':'20250101T000000'}", times[i]);
    }
}

/* TS-0004 7.3.3.2: the same group request identifier to the same target, within its time */
static void group_requests_come_once(void **state)
{
    struct flow *flow = plant(state);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c','gid':'g1'}");
    (void)flow_expect(flow, 4104, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c','gid':'g1'}");
    (void)flow_expect(flow, 4104, "{'op':2,'fr':'Ca','to':'/id-in/-/Ca/c','gid':'g1'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c','gid':'g2'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca','gid':'g1'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/none','gid':'g1'}");
    (void)flow_expect(flow, 4104, /* and it is not done a second time */
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','gid':'g2',"
                      "'pc':{'m2m:cnt':{'lbl':['twice']}}}");
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_expect_text(got, "m2m:cnt/lbl/0", "here");
    flow_advance(flow, 5 * MINUTES); /* twice the longest that a request may take */
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c','gid':'g1'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(ours_in_every_form),          FLOW_TEST(others_are_not_found),
        FLOW_TEST(nobody_registers_through_us), FLOW_TEST(late_requests_are_not_sent_on),
        FLOW_TEST(group_requests_come_once),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.2.8", tests, NULL, NULL);
}
