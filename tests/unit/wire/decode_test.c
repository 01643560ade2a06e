/* SPDX-License-Identifier: Apache-2.0
 * Whole documents: repeated names, limits, exhausted memory. TS-0004 8.4.2. */
#include "wire_check.h"

static void refuses_repeated_names(void **state)
{
    (void)state;
    CLAUSE("TS-0004 8.4.2");
    assert_refused(WIRE_JSON, BYTES("{\"a\":1,\"a\":1}"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("{\"a\":1,\"\\u0061\":2}"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("{\"\":1,\"\":1}"), STATUS_SYNTAX);
    assert_refused(WIRE_JSON, BYTES("[{\"b\":{\"a\":[],\"c\":1,\"a\":{}}}]"), STATUS_SYNTAX);
    assert_refused(WIRE_CBOR, BYTES("\xa2\x61\x61\x01\x61\x61\x02"), STATUS_SYNTAX);
    assert_refused(WIRE_CBOR, BYTES("\xa2\x61\x61\x01\x7f\x61\x61\xff\x02"), STATUS_SYNTAX);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[{\"a\":1},{\"a\":{\"a\":1}}]"), &check_limits),
                     STATUS_OK);
}

/* {"k0":0,...} with count members, of which the last repeats the name of number again. */
static struct bytes object_of(struct check *check, int count, int again)
{
    buf_clear(&check->out);
    buf_add_char(&check->out, '{');
    for (int i = 0; i < count; i++) {
        buf_printf(&check->out, "%s\"k%d\":%d", i == 0 ? "" : ",", i == count - 1 ? again : i, i);
    }
    buf_add_char(&check->out, '}');
    return buf_bytes(&check->out);
}

static void finds_repeated_names_at_every_size(void **state)
{
    struct check *check = *state;
    for (int count = 3; count <= 300; count++) {
        assert_int_equal(check_status(WIRE_JSON, object_of(check, count, count - 1), &check_limits),
                         STATUS_OK);
        assert_refused(WIRE_JSON, object_of(check, count, 0), STATUS_SYNTAX);
        assert_refused(WIRE_JSON, object_of(check, count, count / 2), STATUS_SYNTAX);
        assert_refused(WIRE_JSON, object_of(check, count, count - 2), STATUS_SYNTAX);
    }
}

static void keeps_the_order_of_a_large_object(void **state)
{
    struct check *check = *state;
    struct bytes text = arena_dup(check->arena, object_of(check, 4096, 4095));
    struct wire_value *value = check_decode(check, WIRE_JSON, text);
    assert_int_equal(value->count, 4096);
    assert_true(bytes_equal(check_json(check, value), text));
}

static void keeps_the_limits(void **state)
{
    struct check *check = *state;
    const struct wire_limits tight = {.depth = 3, .members = 4, .values = 9};
    CLAUSE("TS-0004 8.4");
    assert_int_equal(check_status(WIRE_JSON, BYTES("[[[1]]]"), &tight), STATUS_OK);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[[[[]]]]"), &tight), STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[1,2,3,4]"), &tight), STATUS_OK);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[1,2,3,4,5]"), &tight), STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_JSON, object_of(check, 4, 3), &tight), STATUS_OK);
    assert_int_equal(check_status(WIRE_JSON, object_of(check, 5, 4), &tight), STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[[1,2,3,4],[1,2]]"), &tight), STATUS_OK);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[[1,2,3,4],[1,2,3]]"), &tight), STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_CBOR, BYTES("\x81\x81\x81\x01"), &tight), STATUS_OK);
    assert_int_equal(check_status(WIRE_CBOR, BYTES("\x81\x81\x81\x80"), &tight), STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_CBOR, BYTES("\x85\x01\x01\x01\x01\x01"), &tight),
                     STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_CBOR, BYTES("\x9f\x01\x01\x01\x01\x01\xff"), &tight),
                     STATUS_LIMIT);
    assert_int_equal(check_status(WIRE_CBOR, BYTES("\x9b\xff\xff\xff\xff\xff\xff\xff\xff"), &tight),
                     STATUS_LIMIT);
    const struct wire_limits none = {.depth = 0, .members = 0, .values = 0};
    assert_int_equal(check_status(WIRE_JSON, BYTES("1"), &none), STATUS_LIMIT);
    const struct wire_limits flat = {.depth = 0, .members = 0, .values = 1};
    assert_int_equal(check_status(WIRE_JSON, BYTES("1"), &flat), STATUS_OK);
    assert_int_equal(check_status(WIRE_JSON, BYTES("[]"), &flat), STATUS_LIMIT);
}

static void no_depth_reaches_past_the_stack(void **state)
{
    struct check *check = *state;
    const struct wire_limits wide = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    for (int i = 0; i < 2000000; i++) {
        buf_add_char(&check->out, '[');
    }
    assert_int_equal(check_status(WIRE_JSON, buf_bytes(&check->out), &wide), STATUS_LIMIT);
    memset(check->out.ptr, 0x81, check->out.len);
    assert_int_equal(check_status(WIRE_CBOR, buf_bytes(&check->out), &wide), STATUS_LIMIT);
}

static void says_when_memory_ends(void **state)
{
    struct check *check = *state;
    struct bytes text = arena_dup(check->arena, object_of(check, 200, 199));
    struct wire_value *value = NULL;
    for (unsigned n = 1;; n++) {
        mem_fail_after(n);
        struct arena *arena = arena_new(1U << 24);
        if (arena == NULL) {
            continue;
        }
        status result = wire_decode(WIRE_JSON, text, &check_limits, arena, &value);
        mem_fail_after(0);
        arena_free(arena);
        if (is_ok(result)) {
            break;
        }
        assert_int_equal(result.code, STATUS_NO_MEMORY);
    }
    value = NULL;
    unsigned failures = 0;
    for (size_t limit = 0; limit < 60000; limit += 97) { /* and at any size of the arena */
        struct arena *arena = arena_new(limit);
        status result = wire_decode(WIRE_JSON, text, &check_limits, arena, &value);
        assert_true(is_ok(result) || status_is(result, STATUS_NO_MEMORY));
        failures += is_error(result);
        arena_free(arena);
    }
    assert_non_null(value);
    assert_in_range(failures, 50, 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(refuses_repeated_names),
        CHECK_TEST(finds_repeated_names_at_every_size),
        CHECK_TEST(keeps_the_order_of_a_large_object),
        CHECK_TEST(keeps_the_limits),
        CHECK_TEST(no_depth_reaches_past_the_stack),
        CHECK_TEST(says_when_memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
