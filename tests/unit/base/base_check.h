/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the room base share. */
#ifndef TESTS_UNIT_BASE_BASE_CHECK_H
#define TESTS_UNIT_BASE_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

#define CLAUSE(text) ((void)(text))

static inline void assert_text(struct bytes got, const char *expected)
{
    if (!bytes_is(got, expected)) {
        print_error("got      %.*s\nexpected %s\n", BYTES_FMT(got), expected);
        fail();
    }
}

#endif
