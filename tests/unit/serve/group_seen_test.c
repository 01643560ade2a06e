/* SPDX-License-Identifier: Apache-2.0
 * Group request identifiers come once, and nobody's many stop those of others. TS-0004 7.3.3.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "serve/serve_int.h"

#define PERIOD (30 * USEC_PER_SEC)

static void a_pair_comes_once_in_a_period(void **state)
{
    (void)state;
    struct serve_group_seen *seen = serve_group_seen_new(PERIOD);
    struct bytes pair = BYTES("gid cnt-1 container");
    assert_non_null(seen);
    assert_true(is_ok(serve_group_seen_add(seen, pair, 1)));
    assert_true(
        status_is(serve_group_seen_add(seen, pair, 2), STATUS_GROUP_REQUEST_IDENTIFIER_EXISTS));
    assert_true(status_is(serve_group_seen_add(seen, pair, PERIOD),
                          STATUS_GROUP_REQUEST_IDENTIFIER_EXISTS));
    assert_true(is_ok(serve_group_seen_add(seen, pair, 4 * PERIOD)));
    serve_group_seen_free(seen);
}

static void many_pairs_stop_nobody(void **state)
{
    (void)state;
    struct serve_group_seen *seen = serve_group_seen_new(PERIOD);
    assert_non_null(seen);
    for (unsigned i = 0; i < 200000; i++) {
        char text[32];
        int length = snprintf(text, sizeof(text), "%u", i);
        assert_true(is_ok(serve_group_seen_add(seen, bytes_of(text, (size_t)length), 1)));
    }
    struct bytes pair = BYTES("gid cnt-1 container");
    assert_true(is_ok(serve_group_seen_add(seen, pair, 2)));
    assert_true(
        status_is(serve_group_seen_add(seen, pair, 3), STATUS_GROUP_REQUEST_IDENTIFIER_EXISTS));
    serve_group_seen_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_comes_once_in_a_period),
        cmocka_unit_test(many_pairs_stop_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
