/* SPDX-License-Identifier: Apache-2.0
 * Expired resources go by themselves. TS-0004 7.3.3.5, 7.3.3.8. */
#include "cse_world.h"

static void it_goes(void **state)
{
    struct world *world = *state;
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER,
               "{'m2m:cnt':{'rn':'box','et':'20231114T221330'}}", 2001);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'in'}}", 2001);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}",
               2001);
    struct store_view *view;
    uint64_t before, after;
    world_ok(store_view_open(world->store, &view));
    world_ok(store_count(view, &before));
    world_advance(world, 15 * USEC_PER_SEC);
    world_ok(store_count(view, &after));
    store_view_close(view);
    assert_int_equal(before - after, 3);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
}

static void many_go(void **state)
{
    struct world *world = *state;
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box','mia':10}}",
               2001);
    for (int i = 0; i < 200; i++) {
        create_one(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}",
                   2001);
    }
    world_advance(world, 12 * USEC_PER_SEC);
    struct ask *ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    answer_is(ask, "m2m:cnt", "cni", "0");
    answer_is(ask, "m2m:cnt", "cbs", "0");
    ask_free(ask);
}

/* What has expired is gone before it is collected, and its name is free. */
static void it_is_gone_at_once(void **state)
{
    struct world *world = *state;
    cse_worker_stop(world->worker);
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER,
               "{'m2m:cnt':{'rn':'box','et':'20231114T221330'}}", 2001);
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 4105);
    world_advance(world, 15 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 2001);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
}

static void a_longer_life(void **state)
{
    struct world *world = *state;
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER,
               "{'m2m:cnt':{'rn':'box','et':'20231114T221330'}}", 2001);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'et':'20231114T221400'}}",
            2004);
    world_advance(world, 20 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    world_advance(world, 30 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(it_goes),
        CSE_TEST(many_go),
        CSE_TEST(it_is_gone_at_once),
        CSE_TEST(a_longer_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
