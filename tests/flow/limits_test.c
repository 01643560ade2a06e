/* SPDX-License-Identifier: Apache-2.0
 * What a peer can make grow, through the whole pipeline: each limit answers, and the CSE goes on.
 * Limits: discovery-results, discovery-visits, group-members, subscriptions, notification-targets,
 * notification-timeout-ms, polling-wait-ms, request-timeout-ms, max-expiration-s, path-depth,
 * labels, acp-rules, acp-entries, acpi-entries, registrations, instances-per-container,
 * requests-in-flight. TS-0004 7.3.2.1, 7.3.3.14, 7.5.2. */
#include "flow.h"

static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
}

static void few_results(struct serve_config *config)
{
    config->limits.discovery_results = 3;
}

/* A part of the results, and where to go on: whether a limit of the request or of the CSE. */
static void results(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, few_results);
    plant(flow);
    for (unsigned i = 0; i < 7; i++) {
        (void)flow_create(flow, "Ca", "cse-in/Ca/c", 3, "{'m2m:cnt':{'rn':'d%u'}}", i);
    }
    static const char *const kinds[] = {"'fc':{'fu':1,'ofst':%u}", "'rcn':6,'fc':{'ofst':%u}",
                                        "'rcn':5,'fc':{'ofst':%u}", "'rcn':4,'fc':{'ofst':%u}"};
    static const char *const paths[] = {"m2m:uril", "m2m:rrl/rrf", "m2m:cnt/ch", "m2m:cnt/m2m:cnt"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t seen = 0;
        unsigned offset = 1, turns = 0;
        while (offset != 0) {
            struct bytes members = bytes_str(kinds[i]);
            size_t at = bytes_find(members, '%');
            struct flow_call *call =
                flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c',%.*s%u}}", (int)at,
                          members.ptr, offset);
            flow_run_until_idle(flow);
            const struct prim_response *part = flow_response(call);
            assert_int_equal(part->rsc, 2000);
            size_t count = flow_count(part->content, paths[i]);
            assert_true(count <= 3);
            seen += count;
            assert_int_equal(part->has_content_status, part->content_offset != 0);
            offset = (unsigned)part->content_offset;
            assert_true(++turns < 5);
        }
        assert_int_equal(seen, 7);
    }
}

static void few_visits(struct serve_config *config)
{
    config->limits.discovery_visits = 5;
}

static void visits(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, few_visits);
    plant(flow);
    for (unsigned i = 0; i < 12; i++) {
        (void)flow_create(flow, "Ca", "cse-in/Ca/c", 3, "{'m2m:cnt':{'lbl':['k:%u']}}", i);
    }
    /* no index helps with this condition: it looks at few, and says that it has not seen all */
    struct flow_call *call = flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca',"
                                             "'fc':{'fu':1,'lbq':'nothing'}}");
    flow_run_until_idle(flow);
    const struct prim_response *part = flow_response(call);
    assert_int_equal(part->rsc, 2000);
    assert_int_equal(flow_count(part->content, "m2m:uril"), 0);
    assert_true(part->has_content_status);
}

static void little_of_everything(struct serve_config *config)
{
    struct limits *limits = &config->limits;
    limits->labels = 3;
    limits->acpi_entries = 2;
    limits->acp_rules = 2;
    limits->acp_entries = 3;
    limits->path_depth = 5;
    limits->group_members = 3;
    limits->subscriptions = 2;
    limits->notification_targets = 2;
    limits->registrations = 2; /* the administrator is none of them */
    limits->instances_per_container = 4;
}

static void expect_refused(struct flow *flow, const char *request)
{
    struct flow_call *call = flow_send(flow, "%s", request);
    flow_run_until_idle(flow);
    uint16_t rsc = flow_response(call)->rsc;
    if (rsc < 4000) {
        fail_msg("%s: %u", request, rsc);
    }
}

