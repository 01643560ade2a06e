/* SPDX-License-Identifier: Apache-2.0
 * Nodes that are kept: what makes them be looked up again, and what does not. */
#include "serve_tree.h"

#define CONTAINER "{'m2m:cnt':{'rn':'%s','acpi':['cse-in/acp']}}"

static status refusal;

/* After a change in the transaction: the whole batch is undone. */
static status created(struct exchange *x)
{
    return bytes_is(x->created.row.rn, "bad") ? refusal : OK;
}

static const struct serve_ops container_ops = {.type = TYPE_CONTAINER, .created = created};
static const struct serve_ops *const all_ops[] = {&container_ops};
static const struct serve_behaviour refusing = {.ops = all_ops, .ops_count = ARRAY_LEN(all_ops)};

static int set_up(void **state)
{
    struct world *world = world_new(&refusing);
    world_open(world);
    world_ok(serve_run_now(world->serve, plain_tree, NULL));
    world_open_worker(world);
    refusal = ERROR(NOT_ACCEPTABLE);
    *state = world;
    return 0;
}

static struct ask *container(struct world *world, const char *to, const char *name)
{
    char body[96];
    (void)snprintf(body, sizeof(body), CONTAINER, name);
    struct ask *ask = ask_new(world, PRIM_CREATE, "CAdmin", to, body);
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = TYPE_CONTAINER;
    return ask;
}

static void expect_all(struct world *world, struct ask *const *asks, const unsigned *codes,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ask_send(asks[i]);
    }
    world_turn(world);
    for (size_t i = 0; i < count; i++) {
        assert_true(asks[i]->done);
        assert_int_equal(asks[i]->call.response.rsc, codes[i]);
        ask_free(asks[i]);
    }
}

/* The second run of a batch finds what it makes itself, not what the first one made. */
static void an_undone_batch(void **state)
{
    struct world *world = *state;
    struct ask *asks[] = {container(world, "cse-in", "a"), container(world, "cse-in", "bad")};
    static const unsigned codes[] = {2001, 5207};
    expect_all(world, asks, codes, ARRAY_LEN(asks));
    struct ask *below[] = {container(world, "cse-in/a", "b"), container(world, "cse-in/bad", "c")};
    static const unsigned then[] = {2001, 4004};
    expect_all(world, below, then, ARRAY_LEN(below));
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b", NULL, 2000);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/bad", NULL, 4004);
}

struct look {
    const char *path;
    status found, again;
    bool same, has_before, has_after;
};

static status look_twice(struct exchange *x, void *user)
{
    struct look *look = user;
    struct serve_resource first, second, child;
    look->found = serve_node_by_path(x, bytes_str(look->path), &first);
    TRY(look->found);
    look->again = serve_node_by_path(x, bytes_str(look->path), &second);
    TRY(look->again);
    look->same = first.row.id == second.row.id && first.type == second.type &&
                 bytes_equal(first.row.ri, second.row.ri) &&
                 bytes_equal(first.row.path, second.row.path) &&
                 bytes_equal(first.row.body, second.row.body) &&
                 wire_equal(first.attributes, second.attributes) &&
                 first.row.ri.ptr != second.row.ri.ptr && first.attributes != second.attributes;
    TRY(serve_has_child(x, first.row.id, TYPE_CONTAINER, &look->has_before));
    TRY(serve_has_child(x, first.row.id, TYPE_CONTAINER, &look->has_before));
    struct serve_draft draft = {.parent = &second,
                                .type = type_by_number(TYPE_CONTAINER),
                                .rn = BYTES("child"),
                                .attributes = wire_object(x->arena),
                                .state_tag = 0,
                                .size = -1};
    TRY(serve_insert(x, &draft, &child));
    return serve_has_child(x, first.row.id, TYPE_CONTAINER, &look->has_after);
}

static void copies_are_whole_and_ones_own(void **state)
{
    struct world *world = *state;
    struct ask *asks[] = {container(world, "cse-in", "a")};
    static const unsigned codes[] = {2001};
    expect_all(world, asks, codes, 1);
    struct look look = {.path = "cse-in/a"};
    world_ok(serve_run_now(world->serve, look_twice, &look));
    assert_true(look.same);
    assert_false(look.has_before);
    assert_true(look.has_after);
    look.path = "cse-in/none";
    assert_true(status_is(serve_run_now(world->serve, look_twice, &look), STATUS_NOT_FOUND));
}

struct bump {
    int64_t tag, seen;
};

/* The state of a kept node is the present one. */
static status bump_state(struct exchange *x, void *user)
{
    struct bump *bump = user;
    struct serve_resource node;
    TRY(serve_node_by_path(x, BYTES("cse-in/a"), &node));
    struct store_change change = {.id = node.row.id, .set_state_tag = true, .state_tag = bump->tag};
    TRY(store_update(x->view, &change));
    TRY(serve_node_by_path(x, BYTES("cse-in/a"), &node));
    bump->seen = node.row.state_tag;
    return OK;
}

static void state_is_never_kept(void **state)
{
    struct world *world = *state;
    struct ask *asks[] = {container(world, "cse-in", "a")};
    static const unsigned codes[] = {2001};
    expect_all(world, asks, codes, 1);
    for (int64_t tag = 5; tag < 8; tag++) {
        struct bump bump = {.tag = tag};
        world_ok(serve_run_now(world->serve, bump_state, &bump));
        assert_int_equal(bump.seen, tag);
    }
}

/* More nodes than are kept at a time: the rest is looked up. */
static status many_nodes(struct exchange *x, void *user)
{
    unsigned *count = user;
    struct serve_resource parent, child;
    TRY(serve_node_by_path(x, BYTES("cse-in"), &parent));
    for (unsigned i = 0; i < *count; i++) {
        struct serve_draft draft = {.parent = &parent,
                                    .type = type_by_number(TYPE_CONTAINER),
                                    .rn = arena_printf(x->arena, "m%u", i),
                                    .attributes = wire_object(x->arena),
                                    .state_tag = 0,
                                    .size = -1};
        TRY(serve_insert(x, &draft, &child));
    }
    return OK;
}

static status visit_all(struct exchange *x, void *user)
{
    const unsigned *count = user;
    for (unsigned i = 0; i < 2 * *count; i++) {
        struct serve_resource node;
        struct bytes path = arena_printf(x->arena, "cse-in/m%u", i % *count);
        TRY(serve_node_by_path(x, path, &node));
        ENSURE(bytes_equal(node.row.path, path), STORE_FAILED, "another node");
    }
    return OK;
}

static void there_is_a_bound(void **state)
{
    struct world *world = *state;
    unsigned count = 500, half = 200;
    world_ok(serve_run_now(world->serve, many_nodes, &count));
    serve_nodes_limit(world->serve->writer_nodes, half);
    world_ok(serve_run_now(world->serve, visit_all, &count));
    assert_true(serve_nodes_count(world->serve->writer_nodes) <= half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_undone_batch, set_up, plain_tear_down),
        cmocka_unit_test_setup_teardown(copies_are_whole_and_ones_own, set_up, plain_tear_down),
        cmocka_unit_test_setup_teardown(state_is_never_kept, set_up, plain_tear_down),
        cmocka_unit_test_setup_teardown(there_is_a_bound, set_up, plain_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
