/* SPDX-License-Identifier: Apache-2.0
 * Request primitives in JSON form. TS-0004 6.4.1, 8.4.2. */
#include "prim_test.h"

#define CLAUSE "TS-0004 8.4.2"

/* The example of TS-0004 8.4.3 in our own words: a schedule is created. */
static void a_create(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    const char *text = "{\"op\":1,\"to\":\"/gw/light\",\"fr\":\"Cae1\",\"rqi\":\"A1\",\"ty\":18,"
                       "\"pc\":{\"m2m:sch\":{\"se\":{\"sce\":[\"* * * * * * *\"]}}},\"rcn\":0,"
                       "\"rvi\":\"3\"}";
    expect_status(prim_request_decode(parse(text, arena), arena, &r), STATUS_OK);
    assert_int_equal(r.operation, PRIM_CREATE);
    expect_text(r.to, "/gw/light");
    expect_text(r.from, "Cae1");
    expect_text(r.request_identifier, "A1");
    expect_text(r.release_version, "3");
    assert_true(r.has_resource_type);
    assert_int_equal(r.resource_type, 18);
    assert_int_equal(r.result_content, PRIM_RCN_NOTHING);
    assert_int_equal(r.format, PRIM_JSON);
    assert_false(r.filter.present);
    assert_non_null(wire_get(r.content, BYTES("m2m:sch")));
    expect_json(prim_request_encode(&r, arena), "{\"op\":1,\"to\":\"/gw/light\",\"fr\":\"Cae1\","
                                                "\"rqi\":\"A1\",\"ty\":18,\"pc\":{\"m2m:sch\":{"
                                                "\"se\":{\"sce\":[\"* * * * * * *\"]}}},"
                                                "\"rcn\":0,\"rvi\":\"3\"}");
    arena_free(arena);
}

static const char everything[] =
    "{\"op\":2,\"to\":\"cse-in\",\"fr\":\"Ca\",\"rqi\":\"r\",\"rids\":[\"a@b.c\"],"
    "\"ot\":\"20240101T000000\",\"rqet\":\"1000\",\"rset\":\"20300101T000000\",\"oet\":\"5\","
    "\"rt\":{\"rtv\":2,\"nu\":[\"http://h/\",\"x\"]},\"rp\":\"60000\",\"rcn\":4,\"ec\":3,"
    "\"da\":false,\"gid\":\"g1\",\"fc\":{\"crb\":\"20240101T000001\","
    "\"cra\":\"20240101T000002\",\"ms\":\"20240101T000003\",\"us\":\"20240101T000004,500000\","
    "\"sts\":5,\"stb\":0,\"exb\":\"20240101T000005\",\"exa\":\"20240101T000006\","
    "\"lbl\":[\"a\",\"k:v\"],\"clbl\":[\"b\"],\"palb\":[\"c\"],\"lbq\":\"k EQ v\",\"ty\":[2,3],"
    "\"chty\":[4],\"pty\":[5],\"sza\":0,\"szb\":10,\"cty\":[\"text/plain\"],"
    "\"atr\":[{\"nm\":\"cr\",\"val\":\"Sam*\"},{\"nm\":\"mni\",\"val\":3}],"
    "\"catr\":[{\"nm\":\"rn\",\"val\":\"x\"}],\"patr\":[{\"nm\":\"rn\",\"val\":\"y\"}],\"fu\":2,"
    "\"lim\":7,\"fo\":2,\"lvl\":1,\"ofst\":9,\"arp\":\"x/la\"},\"drt\":2,\"tkns\":[\"t\"],"
    "\"tids\":[\"u\"],\"ltids\":[\"v\"],\"tqi\":true,\"grtm\":[\"w\"],\"sqi\":false,"
    "\"rvi\":\"2a\",\"vsi\":\"me\"}";

