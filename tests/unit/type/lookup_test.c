/* SPDX-License-Identifier: Apache-2.0
 * Types by number, member and place. */
#define CLAUSE "TS-0004 6.3.4.2.1, 6.8, 8.2.4"
#include "type_test.h"

static void by_number(void **state)
{
    (void)state;
    static const uint32_t strangers[] = {0,     33,    52,    58,    99,    100,        10000,
                                         10006, 10033, 10058, 20000, 20004, 30000,      30006,
                                         9999,  10100, 20010, 30010, 65535, UINT32_MAX, 1001};
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        const struct type_resource *found = type_by_number(type->number);
        assert_non_null(found);
        assert_int_equal(found->number, type->number);
        assert_int_equal(found->definition, 0); /* the abstract one */
    }
    assert_string_equal(type_by_number(TYPE_MGMT_OBJ)->name, "mgmtObj");
    assert_string_equal(type_by_number(TYPE_MGMT_OBJ_ANNC)->name, "mgmtObjAnnc");
    for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
        assert_null(type_by_number(strangers[i]));
    }
    assert_null(type_resource_at(type_resource_count()));
}

/* TS-0004 8.2.4 */
static void by_member(void **state)
{
    (void)state;
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (type->member != NULL) {
            assert_ptr_equal(type_by_member(bytes_str(type->member)), type);
        }
    }
    assert_int_equal(type_by_member(BYTES("m2m:fwr"))->definition, 1001);
    assert_null(type_by_member(BYTES("cnt")));
    assert_null(type_by_member(BYTES("m2m:cn")));
    assert_null(type_by_member(BYTES("m2m:cnt ")));
    assert_null(type_by_member(BYTES("m2m:CNT")));
    assert_null(type_by_member(BYTES("")));
    assert_null(type_by_member(BYTES_NONE));
    assert_null(type_by_member(BYTES("m2m:sgn")));
}

/* TS-0004 6.8 */
static void virtual_children(void **state)
{
    (void)state;
    const struct type_resource *container = type_by_number(TYPE_CONTAINER);
    const struct type_resource *subscription = type_by_number(TYPE_SUBSCRIPTION);
    assert_int_equal(type_virtual_child(container, BYTES("la"))->number, TYPE_LATEST);
    assert_int_equal(type_virtual_child(container, BYTES("ol"))->number, TYPE_OLDEST);
    assert_int_equal(type_virtual_child(type_by_number(TYPE_GROUP), BYTES("fopt"))->number,
                     TYPE_FAN_OUT_POINT);
    assert_int_equal(type_virtual_child(type_by_number(TYPE_POLLING_CHANNEL), BYTES("pcu"))->number,
                     TYPE_POLLING_CHANNEL_URI);
    assert_null(type_virtual_child(container, BYTES("fopt")));
    assert_null(type_virtual_child(container, BYTES("LA")));
    assert_null(type_virtual_child(container, BYTES("")));
    /* A fixed name alone does not make a child virtual. */
    assert_null(type_virtual_child(subscription, BYTES("notificationSchedule")));
    assert_non_null(type_find_child(subscription, TYPE_SCHEDULE)->fixed_name);
    assert_null(type_virtual_child(type_by_number(TYPE_FLEX_CONTAINER), BYTES("la")));
}

static void rows_and_children(void **state)
{
    (void)state;
    const struct type_resource *container = type_by_number(TYPE_CONTAINER);
    const struct type_resource *firmware = type_by_member(BYTES("m2m:fwr"));
    assert_int_equal(type_find(container, ATTR_MAX_BYTE_SIZE)->id, ATTR_MAX_BYTE_SIZE);
    assert_null(type_find(container, ATTR_NONE));
    assert_null(type_find(container, ATTR_CONTENT));
    assert_null(type_find_short(container, BYTES("con")));
    assert_null(type_find_short(container, BYTES("zzz")));
    assert_null(type_find_short(type_by_number(TYPE_LATEST), BYTES("rn")));
    assert_true(type_find_child(container, TYPE_CONTENT_INSTANCE)->many);
    assert_null(type_find_child(container, TYPE_AE));
    assert_null(type_find_child(type_by_number(TYPE_LATEST), TYPE_CONTAINER));
    assert_non_null(type_find_child(firmware, TYPE_SUBSCRIPTION));
    assert_non_null(type_find_child(type_by_number(TYPE_NODE), TYPE_MGMT_OBJ));
    assert_int_equal(type_by_member(BYTES("m2m:mem"))->most_below_node, 1);
    assert_int_equal(container->announced, TYPE_CONTAINER_ANNC);
    assert_int_equal(type_by_number(TYPE_SUBSCRIPTION)->announced, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(by_number), TEST(by_member), TEST(virtual_children),
                                       TEST(rows_and_children)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
