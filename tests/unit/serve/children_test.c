/* SPDX-License-Identifier: Apache-2.0
 * Result content of RETRIEVE and DELETE. TS-0001 8.1.2, TS-0004 7.5.2. */
#include "serve_tree.h"

static int set_up(void **state)
{
    plain_set_up(state);
    struct world *world = *state;
    static const struct {
        const char *to;
        uint32_t type;
        const char *body;
    } rows[] = {
        {"cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'a','acpi':['cse-in/acp']}}"},
        {"cse-in/a", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'b','acpi':['cse-in/acp'],'lbl':['x']}}"},
        {"cse-in/a/b", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'rn':'i','con':'1'}}"},
        {"cse-in/a/b", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'rn':'j','con':'2'}}"},
        {"cse-in/a", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'c','acpi':['cse-in/acp']}}"},
        {"cse-in/a", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'rn':'k','con':'3'}}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        create_one(world, "CAdmin", rows[i].to, rows[i].type, rows[i].body, 2001);
    }
    return 0;
}

static struct ask *get(struct world *world, const char *to, enum prim_result_content rcn,
                       uint64_t limit, uint64_t offset, int64_t level)
{
    struct ask *ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", to, NULL);
    struct prim_filter *filter = &ask->call.request.filter;
    ask->call.request.result_content = rcn;
    filter->present = limit != 0 || offset != 0 || level >= 0;
    filter->limit = limit;
    filter->offset = offset;
    filter->level = level;
    ask_expect(ask, 2000);
    return ask;
}

static const struct wire_value *names_of(struct ask *ask, const struct wire_value *list)
{
    struct wire_value *names = wire_array(ask->call.arena);
    for
        WIRE_EACH(one, list)
        {
            const struct wire_value *name = wire_get(one, BYTES("rn"));
            wire_push(names, wire_string(ask->call.arena,
                                         wire_get_string(
                                             name != NULL ? name : wire_get(one, BYTES("val")))));
        }
    return names;
}

static void lists(struct ask *ask, const struct wire_value *list, const char *json)
{
    const struct wire_value *names = names_of(ask, list);
    if (!wire_equal(names, ask_json(ask->call.arena, json))) {
        answer_text(ask);
        fail_msg("want %s", json);
    }
}

/* CLAUSE("TS-0001 8.1.2"), attributes+child-resources and child-resources */
static void nested(void **state)
{
    struct ask *ask = get(*state, "cse-in/a", PRIM_RCN_ATTRIBUTES_CHILDREN, 0, 0, -1);
    answer_is(ask, "m2m:cnt", "rn", "'a'");
    const struct wire_value *containers = answer_at(ask, "m2m:cnt", "m2m:cnt");
    lists(ask, containers, "['b','c']");
    lists(ask, answer_at(ask, "m2m:cnt", "m2m:cin"), "['k']");
    lists(ask, wire_get(containers->first, BYTES("m2m:cin")), "['i','j']");
    assert_false(ask->call.response.has_content_status);
    ask_free(ask);
    ask = get(*state, "cse-in/a", PRIM_RCN_CHILDREN, 0, 0, 1);
    answer_is(ask, "m2m:cnt", "rn", NULL);
    containers = answer_at(ask, "m2m:cnt", "m2m:cnt");
    lists(ask, containers, "['b','c']");
    assert_null(wire_get(containers->first, BYTES("m2m:cin")));
    ask_free(ask);
    ask = get(*state, "cse-in/a/c", PRIM_RCN_CHILDREN, 0, 0, -1);
    answer_is(ask, "m2m:cnt", NULL, "{}");
    ask_free(ask);
}

/* CLAUSE("TS-0001 8.1.2"), child-resource-references */
static void references(void **state)
{
    struct ask *ask = get(*state, "cse-in/a", PRIM_RCN_CHILD_REFERENCES, 0, 0, -1);
    lists(ask, answer_at(ask, "m2m:rrl", "rrf"),
          "['cse-in/a/b','cse-in/a/b/i','cse-in/a/b/j','cse-in/a/c','cse-in/a/k']");
    ask_free(ask);
    ask = get(*state, "cse-in/a", PRIM_RCN_ATTRIBUTES_CHILD_REFERENCES, 0, 0, 1);
    answer_is(ask, "m2m:cnt", "rn", "'a'");
    lists(ask, answer_at(ask, "m2m:cnt", "ch"), "['cse-in/a/b','cse-in/a/c','cse-in/a/k']");
    ask_free(ask);
}

