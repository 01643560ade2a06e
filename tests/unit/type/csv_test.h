/* SPDX-License-Identifier: Apache-2.0
 * Reading the CSV files of spec in tests. */
#ifndef CSV_TEST_H
#define CSV_TEST_H

#include <stdio.h>

#include "type_test.h"

#define MOST_CELLS 16
#define MOST_ROWS 2000

struct csv {
    FILE *file;
    char line[4096];
    char *cells[MOST_CELLS];
    size_t count; /* of cells */
    size_t rows;  /* read so far, heading not counted */
    const void *things[MOST_ROWS];
};

/* Splits line in place; cells may be in quotation marks, doubled inside. */
static inline void split(struct csv *csv)
{
    char *from = csv->line;
    csv->count = 0;
    for (bool more = true; more;) {
        char *to = from;
        bool quoted = *from == '"';
        assert_in_range(csv->count, 0, MOST_CELLS - 1);
        csv->cells[csv->count++] = from;
        from += quoted;
        while (*from != '\0' && *from != '\n' && (quoted || *from != ',')) {
            if (quoted && *from == '"') {
                if (from[1] != '"') {
                    quoted = false;
                    from++;
                    continue;
                }
                from++;
            }
            *to++ = *from++;
        }
        more = *from == ',';
        from++;
        *to = '\0';
    }
}

static inline bool next_row(struct csv *csv)
{
    if (fgets(csv->line, sizeof(csv->line), csv->file) == NULL) {
        (void)fclose(csv->file);
        return false;
    }
    split(csv);
    csv->rows++;
    return true;
}

/* The files lie at ../../../spec from this file. */
static inline struct csv open_csv(const char *name)
{
    char path[1024];
    struct csv csv = {0};
    struct bytes here = bytes_str(__FILE__);
    size_t end = here.len - (sizeof("tests/unit/type/csv_test.h") - 1);
    int length = snprintf(path, sizeof(path), "%.*sspec/%s", (int)end, here.ptr, name);
    assert_in_range(length, 1, sizeof(path) - 1);
    csv.file = fopen(path, "r");
    if (csv.file == NULL) {
        fail_msg("cannot open %s", path);
    }
    assert_true(next_row(&csv)); /* heading */
    csv.rows = 0;
    return csv;
}

static inline void same(const struct csv *csv, size_t cell, const char *is)
{
    if (strcmp(csv->cells[cell], is == NULL ? "" : is) != 0) {
        fail_msg("row %zu (%s, %s), cell %zu: file says %s, descriptor says %s", csv->rows,
                 csv->cells[0], csv->cells[1], cell, csv->cells[cell], is == NULL ? "" : is);
    }
}

static inline void same_number(const struct csv *csv, size_t cell, int64_t is)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%lld", (long long)is);
    same(csv, cell, text);
}

/* No two rows of a file speak of the same thing: so as many rows as things are all of them. */
static inline void once(struct csv *csv, const void *thing)
{
    for (size_t i = 0; i + 1 < csv->rows; i++) {
        if (csv->things[i] == thing) {
            fail_msg("row %zu (%s, %s) stands twice", csv->rows, csv->cells[0], csv->cells[1]);
        }
    }
    assert_in_range(csv->rows, 1, MOST_ROWS);
    csv->things[csv->rows - 1] = thing;
}

static inline const char *form_of(const struct type_data *data)
{
    bool is_list = data >= type_list_table && data < type_list_table + DATA_COUNT;
    bool is_array = data >= type_array_table && data < type_array_table + DATA_COUNT;
    return is_list ? "LIST" : is_array ? "ARRAY" : "SCALAR";
}

static inline const char *name_of(const struct type_data *data)
{
    return strcmp(form_of(data), "SCALAR") == 0 ? data->name : data->item->name;
}

#endif
