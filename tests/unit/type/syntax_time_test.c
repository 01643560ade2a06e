/* SPDX-License-Identifier: Apache-2.0
 * Durations and schedule entries. */
#define CLAUSE "TS-0004 7.4.9.1"
#include "type_test.h"

static void run(bool (*syntax)(struct bytes), const char *const *texts, bool fits)
{
    for (; *texts != NULL; texts++) {
        if (syntax(bytes_str(*texts)) != fits) {
            fail_msg("\"%s\" %s", *texts, fits ? "should fit" : "should not fit");
        }
    }
}

static void durations(void **state)
{
    (void)state;
    static const char *const good[] = {"PT30S", "P1DT2H", "P1Y2M3DT4H5M6.5S", "-P1D", "P2M", "PT2M",
                                       "PT0S",  NULL};
    static const char *const bad[] = {"",      "P",      "PT",     "P1DT",  "30S",    "1D",
                                      "PT30",  "P30S",   "PT1D",   "P1D2Y", "PT5S6M", "P1D1D",
                                      "P-1D",  "+P1D",   "PT1.5M", "PT.5S", "PT1.S",  "PT30S ",
                                      "pt30s", "PT1,5S", NULL};
    run(syntax_duration, good, true);
    run(syntax_duration, bad, false);
}

static void schedule_entries(void **state)
{
    (void)state;
    static const char *const good[] = {"* * * * * * *",        "* 0-5 2,6,10 * * * *",
                                       "0 0 0 1 1 0 2000",     "59 59 23 31 12 6 9999",
                                       "*/2 0-58/2 * * * * *", "1,2-3,4-10/2,*/5 * * * * * *",
                                       "* * 8-20 * * 1-5 *",   NULL};
    static const char *const bad[] = {"",
                                      "* * * * * *",
                                      "* * * * * * * *",
                                      " * * * * * * *",
                                      "*  * * * * * *",
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
                                      "5/2 * * * * * *",
                                      "*/0 * * * * * *",
                                      "5-2 * * * * * *",
                                      "1- * * * * * *",
                                      "-1 * * * * * *",
                                      "1,, * * * * * *",
                                      ",1 * * * * * *",
                                      "1, * * * * * *",
                                      "* * * * JAN * *",
                                      "**/2 * * * * * *",
                                      NULL};
    run(syntax_schedule_entry, good, true);
    run(syntax_schedule_entry, bad, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(durations), TEST(schedule_entries)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
