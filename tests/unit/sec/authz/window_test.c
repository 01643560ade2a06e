/* SPDX-License-Identifier: Apache-2.0
 * Extended crontab entries, at their edges. TS-0004 7.4.9.1. */
#include "authz_testing.h"

static int64_t at(const char *timestamp)
{
    int64_t usec = 0;
    assert_status(timestamp_parse(bytes_str(timestamp), &usec), STATUS_OK);
    return usec;
}

static void check(const char *entry, const char *timestamp, bool expected)
{
    struct authz_window window;
    assert_status(authz_window_compile(bytes_str(entry), arena, &window), STATUS_OK);
    assert_status(authz_window_check(bytes_str(entry)), STATUS_OK);
    struct civil_time time = civil_from_usec(at(timestamp));
    if (authz_window_match(&window, &time) != expected) {
        fail_msg("\"%s\" is %s at %s", entry, expected ? "closed" : "open", timestamp);
    }
}

static void refuse(const char *entry)
{
    if (!status_is(authz_window_check(bytes_str(entry)), STATUS_BAD_REQUEST)) {
        fail_msg("\"%s\" is accepted", entry);
    }
    struct authz_window window;
    assert_status(authz_window_compile(bytes_str(entry), arena, &window), STATUS_BAD_REQUEST);
}

static void every_field_counts(void **state)
{
    (void)state;
    CLAUSE("TS-0004 7.4.9.1");
    check("* * * * * * *", "20261124T152241", true);
    check("41 * * * * * *", "20261124T152241", true);
    check("42 * * * * * *", "20261124T152241", false);
    check("* 22 * * * * *", "20261124T152241", true);
    check("* 23 * * * * *", "20261124T152241", false);
    check("* * 15 * * * *", "20261124T152241", true);
    check("* * 3 * * * *", "20261124T152241", false);
    check("* * * 24 * * *", "20261124T152241", true);
    check("* * * 25 * * *", "20261124T152241", false);
    check("* * * * 11 * *", "20261124T152241", true);
    check("* * * * 12 * *", "20261124T152241", false);
    check("* * * * * 2 *", "20261124T152241", true); /* a Tuesday */
    check("* * * * * 3 *", "20261124T152241", false);
    check("* * * * * * 2026", "20261124T152241", true);
    check("* * * * * * 2027", "20261124T152241", false);
    /* day of the month and day of the week: both, not either */
    check("* * * 24 * 3 *", "20261124T152241", false);
    check("* * * 23 * 2 *", "20261124T152241", false);
    check("* * * 24 * 2 *", "20261124T152241", true);
}

/* The four examples of the clause. */
static void examples_of_the_clause(void **state)
{
    (void)state;
    CLAUSE("TS-0004 7.4.9.1");
    check("* 0-5 2,6,10 * * * *", "20261124T020000", true);
    check("* 0-5 2,6,10 * * * *", "20261124T100559", true);
    check("* 0-5 2,6,10 * * * *", "20261124T100600", false);
    check("* 0-5 2,6,10 * * * *", "20261124T015959", false);
    check("* 0-5 2,6,10 * * * *", "20261124T030000", false);
    check("* * 8-20 * * * *", "20261124T075959,999999", false);
    check("* * 8-20 * * * *", "20261124T080000", true);
    check("* * 8-20 * * * *", "20261124T205959,999999", true);
    check("* * 8-20 * * * *", "20261124T210000", false);
    check("* * 0-23/2 * * * *", "20261124T220000", true);
    check("* * 0-23/2 * * * *", "20261124T230000", false);
    check("* * * * * */2 *", "20261122T120000", true); /* Sunday */
    check("* * * * * */2 *", "20261123T120000", false);
    check("* * * * * */2 *", "20261124T120000", true);
    check("* * * * * */2 *", "20261128T120000", true); /* Saturday */
}

