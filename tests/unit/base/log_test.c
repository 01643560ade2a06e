/* SPDX-License-Identifier: Apache-2.0
 * Log records reach the sink, or nobody. */
#include "base_check.h"

struct seen {
    unsigned count;
    enum log_level level;
    char area[32], text[600];
    size_t fields;
};

static void sink(void *user, const struct log_record *record)
{
    struct seen *seen = user;
    seen->count++;
    seen->level = record->level;
    (void)snprintf(seen->area, sizeof(seen->area), "%s", record->area);
    (void)snprintf(seen->text, sizeof(seen->text), "%s", record->text == NULL ? "" : record->text);
    seen->fields = record->field_count;
}

static void without_a_sink_lines_are_dropped(void **state)
{
    (void)state;
    log_set_sink(NULL, NULL, LOG_LEVEL_DEBUG);
    assert_false(log_is_on(LOG_LEVEL_ERROR));
    log_line(LOG_LEVEL_ERROR, "x", "nobody reads %d", 1);
}

static void the_level_chooses(void **state)
{
    (void)state;
    struct seen seen = {0};
    log_set_sink(sink, &seen, LOG_LEVEL_INFO);
    assert_true(log_is_on(LOG_LEVEL_ERROR));
    assert_true(log_is_on(LOG_LEVEL_INFO));
    assert_false(log_is_on(LOG_LEVEL_DEBUG));
    log_line(LOG_LEVEL_DEBUG, "area", "no");
    assert_int_equal(seen.count, 0);
    log_line(LOG_LEVEL_WARN, "area", "value %d of %s", 3, "it");
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.level, LOG_LEVEL_WARN);
    assert_string_equal(seen.area, "area");
    assert_string_equal(seen.text, "value 3 of it");
    const struct log_field fields[] = {{"who", BYTES("x"), 0}, {"n", BYTES_NONE, 5}};
    log_write(&(struct log_record){LOG_LEVEL_INFO, "audit", NULL, fields, 2});
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.fields, 2);
    log_write(&(struct log_record){LOG_LEVEL_DEBUG, "audit", NULL, fields, 2});
    assert_int_equal(seen.count, 2);
    log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}

static void a_long_line_is_cut(void **state)
{
    (void)state;
    struct seen seen = {0};
    log_set_sink(sink, &seen, LOG_LEVEL_INFO);
    log_line(LOG_LEVEL_INFO, "area", "%1000d", 1);
    assert_in_range(strlen(seen.text), 100, 511);
    log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_sink_lines_are_dropped),
        cmocka_unit_test(the_level_chooses),
        cmocka_unit_test(a_long_line_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
