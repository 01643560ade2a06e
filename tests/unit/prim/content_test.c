/* SPDX-License-Identifier: Apache-2.0
 * Media types, and bodies in every format. TS-0004 6.7, 8.3 to 8.5. */
#include "prim_test.h"

#define CLAUSE "TS-0004 6.7"

/* TS-0004 6.7 */
static void media_types(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum prim_format format;
    } rows[] = {
        {"application/json", PRIM_JSON},
        {"application/cbor", PRIM_CBOR},
        {"application/xml", PRIM_XML},
        {"application/vnd.onem2m-res+json", PRIM_JSON},
        {"application/vnd.onem2m-res+cbor", PRIM_CBOR},
        {"application/vnd.onem2m-res+xml", PRIM_XML},
        {"application/vnd.onem2m-ntfy+json", PRIM_JSON},
        {"application/vnd.onem2m-ntfy+cbor", PRIM_CBOR},
        {"application/vnd.onem2m-ntfy+xml", PRIM_XML},
        {"application/vnd.onem2m-preq+json", PRIM_JSON},
        {"application/vnd.onem2m-preq+cbor", PRIM_CBOR},
        {"application/vnd.onem2m-preq+xml", PRIM_XML},
        {"application/vnd.onem2m-prsp+json", PRIM_JSON},
        {"application/vnd.onem2m-prsp+cbor", PRIM_CBOR},
        {"application/vnd.onem2m-prsp+xml", PRIM_XML},
        {"Application/JSON", PRIM_JSON},
        {"application/json;ty=3", PRIM_JSON},
        {" application/json ; charset=utf-8 ; ty=3", PRIM_JSON},
        {"", PRIM_FORMAT_NONE},
        {"application/", PRIM_FORMAT_NONE},
        {"application/jsonx", PRIM_FORMAT_NONE},
        {"text/json", PRIM_FORMAT_NONE},
        {"*/*", PRIM_FORMAT_NONE},
        {"application/vnd.onem2m-xxx+json", PRIM_FORMAT_NONE},
        {";application/json", PRIM_FORMAT_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(prim_format_of(bytes_str(rows[i].text)), rows[i].format);
    }
    assert_int_equal(prim_format_of(BYTES_NONE), PRIM_FORMAT_NONE);
    assert_string_equal(prim_media_type(PRIM_JSON), "application/json");
    assert_string_equal(prim_media_type(PRIM_CBOR), "application/cbor");
    assert_string_equal(prim_media_type(PRIM_XML), "application/xml");
}

static const char json[] = "{\"m2m:cnt\":{\"rn\":\"a\",\"lbl\":[\"x\",\"y\"],\"mni\":5}}";

/* TS-0004 8.3.1, 8.4.2, 8.5.1: one content, whatever the format */
static void every_format_there_and_back(void **state)
{
    (void)state;
    struct limits limits;
    limits_init(&limits);
    struct arena *arena = arena_new(1 << 20);
    for (enum prim_format format = PRIM_JSON; format <= PRIM_XML; format++) {
        struct buf out;
        struct wire_value *back = NULL;
        buf_init(&out, 1 << 16);
        expect_status(prim_content_encode(format, parse(json, arena), arena, &out), STATUS_OK);
        expect_status(prim_content_decode(format, buf_bytes(&out), &limits, arena, &back),
                      STATUS_OK);
        assert_true(wire_equal(back, parse(json, arena)));
        buf_fini(&out);
    }
    arena_free(arena);
}

/* TS-0004 8.3.1, 8.4.2, 8.5.1 */
static void what_is_no_content(void **state)
{
    (void)state;
    static const struct {
        enum prim_format format;
        const char *body;
        enum status_code want;
    } rows[] = {
        {PRIM_JSON, "", STATUS_BAD_REQUEST},
        {PRIM_JSON, "{", STATUS_BAD_REQUEST},
        {PRIM_JSON, "{\"m2m:cnt\":{}}x", STATUS_BAD_REQUEST},
        {PRIM_JSON, "{\"m2m:cnt\":{\"a\":1,\"a\":2}}", STATUS_BAD_REQUEST},
        {PRIM_JSON, "{}", STATUS_BAD_REQUEST},
        {PRIM_JSON, "[]", STATUS_BAD_REQUEST},
        {PRIM_JSON, "1", STATUS_BAD_REQUEST},
        {PRIM_JSON, "null", STATUS_BAD_REQUEST},
        {PRIM_JSON, "{\"m2m:cnt\":{},\"m2m:ae\":{}}", STATUS_BAD_REQUEST},
        {PRIM_CBOR, "", STATUS_BAD_REQUEST},
        {PRIM_CBOR, "\xa1", STATUS_BAD_REQUEST},
        {PRIM_CBOR, "\x01", STATUS_BAD_REQUEST},
        {PRIM_XML, "", STATUS_BAD_REQUEST},
        {PRIM_XML, "<m2m:cnt", STATUS_BAD_REQUEST},
        {PRIM_XML, "<!DOCTYPE x><x/>", STATUS_BAD_REQUEST},
        {PRIM_FORMAT_NONE, "{\"m2m:cnt\":{}}", STATUS_UNSUPPORTED_MEDIA_TYPE},
    };
    struct limits limits;
    limits_init(&limits);
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct wire_value *content = NULL;
        status s =
            prim_content_decode(rows[i].format, bytes_str(rows[i].body), &limits, arena, &content);
        if (s.code != rows[i].want) {
            fail_msg("%s: %s", rows[i].body, status_name(s));
        }
        assert_null(content);
    }
    struct buf out;
    buf_init(&out, 100);
    expect_status(prim_content_encode(PRIM_FORMAT_NONE, parse(json, arena), arena, &out),
                  STATUS_NOT_ACCEPTABLE);
    buf_fini(&out);
    arena_free(arena);
}

static void limits_hold(void **state)
{
    (void)state;
    struct limits limits;
    struct wire_value *content;
    struct arena *arena = arena_new(1 << 20);
    limits_init(&limits);
    limits.body_size = sizeof json - 2;
    expect_status(prim_content_decode(PRIM_JSON, bytes_str(json), &limits, arena, &content),
                  STATUS_LIMIT);
    limits.body_size++;
    expect_status(prim_content_decode(PRIM_JSON, bytes_str(json), &limits, arena, &content),
                  STATUS_OK);
    limits.wire_members = 2;
    expect_status(prim_content_decode(PRIM_JSON, bytes_str(json), &limits, arena, &content),
                  STATUS_LIMIT);
    limits_init(&limits);
    limits.wire_depth = 2;
    expect_status(prim_content_decode(PRIM_JSON, bytes_str(json), &limits, arena, &content),
                  STATUS_LIMIT);
    for (enum prim_format format = PRIM_JSON; format <= PRIM_XML; format++) {
        struct buf out;
        buf_init(&out, 8);
        expect_status(prim_content_encode(format, parse(json, arena), arena, &out), STATUS_LIMIT);
        buf_fini(&out);
    }
    arena_free(arena);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct limits limits;
    limits_init(&limits);
    bool done = false;
    for (size_t limit = 8; !done; limit += 8) {
        struct arena *arena = arena_new(limit);
        struct wire_value *content;
        status s = prim_content_decode(PRIM_JSON, bytes_str(json), &limits, arena, &content);
        done = is_ok(s);
        if (!done) {
            expect_status(s, STATUS_NO_MEMORY);
        }
        arena_free(arena);
        assert_true(limit < 1 << 18);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_types),        cmocka_unit_test(every_format_there_and_back),
        cmocka_unit_test(what_is_no_content), cmocka_unit_test(limits_hold),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
