/* SPDX-License-Identifier: Apache-2.0
 * JSON for people. */
#include "wire_check.h"

static struct bytes pretty(struct check *check, const struct wire_value *value, bool color)
{
    buf_clear(&check->out);
    wire_encode_pretty(value, color, &check->out);
    assert_true(is_ok(buf_check(&check->out)));
    return buf_bytes(&check->out);
}

static void indents(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(check, "{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[]}");
    assert_text(pretty(check, value, false), "{\n"
                                             "  \"a\": [\n"
                                             "    1,\n"
                                             "    {\n"
                                             "      \"b\": null\n"
                                             "    }\n"
                                             "  ],\n"
                                             "  \"c\": {},\n"
                                             "  \"d\": []\n"
                                             "}");
}

static void colors_on_request(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(check, "{\"a\":[1,\"x\",true]}");
    assert_text(pretty(check, value, true), "{\n"
                                            "  \033[1;34m\"a\"\033[0m: [\n"
                                            "    \033[36m1\033[0m,\n"
                                            "    \033[32m\"x\"\033[0m,\n"
                                            "    \033[35mtrue\033[0m\n"
                                            "  ]\n"
                                            "}");
}

/* A stored string must not steer the terminal of whoever looks at it. */
static void steers_no_terminal(void **state)
{
    struct check *check = *state;
    struct wire_value *value =
        wire_string(check->arena, BYTES("\033[2J \x7f \xc2\x9b"
                                        "2J \xe2\x80\xae \xe2\x81\xa6 \xc3\xa9 \xe2\x82\xac"));
    assert_text(pretty(check, value, false), "\"\\u001b[2J \\u007f \\u009b2J \\u202e \\u2066 "
                                             "\xc3\xa9 \xe2\x82\xac\"");
    assert_true(wire_equal(check_decode(check, WIRE_JSON, buf_bytes(&check->out)), value));
}

static void failures_show(void **state)
{
    struct check *check = *state;
    struct wire_value *value = wire_string(check->arena, BYTES("\xff"));
    wire_encode_pretty(value, false, &check->out);
    assert_int_equal(buf_check(&check->out).code, STATUS_SYNTAX);
    value = check_parse(check, "{\"name\":[\"string\",1]}");
    for (unsigned n = 1;; n++) {
        struct buf out;
        buf_init(&out, 1000);
        mem_fail_after(n);
        wire_encode_pretty(value, true, &out);
        mem_fail_after(0);
        enum status_code code = buf_check(&out).code;
        buf_fini(&out);
        if (code == STATUS_OK) {
            assert_in_range(n, 2, 100);
            break;
        }
        assert_int_equal(code, STATUS_NO_MEMORY);
    }
    struct wire_value *root = wire_array(check->arena), *at = root;
    for (int i = 0; i < WIRE_DEPTH_MOST; i++) {
        at = wire_push(at, wire_array(check->arena));
    }
    buf_clear(&check->out);
    wire_encode_pretty(root, false, &check->out);
    assert_int_equal(buf_check(&check->out).code, STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(indents),
        CHECK_TEST(colors_on_request),
        CHECK_TEST(steers_no_terminal),
        CHECK_TEST(failures_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