/* TS-0004 6.4.1 */
static void every_parameter_there_and_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    expect_status(prim_request_decode(parse(everything, arena), arena, &r), STATUS_OK);
    assert_int_equal(r.response_type, PRIM_NON_BLOCKING_ASYNCH);
    assert_true(r.has_notification_uris);
    assert_int_equal(r.notification_uris.count, 2);
    assert_int_equal(r.result_content, 4);
    assert_true(r.has_delivery_aggregation);
    assert_true(r.has_semantic_query_indicator);
    assert_true(r.filter.present);
    assert_int_equal(r.filter.state_tag_bigger, 0);
    assert_int_equal(r.filter.size_above, 0);
    assert_int_equal(r.filter.level, 1);
    assert_int_equal(r.filter.resource_types.items[1], 3);
    assert_int_equal(r.filter.attributes.count, 2);
    expect_text(r.filter.attributes.items[0].name, "cr");
    assert_int_equal(r.filter.attributes.items[1].value->kind, WIRE_INT);
    assert_int_equal(r.filter.unmodified_since % USEC_PER_SEC, 500000);
    expect_json(prim_request_encode(&r, arena), everything);
    arena_free(arena);
}

static void absent_members_are_told(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    expect_status(prim_request_decode(parse("{\"op\":4}", arena), arena, &r), STATUS_OK);
    assert_int_equal(r.result_content, PRIM_RCN_ABSENT);
    assert_int_equal(r.response_type, PRIM_RT_ABSENT);
    assert_null(r.from.ptr);
    assert_false(r.has_resource_type);
    assert_false(r.filter.present);
    assert_int_equal(r.filter.level, -1);
    assert_int_equal(r.filter.size_below, -1);
    assert_int_equal(r.filter.state_tag_smaller, -1);
    assert_int_equal(r.format, PRIM_FORMAT_NONE);
    expect_json(prim_request_encode(&r, arena), "{\"op\":4}");
    arena_free(arena);
}

/* TS-0004 6.4.1, 6.3.5.8 */
static void what_a_request_may_not_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status_code want;
    } rows[] = {
        {"[]", STATUS_BAD_REQUEST},
        {"{}", STATUS_BAD_REQUEST},
        {"{\"op\":0}", STATUS_BAD_REQUEST},
        {"{\"op\":6}", STATUS_BAD_REQUEST},
        {"{\"op\":\"1\"}", STATUS_BAD_REQUEST},
        {"{\"op\":1.0}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"xyz\":1}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"to\":5}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"to\":null}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"rqi\":\"a\\u0000b\"}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"rqi\":\"a\\r\\nX-Y: z\"}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"ty\":0}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"ty\":-1}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"ty\":4294967298}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"ty\":\"3\"}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"pc\":{}}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"pc\":{\"a\":1,\"b\":2}}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"pc\":\"x\"}", STATUS_BAD_REQUEST},
        {"{\"op\":1,\"pc\":null}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rcn\":11}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rcn\":255}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rcn\":-1}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rt\":3}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rt\":{}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rt\":{\"rtv\":6}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rt\":{\"rtv\":2,\"nu\":\"x\"}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rt\":{\"rtv\":2,\"xx\":1}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"ot\":\"yesterday\"}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"ot\":\"1000\"}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rqet\":\"soon\"}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rqet\":true}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"ec\":1}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"ec\":99}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"ec\":1000}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"da\":1}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"drt\":3}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rids\":\"a@b\"}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"rids\":[1]}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":[]}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"xx\":1}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"fu\":0}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"fu\":4}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"fo\":3}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"ty\":3}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"ty\":[\"3\"]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"ty\":[70000]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"lvl\":0}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"ofst\":0}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"lim\":-1}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"sts\":0}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"crb\":\"20241301T000000\"}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"lbl\":[null]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":{\"nm\":\"cr\",\"val\":\"x\"}}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[{\"nm\":\"cr\"}]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[{\"nm\":\"cr\",\"val\":[]}]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[{\"nm\":\"cr\",\"val\":null}]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[{\"nm\":\"nosuch\",\"val\":1}]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[{\"nm\":\"ct\",\"val\":1}]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"atr\":[5]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"fc\":{\"ops\":1}}", STATUS_NOT_IMPLEMENTED},
        {"{\"op\":2,\"fc\":{\"smf\":null}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"omr\":[\"x\"]}", STATUS_NOT_IMPLEMENTED},
        {"{\"op\":2,\"pc\":{\"m2m:atrl\":[]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"pc\":{\"m2m:atrl\":[\"a b\"]}}", STATUS_BAD_REQUEST},
        {"{\"op\":2,\"pc\":{\"m2m:atrl\":\"rn\"}}", STATUS_BAD_REQUEST},
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct prim_request r = {.operation = PRIM_NOTIFY};
        status s = prim_request_decode(parse(rows[i].text, arena), arena, &r);
        if (s.code != rows[i].want) {
            fail_msg("%s: %s", rows[i].text, status_name(s));
        }
        assert_int_equal(r.operation, PRIM_NOTIFY); /* outputs are written on success only */
    }
    arena_free(arena);
}

