/* SPDX-License-Identifier: Apache-2.0
 * Every form of To, and what is no address. TS-0004 6.2.4, TS-0001 9.3.1. */
#include "prim_test.h"

#define CLAUSE "TS-0004 6.2.4"

static const struct {
    const char *to;
    bool ours;
    bool is_structured;
    const char *sp_id, *cse_id, *local, *attribute;
} good[] = {
    /* CSE-relative */
    {"cse-in", true, true, NULL, NULL, "cse-in", NULL},
    {"cse-in/ae1/cnt/la", true, true, NULL, NULL, "cse-in/ae1/cnt/la", NULL},
    {"-", true, true, NULL, NULL, "cse-in", NULL},
    {"-/ae1/cnt", true, true, NULL, NULL, "cse-in/ae1/cnt", NULL},
    {"cnt123", true, false, NULL, NULL, "cnt123", NULL},
    {"cnt123/la", true, false, NULL, NULL, "cnt123/la", NULL},
    {"cse-inn/x", true, false, NULL, NULL, "cse-inn/x", NULL},
    {"cse-in/ae1/", true, true, NULL, NULL, "cse-in/ae1", NULL},
    /* SP-relative */
    {"/id-in", true, false, NULL, "/id-in", NULL, NULL},
    {"/id-in/", true, false, NULL, "/id-in", NULL, NULL},
    {"/id-in/cse-in/ae1", true, true, NULL, "/id-in", "cse-in/ae1", NULL},
    {"/id-in/-/ae1", true, true, NULL, "/id-in", "cse-in/ae1", NULL},
    {"/id-in/cnt123", true, false, NULL, "/id-in", "cnt123", NULL},
    {"/id-in/cnt123/la", true, false, NULL, "/id-in", "cnt123/la", NULL},
    {"/mn1/cse-mn/x", false, false, NULL, "/mn1", "cse-mn/x", NULL},
    {"/mn1/-/x", false, false, NULL, "/mn1", "-/x", NULL},
    {"/mn1", false, false, NULL, "/mn1", NULL, NULL},
    {"/ID-IN/cse-in", false, false, NULL, "/ID-IN", "cse-in", NULL},
    /* absolute */
    {"//antipolis.example/id-in", true, false, "//antipolis.example", "/id-in", NULL, NULL},
    {"//antipolis.example/id-in/cse-in/a", true, true, "//antipolis.example", "/id-in", "cse-in/a",
     NULL},
    {"//antipolis.example/id-in/-", true, true, "//antipolis.example", "/id-in", "cse-in", NULL},
    {"//antipolis.example/id-in/cnt1", true, false, "//antipolis.example", "/id-in", "cnt1", NULL},
    {"//else.example/id-in/cse-in/a", false, false, "//else.example", "/id-in", "cse-in/a", NULL},
    {"//antipolis.example/mn1/x", false, false, "//antipolis.example", "/mn1", "x", NULL},
    /* attribute */
    {"cse-in/ae1#lbl", true, true, NULL, NULL, "cse-in/ae1", "lbl"},
    {"/id-in#ct", true, false, NULL, "/id-in", NULL, "ct"},
};

/* TS-0004 6.2.4 */
static void every_form(void **state)
{
    (void)state;
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct prim_address a;
        status s = prim_address_parse(bytes_str(good[i].to), &self, arena, &a);
        if (is_error(s)) {
            fail_msg("\"%s\": %s", good[i].to, status_note_get()->text);
        }
        assert_int_equal(a.ours, good[i].ours);
        assert_int_equal(a.is_structured, good[i].is_structured);
        expect_text(a.sp_id, good[i].sp_id);
        expect_text(a.cse_id, good[i].cse_id);
        expect_text(a.local, good[i].local);
        expect_text(a.attribute, good[i].attribute);
    }
    arena_free(arena);
}

/* TS-0004 6.2.4 */
static void what_is_no_address(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "/",
        "//",
        "///",
        "#lbl",
        "cse-in#",
        "cse-in#a/b",
        "cse-in#a#b",
        "cse-in//x",
        "cse-in/x//",
        "cse-in/-",
        "cse-in/../x",
        "cse-in/.",
        "../x",
        "~",
        "~/id-in/x",
        "_",
        "cse-in/a b",
        "cse-in/*",
        "cse-in/a?b=c",
        "//else.example",
        "//else.example/",
        "//Else.example/mn1",
        "//else.example//x",
        "//*/id-in/x",
        "/id-in//x",
        "/-/x",
        "/*/x",
        "cse-in/\xc3\xa9",
        "http://host/x",
        "cse-in\\x",
        "cse-in/%41",
        "-x",
        "--",
    };
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct prim_address a = {.local = BYTES("untouched")};
        status s = prim_address_parse(bytes_str(bad[i]), &self, arena, &a);
        if (!status_is(s, STATUS_BAD_REQUEST)) {
            fail_msg("\"%s\": %s", bad[i], status_name(s));
        }
        expect_text(a.local, "untouched");
    }
    struct prim_address a;
    expect_status(prim_address_parse(BYTES("cse-in/a\0b"), &self, arena, &a), STATUS_BAD_REQUEST);
    expect_status(prim_address_parse(BYTES_NONE, &self, arena, &a), STATUS_BAD_REQUEST);
    arena_free(arena);
}

static void limits_hold(void **state)
{
    (void)state;
    struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1 << 16);
    struct prim_address a;
    self.path_depth = 2; /* twice, for what is asked of the members of a group */
    expect_status(prim_address_parse(BYTES("cse-in/g/fopt/b"), &self, arena, &a), STATUS_OK);
    expect_status(prim_address_parse(BYTES("cse-in/g/fopt/b/c"), &self, arena, &a),
                  STATUS_BAD_REQUEST);
    self.identifier_size = 6;
    expect_status(prim_address_parse(BYTES("cse-in/abcdef"), &self, arena, &a), STATUS_OK);
    expect_status(prim_address_parse(BYTES("cse-in/abcdefg"), &self, arena, &a),
                  STATUS_BAD_REQUEST);
    expect_status(prim_address_parse(BYTES("/abcdefg/x"), &self, arena, &a), STATUS_BAD_REQUEST);
    char longest[20000];
    memset(longest, 'a', sizeof longest);
    const struct prim_self defaults = TEST_SELF;
    expect_status(prim_address_parse(bytes_of(longest, sizeof longest), &defaults, arena, &a),
                  STATUS_BAD_REQUEST);
    expect_status(prim_address_parse(bytes_of(longest, 256), &defaults, arena, &a), STATUS_OK);
    expect_status(prim_address_parse(bytes_of(longest, 257), &defaults, arena, &a),
                  STATUS_BAD_REQUEST);
    arena_free(arena);
}

static void plain_forms_need_no_memory(void **state)
{
    (void)state;
    const struct prim_self self = TEST_SELF;
    struct arena *arena = arena_new(1); /* nothing fits */
    struct prim_address a;
    expect_status(prim_address_parse(BYTES("/id-in/cse-in/a#lbl"), &self, arena, &a), STATUS_OK);
    expect_status(prim_address_parse(BYTES("-/a"), &self, arena, &a), STATUS_NO_MEMORY);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),
        cmocka_unit_test(what_is_no_address),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(plain_forms_need_no_memory),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
