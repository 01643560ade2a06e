/* SPDX-License-Identifier: Apache-2.0
 * Subscriptions: what may be created, which events are told, to whom, and how they end.
 * TS-0004 7.4.8, 7.5.1.2.2 to 7.5.1.2.4; TS-0001 9.6.8. */
#include "flow.h"

/* An AE with a container "c" and a listener "http://host/". */
struct scene {
    struct flow *flow;
    struct flow_endpoint *host;
};

static struct scene prepare(void **state)
{
    struct flow *flow = *state;
    struct scene scene = {flow, flow_listen(flow, "http://host/")};
    flow_register(flow, "Cown");
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'c'}}");
    return scene;
}

#define SUB(attributes)                                                                            \
    "{'op':1,'fr':'Cown','to':'cse-in/Cown/c','ty':23,'pc':{'m2m:sub':{" attributes "}}}"

static const struct wire_value *subscribe(struct flow *flow, const char *attributes)
{
    return flow_create(flow, "Cown", "cse-in/Cown/c", 23, "{'m2m:sub':{'rn':'s',%s}}", attributes);
}

static void add_instance(struct flow *flow, const char *content)
{
    (void)flow_create(flow, "Cown", "cse-in/Cown/c", 4, "{'m2m:cin':{'con':'%s'}}", content);
}

/* ---- CREATE: TS-0004 7.4.8.2.1 ---- */

static void defaults_are_filled_in(void **state)
{
    struct scene scene = prepare(state);
    const struct wire_value *sub =
        subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[3]},'bn':{'num':3}");
    flow_expect_number(sub, "nct", 1);
    flow_expect_text(sub, "cr", "Cown");
    flow_expect_text(sub, "bn/dur", "PT60S");
    sub = flow_create(scene.flow, "Cown", "cse-in/Cown/c", 23,
                      "{'m2m:sub':{'nu':['Cown'],'enc':{'net':[2]}}}");
    flow_expect_absent(sub, "cr");
}

static void bad_subscriptions_are_refused(void **state)
{
    struct flow *flow = prepare(state).flow;
    static const char *const bad[] = {
        SUB("'nu':[]"),
        SUB("'enc':{'net':[3]}"),
        SUB("'nu':['http://host/?ct=yaml']"),
        SUB("'nu':['http://host/','http://host/']"),
        SUB("'nu':['http://host/'],'nct':4"),
        SUB("'nu':['http://host/'],'enc':{'net':[3]},'nct':2"),
        SUB("'nu':['http://host/'],'enc':{'net':[6]}"),
        SUB("'nu':['http://host/'],'enc':{'net':[8],'md':{'num':1,'dur':'PT1S'}}"),
        SUB("'nu':['http://host/'],'enc':{'net':[3],'chty':[2]}"),
        SUB("'nu':['http://host/'],'enc':{'net':[1],'om':[{'ops':2}]}"),
        SUB("'nu':['http://host/'],'enc':{'net':[1,7]}"),
        SUB("'nu':['http://host/'],'enc':{'net':[7]}"),
        SUB("'nu':['Cown','Cown2'],'enc':{'net':[7]}"),
        SUB("'nu':['Cown'],'enc':{'net':[7],'crb':'20260101T000000'}"),
        SUB("'nu':['Cown'],'enc':{'net':[7]},'exc':2"),
        SUB("'nu':['http://host/'],'bn':{'dur':'soon'}"),
        SUB("'nu':['http://host/'],'exc':0"),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        (void)flow_expect(flow, 4000, "%s", bad[i]);
    }
    (void)flow_expect(flow, 5001, "%s", SUB("'nu':['http://host/'],'psn':2"));
    (void)flow_create(flow, "Cown", "cse-in/Cown/c", 4, "{'m2m:cin':{'rn':'i','con':'1'}}");
    (void)flow_expect(flow, 5203,
                      "{'op':1,'fr':'Cown','to':'cse-in/Cown/c/i','ty':23,'pc':{'m2m:sub':{}}}");
}

static void subscribing_needs_retrieve_too(void **state)
{
    struct flow *flow = prepare(state).flow;
    flow_register(flow, "Cother");
    const char *creators = flow_policy(flow, "creators", "'Cother'", 1);
    const char *readers = flow_policy(flow, "readers", "'Cother'", 3);
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'d','acpi':['%s']}}",
                      creators);
    (void)flow_create(flow, "Cown", "cse-in/Cown", 3, "{'m2m:cnt':{'rn':'e','acpi':['%s']}}",
                      readers);
    const char *form = "{'op':1,'fr':'Cother','to':'cse-in/Cown/%s','ty':23,"
                       "'pc':{'m2m:sub':{'nu':['Cother']}}}";
    (void)flow_expect(flow, 4103, form, "d");
    (void)flow_expect(flow, 2001, form, "e");
}

