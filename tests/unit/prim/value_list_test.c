/* SPDX-License-Identifier: Apache-2.0
 * Lists as they stand in queries. TS-0009 6.2.2.2. */
#include "prim_test.h"

#define CLAUSE "TS-0009 6.2.2.2"

static void expect_media(const char *query, const char *const *want)
{
    struct arena *arena = arena_new(1 << 16);
    struct prim_request r;
    prim_request_init(&r);
    expect_status(prim_request_set(&r, BYTES("cty"), bytes_str(query), arena), STATUS_OK);
    size_t count = 0;
    for (; want[count] != NULL; count++) {
        assert_true(count < r.filter.content_types.count);
        expect_text(r.filter.content_types.items[count], want[count]);
    }
    assert_int_equal(r.filter.content_types.count, count);
    arena_free(arena);
}

/* A '+' joins list members, and also ends a media type. */
static void media_types_with_a_suffix(void **state)
{
    (void)state;
    expect_media("text/plain", (const char *const[]){"text/plain", NULL});
    expect_media("text/plain+image/png", (const char *const[]){"text/plain", "image/png", NULL});
    expect_media("application/vnd.x+json", (const char *const[]){"application/vnd.x+json", NULL});
    expect_media("application/vnd.x json", (const char *const[]){"application/vnd.x+json", NULL});
    expect_media("application/vnd.x+json+a/b+xml",
                 (const char *const[]){"application/vnd.x+json", "a/b+xml", NULL});
    expect_media("odd", (const char *const[]){"odd", NULL});
}

static void separators(void **state)
{
    (void)state;
    static const char *const queries[] = {"a+b", "a b", "+a+b+", "a++b", " a  b ", "a+ b"};
    struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        struct prim_request r;
        prim_request_init(&r);
        expect_status(prim_request_set(&r, BYTES("lbl"), bytes_str(queries[i]), arena), STATUS_OK);
        assert_int_equal(r.filter.labels.count, 2);
        expect_text(r.filter.labels.items[0], "a");
        expect_text(r.filter.labels.items[1], "b");
    }
    arena_free(arena);
}

static void a_bad_member_changes_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct prim_request r;
    prim_request_init(&r);
    expect_status(prim_request_set(&r, BYTES("ty"), BYTES("2+3"), arena), STATUS_OK);
    expect_status(prim_request_set(&r, BYTES("ty"), BYTES("4+x"), arena), STATUS_BAD_REQUEST);
    assert_int_equal(r.filter.resource_types.count, 2);
    assert_int_equal(r.filter.resource_types.items[0], 2);
    arena_free(arena);
}

/* Much repetition ends at the memory one request may use. */
static void repetition_is_bounded_by_the_arena(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct prim_request r;
    prim_request_init(&r);
    status s = OK;
    unsigned count = 0;
    while (is_ok(s) && count < 100000) {
        s = prim_request_set(&r, BYTES("lbl"), BYTES("a"), arena);
        count++;
    }
    expect_status(s, STATUS_NO_MEMORY);
    assert_int_equal(r.filter.labels.count, count - 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_types_with_a_suffix),
        cmocka_unit_test(separators),
        cmocka_unit_test(a_bad_member_changes_nothing),
        cmocka_unit_test(repetition_is_bounded_by_the_arena),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
