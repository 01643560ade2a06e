/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

/* Below c: nodes n1 (3), s1 (23), n2 (3), and instances i1, i2 (4) and t1 (30) in between. */
static struct store_row make(struct fixture *f)
{
    struct store_row root = add_root(f);
    struct store_row c = add_node(f, root.id, 3, "c");
    static const struct {
        const char *name;
        uint32_t type;
        bool is_instance;
    } rows[] = {{"n1", 3, false}, {"i1", 4, true},  {"s1", 23, false},
                {"i2", 4, true},  {"n2", 3, false}, {"t1", 30, true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)add(f, &(struct store_new){.parent_id = c.id,
                                         .rn = bytes_str(rows[i].name),
                                         .type = rows[i].type,
                                         .is_instance = rows[i].is_instance,
                                         .body = bytes_str(rows[i].name)});
    }
    (void)add_node(f, root.id, 3, "d");
    return c;
}

static void check(struct fixture *f, struct store_children query, const char *expected)
{
    struct seen seen = {.count = 0};
    assert_ok(store_each_child(f->view, &query, see, &seen));
    assert_string_equal(seen.text, expected);
}

static void nodes_then_instances_in_order(void **state)
{
    struct fixture *f = *state;
    int64_t id = make(f).id;
    check(f, (struct store_children){.parent_id = id}, "n1,s1,n2,i1,i2,t1,");
    check(f, (struct store_children){.parent_id = id, .newest_first = true}, "n2,s1,n1,t1,i2,i1,");
}

static void types_choose(void **state)
{
    struct fixture *f = *state;
    int64_t id = make(f).id;
    check(f, (struct store_children){.parent_id = id, .type = 3}, "n1,n2,");
    check(f, (struct store_children){.parent_id = id, .type = 3, .newest_first = true}, "n2,n1,");
    check(f, (struct store_children){.parent_id = id, .type = 4}, "i1,i2,");
    check(f, (struct store_children){.parent_id = id, .type = 4, .newest_first = true}, "i2,i1,");
    check(f, (struct store_children){.parent_id = id, .type = 30}, "t1,");
    check(f, (struct store_children){.parent_id = id, .type = 9}, "");
    check(f, (struct store_children){.parent_id = 999998}, "");
}

static void pages_meet(void **state)
{
    struct fixture *f = *state;
    int64_t id = make(f).id;
    static const char *const names[] = {"n1,", "s1,", "n2,", "i1,", "i2,", "t1,"};
    for (uint64_t offset = 0; offset <= 7; offset++) {
        for (uint64_t limit = 1; limit <= 7; limit++) {
            char expected[64] = "";
            for (uint64_t i = offset; i < offset + limit && i < 6; i++) {
                memcpy(expected + 3 * (i - offset), names[i], 4);
            }
            check(f, (struct store_children){.parent_id = id, .offset = offset, .limit = limit},
                  expected);
        }
    }
    check(f, (struct store_children){.parent_id = id, .type = 4, .offset = 1}, "i2,");
    check(f, (struct store_children){.parent_id = id, .type = 3, .offset = 1, .limit = 9}, "n2,");
    check(f, (struct store_children){.parent_id = id, .offset = UINT64_MAX}, "");
    check(f, (struct store_children){.parent_id = id, .offset = 1, .limit = UINT64_MAX},
          "s1,n2,i1,i2,t1,");
}

static bool check_bodies(void *user, const struct store_row *row)
{
    const bool *wanted = user;
    assert_true(*wanted ? bytes_equal(row->body, row->rn) : row->body.len == 0);
    return true;
}

static void bodies_on_request(void **state)
{
    struct fixture *f = *state;
    int64_t id = make(f).id;
    bool wanted[] = {false, true};
    for (size_t i = 0; i < 2; i++) {
        struct store_children query = {.parent_id = id, .with_body = wanted[i]};
        assert_ok(store_each_child(f->view, &query, check_bodies, &wanted[i]));
    }
}

static void visitors_stop(void **state)
{
    struct fixture *f = *state;
    int64_t id = make(f).id;
    static const char *const expected[] = {"n1,", "n1,s1,", "n1,s1,n2,", "n1,s1,n2,i1,"};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        struct seen seen = {.stop_after = i + 1};
        assert_ok(store_each_child(f->view, &(struct store_children){.parent_id = id}, see, &seen));
        assert_string_equal(seen.text, expected[i]);
    }
}

struct nested {
    struct fixture *f;
    struct seen seen;
};

static bool descend(void *user, const struct store_row *row)
{
    struct nested *nested = user;
    struct bytes name = arena_dup(nested->f->arena, row->rn);
    struct store_children children = {.parent_id = row->id};
    assert_true(see(&nested->seen, row));
    assert_ok(store_each_child(nested->f->view, &children, descend, nested));
    assert_true(bytes_equal(name, row->rn)); /* still there after the inner visits */
    return true;
}

static void visits_nest(void **state)
{
    struct fixture *f = *state;
    (void)make(f);
    struct nested nested = {.f = f};
    assert_ok(
        store_each_child(f->view, &(struct store_children){.parent_id = 0}, descend, &nested));
    assert_string_equal(nested.seen.text, "cse,c,n1,s1,n2,i1,i2,t1,d,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(nodes_then_instances_in_order),
        FIXTURE_TEST(types_choose),
        FIXTURE_TEST(pages_meet),
        FIXTURE_TEST(bodies_on_request),
        FIXTURE_TEST(visitors_stop),
        FIXTURE_TEST(visits_nest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
