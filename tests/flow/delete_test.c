/* SPDX-License-Identifier: Apache-2.0
 * DELETE and what expires. TS-0004 7.3.3.8, 7.3.3.5; TS-0001 9.6.1.3.2. */
#include "flow.h"

static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'a'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a", 3, "{'m2m:cnt':{'rn':'b'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 4, "{'m2m:cin':{'rn':'i','con':'1'}}");
}

static void with_everything_below(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    assert_null(flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a'}"));
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b/i'}");
    (void)flow_expect(flow, 4004, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca'}");
}

static void what_was_deleted_is_shown(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got =
        flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a/b','rcn':4}");
    flow_expect_text(got, "m2m:cnt/rn", "b");
    flow_expect_text(got, "m2m:cnt/m2m:cin/0/con", "1");
    got = flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a','rcn':1}");
    flow_expect_text(got, "m2m:cnt/rn", "a");
    static const unsigned refused[] = {2, 3, 7, 9, 10};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        (void)flow_expect(flow, 4000, "{'op':4,'fr':'Ca','to':'cse-in/Ca','rcn':%u}", refused[i]);
    }
    (void)flow_expect(flow, 4000, "{'op':4,'fr':'Ca','to':'cse-in/Ca','pc':{'m2m:ae':{}}}");
}

static void the_parent_counts(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a/b/i'}");
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b'}");
    flow_expect_number(got, "m2m:cnt/cni", 0);
    flow_expect_number(got, "m2m:cnt/cbs", 0);
}

static void time_deletes(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'short','et':'%s'}}",
                      flow_time(flow, 60 * SECONDS));
    (void)flow_create(flow, "Ca", "cse-in/Ca/short", 4, "{'m2m:cin':{'con':'x'}}");
    flow_advance(flow, 59 * SECONDS);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short/la'}");
    flow_advance(flow, 2 * SECONDS);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short/la'}");
    /* the name is free again */
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'short'}}");
}

static void instances_expire_and_are_counted(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 4, "{'m2m:cin':{'con':'22','et':'%s'}}",
                      flow_time(flow, 30 * SECONDS));
    flow_advance(flow, 40 * SECONDS);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b'}");
    flow_expect_number(got, "m2m:cnt/cni", 1);
    flow_expect_number(got, "m2m:cnt/cbs", 1);
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b/la'}");
    flow_expect_text(got, "m2m:cin/con", "1");
}

/* Between its last instant and its removal nothing can be seen of a resource. */
static void expired_means_gone(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const char *et = "20260101T120030,3"; /* the next removal is at a full second */
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'short','et':'%s'}}", et);
    (void)flow_create(flow, "Ca", "cse-in/Ca/short", 4, "{'m2m:cin':{'rn':'j','con':'x'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a/b", 4, "{'m2m:cin':{'con':'22','et':'%s'}}", et);
    flow_advance(flow, 30 * SECONDS + SECONDS / 2);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short/la'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short/j'}");
    (void)flow_expect(flow, 4004,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/short','ty':4,"
                      "'pc':{'m2m:cin':{'con':'y'}}}");
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a/b/la'}");
    flow_expect_text(got, "m2m:cin/con", "1");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca','rcn':6}");
    assert_int_equal(flow_count(got, "m2m:rrl/rrf"), 3); /* a, b, i */
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca','fc':{'fu':1}}");
    assert_int_equal(flow_count(got, "m2m:uril"), 3);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'short'}}");
}

/* What expired while nobody was there is gone when the CSE is back. */
static void time_passes_while_stopped(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'short','et':'%s'}}",
                      flow_time(flow, 300 * SECONDS));
    flow_restart(flow);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short'}");
    flow_advance(flow, 400 * SECONDS);
    flow_restart(flow);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/short'}");
}

static void an_expired_registration_cannot_speak(void **state)
{
    struct flow *flow = *state;
    (void)flow_create(flow, "Cshort", "cse-in", 2,
                      "{'m2m:ae':{'rn':'s','api':'Nflow','rr':false,'srv':['3'],'et':'%s'}}",
                      flow_time(flow, 60 * SECONDS));
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Cshort','to':'Cshort'}");
    flow_advance(flow, 61 * SECONDS);
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Cshort','to':'Cshort'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(with_everything_below),
        FLOW_TEST(what_was_deleted_is_shown),
        FLOW_TEST(the_parent_counts),
        FLOW_TEST(time_deletes),
        FLOW_TEST(instances_expire_and_are_counted),
        FLOW_TEST(expired_means_gone),
        FLOW_TEST(time_passes_while_stopped),
        FLOW_TEST(an_expired_registration_cannot_speak),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.8", tests, NULL, NULL);
}