static void edges_of_ranges_and_steps(void **state)
{
    (void)state;
    check("59 59 23 31 12 * 9999", "99991231T235959", true);
    check("0 0 0 1 1 6 2000", "20000101T000000", true);
    check("* * * 29 2 * *", "20280229T000000", true);
    check("5-5 * * * * * *", "20261124T152205", true);
    check("5-6/9 * * * * * *", "20261124T152206", false);
    check("*/60 * * * * * *", "20261124T152200", true);
    check("*/60 * * * * * *", "20261124T152259", false);
    check("*/99999999 * * * * * *", "20261124T152200", true);
    check("10-50/20 * * * * * *", "20261124T152230", true);
    check("10-50/20 * * * * * *", "20261124T152250", true);
    check("10-50/20 * * * * * *", "20261124T152240", false);
    check("* * * */2 * * *", "20261123T000000", true); /* from 1: odd days */
    check("* * * */2 * * *", "20261124T000000", false);
    check("* * * * * * 2024-2030/2", "20261124T000000", true);
    check("* * * * * * 2025-2030/2", "20261124T000000", false);
    check("* * * * * * */4", "20280101T000000", true);
    check("* * * * * * */4", "20270101T000000", false);
    check("* * * * * * 2001,2003-2004,2026", "20261124T000000", true);
    check("08 007 * * * * *", "20261124T150708", true);
    check("*/2,1-9/4,58 * * * * * *", "20261124T152205", true);
    check("*/2,1-9/4,58 * * * * * *", "20261124T152207", false);
    check("  *\t* *  * * *  * ", "20261124T152241", true);
}

static void years_outside_the_table_are_closed(void **state)
{
    (void)state;
    check("* * * * * * *", "19991231T235959", false);
    struct authz_window window;
    assert_status(authz_window_compile(BYTES("* * * * * * *"), arena, &window), STATUS_OK);
    struct civil_time time = civil_from_usec(-1);
    assert_false(authz_window_match(&window, &time));
    time = civil_from_usec(0);
    assert_false(authz_window_match(&window, &time));
    time.year = 10000;
    assert_false(authz_window_match(&window, &time));
    const struct authz_window zero = {0};
    time = civil_from_usec(at("20261124T152241"));
    assert_false(authz_window_match(&zero, &time));
}

static void refusals(void **state)
{
    (void)state;
    CLAUSE("TS-0004 7.4.9.1");
    static const char *const entries[] = {
        "",
        " ",
        "* * * * * *",
        "* * * * * * * *",
        "60 * * * * * *",
        "* 60 * * * * *",
        "* * 24 * * * *",
        "* * * 0 * * *",
        "* * * 32 * * *",
        "* * * * 0 * *",
        "* * * * 13 * *",
        "* * * * * 7 *",
        "* * * * * * 1999",
        "* * * * * * 10000",
        "-1 * * * * * *",
        "+1 * * * * * *",
        "1- * * * * * *",
        "-5 * * * * * *",
        "9-1 * * * * * *",
        "1-2-3 * * * * * *",
        "1,,2 * * * * * *",
        ",1 * * * * * *",
        "1, * * * * * *",
        "*,1 * * * * * *",
        "1,* * * * * * *",
        "** * * * * * *",
        "*5 * * * * * *",
        "5/2 * * * * * *",
        "*/0 * * * * * *",
        "*/-1 * * * * * *",
        "*/ * * * * * *",
        "*/2/2 * * * * * *",
        "1-5/ * * * * * *",
        "0-59/x * * * * * *",
        "MON * * * * * *",
        "* * * * * SUN *",
        "? * * * * * *",
        "1.5 * * * * * *",
        "99999999999999999999 * * * * * *",
        "*\n* * * * * *",
        "* * * * * * *\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
        refuse(entries[i]);
    }
    assert_status(authz_window_check(BYTES_NONE), STATUS_BAD_REQUEST);
    assert_status(authz_window_check(BYTES("* * * * * * *\0")), STATUS_BAD_REQUEST);
}

static void long_entries_are_bounded(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1 << 16);
    buf_add_str(&buf, "* * * * * * 2000");
    for (int i = 0; i < 64; i++) {
        buf_add_str(&buf, ",2000");
    }
    assert_status(authz_window_check(buf_bytes(&buf)), STATUS_LIMIT);
    assert_status(authz_window_check(bytes_slice(buf_bytes(&buf), 0, buf.len - 5)), STATUS_OK);
    buf_clear(&buf);
    for (int i = 0; i < 3000; i++) {
        buf_add_char(&buf, ' ');
    }
    assert_status(authz_window_check(buf_bytes(&buf)), STATUS_LIMIT);
    buf_fini(&buf);
}

static void no_memory(void **state)
{
    (void)state;
    struct arena *small = arena_new(16);
    assert_non_null(small);
    assert_non_null(arena_alloc(small, 16));
    struct authz_window window;
    assert_status(authz_window_compile(BYTES("* * * * * * *"), small, &window), STATUS_NO_MEMORY);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_field_counts),
        CASE(examples_of_the_clause),
        CASE(edges_of_ranges_and_steps),
        CASE(years_outside_the_table_are_closed),
        CASE(refusals),
        CASE(long_entries_are_bounded),
        CASE(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
