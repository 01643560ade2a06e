/* SPDX-License-Identifier: Apache-2.0
 * What every answer carries, and what it does not tell. TS-0004 6.4.2, 7.2.1.2, 7.3.3.12, 7.3.3.13.
 */
#include "flow.h"

static const struct prim_response *answer_to(struct flow *flow, const char *request)
{
    struct flow_call *call = flow_send(flow, "%s", request);
    flow_run_until_idle(flow);
    return flow_response(call);
}

/* TS-0004 Table 7.2.1.2-1: always; on success of RETRIEVE; never with the others */
static void parameters_of_answers(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    static const struct {
        const char *request;
        uint16_t rsc;
        bool has_content;
    } rows[] = {
        {"{'op':1,'fr':'Ca','to':'Ca','ty':3,'rqi':'q','pc':{'m2m:cnt':{'rn':'c'}}}", 2001, true},
        {"{'op':2,'fr':'Ca','to':'cse-in/Ca/c','rqi':'q'}", 2000, true},
        {"{'op':3,'fr':'Ca','to':'cse-in/Ca/c','rqi':'q','pc':{'m2m:cnt':{'mni':1}}}", 2004, true},
        {"{'op':4,'fr':'Ca','to':'cse-in/Ca/c','rqi':'q'}", 2002, false},
        {"{'op':2,'fr':'Ca','to':'cse-in/Ca/c','rqi':'q'}", 4004, true},
        {"{'op':2,'fr':'Cx','to':'cse-in/Ca','rqi':'q'}", 4106, true},
        {"{'op':5,'fr':'CAdmin','to':'/id-in','rqi':'q','pc':{'m2m:sgn':{'sur':'x'}}}", 2000,
         false},
        {"{'op':2,'fr':'Ca','to':'Ca','rqi':'q','rt':{'rtv':1}}", 1001, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct prim_response *r = answer_to(flow, rows[i].request);
        assert_int_equal(r->rsc, rows[i].rsc);
        assert_true(bytes_is(r->request_identifier, "q"));
        assert_true(bytes_is(r->release_version, "3"));
        assert_int_equal(r->content != NULL, rows[i].has_content);
        assert_false(r->has_content_status);
        assert_int_equal(r->content_offset, 0);
        assert_false(r->target_removal_request);
    }
}

/* TS-0004 7.3.3.12 */
static void the_result_expires_as_asked(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    const struct prim_response *r =
        answer_to(flow, "{'op':2,'fr':'Ca','to':'Ca','rset':'20300101T000000'}");
    assert_int_equal(r->rsc, 2000);
    assert_true(bytes_is(r->result_expiration, "20300101T000000"));
    r = answer_to(flow, "{'op':2,'fr':'Ca','to':'Ca'}");
    assert_null(r->result_expiration.ptr);
}

/* TS-0004 7.3.3.13. Product rule 7: a short true reason, no file, no line, no name of a policy. */
static void errors_do_not_tell_too_much(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    flow_register(flow, "Cb");
    (void)flow_policy(flow, "secret-policy", "'Cz'", 63);
    static const char *const requests[] = {
        "{'op':2,'fr':'Cb','to':'cse-in/Ca'}",
        "{'op':2,'fr':'Cb','to':'cse-in/secret-policy'}",
        "{'op':2,'fr':'Cx','to':'cse-in/Ca'}",
        "{'op':2,'fr':'/mn1','to':'cse-in/Ca'}",
        "{'op':2,'fr':'Cb','to':'cse-in/nothing'}",
        "{'op':1,'fr':'Ca','to':'Ca','ty':3,'pc':{'m2m:cnt':{'nosuch':1}}}",
        "{'op':2,'fr':'Ca','to':'Ca','rcn':9}",
    };
    static const char *const secrets[] = {".c:", "src/", "secret-policy", "Cz", "CAdmin", "acp"};
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        const struct prim_response *r = answer_to(flow, requests[i]);
        assert_true(r->rsc >= 4000);
        const char *text = flow_text(r->content, "m2m:dbg");
        for (size_t j = 0; j < ARRAY_LEN(secrets); j++) {
            if (bytes_contains(bytes_str(text), bytes_str(secrets[j]))) {
                fail_msg("%s answers %s", requests[i], text);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(parameters_of_answers),
        FLOW_TEST(the_result_expires_as_asked),
        FLOW_TEST(errors_do_not_tell_too_much),
    };
    return cmocka_run_group_tests_name("TS-0004 7.2.1.2", tests, NULL, NULL);
}
