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

#endif
