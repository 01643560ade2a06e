/* SPDX-License-Identifier: Apache-2.0
 * Kinds and absolute forms of identifiers. TS-0001 7.2, TS-0004 6.2.3. */
#include "prim_test.h"

#define CLAUSE "TS-0004 6.2.3"

static const struct {
    const char *id;
    enum prim_id_kind kind; /* INVALID: refused */
    const char *absolute;
} rows[] = {
    {"Csensor", PRIM_ID_AE_C, "//antipolis.example/id-in/Csensor"},
    {"C1.2-3_4", PRIM_ID_AE_C, "//antipolis.example/id-in/C1.2-3_4"},
    {"Splant", PRIM_ID_AE_S, "//antipolis.example/Splant"},
    {"/Splant", PRIM_ID_AE_S, "//antipolis.example/Splant"},
    {"/id-in/Csensor", PRIM_ID_AE_C, "//antipolis.example/id-in/Csensor"},
    {"/other/Csensor", PRIM_ID_AE_C, "//antipolis.example/other/Csensor"},
    {"//antipolis.example/id-in/Csensor", PRIM_ID_AE_C, "//antipolis.example/id-in/Csensor"},
    {"//else.example/Splant", PRIM_ID_AE_S, "//else.example/Splant"},
    {"/id-in", PRIM_ID_CSE, "//antipolis.example/id-in"},
    {"/other", PRIM_ID_CSE, "//antipolis.example/other"},
    {"//else.example/mn1", PRIM_ID_CSE, "//else.example/mn1"},
    {"//else.example", PRIM_ID_SP, "//else.example"},
    {"", PRIM_ID_INVALID, NULL},
    {"C", PRIM_ID_INVALID, NULL},
    {"S", PRIM_ID_INVALID, NULL},
    {"sensor", PRIM_ID_INVALID, NULL},
    {"csensor", PRIM_ID_INVALID, NULL},
    {"C*", PRIM_ID_INVALID, NULL},
    {"*", PRIM_ID_INVALID, NULL},
    {"all", PRIM_ID_INVALID, NULL},
    {"Ca b", PRIM_ID_INVALID, NULL},
    {"Ca/b", PRIM_ID_INVALID, NULL},
    {"C\xc3\xa9", PRIM_ID_INVALID, NULL},
    {"/", PRIM_ID_INVALID, NULL},
    {"//", PRIM_ID_INVALID, NULL},
    {"///x", PRIM_ID_INVALID, NULL},
    {"/id-in/", PRIM_ID_INVALID, NULL},
    {"/id-in/Splant", PRIM_ID_INVALID, NULL},
    {"/id-in/xyz", PRIM_ID_INVALID, NULL},
    {"/id-in/Ca/b", PRIM_ID_INVALID, NULL},
    {"/-in", PRIM_ID_INVALID, NULL},
    {"/*", PRIM_ID_INVALID, NULL},
    {"//*/id-in", PRIM_ID_INVALID, NULL},
    {"//Else.example/mn1", PRIM_ID_INVALID, NULL},
    {"//else.example/", PRIM_ID_INVALID, NULL},
    {"//else.example/mn1/", PRIM_ID_INVALID, NULL},
    {"//else.example//Ca", PRIM_ID_INVALID, NULL},
    {"role@else.example", PRIM_ID_INVALID, NULL},
};

/* TS-0004 6.2.3 */
static void canonical_forms(void **state)
{
    (void)state;
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum prim_id_kind kind = PRIM_ID_INVALID;
        struct bytes absolute = BYTES_NONE;
        status s = prim_id_canonical(bytes_str(rows[i].id), &self, arena, &kind, &absolute);
        if (is_ok(s) != (rows[i].absolute != NULL)) {
            fail_msg("\"%s\": %s", rows[i].id, status_name(s));
        }
        assert_int_equal(kind, rows[i].kind);
        expect_text(absolute, rows[i].absolute);
        if (rows[i].absolute == NULL) {
            expect_status(s, STATUS_BAD_REQUEST);
        }
    }
    arena_free(arena);
}

static void own_id_beginning_with_s_is_a_cse(void **state)
{
    (void)state;
    struct prim_self self = TEST_SELF;
    self.cse_id = BYTES("/Server");
    struct arena *arena = arena_new(1 << 16);
    enum prim_id_kind kind;
    struct bytes absolute;
    expect_status(prim_id_canonical(BYTES("/Server"), &self, arena, &kind, &absolute), STATUS_OK);
    assert_int_equal(kind, PRIM_ID_CSE);
    expect_status(prim_id_canonical(BYTES("/Server2"), &self, arena, &kind, &absolute), STATUS_OK);
    assert_int_equal(kind, PRIM_ID_AE_S);
    arena_free(arena);
}

static void length_has_a_limit(void **state)
{
    (void)state;
    struct prim_self self = TEST_SELF;
    self.identifier_size = 8;
    struct arena *arena = arena_new(1 << 16);
    enum prim_id_kind kind;
    struct bytes absolute;
    expect_status(prim_id_canonical(BYTES("C1234567"), &self, arena, &kind, &absolute), STATUS_OK);
    expect_status(prim_id_canonical(BYTES("C12345678"), &self, arena, &kind, &absolute),
                  STATUS_BAD_REQUEST);
    expect_status(prim_id_canonical(BYTES("/c12345678"), &self, arena, &kind, &absolute),
                  STATUS_BAD_REQUEST);
    arena_free(arena);
}

static void patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *absolute;
    } good[] = {
        {"C*", "//antipolis.example/id-in/C*"},
        {"Cab*", "//antipolis.example/id-in/Cab*"},
        {"S*", "//antipolis.example/S*"},
        {"/SmyAE*", "//antipolis.example/SmyAE*"},
        {"/myCSE*", "//antipolis.example/myCSE*"},
        {"/myCSEID/C98*", "//antipolis.example/myCSEID/C98*"},
        {"/myCSE*/C98*", "//antipolis.example/myCSE*/C98*"},
        {"/myCSE*/*", "//antipolis.example/myCSE*/*"},
        {"//*/myCSEID", "//*/myCSEID"},
        {"//*/myCSEID/C9886", "//*/myCSEID/C9886"},
        {"Cplain", "//antipolis.example/id-in/Cplain"},
    };
    static const char *const bad[] = {"*", "", "x*", "//*/", "/a/b*", "C", "/a*/S*", "/a//C*"};
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1 << 16);
    enum prim_id_kind kind;
    struct bytes absolute;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        expect_status(
            prim_pattern_canonical(bytes_str(good[i].pattern), &self, arena, &kind, &absolute),
            STATUS_OK);
        expect_text(absolute, good[i].absolute);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        expect_status(prim_pattern_canonical(bytes_str(bad[i]), &self, arena, &kind, &absolute),
                      STATUS_BAD_REQUEST);
    }
    arena_free(arena);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1); /* nothing fits */
    enum prim_id_kind kind = PRIM_ID_INVALID;
    struct bytes absolute = BYTES_NONE;
    expect_status(prim_id_canonical(BYTES("Csensor"), &self, arena, &kind, &absolute),
                  STATUS_NO_MEMORY);
    assert_int_equal(kind, PRIM_ID_INVALID);
    assert_null(absolute.ptr);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_forms),    cmocka_unit_test(own_id_beginning_with_s_is_a_cse),
        cmocka_unit_test(length_has_a_limit), cmocka_unit_test(patterns),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
