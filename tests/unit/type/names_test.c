/* SPDX-License-Identifier: Apache-2.0
 * Attribute names: short, long, identity. */
#define CLAUSE "TS-0004 8.2.3"
#include "type_test.h"

/* TS-0004 8.2.3; the whole table is compared in resources_test.c */
static void names_and_identities(void **state)
{
    (void)state;
    assert_true(bytes_is(type_attr_short(ATTR_MAX_NR_OF_INSTANCES), "mni"));
    assert_true(bytes_is(type_attr_long(ATTR_MAX_NR_OF_INSTANCES), "maxNrOfInstances"));
    assert_int_equal(type_attr_by_short(BYTES("mni")), ATTR_MAX_NR_OF_INSTANCES);
    assert_int_equal(type_attr_by_short(BYTES("rn")), ATTR_RESOURCE_NAME);
}

static void strangers(void **state)
{
    (void)state;
    assert_int_equal(type_attr_by_short(BYTES_NONE), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("mn")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("mnix")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("MNI")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("maxNrOfInstances")), ATTR_NONE);
    /* A NUL behind the name does not make it the name. */
    assert_int_equal(type_attr_by_short(BYTES("mni\0")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("\0mni")), ATTR_NONE);
    assert_int_equal(type_attr_by_short(BYTES("\0\0\0\0\0\0\0\0")), ATTR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(names_and_identities), TEST(strangers)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
