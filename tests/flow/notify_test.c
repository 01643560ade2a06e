/* SPDX-License-Identifier: Apache-2.0
 * NOTIFY to an AE: privilege, points of access, what comes back; and to what takes none. TS-0004
 * 7.3.3.9, 7.4.5.2.5; TS-0001 9.3.2. */
#include "flow.h"

#define NOTE "'pc':{'m2m:sgn':{'vrq':false,'sur':'x'}}"

/* TS-0001 9.3.2: the CSE finds the AE by its identifier and goes where it listens */
static void to_the_points_of_access(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/app");
    (void)flow_expect(flow, 2000, "{'op':5,'fr':'Cb','to':'Cb'," NOTE "}");
    const struct wire_value *got = flow_take(host);
    flow_expect_number(got, "op", 5);
    flow_expect_text(got, "fr", "Cb");
    assert_non_null(flow_find(got, "pc/m2m:sgn"));
    assert_string_equal(flow_taken_url(host), "http://b/app");
    flow_expect_quiet(host);
    /* what the AE says goes back as it is */
    flow_answer(host, 4103, "{'m2m:dbg':'no'}");
    const struct wire_value *answer =
        flow_expect(flow, 4103, "{'op':5,'fr':'Cb','to':'cse-in/Cb'," NOTE "}");
    flow_expect_text(answer, "m2m:dbg", "no");
}

static void one_after_the_other(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *first = flow_listen(flow, "http://one/");
    struct flow_endpoint *second = flow_listen(flow, "http://two/");
    flow_be_unreachable(first);
    (void)flow_create(flow, "Cb", "cse-in", 2,
                      "{'m2m:ae':{'rn':'Cb','api':'Nflow','rr':true,'srv':['3'],"
                      "'poa':['http://one/','http://two/']}}");
    (void)flow_expect(flow, 2000, "{'op':5,'fr':'Cb','to':'Cb'," NOTE "}");
    assert_int_equal(flow_received(second), 1);
    flow_be_unreachable(second);
    (void)flow_expect(flow, 5103, "{'op':5,'fr':'Cb','to':'Cb'," NOTE "}");
}

/* TS-0004 7.3.3.9 */
static void by_privilege_only(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    flow_register(flow, "Ca");
    (void)flow_expect(flow, 4103, "{'op':5,'fr':'Ca','to':'Cb'," NOTE "}");
    flow_expect_quiet(host);
    const char *ri = flow_policy(flow, "p", "'Ca'", 16);
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Cb','to':'Cb','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      ri);
    (void)flow_expect(flow, 2000, "{'op':5,'fr':'Ca','to':'Cb'," NOTE "}");
    assert_int_equal(flow_received(host), 1);
}

/* TS-0004 7.3.3.9: and what takes no NOTIFY */
static void where_nobody_listens(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_expect(flow, 5103, "{'op':5,'fr':'Ca','to':'Ca'," NOTE "}");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_expect(flow, 4005, "{'op':5,'fr':'Ca','to':'cse-in/Ca/c'," NOTE "}");
    (void)flow_expect(flow, 4004, "{'op':5,'fr':'Ca','to':'cse-in/Ca/x'," NOTE "}");
}

static void a_host_that_never_answers(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    flow_be_silent(host);
    struct flow_call *call = flow_send(flow, "{'op':5,'fr':'Cb','to':'Cb'," NOTE "}");
    flow_run_until_idle(flow);
    assert_false(flow_is_answered(call));
    flow_advance(flow, 2 * MINUTES);
    assert_true(flow_is_answered(call));
    assert_true(flow_response(call)->rsc == 5103 || flow_response(call)->rsc == 4008);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(to_the_points_of_access),   FLOW_TEST(one_after_the_other),
        FLOW_TEST(by_privilege_only),         FLOW_TEST(where_nobody_listens),
        FLOW_TEST(a_host_that_never_answers),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.9", tests, NULL, NULL);
}
