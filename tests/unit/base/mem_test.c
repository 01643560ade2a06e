/* SPDX-License-Identifier: Apache-2.0
 * Heap with injected failures, and arenas. */
#include "base_check.h"

static void heap_memory_is_zeroed(void **state)
{
    (void)state;
    char *p = mem_alloc(1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(p[i], 0);
    }
    p[999] = 'x';
    p = mem_resize(p, 100000);
    assert_non_null(p);
    assert_int_equal(p[999], 'x');
    mem_free(p);
    mem_free(NULL);
    p = mem_alloc(0);
    assert_non_null(p);
    mem_free(p);
    assert_null(mem_alloc_array(SIZE_MAX / 2, 3));
    p = mem_alloc_array(10, 0);
    assert_non_null(p);
    mem_free(p);
}

static void injected_failures_come_once(void **state)
{
    (void)state;
    mem_fail_after(2);
    char *p = mem_alloc(1);
    assert_non_null(p);
    assert_null(mem_resize(p, 2));
    char *q = mem_resize(p, 2); /* the old block stayed valid */
    assert_non_null(q);
    mem_fail_after(1);
    mem_fail_after(0);
    char *r = mem_alloc(1);
    assert_non_null(r);
    mem_free(q);
    mem_free(r);
}

static void arena_objects_are_aligned_and_zeroed(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    for (size_t i = 1; i < 300; i++) {
        char *chars = arena_chars(arena, i % 7);
        assert_non_null(chars);
        memset(chars, 0xff, i % 7);
        char *object = arena_alloc(arena, i);
        assert_non_null(object);
        assert_int_equal((uintptr_t)object % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i; k++) {
            assert_int_equal(object[k], 0);
        }
        memset(object, 0xff, i);
    }
    arena_reset(arena);
    uint64_t *again = ARENA_ARRAY(arena, uint64_t, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_true(again[i] == 0);
    }
    arena_free(arena);
    arena_free(NULL);
}

static void an_arena_keeps_its_limit(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 20000; limit += 777) {
        struct arena *arena = arena_new(limit);
        size_t got = 0;
        while (arena_chars(arena, 100) != NULL) {
            got += 100;
        }
        assert_true(got <= limit && arena_used(arena) <= limit);
        assert_true(got + 400 >= limit); /* little is wasted */
        assert_null(arena_alloc(arena, limit + 1));
        assert_null(arena_chars(arena, SIZE_MAX));
        assert_null(arena_alloc(arena, SIZE_MAX - 8));
        arena_free(arena);
    }
}

static void reset_forgets_all_but_the_first_block(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    size_t first = arena_used(arena);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 1000; i++) {
            assert_non_null(arena_alloc(arena, 500));
        }
        assert_true(arena_used(arena) >= 500000);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), first);
    }
    arena_free(arena);
}

static void copies_end_with_a_nul(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10000);
    struct bytes copy = arena_dup(arena, BYTES("text"));
    assert_string_equal(copy.ptr, "text");
    assert_int_equal(copy.len, 4);
    copy = arena_dup(arena, BYTES(""));
    assert_non_null(copy.ptr);
    assert_int_equal(copy.len, 0);
    assert_null(arena_dup(arena, BYTES_NONE).ptr);
    struct bytes printed = arena_printf(arena, "%d-%s", 42, "x");
    assert_string_equal(printed.ptr, "42-x");
    assert_int_equal(printed.len, 4);
    assert_null(arena_printf(arena, "%20000d", 1).ptr);
    char large[10000] = {0};
    assert_null(arena_dup(arena, bytes_of(large, sizeof(large))).ptr);
    arena_free(arena);
}

static void arenas_need_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 2; n++) {
        mem_fail_after(n);
        assert_null(arena_new(1000));
        mem_fail_after(0);
    }
    struct arena *arena = arena_new(1U << 20);
    mem_fail_after(1);
    assert_null(arena_alloc(arena, 100000));
    mem_fail_after(0);
    assert_non_null(arena_alloc(arena, 100000));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heap_memory_is_zeroed),
        cmocka_unit_test(injected_failures_come_once),
        cmocka_unit_test(arena_objects_are_aligned_and_zeroed),
        cmocka_unit_test(an_arena_keeps_its_limit),
        cmocka_unit_test(reset_forgets_all_but_the_first_block),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(arenas_need_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
