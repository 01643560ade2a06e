/* SPDX-License-Identifier: Apache-2.0
 * Discovery with every condition. TS-0004 7.3.3.14, 7.3.3.17, TS-0001 10.2.6. */
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
        {"cse-in", TYPE_CONTAINER,
         "{'m2m:cnt':{'rn':'a','acpi':['cse-in/acp'],'lbl':['floor:1','hall'],'mni':7}}"},
        {"cse-in/a", TYPE_CONTAINER,
         "{'m2m:cnt':{'rn':'b','acpi':['cse-in/acp'],'lbl':['floor:2'],'mni':8,'cr':null}}"},
        {"cse-in/a/b", TYPE_CONTAINER,
         "{'m2m:cnt':{'rn':'c','acpi':['cse-in/acp'],'lbl':['hall']}}"},
        {"cse-in/a", TYPE_CONTENT_INSTANCE,
         "{'m2m:cin':{'rn':'i','con':'x','cnf':'text/plain:0','lbl':['hall']}}"},
        {"cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'d','acpi':['cse-in/acp'],'mni':7}}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        create_one(world, "CAdmin", rows[i].to, rows[i].type, rows[i].body, 2001);
        world_advance(world, USEC_PER_SEC);
    }
    return 0;
}

/* Up to four parameters, as "name=value". */
static struct ask *find(struct world *world, const char *to, const char *parameters, unsigned rsc)
{
    struct ask *ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", to, NULL);
    char text[256];
    (void)snprintf(text, sizeof(text), "%s", parameters);
    for (char *save = NULL, *one = strtok_r(text, "&", &save); one != NULL;
         one = strtok_r(NULL, "&", &save)) {
        char *value = strchr(one, '=');
        *value = '\0';
        ask_set(ask, one, value + 1);
    }
    ask_expect(ask, rsc);
    return ask;
}

