/* SPDX-License-Identifier: Apache-2.0
 * Response primitives in JSON form. TS-0004 6.4.2, 8.4.2. */
#include "prim_test.h"

#define CLAUSE "TS-0004 6.4.2"

static const char everything[] =
    "{\"rsc\":2000,\"rqi\":\"r1\",\"pc\":{\"m2m:cin\":{\"con\":\"x\"}},\"to\":\"Ca\","
    "\"fr\":\"/id-in\",\"ot\":\"20240101T000000,25\",\"rset\":\"5000\",\"ec\":2,\"cnst\":1,"
    "\"cnot\":21,\"rvi\":\"3\",\"vsi\":\"v\"}";

/* TS-0004 6.4.2 */
static void there_and_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_response r;
    expect_status(prim_response_decode(parse(everything, arena), arena, &r), STATUS_OK);
    assert_int_equal(r.rsc, 2000);
    expect_text(r.request_identifier, "r1");
    assert_true(r.has_content_status);
    assert_int_equal(r.content_status, 1);
    assert_int_equal(r.content_offset, 21);
    assert_int_equal(r.format, PRIM_JSON);
    assert_false(r.target_removal_request);
    expect_json(prim_response_encode(&r, arena), everything);
    arena_free(arena);
}

/* Content is shared: encoding leaves the original in its tree. */
static void content_stays_where_it_is(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct wire_value *list = parse("[{\"m2m:cnt\":{}},{\"m2m:ae\":{}}]", arena);
    struct prim_response r = {.rsc = 2001, .content = list->first};
    expect_json(prim_response_encode(&r, arena), "{\"rsc\":2001,\"pc\":{\"m2m:cnt\":{}}}");
    expect_json(prim_response_encode(&r, arena), "{\"rsc\":2001,\"pc\":{\"m2m:cnt\":{}}}");
    expect_json(list, "[{\"m2m:cnt\":{}},{\"m2m:ae\":{}}]");
    arena_free(arena);
}

/* TS-0001 10.2.10.8: asked for beside the content, or inside the notification that answers. */
static void target_removal(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_response r;
    expect_status(prim_response_decode(parse("{\"rsc\":2000,\"trr\":true}", arena), arena, &r),
                  STATUS_OK);
    assert_true(r.target_removal_request);
    expect_status(
        prim_response_decode(parse("{\"rsc\":2000,\"pc\":{\"m2m:sgn\":{\"trr\":true}}}", arena),
                             arena, &r),
        STATUS_OK);
    assert_true(r.target_removal_request);
    expect_status(
        prim_response_decode(parse("{\"rsc\":2000,\"pc\":{\"m2m:sgn\":{\"trr\":false}}}", arena),
                             arena, &r),
        STATUS_OK);
    assert_false(r.target_removal_request);
    arena_free(arena);
}

static void members_without_function_are_read_over(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_response r;
    expect_status(
        prim_response_decode(parse("{\"rsc\":4103,\"tqf\":{},\"asri\":true,\"ati\":[]}", arena),
                             arena, &r),
        STATUS_OK);
    expect_json(prim_response_encode(&r, arena), "{\"rsc\":4103}");
    arena_free(arena);
}

/* TS-0004 6.4.2 */
static void what_a_response_may_not_say(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "{}",
        "{\"rqi\":\"x\"}",
        "{\"rsc\":\"2000\"}",
        "{\"rsc\":0}",
        "{\"rsc\":999}",
        "{\"rsc\":67536}",
        "{\"rsc\":2000,\"xx\":1}",
        "{\"rsc\":2000,\"op\":1}",
        "{\"rsc\":2000,\"pc\":[]}",
        "{\"rsc\":2000,\"rqi\":\"a\\nb\"}",
        "{\"rsc\":2000,\"cnst\":3}",
        "{\"rsc\":2000,\"cnot\":0}",
        "{\"rsc\":2000,\"ot\":\"x\"}",
        "{\"rsc\":2000,\"trr\":1}",
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct prim_response r = {.rsc = 1};
        status s = prim_response_decode(parse(bad[i], arena), arena, &r);
        if (!status_is(s, STATUS_BAD_REQUEST)) {
            fail_msg("%s: %s", bad[i], status_name(s));
        }
        assert_int_equal(r.rsc, 1);
    }
    arena_free(arena);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct arena *source = arena_new(1 << 20);
    const struct wire_value *object = parse(everything, source);
    bool done = false;
    for (size_t limit = 8; !done; limit += 8) {
        struct arena *arena = arena_new(limit);
        struct prim_response r;
        status s = prim_response_decode(object, arena, &r);
        if (is_ok(s)) {
            done = prim_response_encode(&r, arena) != NULL;
        } else {
            expect_status(s, STATUS_NO_MEMORY);
        }
        arena_free(arena);
        assert_true(limit < 1 << 18);
    }
    arena_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(content_stays_where_it_is),
        cmocka_unit_test(target_removal),
        cmocka_unit_test(members_without_function_are_read_over),
        cmocka_unit_test(what_a_response_may_not_say),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
