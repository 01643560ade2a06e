/* SPDX-License-Identifier: Apache-2.0
 * Exchanges that wait, are cancelled, are too many, or come back from a batch that was undone. */
#include "serve_tree.h"

static struct exchange *waiting;
static int delegated, verified, cancelled, planned, committed;
static status refusal;

static status delegate(struct exchange *x)
{
    delegated += 1;
    waiting = x;
    return ERROR(PENDING);
}

static status verify(struct exchange *x)
{
    verified += 1;
    waiting = x;
    return ERROR(PENDING);
}

static void on_cancelled(struct exchange *x)
{
    cancelled += 1;
    serve_resume(x, ERROR(CANCELLED));
}

static status on_create(struct exchange *x)
{
    (void)x;
    return OK;
}

/* After a change in the transaction. */
static status created(struct exchange *x)
{
    (void)x;
    return refusal;
}

static status plan(struct exchange *x)
{
    for (const struct serve_event *event = x->events; event != NULL; event = event->next) {
        planned += 1;
    }
    return OK;
}

static void effects_committed(struct serve_worker *worker)
{
    (void)worker;
    committed += 1;
}

static const struct serve_ops node_ops = {
    .type = TYPE_NODE, .delegate = delegate, .cancelled = on_cancelled};
static const struct serve_ops group_ops = {.type = TYPE_GROUP, .verify = verify};
static const struct serve_ops container_ops = {
    .type = TYPE_CONTAINER, .on_create = on_create, .created = created};
static const struct serve_ops *const ops[] = {&node_ops, &group_ops, &container_ops};
static const struct serve_behaviour hooked = {.ops = ops,
                                              .ops_count = ARRAY_LEN(ops),
                                              .plan_effects = plan,
                                              .effects_committed = effects_committed};

static int set_up(void **state)
{
    struct world *world = world_new(&hooked);
    world_open(world);
    world_ok(serve_run_now(world->serve, plain_tree, NULL));
    world_open_worker(world);
    delegated = verified = cancelled = planned = committed = 0;
    refusal = OK;
    waiting = NULL;
    *state = world;
    return 0;
}

static struct ask *create(struct world *world, uint32_t type, const char *body)
{
    struct ask *ask = ask_new(world, PRIM_CREATE, "CAdmin", "cse-in", body);
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = type;
    ask_send(ask);
    world_turn(world);
    return ask;
}

static void somebody_else_answers(void **state)
{
    create_one(*state, "CAdmin", "cse-in", TYPE_NODE,
               "{'m2m:nod':{'rn':'n','ni':'1:2','acpi':['cse-in/acp']}}", 2001);
    struct ask *ask = ask_new(*state, PRIM_RETRIEVE, "CAdmin", "cse-in/n", NULL);
    ask_send(ask);
    world_turn(*state);
    assert_false(ask->done);
    assert_int_equal(delegated, 1);
    waiting->rsc = 2000;
    waiting->has_result = true;
    waiting->result = ask_json(ask->call.arena, "{'m2m:nod':{'rn':'n'}}");
    serve_resume(waiting, OK);
    assert_true(ask->done);
    assert_int_equal(ask->call.response.rsc, 2000);
    answer_is(ask, "m2m:nod", "rn", "'n'");
    ask_free(ask);
}

static void a_peer_goes_away(void **state)
{
    struct world *world = *state;
    create_one(world, "CAdmin", "cse-in", TYPE_NODE,
               "{'m2m:nod':{'rn':'n','ni':'1:2','acpi':['cse-in/acp']}}", 2001);
    struct ask *ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/n", NULL);
    ask_send(ask);
    world_turn(world);
    struct prim_link *link = serve_worker_link(world->worker);
    link->cancel(link, &ask->call);
    world_turn(world);
    assert_true(ask->done);
    assert_int_equal(cancelled, 1);
    assert_int_equal(ask->call.transport.code, STATUS_CANCELLED);
    ask_free(ask);
}

#define GROUP "{'m2m:grp':{'rn':'g','mnm':3,'mid':[],'acpi':['cse-in/acp']}}"