/* ---- events ---- */

/* TS-0004 7.5.1.2.2: CREATE and DELETE of children; who is the creator, which subscription */
static void children_coming_and_going_are_told(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/n'],'enc':{'net':[3,4]}");
    add_instance(scene.flow, "23");
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_number(sent, "op", 5);
    flow_expect_text(sent, "fr", "/id-in");
    flow_expect_text(sent, "to", "http://host/n");
    flow_expect_number(sent, "pc/m2m:sgn/nev/net", 3);
    flow_expect_text(sent, "pc/m2m:sgn/nev/rep/m2m:cin/con", "23");
    flow_expect_text(sent, "pc/m2m:sgn/cr", "Cown");
    assert_memory_equal(flow_text(sent, "pc/m2m:sgn/sur"), "/id-in/sub", 10);
    (void)flow_expect(scene.flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c/la'}");
    sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/net", 4);
    flow_expect_text(sent, "pc/m2m:sgn/nev/rep/m2m:cin/con", "23");
    flow_expect_quiet(scene.host);
}

static void child_types_narrow_the_events(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[3],'chty':[3]}");
    add_instance(scene.flow, "1");
    flow_expect_quiet(scene.host);
    (void)flow_create(scene.flow, "Cown", "cse-in/Cown/c", 3, "{'m2m:cnt':{'rn':'below'}}");
    flow_expect_text(flow_take(scene.host), "pc/m2m:sgn/nev/rep/m2m:cnt/rn", "below");
}

/* TS-0004 7.5.1.2.2: by attribute; the content type decides what is told */
static void updates_are_told_as_asked(void **state)
{
    struct scene scene = prepare(state);
    struct flow *flow = scene.flow;
    (void)subscribe(flow, "'nu':['http://host/'],'enc':{'net':[1],'atr':['lbl']},'nct':2");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'mni':5}}}");
    flow_expect_quiet(scene.host);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'lbl':['a']}}}");
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/net", 1);
    flow_expect_text(sent, "pc/m2m:sgn/nev/rep/m2m:cnt/lbl/0", "a");
    flow_expect_absent(sent, "pc/m2m:sgn/nev/rep/m2m:cnt/rn");
    add_instance(flow, "1"); /* not an update of the container */
    flow_expect_quiet(scene.host);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c/s','pc':{'m2m:sub':{'nct':3}}}");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'lbl':null}}}");
    sent = flow_take(scene.host);
    assert_memory_equal(flow_text(sent, "pc/m2m:sgn/nev/rep/m2m:uri"), "/id-in/cnt", 10);
}

/* TS-0004 7.5.1.2.2, 6.3.5.7 */
static void conditions_on_the_resource_count(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[3],'sza':3,'szb':5}");
    add_instance(scene.flow, "12");
    add_instance(scene.flow, "12345");
    flow_expect_quiet(scene.host);
    add_instance(scene.flow, "123");
    (void)flow_take(scene.host);
    (void)flow_expect(
        scene.flow, 2004,
        "{'op':3,'fr':'Cown','to':'cse-in/Cown/c/s',"
        "'pc':{'m2m:sub':{'enc':{'net':[3],'sza':100,'cra':'20250101T000000','fo':2}}}}");
    add_instance(scene.flow, "1");
    (void)flow_take(scene.host);
}

/* TS-0004 7.5.1.2.2, 7.5.1.2.4 */
static void the_end_of_the_parent_is_told(void **state)
{
    struct scene scene = prepare(state);
    struct flow_endpoint *end = flow_listen(scene.flow, "http://end/");
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[2]},'su':'http://end/here'");
    (void)flow_expect(scene.flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown'}");
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/net", 2);
    flow_expect_text(sent, "pc/m2m:sgn/nev/rep/m2m:cnt/rn", "c");
    flow_expect_quiet(scene.host);
    sent = flow_take(end);
    assert_true(wire_get_bool(flow_find(sent, "pc/m2m:sgn/sud"), false));
    flow_expect_quiet(end);
}

/* TS-0004 7.5.1.2.4 */
static void unsubscribing_tells_only_su(void **state)
{
    struct scene scene = prepare(state);
    struct flow_endpoint *end = flow_listen(scene.flow, "http://end/");
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[2]},'su':'http://end/'");
    flow_be_unreachable(scene.host);
    (void)flow_expect(scene.flow, 2002, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c/s'}");
    flow_expect_quiet(scene.host);
    (void)flow_take(end);
}

static void a_container_without_instances_is_told(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'net':[5]}");
    (void)flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_quiet(scene.host);
    (void)flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c','rcn':4}");
    flow_expect_number(flow_take(scene.host), "pc/m2m:sgn/nev/net", 5);
    add_instance(scene.flow, "1");
    (void)flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c','rcn':4}");
    flow_expect_quiet(scene.host);
}

