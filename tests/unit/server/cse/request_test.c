/* SPDX-License-Identifier: Apache-2.0
 * What a process that died left open is closed, once. TS-0004 7.3.2.5, 7.5.1.2.5. The rest of
 * <request> is told by tests/flow/effects_request_test.c. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

static status count_one(struct exchange *x)
{
    struct wire_value *state;
    TRY(cse_state_load(x, BYTES("cse/requests"), &state));
    TRY(cse_state_set(x, state, "count", 2));
    return cse_state_save(x, BYTES("cse/requests"), state);
}

static status leave_open(struct exchange *x, const char *name, const char *attributes)
{
    struct serve_resource base, made;
    TRY(serve_resource_find(x, BYTES("cse-in"), &base));
    return serve_create_internal(x, &base, type_by_number(TYPE_REQUEST), bytes_str(name),
                                 ask_json(x->arena, attributes), 0, x->owner, &made);
}

/* One of each kind: asynchronous with targets, asynchronous without, synchronous, done. */
static status leave_all_open(struct exchange *x, void *user)
{
    (void)user;
    TRY(leave_open(x, "r1",
                   "{'op':2,'tg':'cse-in','org':'Cone','rid':'1','rs':3,"
                   "'mi':{'rvi':'3','rt':{'rtv':2,'nu':['http://a/','http://b/']}},"
                   "'ors':{'rsc':1000,'rqi':'1'}}"));
    TRY(leave_open(x, "r2",
                   "{'op':2,'tg':'cse-in','org':'Cone','rid':'2','rs':3,"
                   "'mi':{'rvi':'3','rt':{'rtv':2}},'ors':{'rsc':1000,'rqi':'2'}}"));
    TRY(leave_open(x, "r3",
                   "{'op':2,'tg':'cse-in','org':'Cone','rid':'3','rs':3,"
                   "'mi':{'rvi':'3','rt':{'rtv':1}},'ors':{'rsc':1000,'rqi':'3'}}"));
    TRY(leave_open(x, "r4",
                   "{'op':2,'tg':'cse-in','org':'Cone','rid':'4','rs':1,"
                   "'mi':{'rvi':'3','rt':{'rtv':2}},'ors':{'rsc':2000,'rqi':'4'}}"));
    return count_one(x);
}

static void ran(void *user, status result)
{
    *(status *)user = result;
}

static void state_is(struct world *world, const char *path, int64_t rs, int64_t rsc)
{
    struct exchange *x;
    struct serve_resource request;
    world_ok(serve_read_begin(world->worker, &x));
    world_ok(serve_resource_find(x, bytes_str(path), &request));
    world_ok(serve_resource_read(x, &request));
    assert_int_equal(type_get_int(request.attributes, ATTR_REQUEST_STATUS, 0), rs);
    const struct wire_value *result = type_get(request.attributes, ATTR_OPERATION_RESULT);
    assert_int_equal(wire_get_int(wire_get(result, BYTES("rsc")), 0), rsc);
    serve_read_end(x);
}

struct counting {
    unsigned targets[2], originator, others;
};

static bool count(void *user, const struct store_message *message)
{
    struct counting *counting = user;
    counting->targets[0] += bytes_ends_with(message->queue, BYTES(" http://a/"));
    counting->targets[1] += bytes_ends_with(message->queue, BYTES(" http://b/"));
    counting->originator += bytes_ends_with(message->queue, BYTES(" Cone"));
    return true;
}

static struct counting messages(struct world *world)
{
    struct counting counting = {.originator = 0};
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    world_ok(store_outbox_each_due(x->view, INT64_MAX, 0, count, &counting));
    serve_read_end(x);
    return counting;
}

static void open_requests_are_closed(void **state)
{
    struct world *world = *state;
    status result = ERROR(PENDING);
    world_ok(serve_run_job(world->worker, leave_all_open, ran, &result));
    world_turn(world);
    world_ok(result);
    cse_close(world);
    cse_open(world);
    world_turn(world);
    state_is(world, "cse-in/r1", 2, 5000);
    state_is(world, "cse-in/r2", 2, 5000);
    state_is(world, "cse-in/r3", 2, 5000);
    state_is(world, "cse-in/r4", 1, 2000);
    struct counting counting = messages(world);
    assert_int_equal(counting.targets[0], 1);
    assert_int_equal(counting.targets[1], 1);
    assert_int_equal(counting.originator, 1);
    cse_close(world);
    cse_open(world);
    world_turn(world);
    counting = messages(world);
    assert_int_equal(counting.targets[0], 1); /* not told twice */
    assert_int_equal(counting.originator, 1);
}

static status copy_one(struct exchange *x, struct prim_request *ret_copy)
{
    struct prim_request original;
    struct arena *shortlived = arena_new(1 << 20);
    struct wire_value *object =
        ask_json(shortlived, "{'op':1,'to':'cse-in','fr':'Cone','rqi':'7','ty':3,"
                             "'rvi':'3','rcn':1,'rt':{'rtv':2,'nu':['http://a/']},"
                             "'grtm':['m'],'pc':{'m2m:cnt':{'lbl':['x']}}}");
    world_ok(prim_request_decode(object, shortlived, &original));
    status copied = cse_request_dup(&original, x->arena, ret_copy);
    arena_free(shortlived);
    return copied;
}

static void copies_stand_on_their_own(void **state)
{
    struct world *world = *state;
    struct exchange *x;
    struct prim_request copy;
    world_ok(serve_read_begin(world->worker, &x));
    world_ok(copy_one(x, &copy));
    assert_int_equal(copy.operation, PRIM_CREATE);
    assert_int_equal(copy.resource_type, 3);
    assert_int_equal(copy.response_type, PRIM_NON_BLOCKING_ASYNCH);
    assert_true(bytes_is(copy.notification_uris.items[0], "http://a/"));
    assert_true(bytes_is(copy.group_request_targets.items[0], "m"));
    const struct wire_value *container = wire_only_member(copy.content);
    assert_true(bytes_is(container->name, "m2m:cnt"));
    assert_true(bytes_is(wire_get_string(wire_get(container, BYTES("lbl"))->first), "x"));
    serve_read_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(open_requests_are_closed),
        CSE_TEST(copies_stand_on_their_own),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
