/* SPDX-License-Identifier: Apache-2.0
 * What a subscriber gets to see. TS-0004 6.3.5.12, 6.3.5.13, 7.5.1.2.2 step 2.1. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

static void is(const struct wire_value *value, const char *json, struct arena *arena)
{
    if (!wire_equal(value, ask_json(arena, json))) {
        struct buf got;
        buf_init(&got, 1 << 16);
        wire_encode(WIRE_JSON, value, &got);
        fail_msg("%.*s, want %s", BYTES_FMT(buf_bytes(&got)), json);
    }
}

struct notice {
    const char *subscription; /* its attributes */
    enum cse_event_type type;
    const char *modified;
    uint32_t operation;
    const char *content; /* without the representation of all attributes */
};
static const struct notice notices[] = {
    {"{'nct':3}", CSE_CHILD_CREATE, NULL, 0,
     "{'nev':{'net':3,'rep':{'m2m:uri':'/id-in/cin9'}},'sur':'/id-in/sub7'}"},
    {"{'nct':3,'cr':'Cone','nfu':'http://a/'}", CSE_CHILD_DELETE, NULL, 0,
     "{'nev':{'net':4,'rep':{'m2m:uri':'/id-in/cin9'}},'sur':'/id-in/sub7','cr':'Cone',"
     "'nfu':'http://a/'}"},
    {"{'nct':3,'nfu':['http://a/']}", CSE_DELETE, NULL, 0,
     "{'nev':{'net':2,'rep':{'m2m:uri':'/id-in/cin9'}},'sur':'/id-in/sub7','nfu':'http://a/'}"},
    {"{'nct':2}", CSE_UPDATE, "{'lbl':null}", 0,
     "{'nev':{'net':1,'rep':{'m2m:cin':{'lbl':null}}},'sur':'/id-in/sub7'}"},
    {"{'nct':1}", CSE_BLOCKING_UPDATE, "{'lbl':['x']}", 0,
     "{'nev':{'net':7,'rep':{'m2m:cin':{'lbl':['x']}}},'sur':'/id-in/sub7'}"},
    {"{'nct':3}", CSE_NO_EVENT, NULL, PRIM_RETRIEVE,
     "{'nev':{'om':{'op':2,'or':'Cthief'},'rep':{'m2m:uri':'/id-in/cin9'}},"
     "'sur':'/id-in/sub7'}"},
};

static void notifications_have_their_form(void **state)
{
    struct world *world = *state;
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    for (size_t i = 0; i < ARRAY_LEN(notices); i++) {
        const struct notice *notice = &notices[i];
        struct serve_resource subscription = {
            .row = {.ri = BYTES("sub7")}, .attributes = ask_json(x->arena, notice->subscription)};
        struct serve_resource subject = {.row = {.ri = BYTES("cin9"), .type = 4},
                                         .type = type_by_number(4),
                                         .attributes = wire_object(x->arena)};
        struct cse_event event = {.type = notice->type,
                                  .subject = &subject,
                                  .operation = notice->operation,
                                  .originator = BYTES("Cthief")};
        if (notice->modified != NULL) {
            event.modified = ask_json(x->arena, notice->modified);
        }
        struct wire_value *notification;
        world_ok(cse_notification_build(x, &subscription, &event, &notification));
        is(notification, notice->content, x->arena);
    }
    serve_read_end(x);
}

static void all_attributes_are_the_resource(void **state)
{
    struct world *world = *state;
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    struct serve_resource base;
    struct serve_resource subscription = {.row = {.ri = BYTES("sub7")},
                                          .attributes = wire_object(x->arena)};
    world_ok(serve_resource_find(x, BYTES("cse-in"), &base));
    struct cse_event event = {.type = CSE_UPDATE, .subject = &base};
    struct wire_value *notification;
    world_ok(cse_notification_build(x, &subscription, &event, &notification));
    const struct wire_value *rep = wire_get(wire_get(notification, BYTES("nev")), BYTES("rep"));
    const struct wire_value *shown = wire_get(rep, BYTES("m2m:cb"));
    assert_true(bytes_is(wire_get_string(wire_get(shown, BYTES("csi"))), "/id-in"));
    assert_true(bytes_is(wire_get_string(wire_get(shown, BYTES("rn"))), "cse-in"));
    serve_read_end(x);
}

static void notices_have_their_form(void **state)
{
    struct world *world = *state;
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    is(cse_deletion_notice(x, BYTES("sub7")), "{'m2m:sgn':{'sud':true,'sur':'/id-in/sub7'}}",
       x->arena);
    is(cse_verification_request(x, BYTES("sub7"), BYTES("Cone")),
       "{'m2m:sgn':{'vrq':true,'sur':'/id-in/sub7','cr':'Cone'}}", x->arena);
    is(cse_aggregate(x->arena, ask_json(x->arena, "[{'sur':'a'},{'sur':'b'}]")),
       "{'m2m:agn':{'sgn':[{'sur':'a'},{'sur':'b'}]}}", x->arena);
    assert_null(cse_wrap(x->arena, "m2m:sgn", NULL));
    serve_read_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(notifications_have_their_form),
        CSE_TEST(all_attributes_are_the_resource),
        CSE_TEST(notices_have_their_form),
    };
    return cmocka_run_group_tests_name("notify_build", tests, NULL, NULL);
}
