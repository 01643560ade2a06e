/* SPDX-License-Identifier: Apache-2.0
 * A whole CSE in the test world, and its AEs. */
#ifndef TESTS_UNIT_SERVER_CSE_CSE_WORLD_H
#define TESTS_UNIT_SERVER_CSE_CSE_WORLD_H

#include "../../serve/serve_world.h"

#include "server/cse/cse.h"

static inline void cse_open(struct world *world)
{
    world_open(world);
    world_ok(cse_bootstrap(world->serve));
    world_open_worker(world);
    world_ok(cse_worker_start(world->worker, true));
}

static inline void cse_close(struct world *world)
{
    cse_worker_stop(world->worker);
    world_close(world);
}

static inline int cse_set_up(void **state)
{
    struct world *world = world_new(&cse_behaviour);
    cse_open(world);
    *state = world;
    return 0;
}

static inline int cse_tear_down(void **state)
{
    struct world *world = *state;
    if (world->worker != NULL) {
        cse_worker_stop(world->worker);
    }
    world_free(world);
    return 0;
}

static inline void register_ae(struct world *world, const char *stem)
{
    create_one(world, stem, "cse-in", TYPE_AE, "{'m2m:ae':{'api':'N.test','rr':false,'srv':['3']}}",
               2001);
}

#define CSE_TEST(function) cmocka_unit_test_setup_teardown(function, cse_set_up, cse_tear_down)

#endif
