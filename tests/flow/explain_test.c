/* SPDX-License-Identifier: Apache-2.0
 * What explain says is what happens: for every originator, operation, resource, address and time of
 * a small world the explained verdict is the pipeline's. TS-0003 7.1.3, 7.1.5. */
#include "flow.h"

static const char *const originators[] = {"Ca", "Cb", "Cc", "Sd", "CAdmin"};
static const char *const resources[] = {
    "cse-in",           "cse-in/Ca",          "cse-in/Ca/own",          "cse-in/Ca/own/la",
    "cse-in/Ca/shared", "cse-in/Ca/shared/i", "cse-in/Ca/shared/below", "cse-in/Ca/window",
    "cse-in/Ca/place",  "cse-in/Ca/group",    "cse-in/Ca/none",         "cse-in/p1",
    "cse-in/Cb"};
/* Requests that are refused for another reason once they are permitted, so that nothing changes. */
static const struct {
    uint32_t bit;
    const char *request;
} operations[] = {
    {TYPE_OP_CREATE, "'op':1,'ty':3,'pc':{'m2m:cnt':{'nosuch':1}}"},
    {TYPE_OP_RETRIEVE, "'op':2"},
    {TYPE_OP_UPDATE, "'op':3,'pc':{'m2m:cnt':{'nosuch':1}}"},
    {TYPE_OP_DELETE, "'op':4,'fc':{'lbl':['no label like this']}"},
};

static void container(struct flow *flow, const char *name, const char *policy)
{
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'%s'%s%s%s}}", name,
                      policy == NULL ? "" : ",'acpi':['", policy == NULL ? "" : policy,
                      policy == NULL ? "" : "']");
}

static void policy(struct flow *flow, const char *name, const char *rules)
{
    (void)flow_create(flow, "CAdmin", "cse-in", 1,
                      "{'m2m:acp':{'rn':'%s','pv':{'acr':[%s]},"
                      "'pvs':{'acr':[{'acor':['CAdmin'],'acop':63},{'acor':['Cb'],'acop':2}]}}}",
                      name, rules);
}

static void plant(struct flow *flow)
{
    for (size_t i = 0; i < 4; i++) {
        flow_register(flow, originators[i]);
    }
    container(flow, "own", NULL);
    (void)flow_create(flow, "Ca", "cse-in/Ca/own", 4, "{'m2m:cin':{'con':'x'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 9,
                      "{'m2m:grp':{'rn':'g','mt':0,'mnm':4,'mid':['Cc','Sd']}}");
    policy(flow, "p1",
           "{'acor':['Ca'],'acop':63},{'acor':['C*'],'acop':2},{'acor':['/Sd'],'acop':12}");
    policy(flow, "p2", "{'acor':['all'],'acop':2,'acco':[{'actw':['* * 13 * * * *']}]}");
    policy(flow, "p3", "{'acor':['Cb','Cc'],'acop':7,'acco':[{'acip':{'ipv4':['10.0.0.0/8']}}]}");
    policy(flow, "p4", "{'acor':['cse-in/Ca/g'],'acop':63}");
    policy(flow, "p5",
           "{'acor':['all'],'acop':63,'acaf':true},"
           "{'acor':['//antipolis.example'],'acop':1,'acod':[{'chty':[4]}]}");
    container(flow, "shared", "cse-in/p1");
    (void)flow_create(flow, "Ca", "cse-in/Ca/shared", 4, "{'m2m:cin':{'rn':'i','con':'x'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/shared", 3, "{'m2m:cnt':{'rn':'below'}}");
    container(flow, "window", "cse-in/p2");
    container(flow, "place", "cse-in/p3");
    container(flow, "group", "cse-in/p4");
    container(flow, "none", "cse-in/p5");
}

static bool is_explained_as_permitted(struct flow *flow, const struct serve_question *question)
{
    struct arena *arena = arena_new(1 << 20);
    struct wire_value *explanation = NULL;
    status explained = serve_explain(flow_worker(flow), question, arena, &explanation);
    assert_true(is_ok(explained));
    const char *verdict = flow_text(explanation, "verdict");
    assert_non_null(flow_find(explanation, "stage"));
    arena_free(arena);
    return bytes_is(bytes_str(verdict), "permit");
}

