/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

enum { LABEL = 1, MANY = 600 };

static status make_body(struct store_view *view, void *user)
{
    struct fixture *f = user;
    struct store_row root, part, small;
    struct store_key common = {LABEL, BYTES("common")}, rare = {LABEL, BYTES("rare")};
    TRY(store_get_by_path(view, BYTES("cse"), f->arena, &root));
    struct store_new row = {.parent_id = root.id, .rn = BYTES("big"), .type = 2};
    TRY(store_insert(view, &row, f->arena, &part));
    row.rn = BYTES("small");
    TRY(store_insert(view, &row, f->arena, &small));
    row = (struct store_new){.parent_id = part.id, .keys = &common, .key_count = 1};
    for (int i = 0; i < MANY; i++) {
        row.is_instance = i % 2 == 0;
        row.type = row.is_instance ? 4 : 3;
        TRY(store_insert(view, &row, f->arena, NULL));
    }
    row = (struct store_new){
        .parent_id = part.id, .rn = BYTES("r"), .type = 23, .keys = &rare, .key_count = 1};
    TRY(store_insert(view, &row, f->arena, NULL));
    row = (struct store_new){
        .parent_id = small.id, .rn = BYTES("c"), .type = 3, .keys = &common, .key_count = 1};
    TRY(store_insert(view, &row, f->arena, &part));
    row =
        (struct store_new){.parent_id = part.id, .rn = BYTES("i"), .type = 4, .is_instance = true};
    return store_insert(view, &row, f->arena, NULL);
}

static void make(struct fixture *f)
{
    (void)add_root(f);
    assert_ok(in_job(f, make_body, f));
}

/* Finds what is expected within few looks. */
static void find(struct fixture *f, struct store_search query, const char *expected)
{
    struct seen seen = {.count = 0};
    query.looks_max = 5;
    assert_ok(store_search_below(f->view, &query, see, &seen));
    assert_string_equal(seen.text, expected);
}

static void a_small_subtree_is_walked(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_key common = {LABEL, BYTES("common")};
    uint32_t cnt = 3, cin = 4;
    struct store_search query = {.root_path = BYTES("cse/small")};
    find(f, query, "c,i,");
    query.any_keys = &common;
    query.any_key_count = 1;
    find(f, query, "c,");
    query.types = &cin;
    query.type_count = 1;
    find(f, query, "");
    query.types = &cnt;
    find(f, query, "c,");
    query.any_key_count = 0;
    find(f, query, "c,");
}

static void a_rare_key_or_type_is_looked_up(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_key rare = {LABEL, BYTES("rare")};
    uint32_t sub = 23;
    static const char *const roots[] = {"cse", "cse/big"};
    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        struct store_search query = {
            .root_path = bytes_str(roots[i]), .any_keys = &rare, .any_key_count = 1};
        find(f, query, "r,");
        query =
            (struct store_search){.root_path = bytes_str(roots[i]), .types = &sub, .type_count = 1};
        find(f, query, "r,");
    }
}

static void one_level_looks_at_one_level(void **state)
{
    struct fixture *f = *state;
    make(f);
    find(f, (struct store_search){.root_path = BYTES("cse"), .max_depth = 1}, "big,small,");
    find(f, (struct store_search){.root_path = BYTES("cse/small"), .max_depth = 1}, "c,");
    find(f, (struct store_search){.root_path = BYTES("cse/none"), .max_depth = 1}, "");
    struct seen seen = {.count = 0};
    uint32_t cin = 4;
    struct store_search query = {
        .root_path = BYTES("cse/small/c"), .max_depth = 1, .types = &cin, .type_count = 1};
    assert_ok(store_search_below(f->view, &query, see, &seen));
    assert_string_equal(seen.text, "i,");
}

static void looks_are_bounded(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_key common = {LABEL, BYTES("common")};
    struct store_search queries[] = {
        {.root_path = BYTES("cse")},
        {.root_path = BYTES("cse"), .created_from = 1000},
        {.root_path = BYTES("cse/big"), .max_depth = 1},
        {.root_path = BYTES("cse"), .any_keys = &common, .any_key_count = 1}};
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        struct seen seen = {.count = 0};
        queries[i].looks_max = 100;
        assert_status(store_search_below(f->view, &queries[i], see, &seen), LIMIT);
        assert_true(seen.count <= 100);
        queries[i].looks_max = 10000;
        seen = (struct seen){.count = 0};
        assert_ok(store_search_below(f->view, &queries[i], see, &seen));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_small_subtree_is_walked),
        FIXTURE_TEST(a_rare_key_or_type_is_looked_up),
        FIXTURE_TEST(one_level_looks_at_one_level),
        FIXTURE_TEST(looks_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
