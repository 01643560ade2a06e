/* SPDX-License-Identifier: Apache-2.0
 * JSON strings: escapes, UTF-8, borrowing. RFC 8259 clauses 7 and 8. */
#include "wire_check.h"

static void reads(struct check *check, const char *json, struct bytes expected)
{
    struct wire_value *value = check_parse(check, json);
    assert_int_equal(value->kind, WIRE_STRING);
    assert_true(bytes_equal(value->string, expected));
}

static void reads_escapes(void **state)
{
    struct check *check = *state;
    CLAUSE("RFC 8259 7");
    reads(check, "\"\"", BYTES(""));
    reads(check, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", BYTES("\"\\/\b\f\n\r\t"));
    reads(check, "\"a\\u0041\\u00e9\\u20AC\\ud83d\\ude00z\"",
          BYTES("aA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"));
    reads(check, "\"\\u0000\"", BYTES("\0"));
    reads(check, "\"\\uffff\\udbff\\udfff\"", BYTES("\xef\xbf\xbf\xf4\x8f\xbf\xbf"));
    reads(check, "\"plain text before \\\\ and plain text behind\"",
          BYTES("plain text before \\ and plain text behind"));
    reads(check, "\"\x7f \xc2\x80 \xf0\x9f\x98\x80\"", BYTES("\x7f \xc2\x80 \xf0\x9f\x98\x80"));
}

static void refuses_bad_escapes(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\"\\x41\"",
                                        "\"\\'\"",
                                        "\"\\u12\"",
                                        "\"\\u12g4\"",
                                        "\"\\U0041\"",
                                        "\"\\ud800\"",
                                        "\"\\udc00\"",
                                        "\"\\ud800\\u0041\"",
                                        "\"\\ud800x\"",
                                        "\"\\ud800\\n\"",
                                        "\"\\ude00\\ud83d\"",
                                        "\"\\ud83d\\ud83d\"",
                                        "\"\\u+123\"",
                                        "\"\\u 123\"",
                                        "\"\\0\""};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_refused(WIRE_JSON, bytes_str(wrong[i]), STATUS_SYNTAX);
    }
    assert_refused(WIRE_JSON, BYTES("\"\\\0\""), STATUS_SYNTAX);
}

static void refuses_control_characters(void **state)
{
    struct check *check = *state;
    for (int c = 0; c < 0x20; c++) {
        for (size_t before = 0; before < 20; before++) { /* at every place of a word */
            buf_clear(&check->out);
            buf_add_char(&check->out, '"');
            buf_add(&check->out, bytes_slice(BYTES("abcdefghijklmnopqrst"), 0, before));
            buf_add_char(&check->out, (char)c);
            buf_add_str(&check->out, "0123456789\"");
            assert_refused(WIRE_JSON, buf_bytes(&check->out), STATUS_SYNTAX);
        }
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    struct check *check = *state;
    CLAUSE("RFC 3629 3");
    static const char *const wrong[] = {"\x80",
                                        "\xbf",
                                        "\xc3",
                                        "\xc0\xaf",
                                        "\xc1\xbf",
                                        "\xe0\x9f\xbf",
                                        "\xed\xa0\x80",
                                        "\xed\xbf\xbf",
                                        "\xe2\x82",
                                        "\xf0\x8f\xbf\xbf",
                                        "\xf4\x90\x80\x80",
                                        "\xf5\x80\x80\x80",
                                        "\xf8\x88\x80\x80\x80",
                                        "\xff",
                                        "\xfe",
                                        "\xc3(",
                                        "\xe2\x28\xa1"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        for (size_t before = 0; before < 10; before++) {
            buf_clear(&check->out);
            buf_add_char(&check->out, '"');
            buf_add(&check->out, bytes_slice(BYTES("abcdefghij"), 0, before));
            buf_add_str(&check->out, wrong[i]);
            buf_add_str(&check->out, before % 2 == 0 ? "\"" : "tail of the string\"");
            assert_refused(WIRE_JSON, buf_bytes(&check->out), STATUS_SYNTAX);
        }
    }
    assert_refused(WIRE_JSON, BYTES("{\"\xff\":1}"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("\"\\n\xff\""), STATUS_SYNTAX);
}

static void borrows_unless_escaped(void **state)
{
    struct check *check = *state;
    struct bytes text = BYTES("[\"borrowed, it has no escape\",\"co\\u0070ied\"]");
    struct wire_value *value = check_decode(check, WIRE_JSON, text);
    assert_ptr_equal(value->first->string.ptr, text.ptr + 2);
    assert_text(value->last->string, "copied");
}

static void a_copy_needs_memory(void **state)
{
    struct check *check = *state;
    struct arena *small = arena_new(4096);
    struct wire_value *value;
    buf_add_str(&check->out, "\"\\n");
    while (check->out.len < 5000) {
        buf_add_char(&check->out, 'x');
    }
    buf_add_char(&check->out, '"');
    status result = wire_decode(WIRE_JSON, buf_bytes(&check->out), &check_limits, small, &value);
    assert_int_equal(result.code, STATUS_NO_MEMORY);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(reads_escapes),
        CHECK_TEST(refuses_bad_escapes),
        CHECK_TEST(refuses_control_characters),
        CHECK_TEST(refuses_what_is_not_utf8),
        CHECK_TEST(borrows_unless_escaped),
        CHECK_TEST(a_copy_needs_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
