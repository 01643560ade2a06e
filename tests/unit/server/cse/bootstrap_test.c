/* SPDX-License-Identifier: Apache-2.0
 * The first start and the next ones. Decisions 11. */
#include "cse_world.h"

static void the_administrator_acts_by_a_policy(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/acpAdmin", NULL, 2000);
    answer_is(ask, "m2m:acp", "pv",
              "{'acr':[{'acor':['//antipolis.example/id-in/CAdmin'],'acop':63}]}");
    ask_free(ask);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "CAdmin", NULL, 2000);
    /* and loses it with the policy: no code tests for the administrator */
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/acpAdmin", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 4103);
}

static void the_next_start_keeps_what_is_there(void **state)
{
    struct world *world = *state;
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 2001);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/acpAdmin", "{'m2m:acp':{'lbl':['mine']}}", 2004);
    cse_close(world);
    static const struct bytes poa[] = {{"https://example:8443", 20}};
    world->config.points_of_access = (struct prim_texts){.items = poa, .count = 1};
    cse_open(world);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    struct ask *ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/acpAdmin", NULL, 2000);
    answer_is(ask, "m2m:acp", "lbl", "['mine']");
    ask_free(ask);
    ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL, 2000);
    answer_is(ask, "m2m:cb", "poa", "['https://example:8443']");
    ask_free(ask);
}

static void another_name_is_refused(void **state)
{
    struct world *world = *state;
    cse_close(world);
    world->config.self.cse_name = BYTES("other");
    world_open(world);
    assert_int_equal(cse_bootstrap(world->serve).code, STATUS_CONFIG);
    world_close(world);
    world->config.self.cse_name = BYTES("cse-in");
    world->config.self.cse_id = BYTES("/other");
    world_open(world);
    assert_int_equal(cse_bootstrap(world->serve).code, STATUS_CONFIG);
    world_close(world);
    world->config.self.cse_id = BYTES("/id-in");
    cse_open(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(the_administrator_acts_by_a_policy),
        CSE_TEST(the_next_start_keeps_what_is_there),
        CSE_TEST(another_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
