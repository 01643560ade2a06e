/* SPDX-License-Identifier: Apache-2.0
 * The answer by rcn; errors. TS-0001 8.1.2, TS-0004 7.3.3.12, 7.3.3.13. */
#include "serve_tree.h"

static struct ask *create(struct world *world, enum prim_result_content rcn, const char *body)
{
    struct ask *ask = ask_new(world, PRIM_CREATE, "CAdmin", "cse-in", body);
    ask->call.request.has_resource_type = true;
    ask->call.request.resource_type = TYPE_CONTAINER;
    ask->call.request.result_content = rcn;
    ask_expect(ask, 2001);
    return ask;
}

static struct ask *update(struct world *world, enum prim_result_content rcn, const char *body)
{
    struct ask *ask = ask_new(world, PRIM_UPDATE, "CAdmin", "cse-in/a", body);
    ask->call.request.result_content = rcn;
    ask_expect(ask, 2004);
    return ask;
}

#define BODY(name) "{'m2m:cnt':{'rn':'" name "','acpi':['cse-in/acp'],'et':'20991231T000000'}}"

/* TS-0004 7.3.3.12 */
static void of_create(void **state)
{
    struct ask *ask = create(*state, PRIM_RCN_ABSENT, BODY("a"));
    answer_is(ask, "m2m:cnt", "rn", "'a'");
    assert_true(bytes_is(ask->call.response.content_location, "cse-in/a"));
    ask_free(ask);
    ask = create(*state, PRIM_RCN_NOTHING, BODY("b"));
    assert_null(ask->call.response.content);
    ask_free(ask);
    ask = create(*state, PRIM_RCN_ADDRESS, BODY("c"));
    answer_is(ask, "m2m:uri", NULL, "'cse-in/c'");
    ask_free(ask);
    ask = create(*state, PRIM_RCN_ADDRESS_ATTRIBUTES, BODY("d"));
    answer_is(ask, "m2m:rce", "uri", "'cse-in/d'");
    assert_non_null(wire_get(answer_at(ask, "m2m:rce", "m2m:cnt"), BYTES("ri")));
    ask_free(ask);
    ask = create(*state, PRIM_RCN_MODIFIED_ATTRIBUTES, BODY("e"));
    answer_is(ask, "m2m:cnt", "rn", NULL);
    answer_is(ask, "m2m:cnt", "acpi", NULL);
    answer_is(ask, "m2m:cnt", "et", "'20241113T221320'"); /* not what was asked for */
    assert_non_null(answer_at(ask, "m2m:cnt", "ri"));
    ask_free(ask);
}

/* TS-0004 7.3.3.12 */
static void of_update(void **state)
{
    ask_free(create(*state, PRIM_RCN_NOTHING,
                    "{'m2m:cnt':{'rn':'a','acpi':['cse-in/acp'],"
                    "'lbl':['x'],'mni':3}}"));
    world_advance(*state, USEC_PER_SEC);
    struct ask *ask = update(*state, PRIM_RCN_MODIFIED_ATTRIBUTES,
                             "{'m2m:cnt':{'lbl':['y'],'mni':null,'et':'20991231T000000'}}");
    answer_is(ask, "m2m:cnt", NULL, "{'lt':'20231114T221321','et':'20241113T221321','st':1}");
    ask_free(ask);
    ask = update(*state, PRIM_RCN_NOTHING, "{'m2m:cnt':{'lbl':null}}");
    assert_null(ask->call.response.content);
    ask_free(ask);
    ask = update(*state, PRIM_RCN_ABSENT, "{'m2m:cnt':{'mbs':100}}");
    answer_is(ask, "m2m:cnt", "mbs", "100");
    answer_is(ask, "m2m:cnt", "lbl", NULL);
    answer_is(ask, "m2m:cnt", "mni", NULL);
    ask_free(ask);
}

/* TS-0004 7.2.1.2 */
static void every_answer_has_its_parameters(void **state)
{
    struct ask *ask = ask_new(*state, PRIM_RETRIEVE, "CAdmin", "cse-in", NULL);
    ask->call.request.result_expiration = BYTES("30000");
    ask->call.request.accept[0] = PRIM_CBOR;
    ask->call.request.accept_given = true;
    ask_expect(ask, 2000);
    assert_true(
        bytes_equal(ask->call.response.request_identifier, ask->call.request.request_identifier));
    assert_true(bytes_is(ask->call.response.release_version, "3"));
    assert_true(bytes_is(ask->call.response.result_expiration, "30000"));
    assert_int_equal(ask->call.response.format, PRIM_CBOR);
    ask_free(ask);
}

/* TS-0004 7.3.3.13. Product rule 7: a short true reason, nothing of the inside. */
static void an_error_speaks(void **state)
{
    struct ask *ask = ask_do(*state, PRIM_RETRIEVE, "CAdmin", "cse-in/zz", NULL, 4004);
    answer_is(ask, "m2m:dbg", NULL, "'not found'");
    assert_true(
        bytes_equal(ask->call.response.request_identifier, ask->call.request.request_identifier));
    ask_free(ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(of_create),
        PLAIN_TEST(of_update),
        PLAIN_TEST(every_answer_has_its_parameters),
        PLAIN_TEST(an_error_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