static void attempts_are_monitored(void **state)
{
    struct scene scene = prepare(state);
    flow_register(scene.flow, "Cthief");
    (void)subscribe(scene.flow, "'nu':['http://host/'],'enc':{'om':[{'ops':2},{'or':'Cthief'}]}");
    (void)flow_expect(scene.flow, 4103, "{'op':4,'fr':'Cthief','to':'cse-in/Cown/c'}");
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/om/op", 4);
    flow_expect_text(sent, "pc/m2m:sgn/nev/om/or", "Cthief");
    (void)flow_expect(scene.flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/om/op", 2);
    add_instance(scene.flow, "1"); /* CREATE by its owner: not asked for */
    flow_expect_quiet(scene.host);
}

/* ---- targets ---- */

/* TS-0001 9.3.2 */
static void an_ae_is_notified_at_its_points_of_access(void **state)
{
    struct scene scene = prepare(state);
    flow_register_at(scene.flow, "Clistener", "http://host/ae");
    flow_register(scene.flow, "Cdeaf");
    (void)flow_create(scene.flow, "Clistener", "cse-in/Clistener", 3, "{'m2m:cnt':{'rn':'c'}}");
    (void)flow_create(scene.flow, "Clistener", "cse-in/Clistener/c", 23,
                      "{'m2m:sub':{'nu':['cse-in/Clistener'],'enc':{'net':[3]}}}");
    flow_expect_quiet(scene.host); /* the originator itself is not asked */
    (void)flow_create(scene.flow, "Clistener", "cse-in/Clistener/c", 4, "{'m2m:cin':{'con':'1'}}");
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_text(sent, "to", "cse-in/Clistener");
    flow_expect_text(sent, "rvi", "3");
    assert_string_equal(flow_taken_url(scene.host), "http://host/ae");
}

/* TS-0004 7.5.1.2.3 */
static void foreign_targets_are_asked(void **state)
{
    struct scene scene = prepare(state);
    struct flow *flow = scene.flow;
    flow_register_at(flow, "Ctarget", "http://host/ae");
    const char *form = SUB("'rn':'%s','nu':['Ctarget'],'enc':{'net':[3]}");
    (void)flow_expect(flow, 5204, form, "a"); /* Cown may not notify it */
    flow_expect_quiet(scene.host);
    const char *policy = flow_policy(flow, "notifiers", "'Cown','Ctarget'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ctarget','to':'cse-in/Ctarget',"
                      "'pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    flow_answer(scene.host, 4103, NULL);
    (void)flow_expect(flow, 5204, form, "b");
    const struct wire_value *sent = flow_take(scene.host);
    assert_true(wire_get_bool(flow_find(sent, "pc/m2m:sgn/vrq"), false));
    flow_expect_text(sent, "pc/m2m:sgn/cr", "Cown");
    flow_answer(scene.host, 2000, NULL);
    (void)flow_expect(flow, 2001, form, "c");
    sent = flow_take(scene.host);
    const struct wire_value *sub =
        wire_only_member(flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c/c'}"));
    assert_string_equal(flow_text(sent, "pc/m2m:sgn/sur") + sizeof("/id-in/") - 1,
                        flow_text(sub, "ri"));
    flow_be_silent(scene.host);
    struct flow_call *call = flow_send(flow, form, "d");
    flow_advance(flow, 11 * SECONDS);
    assert_int_equal(flow_response(call)->rsc, 5204);
    flow_be_unreachable(scene.host);
    (void)flow_expect(flow, 5204, form, "e");
}

static void serialization_is_taken_from_the_target(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/a?q=1&ct=cbor'],'enc':{'net':[3]}");
    add_instance(scene.flow, "1");
    flow_expect_text(flow_take(scene.host), "to", "http://host/a?q=1");
    assert_string_equal(flow_taken_url(scene.host), "http://host/a?q=1");
}

/* TS-0004 7.4.8.2.3 */
static void the_list_of_targets_may_change(void **state)
{
    struct scene scene = prepare(state);
    (void)subscribe(scene.flow, "'nu':['http://host/a','http://host/b'],'enc':{'net':[3]},'nct':3");
    (void)flow_expect(scene.flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c/s',"
                      "'pc':{'m2m:sub':{'nu':['http://host/b']}}}");
    add_instance(scene.flow, "1");
    flow_expect_text(flow_take(scene.host), "to", "http://host/b");
    flow_expect_quiet(scene.host);
}

/* ---- blocking update ---- */

#define UPDATE "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'mni':%d}}}"

/* TS-0004 7.5.1.2.19, 7.3.2.9: asked before, with what is to change; each refusal has its code */
static void an_update_waits_for_its_guard(void **state)
{
    struct scene scene = prepare(state);
    struct flow *flow = scene.flow;
    flow_register_at(flow, "Cguard", "http://host/guard");
    const char *policy = flow_policy(flow, "all", "'Cown','Cguard'", 63);
    (void)flow_expect(flow, 4103, "%s", SUB("'nu':['Cguard'],'enc':{'net':[7]}"));
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'acpi':['%s']}}}",
                      policy);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Cguard','to':'cse-in/Cguard','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      policy);
    (void)flow_expect(flow, 2001, "%s", SUB("'nu':['Cguard'],'enc':{'net':[7],'atr':['mni']}"));
    (void)flow_take(scene.host); /* verification */
    (void)flow_expect(flow, 4124, "%s", SUB("'nu':['Cguard'],'enc':{'net':[7]}"));
    (void)flow_expect(flow, 2004, UPDATE, 5);
    const struct wire_value *sent = flow_take(scene.host);
    flow_expect_number(sent, "pc/m2m:sgn/nev/net", 7);
    flow_expect_number(sent, "pc/m2m:sgn/nev/rep/m2m:cnt/mni", 5);
    flow_answer(scene.host, 4005, NULL);
    (void)flow_expect(flow, 4127, UPDATE, 6);
    flow_answer(scene.host, 5103, NULL);
    (void)flow_expect(flow, 5107, UPDATE, 7);
    flow_be_unreachable(scene.host);
    (void)flow_expect(flow, 5107, UPDATE, 8);
    const struct wire_value *container =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_expect_number(container, "m2m:cnt/mni", 5);
    (void)flow_expect(flow, 2004, /* not a guarded attribute */
                      "{'op':3,'fr':'Cown','to':'cse-in/Cown/c','pc':{'m2m:cnt':{'lbl':['x']}}}");
}

