/* SPDX-License-Identifier: Apache-2.0
 * The descriptors against the CSV files of spec, our transcription of the standard's tables, both
 * ways: every row of a file has its descriptor with the same columns, and there are as many
 * descriptors. TS-0001 9.6, TS-0004 6.3, 7.4, 8.2, Annex D. */
#define CLAUSE "TS-0004 7.4"
#include "csv_test.h"

static const struct type_resource *by_name(const char *name)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        if (strcmp(type_resource_at(i)->name, name) == 0) {
            return type_resource_at(i);
        }
    }
    fail_msg("no resource type %s", name);
    return NULL;
}

static bool is_announced(const struct type_resource *type)
{
    return type->number > 10000 && type->number < 20000;
}

static void operations_text(unsigned operations, char ret_text[6])
{
    static const char letters[] = "CRUDN";
    size_t length = 0;
    for (size_t i = 0; i < 5; i++) {
        if ((operations & 1u << i) != 0) {
            ret_text[length++] = letters[i];
        }
    }
    ret_text[length] = '\0';
}

/* TS-0004 6.8, 7.4, 8.2.4 */
static void types_are_those_of_the_standard(void **state)
{
    (void)state;
    struct csv csv = open_csv("resource_types.csv");
    while (next_row(&csv)) {
        char operations[6];
        char most[4] = "";
        const struct type_resource *type = by_name(csv.cells[1]);
        operations_text(type->operations, operations);
        if (type->definition != 0 && !is_announced(type)) {
            (void)snprintf(most, sizeof(most), "%u", type->most_below_node);
        }
        once(&csv, type);
        same_number(&csv, 0, type->number);
        same(&csv, 2, type->member);
        same_number(&csv, 3, type->definition);
        same(&csv, 4, operations);
        same(&csv, 5, type->cse_kinds == TYPE_CSE_IN ? "IN_CSE" : "ALL_CSES");
        same(&csv, 6, type->virtual_name);
        same(&csv, 7, most);
        assert_int_equal(type->announced == 0, strcmp(csv.cells[8], "NOT_ANNOUNCED") == 0);
        same_number(&csv, 9, type->release);
        same(&csv, 10, type->clause);
    }
    assert_int_equal(csv.rows, type_resource_count());
}

static void same_attribute(const struct csv *csv, const struct type_attr *row)
{
    static const char *const presence[] = {"NP", "O", "M"};
    static const char *const announce[] = {"NA", "OA", "MA"};
    same(csv, 1, type_attr_long(row->id).ptr);
    same(csv, 2, type_attr_short(row->id).ptr);
    same(csv, 3, name_of(row->data));
    same(csv, 4, form_of(row->data));
    same(csv, 5, row->card == TYPE_ONE ? "ONE" : "OPTIONAL");
    same(csv, 6, presence[row->create]);
    same(csv, 7, presence[row->update]);
    same(csv, 8, announce[row->announce]);
    same_number(csv, 9, row->release);
    same(csv, 10, row->initial);
}

static void attributes_are_those_of_the_standard(void **state)
{
    (void)state;
    size_t expected = 0;
    const struct type_resource *before = NULL;
    uint32_t index = 0;
    struct csv csv = open_csv("attributes.csv");
    while (next_row(&csv)) { /* the order is the schema's: that of the file as well */
        const struct type_resource *type = by_name(csv.cells[0]);
        index = type == before ? index + 1 : 0;
        before = type;
        assert_in_range(index, 0, type->attribute_count - 1);
        once(&csv, &type->attributes[index]);
        same_attribute(&csv, &type->attributes[index]);
        assert_ptr_equal(type_find_short(type, bytes_str(csv.cells[2])), &type->attributes[index]);
    }
    for (size_t i = 0; i < type_resource_count(); i++) {
        expected += is_announced(type_resource_at(i)) ? 0 : type_resource_at(i)->attribute_count;
    }
    assert_int_equal(csv.rows, expected);
}

/* The announced form of the type, or NULL. */
static const struct type_resource *announced_form(const struct type_resource *type)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *other = type_resource_at(i);
        if (type->announced != 0 && other->number == type->announced &&
            other->definition == type->definition) {
            return other;
        }
    }
    return NULL;
}

