/* SPDX-License-Identifier: Apache-2.0
 * Parameters against operations and each other. TS-0004 Table 7.2.1.1-1, 7.3.2.1; TS-0001 Table
 * 8.1.2-1. */
#include "prim_test.h"

#define CLAUSE "TS-0004 7.3.2.1"

/* Requests of each operation with nothing but what they must have. */
static const char *const bare[] = {
    [PRIM_CREATE] = "\"op\":1,\"to\":\"a\",\"fr\":\"Ca\",\"rqi\":\"1\",\"rvi\":\"3\",\"ty\":3,"
                    "\"pc\":{\"m2m:cnt\":{}}",
    [PRIM_RETRIEVE] = "\"op\":2,\"to\":\"a\",\"fr\":\"Ca\",\"rqi\":\"1\",\"rvi\":\"3\"",
    [PRIM_UPDATE] = "\"op\":3,\"to\":\"a\",\"fr\":\"Ca\",\"rqi\":\"1\",\"rvi\":\"3\","
                    "\"pc\":{\"m2m:cnt\":{}}",
    [PRIM_DELETE] = "\"op\":4,\"to\":\"a\",\"fr\":\"Ca\",\"rqi\":\"1\",\"rvi\":\"3\"",
    [PRIM_NOTIFY] = "\"op\":5,\"to\":\"a\",\"fr\":\"Ca\",\"rqi\":\"1\",\"rvi\":\"3\","
                    "\"pc\":{\"m2m:sgn\":{}}",
};

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    arena = NULL;
    return 0;
}

static struct prim_request request_with(enum prim_operation operation, const char *more)
{
    struct prim_request r;
    struct bytes text =
        arena_printf(arena, "{%s%s%s}", bare[operation], more[0] == '\0' ? "" : ",", more);
    expect_status(prim_request_decode(parse(text.ptr, arena), arena, &r), STATUS_OK);
    return r;
}

static enum status_code check(enum prim_operation operation, const char *more)
{
    struct prim_request r = request_with(operation, more);
    return prim_request_check(&r).code;
}

static void bare_requests_pass(void **state)
{
    (void)state;
    for (enum prim_operation op = PRIM_CREATE; op <= PRIM_NOTIFY; op++) {
        assert_int_equal(check(op, ""), STATUS_OK);
    }
}

static void result_content_by_operation(void **state)
{
    (void)state;
    /* columns: C R U D, RETRIEVE with fu 1; 's' semantic content, which is not there */
    static const char *const table[] = {
        /*  0 */ "x.xx.", /*  1 */ "xxxx.", /*  2 */ "x....", /*  3 */ "x....",
        /*  4 */ ".x.x.", /*  5 */ ".x.x.", /*  6 */ ".x.xx", /*  7 */ ".x...",
        /*  8 */ ".x.x.", /*  9 */ "x.x..", /* 10 */ ".s...",
    };
    for (unsigned rcn = 0; rcn < ARRAY_LEN(table); rcn++) {
        for (unsigned column = 0; column < 5; column++) {
            bool discovery = column == 4;
            enum prim_operation op =
                discovery ? PRIM_RETRIEVE : (enum prim_operation)(column + PRIM_CREATE);
            struct bytes more =
                arena_printf(arena, "\"rcn\":%u%s", rcn, discovery ? ",\"fc\":{\"fu\":1}" : "");
            char cell = table[rcn][column];
            enum status_code want = cell == 'x'   ? STATUS_OK
                                    : cell == 's' ? STATUS_NOT_IMPLEMENTED
                                                  : STATUS_BAD_REQUEST;
            enum status_code got = check(op, more.ptr);
            if (got != want) {
                fail_msg("rcn %u in column %u: %s", rcn, column, status_name((status){got}));
            }
        }
    }
    struct prim_request r = request_with(PRIM_RETRIEVE, "");
    r.result_content = (enum prim_result_content)40;
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
}

static void presence_by_operation(void **state)
{
    (void)state;
    /* TS-0004 Table 7.2.1.1-1, the cells that say NP: operations as a string of C R U D N */
    static const struct {
        const char *member, *refused_by;
    } rows[] = {
        {"\"ty\":3", "RUDN"},
        {"\"pc\":{\"m2m:cnt\":{}}", "D"},
        {"\"rp\":\"1000\"", "N"},
        {"\"rcn\":1", "N"},
        {"\"fc\":{\"lbl\":[\"a\"]}", "CN"},
        {"\"fc\":{}", "CN"},
        {"\"drt\":1", "CUDN"},
        {"\"grtm\":[\"a\"]", "N"},
        {"\"asi\":true", "N"},
        {"\"aus\":[\"s\"]", "N"},
        {"\"auri\":false", "N"},
        {"\"sqi\":false", "CUDN"},
        {"\"ot\":\"20240101T000000\"", ""},
        {"\"rqet\":\"1000\"", ""},
        {"\"rset\":\"1000\"", ""},
        {"\"oet\":\"1000\"", ""},
        {"\"rt\":{\"rtv\":3}", ""},
        {"\"ec\":2", ""},
        {"\"da\":true", ""},
        {"\"gid\":\"g\"", ""},
        {"\"rids\":[\"a@b\"]", ""},
        {"\"tkns\":[\"a\"]", ""},
        {"\"tids\":[\"a\"]", ""},
        {"\"ltids\":[\"a\"]", ""},
        {"\"tqi\":true", ""},
        {"\"vsi\":\"a\"", ""},
    };
    static const char letters[] = " CRUDN";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (enum prim_operation op = PRIM_CREATE; op <= PRIM_NOTIFY; op++) {
            struct bytes member = bytes_str(rows[i].member);
            bool has_it = bytes_contains(bytes_str(bare[op]), bytes_slice(member, 0, 5));
            bool retrieve_content =
                op == PRIM_RETRIEVE && bytes_starts_with(member, BYTES("\"pc\""));
            if (has_it || retrieve_content) {
                continue;
            }
            bool refused = bytes_find(bytes_str(rows[i].refused_by), letters[op]) <
                           bytes_str(rows[i].refused_by).len;
            enum status_code got = check(op, rows[i].member);
            if (got != (refused ? STATUS_BAD_REQUEST : STATUS_OK)) {
                fail_msg("%s with %s: %s", rows[i].member, prim_operation_name(op),
                         status_name((status){got}));
            }
        }
    }
}