static unsigned permitted, denied; /* both must have been seen */

static void compare(struct flow *flow, const char *originator, const char *to)
{
    const struct prim_peer *peer = flow_peer(flow);
    for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
        const struct serve_question question = {.originator = bytes_str(originator),
                                                .to = bytes_str(to),
                                                .operation = operations[i].bit,
                                                .child_type = 3,
                                                .has_address = peer->has_address,
                                                .address = peer->address};
        struct flow_call *call =
            flow_send(flow, "{'fr':'%s','to':'%s',%s}", originator, to, operations[i].request);
        flow_run_until_idle(flow);
        uint16_t rsc = flow_response(call)->rsc;
        if (rsc == 4005) {
            continue; /* refused before anybody decided */
        }
        bool explained = is_explained_as_permitted(flow, &question);
        permitted += explained;
        denied += !explained;
        if (explained != (rsc != 4103)) {
            fail_msg("%s, operation %u on %s: answered %u, explained as %s", originator,
                     (unsigned)operations[i].bit, to, rsc, explained ? "permitted" : "denied");
        }
    }
}

static void compare_all(struct flow *flow)
{
    for (size_t i = 0; i < ARRAY_LEN(originators); i++) {
        for (size_t j = 0; j < ARRAY_LEN(resources); j++) {
            compare(flow, originators[i], resources[j]);
        }
    }
}

static void explained_as_it_happens(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    compare_all(flow);
    flow_peer(flow)->address = (struct sys_address){.ip = {10, 9, 8, 7}};
    compare_all(flow);
    flow_advance(flow, 60 * MINUTES); /* the window opens */
    compare_all(flow);
    flow_peer(flow)->has_address = false;
    compare_all(flow);
    assert_true(permitted > 100 && denied > 100);
}

static void by_the_parent(struct serve_config *config)
{
    config->default_policy = SERVE_DEFAULT_PARENT;
}

static void and_by_the_other_default(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    flow_restart_with(flow, by_the_parent);
    compare_all(flow);
}

/* A question about another time and place than now and here. */
static void what_would_be(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    struct serve_question question = {
        .originator = BYTES("Cc"), .to = BYTES("cse-in/Ca/window"), .operation = TYPE_OP_RETRIEVE};
    assert_false(is_explained_as_permitted(flow, &question));
    question.time = flow_now(flow) + 60 * MINUTES;
    assert_true(is_explained_as_permitted(flow, &question));
    question.time = flow_now(flow) + 120 * MINUTES;
    assert_false(is_explained_as_permitted(flow, &question));
    question.time = 0;
    question.to = BYTES("cse-in/Ca/none");
    assert_false(is_explained_as_permitted(flow, &question));
    question.authenticated = true;
    assert_true(is_explained_as_permitted(flow, &question));
}

static void which_predicate_failed(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    struct arena *arena = arena_new(1 << 20);
    struct wire_value *explanation = NULL;
    const struct serve_question question = {
        .originator = BYTES("Cc"), .to = BYTES("cse-in/Ca/shared"), .operation = TYPE_OP_UPDATE};
    assert_true(is_ok(serve_explain(flow_worker(flow), &question, arena, &explanation)));
    flow_expect_text(explanation, "verdict", "deny");
    flow_expect_text(explanation, "stage", "privileges");
    flow_expect_text(explanation, "policies/0/id", "cse-in/p1");
    flow_expect_text(explanation, "policies/0/rules/0/failed", "accessControlOriginators");
    flow_expect_text(explanation, "policies/0/rules/1/failed", "accessControlOperations");
    flow_expect_text(explanation, "policies/0/rules/2/failed", "accessControlOriginators");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(explained_as_it_happens),
        FLOW_TEST(and_by_the_other_default),
        FLOW_TEST(what_would_be),
        FLOW_TEST(which_predicate_failed),
    };
    return cmocka_run_group_tests_name("TS-0003 7.1.5", tests, NULL, NULL);
}