/* TS-0001 9.6.26.1, TS-0004 Table 6.3.6-2: a head, then MA and OA rows with their data types. */
static void announced_attributes_follow_from_the_original(void **state)
{
    (void)state;
    size_t derived = 0;
    size_t heads = 0;
    size_t expected = 0;
    struct csv csv = open_csv("attributes.csv");
    while (next_row(&csv)) {
        const struct type_resource *form = announced_form(by_name(csv.cells[0]));
        bool goes_over = strcmp(csv.cells[11], "specific") == 0 && strcmp(csv.cells[8], "NA") != 0;
        if (form == NULL) {
            continue;
        }
        const struct type_attr *row = type_find_short(form, bytes_str(csv.cells[2]));
        if (goes_over) {
            assert_non_null(row);
            same(&csv, 3, name_of(row->data));
            same_number(&csv, 9, row->release);
            assert_int_equal(row->create, TYPE_O);
            assert_int_equal(row->update, TYPE_O);
            derived++;
        } else if (strcmp(csv.cells[11], "specific") == 0) {
            assert_null(row);
        }
    }
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (is_announced(type)) {
            bool has_policy = type_find(type, ATTR_ACCESS_CONTROL_POLICY_IDS) != NULL;
            heads += has_policy ? 11 : 9;
            expected += type->attribute_count;
            assert_int_equal(type_find(type, ATTR_LINK)->create, TYPE_M);
            assert_int_equal(type_find(type, ATTR_RESOURCE_NAME)->create, TYPE_NP);
        }
    }
    assert_int_equal(derived + heads, expected);
    assert_null(
        type_find(type_by_number(TYPE_CONTENT_INSTANCE_ANNC), ATTR_ACCESS_CONTROL_POLICY_IDS));
    assert_non_null(type_find(type_by_number(TYPE_CONTAINER_ANNC), ATTR_ACCESS_CONTROL_POLICY_IDS));
}

static void children_are_those_of_the_standard(void **state)
{
    (void)state;
    size_t expected = 0;
    struct csv csv = open_csv("children.csv");
    while (next_row(&csv)) {
        const struct type_resource *parent = by_name(csv.cells[0]);
        const struct type_child *child = type_find_child(parent, by_name(csv.cells[1])->number);
        if (child == NULL) {
            fail_msg("%s has no child %s", csv.cells[0], csv.cells[1]);
        }
        once(&csv, child);
        same_number(&csv, 2, child->most);
        same(&csv, 3, child->fixed_name);
        assert_int_equal(child->many, child->most != 1);
    }
    for (size_t i = 0; i < type_resource_count(); i++) { /* specialisations share their type's */
        expected += type_resource_at(i)->definition == 0 ? type_resource_at(i)->child_count : 0;
    }
    assert_int_equal(csv.rows, expected);
}

static void names_stand_once(void **state)
{
    (void)state;
    for (size_t id = 1; id < ATTR_COUNT; id++) {
        assert_int_equal(type_attr_by_short(type_attr_short((enum type_attr_id)id)), id);
    }
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        size_t same_names = 0;
        for (size_t j = 0; j < type_resource_count(); j++) {
            same_names += strcmp(type_resource_at(j)->name, type->name) == 0;
        }
        assert_int_equal(same_names, 1);
    }
}

/* The types that the first versions serve; every other answers NOT_IMPLEMENTED by its column. */
static void behaviour_is_as_announced(void **state)
{
    (void)state;
    static const uint32_t implemented[] = {
        TYPE_ACCESS_CONTROL_POLICY,
        TYPE_AE,
        TYPE_CONTAINER,
        TYPE_CONTENT_INSTANCE,
        TYPE_CSE_BASE,
        TYPE_GROUP,
        TYPE_MGMT_OBJ,
        TYPE_NODE,
        TYPE_POLLING_CHANNEL,
        TYPE_REQUEST,
        TYPE_SUBSCRIPTION,
        TYPE_LATEST,
        TYPE_OLDEST,
        TYPE_FAN_OUT_POINT,
        TYPE_POLLING_CHANNEL_URI,
    };
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        bool listed = false;
        for (size_t j = 0; j < ARRAY_LEN(implemented); j++) {
            listed = listed || implemented[j] == type->number;
        }
        assert_int_equal(type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED, listed);
        assert_int_equal(type->storage == TYPE_STORAGE_NONE, type->virtual_name != NULL);
        assert_int_equal(type->storage == TYPE_STORAGE_INSTANCE,
                         type->number == TYPE_CONTENT_INSTANCE ||
                             type->number == TYPE_TIME_SERIES_INSTANCE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(types_are_those_of_the_standard),
        TEST(attributes_are_those_of_the_standard),
        TEST(announced_attributes_follow_from_the_original),
        TEST(children_are_those_of_the_standard),
        TEST(names_stand_once),
        TEST(behaviour_is_as_announced),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
