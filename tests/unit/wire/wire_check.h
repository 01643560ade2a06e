/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the room wire share: documents in, JSON text or the name of a status out. */
#ifndef TESTS_UNIT_WIRE_WIRE_CHECK_H
#define TESTS_UNIT_WIRE_WIRE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/wire_int.h"

#define CLAUSE(text) ((void)(text))

static const struct wire_limits check_limits = {.depth = 32, .members = 4096, .values = 65536};

/* Everything in one place, so that a test needs one arena and one buffer. */
struct check {
    struct arena *arena;
    struct buf out;
};

static inline int check_setup(void **state)
{
    struct check *check = calloc(1, sizeof(*check));
    check->arena = arena_new(1U << 26);
    buf_init(&check->out, 1U << 24);
    *state = check;
    return check->arena == NULL ? -1 : 0;
}

static inline int check_teardown(void **state)
{
    struct check *check = *state;
    arena_free(check->arena);
    buf_fini(&check->out);
    free(check);
    return 0;
}

static inline void assert_text(struct bytes got, const char *expected)
{
    if (!bytes_is(got, expected)) {
        print_error("got      %.*s\nexpected %s\n", BYTES_FMT(got), expected);
        fail();
    }
}

/* Must be accepted. */
static inline struct wire_value *check_decode(struct check *check, enum wire_format format,
                                              struct bytes input)
{
    struct wire_value *value = NULL;
    status result = wire_decode(format, input, &check_limits, check->arena, &value);
    if (is_error(result)) {
        print_error("%s: %s\n", status_name(result), status_note_get()->text);
        fail();
    }
    return value;
}

static inline struct bytes check_json(struct check *check, const struct wire_value *value)
{
    buf_clear(&check->out);
    wire_encode(WIRE_JSON, value, &check->out);
    assert_true(is_ok(buf_check(&check->out)));
    return buf_bytes(&check->out);
}

static inline struct wire_value *check_parse(struct check *check, const char *json)
{
    return check_decode(check, WIRE_JSON, bytes_str(json));
}

/* The status of decoding; the tree is thrown away. Each input lies in memory of exactly its size,
 * so that the sanitizer sees a read past its end. */
static inline enum status_code check_status(enum wire_format format, struct bytes input,
                                            const struct wire_limits *limits)
{
    struct wire_value *value = NULL;
    struct arena *arena = arena_new(1U << 24);
    char *copy = malloc(input.len == 0 ? 1 : input.len);
    memcpy(copy, input.len == 0 ? "" : input.ptr, input.len);
    status result = wire_decode(format, bytes_of(copy, input.len), limits, arena, &value);
    assert_true(is_error(result) == (value == NULL));
    free(copy);
    arena_free(arena);
    return result.code;
}

static inline void assert_refused(enum wire_format format, struct bytes input,
                                  enum status_code code)
{
    enum status_code got = check_status(format, input, &check_limits);
    if (got != code) {
        print_error("%.*s: got %s, expected %s\n", BYTES_FMT(input), status_name((status){got}),
                    status_name((status){code}));
        fail();
    }
}

/* Octets written as hexadecimal digits with blanks between them. */
static inline struct bytes check_hex(struct check *check, const char *hex)
{
    size_t len = 0;
    unsigned octet;
    int used;
    char *octets = arena_chars(check->arena, bytes_str(hex).len + 1);
    while (sscanf(hex, " %2x%n", &octet, &used) == 1) {
        octets[len++] = (char)(unsigned char)octet;
        hex += used;
    }
    return bytes_of(octets, len);
}

#define CHECK_TEST(function) cmocka_unit_test_setup_teardown(function, check_setup, check_teardown)

#endif
