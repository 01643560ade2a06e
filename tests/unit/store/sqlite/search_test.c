/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

enum { LABEL = 1, OTHER = 2 };

static int64_t put(struct fixture *f, int64_t parent_id, const char *name, uint32_t type,
                   int64_t ct, const char *label)
{
    struct store_key key = {LABEL, bytes_str(label)};
    return add(f, &(struct store_new){.parent_id = parent_id,
                                      .rn = bytes_str(name),
                                      .type = type,
                                      .is_instance = type == 4,
                                      .ct = ct,
                                      .keys = &key,
                                      .key_count = label == NULL ? 0 : 1,
                                      .body = BYTES("b")})
        .id;
}

/* cse: a(2) { c(3,red) { d(3) { j(4,red) } i(4,blue) k(4) }  s(23) }  ab(3,red)  e(3) { g(3,blue) }
 */
static void make(struct fixture *f)
{
    int64_t root = add_root(f).id;
    int64_t a = put(f, root, "a", 2, 10, NULL);
    int64_t c = put(f, a, "c", 3, 20, "red");
    int64_t d = put(f, c, "d", 3, 30, NULL);
    (void)put(f, c, "i", 4, 40, "blue");
    (void)put(f, d, "j", 4, 50, "red");
    (void)put(f, a, "s", 23, 60, NULL);
    (void)put(f, root, "ab", 3, 70, "red");
    int64_t e = put(f, root, "e", 3, 80, NULL);
    (void)put(f, e, "g", 3, 90, "blue");
    (void)put(f, c, "k", 4, 100, NULL);
}

/* The names found, sorted: the order is not promised. */
static void find(struct fixture *f, struct store_search query, const char *expected)
{
    struct seen seen = {.count = 0};
    assert_ok(store_search_below(f->view, &query, see, &seen));
    char sorted[256] = "", name[64];
    size_t len = 0;
    for (char c = 'a'; c <= 'z'; c++) { /* names begin with different letters, but for a and ab */
        for (struct bytes rest = bytes_of(seen.text, seen.len); rest.len > 0;) {
            struct bytes one = bytes_cut(&rest, ',');
            if (one.len > 0 && one.ptr[0] == c) {
                int wrote = snprintf(name, sizeof(name), "%.*s ", BYTES_FMT(one));
                memcpy(sorted + len, name, (size_t)wrote + 1);
                len += (size_t)wrote;
            }
        }
    }
    assert_string_equal(sorted, expected);
}

static void below_a_root(void **state)
{
    struct fixture *f = *state;
    make(f);
    find(f, (struct store_search){.root_path = BYTES("cse")}, "a ab c d e g i j k s ");
    find(f, (struct store_search){.root_path = BYTES("cse/a")}, "c d i j k s ");
    find(f, (struct store_search){.root_path = BYTES("cse/a/c/d")}, "j ");
    find(f, (struct store_search){.root_path = BYTES("cse/a/s")}, "");
    find(f, (struct store_search){.root_path = BYTES("cse/none")}, "");
    find(f, (struct store_search){.root_path = BYTES("")}, "");
}

static void to_a_depth(void **state)
{
    struct fixture *f = *state;
    make(f);
    find(f, (struct store_search){.root_path = BYTES("cse"), .max_depth = 1}, "a ab e ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .max_depth = 3},
         "a ab c d e g i k s ");
    find(f, (struct store_search){.root_path = BYTES("cse/a/c"), .max_depth = 1}, "d i k ");
    struct store_key red = {LABEL, BYTES("red")};
    find(f,
         (struct store_search){
             .root_path = BYTES("cse"), .max_depth = 2, .any_keys = &red, .any_key_count = 1},
         "ab c ");
}

static void by_keys(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_key keys[] = {
        {LABEL, BYTES("red")}, {LABEL, BYTES("blue")}, {LABEL, BYTES("re")}, {OTHER, BYTES("red")}};
    find(f, (struct store_search){.root_path = BYTES("cse"), .any_keys = keys, .any_key_count = 1},
         "ab c j ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .any_keys = keys, .any_key_count = 2},
         "ab c g i j ");
    find(f,
         (struct store_search){.root_path = BYTES("cse"), .any_keys = keys + 2, .any_key_count = 2},
         "");
    find(f,
         (struct store_search){.root_path = BYTES("cse/a"), .any_keys = keys, .any_key_count = 2},
         "c i j ");
}

