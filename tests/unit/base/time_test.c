/* SPDX-License-Identifier: Apache-2.0
 * Time values and their texts. TS-0004 6.3.3. */
#include <time.h>

#include "base_check.h"

static void parses_timestamps(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.3");
    static const struct {
        const char *text;
        int64_t usec;
    } rows[] = {
        {"19700101T000000", 0},
        {"19700101T000001,5", 1500000},
        {"19700101T000000,000001", 1},
        {"19691231T235959,999999", -1},
        {"20000229T120000", INT64_C(951825600000000)},
        {"20141003T112032", INT64_C(1412335232000000)},
        {"99991231T235959,999999", INT64_C(253402300799999999)},
        {"00010101T000000", INT64_C(-62135596800000000)},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t usec = 7;
        assert_true(is_ok(timestamp_parse(bytes_str(rows[i].text), &usec)));
        assert_true(usec == rows[i].usec);
    }
}

static void refuses_impossible_timestamps(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "20140101",
                                        "2014-01-01T00:00",
                                        "20140101T00000",
                                        "20140101T0000000",
                                        "20140101T000000,",
                                        "20140101T000000.5",
                                        "20140101T000000,1234567",
                                        "20140101t000000",
                                        "20140101 000000",
                                        "20141301T000000",
                                        "20140001T000000",
                                        "20140100T000000",
                                        "20140132T000000",
                                        "20140229T000000",
                                        "19000229T000000",
                                        "20140431T000000",
                                        "20140101T240000",
                                        "20140101T006000",
                                        "20140101T000060",
                                        "00000101T000000",
                                        "2014010aT000000",
                                        "20140101T000000Z",
                                        "20140101T000000,5a",
                                        "+2014101T000000",
                                        "20140101T00000 ",
                                        "-0140101T000000"};
    int64_t usec = 7;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(timestamp_parse(bytes_str(wrong[i]), &usec).code, STATUS_SYNTAX);
    }
    assert_int_equal(timestamp_parse(BYTES_NONE, &usec).code, STATUS_SYNTAX);
    assert_true(usec == 7);
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    char text[TIMESTAMP_SIZE];
    for (int64_t seconds = -62135596800; seconds < 253402300800; seconds += 86400 * 17 + 12345) {
        int64_t usec = seconds * USEC_PER_SEC + (seconds % 1000000 + 1000000) % 1000000, again;
        assert_int_equal(timestamp_format(usec, true, text), 22);
        assert_true(is_ok(timestamp_parse(bytes_str(text), &again)));
        assert_true(again == usec);
        time_t t = seconds;
        struct tm expected;
        char expected_text[32];
        assert_non_null(gmtime_r(&t, &expected));
        assert_int_equal(civil_from_usec(usec).weekday, expected.tm_wday);
        (void)snprintf(expected_text, sizeof(expected_text), "%04d%02d%02dT%02d%02d%02d",
                       (expected.tm_year + 1900) % 10000, (expected.tm_mon + 1) % 100,
                       expected.tm_mday % 100, expected.tm_hour % 100, expected.tm_min % 100,
                       expected.tm_sec % 100);
        assert_int_equal(timestamp_format(usec, false, text), 15);
        assert_string_equal(text, expected_text);
    }
}

static void stays_within_four_digits_of_a_year(void **state)
{
    (void)state;
    char text[TIMESTAMP_SIZE];
    int64_t usec;
    (void)timestamp_format(INT64_MAX, true, text);
    assert_string_equal(text, "99991231T235959,999999");
    (void)timestamp_format(INT64_MIN, true, text);
    assert_string_equal(text, "00010101T000000,000000");
    assert_true(is_ok(timestamp_parse_abs_rel(BYTES("3600000"), 5, &usec)));
    assert_true(usec == INT64_C(3600000005));
    assert_true(is_ok(timestamp_parse_abs_rel(BYTES("-1"), 0, &usec)) && usec == -1000);
    assert_true(is_ok(timestamp_parse_abs_rel(BYTES("20141003T112032"), 5, &usec)));
    assert_true(usec == INT64_C(1412335232000000));
    static const char *const wrong[] = {
        "9223372036854775807", "-9223372036854775808", "", "253402300800000", "1.5", "x", "T",
        "99999999999999999999"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(timestamp_parse_abs_rel(bytes_str(wrong[i]), 0, &usec).code,
                         STATUS_SYNTAX);
    }
}

static void parses_durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t usec;
    } rows[] = {
        {"PT0S", 0},
        {"PT1S", 1000000},
        {"PT1.5S", 1500000},
        {"PT2M", 120000000},
        {"PT1H", 3600000000},
        {"P1D", INT64_C(86400000000)},
        {"P1DT2H3M4S", INT64_C(93784000000)},
        {"PT0.000001S", 1},
        {"PT36H", INT64_C(129600000000)},
    };
    static const char *const wrong[] = {"",
                                        "P",
                                        "PT",
                                        "P1",
                                        "1D",
                                        "-P1D",
                                        "P1Y",
                                        "P1M",
                                        "P1W",
                                        "PT1D",
                                        "P1H",
                                        "PT1S1M",
                                        "PT1S1S",
                                        "PT1.5M",
                                        "PT.S",
                                        "PT.5S",
                                        "PT5.S",
                                        "PT1.2.3S",
                                        "PTS",
                                        "P1DT",
                                        "PT1e3S",
                                        "PT-1S",
                                        "PT 1S",
                                        "p1d",
                                        "PT99999999999999S",
                                        "PT1234567890123456S",
                                        "P1D1D"};
    int64_t usec = 7;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        if (is_ok(duration_parse(bytes_str(wrong[i]), &usec))) {
            print_error("accepted %s\n", wrong[i]);
            fail();
        }
    }
    assert_true(usec == 7);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(is_ok(duration_parse(bytes_str(rows[i].text), &usec)));
        assert_true(usec == rows[i].usec);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_timestamps),
        cmocka_unit_test(refuses_impossible_timestamps),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(stays_within_four_digits_of_a_year),
        cmocka_unit_test(parses_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
