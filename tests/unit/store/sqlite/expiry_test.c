/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static void make(struct fixture *f)
{
    struct store_row root = add_root(f);
    static const struct {
        const char *name;
        int64_t et;
        bool is_instance;
    } rows[] = {{"late", 50, false}, {"i10", 10, true},  {"never", 0, false}, {"n5", 5, false},
                {"i20", 20, true},   {"n20", 20, false}, {"inever", 0, true}, {"i60", 60, true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)add(f, &(struct store_new){.parent_id = root.id,
                                         .rn = bytes_str(rows[i].name),
                                         .type = rows[i].is_instance ? 4 : 3,
                                         .is_instance = rows[i].is_instance,
                                         .et = rows[i].et});
    }
}

static void check(struct fixture *f, int64_t until, uint64_t limit, const char *expected)
{
    struct seen seen = {.count = 0};
    assert_ok(store_each_expired(f->view, until, limit, see, &seen));
    assert_string_equal(seen.text, expected);
}

static void soonest_first(void **state)
{
    struct fixture *f = *state;
    make(f);
    check(f, 4, 0, "");
    check(f, 5, 0, "n5,");
    check(f, 20, 0, "n5,i10,n20,i20,");
    check(f, 100, 0, "n5,i10,n20,i20,late,i60,");
    check(f, 100, 1, "n5,");
    check(f, 100, 3, "n5,i10,n20,");
    struct seen seen = {.stop_after = 2};
    assert_ok(store_each_expired(f->view, 100, 0, see, &seen));
    assert_string_equal(seen.text, "n5,i10,");
}

static void next_expiry_moves(void **state)
{
    struct fixture *f = *state;
    int64_t et;
    assert_ok(store_next_expiry(f->view, &et));
    assert_int_equal(et, 0);
    make(f);
    assert_ok(store_next_expiry(f->view, &et));
    assert_int_equal(et, 5);
    struct store_row row;
    assert_ok(store_get_by_path(f->view, BYTES("cse/n5"), f->arena, &row));
    assert_ok(change(f, &(struct store_change){.id = row.id, .set_et = true, .et = 70}));
    assert_ok(store_next_expiry(f->view, &et));
    assert_int_equal(et, 10);
    assert_ok(store_get_by_path(f->view, BYTES("cse/i10"), f->arena, &row));
    assert_ok(drop(f, row.id));
    assert_ok(store_next_expiry(f->view, &et));
    assert_int_equal(et, 20);
    check(f, 100, 0, "n20,i20,late,i60,n5,");
}

static void only_instances_expire(void **state)
{
    struct fixture *f = *state;
    int64_t et;
    struct store_row root = add_root(f);
    (void)add(f, &(struct store_new){.parent_id = root.id, .is_instance = true, .et = 9});
    assert_ok(store_next_expiry(f->view, &et));
    assert_int_equal(et, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(soonest_first),
        FIXTURE_TEST(next_expiry_moves),
        FIXTURE_TEST(only_instances_expire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
