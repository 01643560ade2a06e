/* SPDX-License-Identifier: Apache-2.0
 * Content-Type and Accept. TS-0009 6.4.2, 6.4.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

static void content_types(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum prim_format format;
        int64_t type; /* -1: none, -2: refused */
    } rows[] = {
        {"application/json", PRIM_JSON, -1},
        {"application/json;ty=4", PRIM_JSON, 4},
        {"application/vnd.onem2m-res+xml; ty=3", PRIM_XML, 3},
        {" application/cbor ; charset=utf-8 ; TY= 9 ", PRIM_CBOR, 9},
        {"text/plain;ty=4", PRIM_FORMAT_NONE, 4},
        {"", PRIM_FORMAT_NONE, -1},
        {";", PRIM_FORMAT_NONE, -1},
        {"application/json;xty=4", PRIM_JSON, -1},
        {"application/json;ty", PRIM_JSON, -2},
        {"application/json;ty=", PRIM_JSON, -2},
        {"application/json;ty=a", PRIM_JSON, -2},
        {"application/json;ty=4294967296", PRIM_JSON, -2},
        {"application/json;ty=3;ty=4", PRIM_JSON, -2},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct prim_request request;
        prim_request_init(&request);
        status accepted = http_content_type_accept(bytes_str(rows[i].text), &request);
        assert_int_equal(is_ok(accepted), rows[i].type != -2);
        assert_int_equal(request.format, rows[i].format);
        if (rows[i].type >= 0) {
            assert_true(request.has_resource_type);
            assert_int_equal(request.resource_type, rows[i].type);
        } else if (rows[i].type == -1) {
            assert_false(request.has_resource_type);
        }
    }
}

static void accepted_formats(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum prim_format first, second;
        bool refused;
    } rows[] = {
        {"application/json", PRIM_JSON, PRIM_FORMAT_NONE, false},
        {"application/json, application/xml", PRIM_JSON, PRIM_XML, false},
        {"application/json;q=0.2, application/xml;q=0.3", PRIM_XML, PRIM_JSON, false},
        {"application/json;q=0, application/xml", PRIM_XML, PRIM_FORMAT_NONE, false},
        {"*/*", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, false},
        {"application/xml;q=0.5, */*;q=0.6", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, false},
        {"application/xml, */*;q=0.6", PRIM_XML, PRIM_FORMAT_NONE, false},
        {"text/html", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, true},
        {"", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, true},
        {"application/json;q=2", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, true},
        {"application/json;q=nan", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, true},
        {",,;;,", PRIM_FORMAT_NONE, PRIM_FORMAT_NONE, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct prim_request request;
        struct http_accept accept = {0};
        prim_request_init(&request);
        http_accept_add(&accept, bytes_str(rows[i].text));
        status decided = http_accept_decide(&accept, &request);
        assert_int_equal(status_is(decided, STATUS_NOT_ACCEPTABLE), rows[i].refused);
        assert_int_equal(request.accept[0], rows[i].first);
        assert_int_equal(request.accept[1], rows[i].second);
        assert_int_equal(request.accept_given, rows[i].first != PRIM_FORMAT_NONE);
    }
    struct prim_request request;
    struct http_accept absent = {0};
    prim_request_init(&request);
    assert_true(is_ok(http_accept_decide(&absent, &request)));
    assert_false(request.accept_given);
}

static void names_of_content(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10000);
    static const struct {
        const char *member, *media;
    } rows[] = {
        {"m2m:cin", "application/vnd.onem2m-res+json"},
        {"m2m:sgn", "application/vnd.onem2m-ntfy+json"},
        {"m2m:agn", "application/vnd.onem2m-ntfy+json"},
        {"m2m:rqp", "application/vnd.onem2m-preq+json"},
        {"m2m:rsp", "application/vnd.onem2m-prsp+json"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct wire_value *content = wire_object(arena);
        assert_non_null(wire_add(content, bytes_str(rows[i].member), wire_object(arena)));
        assert_true(bytes_is(http_media_type(PRIM_JSON, content, true), rows[i].media));
        assert_true(bytes_is(http_media_type(PRIM_JSON, content, false), "application/json"));
    }
    assert_true(bytes_is(http_media_type(PRIM_XML, NULL, true), "application/vnd.onem2m-res+xml"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_types),
        cmocka_unit_test(accepted_formats),
        cmocka_unit_test(names_of_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
