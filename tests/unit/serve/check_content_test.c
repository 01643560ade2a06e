/* SPDX-License-Identifier: Apache-2.0
 * Representations that are refused. TS-0004 7.3.3.3, 7.3.3.4. */
#include "serve_tree.h"

#define CREATE(type, body, rsc) create_one(*state, "CAdmin", "cse-in", type, body, rsc)
#define UPDATE(body, rsc) ask_one(*state, PRIM_UPDATE, "CAdmin", "cse-in/box", body, rsc)

static int set_up(void **state)
{
    plain_set_up(state);
    CREATE(TYPE_CONTAINER,
           "{'m2m:cnt':{'rn':'box','acpi':['cse-in/acp'],'et':'20240101T000000','mni':3}}", 2001);
    return 0;
}

/* CLAUSE("TS-0004 7.3.3.3") */
static void types_that_do_not_fit(void **state)
{
    CREATE(TYPE_CSE_BASE, "{'m2m:cb':{}}", 4005);
    CREATE(TYPE_REQUEST, "{'m2m:req':{}}", 4005);
    CREATE(TYPE_FLEX_CONTAINER, "{'m2m:fcnt':{}}", 5001);
    CREATE(TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}", 4108);
    create_one(*state, "CAdmin", "cse-in/box", TYPE_AE, "{'m2m:ae':{}}", 4108);
    create_one(*state, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE,
               "{'m2m:cin':{'con':'x','rn':'i'}}", 2001);
    create_one(*state, "CAdmin", "cse-in/box/i", TYPE_SUBSCRIPTION, "{'m2m:sub':{'nu':['x']}}",
               5203);
}

static void kinds_of_cse(void **state)
{
    struct world *world = *state;
    world_close(world);
    world->config.cse_kind = TYPE_CSE_MN;
    world_open(world);
    world_open_worker(world);
    CREATE(TYPE_TRIGGER_REQUEST, "{'m2m:tgr':{}}", 4005);
}

/* CLAUSE("TS-0004 7.3.3.3") */
static void attributes_that_do_not_fit(void **state)
{
    CREATE(TYPE_CONTAINER, NULL, 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'zzz':1}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'ri':'x'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'mni':'x'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'rn':'a/b'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'rn':7}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'cr':'CAdmin'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'et':'20230101T000000'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'et':'never'}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'acpi':['cse-in/zz']}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'at':['/mn']}}", 5001);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'daci':['x']}}", 5001);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 4105);
}

static void limits_are_kept(void **state)
{
    struct world *world = *state;
    world_close(world);
    world->config.limits.labels = 2;
    world->config.limits.acpi_entries = 1;
    world->config.limits.path_depth = 3;
    world->config.limits.identifier_size = 30;
    world_open(world);
    world_open_worker(world);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'lbl':['a','b','c']}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'acpi':['cse-in/acp','cse-in/acp']}}", 4000);
    CREATE(TYPE_CONTAINER, "{'m2m:cnt':{'rn':'abcdefghijklmnopqrstuvwxyz0123456789'}}", 4000);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTAINER,
               "{'m2m:cnt':{'rn':'b','acpi':['cse-in/acp']}}", 2001);
    create_one(world, "CAdmin", "cse-in/box/b", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'c'}}", 4000);
}

/* CLAUSE("TS-0004 7.3.3.4"), 7.3.3.7 */
static void updates_that_do_not_fit(void **state)
{
    UPDATE(NULL, 4000);
    UPDATE("{'m2m:grp':{'gn':'x'}}", 4000);
    UPDATE("{'m2m:cnt':{'rn':'other'}}", 4000);
    UPDATE("{'m2m:cnt':{'st':1}}", 4000);
    UPDATE("{'m2m:cnt':{'cr':null}}", 4000);
    UPDATE("{'m2m:cnt':{'zzz':null}}", 4000);
    UPDATE("{'m2m:cnt':{'et':'20230101T000000'}}", 4000);
    UPDATE("{'m2m:cnt':{'mni':-1}}", 4000);
    UPDATE("{'m2m:cnt':{'mbs':null}}", 2004); /* was not there: nothing changes */
    UPDATE("{'m2m:cnt':{'mni':null}}", 2004);
}

/* CLAUSE("TS-0004 7.3.3.4"): not before a child */
static void a_parent_outlives_its_children(void **state)
{
    create_one(*state, "CAdmin", "cse-in/box", TYPE_CONTAINER,
               "{'m2m:cnt':{'rn':'in','et':'20231201T000000'}}", 2001);
    UPDATE("{'m2m:cnt':{'et':'20231130T000000'}}", 4000);
    UPDATE("{'m2m:cnt':{'et':'20231202T000000'}}", 2004);
    UPDATE("{'m2m:cnt':{'et':null}}", 2004);
    struct ask *ask = ask_do(*state, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    answer_is(ask, "m2m:cnt", "et", "'20241113T221320'");
    ask_free(ask);
    ask = ask_create(*state, "CAdmin", "cse-in/box", TYPE_CONTAINER,
                     "{'m2m:cnt':{'et':'20990101T000000'}}", 2001);
    answer_is(ask, "m2m:cnt", "et", "'20241113T221320'"); /* the parent's */
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.5"): creator on demand */
static void the_creator(void **state)
{
    struct ask *ask =
        ask_create(*state, "CAdmin", "cse-in/box", TYPE_CONTAINER, "{'m2m:cnt':{'cr':null}}", 2001);
    answer_is(ask, "m2m:cnt", "cr", "'CAdmin'");
    ask_free(ask);
    ask = ask_create(*state, "CAdmin", "cse-in/box", TYPE_CONTAINER, "{'m2m:cnt':{}}", 2001);
    answer_is(ask, "m2m:cnt", "cr", NULL);
    ask_free(ask);
    CREATE(TYPE_ACCESS_CONTROL_POLICY,
           "{'m2m:acp':{'cr':null,'pv':{'acr':[]},'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}}",
           4000);
}

#define CHECKED(function) cmocka_unit_test_setup_teardown(function, set_up, plain_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECKED(types_that_do_not_fit),
        CHECKED(kinds_of_cse),
        CHECKED(attributes_that_do_not_fit),
        CHECKED(limits_are_kept),
        CHECKED(updates_that_do_not_fit),
        CHECKED(a_parent_outlives_its_children),
        CHECKED(the_creator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
