/* SPDX-License-Identifier: Apache-2.0
 * Which events match which criteria. TS-0004 7.5.1.2.2 step 1.0, TS-0001 Table 9.6.8-3. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

#define SECOND(n) (WORLD_START + (n)*USEC_PER_SEC)

static struct serve_resource subject(uint32_t type)
{
    return (struct serve_resource){.row = {.type = type,
                                           .ct = SECOND(0),
                                           .lt = SECOND(10),
                                           .et = SECOND(100),
                                           .state_tag = 5,
                                           .size = 50},
                                   .type = type_by_number(type)};
}

struct match {
    const char *enc; /* NULL: none */
    enum cse_event_type type;
    const char *modified;
    bool matches;
};

/* WORLD_START is 20231114T221320 */
static const struct match matches[] = {
    {NULL, CSE_UPDATE, "{'lbl':['a']}", true},
    {NULL, CSE_DELETE, NULL, false},
    {"{'crb':'20300101T000000'}", CSE_UPDATE, "{'lbl':['a']}", true},
    {"{'om':[{'ops':1}]}", CSE_UPDATE, "{'lbl':['a']}", false},
    {"{'net':[2,3]}", CSE_DELETE, NULL, true},
    {"{'net':[2,3]}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[2,3]}", CSE_CHILD_DELETE, NULL, false},
    {"{'net':3}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'chty':[2,4]}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[4],'chty':[2]}", CSE_CHILD_DELETE, NULL, false},
    {"{'net':[2],'chty':[2]}", CSE_DELETE, NULL, true},
    {"{'net':[1],'atr':['lbl','mni']}", CSE_UPDATE, "{'lbl':null}", true},
    {"{'net':[1],'atr':['labels']}", CSE_UPDATE, "{'lbl':['a']}", true},
    {"{'net':[1],'atr':['mni']}", CSE_UPDATE, "{'lbl':['a']}", false},
    {"{'net':[7],'atr':['mni']}", CSE_BLOCKING_UPDATE, "{'mni':1}", true},
    /* one condition each, both sides of its border */
    {"{'net':[3],'crb':'20231114T221321'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'crb':'20231114T221320'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'cra':'20231114T221319'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'cra':'20231114T221320'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'ms':'20231114T221329'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'ms':'20231114T221330'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'us':'20231114T221331'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'us':'20231114T221330'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'sts':6}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'sts':5}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'stb':4}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'stb':5}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'exb':'20231114T221501'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'exb':'20231114T221500'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'exa':'20231114T221459'}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'exa':'20231114T221500'}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'sza':50}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'sza':51}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'szb':51}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'szb':50}", CSE_CHILD_CREATE, NULL, false},
    /* several: AND by default, OR with fo 2 */
    {"{'net':[3],'sza':50,'sts':5}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'sza':50,'sts':5,'fo':1}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'sza':50,'sts':5,'fo':2}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'sza':51,'sts':5,'fo':2}", CSE_CHILD_CREATE, NULL, false},
    {"{'net':[3],'fo':2}", CSE_CHILD_CREATE, NULL, true},
    {"{'net':[3],'crb':'never'}", CSE_CHILD_CREATE, NULL, false},
};

static void events_match_their_criteria(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
        const struct match *match = &matches[i];
        struct serve_resource resource = subject(TYPE_CONTENT_INSTANCE);
        struct cse_event event = {.type = match->type, .subject = &resource};
        const struct wire_value *enc = match->enc != NULL ? ask_json(arena, match->enc) : NULL;
        if (match->modified != NULL) {
            event.modified = ask_json(arena, match->modified);
        }
        if (cse_criteria_match(enc, &event) != match->matches) {
            fail_msg("%s, event %d", match->enc, (int)match->type);
        }
    }
    arena_free(arena);
}

static void an_attribute_that_is_not_there_fits_no_condition(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct serve_resource resource = subject(TYPE_CONTAINER);
    resource.row.size = -1;
    resource.row.state_tag = -1;
    resource.row.et = 0;
    struct cse_event event = {.type = CSE_UPDATE, .subject = &resource};
    static const char *const encs[] = {"{'szb':100}", "{'sts':100}", "{'exb':'20990101T000000'}"};
    for (size_t i = 0; i < ARRAY_LEN(encs); i++) {
        assert_false(cse_criteria_match(ask_json(arena, encs[i]), &event));
    }
    arena_free(arena);
}

static void monitors_name_operations_and_originators(void **state)
{
    struct world *world = *state;
    register_ae(world, "Cone");
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    struct auth_context one = {.claimed = BYTES("Cone"),
                               .absolute = BYTES("//antipolis.example/id-in/Cone")};
    struct auth_context two = {.claimed = BYTES("Ctwo"),
                               .absolute = BYTES("//antipolis.example/id-in/Ctwo")};
    struct wire_value *enc =
        ask_json(x->arena, "{'om':[{'ops':6},{'or':'/id-in/Cone'},{'ops':8,'or':'Ctwo'}]}");
    assert_true(cse_criteria_monitors(x, enc, PRIM_RETRIEVE, &two));
    assert_true(cse_criteria_monitors(x, enc, PRIM_UPDATE, &two));
    assert_true(cse_criteria_monitors(x, enc, PRIM_CREATE, &one));
    assert_false(cse_criteria_monitors(x, enc, PRIM_CREATE, &two));
    assert_true(cse_criteria_monitors(x, enc, PRIM_DELETE, &two));
    assert_false(cse_criteria_monitors(x, enc, PRIM_NOTIFY, &two));
    enc = ask_json(x->arena, "{'om':[{}]}");
    assert_false(cse_criteria_monitors(x, enc, PRIM_RETRIEVE, &one));
    assert_false(cse_criteria_monitors(x, NULL, PRIM_RETRIEVE, &one));
    serve_read_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_match_their_criteria),
        cmocka_unit_test(an_attribute_that_is_not_there_fits_no_condition),
        CSE_TEST(monitors_name_operations_and_originators),
    };
    return cmocka_run_group_tests_name("event_match", tests, NULL, NULL);
}
