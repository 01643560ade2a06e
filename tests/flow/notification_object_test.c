/* SPDX-License-Identifier: Apache-2.0
 * What a NOTIFY carries: one of four notification data objects, of its type. TS-0004 7.5.1.1. */
#include "flow.h"

#define NOTIFY(content) "{'op':5,'fr':'Cb','to':'Cb','pc':" content "}"

/* TS-0004 7.5.1.1, Table 7.5.1.1-2 */
static void objects_that_a_notify_may_carry(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    static const struct {
        const char *request, *member;
    } rows[] = {
        {NOTIFY("{'m2m:sgn':{'sur':'/id-in/sub1'}}"), "pc/m2m:sgn/sur"},
        {NOTIFY("{'m2m:agn':{'sgn':[{'sur':'/id-in/sub1'}]}}"), "pc/m2m:agn/sgn/0/sur"},
        {NOTIFY("{'m2m:rsp':{'rsc':2000,'rqi':'q'}}"), "pc/m2m:rsp/rqi"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)flow_expect(flow, 2000, "%s", rows[i].request);
        assert_non_null(flow_find(flow_take(host), rows[i].member));
    }
}

static void others_are_refused(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    static const char *const bad[] = {
        "{'op':5,'fr':'Cb','to':'Cb'}",
        NOTIFY("{'m2m:cnt':{}}"),
        NOTIFY("{'m2m:rqp':{'op':2,'to':'x','fr':'y','rqi':'z'}}"),
        NOTIFY("{'m2m:uril':['x']}"),
        NOTIFY("{'nosuch':{}}"),
        NOTIFY("{'m2m:sgn':{'sur':5}}"),
        NOTIFY("{'m2m:sgn':{'nosuch':1}}"),
        NOTIFY("{'m2m:sgn':[]}"),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call = flow_send(flow, "%s", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
    flow_expect_quiet(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(objects_that_a_notify_may_carry),
        FLOW_TEST(others_are_refused),
    };
    return cmocka_run_group_tests_name("TS-0004 7.5.1.1", tests, NULL, NULL);
}
