/* SPDX-License-Identifier: Apache-2.0
 * Numbers in JSON. RFC 8259 clause 6. */
#include <math.h>

#include "wire_check.h"

static struct wire_value *number(struct check *check, const char *text)
{
    return check_parse(check, text);
}

static void reads_integers_exactly(void **state)
{
    struct check *check = *state;
    static const struct {
        const char *text;
        int64_t integer;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"17", 17},
        {"-1", -1},
        {"9007199254740993", 9007199254740993},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct wire_value *value = number(check, rows[i].text);
        assert_int_equal(value->kind, WIRE_INT);
        assert_true(value->integer == rows[i].integer);
    }
    assert_int_equal(number(check, "9223372036854775808")->kind, WIRE_UINT);
    assert_true(number(check, "18446744073709551615")->unsigned_integer == UINT64_MAX);
}

static void refuses_what_would_lose_digits(void **state)
{
    (void)state;
    assert_refused(WIRE_JSON, BYTES("18446744073709551616"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("-9223372036854775809"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("100000000000000000000000000"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("1e400"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("-1e99999999999999999999"), STATUS_SYNTAX);
}

static void reads_reals_as_strtod_does(void **state)
{
    struct check *check = *state;
    static const char *const texts[] = {"0.0",
                                        "-0.0",
                                        "0.1",
                                        "1e0",
                                        "1E+2",
                                        "1.5e-3",
                                        "123456789.125",
                                        "1e22",
                                        "1e23",
                                        "1e-22",
                                        "1e-23",
                                        "5e-324",
                                        "2e-324",
                                        "1.7976931348623157e308",
                                        "1e308",
                                        "1e-400",
                                        "0.000001",
                                        "9007199254740993.0",
                                        "12345678901234567890.5",
                                        "2.2250738585072011e-308",
                                        "0.30000000000000004",
                                        "1e-0",
                                        "9007199254740992e22",
                                        "1.00000000000000011102230246251565404236316680908203125"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct wire_value *value = number(check, texts[i]);
        double expected = strtod(texts[i], NULL);
        assert_int_equal(value->kind, WIRE_REAL);
        assert_memory_equal(&value->real, &expected, sizeof(expected));
    }
}

static void refuses_other_spellings(void **state)
{
    (void)state;
    static const char *const wrong[] = {"01",       "-01",       "+1",    ".5",    "1.e1", "1e+x",
                                        "1.x",      "-x",        "0x10",  "1e1.5", "--1",  "NaN",
                                        "Infinity", "-Infinity", "1_000", "1,5",   "00",   "1e5e5"};
    static const char *const cut[] = {"-", "1.", "1e", "1e+", "1.5E-"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_refused(WIRE_JSON, bytes_str(wrong[i]), STATUS_SYNTAX);
    }
    for (size_t i = 0; i < ARRAY_LEN(cut); i++) {
        assert_refused(WIRE_JSON, bytes_str(cut[i]), STATUS_TRUNCATED);
    }
}

static void reads_long_numbers_and_refuses_endless_ones(void **state)
{
    struct check *check = *state;
    buf_add_str(&check->out, "0.");
    while (check->out.len < 1000) {
        buf_add_char(&check->out, '3');
    }
    struct bytes text = arena_dup(check->arena, buf_bytes(&check->out));
    assert_true(check_decode(check, WIRE_JSON, text)->real == strtod(text.ptr, NULL));
    while (check->out.len < 1024) {
        buf_add_char(&check->out, '3');
    }
    assert_refused(WIRE_JSON, buf_bytes(&check->out), STATUS_SYNTAX);
}

static void format(double real, const char *expected)
{
    char text[WIRE_REAL_SIZE];
    assert_text(bytes_of(text, wire_real_format(real, text)), expected);
}

static void writes_the_shortest_form(void **state)
{
    (void)state;
    format(0.0, "0.0");
    format(-0.0, "-0.0");
    format(1.0, "1.0");
    format(-21.5, "-21.5");
    format(0.1, "0.1");
    format(0.1 + 0.2, "0.30000000000000004");
    format(0.00001, "0.00001");
    format(1e-6, "1e-06");
    format(123456.789, "123456.789");
    format(43.616354, "43.616354");
    format(1e15, "1e+15");
    format(9007199254740992.0, "9007199254740992.0");
    format(1e22, "1e+22");
    format(5e-324, "4.94065645841247e-324");
    format(1.7976931348623157e308, "1.7976931348623157e+308");
    format(100.0, "100.0");
}

/* A generator of one's own: the same numbers on every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void whatever_is_written_reads_back(void **state)
{
    struct check *check = *state;
    uint64_t seed = 88172645463325252;
    char text[WIRE_REAL_SIZE];
    for (int i = 0; i < 100000; i++) {
        double real, small = (double)(next_random(&seed) % 2000000000) / 1000.0 - 1e6;
        uint64_t bits = next_random(&seed);
        memcpy(&real, &bits, sizeof(real));
        real = i % 2 == 0 ? real : small;
        if (!isfinite(real)) {
            continue;
        }
        size_t length = wire_real_format(real, text);
        arena_reset(check->arena);
        struct wire_value *value = check_decode(check, WIRE_JSON, bytes_of(text, length));
        assert_int_equal(value->kind, WIRE_REAL);
        assert_memory_equal(&value->real, &real, sizeof(real));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(reads_integers_exactly),
        CHECK_TEST(refuses_what_would_lose_digits),
        CHECK_TEST(reads_reals_as_strtod_does),
        CHECK_TEST(refuses_other_spellings),
        CHECK_TEST(reads_long_numbers_and_refuses_endless_ones),
        CHECK_TEST(writes_the_shortest_form),
        CHECK_TEST(whatever_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
