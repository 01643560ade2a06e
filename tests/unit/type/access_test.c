/* SPDX-License-Identifier: Apache-2.0
 * Reading, setting and merging attributes. */
#define CLAUSE "TS-0004 7.3.3.7"
#include "type_test.h"

static void reads(void **state)
{
    (void)state;
    struct wire_value *r = tree("{'rn':'c1','mni':5,'disr':true,'lbl':['a'],'mn':1,'con':''}");
    assert_true(bytes_is(type_get_string(r, ATTR_RESOURCE_NAME), "c1"));
    assert_int_equal(type_get_int(r, ATTR_MAX_NR_OF_INSTANCES, -1), 5);
    assert_true(type_get_bool(r, ATTR_DISABLE_RETRIEVAL, false));
    assert_int_equal(type_get(r, ATTR_LABELS)->kind, WIRE_ARRAY);
    assert_non_null(type_get_string(r, ATTR_CONTENT).ptr);
    assert_null(type_get(r, ATTR_CREATOR));
    assert_null(type_get(r, ATTR_NONE));
    assert_null(type_get(NULL, ATTR_CREATOR));
    assert_null(type_get(tree("[1]"), ATTR_CREATOR));
    /* of another kind: as if absent */
    assert_null(type_get_string(r, ATTR_MAX_NR_OF_INSTANCES).ptr);
    assert_int_equal(type_get_int(r, ATTR_RESOURCE_NAME, -7), -7);
    assert_int_equal(type_get_int(r, ATTR_STATE_TAG, -7), -7);
    assert_true(type_get_bool(r, ATTR_RESOURCE_NAME, true));
}

static void sets(void **state)
{
    (void)state;
    struct wire_value *r = tree("{'rn':'c1','mni':5}");
    assert_non_null(type_set(r, ATTR_MAX_NR_OF_INSTANCES, wire_int(arena, 6)));
    assert_non_null(type_set(r, ATTR_STATE_TAG, wire_int(arena, 0)));
    assert_null(type_set(r, ATTR_RESOURCE_NAME, NULL));
    assert_null(type_set(r, ATTR_CREATOR, NULL));
    assert_true(bytes_is(json_of(r), "{\"mni\":6,\"st\":0}"));
}

static void merges(void **state)
{
    (void)state;
    struct wire_value *r = tree("{'rn':'c1','mni':5,'lbl':['a','b'],'or':'x'}");
    struct wire_value *update = tree("{'mni':7,'lbl':['c'],'or':null,'mbs':9,'mia':null}");
    check_ok(type_merge(r, update, arena), "merge");
    /* named ones replaced whole, new ones added, null removed, absent null nothing, others stay */
    assert_true(wire_equal(r, tree("{'rn':'c1','mni':7,'lbl':['c'],'mbs':9}")));
    assert_true(wire_equal(update, tree("{'mni':7,'lbl':['c'],'or':null,'mbs':9,'mia':null}")));
    check_ok(type_merge(r, tree("{}"), arena), "nothing");
    assert_int_equal(r->count, 4);
    assert_int_equal(type_merge(r, tree("[1]"), arena).code, STATUS_INTERNAL_SERVER_ERROR);
}

/* What is merged does not lean on the request's tree. */
static void merge_copies(void **state)
{
    (void)state;
    struct arena *other = arena_new(1u << 20);
    struct wire_value *update = wire_object(other);
    struct bytes text = arena_dup(other, BYTES("text"));
    (void)wire_add(update, arena_dup(other, BYTES("or")), wire_string(other, text));
    struct wire_value *r = tree("{'rn':'c1'}");
    check_ok(type_merge(r, update, arena), "merge");
    arena_free(other);
    assert_true(bytes_is(json_of(r), "{\"rn\":\"c1\",\"or\":\"text\"}"));
}

static void merge_without_memory(void **state)
{
    (void)state;
    struct arena *small = arena_new(64);
    struct wire_value *r = tree("{'rn':'c1'}");
    const struct wire_value *update = tree("{'dc':'a text that is longer than the arena may ever "
                                           "grow, so that its copy has no room at all'}");
    assert_int_equal(type_merge(r, update, small).code, STATUS_NO_MEMORY);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(reads), TEST(sets), TEST(merges), TEST(merge_copies),
                                       TEST(merge_without_memory)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