/* A direct child is shown whole or not at all. CLAUSE("TS-0004 7.3.3.17.15") */
static void in_parts(void **state)
{
    struct ask *ask = get(*state, "cse-in/a", PRIM_RCN_CHILD_REFERENCES, 4, 0, -1);
    lists(ask, answer_at(ask, "m2m:rrl", "rrf"),
          "['cse-in/a/b','cse-in/a/b/i','cse-in/a/b/j','cse-in/a/c']");
    assert_int_equal(ask->call.response.content_status, 1);
    assert_int_equal(ask->call.response.content_offset, 3);
    ask_free(ask);
    ask = get(*state, "cse-in/a", PRIM_RCN_CHILDREN, 2, 0, -1);
    answer_is(ask, "m2m:cnt", NULL, "{}"); /* b and its two do not fit */
    assert_int_equal(ask->call.response.content_offset, 1);
    ask_free(ask);
    ask = get(*state, "cse-in/a", PRIM_RCN_CHILDREN, 2, 2, -1);
    lists(ask, answer_at(ask, "m2m:cnt", "m2m:cnt"), "['c']");
    lists(ask, answer_at(ask, "m2m:cnt", "m2m:cin"), "['k']");
    assert_false(ask->call.response.has_content_status);
    ask_free(ask);
}

static void many_children(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 150; i++) {
        create_one(world, "CAdmin", "cse-in/a/c", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}",
                   2001);
    }
    struct ask *ask = get(world, "cse-in/a/c", PRIM_RCN_CHILDREN, 0, 0, -1);
    assert_int_equal(answer_at(ask, "m2m:cnt", "m2m:cin")->count, 150);
    ask_free(ask);
    ask = get(world, "cse-in/a/c", PRIM_RCN_CHILDREN, 100, 21, -1);
    assert_int_equal(answer_at(ask, "m2m:cnt", "m2m:cin")->count, 100);
    assert_int_equal(ask->call.response.content_offset, 121);
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.1"): conditions that select the target, or its children */
static void conditions(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b", NULL);
    ask_set(ask, "lbl", "x");
    ask_expect(ask, 2000);
    ask_free(ask);
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b", NULL);
    ask_set(ask, "lbl", "y");
    ask_expect(ask, 4004);
    ask_free(ask);
    ask = ask_new(world, PRIM_DELETE, "CAdmin", "cse-in/a/b", NULL);
    ask_set(ask, "lbl", "y");
    ask_expect(ask, 4004);
    ask_free(ask);
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a", NULL);
    ask_set(ask, "lbl", "x");
    ask_set(ask, "rcn", "6");
    ask_expect(ask, 2000);
    lists(ask, answer_at(ask, "m2m:rrl", "rrf"), "['cse-in/a/b']");
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.6") */
static void some_attributes(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b#lbl", NULL, 2000);
    answer_is(ask, "m2m:cnt", NULL, "{'lbl':['x']}");
    ask_free(ask);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b#zzz", NULL, 4000);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b#mni", NULL, 4004);
    static const struct bytes names[] = {{"rn", 2}, {"ty", 2}, {"mni", 3}};
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b", NULL);
    ask->call.request.attribute_list =
        (struct prim_texts){.items = names, .count = ARRAY_LEN(names)};
    ask_expect(ask, 2000);
    answer_is(ask, "m2m:cnt", NULL, "{'rn':'b','ty':3}");
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.8") */
static void what_was_deleted(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_new(world, PRIM_DELETE, "CAdmin", "cse-in/a/b", NULL);
    ask->call.request.result_content = PRIM_RCN_ATTRIBUTES_CHILDREN;
    ask_expect(ask, 2002);
    answer_is(ask, "m2m:cnt", "rn", "'b'");
    lists(ask, answer_at(ask, "m2m:cnt", "m2m:cin"), "['i','j']");
    ask_free(ask);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/a/b/i", NULL, 4004);
    ask = ask_do(world, PRIM_DELETE, "CAdmin", "cse-in/a", NULL, 2002);
    assert_null(ask->call.response.content);
    ask_free(ask);
}

#define SHOWN(function) cmocka_unit_test_setup_teardown(function, set_up, plain_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHOWN(nested),     SHOWN(references),      SHOWN(in_parts),         SHOWN(many_children),
        SHOWN(conditions), SHOWN(some_attributes), SHOWN(what_was_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
