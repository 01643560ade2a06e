/* SPDX-License-Identifier: Apache-2.0
 * A tree with the generic procedures alone: CSEBase, a policy for CAdmin, its AE. */
#ifndef TESTS_UNIT_SERVE_SERVE_TREE_H
#define TESTS_UNIT_SERVE_SERVE_TREE_H

#include "serve_world.h"

static const struct serve_behaviour plain = {.ops_count = 0};

static inline struct wire_value *plain_rules(struct arena *arena)
{
    return ask_json(arena, "{'acr':[{'acor':['CAdmin'],'acop':63}]}");
}

/* CSEBase, a policy for CAdmin and its AE. */
static inline status plain_tree(struct exchange *x, void *user)
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
    type_set(policy, ATTR_PRIVILEGES, plain_rules(x->arena));
    type_set(policy, ATTR_SELF_PRIVILEGES, plain_rules(x->arena));
    struct serve_draft draft = {.parent = &root,
                                .type = type_by_number(TYPE_ACCESS_CONTROL_POLICY),
                                .rn = BYTES("acp"),
                                .attributes = policy,
                                .state_tag = -1,
                                .size = -1};
    TRY(serve_insert(x, &draft, &made));
    draft.type = type_by_number(TYPE_AE);
    draft.ri = draft.rn = BYTES("CAdmin");
    draft.attributes =
        ask_json(x->arena, "{'api':'N.admin','aei':'CAdmin','rr':false,'acpi':['cse-in/acp']}");
    return serve_insert(x, &draft, &made);
}

static inline int plain_set_up(void **state)
{
    struct world *world = world_new(&plain);
    world_open(world);
    world_ok(serve_run_now(world->serve, plain_tree, NULL));
    world_open_worker(world);
    *state = world;
    return 0;
}

static inline int plain_tear_down(void **state)
{
    world_free(*state);
    return 0;
}

#define PLAIN_TEST(function)                                                                       \
    cmocka_unit_test_setup_teardown(function, plain_set_up, plain_tear_down)

#endif
