/* SPDX-License-Identifier: Apache-2.0
 * Character rules of names. TS-0004 6.2.3, 6.2.4. */
#include "prim_test.h"

#define CLAUSE "TS-0004 6.2.4"

static void resource_names(void **state)
{
    (void)state;
    assert_true(prim_is_resource_name(BYTES("a")));
    assert_true(prim_is_resource_name(BYTES("4cnt-A.b_c")));
    assert_false(prim_is_resource_name(BYTES("")));
    assert_false(prim_is_resource_name(BYTES_NONE));
    assert_false(prim_is_resource_name(BYTES("-")));
    assert_false(prim_is_resource_name(BYTES("_a")));
    assert_false(prim_is_resource_name(BYTES(".a")));
    assert_false(prim_is_resource_name(BYTES("a/b")));
    assert_false(prim_is_resource_name(BYTES("a b")));
    assert_false(prim_is_resource_name(BYTES("a~")));
    assert_false(prim_is_resource_name(BYTES("a*")));
    assert_false(prim_is_resource_name(BYTES("a\0b")));
    assert_false(prim_is_resource_name(BYTES("caf\xc3\xa9")));
}

static void name_length_has_a_limit(void **state)
{
    (void)state;
    char text[257];
    memset(text, 'a', sizeof text);
    assert_true(prim_is_resource_name(bytes_of(text, 256)));
    assert_false(prim_is_resource_name(bytes_of(text, 257)));
}

static void domains(void **state)
{
    (void)state;
    assert_true(prim_is_domain(BYTES("antipolis.example"), 256));
    assert_true(prim_is_domain(BYTES("a"), 256));
    assert_true(prim_is_domain(BYTES("m2m-sp1.example"), 256));
    assert_false(prim_is_domain(BYTES(""), 256));
    assert_false(prim_is_domain(BYTES("Antipolis.example"), 256));
    assert_false(prim_is_domain(BYTES("a..b"), 256));
    assert_false(prim_is_domain(BYTES(".a"), 256));
    assert_false(prim_is_domain(BYTES("a."), 256));
    assert_false(prim_is_domain(BYTES("-a"), 256));
    assert_false(prim_is_domain(BYTES("a-"), 256));
    assert_false(prim_is_domain(BYTES("1a"), 256));
    assert_false(prim_is_domain(BYTES("a_b"), 256));
    assert_false(prim_is_domain(BYTES("abc"), 2));
    char label[64];
    memset(label, 'a', sizeof label);
    assert_true(prim_is_domain(bytes_of(label, 63), 256));
    assert_false(prim_is_domain(bytes_of(label, 64), 256));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resource_names),
        cmocka_unit_test(name_length_has_a_limit),
        cmocka_unit_test(domains),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
