/* SPDX-License-Identifier: Apache-2.0
 * Parameters by their names in queries and headers. TS-0009 6.2.2.2, 6.4; TS-0004 6.3.5.8. */
#include "prim_test.h"

#define CLAUSE "TS-0009 6.2.2.2"

static status set(struct prim_request *r, const char *name, const char *value, struct arena *arena)
{
    return prim_request_set(r, bytes_str(name), bytes_str(value), arena);
}

static void a_query(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"rt", "1"},       {"rp", "3600000"},
        {"rcn", "6"},      {"da", "0"},
        {"fu", "1"},       {"ty", "2+3 4"},
        {"ty", "23"},      {"lbl", "a+k:v"},
        {"lbl", "b c"},    {"crb", "20240101T000000"},
        {"lim", "3"},      {"ofst", "2"},
        {"lvl", "4"},      {"drt", "2"},
        {"sqi", "true"},   {"cr", "Sam+Joe"},
        {"c.rn", "x*"},    {"p.mni", "5"},
        {"arp", "x/la"},   {"lbq", "k EQ v"},
        {"chty", "4"},     {"pty", "3"},
        {"clbl", "l"},     {"palb", "m"},
        {"tids", "t1+t2"}, {"cr", "Max"},
    };
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    prim_request_init(&r);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        expect_status(set(&r, pairs[i][0], pairs[i][1], arena), STATUS_OK);
    }
    assert_int_equal(r.response_type, PRIM_NON_BLOCKING_SYNCH);
    assert_int_equal(r.result_content, PRIM_RCN_CHILD_REFERENCES);
    assert_true(r.has_delivery_aggregation);
    assert_false(r.delivery_aggregation);
    expect_json(
        prim_request_encode(&r, arena),
        "{\"rt\":{\"rtv\":1},\"rp\":\"3600000\",\"rcn\":6,\"da\":false,\"fc\":{"
        "\"crb\":\"20240101T000000\",\"lbl\":[\"a\",\"k:v\",\"b\",\"c\"],\"clbl\":[\"l\"],"
        "\"palb\":[\"m\"],\"lbq\":\"k EQ v\",\"ty\":[2,3,4,23],\"chty\":[4],\"pty\":[3],"
        "\"atr\":[{\"nm\":\"cr\",\"val\":\"Sam+Joe\"},{\"nm\":\"cr\",\"val\":\"Max\"}],"
        "\"catr\":[{\"nm\":\"rn\",\"val\":\"x*\"}],\"patr\":[{\"nm\":\"mni\",\"val\":\"5\"}],"
        "\"fu\":1,\"lim\":3,\"lvl\":4,\"ofst\":2,\"arp\":\"x/la\"},\"drt\":2,"
        "\"tids\":[\"t1\",\"t2\"],\"sqi\":true}");
    arena_free(arena);
}

static void a_query_does_not_borrow(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    char name[] = "cr", value[] = "Sam", labels[] = "a+b";
    prim_request_init(&r);
    expect_status(prim_request_set(&r, bytes_of(name, 2), bytes_of(value, 3), arena), STATUS_OK);
    expect_status(prim_request_set(&r, BYTES("lbl"), bytes_of(labels, 3), arena), STATUS_OK);
    memset(name, 'x', 2);
    memset(value, 'x', 3);
    memset(labels, 'x', 3);
    expect_text(r.filter.attributes.items[0].name, "cr");
    expect_text(wire_get_string(r.filter.attributes.items[0].value), "Sam");
    expect_text(r.filter.labels.items[1], "b");
    arena_free(arena);
}

static void an_attribute_list_in_a_query(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    prim_request_init(&r);
    expect_status(set(&r, "atrl", "ri+lbl", arena), STATUS_OK);
    expect_status(set(&r, "atrl", "rr", arena), STATUS_OK);
    assert_int_equal(r.attribute_list.count, 3);
    expect_text(r.attribute_list.items[2], "rr");
    assert_false(r.filter.present);
    expect_status(set(&r, "atrl", "", arena), STATUS_BAD_REQUEST);
    expect_status(set(&r, "atrl", "a/b", arena), STATUS_BAD_REQUEST);
    assert_int_equal(r.attribute_list.count, 3);
    arena_free(arena);
}

static void what_a_query_may_not_say(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", "x"},       {"nosuch", "x"},
        {"c.", "x"},     {"c.nosuch", "x"},
        {"x.rn", "x"},   {"rqi", "1"},
        {"fc", "{}"},    {"rvi", "3"},
        {"rqet", "1"},   {"atr", "x"},
        {"catr", "x"},   {"ct", "x"},
        {"lt", "x"},     {"et", "x"},
        {"st", "1"},     {"cs", "1"},
        {"c.lbl", "x"},  {"p.ty", "3"},
        {"rcn", ""},     {"rcn", "11"},
        {"rcn", "x"},    {"rcn", "+1"},
        {"rcn", "-1"},   {"rcn", "1 "},
        {"rt", "0"},     {"rt", "6"},
        {"rt", "{}"},    {"rp", "P1Y"},
        {"rp", "soon"},  {"fu", "0"},
        {"fu", "4"},     {"fo", "0"},
        {"ty", ""},      {"ty", "+"},
        {"ty", "x"},     {"ty", "0"},
        {"ty", "2,3"},   {"ty", "99999999999999999999"},
        {"lbl", ""},     {"lbl", " "},
        {"lbl", "\x01"}, {"lbl", "\xff"},
        {"crb", "x"},    {"crb", "1000"},
        {"crb", ""},     {"lim", "0"},
        {"lim", "-5"},   {"ofst", "0"},
        {"lvl", "0"},    {"sza", "-1"},
        {"szb", "0"},    {"sts", "0"},
        {"drt", "3"},    {"da", "yes"},
        {"da", "TRUE"},  {"sqi", ""},
        {"cr", "\xc3"},  {"cty", ""},
        {"RCN", "1"},    {"rcn\n", "1"},
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct prim_request r;
        prim_request_init(&r);
        status s = set(&r, pairs[i][0], pairs[i][1], arena);
        if (!status_is(s, STATUS_BAD_REQUEST)) {
            fail_msg("%s=%s: %s", pairs[i][0], pairs[i][1], status_name(s));
        }
    }
    struct prim_request r;
    prim_request_init(&r);
    expect_status(set(&r, "ops", "1", arena), STATUS_NOT_IMPLEMENTED);
    arena_free(arena);
}

