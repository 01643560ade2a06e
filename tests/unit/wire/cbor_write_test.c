/* SPDX-License-Identifier: Apache-2.0
 * CBOR out. RFC 8949 4.1, TS-0004 8.5.1. */
#include <math.h>

#include "wire_check.h"

static void writes(struct check *check, const char *json, const char *hex)
{
    struct wire_value *value = check_parse(check, json);
    struct bytes expected = check_hex(check, hex);
    buf_clear(&check->out);
    wire_encode(WIRE_CBOR, value, &check->out);
    assert_true(is_ok(buf_check(&check->out)));
    assert_int_equal(check->out.len, expected.len);
    assert_memory_equal(check->out.ptr, expected.ptr, expected.len);
    assert_true(wire_equal(check_decode(check, WIRE_CBOR, buf_bytes(&check->out)), value));
}

static void writes_the_shortest_heads(void **state)
{
    struct check *check = *state;
    writes(check, "0", "00");
    writes(check, "23", "17");
    writes(check, "24", "1818");
    writes(check, "255", "18ff");
    writes(check, "256", "190100");
    writes(check, "65535", "19ffff");
    writes(check, "65536", "1a00010000");
    writes(check, "4294967295", "1affffffff");
    writes(check, "4294967296", "1b0000000100000000");
    writes(check, "18446744073709551615", "1bffffffffffffffff");
    writes(check, "-1", "20");
    writes(check, "-24", "37");
    writes(check, "-25", "3818");
    writes(check, "-9223372036854775808", "3b7fffffffffffffff");
    writes(check, "{\"a\":[true,false,null,\"\"]}", "a1616184f5f4f660");
}

static void writes_floats_in_32_or_64_bits(void **state)
{
    struct check *check = *state;
    CLAUSE("TS-0004 8.5.1");
    writes(check, "1.5", "fa3fc00000");
    writes(check, "0.0", "fa00000000");
    writes(check, "-0.0", "fa80000000");
    writes(check, "1.1", "fb3ff199999999999a");
    writes(check, "3.4028234663852886e38", "fa7f7fffff");
    writes(check, "3.4028234663852889e38", "fb47efffffe0000001");
    writes(check, "1e300", "fb7e37e43c8800759c");
    writes(check, "1.401298464324817e-45", "fa00000001");
    writes(check, "1e-50", "fb358dee7a4ad4b81f");
}

static enum status_code write_status(const struct wire_value *value, size_t limit)
{
    struct buf out;
    buf_init(&out, limit);
    wire_encode(WIRE_CBOR, value, &out);
    enum status_code code = buf_check(&out).code;
    buf_fini(&out);
    return code;
}

static void failures_show(void **state)
{
    struct check *check = *state;
    struct arena *a = check->arena;
    assert_int_equal(write_status(wire_real(a, (double)INFINITY), 100), STATUS_SYNTAX);
    assert_int_equal(write_status(wire_real(a, (double)NAN), 100), STATUS_SYNTAX);
    assert_int_equal(write_status(wire_string(a, BYTES("\xc0\x80")), 100), STATUS_SYNTAX);
    struct wire_value *value = check_parse(check, "{\"name\":[\"string\",1,0.1,null]}");
    buf_clear(&check->out);
    wire_encode(WIRE_CBOR, value, &check->out);
    for (size_t limit = 0; limit < check->out.len; limit++) {
        assert_int_equal(write_status(value, limit), STATUS_LIMIT);
    }
    assert_int_equal(write_status(value, check->out.len), STATUS_OK);
    mem_fail_after(1);
    assert_int_equal(write_status(value, 100), STATUS_NO_MEMORY);
    mem_fail_after(0);
    struct wire_value *root = wire_array(a), *at = root;
    for (int i = 1; i < WIRE_DEPTH_MOST; i++) {
        at = wire_push(at, wire_array(a));
    }
    assert_int_equal(write_status(root, 1000), STATUS_OK);
    at = wire_push(at, wire_array(a));
    assert_int_equal(write_status(root, 1000), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(writes_the_shortest_heads),
        CHECK_TEST(writes_floats_in_32_or_64_bits),
        CHECK_TEST(failures_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
