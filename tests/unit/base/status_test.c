/* SPDX-License-Identifier: Apache-2.0
 * The status table and its note. TS-0004 6.6.3. */
#include "base_check.h"

static void every_row_is_complete(void **state)
{
    (void)state;
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
    assert_int_equal(status_kind(ERROR(NO_MEMORY)), STATUS_KIND_US);
    assert_int_equal(status_kind(ERROR(ORIGINATOR_NOT_AUTHENTICATED)), STATUS_KIND_ATTACK);
}

/* TS-0004 6.6.3.5, 6.6.3.6: the numbers of the standard's tables */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        enum status_code code;
        uint16_t rsc;
    } rows[] = {
        {STATUS_BAD_REQUEST, 4000},
        {STATUS_RELEASE_VERSION_NOT_SUPPORTED, 4001},
        {STATUS_NOT_FOUND, 4004},
        {STATUS_OPERATION_NOT_ALLOWED, 4005},
        {STATUS_REQUEST_TIMEOUT, 4008},
        {STATUS_UNSUPPORTED_MEDIA_TYPE, 4015},
        {STATUS_SUBSCRIPTION_CREATOR_HAS_NO_PRIVILEGE, 4101},
        {STATUS_CONTENTS_UNACCEPTABLE, 4102},
        {STATUS_ORIGINATOR_HAS_NO_PRIVILEGE, 4103},
        {STATUS_GROUP_REQUEST_IDENTIFIER_EXISTS, 4104},
        {STATUS_CONFLICT, 4105},
        {STATUS_ORIGINATOR_NOT_AUTHENTICATED, 4106},
        {STATUS_SECURITY_ASSOCIATION_REQUIRED, 4107},
        {STATUS_INVALID_CHILD_RESOURCE_TYPE, 4108},
        {STATUS_NO_MEMBERS, 4109},
        {STATUS_GROUP_MEMBER_TYPE_INCONSISTENT, 4110},
        {STATUS_ORIGINATOR_HAS_ALREADY_REGISTERED, 4117},
        {STATUS_BLOCKING_SUBSCRIPTION_ALREADY_EXISTS, 4124},
        {STATUS_SPECIALIZATION_SCHEMA_NOT_FOUND, 4125},
        {STATUS_APP_RULE_VALIDATION_FAILED, 4126},
        {STATUS_OPERATION_DENIED_BY_REMOTE_ENTITY, 4127},
        {STATUS_SERVICE_SUBSCRIPTION_NOT_ESTABLISHED, 4128},
        {STATUS_INTERNAL_SERVER_ERROR, 5000},
        {STATUS_NOT_IMPLEMENTED, 5001},
        {STATUS_TARGET_NOT_REACHABLE, 5103},
        {STATUS_RECEIVER_HAS_NO_PRIVILEGE, 5105},
        {STATUS_ALREADY_EXISTS, 5106},
        {STATUS_REMOTE_ENTITY_NOT_REACHABLE, 5107},
        {STATUS_TARGET_NOT_SUBSCRIBABLE, 5203},
        {STATUS_SUBSCRIPTION_VERIFICATION_INITIATION_FAILED, 5204},
        {STATUS_SUBSCRIPTION_HOST_HAS_NO_PRIVILEGE, 5205},
        {STATUS_NON_BLOCKING_SYNCH_REQUEST_NOT_SUPPORTED, 5206},
        {STATUS_NOT_ACCEPTABLE, 5207},
        {STATUS_GROUP_MEMBERS_NOT_RESPONDED, 5209},
        {STATUS_UNABLE_TO_RECALL_REQUEST, 5220},
        {STATUS_MAX_NUMBER_OF_MEMBER_EXCEEDED, 6010},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(status_rsc((status){rows[i].code}), rows[i].rsc);
    }
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
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(failures_leave_a_note),
        cmocka_unit_test(a_note_may_quote_the_note_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
