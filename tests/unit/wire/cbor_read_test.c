/* SPDX-License-Identifier: Apache-2.0
 * CBOR in. RFC 8949 clause 3 and appendix A, TS-0004 8.5. */
#include "wire_check.h"

static void reads(struct check *check, const char *hex, const char *json)
{
    struct bytes octets = check_hex(check, hex);
    assert_text(check_json(check, check_decode(check, WIRE_CBOR, octets)), json);
}

static void refuses(struct check *check, const char *hex, enum status_code code)
{
    assert_refused(WIRE_CBOR, check_hex(check, hex), code);
}

static void reads_integers(void **state)
{
    struct check *check = *state;
    CLAUSE("TS-0004 8.5.1");
    reads(check, "00", "0");
    reads(check, "17", "23");
    reads(check, "1818", "24");
    reads(check, "190400", "1024");
    reads(check, "1a000f4240", "1000000");
    reads(check, "1b7fffffffffffffff", "9223372036854775807");
    reads(check, "1b8000000000000000", "9223372036854775808");
    reads(check, "1bffffffffffffffff", "18446744073709551615");
    reads(check, "20", "-1");
    reads(check, "3863", "-100");
    reads(check, "3b7fffffffffffffff", "-9223372036854775808");
    reads(check, "1b0000000000000001", "1"); /* longer than need be */
    refuses(check, "3b8000000000000000", STATUS_SYNTAX);
    refuses(check, "1f", STATUS_SYNTAX);
    refuses(check, "3f", STATUS_SYNTAX);
    refuses(check, "1c", STATUS_SYNTAX);
    refuses(check, "1e00", STATUS_SYNTAX);
}

static void reads_floats(void **state)
{
    struct check *check = *state;
    reads(check, "f90000", "0.0");
    reads(check, "f98000", "-0.0");
    reads(check, "f93c00", "1.0");
    reads(check, "f93e00", "1.5");
    reads(check, "f97bff", "65504.0");
    reads(check, "f90001", "5.9604644775390625e-08");
    reads(check, "f90400", "0.00006103515625");
    reads(check, "fa47c35000", "100000.0");
    reads(check, "fb3ff199999999999a", "1.1");
    reads(check, "fb7e37e43c8800759c", "1e+300");
    static const char *const not_finite[] = {"f97c00",
                                             "f9fc00",
                                             "f97e00",
                                             "fa7f800000",
                                             "faff800000",
                                             "fa7fc00000",
                                             "fb7ff0000000000000",
                                             "fbfff0000000000000",
                                             "fb7ff8000000000000"};
    for (size_t i = 0; i < ARRAY_LEN(not_finite); i++) {
        refuses(check, not_finite[i], STATUS_SYNTAX);
    }
}

static void reads_text_and_containers(void **state)
{
    struct check *check = *state;
    reads(check, "60", "\"\"");
    reads(check, "6449455446", "\"IETF\"");
    reads(check, "62c3bc", "\"\xc3\xbc\"");
    reads(check, "7801 61", "\"a\"");
    reads(check, "7f 657374726561 646d696e67 ff", "\"streaming\"");
    reads(check, "7f ff", "\"\"");
    reads(check, "7f 60 60 ff", "\"\"");
    reads(check, "7f 61 61 60 61 62 ff", "\"ab\"");
    reads(check, "80", "[]");
    reads(check, "83010203", "[1,2,3]");
    reads(check, "9f018202039f0405ffff", "[1,[2,3],[4,5]]");
    reads(check, "a0", "{}");
    reads(check, "a26161016162820203", "{\"a\":1,\"b\":[2,3]}");
    reads(check, "bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}");
    reads(check, "bf 7f6161ff 01 ff", "{\"a\":1}");
    reads(check, "83f4f5f6", "[false,true,null]");
    reads(check, "9a00000001 00", "[0]");
}

static void refuses_what_json_has_no_word_for(void **state)
{
    struct check *check = *state;
    CLAUSE("TS-0004 8.5.1");
    static const char *const wrong[] = {"40",
                                        "4401020304",
                                        "5f4101ff",
                                        "f7",
                                        "f0",
                                        "f818",
                                        "f8ff",
                                        "e0",
                                        "c000",
                                        "c16161",
                                        "c249010000000000000000",
                                        "d9d9f700",
                                        "d81c00",
                                        "ff",
                                        "81ff",
                                        "a1ff",
                                        "a10102",
                                        "a1f600",
                                        "a18000",
                                        "a1414100",
                                        "bf6161ff",
                                        "bf01ff",
                                        "f800",
                                        "7f01ff",
                                        "7f4161ff",
                                        "7f7f6161ffff",
                                        "7f",
                                        "fc",
                                        "ffff",
                                        "0000",
                                        "8000"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        bool cut = bytes_is(bytes_str(wrong[i]), "7f");
        refuses(check, wrong[i], cut ? STATUS_TRUNCATED : STATUS_SYNTAX);
    }
}

static void refuses_bad_utf8(void **state)
{
    struct check *check = *state;
    refuses(check, "61ff", STATUS_SYNTAX);
    refuses(check, "62c328", STATUS_SYNTAX);
    refuses(check, "63eda080", STATUS_SYNTAX);
    refuses(check, "a161ff00", STATUS_SYNTAX);
    refuses(check, "7f61c361bcff", STATUS_SYNTAX); /* a character may not span chunks */
}

static void every_cut_is_seen(void **state)
{
    struct check *check = *state;
    struct bytes octets = check_hex(
        check, "bf 6161 9f 01 1a000f4240 fb3ff199999999999a 7f 6261 62 6163 ff 82 f6 f4 ff"
               "6162 a1 7f 6163 ff fa47c35000 ff");
    assert_int_equal(check_status(WIRE_CBOR, octets, &check_limits), STATUS_OK);
    for (size_t len = 0; len < octets.len; len++) {
        assert_refused(WIRE_CBOR, bytes_slice(octets, 0, len), STATUS_TRUNCATED);
    }
    refuses(check, "7bffffffffffffffff61", STATUS_TRUNCATED);
    refuses(check, "7affffffff", STATUS_TRUNCATED);
}

static void any_change_is_survived(void **state)
{
    struct check *check = *state;
    struct bytes octets = arena_dup(
        check->arena, check_hex(check, "bf 6161 9f 01 1a000f4240 fb3ff199999999999a 7f 61616163ff"
                                       "82f6f4ff 6162 a1 7f6163ff fa47c35000 ff"));
    char *copy = malloc(octets.len);
    for (size_t i = 0; i < octets.len; i++) {
        for (int c = 0; c < 256; c++) {
            memcpy(copy, octets.ptr, octets.len);
            copy[i] = (char)(unsigned char)c;
            (void)check_status(WIRE_CBOR, bytes_of(copy, octets.len), &check_limits);
        }
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(reads_integers),
        CHECK_TEST(reads_floats),
        CHECK_TEST(reads_text_and_containers),
        CHECK_TEST(refuses_what_json_has_no_word_for),
        CHECK_TEST(refuses_bad_utf8),
        CHECK_TEST(every_cut_is_seen),
        CHECK_TEST(any_change_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
