/* SPDX-License-Identifier: Apache-2.0
 * Data types against the CSV files of spec, both ways. TS-0004 6.3.2 to 6.3.5, 6.4,
 * 7.5.2, 8.2.2, 8.2.5. */
#define CLAUSE "TS-0004 6.3"
#include <stdlib.h>

#include "csv_test.h"

static const struct type_data *by_name(const char *name)
{
    const struct type_data *data = type_data_by_name(bytes_str(name));
    if (data == NULL) {
        fail_msg("no data type %s", name);
    }
    return data;
}

static const char *kind_name(enum type_kind kind)
{
    switch (kind) {
    case TYPE_KIND_ANY:
        return "ANY";
    case TYPE_KIND_ANY_SCALAR:
        return "ANY_SCALAR";
    case TYPE_KIND_TEXT:
        return "TEXT";
    case TYPE_KIND_BOOLEAN:
        return "BOOLEAN";
    case TYPE_KIND_INTEGER:
        return "INTEGER";
    case TYPE_KIND_UNSIGNED:
        return "UNSIGNED";
    case TYPE_KIND_REAL:
        return "REAL";
    case TYPE_KIND_TIME:
        return "TIME";
    case TYPE_KIND_EVENT_CATEGORY:
        return "EVENT_CATEGORY";
    case TYPE_KIND_ENUM:
        return "ENUM";
    case TYPE_KIND_FLAGS:
        return "FLAGS";
    case TYPE_KIND_LIST:
        return "LIST";
    case TYPE_KIND_ARRAY:
        return "ARRAY";
    case TYPE_KIND_STRUCT:
        return "STRUCT";
    }
    return "";
}

/* TS-0004 6.3.2, 6.3.3 */
static void simple_types_are_those_of_the_standard(void **state)
{
    (void)state;
    size_t expected = 0;
    struct csv csv = open_csv("simple_types.csv");
    while (next_row(&csv)) {
        const struct type_data *data = by_name(csv.cells[0]);
        once(&csv, data);
        same(&csv, 1, kind_name(data->kind));
        if (data->kind == TYPE_KIND_LIST) {
            same(&csv, 2, data->item->name);
            same_number(&csv, 3, data->min);
            same_number(&csv, 4, data->max);
        }
        same_number(&csv, 5, data->release);
        assert_int_equal(data->kind == TYPE_KIND_TEXT, data->syntax != NULL);
    }
    for (size_t i = 0; i < DATA_COUNT; i++) {
        enum type_kind kind = type_data_table[i].kind;
        expected += kind != TYPE_KIND_STRUCT && kind != TYPE_KIND_ENUM && kind != TYPE_KIND_FLAGS;
    }
    assert_int_equal(csv.rows, expected);
}

/* TS-0004 6.3.4 */
static void enumerations_are_those_of_the_standard(void **state)
{
    (void)state;
    size_t expected = 0;
    struct csv csv = open_csv("enumerations.csv");
    while (next_row(&csv)) {
        const struct type_data *data = by_name(csv.cells[0]);
        const struct type_value *value = NULL;
        same(&csv, 1, kind_name(data->kind));
        for (uint32_t i = 0; i < data->value_count; i++) {
            value =
                data->values[i].value == strtol(csv.cells[2], NULL, 10) ? &data->values[i] : value;
        }
        if (value == NULL) {
            fail_msg("%s has no value %s", csv.cells[0], csv.cells[2]);
        }
        once(&csv, value);
        same(&csv, 3, value->name);
        same_number(&csv, 4, value->release);
        assert_ptr_equal(type_value_find(data, value->value), value);
    }
    for (size_t i = 0; i < DATA_COUNT; i++) {
        const struct type_data *data = &type_data_table[i];
        expected += data->value_count;
        for (uint32_t j = 1; j < data->value_count; j++) { /* the search needs the order */
            assert_true(data->values[j - 1].value < data->values[j].value);
        }
    }
    assert_int_equal(csv.rows, expected);
}

/* TS-0004 6.3.5, 6.4.1, 6.4.2, 8.2.5 */
static void members_are_those_of_the_standard(void **state)
{
    (void)state;
    static const char *const rules[] = {"ALL", "ONE_OF", "WITH_RESOURCE", "CONTENT"};
    static const char *const places[] = {"ELEMENT", "ATTRIBUTE", "VALUE"};
    size_t expected = 0;
    struct csv csv = open_csv("complex_members.csv");
    while (next_row(&csv)) {
        const struct type_data *data = by_name(csv.cells[0]);
        assert_int_equal(data->kind, TYPE_KIND_STRUCT);
        same(&csv, 1, rules[data->rule]);
        if (data->rule == TYPE_RULE_CONTENT) {
            once(&csv, data);
            assert_int_equal(data->member_count, 0);
            expected++;
            continue;
        }
        const struct type_member *member = type_member_find(data, bytes_str(csv.cells[3]));
        if (member == NULL) {
            fail_msg("%s has no member %s", csv.cells[0], csv.cells[3]);
        }
        once(&csv, member);
        same(&csv, 2, member->long_name);
        same(&csv, 4, name_of(member->data));
        same(&csv, 5, form_of(member->data));
        same_number(&csv, 6, member->least);
        same_number(&csv, 7, member->most);
        same(&csv, 8, places[member->place]);
        same_number(&csv, 9, member->release);
    }
    for (size_t i = 0; i < DATA_COUNT; i++) {
        expected += type_data_table[i].member_count;
        assert_in_range(type_data_table[i].member_count, 0, 64); /* bits of check_members */
    }
    assert_int_equal(csv.rows, expected);
}

/* TS-0004 7.5.2 */
static void wrappers_are_those_of_the_standard(void **state)
{
    (void)state;
    struct csv csv = open_csv("content_wrappers.csv");
    while (next_row(&csv)) {
        const struct type_data *data = type_wrapper_by_member(bytes_str(csv.cells[0]));
        assert_non_null(data);
        same(&csv, 0, type_wrappers[csv.rows - 1].member.ptr);
        same(&csv, 1, type_wrappers[csv.rows - 1].element);
        same(&csv, 2, name_of(data));
        same(&csv, 3, form_of(data));
    }
    assert_int_equal(csv.rows, type_wrapper_count);
    assert_null(type_wrapper_by_member(BYTES("m2m:cnt")));
    assert_null(type_wrapper_by_member(BYTES("m2m:sg")));
    assert_null(type_wrapper_by_member(BYTES_NONE));
}

static void names_lead_to_types_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < DATA_COUNT; i++) {
        assert_non_null(type_data_table[i].name);
        assert_ptr_equal(type_data_by_name(bytes_str(type_data_name(&type_data_table[i]))),
                         &type_data_table[i]);
    }
    assert_null(type_data_by_name(BYTES("m2m:nothing")));
    assert_null(type_data_by_name(BYTES_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(simple_types_are_those_of_the_standard), TEST(enumerations_are_those_of_the_standard),
        TEST(members_are_those_of_the_standard),      TEST(wrappers_are_those_of_the_standard),
        TEST(names_lead_to_types_and_back),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
