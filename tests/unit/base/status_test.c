/* SPDX-License-Identifier: Apache-2.0
 * The status table and its note. TS-0004 6.6.3. */
#include "base_check.h"

static void every_row_is_complete(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.6.3");
    assert_int_equal(status_rsc(OK), 2000);
    assert_string_equal(status_name(OK), "OK");
    for (unsigned code = 1; code < STATUS_COUNT; code++) {
        status s = {(enum status_code)code};
        assert_true(bytes_str(status_name(s)).len > 0);
        assert_true(bytes_str(status_text(s)).len > 0);
        assert_in_range(status_rsc(s), 1000, 6999);
        assert_in_range(status_kind(s), STATUS_KIND_PEER, STATUS_KIND_ATTACK);
        for (unsigned other = 0; other < code; other++) {
            assert_string_not_equal(status_name(s), status_name((status){(enum status_code)other}));
        }
    }
    assert_int_equal(status_rsc(ERROR(ORIGINATOR_HAS_NO_PRIVILEGE)), 4103);
    assert_int_equal(status_rsc(ERROR(NOT_FOUND)), 4004);
    assert_int_equal(status_kind(ERROR(NO_MEMORY)), STATUS_KIND_US);
    assert_int_equal(status_kind(ERROR(ORIGINATOR_NOT_AUTHENTICATED)), STATUS_KIND_ATTACK);
}

static status fails(int number)
{
    ENSURE(number < 10, LIMIT, "number %d of %s", number, "ten");
    return OK;
}

static status passes_on(int number)
{
    TRY(fails(number));
    return ERROR(CONFLICT);
}

static void failures_leave_a_note(void **state)
{
    (void)state;
    assert_true(is_ok(fails(1)));
    assert_int_equal(fails(12).code, STATUS_LIMIT);
    const struct status_note *note = status_note_get();
    assert_int_equal(note->code, STATUS_LIMIT);
    assert_string_equal(note->text, "number 12 of ten");
    assert_true(bytes_ends_with(bytes_str(note->file), BYTES("status_test.c")));
    assert_true(note->line > 0);
    assert_int_equal(passes_on(12).code, STATUS_LIMIT);
    assert_int_equal(passes_on(1).code, STATUS_CONFLICT);
    IGNORE_STATUS(fails(12)); /* only the note matters here */
}

static void a_note_may_quote_the_note_before(void **state)
{
    (void)state;
    assert_int_equal(status_fail(STATUS_SYNTAX, __FILE__, 1, "inner").code, STATUS_SYNTAX);
    status s = status_fail(STATUS_CONFIG, __FILE__, 2, "outer: %s", status_note_get()->text);
    assert_true(status_is(s, STATUS_CONFIG));
    assert_string_equal(status_note_get()->text, "outer: inner");
    assert_int_equal(status_fail(STATUS_SYNTAX, __FILE__, 3, "%500d", 1).code, STATUS_SYNTAX);
    assert_int_equal(strlen(status_note_get()->text), sizeof(status_note_get()->text) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(failures_leave_a_note),
        cmocka_unit_test(a_note_may_quote_the_note_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
