/* SPDX-License-Identifier: Apache-2.0
 * What is refused before anything is looked at. CLAUSE("TS-0004 7.3.2.1") */
#include "serve_tree.h"

static void expect(struct ask *ask, unsigned rsc)
{
    ask_expect(ask, rsc);
    ask_free(ask);
}

static struct ask *retrieve(struct world *world)
{
    return ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL);
}

static void releases(void **state)
{
    static const struct {
        const char *rvi;
        unsigned rsc;
    } rows[] = {{"2a", 2000}, {"3", 2000}, {"4", 2000}, {"1", 4001}, {"9", 4001}, {"", 4000}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ask *ask = retrieve(*state);
        ask->call.request.release_version = bytes_str(rows[i].rvi);
        expect(ask, rows[i].rsc);
    }
}

/* decisions 24 */
static void the_first_release(void **state)
{
    struct world *world = *state;
    world_close(world);
    world->config.accept_missing_rvi = true;
    world_open(world);
    world_open_worker(world);
    struct ask *ask = retrieve(world);
    ask->call.request.release_version = BYTES_NONE;
    ask_expect(ask, 2000);
    assert_int_equal(ask->call.response.release_version.len, 0);
    ask_free(ask);
}

static void times(void **state)
{
    struct ask *ask = retrieve(*state);
    ask->call.request.request_expiration = BYTES("20231114T221319");
    expect(ask, 4008);
    ask = retrieve(*state);
    ask->call.request.request_expiration = BYTES("tomorrow");
    expect(ask, 4000);
    ask = retrieve(*state);
    ask->call.request.request_expiration = BYTES("5000");
    expect(ask, 2000);
    ask = retrieve(*state);
    ask->call.request.result_expiration = BYTES("20231114T221319");
    expect(ask, 4008);
    ask = retrieve(*state);
    ask->call.request.request_expiration = BYTES("5000");
    ask->call.request.result_expiration = BYTES("4000");
    expect(ask, 4000);
    ask = retrieve(*state);
    ask->call.request.operation_execution_time = BYTES("6000");
    ask->call.request.request_expiration = BYTES("5000");
    expect(ask, 4008);
}

/* CLAUSE("TS-0004 7.3.3.5"): nothing happens before the operation execution time */
static void later(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_new(world, PRIM_CREATE, "CAdmin", "cse-in",
                              "{'m2m:cnt':{'rn':'box','acpi':['cse-in/acp']}}");
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = TYPE_CONTAINER;
    ask->call.request.operation_execution_time = BYTES("20231114T221325");
    ask_send(ask);
    world_advance(world, 4 * USEC_PER_SEC);
    assert_false(ask->done);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
    world_advance(world, 2 * USEC_PER_SEC);
    assert_true(ask->done);
    assert_int_equal(ask->call.response.rsc, 2001);
    answer_is(ask, "m2m:cnt", "ct", "'20231114T221325'");
    ask_free(ask);
    ask = retrieve(world);
    ask->call.request.operation_execution_time = BYTES("20231114T221300"); /* past: at once */
    expect(ask, 2000);
}

static void nobody_waits_for_who_left(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_new(world, PRIM_DELETE, "CAdmin", "cse-in/acp", NULL);
    ask->call.request.operation_execution_time = BYTES("60000");
    ask_send(ask);
    world_turn(world);
    struct prim_link *link = serve_worker_link(world->worker);
    link->cancel(link, &ask->call);
    world_turn(world);
    assert_true(ask->done);
    assert_int_equal(ask->call.transport.code, STATUS_CANCELLED);
    ask_free(ask);
    world_advance(world, 70 * USEC_PER_SEC);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/acp", NULL, 2000); /* was not deleted */
}

static void unsupported_parameters(void **state)
{
    static const struct bytes one[] = {{"x", 1}};
    struct ask *ask = retrieve(*state);
    ask->call.request.tokens = (struct prim_texts){.items = one, .count = 1};
    expect(ask, 5001);
    ask = retrieve(*state);
    ask->call.request.role_ids = (struct prim_texts){.items = one, .count = 1};
    expect(ask, 5001);
    ask = retrieve(*state);
    ask->call.request.token_request_indicator = true;
    expect(ask, 5001);
    ask = retrieve(*state);
    ask->call.request.has_delivery_aggregation = true;
    ask->call.request.delivery_aggregation = true;
    expect(ask, 5001);
    ask = retrieve(*state);
    ask->call.request.accept_given = true;
    expect(ask, 5207);
}

static void a_create_says_what(void **state)
{
    struct ask *ask = ask_new(*state, PRIM_CREATE, "CAdmin", "cse-in", "{'m2m:cnt':{}}");
    expect(ask, 4000); /* no ty */
    create_one(*state, "CAdmin", "cse-in", 999, "{'m2m:cnt':{}}", 4000);
    create_one(*state, "CAdmin", "cse-in", TYPE_GROUP, "{'m2m:cnt':{}}", 4000);
    ask = ask_new(*state, PRIM_CREATE, "CAdmin", "cse-in", "{'m2m:cnt':{}}");
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = TYPE_CONTAINER;
    ask->call.request.filter.present = true;
    ask->call.request.filter.limit = 3;
    expect(ask, 4000);
    ask = retrieve(*state);
    ask->call.request.request_identifier = BYTES("");
    ask_send(ask);
    world_turn(*state);
    assert_int_equal(ask->call.response.rsc, 4000);
    ask_free(ask);
}

static void addresses_that_do_not_parse(void **state)
{
    static const char *const bad[] = {"", "//", "/", "cse-in//x", "cse-in/a b", "cse-in/*"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct ask *ask = ask_new(*state, PRIM_RETRIEVE, "CAdmin", bad[i], NULL);
        ask_send(ask);
        world_turn(*state);
        unsigned rsc = ask->call.response.rsc;
        if (rsc != 4000 && rsc != 4004) {
            fail_msg("\"%s\" gave %u", bad[i], rsc);
        }
        ask_free(ask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(releases),
        PLAIN_TEST(the_first_release),
        PLAIN_TEST(times),
        PLAIN_TEST(later),
        PLAIN_TEST(nobody_waits_for_who_left),
        PLAIN_TEST(unsupported_parameters),
        PLAIN_TEST(a_create_says_what),
        PLAIN_TEST(addresses_that_do_not_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
