/* SPDX-License-Identifier: Apache-2.0
 * Non-blocking requests and their <request> resources. TS-0004 7.3.2.2 to 7.3.2.5, 7.4.12,
 * 7.5.1.2.5. */
#include "flow.h"

#define READ "{'op':2,'fr':'Cown','to':'cse-in/Cown/c','rqi':'r1','rt':{'rtv':%d%s}%s}"

static struct flow *prepare(void **state)
{
    struct flow *flow = *state;
    flow_register_at(flow, "Cown", "http://host/");
    flow_register(flow, "Cother");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c'}}");
    return flow;
}

static const char *accepted(struct flow *flow, uint16_t rsc, int type, const char *targets,
                            const char *more)
{
    return flow_text(flow_expect(flow, rsc, READ, type, targets, more), "m2m:uri");
}

static const struct wire_value *look(struct flow *flow, const char *address)
{
    return wire_only_member(flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'%s'}", address));
}

/* TS-0004 7.3.2.2, 7.3.2.3, 7.3.2.5, 7.4.12: the acknowledgement refers to a resource that says
 * what was asked and, later, what came of it */
static void a_synchronous_result_can_be_fetched(void **state)
{
    struct flow *flow = prepare(state);
    const char *address = accepted(flow, 1001, 1, "", ",'rcn':1");
    flow_run_until_idle(flow);
    const struct wire_value *request = look(flow, address);
    flow_expect_number(request, "op", 2);
    flow_expect_text(request, "tg", "cse-in/Cown/c");
    flow_expect_text(request, "org", "Cown");
    flow_expect_text(request, "rid", "r1");
    flow_expect_text(request, "lbl/0", "Cown");
    flow_expect_number(request, "mi/rt/rtv", 1);
    flow_expect_number(request, "mi/rcn", 1);
    flow_expect_absent(request, "mi/to");
    flow_expect_number(request, "rs", 1);
    flow_expect_number(request, "ors/rsc", 2000);
    flow_expect_text(request, "ors/rqi", "r1");
    flow_expect_text(request, "ors/pc/m2m:cnt/rn", "c");
}

/* TS-0004 7.3.2.5 */
static void changes_and_failures_are_recorded(void **state)
{
    struct flow *flow = prepare(state);
    const struct wire_value *content =
        flow_expect(flow, 1001,
                    "{'op':1,'fr':'Cown','to':'cse-in/Cown/c','ty':4,'rt':{'rtv':1},"
                    "'pc':{'m2m:cin':{'con':'5'}}}");
    flow_run_until_idle(flow);
    const struct wire_value *request = look(flow, flow_text(content, "m2m:uri"));
    flow_expect_number(request, "ors/rsc", 2001);
    flow_expect_text(request, "pc/m2m:cin/con", "5");
    content = flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/la'}");
    flow_expect_text(content, "m2m:cin/con", "5");
    content = flow_expect(flow, 1001, "{'op':2,'fr':'Cother','to':'cse-in/Cown/c','rt':{'rtv':1}}");
    flow_run_until_idle(flow);
    const struct wire_value *refused = wire_only_member(
        flow_expect(flow, 2000, "{'op':2,'fr':'Cother','to':'%s'}", flow_text(content, "m2m:uri")));
    flow_expect_number(refused, "rs", 2);
    flow_expect_number(refused, "ors/rsc", 4103);
}

/* TS-0004 7.3.2.2: for its originator alone */
static void nobody_else_sees_a_request(void **state)
{
    struct flow *flow = prepare(state);
    const char *address = accepted(flow, 1001, 1, "", "");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cother','to':'%s'}", address);
    (void)flow_expect(flow, 4103, "{'op':4,'fr':'Cother','to':'%s'}", address);
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'CAdmin','to':'%s'}", address);
}

/* TS-0004 7.3.2.3, 7.5.1.2.5: to the originator, to nobody, or to whom it names */
static void an_asynchronous_result_is_sent(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    struct flow_endpoint *there = flow_listen(flow, "http://there/");
    const char *address = accepted(flow, 1002, 2, "", "");
    flow_run_until_idle(flow);
    const struct wire_value *sent = flow_take(host); /* its originator */
    flow_expect_number(sent, "op", 5);
    flow_expect_text(sent, "fr", "/id-in");
    flow_expect_text(sent, "to", "Cown");
    flow_expect_number(sent, "pc/m2m:rsp/rsc", 2000);
    flow_expect_text(sent, "pc/m2m:rsp/rqi", "r1");
    flow_expect_text(sent, "pc/m2m:rsp/pc/m2m:cnt/rn", "c");
    flow_expect_number(look(flow, address), "rs", 1);
    (void)accepted(flow, 1002, 2, ",'nu':[]", "");
    (void)accepted(flow, 1002, 2, ",'nu':['http://there/x','http://there/y']", "");
    flow_run_until_idle(flow);
    flow_expect_quiet(host);
    assert_int_equal(flow_received(there), 2);
    (void)flow_expect(flow, 4000, READ, 2, ",'nu':['http://x/?ct=yaml']", "");
}