static void what_must_be_there(void **state)
{
    (void)state;
    struct prim_request r;
    for (enum prim_operation op = PRIM_CREATE; op <= PRIM_NOTIFY; op++) {
        r = request_with(op, "");
        r.to = BYTES("");
        expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
        r = request_with(op, "");
        r.to = BYTES_NONE;
        expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
        r = request_with(op, "");
        r.request_identifier = BYTES("");
        expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
        r = request_with(op, "");
        r.from = BYTES_NONE; /* an AE may ask for its first identifier */
        expect_status(prim_request_check(&r), op == PRIM_CREATE ? STATUS_OK : STATUS_BAD_REQUEST);
        r = request_with(op, "");
        bool needs_content = r.content != NULL;
        r.content = NULL;
        expect_status(prim_request_check(&r), needs_content ? STATUS_BAD_REQUEST : STATUS_OK);
        r = request_with(op, "");
        r.release_version = BYTES_NONE; /* the receiver's to say */
        expect_status(prim_request_check(&r), STATUS_OK);
    }
    r = request_with(PRIM_CREATE, "");
    r.has_resource_type = false;
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_CREATE, "");
    r.operation = PRIM_NO_OPERATION;
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r.operation = (enum prim_operation)6;
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
}

static void response_types(void **state)
{
    (void)state;
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":1}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":2,\"nu\":[]}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":4}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":5}"), STATUS_NOT_IMPLEMENTED);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":1,\"nu\":[\"x\"]}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rt\":{\"rtv\":3,\"nu\":[]}"), STATUS_BAD_REQUEST);
}

static void filters(void **state)
{
    (void)state;
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"lvl\":2}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":2}"), STATUS_OK);
    assert_int_equal(check(PRIM_UPDATE, "\"fc\":{\"fu\":2}"), STATUS_OK);
    assert_int_equal(check(PRIM_UPDATE, "\"fc\":{\"fu\":1}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_DELETE, "\"fc\":{\"fu\":1}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_DELETE, "\"fc\":{\"lvl\":1}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":3}"), STATUS_NOT_IMPLEMENTED);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"smf\":[\"x\"]}"), STATUS_NOT_IMPLEMENTED);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"cfs\":1,\"cfq\":\"$\"}"),
                     STATUS_NOT_IMPLEMENTED);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"arp\":\"a/la\"}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"arp\":\"/a\"}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"arp\":\"a//b\"}"),
                     STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"arp\":\"../a\"}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1,\"arp\":\"\"}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"sqi\":true"), STATUS_NOT_IMPLEMENTED);
    assert_int_equal(check(PRIM_RETRIEVE, "\"sqi\":false"), STATUS_OK);
}

static void partial_retrieve(void **state)
{
    (void)state;
    const char *list = "\"pc\":{\"m2m:atrl\":[\"rn\"]}";
    assert_int_equal(check(PRIM_RETRIEVE, list), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"pc\":{\"m2m:cnt\":{}}"), STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rcn\":1,\"pc\":{\"m2m:atrl\":[\"rn\"]}"), STATUS_OK);
    assert_int_equal(check(PRIM_RETRIEVE, "\"rcn\":4,\"pc\":{\"m2m:atrl\":[\"rn\"]}"),
                     STATUS_BAD_REQUEST);
    assert_int_equal(check(PRIM_RETRIEVE, "\"fc\":{\"fu\":1},\"pc\":{\"m2m:atrl\":[\"rn\"]}"),
                     STATUS_BAD_REQUEST);
    static const enum prim_operation others[] = {PRIM_CREATE, PRIM_UPDATE, PRIM_DELETE,
                                                 PRIM_NOTIFY};
    struct prim_request r;
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        r = request_with(others[i], "");
        r.to = BYTES("a#lbl");
        expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    }
    r = request_with(PRIM_RETRIEVE, "");
    r.to = BYTES("a#lbl");
    expect_status(prim_request_check(&r), STATUS_OK);
    r = request_with(PRIM_RETRIEVE, list);
    r.to = BYTES("a#lbl");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_RETRIEVE, "\"rcn\":6");
    r.to = BYTES("a#lbl");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_DELETE, "");
    expect_status(prim_request_set(&r, BYTES("atrl"), BYTES("rn"), arena), STATUS_OK);
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
}

/* What a binding has put in place itself is looked at here. */
static void texts_of_bindings(void **state)
{
    (void)state;
    struct prim_request r = request_with(PRIM_RETRIEVE, "");
    r.request_identifier = BYTES("a\r\nb");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_RETRIEVE, "");
    r.vendor_information = BYTES("\xff");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_RETRIEVE, "");
    r.request_expiration = BYTES("tomorrow");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_RETRIEVE, "");
    r.originating_timestamp = BYTES("1000");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
    r = request_with(PRIM_RETRIEVE, "");
    r.result_persistence = BYTES("P1Y");
    expect_status(prim_request_check(&r), STATUS_BAD_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bare_requests_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(result_content_by_operation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(presence_by_operation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_must_be_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(response_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(partial_retrieve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_of_bindings, set_up, tear_down),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
