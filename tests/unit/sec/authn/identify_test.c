/* SPDX-License-Identifier: Apache-2.0
 * Impersonation prevention. TS-0003 7.2, TS-0004 7.3.2.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sec/authn/authn.h"

#define CLAUSE "TS-0004 7.3.2.1"

static const struct prim_peer open_peer = {.admits_unassociated = true, .binding = "http"};
static const struct prim_peer closed_peer = {.binding = "http"};
static const struct prim_peer associated_peer = {.has_association = true, .binding = "http"};

struct row {
    const char *from; /* NULL: absent */
    bool is_registration;
    enum status_code want;
    enum prim_id_kind kind;
    const char *absolute;
};

static const struct row outside[] = {
    {"Ca", false, STATUS_OK, PRIM_ID_AE_C, "//antipolis.example/id-in/Ca"},
    {"Sa", false, STATUS_OK, PRIM_ID_AE_S, "//antipolis.example/Sa"},
    {"Ca", true, STATUS_OK, PRIM_ID_AE_C, "//antipolis.example/id-in/Ca"},
    {"Sa", true, STATUS_OK, PRIM_ID_AE_S, "//antipolis.example/Sa"},
    /* asking for an identifier */
    {NULL, true, STATUS_OK, PRIM_ID_INVALID, NULL},
    {"", true, STATUS_OK, PRIM_ID_INVALID, NULL},
    {"C", true, STATUS_OK, PRIM_ID_AE_C, NULL},
    {"S", true, STATUS_OK, PRIM_ID_AE_S, NULL},
    {NULL, false, STATUS_BAD_REQUEST, 0, NULL},
    {"", false, STATUS_BAD_REQUEST, 0, NULL},
    {"C", false, STATUS_BAD_REQUEST, 0, NULL},
    {"S", false, STATUS_BAD_REQUEST, 0, NULL},
    /* malformed */
    {"admin", false, STATUS_BAD_REQUEST, 0, NULL},
    {"admin", true, STATUS_BAD_REQUEST, 0, NULL},
    {"C*", false, STATUS_BAD_REQUEST, 0, NULL},
    {"C*", true, STATUS_BAD_REQUEST, 0, NULL},
    {"*", false, STATUS_BAD_REQUEST, 0, NULL},
    {"all", false, STATUS_BAD_REQUEST, 0, NULL},
    {"Ca b", false, STATUS_BAD_REQUEST, 0, NULL},
    {"/id-in/", false, STATUS_BAD_REQUEST, 0, NULL},
    {"//antipolis.example", false, STATUS_BAD_REQUEST, 0, NULL},
    {"r@antipolis.example", false, STATUS_BAD_REQUEST, 0, NULL},
    /* an AE of this CSE, not as its stem */
    {"/id-in/Ca", false, STATUS_BAD_REQUEST, 0, NULL},
    {"//antipolis.example/id-in/Ca", false, STATUS_BAD_REQUEST, 0, NULL},
    {"/Sa", false, STATUS_BAD_REQUEST, 0, NULL},
    {"//antipolis.example/Sa", false, STATUS_BAD_REQUEST, 0, NULL},
    {"/id-in/Ca", true, STATUS_BAD_REQUEST, 0, NULL},
    {"/mn1/Ca", true, STATUS_BAD_REQUEST, 0, NULL},
    /* an AE of another CSE or provider */
    {"/mn1/Ca", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"/id-in2/Ca", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"//else.example/id-in/Ca", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"//antipolis.example.else/id-in/Ca", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"//else.example/Sa", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    /* CSEs */
    {"/mn1", false, STATUS_SECURITY_ASSOCIATION_REQUIRED, 0, NULL},
    {"/mn1", true, STATUS_SECURITY_ASSOCIATION_REQUIRED, 0, NULL},
    {"//antipolis.example/mn1", false, STATUS_SECURITY_ASSOCIATION_REQUIRED, 0, NULL},
    {"//else.example/id-in", false, STATUS_SECURITY_ASSOCIATION_REQUIRED, 0, NULL},
    {"/id-in", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"/id-in", true, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
    {"//antipolis.example/id-in", false, STATUS_ORIGINATOR_NOT_AUTHENTICATED, 0, NULL},
};

static status identify(const struct row *row, const struct prim_peer *peer, struct arena *arena,
                       struct auth_context *ret_context)
{
    const struct prim_self self = {.sp_id = BYTES("//antipolis.example"),
                                   .cse_id = BYTES("/id-in"),
                                   .cse_name = BYTES("cse-in")};
    struct prim_request request;
    prim_request_init(&request);
    request.operation = row->is_registration ? PRIM_CREATE : PRIM_RETRIEVE;
    request.from = bytes_str(row->from);
    return authn_identify(&request, peer, &self, row->is_registration, arena, ret_context);
}

/* TS-0003 7.2: without an association only an AE of this CSE may speak, and unproven it stays */
static void outside_of_an_association(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        const struct row *row = &outside[i];
        struct auth_context context = {0};
        status s = identify(row, &open_peer, arena, &context);
        if (s.code != row->want) {
            fail_msg("From %s: %s", row->from == NULL ? "absent" : row->from, status_name(s));
        }
        assert_int_equal(context.kind, row->kind);
        assert_true(bytes_equal(context.absolute, bytes_str(row->absolute)));
        assert_false(context.authenticated);
        assert_false(context.internal);
        if (is_ok(s)) {
            assert_ptr_equal(context.peer, &open_peer);
            assert_int_equal(context.claimed.len, bytes_str(row->from).len);
        } else {
            assert_null(context.peer);
        }
    }
    arena_free(arena);
}

/* TS-0003 7.2 */
static void a_closed_listener_says_one_thing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        struct auth_context context = {0};
        status s = identify(&outside[i], &closed_peer, arena, &context);
        assert_int_equal(s.code, STATUS_SECURITY_ASSOCIATION_REQUIRED);
        assert_null(context.peer);
    }
    arena_free(arena);
}

/* Nothing says who is at the other end, so no claim is believed, whatever the listener admits. */
static void an_association_without_evidence_proves_nothing(void **state)
{
    (void)state;
    struct prim_peer both = associated_peer;
    both.admits_unassociated = true;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        struct auth_context context = {0};
        status s = identify(&outside[i], &associated_peer, arena, &context);
        assert_true(s.code == STATUS_ORIGINATOR_NOT_AUTHENTICATED || s.code == STATUS_BAD_REQUEST);
        s = identify(&outside[i], &both, arena, &context);
        assert_true(s.code == STATUS_ORIGINATOR_NOT_AUTHENTICATED || s.code == STATUS_BAD_REQUEST);
        if (outside[i].want == STATUS_OK) {
            assert_int_equal(s.code, STATUS_ORIGINATOR_NOT_AUTHENTICATED);
        }
        assert_null(context.peer);
        assert_false(context.authenticated);
    }
    arena_free(arena);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1);
    struct auth_context context = {0};
    status s = identify(&outside[0], &open_peer, arena, &context);
    assert_int_equal(s.code, STATUS_NO_MEMORY);
    assert_null(context.peer);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_of_an_association),
        cmocka_unit_test(a_closed_listener_says_one_thing),
        cmocka_unit_test(an_association_without_evidence_proves_nothing),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