static void a_result_is_sent_until_it_arrives(void **state)
{
    struct flow *flow = prepare(state);
    struct flow_endpoint *host = flow_listen(flow, "http://host/");
    flow_be_unreachable(host);
    (void)accepted(flow, 1002, 2, "", "");
    flow_run_until_idle(flow);
    flow_restart(flow);
    flow_answer(host, 2000, NULL);
    flow_advance(flow, 5 * SECONDS);
    (void)flow_take(host);
}

static void flexible_is_blocking_here(void **state)
{
    struct flow *flow = prepare(state);
    const struct wire_value *content = flow_expect(flow, 2000, READ, 4, "", "");
    flow_expect_text(content, "m2m:cnt/rn", "c");
    (void)flow_expect(flow, 5001, READ, 5, "", "");
}

/* TS-0004 7.4.12.2 */
static void a_request_is_only_used_blocking(void **state)
{
    struct flow *flow = prepare(state);
    const char *address = accepted(flow, 1001, 1, "", "");
    flow_run_until_idle(flow);
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Cown','to':'%s','rt':{'rtv':1}}", address);
    (void)flow_expect(flow, 4000, "{'op':4,'fr':'Cown','to':'%s','rt':{'rtv':2}}", address);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'%s','rt':{'rtv':4}}", address);
    (void)flow_expect(flow, 4005,
                      "{'op':1,'fr':'CAdmin','to':'cse-in','ty':17,'pc':{'m2m:req':{}}}");
}

/* 7.4.12.2.4 */
static void what_is_under_way_cannot_be_recalled(void **state)
{
    struct flow *flow = prepare(state);
    const char *later = flow_time(flow, 60 * SECONDS);
    const struct wire_value *content = flow_expect(
        flow, 1001, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c','rt':{'rtv':1},'oet':'%s'}", later);
    const char *address = flow_text(content, "m2m:uri");
    flow_run_until_idle(flow);
    flow_expect_number(look(flow, address), "rs", 3);
    flow_expect_number(look(flow, address), "ors/rsc", 1000);
    (void)flow_expect(flow, 5220, "{'op':4,'fr':'Cown','to':'%s'}", address);
    flow_advance(flow, 61 * SECONDS);
    flow_expect_number(look(flow, address), "rs", 1);
    const char *policy = flow_text(look(flow, address), "acpi/0");
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cown','to':'%s'}", address);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'CAdmin','to':'%s'}", policy);
}

static void results_are_kept_as_long_as_asked(void **state)
{
    struct flow *flow = prepare(state);
    const char *address = accepted(flow, 1001, 1, "", ",'rp':'600000'");
    flow_advance(flow, 10 * MINUTES);
    (void)look(flow, address);
    flow_advance(flow, MINUTES);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Cown','to':'%s'}", address);
    (void)flow_expect(flow, 4000, READ, 1, "", ",'rp':'99990101T000000'");
}

static void few(struct serve_config *config)
{
    config->limits.request_resources = 2;
}

static void there_are_only_so_many(void **state)
{
    flow_restart_with(*state, few);
    struct flow *flow = prepare(state);
    (void)accepted(flow, 1001, 1, "", "");
    const char *second = accepted(flow, 1001, 1, "", "");
    (void)flow_expect(flow, 5000, READ, 1, "", "");
    flow_run_until_idle(flow);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cown','to':'%s'}", second);
    (void)accepted(flow, 1001, 1, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(a_synchronous_result_can_be_fetched),
        FLOW_TEST(changes_and_failures_are_recorded),
        FLOW_TEST(nobody_else_sees_a_request),
        FLOW_TEST(an_asynchronous_result_is_sent),
        FLOW_TEST(a_result_is_sent_until_it_arrives),
        FLOW_TEST(flexible_is_blocking_here),
        FLOW_TEST(a_request_is_only_used_blocking),
        FLOW_TEST(what_is_under_way_cannot_be_recalled),
        FLOW_TEST(results_are_kept_as_long_as_asked),
        FLOW_TEST(there_are_only_so_many),
    };
    return cmocka_run_group_tests_name("effects_request", tests, NULL, NULL);
}