/* TS-0004 7.5.1.2.19: no other change of the target meanwhile; silence is a refusal */
static void updates_of_a_blocked_resource_wait(void **state)
{
    struct scene scene = prepare(state);
    struct flow *flow = scene.flow;
    flow_register_at(flow, "Cguard", "http://host/guard");
    const char *policy = flow_policy(flow, "all", "'Cown','Cguard'", 63);
    for (int i = 0; i < 2; i++) {
        (void)flow_expect(flow, 2004, "{'op':3,'fr':'%s','to':'%s','pc':{'%s':{'acpi':['%s']}}}",
                          i == 0 ? "Cown" : "Cguard", i == 0 ? "cse-in/Cown/c" : "cse-in/Cguard",
                          i == 0 ? "m2m:cnt" : "m2m:ae", policy);
    }
    (void)flow_expect(flow, 2001, "%s", SUB("'nu':['Cguard'],'enc':{'net':[7],'atr':['mni']}"));
    (void)flow_take(scene.host);
    flow_be_silent(scene.host);
    struct flow_call *first = flow_send(flow, UPDATE, 5);
    struct flow_call *second = flow_send(flow, UPDATE, 6);
    struct flow_call *removal = flow_send(flow, "{'op':4,'fr':'Cown','to':'cse-in/Cown/c'}");
    flow_run_until_idle(flow);
    assert_false(flow_is_answered(first) || flow_is_answered(second) || flow_is_answered(removal));
    assert_int_equal(flow_received(scene.host), 1);
    flow_advance(flow, 9 * SECONDS);
    flow_answer(scene.host, 2000, NULL);
    flow_advance(flow, 2 * SECONDS);
    assert_int_equal(flow_response(first)->rsc, 5107);
    assert_int_equal(flow_response(second)->rsc, 2004);
    assert_int_equal(flow_response(removal)->rsc, 2002);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(defaults_are_filled_in),
        FLOW_TEST(bad_subscriptions_are_refused),
        FLOW_TEST(subscribing_needs_retrieve_too),
        FLOW_TEST(children_coming_and_going_are_told),
        FLOW_TEST(child_types_narrow_the_events),
        FLOW_TEST(updates_are_told_as_asked),
        FLOW_TEST(conditions_on_the_resource_count),
        FLOW_TEST(the_end_of_the_parent_is_told),
        FLOW_TEST(unsubscribing_tells_only_su),
        FLOW_TEST(a_container_without_instances_is_told),
        FLOW_TEST(attempts_are_monitored),
        FLOW_TEST(an_ae_is_notified_at_its_points_of_access),
        FLOW_TEST(foreign_targets_are_asked),
        FLOW_TEST(serialization_is_taken_from_the_target),
        FLOW_TEST(the_list_of_targets_may_change),
        FLOW_TEST(an_update_waits_for_its_guard),
        FLOW_TEST(updates_of_a_blocked_resource_wait),
    };
    return cmocka_run_group_tests_name("effects_subscription", tests, NULL, NULL);
}
