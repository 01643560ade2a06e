/* SPDX-License-Identifier: Apache-2.0
 * parameters.def against spec/parameters.csv, our transcription of TS-0004 Tables 7.2.1.1-1,
 * 8.2.2-1 and 6.3.5.8-1, both ways. */
#include <stdio.h>

#include "prim_test.h"

#define CLAUSE "TS-0004 7.2.1.1"

static const struct prim_parameters *parameters_of(struct bytes table)
{
    if (bytes_is(table, "request")) {
        return &prim_request_parameters;
    }
    return bytes_is(table, "response") ? &prim_response_parameters : &prim_filter_parameters;
}

static enum type_presence presence_of(struct bytes cell)
{
    if (bytes_is(cell, "NP")) {
        return TYPE_NP;
    }
    return bytes_is(cell, "M") ? TYPE_M : TYPE_O;
}

static void compare(struct bytes line)
{
    struct bytes cells[8], rest = line;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        cells[i] = bytes_cut(&rest, ',');
    }
    const struct prim_parameter *row = prim_parameter_find(parameters_of(cells[0]), cells[2]);
    if (row == NULL) {
        fail_msg("%.*s has no row", BYTES_FMT(cells[2]));
        return;
    }
    expect_text(cells[1], row->long_name);
    if (!bytes_is(cells[0], "request")) {
        return;
    }
    /* An absent rvi is the receiver's to judge: the one row that differs from the table. */
    bool is_version = bytes_is(cells[2], "rvi");
    for (unsigned op = PRIM_CREATE; op <= PRIM_NOTIFY; op++) {
        enum type_presence want = is_version ? TYPE_O : presence_of(cells[2 + op]);
        if (row->presence[op] != want) {
            fail_msg("%.*s with operation %u", BYTES_FMT(cells[2]), op);
        }
    }
}

/* TS-0004 7.2.1.1, 8.2.2 */
static void every_row_of_the_tables(void **state)
{
    (void)state;
    char path[1024], line[256];
    struct bytes here = bytes_str(__FILE__);
    size_t root = here.len - (sizeof("tests/unit/prim/parameters_test.c") - 1);
    (void)snprintf(path, sizeof path, "%.*sspec/parameters.csv", (int)root, here.ptr);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t rows = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        struct bytes text = bytes_str(line);
        text = bytes_slice(text, 0, bytes_find(text, '\n'));
        if (rows > 0) {
            compare(text);
        }
        rows++;
    }
    (void)fclose(file);
    /* and none that they do not have, except Release 4 and what an answer to a notification says */
    size_t known = 0;
    const struct prim_parameters *const all[] = {
        &prim_request_parameters, &prim_response_parameters, &prim_filter_parameters};
    for (size_t t = 0; t < ARRAY_LEN(all); t++) {
        for (size_t i = 0; i < all[t]->count; i++) {
            known += all[t]->rows[i].release < 4 && !bytes_is(all[t]->rows[i].short_name, "trr");
        }
    }
    assert_int_equal(known, rows - 1);
}

static void names_are_unique(void **state)
{
    (void)state;
    const struct prim_parameters *const all[] = {
        &prim_request_parameters, &prim_response_parameters, &prim_filter_parameters};
    for (size_t t = 0; t < ARRAY_LEN(all); t++) {
        for (size_t i = 0; i < all[t]->count; i++) {
            const struct prim_parameter *row = &all[t]->rows[i];
            assert_ptr_equal(prim_parameter_find(all[t], row->short_name), row);
        }
    }
    assert_null(prim_parameter_find(&prim_request_parameters, BYTES("RQI")));
    assert_null(prim_parameter_find(&prim_request_parameters, BYTES("")));
}

/* A parameter and a filter member may share a name, "ty"; in a query then only one of them counts.
 */
static void queries_are_unambiguous(void **state)
{
    (void)state;
    for (size_t i = 0; i < prim_request_parameters.count; i++) {
        const struct prim_parameter *row = &prim_request_parameters.rows[i];
        if (row->place == PRIM_IN_QUERY) {
            assert_null(prim_parameter_find(&prim_filter_parameters, row->short_name));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_tables),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(queries_are_unambiguous),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