/* TS-0004 7.3.3.17.9: attributes that have conditions of their own take no pairs, wherever asked */
static void attributes_with_conditions_of_their_own(void **state)
{
    (void)state;
    static const char *const tags[] = {"atr", "catr", "patr"};
    static const char *const names[] = {"ct", "lt", "st", "et", "lbl", "ty", "cs", "cnf"};
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(tags) * ARRAY_LEN(names); i++) {
        const char *tag = tags[i / ARRAY_LEN(names)];
        struct prim_request r;
        struct bytes text =
            arena_printf(arena, "{\"op\":2,\"fc\":{\"%s\":[{\"nm\":\"%s\",\"val\":\"x\"}]}}", tag,
                         names[i % ARRAY_LEN(names)]);
        expect_status(prim_request_decode(parse(text.ptr, arena), arena, &r), STATUS_BAD_REQUEST);
        text =
            arena_printf(arena, "{\"op\":2,\"fc\":{\"%s\":[{\"nm\":\"cr\",\"val\":\"x\"}]}}", tag);
        expect_status(prim_request_decode(parse(text.ptr, arena), arena, &r), STATUS_OK);
    }
    arena_free(arena);
}

static void named_but_without_function(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    expect_status(prim_request_decode(parse("{\"op\":2,\"asi\":true,\"aus\":[\"s\"],\"fc\":{"
                                            "\"smf\":[\"SELECT\"],\"cfs\":1,\"cfq\":\"$\"}}",
                                            arena),
                                      arena, &r),
                  STATUS_OK);
    assert_true(r.has_authorization_signature);
    assert_true(r.filter.has_semantics);
    assert_true(r.filter.has_content_filter);
    arena_free(arena);
}

/* TS-0004 7.3.3.6 */
static void partial_retrieve(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    const char *text = "{\"op\":2,\"pc\":{\"m2m:atrl\":[\"rn\",\"lbl\"]}}";
    expect_status(prim_request_decode(parse(text, arena), arena, &r), STATUS_OK);
    assert_int_equal(r.attribute_list.count, 2);
    expect_text(r.attribute_list.items[1], "lbl");
    assert_null(r.content);
    expect_json(prim_request_encode(&r, arena), text);
    arena_free(arena);
}

/* Every allocation that can fail does, once. */
static void no_memory_is_told(void **state)
{
    (void)state;
    struct arena *source = arena_new(1 << 20);
    const struct wire_value *object = parse(everything, source);
    bool done = false;
    for (size_t limit = 8; !done; limit += 8) {
        struct arena *arena = arena_new(limit);
        struct prim_request r;
        assert_non_null(arena);
        status s = prim_request_decode(object, arena, &r);
        if (is_ok(s)) {
            done = prim_request_encode(&r, arena) != NULL;
        } else {
            expect_status(s, STATUS_NO_MEMORY);
        }
        arena_free(arena);
        assert_true(limit < 1 << 18);
    }
    arena_free(source);
}

static void operation_names(void **state)
{
    (void)state;
    assert_string_equal(prim_operation_name(PRIM_CREATE), "CREATE");
    assert_string_equal(prim_operation_name(PRIM_NOTIFY), "NOTIFY");
    assert_string_equal(prim_operation_name((enum prim_operation)99), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_create),
        cmocka_unit_test(every_parameter_there_and_back),
        cmocka_unit_test(absent_members_are_told),
        cmocka_unit_test(what_a_request_may_not_say),
        cmocka_unit_test(attributes_with_conditions_of_their_own),
        cmocka_unit_test(named_but_without_function),
        cmocka_unit_test(partial_retrieve),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(operation_names),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