static void sizes_of_resources(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, little_of_everything);
    plant(flow);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'lbl':['1','2','3']}}");
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,"
                         "'pc':{'m2m:cnt':{'lbl':['1','2','3','4']}}}");
    expect_refused(flow, "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                         "'pc':{'m2m:cnt':{'lbl':['1','2','3','4']}}}");
    const char *rule = "{'acor':['Ca'],'acop':63}";
    (void)flow_create(flow, "CAdmin", "cse-in", 1,
                      "{'m2m:acp':{'rn':'p','pv':{'acr':[%s,%s]},'pvs':{'acr':[%s]}}}", rule, rule,
                      rule);
    expect_refused(flow, "{'op':1,'fr':'CAdmin','to':'cse-in','ty':1,'pc':{'m2m:acp':{"
                         "'pv':{'acr':[{'acor':['Ca'],'acop':1},{'acor':['Ca'],'acop':2},"
                         "{'acor':['Ca'],'acop':4}]},'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}}}");
    expect_refused(flow, "{'op':1,'fr':'CAdmin','to':'cse-in','ty':1,'pc':{'m2m:acp':{"
                         "'pv':{'acr':[{'acor':['Ca','Cb','Cc','Cd'],'acop':1}]},"
                         "'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}}}");
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,"
                         "'pc':{'m2m:cnt':{'acpi':['cse-in/p','cse-in/p','cse-in/p']}}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 3, "{'m2m:cnt':{'rn':'d'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/c/d", 3, "{'m2m:cnt':{'rn':'e'}}");
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca/c/d/e','ty':3,"
                         "'pc':{'m2m:cnt':{'rn':'f'}}}");
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':9,'pc':{'m2m:grp':{"
                         "'mt':0,'mnm':9,'mid':['cse-in','cse-in/Ca','cse-in/Ca/c','Ca/c/d']}}}");
    flow_register(flow, "Cb");
    expect_refused(flow, "{'op':1,'fr':'Cc','to':'cse-in','ty':2,"
                         "'pc':{'m2m:ae':{'api':'Nx','rr':false,'srv':['3']}}}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
}

static void numbers_of_subscriptions(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, little_of_everything);
    plant(flow);
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,'pc':{'m2m:sub':{"
                         "'nu':['http://1/','http://2/','http://3/']}}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23, "{'m2m:sub':{'nu':['http://1/']}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23, "{'m2m:sub':{'nu':['http://2/']}}");
    expect_refused(flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,'pc':{'m2m:sub':{"
                         "'nu':['http://3/']}}}");
}

static void instances(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, little_of_everything);
    plant(flow);
    for (unsigned i = 0; i < 9; i++) {
        (void)flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'con':'%u'}}", i);
    }
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    assert_true(flow_number(got, "m2m:cnt/cni") <= 4);
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    flow_expect_text(got, "m2m:cin/con", "8");
}

static void short_times(struct serve_config *config)
{
    config->limits.max_expiration_s = 3600;
    config->limits.polling_wait_ms = 20000;
    config->limits.request_timeout_ms = 7000;
    config->limits.notification_timeout_ms = 3000;
}

static void times(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, short_times);
    plant(flow);
    const struct wire_value *made =
        flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'et':'20990101T000000'}}");
    assert_true(bytes_compare(bytes_str(flow_text(made, "et")),
                              bytes_str(flow_time(flow, 3600 * SECONDS))) <= 0);
    /* a poll without an end of its own */
    (void)flow_create(flow, "Ca", "cse-in/Ca", 15, "{'m2m:pch':{'rn':'pch'}}");
    struct flow_call *poll = flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca/pch/pcu'}");
    flow_advance(flow, 19 * SECONDS);
    assert_false(flow_is_answered(poll));
    flow_advance(flow, 2 * SECONDS);
    assert_int_equal(flow_response(poll)->rsc, 4008);
    /* an AE that does not answer */
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    flow_be_silent(host);
    struct flow_call *note =
        flow_send(flow, "{'op':5,'fr':'Cb','to':'Cb','pc':{'m2m:sgn':{'sur':'x'}}}");
    flow_advance(flow, 8 * SECONDS);
    assert_true(flow_is_answered(note));
    assert_true(flow_response(note)->rsc >= 4000);
}

static void patient_notifications(struct serve_config *config)
{
    config->limits.request_timeout_ms = 7000;
    config->limits.notification_timeout_ms = 60000;
}

static void a_request_ends_in_time(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, patient_notifications);
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    flow_be_silent(host);
    const char *request = "{'op':5,'fr':'Cb','to':'Cb','pc':{'m2m:sgn':{'sur':'x'}}}";
    struct flow_call *note = flow_send(flow, "%s", request);
    flow_advance(flow, 8 * SECONDS);
    assert_true(flow_is_answered(note));
    assert_true(flow_response(note)->rsc >= 4000);
}

static void one_request(struct serve_config *config)
{
    config->limits.requests_in_flight = 2;
}

static void requests_at_once(void **state)
{
    struct flow *flow = *state;
    flow_restart_with(flow, one_request);
    plant(flow);
    struct flow_call *calls[5];
    unsigned served = 0;
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        calls[i] = flow_send(flow, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    }
    flow_run_until_idle(flow);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        uint16_t rsc = flow_response(calls[i])->rsc;
        assert_true(rsc == 2000 || rsc == 5000);
        served += rsc == 2000;
    }
    assert_true(served >= 2 && served < ARRAY_LEN(calls));
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(results),
        FLOW_TEST(visits),
        FLOW_TEST(sizes_of_resources),
        FLOW_TEST(numbers_of_subscriptions),
        FLOW_TEST(instances),
        FLOW_TEST(a_request_ends_in_time),
        FLOW_TEST(times),
        FLOW_TEST(requests_at_once),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