/* Whoever speaks is never told by a query. "fr" and "op" are also attributes' short names at most.
 */
static void a_query_never_sets_the_primitive_itself(void **state)
{
    (void)state;
    static const char *const names[] = {"op", "to", "fr", "rqi", "pc", "fc", "rvi", "gid", "tkns"};
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct prim_request r;
        prim_request_init(&r);
        (void)set(&r, names[i], "1", arena).code;
        assert_int_equal(r.operation, PRIM_NO_OPERATION);
        assert_null(r.to.ptr);
        assert_null(r.from.ptr);
        assert_null(r.request_identifier.ptr);
        assert_null(r.content);
        assert_null(r.release_version.ptr);
        assert_null(r.group_request_identifier.ptr);
        assert_int_equal(r.tokens.count, 0);
    }
    arena_free(arena);
}

static void single_values_stand_once(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"rcn", "0"},
        {"rt", "3"},
        {"da", "false"},
        {"sqi", "false"},
        {"lvl", "1"},
        {"lim", "1"},
        {"fu", "1"},
        {"sza", "0"},
        {"lbq", "a"},
        {"arp", "x"},
        {"rp", "1"},
        {"stb", "0"},
        {"crb", "19600101T000000"},
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct prim_request r;
        prim_request_init(&r);
        expect_status(set(&r, pairs[i][0], pairs[i][1], arena), STATUS_OK);
        status s = set(&r, pairs[i][0], pairs[i][1], arena);
        if (!status_is(s, STATUS_BAD_REQUEST)) {
            fail_msg("%s twice: %s", pairs[i][0], status_name(s));
        }
    }
    arena_free(arena);
}

static void headers(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct prim_request r;
    prim_request_init(&r);
    expect_status(prim_request_set_header(&r, BYTES("fr"), BYTES("Ca"), arena), STATUS_OK);
    expect_status(prim_request_set_header(&r, BYTES("ec"), BYTES("100"), arena), STATUS_OK);
    expect_status(prim_request_set_header(&r, BYTES("ty"), BYTES("3"), arena), STATUS_OK);
    expect_status(prim_request_set_header(&r, BYTES("tkns"), BYTES("a+b"), arena), STATUS_OK);
    expect_status(prim_request_set_header(&r, BYTES("rqet"), BYTES("1000"), arena), STATUS_OK);
    expect_text(r.from, "Ca");
    assert_int_equal(r.event_category, 100);
    assert_true(r.has_resource_type);
    assert_int_equal(r.tokens.count, 2);
    expect_text(r.request_expiration, "1000");
    expect_status(prim_request_set_header(&r, BYTES("fr"), BYTES("Cb"), arena), STATUS_BAD_REQUEST);
    expect_status(prim_request_set_header(&r, BYTES("ec"), BYTES("1"), arena), STATUS_BAD_REQUEST);
    expect_status(prim_request_set_header(&r, BYTES("rcn"), BYTES("1"), arena), STATUS_BAD_REQUEST);
    expect_status(prim_request_set_header(&r, BYTES("op"), BYTES("1"), arena), STATUS_BAD_REQUEST);
    expect_status(prim_request_set_header(&r, BYTES("ot"), BYTES("1"), arena), STATUS_BAD_REQUEST);
    expect_status(prim_request_set_header(&r, BYTES("omr"), BYTES("x"), arena),
                  STATUS_NOT_IMPLEMENTED);
    expect_text(r.from, "Ca");
    arena_free(arena);
}

/* Every allocation that can fail does, once. */
static void no_memory_is_told(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"lbl", "a+b"}, {"cr", "x"}, {"ty", "1"}, {"cty", "a/b+c"}, {"atrl", "a"}, {"lbq", "k"},
    };
    size_t done = 0;
    for (size_t limit = 8; done < ARRAY_LEN(pairs); limit += 8) {
        struct arena *arena = arena_new(limit);
        struct prim_request r;
        prim_request_init(&r);
        assert_non_null(arena);
        for (done = 0; done < ARRAY_LEN(pairs); done++) {
            status s = set(&r, pairs[done][0], pairs[done][1], arena);
            if (is_error(s)) {
                expect_status(s, STATUS_NO_MEMORY);
                break;
            }
        }
        arena_free(arena);
        assert_true(limit < 1 << 18);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query),
        cmocka_unit_test(a_query_does_not_borrow),
        cmocka_unit_test(an_attribute_list_in_a_query),
        cmocka_unit_test(what_a_query_may_not_say),
        cmocka_unit_test(a_query_never_sets_the_primitive_itself),
        cmocka_unit_test(single_values_stand_once),
        cmocka_unit_test(headers),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
