/* SPDX-License-Identifier: Apache-2.0
 * The structure of JSON. RFC 8259 clauses 2 to 5. */
#include "wire_check.h"

static void reads(struct check *check, const char *text, const char *expected)
{
    assert_text(check_json(check, check_parse(check, text)), expected);
}

static void reads_every_shape(void **state)
{
    struct check *check = *state;
    CLAUSE("RFC 8259 2");
    reads(check, "{}", "{}");
    reads(check, " [ ] ", "[]");
    reads(check, "\t\r\n{ \"a\" : [ 1 , true , false , null , \"x\" ] }\n",
          "{\"a\":[1,true,false,null,\"x\"]}");
    reads(check, "[[[[[]]]],{}]", "[[[[[]]]],{}]");
    reads(check, "\"text\"", "\"text\"");
    reads(check, "null", "null");
    reads(check, "{\"m2m:cin\":{\"con\":\"21.5\",\"lbl\":[\"a\",\"b\"]}}",
          "{\"m2m:cin\":{\"con\":\"21.5\",\"lbl\":[\"a\",\"b\"]}}");
}

static void refuses_what_is_not_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {"[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "[1}",
                                        "{\"a\":1]",
                                        "{\"a\" 1}",
                                        "{\"a\":1,}",
                                        "{,}",
                                        "{a:1}",
                                        "{1:2}",
                                        "{\"a\":}",
                                        "{\"a\"::1}",
                                        "]",
                                        "}",
                                        ":",
                                        ",",
                                        "1 2",
                                        "{}{}",
                                        "[]x",
                                        "tru e",
                                        "True",
                                        "nul1",
                                        "falsy",
                                        "'a'",
                                        "[1]//",
                                        "/**/1",
                                        "\xef\xbb\xbf{}",
                                        "\x0b"
                                        "1",
                                        "\xc2\xa0"
                                        "1",
                                        "[\"a\":1]",
                                        "{\"a\",\"b\"}",
                                        "{\"a\":1 \"b\":2}",
                                        "\x01",
                                        "#",
                                        "[1];",
                                        "nullx",
                                        "{null:1}"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_refused(WIRE_JSON, bytes_str(wrong[i]), STATUS_SYNTAX);
    }
    assert_refused(WIRE_JSON, BYTES("1\0"), STATUS_SYNTAX);
}

/* Every beginning of a document is refused, and says that more was expected. */
static void every_cut_is_seen(void **state)
{
    (void)state;
    struct bytes text =
        BYTES("{\"a\":[1,true,{\"b\\u00e9\":\"x\\n\"},null,false,-2.5e+1],\"c\":{}}");
    assert_int_equal(check_status(WIRE_JSON, text, &check_limits), STATUS_OK);
    for (size_t len = 0; len < text.len; len++) {
        assert_refused(WIRE_JSON, bytes_slice(text, 0, len), STATUS_TRUNCATED);
    }
    assert_refused(WIRE_JSON, BYTES_NONE, STATUS_TRUNCATED);
    assert_refused(WIRE_JSON, BYTES(" \n"), STATUS_TRUNCATED);
}

/* Changing any one octet never crashes, and what is still accepted can be written again. */
static void any_change_is_survived(void **state)
{
    struct check *check = *state;
    char text[] = "{\"a\":[1,true,{\"b\\u00e9\":\"x\\n\"},null,-2.5e+1],\"c\":{}}";
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        char kept = text[i];
        for (int c = 0; c < 256; c++) {
            struct wire_value *value = NULL;
            text[i] = (char)c;
            arena_reset(check->arena);
            buf_clear(&check->out);
            if (is_ok(wire_decode(WIRE_JSON, bytes_of(text, sizeof(text) - 1), &check_limits,
                                  check->arena, &value))) {
                wire_encode(WIRE_JSON, value, &check->out);
                assert_true(is_ok(buf_check(&check->out)));
            }
        }
        text[i] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(reads_every_shape),
        CHECK_TEST(refuses_what_is_not_json),
        CHECK_TEST(every_cut_is_seen),
        CHECK_TEST(any_change_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
