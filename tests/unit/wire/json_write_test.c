/* SPDX-License-Identifier: Apache-2.0
 * Trees as compact JSON. */
#include <math.h>

#include "wire_check.h"

static void escapes_what_must_be(void **state)
{
    struct check *check = *state;
    struct wire_value *value =
        wire_string(check->arena, BYTES("\0\x01\x1f \"\\/\b\f\n\r\t\x7f\xc3\xa9z"));
    assert_text(check_json(check, value),
                "\"\\u0000\\u0001\\u001f \\\"\\\\/\\b\\f\\n\\r\\t\x7f\xc3\xa9z\"");
    struct wire_value *o = wire_object(check->arena);
    (void)wire_add(o, BYTES("a\"b"), wire_null(check->arena));
    (void)wire_add(o, BYTES("\n"), wire_null(check->arena));
    assert_text(check_json(check, o), "{\"a\\\"b\":null,\"\\n\":null}");
}

static void every_string_reads_back(void **state)
{
    struct check *check = *state;
    char text[4] = "abcd";
    for (int c = 0; c < 128; c++) {
        for (int at = 0; at < 4; at++) {
            text[at] = (char)c;
            struct wire_value *value = wire_string(check->arena, bytes_of(text, 4));
            struct bytes json = arena_dup(check->arena, check_json(check, value));
            assert_true(wire_equal(check_decode(check, WIRE_JSON, json), value));
            text[at] = 'x';
        }
    }
}

static enum status_code write_status(const struct wire_value *value, size_t limit)
{
    struct buf out;
    buf_init(&out, limit);
    wire_encode(WIRE_JSON, value, &out);
    enum status_code code = buf_check(&out).code;
    buf_fini(&out);
    return code;
}

static void refuses_what_json_cannot_say(void **state)
{
    struct check *check = *state;
    struct arena *a = check->arena;
    assert_int_equal(write_status(wire_real(a, (double)NAN), 100), STATUS_SYNTAX);
    assert_int_equal(write_status(wire_real(a, (double)-INFINITY), 100), STATUS_SYNTAX);
    assert_int_equal(write_status(wire_string(a, BYTES("\xff")), 100), STATUS_SYNTAX);
    assert_int_equal(write_status(wire_string(a, BYTES("\n\xc3")), 100), STATUS_SYNTAX);
    struct wire_value *o = wire_object(a);
    (void)wire_add(o, BYTES("\xed\xa0\x80"), wire_null(a));
    assert_int_equal(write_status(o, 100), STATUS_SYNTAX);
}

static void stops_at_the_limit(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(check, "{\"name\":[\"a\\nb\",true,-12,0.5,null]}");
    size_t length = check_json(check, value).len;
    for (size_t limit = 0; limit < length; limit++) {
        assert_int_equal(write_status(value, limit), STATUS_LIMIT);
    }
    assert_int_equal(write_status(value, length), STATUS_OK);
    mem_fail_after(1);
    assert_int_equal(write_status(value, length), STATUS_NO_MEMORY);
    mem_fail_after(0);
}

static void stops_at_the_depth(void **state)
{
    struct check *check = *state;
    struct wire_value *root = wire_array(check->arena), *at = root;
    for (int i = 1; i < WIRE_DEPTH_MOST; i++) {
        at = wire_push(at, wire_array(check->arena));
    }
    assert_int_equal(write_status(root, 10000), STATUS_OK);
    for (int i = 0; i < 100000; i++) {
        at = wire_push(at, wire_array(check->arena));
        if (i == 0) {
            assert_int_equal(write_status(root, 10000), STATUS_LIMIT);
        }
    }
    assert_int_equal(write_status(root, 1000000), STATUS_LIMIT);
}

static void appends(void **state)
{
    struct check *check = *state;
    buf_add_str(&check->out, "x");
    wire_encode(WIRE_JSON, check_parse(check, "{}"), &check->out);
    wire_encode(WIRE_JSON, check_parse(check, "[[],[{}],0]"), &check->out);
    assert_text(buf_bytes(&check->out), "x{}[[],[{}],0]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(escapes_what_must_be),         CHECK_TEST(every_string_reads_back),
        CHECK_TEST(refuses_what_json_cannot_say), CHECK_TEST(stops_at_the_limit),
        CHECK_TEST(stops_at_the_depth),           CHECK_TEST(appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