static void a_row_with_two_keys_comes_once(void **state)
{
    struct fixture *f = *state;
    int64_t root = add_root(f).id;
    struct store_key keys[] = {{LABEL, BYTES("x")}, {LABEL, BYTES("y")}, {OTHER, BYTES("x")}};
    (void)add(f, &(struct store_new){
                     .parent_id = root, .rn = BYTES("n"), .type = 3, .keys = keys, .key_count = 3});
    find(f, (struct store_search){.root_path = BYTES("cse"), .any_keys = keys, .any_key_count = 3},
         "n ");
    struct store_key same[] = {keys[0], keys[0]};
    find(f, (struct store_search){.root_path = BYTES("cse"), .any_keys = same, .any_key_count = 2},
         "n ");
}

static void by_types(void **state)
{
    struct fixture *f = *state;
    make(f);
    uint32_t cnt[] = {3}, cin[] = {4}, some[] = {23, 4, 2}, none[] = {77};
    uint32_t many[] = {101, 102, 103, 104, 105, 106, 107, 108, 109, 2};
    find(f, (struct store_search){.root_path = BYTES("cse"), .types = cnt, .type_count = 1},
         "ab c d e g ");
    find(f, (struct store_search){.root_path = BYTES("cse/a"), .types = cnt, .type_count = 1},
         "c d ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .types = cin, .type_count = 1},
         "i j k ");
    find(f, (struct store_search){.root_path = BYTES("cse/a/c/d"), .types = cin, .type_count = 1},
         "j ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .types = some, .type_count = 3},
         "a i j k s ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .types = none, .type_count = 1}, "");
    find(f, (struct store_search){.root_path = BYTES("cse"), .types = many, .type_count = 10},
         "a ");
    struct store_key red = {LABEL, BYTES("red")};
    find(f,
         (struct store_search){.root_path = BYTES("cse"),
                               .types = cnt,
                               .type_count = 1,
                               .any_keys = &red,
                               .any_key_count = 1},
         "ab c ");
}

static void by_time(void **state)
{
    struct fixture *f = *state;
    make(f);
    find(f, (struct store_search){.root_path = BYTES("cse"), .created_from = 70}, "ab e g k ");
    find(f, (struct store_search){.root_path = BYTES("cse"), .created_before = 30}, "a c ");
    find(f,
         (struct store_search){.root_path = BYTES("cse"), .created_from = 30, .created_before = 51},
         "d i j ");
    struct store_key red = {LABEL, BYTES("red")};
    find(f,
         (struct store_search){
             .root_path = BYTES("cse"), .created_before = 70, .any_keys = &red, .any_key_count = 1},
         "c j ");
}

struct order {
    struct fixture *f;
    int64_t ids[16];
    size_t count;
};

static bool check_parent_seen(void *user, const struct store_row *row)
{
    struct order *order = user;
    bool seen = row->parent_id == order->ids[0];
    for (size_t i = 0; i < order->count; i++) {
        seen = seen || order->ids[i] == row->parent_id;
    }
    assert_true(seen);
    order->ids[order->count++] = row->id;
    return true;
}

static void parents_before_children(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_row root;
    assert_ok(store_get_by_path(f->view, BYTES("cse"), f->arena, &root));
    uint32_t types[] = {4, 3, 2, 23};
    for (size_t with_types = 0; with_types < 2; with_types++) {
        struct order order = {.f = f, .ids = {root.id}, .count = 1};
        struct store_search query = {
            .root_path = BYTES("cse"), .types = types, .type_count = with_types * 4};
        assert_ok(store_search_below(f->view, &query, check_parent_seen, &order));
        assert_int_equal(order.count, 11);
    }
}

static void visitors_stop(void **state)
{
    struct fixture *f = *state;
    make(f);
    struct store_key keys[] = {{LABEL, BYTES("red")}, {LABEL, BYTES("blue")}};
    uint32_t types[] = {3, 4};
    for (size_t stop = 1; stop < 5; stop++) {
        struct seen by_walk = {.stop_after = stop}, by_key = {.stop_after = stop},
                    by_type = {.stop_after = stop};
        struct store_search query = {.root_path = BYTES("cse")};
        assert_ok(store_search_below(f->view, &query, see, &by_walk));
        assert_int_equal(by_walk.count, stop);
        query =
            (struct store_search){.root_path = BYTES("cse"), .any_keys = keys, .any_key_count = 2};
        assert_ok(store_search_below(f->view, &query, see, &by_key));
        assert_int_equal(by_key.count, stop);
        query = (struct store_search){.root_path = BYTES("cse"), .types = types, .type_count = 2};
        assert_ok(store_search_below(f->view, &query, see, &by_type));
        assert_int_equal(by_type.count, stop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(below_a_root),
        FIXTURE_TEST(to_a_depth),
        FIXTURE_TEST(by_keys),
        FIXTURE_TEST(a_row_with_two_keys_comes_once),
        FIXTURE_TEST(by_types),
        FIXTURE_TEST(by_time),
        FIXTURE_TEST(parents_before_children),
        FIXTURE_TEST(visitors_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
