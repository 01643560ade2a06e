/* SPDX-License-Identifier: Apache-2.0
 * Response status codes and HTTP statuses. TS-0009 Table 6.3.2-1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

static void codes_have_their_status(void **state)
{
    (void)state;
    static const struct {
        uint16_t rsc, http;
    } rows[] = {
        {1000, 202},
        {1002, 202},
        {2000, 200},
        {2001, 201},
        {2002, 200},
        {2004, 200},
        {4000, 400},
        {4001, 501},
        {4004, 404},
        {4005, 405},
        {4008, 504},
        {4015, 415},
        {4101, 403},
        {4103, 403},
        {4104, 409},
        {4117, 403},
        {5000, 500},
        {5001, 501},
        {5103, 404},
        {5106, 409},
        {5207, 406},
        {6003, 404},
        {6010, 400},
        {6028, 409},
        {6031, 504},
        /* without a row: by class, and never a success by accident */
        {0, 500},
        {999, 500},
        {1999, 202},
        {2999, 200},
        {3000, 500},
        {4999, 400},
        {5999, 500},
        {6999, 500},
        {7000, 500},
        {9999, 500},
        {65535, 500},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(http_status_of(rows[i].rsc), rows[i].http);
    }
}

/* The table is searched by halves: every row must be found. */
static void every_row_is_found(void **state)
{
    (void)state;
    unsigned before = 0;
#define HTTP_STATUS(rsc, http)                                                                     \
    assert_true(rsc > before);                                                                     \
    before = rsc;                                                                                  \
    assert_int_equal(http_status_of(rsc), http);
#include "bind/http/status_map.def"
#undef HTTP_STATUS
}

static void statuses_alone_are_read_carefully(void **state)
{
    (void)state;
    static const struct {
        unsigned http;
        uint16_t rsc;
    } rows[] = {
        {200, 2000}, {204, 2000}, {299, 2000}, {301, 4000}, {400, 4000}, {401, 4000},
        {403, 4103}, {404, 4004}, {405, 4005}, {406, 5207}, {409, 4105}, {415, 4015},
        {500, 5000}, {501, 5001}, {503, 5000}, {504, 4008}, {100, 4000}, {0, 4000},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(http_rsc_of(rows[i].http), rows[i].rsc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_their_status),
        cmocka_unit_test(every_row_is_found),
        cmocka_unit_test(statuses_alone_are_read_carefully),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
