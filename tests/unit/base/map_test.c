/* SPDX-License-Identifier: Apache-2.0
 * The hash map. */
#include "base_check.h"

enum { MANY = 5000 };
static int values[MANY];

static struct bytes key_of(int i, char space[16])
{
    (void)snprintf(space, 16, "key-%d", i);
    return bytes_str(space);
}

static void holds_many(void **state)
{
    (void)state;
    char space[16];
    struct map *map = map_new(MANY);
    assert_non_null(map);
    for (int i = 0; i < MANY; i++) {
        assert_true(is_ok(map_put(map, key_of(i, space), &values[i])));
    }
    assert_int_equal(map_count(map), MANY);
    for (int i = 0; i < MANY; i++) {
        assert_ptr_equal(map_get(map, key_of(i, space)), &values[i]);
    }
    assert_null(map_get(map, BYTES("key-")));
    for (int i = 0; i < MANY; i += 2) {
        assert_ptr_equal(map_remove(map, key_of(i, space)), &values[i]);
        assert_null(map_remove(map, key_of(i, space)));
    }
    for (int i = 0; i < MANY; i++) {
        assert_true((map_get(map, key_of(i, space)) != NULL) == (i % 2 == 1));
    }
    assert_int_equal(map_count(map), MANY / 2);
    map_free(map);
    map_free(NULL);
}

static void replaces_and_keeps_the_limit(void **state)
{
    (void)state;
    struct map *map = map_new(2);
    assert_true(is_ok(map_put(map, BYTES("a"), &values[0])));
    assert_true(is_ok(map_put(map, BYTES(""), &values[1])));
    assert_int_equal(map_put(map, BYTES("c"), &values[2]).code, STATUS_LIMIT);
    assert_null(map_get(map, BYTES("c")));
    assert_true(is_ok(map_put(map, BYTES("a"), &values[3]))); /* replacing needs no room */
    assert_ptr_equal(map_get(map, BYTES("a")), &values[3]);
    assert_ptr_equal(map_get(map, BYTES_NONE), &values[1]);
    assert_non_null(map_remove(map, BYTES("a")));
    assert_true(is_ok(map_put(map, BYTES("a\0b"), &values[2])));
    assert_null(map_get(map, BYTES("a")));
    map_free(map);
}

static void keys_are_copies(void **state)
{
    (void)state;
    char key[] = "name";
    struct map *map = map_new(10);
    assert_true(is_ok(map_put(map, bytes_str(key), &values[0])));
    key[0] = 'X';
    assert_ptr_equal(map_get(map, BYTES("name")), &values[0]);
    assert_null(map_get(map, bytes_str(key)));
    map_free(map);
}

struct visit {
    struct map *map;
    unsigned count, removed;
};

static void visit(void *user, struct bytes key, void *value)
{
    struct visit *visit = user;
    visit->count++;
    if ((int *)value - values < 50) {
        char copy[16];
        memcpy(copy, key.ptr, key.len);
        assert_ptr_equal(map_remove(visit->map, bytes_of(copy, key.len)), value);
        visit->removed++;
    }
}

static void visits_each_and_may_remove_it(void **state)
{
    (void)state;
    char space[16];
    struct visit seen = {map_new(100), 0, 0};
    for (int i = 0; i < 100; i++) {
        assert_true(is_ok(map_put(seen.map, key_of(i, space), &values[i])));
    }
    map_each(seen.map, visit, &seen);
    assert_int_equal(seen.count, 100);
    assert_int_equal(seen.removed, 50);
    assert_int_equal(map_count(seen.map), 50);
    map_free(seen.map);
}

static void survives_the_end_of_memory(void **state)
{
    (void)state;
    char space[16];
    for (unsigned n = 1; n <= 60; n++) {
        mem_fail_after(n);
        struct map *map = map_new(1000);
        if (map == NULL) {
            mem_fail_after(0);
            assert_in_range(n, 1, 2);
            continue;
        }
        size_t in = 0;
        for (int i = 0; i < 50; i++) { /* grows twice on the way */
            status result = map_put(map, key_of(i, space), &values[i]);
            assert_true(is_ok(result) || status_is(result, STATUS_NO_MEMORY));
            in += is_ok(result);
            assert_true((map_get(map, key_of(i, space)) != NULL) == is_ok(result));
        }
        mem_fail_after(0);
        assert_int_equal(map_count(map), in);
        assert_in_range(in, 49, 50);
        map_free(map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_many),
        cmocka_unit_test(replaces_and_keeps_the_limit),
        cmocka_unit_test(keys_are_copies),
        cmocka_unit_test(visits_each_and_may_remove_it),
        cmocka_unit_test(survives_the_end_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