static void verification_is_asked_once(void **state)
{
    struct ask *ask = create(*state, TYPE_GROUP, GROUP);
    assert_false(ask->done);
    serve_resume(waiting, OK);
    world_turn(*state);
    assert_true(ask->done);
    assert_int_equal(ask->call.response.rsc, 2001);
    assert_int_equal(verified, 1);
    ask_free(ask);
}

static void verification_fails(void **state)
{
    struct ask *ask = create(*state, TYPE_GROUP, GROUP);
    serve_resume(waiting, ERROR(SUBSCRIPTION_VERIFICATION_INITIATION_FAILED));
    world_turn(*state);
    assert_int_equal(ask->call.response.rsc, 5204);
    ask_free(ask);
    ask_one(*state, PRIM_RETRIEVE, "CAdmin", "cse-in/g", NULL, 4004);
}

/* After a wait everything is looked up again (style 4.2): the policy changed meanwhile. */
static void facts_are_the_present(void **state)
{
    struct ask *ask = create(*state, TYPE_GROUP, GROUP);
    struct exchange *first = waiting;
    ask_one(*state, PRIM_UPDATE, "CAdmin", "cse-in/acp",
            "{'m2m:acp':{'pv':{'acr':[{'acor':['CAdmin'],'acop':2}]}}}", 2004);
    serve_resume(first, OK);
    world_turn(*state);
    assert_int_equal(ask->call.response.rsc, 4103);
    ask_free(ask);
}

static void too_late_after_a_wait(void **state)
{
    struct ask *ask = create(*state, TYPE_GROUP, GROUP);
    world_advance(*state, 31 * USEC_PER_SEC);
    serve_resume(waiting, OK);
    world_turn(*state);
    assert_int_equal(ask->call.response.rsc, 4008);
    ask_free(ask);
}

/* One job of a batch fails after it changed something: the others run again, once each. */
static void a_batch_is_undone(void **state)
{
    struct world *world = *state;
    struct ask *asks[3];
    for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
        char body[96];
        (void)snprintf(body, sizeof(body), "{'m2m:%s':{'rn':'x%zu','acpi':['cse-in/acp']%s}}",
                       i == 1 ? "cnt" : "acp", i,
                       i == 1 ? "" : ",'pv':{'acr':[]},'pvs':{'acr':[{'acor':['all'],'acop':63}]}");
        if (i != 1) {
            (void)snprintf(body, sizeof(body),
                           "{'m2m:acp':{'rn':'x%zu','pv':{'acr':[]},'pvs':{'acr':[{'acor':['all'],"
                           "'acop':63}]}}}",
                           i);
        }
        asks[i] = ask_new(world, PRIM_CREATE, "CAdmin", "cse-in", body);
        asks[i]->call.request.has_resource_type = true;
        asks[i]->call.request.resource_type = i == 1 ? TYPE_CONTAINER : TYPE_ACCESS_CONTROL_POLICY;
    }
    refusal = ERROR(NOT_ACCEPTABLE);
    for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
        ask_send(asks[i]);
    }
    world_turn(world);
    assert_int_equal(asks[0]->call.response.rsc, 2001);
    assert_int_equal(asks[1]->call.response.rsc, 5207);
    assert_int_equal(asks[2]->call.response.rsc, 2001);
    assert_true(committed > 0);
    for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
        ask_free(asks[i]);
    }
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/x0", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/x1", NULL, 4004);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/x2", NULL, 2000);
}

struct step {
    enum prim_operation operation;
    const char *to, *body;
    unsigned good;
};

/* One request of which the n-th allocation fails: it is answered, well or with an error. */
static void step_fails(struct world *world, const struct step *step, unsigned n)
{
    struct ask *ask = ask_new(world, step->operation, "CAdmin", step->to, step->body);
    ask->call.request.has_resource_type = step->operation == PRIM_CREATE;
    ask->call.request.resource_type = TYPE_ACCESS_CONTROL_POLICY;
    ask_send(ask);
    mem_fail_after(n);
    world_turn(world);
    mem_fail_after(0);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 2000); /* and it still serves */
    assert_true(ask->done);
    unsigned rsc = ask->call.response.rsc;
    if (rsc != step->good && rsc != 5000) {
        fail_msg("%s, allocation %u: %u", prim_operation_name(step->operation), n, rsc);
    }
    ask_free(ask);
}

