/* SPDX-License-Identifier: Apache-2.0
 * <AE>: registration and its end. TS-0004 7.4.5, TS-0001 10.2.2.2. */
#include "cse_world.h"

#define BODY "{'m2m:ae':{'api':'N.sensor','rr':false,'srv':['3']}}"

/* CLAUSE("TS-0004 7.4.5.2.1") */
static void a_stem_is_taken_as_given(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_create(world, "CSensor", "cse-in", TYPE_AE, BODY, 2001);
    answer_is(ask, "m2m:ae", "ri", "'CSensor'");
    answer_is(ask, "m2m:ae", "aei", "'CSensor'");
    answer_is(ask, "m2m:ae", "rn", "'CSensor'");
    answer_is(ask, "m2m:ae", "pi", "'id-in'");
    ask_free(ask);
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "CSensor", NULL, 4103); /* its creator's alone */
}

/* CLAUSE("TS-0004 7.4.5.2.1") */
static void nobody_registers_twice(void **state)
{
    register_ae(*state, "CSensor");
    create_one(*state, "CSensor", "cse-in", TYPE_AE, BODY, 4117);
    create_one(*state, "CAdmin", "cse-in", TYPE_AE, BODY, 4117);
    register_ae(*state, "SSensor");
    create_one(*state, "SSensor", "cse-in", TYPE_AE, BODY, 4117);
    ask_one(*state, PRIM_DELETE, "CSensor", "CSensor", NULL, 2002);
    register_ae(*state, "CSensor");
}

/* CLAUSE("TS-0001 10.2.2.2") */
static void a_stem_is_made(void **state)
{
    struct world *world = *state;
    static const char *const wishes[] = {"C", "S", NULL, ""};
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        struct ask *ask = ask_create(world, wishes[i], "cse-in", TYPE_AE, BODY, 2001);
        struct bytes aei = wire_get_string(answer_at(ask, "m2m:ae", "aei"));
        assert_true(aei.len == 11 && aei.ptr[0] == (i == 1 ? 'S' : 'C'));
        char from[32];
        (void)snprintf(from, sizeof(from), "%.*s", BYTES_FMT(aei));
        ask_one(world, PRIM_RETRIEVE, from, from, NULL, 2000);
        ask_one(world, PRIM_DELETE, from, from, NULL, 2002);
        ask_one(world, PRIM_RETRIEVE, from, from, NULL, 4106); /* registered no more */
        ask_free(ask);
    }
}

static void a_bad_registration_is_refused(void **state)
{
    struct world *world = *state;
    create_one(world, "CBad", "cse-in", TYPE_AE, "{'m2m:ae':{'api':'X.y','rr':true,'srv':['3']}}",
               4000);
    create_one(world, "CBad", "cse-in", TYPE_AE, "{'m2m:ae':{'api':'N.y','srv':['3']}}", 4000);
    create_one(world, "CBad", "cse-in", TYPE_AE, "{'m2m:ae':{'api':'N.y','rr':true}}", 4000);
    create_one(world, "CBad", "cse-in", TYPE_AE,
               "{'m2m:ae':{'api':'N.y','rr':true,'srv':['3'],'aei':'CBad'}}", 4000);
    register_ae(world, "CSensor");
    create_one(world, "CBad", "cse-in/CSensor", TYPE_AE, BODY, 4108);
    create_one(world, "/other-cse", "cse-in", TYPE_AE, BODY, 4107);
    create_one(world, "C*", "cse-in", TYPE_AE, BODY, 4000);
}

/* What an AE makes below its <AE> is its own, until somebody else is let in. */
static void its_things_are_its_own(void **state)
{
    struct world *world = *state;
    register_ae(world, "CSensor");
    register_ae(world, "CStranger");
    create_one(world, "CSensor", "CSensor", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 2001);
    create_one(world, "CStranger", "CSensor", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'b'}}", 4103);
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor/box", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "CStranger", "CSensor/box", NULL, 4103);
    ask_one(world, PRIM_DELETE, "CStranger", "CSensor", NULL, 4103);
    ask_one(world, PRIM_DELETE, "CSensor", "CSensor", NULL, 2002);
    register_ae(world, "CSensor");
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor/box", NULL, 4004);
}

static void registrations_are_bounded(void **state)
{
    struct world *world = *state;
    cse_close(world);
    world->config.limits.registrations = 2;
    cse_open(world);
    register_ae(world, "COne");
    register_ae(world, "CTwo");
    create_one(world, "CThree", "cse-in", TYPE_AE, BODY, 5000);
    ask_one(world, PRIM_DELETE, "COne", "COne", NULL, 2002);
    register_ae(world, "CThree");
}

/* A registration that has expired counts no more, collected or not. */
static void a_registration_expires(void **state)
{
    struct world *world = *state;
    cse_worker_stop(world->worker); /* nobody collects */
    create_one(world, "CSensor", "cse-in", TYPE_AE,
               "{'m2m:ae':{'api':'N.s','rr':false,'srv':['3'],'et':'20231114T221330'}}", 2001);
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor", NULL, 2000);
    world_advance(world, 20 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor", NULL, 4106);
    register_ae(world, "CSensor");
    ask_one(world, PRIM_RETRIEVE, "CSensor", "CSensor", NULL, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(a_stem_is_taken_as_given), CSE_TEST(nobody_registers_twice),
        CSE_TEST(a_stem_is_made),           CSE_TEST(a_bad_registration_is_refused),
        CSE_TEST(its_things_are_its_own),   CSE_TEST(registrations_are_bounded),
        CSE_TEST(a_registration_expires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
