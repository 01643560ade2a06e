/* SPDX-License-Identifier: Apache-2.0
 * Notifications collected in the store, and the records they keep. TS-0001 10.2.10.7. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

static void ran(void *user, status result)
{
    *(status *)user = result;
}

static void run(struct world *world, status (*job)(struct exchange *x, void *user))
{
    status result = ERROR(PENDING); /* what the job gets as user and its end fills */
    world_ok(serve_run_job(world->worker, job, ran, &result));
    world_turn(world);
    world_ok(result);
}

/* ---- records ---- */

static status records(struct exchange *x, void *user)
{
    (void)user;
    struct wire_value *state;
    struct bytes name = cse_state_name(x, "sub", BYTES("sub1"));
    TRY(cse_state_load(x, name, &state));
    assert_int_equal(state->count, 0);
    TRY(cse_state_set(x, state, "many", INT64_MAX));
    TRY(cse_state_set(x, state, "few", -1));
    TRY(cse_state_save(x, name, state));
    TRY(cse_state_load(x, name, &state));
    assert_true(cse_state_int(state, "many") == INT64_MAX);
    assert_int_equal(cse_state_int(state, "few"), -1);
    assert_int_equal(cse_state_int(state, "none"), 0);
    TRY(cse_state_set(x, state, "many", 0));
    TRY(cse_state_set(x, state, "few", 0));
    TRY(cse_state_save(x, name, state)); /* an empty record is not kept */
    struct bytes stored;
    assert_true(status_is(store_value_get(x->view, name, x->arena, &stored), STATUS_NOT_FOUND));
    return cse_state_save(x, name, state);
}

static void records_are_kept_and_forgotten(void **state)
{
    run(*state, records);
}

/* ---- policies ---- */

static void policies_have_defaults(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct cse_batch_policy policy;
    world_ok(cse_batch_policy_read(ask_json(arena, "{}"), &policy));
    assert_int_equal(policy.number, 0);
    assert_int_equal(policy.duration, 60 * USEC_PER_SEC);
    world_ok(cse_batch_policy_read(ask_json(arena, "{'num':7,'dur':'PT1H'}"), &policy));
    assert_int_equal(policy.number, 7);
    assert_int_equal(policy.duration, 3600 * USEC_PER_SEC);
    assert_true(status_is(cse_batch_policy_read(ask_json(arena, "{'dur':'1 hour'}"), &policy),
                          STATUS_BAD_REQUEST));
    arena_free(arena);
}

/* ---- batches ---- */

static status collect(struct exchange *x, void *user)
{
    (void)user;
    struct bytes name = BYTES("sub/sub1");
    struct cse_batch_policy policy = {.number = 2, .duration = USEC_PER_SEC};
    uint64_t count;
    bool full;
    struct wire_value *taken;
    TRY(cse_batch_take(x, name, &taken));
    assert_int_equal(taken->count, 0);
    TRY(cse_batch_add(x, name, &policy, ask_json(x->arena, "{'n':1}"), &full));
    assert_false(full);
    TRY(cse_batch_add(x, name, &policy, ask_json(x->arena, "{'n':2}"), &full));
    assert_true(full);
    TRY(cse_batch_count(x, name, &count));
    assert_int_equal(count, 2);
    TRY(store_outbox_count(x->view, BYTES("batch sub/sub1"), &count));
    assert_int_equal(count, 1); /* its timer */
    TRY(cse_batch_take(x, name, &taken));
    assert_int_equal(taken->count, 2);
    assert_int_equal(wire_get_int(wire_get(taken->first, BYTES("n")), 0), 1);
    assert_int_equal(wire_get_int(wire_get(taken->last, BYTES("n")), 0), 2);
    TRY(store_outbox_count(x->view, BYTES("batch sub/sub1"), &count));
    assert_int_equal(count, 0);
    return cse_batch_flush(x, name); /* nothing left: nothing happens */
}

static void batches_are_taken_whole(void **state)
{
    run(*state, collect);
}

static status overfill(struct exchange *x, void *user)
{
    (void)user;
    const struct limits *limits = &serve_config_get(x->serve)->limits;
    struct cse_batch_policy policy = {.duration = USEC_PER_SEC};
    struct wire_value *notification = ask_json(x->arena, "{'n':1}");
    struct wire_value *taken;
    uint64_t count = 0;
    for (bool full = false; !full; count++) {
        TRY(cse_batch_add(x, BYTES("sub/s"), &policy, notification, &full));
    }
    assert_int_equal(count, limits->outbox_per_subscription);
    TRY(cse_batch_take(x, BYTES("sub/s"), &taken));
    char *big = arena_chars(x->arena, limits->body_size / 4);
    for (size_t i = 0; i < limits->body_size / 4; i++) {
        big[i] = 'x';
    }
    struct wire_value *large = wire_object(x->arena);
    wire_add(large, BYTES("b"), wire_string(x->arena, bytes_of(big, limits->body_size / 4)));
    count = 0;
    for (bool full = false; !full; count++) {
        TRY(cse_batch_add(x, BYTES("sub/s"), &policy, large, &full));
    }
    assert_int_equal(count, 2);
    return cse_batch_take(x, BYTES("sub/s"), &taken);
}

static void batches_have_bounds(void **state)
{
    run(*state, overfill);
}

static status flush_unknown(struct exchange *x, void *user)
{
    (void)user;
    assert_true(status_is(cse_batch_flush(x, BYTES("else/x")), STATUS_STORE_FAILED));
    TRY(cse_batch_flush(x, BYTES("sub/gone")));
    return cse_batch_flush(x, BYTES("grp/gone http://a/"));
}

static void batches_of_the_dead_go_nowhere(void **state)
{
    run(*state, flush_unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(records_are_kept_and_forgotten), cmocka_unit_test(policies_have_defaults),
        CSE_TEST(batches_are_taken_whole),        CSE_TEST(batches_have_bounds),
        CSE_TEST(batches_of_the_dead_go_nowhere),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
