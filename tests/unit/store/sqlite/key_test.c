/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

struct found {
    char text[256];
    size_t len, stop_after, count;
};

static bool note(void *user, const struct store_key *key)
{
    struct found *found = user;
    found->len += (size_t)snprintf(found->text + found->len, sizeof(found->text) - found->len,
                                   "%u=%.*s,", key->name, BYTES_FMT(key->value));
    return ++found->count != found->stop_after;
}

static void check(struct fixture *f, int64_t id, const char *expected)
{
    struct found found = {.len = 0};
    assert_ok(store_each_key(f->view, id, note, &found));
    assert_string_equal(found.text, expected);
}

static void keys_follow_their_row(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_key keys[] = {
        {1, BYTES("red")}, {1, BYTES("blue")}, {2, BYTES("red")}, {1, BYTES("red")}};
    struct store_row row = add(
        f,
        &(struct store_new){.parent_id = root.id, .rn = BYTES("c"), .keys = keys, .key_count = 4});
    check(f, row.id, "1=blue,1=red,2=red,");
    check(f, root.id, "");
    assert_ok(change(f, &(struct store_change){
                            .id = row.id, .set_keys = true, .keys = keys + 2, .key_count = 1}));
    check(f, row.id, "2=red,");
    assert_ok(change(f, &(struct store_change){.id = row.id, .set_lt = true}));
    check(f, row.id, "2=red,");
    assert_ok(change(f, &(struct store_change){.id = row.id, .set_keys = true}));
    check(f, row.id, "");
}

static void keys_go_with_their_row(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f);
    struct store_key key = {1, BYTES("\0\xff")};
    struct store_row row =
        add(f, &(struct store_new){
                   .parent_id = root.id, .is_instance = true, .keys = &key, .key_count = 1});
    struct found found = {.stop_after = 1};
    assert_ok(store_each_key(f->view, row.id, note, &found));
    assert_int_equal(found.count, 1);
    assert_ok(drop(f, row.id));
    check(f, row.id, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(keys_follow_their_row),
        FIXTURE_TEST(keys_go_with_their_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
