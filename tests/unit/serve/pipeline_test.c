/* SPDX-License-Identifier: Apache-2.0
 * The stages in their order, with the generic procedures alone. TS-0004 7.2.2.2. */
#include "serve_world.h"

static const struct serve_behaviour plain = {.ops_count = 0};

static struct wire_value *rules(struct arena *arena)
{
    return ask_json(arena, "{'acr':[{'acor':['CAdmin'],'acop':63}]}");
}

/* CSEBase, a policy for CAdmin and its AE. */
static status make_tree(struct exchange *x, void *user)
{
    (void)user;
    struct store_new base = {.ri = BYTES("id-in"),
                             .rn = BYTES("cse-in"),
                             .type = TYPE_CSE_BASE,
                             .state_tag = -1,
                             .size = -1};
    struct serve_resource root = {.type = type_by_number(TYPE_CSE_BASE)}, made;
    root.attributes = ask_json(x->arena, "{'csi':'/id-in','acpi':['cse-in/acp']}");
    TRY(serve_body_encode(x, root.attributes, &base.body));
    TRY(store_insert(x->view, &base, x->arena, &root.row));
    struct wire_value *policy = wire_object(x->arena);
    type_set(policy, ATTR_PRIVILEGES, rules(x->arena));
    type_set(policy, ATTR_SELF_PRIVILEGES, rules(x->arena));
    struct serve_draft draft = {.parent = &root,
                                .type = type_by_number(TYPE_ACCESS_CONTROL_POLICY),
                                .rn = BYTES("acp"),
                                .attributes = policy,
                                .state_tag = -1,
                                .size = -1};
    TRY(serve_insert(x, &draft, &made));
    draft.type = type_by_number(TYPE_AE);
    draft.ri = draft.rn = BYTES("CAdmin");
    draft.attributes = ask_json(x->arena, "{'api':'N.admin','aei':'CAdmin','rr':false}");
    return serve_insert(x, &draft, &made);
}

static int set_up(void **state)
{
    struct world *world = world_new(&plain);
    world_open(world);
    world_ok(serve_run_now(world->serve, make_tree, NULL));
    world_open_worker(world);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

/* CLAUSE("TS-0004 7.3.3.5"), 7.3.3.6, 7.3.3.7, 7.3.3.8 */
static void a_resource_lives(void **state)
{
    struct world *world = *state;
    struct ask *ask =
        ask_create(world, "CAdmin", "cse-in", TYPE_CONTAINER,
                   "{'m2m:cnt':{'rn':'box','acpi':['cse-in/acp'],'lbl':['a','b:c']}}", 2001);
    answer_is(ask, "m2m:cnt", "rn", "'box'");
    answer_is(ask, "m2m:cnt", "ty", "3");
    answer_is(ask, "m2m:cnt", "pi", "'id-in'");
    answer_is(ask, "m2m:cnt", "st", "0");
    answer_is(ask, "m2m:cnt", "cni", "0");
    answer_is(ask, "m2m:cnt", "ct", "'20231114T221320'");
    answer_is(ask, "m2m:cnt", "et", "'20241113T221320'");
    ask_free(ask);
    ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    answer_is(ask, "m2m:cnt", "lbl", "['a','b:c']");
    ask_free(ask);
    world_advance(world, USEC_PER_SEC);
    ask = ask_do(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'lbl':['z'],'mni':4}}",
                 2004);
    answer_is(ask, "m2m:cnt", "lbl", "['z']");
    answer_is(ask, "m2m:cnt", "st", "1");
    answer_is(ask, "m2m:cnt", "lt", "'20231114T221321'");
    ask_free(ask);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_resource_lives, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