static void finds(struct world *world, const char *to, const char *parameters, const char *json)
{
    struct ask *ask = find(world, to, parameters, 2000);
    const struct wire_value *got = answer_at(ask, "m2m:uril", NULL);
    struct wire_value *wanted = ask_json(ask->call.arena, json);
    bool same = wire_is(got, WIRE_ARRAY) && got->count == wanted->count;
    for (const struct wire_value *one = wanted->first; same && one != NULL; one = one->next) {
        bool found = false;
        for
            WIRE_EACH(other, got)
            {
                found = found || bytes_equal(one->string, other->string);
            }
        same = found;
    }
    if (!same) {
        answer_text(ask);
        fail_msg("%s?%s, want %s", to, parameters, json);
    }
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.14") */
static void everything_below(void **state)
{
    finds(*state, "cse-in", "fu=1",
          "['cse-in/acp','cse-in/CAdmin','cse-in/a','cse-in/a/b','cse-in/a/b/c','cse-in/a/i',"
          "'cse-in/d']");
    finds(*state, "cse-in/a", "fu=1", "['cse-in/a/b','cse-in/a/b/c','cse-in/a/i']");
    finds(*state, "cse-in/a", "fu=1&lvl=1", "['cse-in/a/b','cse-in/a/i']");
    finds(*state, "cse-in/d", "fu=1", "[]");
    struct ask *ask = find(*state, "cse-in/nothing", "fu=1", 4004);
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.17.5"), 7.3.3.17.6, 7.3.3.17.9 */
static void by_labels_types_and_attributes(void **state)
{
    finds(*state, "cse-in", "fu=1&lbl=hall", "['cse-in/a','cse-in/a/b/c','cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&lbl=hall&lbl=floor:2",
          "['cse-in/a','cse-in/a/b','cse-in/a/b/c','cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&lbl=hall&ty=4", "['cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&ty=4", "['cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&ty=4&ty=2", "['cse-in/a/i','cse-in/CAdmin']");
    finds(*state, "cse-in", "fu=1&lbq=floor NE 1", "['cse-in/a/b']");
    finds(*state, "cse-in", "fu=1&mni=7", "['cse-in/a','cse-in/d']");
    finds(*state, "cse-in", "fu=1&mni=7&lbl=hall", "['cse-in/a']");
    finds(*state, "cse-in", "fu=1&rn=b", "['cse-in/a/b']");
    finds(*state, "cse-in", "fu=1&cr=C*", "['cse-in/a/b']");
    finds(*state, "cse-in", "fu=1&cr=C*x", "[]");
    finds(*state, "cse-in", "fu=1&api=N.admin", "['cse-in/CAdmin']");
    finds(*state, "cse-in", "fu=1&cty=text/plain", "['cse-in/a/i']");
}

/* CLAUSE("TS-0004 7.3.3.17.1") to 7.3.3.17.7 */
static void by_times_and_numbers(void **state)
{
    finds(*state, "cse-in", "fu=1&cra=20231114T221321&crb=20231114T221323",
          "['cse-in/a/b','cse-in/a/b/c']");
    finds(*state, "cse-in", "fu=1&ms=20231114T221324", "['cse-in/d']");
    finds(*state, "cse-in", "fu=1&us=20231114T221321&ty=3", "['cse-in/a']");
    finds(*state, "cse-in", "fu=1&stb=0&ty=3",
          "['cse-in/a','cse-in/a/b','cse-in/a/b/c','cse-in/d']");
    finds(*state, "cse-in", "fu=1&stb=1", "[]");
    finds(*state, "cse-in", "fu=1&exa=20241113T221324", "['cse-in/d']");
    finds(*state, "cse-in", "fu=1&exb=20230101T000000", "[]");
}

/* CLAUSE("TS-0004 7.3.3.17.12") */
static void either_condition(void **state)
{
    finds(*state, "cse-in", "fu=1&fo=2&lbl=floor:2&mni=7", "['cse-in/a','cse-in/a/b','cse-in/d']");
    finds(*state, "cse-in", "fu=1&fo=1&lbl=floor:2&mni=7", "[]");
    finds(*state, "cse-in", "fu=1&fo=2&ty=4&rn=d", "['cse-in/a/i','cse-in/d']");
}

/* CLAUSE("TS-0004 7.3.3.17.5"), children and parents */
static void by_relatives(void **state)
{
    finds(*state, "cse-in", "fu=1&clbl=floor:2", "['cse-in/a']");
    finds(*state, "cse-in", "fu=1&palb=floor:2", "['cse-in/a/b/c']");
    finds(*state, "cse-in", "fu=1&chty=4", "['cse-in/a']");
    finds(*state, "cse-in", "fu=1&pty=3&ty=4", "['cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&c.mni=8", "['cse-in/a']");
    finds(*state, "cse-in", "fu=1&p.mni=8", "['cse-in/a/b/c']");
}

/* CLAUSE("TS-0004 7.3.3.17.10"), 7.3.3.17.15 */
static void in_parts(void **state)
{
    struct ask *ask = find(*state, "cse-in", "fu=1&ty=3&lim=3", 2000);
    assert_int_equal(answer_at(ask, "m2m:uril", NULL)->count, 3);
    assert_true(ask->call.response.has_content_status);
    assert_int_equal(ask->call.response.content_status, 1);
    assert_int_equal(ask->call.response.content_offset, 4);
    ask_free(ask);
    ask = find(*state, "cse-in", "fu=1&ty=3&lim=3&ofst=4", 2000);
    assert_int_equal(answer_at(ask, "m2m:uril", NULL)->count, 1);
    assert_false(ask->call.response.has_content_status);
    ask_free(ask);
    ask = find(*state, "cse-in", "fu=1&ty=3&lim=4", 2000);
    assert_false(ask->call.response.has_content_status);
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.3.3.17.17") */
static void along_a_relative_path(void **state)
{
    finds(*state, "cse-in", "fu=1&lbl=hall&arp=b", "['cse-in/a/b']");
    finds(*state, "cse-in", "fu=1&rn=b&arp=../i", "['cse-in/a/i']");
    finds(*state, "cse-in", "fu=1&rn=a&arp=../../../x", "[]");
}

static void limits_are_kept(void **state)
{
    struct world *world = *state;
    world_close(world);
    world->config.limits.discovery_results = 2;
    world_open(world);
    world_open_worker(world);
    struct ask *ask = find(world, "cse-in", "fu=1&lim=100", 2000);
    assert_int_equal(answer_at(ask, "m2m:uril", NULL)->count, 2);
    assert_int_equal(ask->call.response.content_offset, 3);
    ask_free(ask);
    world_close(world);
    limits_init(&world->config.limits);
    world->config.limits.discovery_visits = 3;
    world_open(world);
    world_open_worker(world);
    ask = find(world, "cse-in", "fu=1", 2000);
    assert_true(answer_at(ask, "m2m:uril", NULL)->count <= 3);
    assert_int_equal(ask->call.response.content_status, 1); /* says that it is not all */
    ask_free(ask);
    world_close(world);
    limits_init(&world->config.limits);
    world->config.limits.discovery_octets = 600; /* two looks, whatever they find */
    world_open(world);
    world_open_worker(world);
    ask = find(world, "cse-in", "fu=1&rn=nothing*", 2000);
    assert_int_equal(answer_at(ask, "m2m:uril", NULL)->count, 0);
    assert_int_equal(ask->call.response.content_status, 1);
    ask_free(ask);
}

static void the_form_of_the_answer(void **state)
{
    struct ask *ask = find(*state, "cse-in", "fu=1&rn=a&drt=2", 2000);
    const struct wire_value *ri = answer_at(ask, "m2m:uril", NULL)->first;
    assert_true(bytes_find(ri->string, '/') == ri->string.len);
    char to[64];
    (void)snprintf(to, sizeof(to), "%.*s", BYTES_FMT(ri->string));
    ask_one(*state, PRIM_RETRIEVE, "CAdmin", to, NULL, 2000);
    ask_free(ask);
    ask = find(*state, "cse-in", "fu=1&rn=a&rcn=6", 2000);
    answer_is(ask, "m2m:rrl", "rrf", "[{'nm':'a','typ':3,'val':'cse-in/a'}]");
    ask_free(ask);
}

static void what_is_refused(void **state)
{
    ask_free(find(*state, "cse-in", "fu=1&lbq=a LIKE b", 4000));
    ask_free(find(*state, "cse-in", "fu=1&rcn=1", 4000));
    static const char *const own[] = {"ct", "lt", "st", "et", "lbl", "ty", "cs", "cnf"};
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        struct prim_attribute_condition condition = {bytes_str(own[i]), NULL};
        struct prim_filter filter = {.attributes = {&condition, 1}};
        assert_int_equal(serve_filter_check(&filter).code, STATUS_BAD_REQUEST);
    }
    struct prim_filter semantic = {.has_semantics = true};
    assert_int_equal(serve_filter_check(&semantic).code, STATUS_NOT_IMPLEMENTED);
    struct prim_filter content = {.has_content_filter = true};
    assert_int_equal(serve_filter_check(&content).code, STATUS_NOT_IMPLEMENTED);
    struct prim_filter on_demand = {.filter_usage = 3};
    assert_int_equal(serve_filter_check(&on_demand).code, STATUS_NOT_IMPLEMENTED);
}

static status add_user(struct exchange *x, void *user)
{
    (void)user;
    struct serve_resource root, made;
    TRY(serve_resource_find(x, BYTES("cse-in"), &root));
    struct wire_value *attributes = ask_json(x->arena, "{'api':'N.user','aei':'CUser','rr':false}");
    struct serve_draft draft = {.parent = &root,
                                .type = type_by_number(TYPE_AE),
                                .ri = BYTES("CUser"),
                                .rn = BYTES("CUser"),
                                .attributes = attributes,
                                .state_tag = -1,
                                .size = -1};
    return serve_insert(x, &draft, &made);
}

/* INACTIVE AEs and what is below them are not searched. */
static void inactive_entities(void **state)
{
    struct world *world = *state;
    ask_one(world, PRIM_UPDATE, "CAdmin", "CAdmin", "{'m2m:ae':{'regs':2}}", 2004);
    finds(world, "cse-in", "fu=1&ty=2", "[]");
    ask_one(world, PRIM_UPDATE, "CAdmin", "CAdmin", "{'m2m:ae':{'regs':1}}", 2004);
    finds(world, "cse-in", "fu=1&ty=2", "['cse-in/CAdmin']");
}

/* What may not be discovered is left out; what is below it is still found. */
static void only_what_may_be_seen(void **state)
{
    struct world *world = *state;
    world_ok(serve_run_now(world->serve, add_user, NULL));
    create_one(world, "CAdmin", "cse-in", TYPE_ACCESS_CONTROL_POLICY,
               "{'m2m:acp':{'rn':'look','pv':{'acr':[{'acor':['CAdmin'],'acop':63},"
               "{'acor':['CUser'],'acop':32}]},'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}}",
               2001);
    const char *links = "{'m2m:cnt':{'acpi':['cse-in/look']}}";
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/a/b/c", links, 2004);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/a", links, 2004);
    struct ask *ask = ask_new(world, PRIM_RETRIEVE, "CUser", "cse-in/a", NULL);
    ask_set(ask, "fu", "1");
    ask_expect(ask, 2000);
    answer_is(ask, "m2m:uril", NULL, "['cse-in/a/b/c','cse-in/a/i']");
    ask_free(ask);
    ask = ask_new(world, PRIM_RETRIEVE, "CUser", "cse-in/a/b", NULL);
    ask_set(ask, "fu", "1");
    ask_expect(ask, 2000); /* 7.3.3.14: the root itself asks for no right */
    answer_is(ask, "m2m:uril", NULL, "['cse-in/a/b/c']");
    ask_free(ask);
}

#define FOUND(function) cmocka_unit_test_setup_teardown(function, set_up, plain_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOUND(everything_below),       FOUND(by_labels_types_and_attributes),
        FOUND(by_times_and_numbers),   FOUND(either_condition),
        FOUND(by_relatives),           FOUND(in_parts),
        FOUND(along_a_relative_path),  FOUND(limits_are_kept),
        FOUND(the_form_of_the_answer), FOUND(what_is_refused),
        FOUND(inactive_entities),      FOUND(only_what_may_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