/* Memory runs out at any point. */
static void memory_runs_out(void **state)
{
    struct world *world = *state;
    static const char policy[] = "{'m2m:acp':{'rn':'p','pv':{'acr':[]},'pvs':{'acr':["
                                 "{'acor':['CAdmin'],'acop':63}]}}}";
    static const struct step steps[] = {
        {PRIM_CREATE, "cse-in", policy, 2001},
        {PRIM_RETRIEVE, "cse-in/p", NULL, 2000},
        {PRIM_UPDATE, "cse-in/p", "{'m2m:acp':{'lbl':['a']}}", 2004},
        {PRIM_DELETE, "cse-in/p", NULL, 2002},
    };
    for (unsigned n = 1; n < 60; n++) {
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
            struct ask *ask = ask_new(world, PRIM_DELETE, "CAdmin", "cse-in/p", NULL);
            ask_send(ask);
            world_turn(world);
            ask_free(ask);
            if (i > 0) {
                create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY, policy, 2001);
            }
            step_fails(world, &steps[i], n);
        }
    }
}

static void there_are_too_many(void **state)
{
    struct world *world = *state;
    world_close(world);
    world->config.limits.requests_in_flight = 2;
    world_open(world);
    world_open_worker(world);
    struct ask *asks[3];
    for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
        asks[i] = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL);
        ask_send(asks[i]);
    }
    world_turn(world);
    assert_int_equal(asks[0]->call.response.rsc, 5000);
    assert_int_equal(asks[2]->call.response.rsc, 2000);
    for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
        ask_free(asks[i]);
    }
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 2000); /* still serves */
}

static void on_idle(void *user)
{
    *(bool *)user = true;
}

static void it_drains(void **state)
{
    struct world *world = *state;
    bool idle = false;
    struct ask *waits = create(world, TYPE_GROUP, GROUP);
    serve_worker_drain(world->worker, on_idle, &idle);
    world_turn(world);
    assert_false(idle);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 5000);
    serve_resume(waiting, OK);
    world_turn(world);
    assert_true(idle);
    assert_int_equal(waits->call.response.rsc, 2001);
    ask_free(waits);
}

static void it_counts(void **state)
{
    struct world *world = *state;
    struct serve_counters counters;
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/zz", NULL, 4004);
    serve_counters_read(world->serve, &counters);
    assert_int_equal(counters.requests[PRIM_RETRIEVE], 2);
    assert_int_equal(counters.responses_by_class[2], 1);
    assert_int_equal(counters.responses_by_class[4], 1);
    assert_int_equal(counters.in_flight, 0);
}

static void nothing_takes_a_scheme(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_new(world, PRIM_NOTIFY, "/id-in", "x", NULL);
    ask->call.destination = BYTES("gopher://nowhere");
    serve_send(world->worker, &ask->call);
    assert_false(ask->done);
    world_turn(world);
    assert_true(ask->done);
    assert_int_equal(ask->call.transport.code, STATUS_TARGET_NOT_REACHABLE);
    ask_free(ask);
}

static void duplicate_group_requests(void **state)
{
    struct world *world = *state;
    struct ask *ask;
    for (int i = 0; i < 2; i++) {
        ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL);
        ask->call.request.group_request_identifier = BYTES("g1");
        ask_expect(ask, i == 0 ? 2000 : 4104);
        ask_free(ask);
    }
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/acp", NULL);
    ask->call.request.group_request_identifier = BYTES("g1");
    ask_expect(ask, 2000); /* another target */
    ask_free(ask);
    world_advance(world, 70 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 2000);
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/CAdmin", NULL);
    ask->call.request.group_request_identifier = BYTES("g2");
    ask_expect(ask, 2000);
    ask_free(ask);
}

#define HOOKED(function) cmocka_unit_test_setup_teardown(function, set_up, plain_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOOKED(somebody_else_answers),
        HOOKED(a_peer_goes_away),
        HOOKED(verification_is_asked_once),
        HOOKED(verification_fails),
        HOOKED(facts_are_the_present),
        HOOKED(too_late_after_a_wait),
        HOOKED(a_batch_is_undone),
        HOOKED(memory_runs_out),
        HOOKED(there_are_too_many),
        HOOKED(it_drains),
        HOOKED(it_counts),
        HOOKED(nothing_takes_a_scheme),
        HOOKED(duplicate_group_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
