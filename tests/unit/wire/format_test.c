/* SPDX-License-Identifier: Apache-2.0
 * The token reader as its users see it. */
#include "wire_check.h"

static const char letters[] = {
    [WIRE_TOKEN_END] = '.',         [WIRE_TOKEN_OBJECT_BEGIN] = '{', [WIRE_TOKEN_OBJECT_END] = '}',
    [WIRE_TOKEN_ARRAY_BEGIN] = '[', [WIRE_TOKEN_ARRAY_END] = ']',    [WIRE_TOKEN_NAME] = 'n',
    [WIRE_TOKEN_VALUE] = 'v'};

/* The kinds of all tokens as letters, '!' for an error. */
static void tokens(struct check *check, enum wire_format format, struct bytes input,
                   const char *expected)
{
    struct wire_token token = {.kind = WIRE_TOKEN_NAME};
    struct wire_reader *reader = wire_reader_new(format, input, &check_limits, check->arena);
    assert_non_null(reader);
    buf_clear(&check->out);
    while (token.kind != WIRE_TOKEN_END) {
        if (is_error(wire_reader_next(reader, &token))) {
            buf_add_char(&check->out, '!');
            break;
        }
        buf_add_char(&check->out, letters[token.kind]);
    }
    assert_text(buf_bytes(&check->out), expected);
}

static void yields_tokens_in_order(void **state)
{
    struct check *check = *state;
    tokens(check, WIRE_JSON, BYTES(" {\"a\":[1,[],{}],\"b\":null} "), "{n[v[]{}]nv}.");
    tokens(check, WIRE_JSON, BYTES("1"), "v.");
    tokens(check, WIRE_JSON, BYTES("[1,2"), "[vv!");
    tokens(check, WIRE_CBOR, BYTES("\xa1\x61\x61\x83\x01\x80\xa0"), "{n[v[]{}]}.");
    tokens(check, WIRE_CBOR, BYTES("\xbf\x61\x61\x9f\x01\xff\xff"), "{n[v]}.");
    tokens(check, WIRE_CBOR, BYTES("\x82\x01"), "[v!");
}

static void an_error_stays(void **state)
{
    struct check *check = *state;
    struct wire_token token;
    struct wire_reader *reader =
        wire_reader_new(WIRE_JSON, BYTES("[1 2,3]"), &check_limits, check->arena);
    assert_true(is_ok(wire_reader_next(reader, &token)));
    assert_true(is_ok(wire_reader_next(reader, &token)));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(wire_reader_next(reader, &token).code, STATUS_SYNTAX);
        assert_int_equal(wire_reader_offset(reader), 3);
    }
}

static void the_end_may_be_asked_for_again(void **state)
{
    struct check *check = *state;
    struct wire_token token;
    struct wire_reader *reader =
        wire_reader_new(WIRE_CBOR, BYTES("\x01"), &check_limits, check->arena);
    assert_true(is_ok(wire_reader_next(reader, &token)));
    for (int i = 0; i < 3; i++) {
        assert_true(is_ok(wire_reader_next(reader, &token)));
        assert_int_equal(token.kind, WIRE_TOKEN_END);
    }
}

static void limits_come_from_the_configuration(void **state)
{
    (void)state;
    struct limits limits;
    limits_init(&limits);
    limits.wire_depth = 7;
    limits.wire_members = UINT64_MAX;
    struct wire_limits wire = wire_limits_from(&limits);
    assert_int_equal(wire.depth, 7);
    assert_int_equal(wire.members, UINT32_MAX);
    assert_int_equal(wire.values, limits.wire_values);
    limits.wire_depth = 1000000;
    assert_int_equal(wire_limits_from(&limits).depth, WIRE_DEPTH_MOST);
}

static void a_reader_needs_memory(void **state)
{
    (void)state;
    struct arena *small = arena_new(0);
    assert_null(wire_reader_new(WIRE_JSON, BYTES("1"), &check_limits, small));
    arena_free(small);
    small = arena_new(sizeof(struct wire_reader));
    assert_null(wire_reader_new(WIRE_JSON, BYTES("1"), &check_limits, small));
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(yields_tokens_in_order),         CHECK_TEST(an_error_stays),
        CHECK_TEST(the_end_may_be_asked_for_again), CHECK_TEST(limits_come_from_the_configuration),
        CHECK_TEST(a_reader_needs_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
