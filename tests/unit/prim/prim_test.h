/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the room prim share. */
#ifndef TESTS_UNIT_PRIM_PRIM_TEST_H
#define TESTS_UNIT_PRIM_PRIM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "prim/prim_int.h"

#define TEST_SELF                                                                                  \
    ((struct prim_self){.sp_id = BYTES("//antipolis.example"),                                     \
                        .cse_id = BYTES("/id-in"),                                                 \
                        .cse_name = BYTES("cse-in")})

static inline void expect_text(struct bytes got, const char *want)
{
    if (want == NULL) {
        assert_null(got.ptr);
        return;
    }
    assert_non_null(got.ptr);
    if (!bytes_is(got, want)) {
        fail_msg("got \"%.*s\", want \"%s\"", BYTES_FMT(got), want);
    }
}

static inline void expect_status(status got, enum status_code want)
{
    if (got.code != want) {
        fail_msg("got %s (%s), want %s", status_name(got), status_note_get()->text,
                 status_name((status){want}));
    }
}

/* Tests that fail leave their arena to the end of the process. */
static inline struct wire_value *parse(const char *json, struct arena *arena)
{
    const struct wire_limits limits = {.depth = 16, .members = 1000, .values = 10000};
    struct wire_value *value = NULL;
    expect_status(wire_decode(WIRE_JSON, bytes_str(json), &limits, arena, &value), STATUS_OK);
    return value;
}

static inline void expect_json(const struct wire_value *got, const char *want)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_non_null(got);
    wire_encode(WIRE_JSON, got, &out);
    expect_text(buf_bytes(&out), want);
    buf_fini(&out);
}

#endif
