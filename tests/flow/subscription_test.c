/* SPDX-License-Identifier: Apache-2.0
 * Subscriptions: what is told, to whom, when. TS-0004 7.4.8, 7.5.1.2; TS-0001 9.6.8, 10.2.10. */
#include "flow.h"

#define SUB "cse-in/Ca/c/s"

/* Ca with container c; a host http://n/ on the network */
static struct flow_endpoint *plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
    return flow_listen(flow, "http://n/");
}

static void subscribe(struct flow *flow, const char *attributes)
{
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23, "{'m2m:sub':{'rn':'s','nu':['http://n/x']%s}}",
                      attributes);
    flow_run_until_idle(flow);
}

/* Drops what verification may have sent. */
static void forget(struct flow_endpoint *host)
{
    while (flow_received(host) > 0) {
        (void)flow_take(host);
    }
}

static void update(struct flow *flow, const char *attributes)
{
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{%s}}}",
                      attributes);
    flow_run_until_idle(flow);
}

static void put(struct flow *flow, const char *content)
{
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'con':'%s'}}", content);
    flow_run_until_idle(flow);
}

/* The event of the one notification that came. */
static const struct wire_value *take_event(struct flow_endpoint *host, int64_t kind)
{
    const struct wire_value *request = flow_take(host);
    flow_expect_number(request, "op", 5);
    flow_expect_text(request, "fr", "/id-in");
    const struct wire_value *note = flow_find(request, "pc/m2m:sgn");
    struct bytes subscription = bytes_str(flow_text(note, "sur"));
    assert_true(bytes_ends_with(subscription, BYTES(SUB)) || subscription.len > 0);
    flow_expect_number(note, "nev/net", kind);
    return flow_find(note, "nev");
}

/* 7.5.1.2.2: without criteria, an update; all attributes */
static void updates_are_told(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, "");
    forget(host);
    update(flow, "'lbl':['a']");
    const struct wire_value *event = take_event(host, 1);
    flow_expect_text(event, "rep/m2m:cnt/lbl/0", "a");
    flow_expect_text(event, "rep/m2m:cnt/rn", "c");
    flow_expect_quiet(host);
    put(flow, "x"); /* no update of the container */
    flow_expect_quiet(host);
}

static void modified_attributes_only(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'nct':2,'enc':{'net':[1]}");
    forget(host);
    update(flow, "'mni':7");
    const struct wire_value *event = take_event(host, 1);
    flow_expect_number(event, "rep/m2m:cnt/mni", 7);
    flow_expect_absent(event, "rep/m2m:cnt/rn");
    update(flow, "'mni':null");
    event = take_event(host, 1);
    assert_true(wire_is(flow_find(event, "rep/m2m:cnt/mni"), WIRE_NULL));
}

static void the_identifier_only(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'nct':3");
    forget(host);
    update(flow, "'mni':7");
    const struct wire_value *event = take_event(host, 1);
    assert_non_null(flow_find(event, "rep/m2m:uri"));
}

static void children_come_and_go(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3,4]}");
    forget(host);
    put(flow, "hello");
    const struct wire_value *event = take_event(host, 3);
    flow_expect_text(event, "rep/m2m:cin/con", "hello");
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c/la'}");
    flow_run_until_idle(flow);
    event = take_event(host, 4);
    flow_expect_text(event, "rep/m2m:cin/con", "hello");
    flow_expect_quiet(host);
}

static void some_children_only(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[3],'chty':[3]}");
    forget(host);
    put(flow, "x");
    flow_expect_quiet(host);
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 3, "{'m2m:cnt':{'rn':'d'}}");
    flow_run_until_idle(flow);
    (void)take_event(host, 3);
    (void)flow_create(flow, "Ca", "cse-in/Ca/c/d", 3, "{'m2m:cnt':{}}"); /* no direct child */
    flow_run_until_idle(flow);
    flow_expect_quiet(host);
}

static void some_attributes_only(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    subscribe(flow, ",'enc':{'net':[1],'atr':['mni']}");
    forget(host);
    update(flow, "'lbl':['a']");
    flow_expect_quiet(host);
    update(flow, "'mni':5,'lbl':['b']");
    (void)take_event(host, 1);
}

/* 7.4.7.2.1: instances that make room go silently */
static void making_room_is_silent(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    update(flow, "'mni':1");
    subscribe(flow, ",'enc':{'net':[4]}");
    forget(host);
    put(flow, "1");
    put(flow, "2");
    flow_expect_quiet(host);
}

/* TS-0004 7.5.1.2.4: the end of what is watched, and the end of watching */
static void the_end(void **state)
{
    struct flow *flow = *state;
    struct flow_endpoint *host = plant(flow);
    struct flow_endpoint *ends = flow_listen(flow, "http://end/");
    subscribe(flow, ",'su':'http://end/','enc':{'net':[2]}");
    forget(host);
    forget(ends);
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_run_until_idle(flow);
    const struct wire_value *event = take_event(host, 2);
    flow_expect_text(event, "rep/m2m:cnt/rn", "c");
    const struct wire_value *end = flow_take(ends);
    assert_true(wire_get_bool(flow_find(end, "pc/m2m:sgn/sud"), false));
    assert_non_null(flow_find(end, "pc/m2m:sgn/sur"));
    flow_expect_quiet(host);
    flow_expect_quiet(ends);
}

static void what_is_refused(void **state)
{
    struct flow *flow = *state;
    (void)plant(flow);
    static const char *const bad[] = {
        "{'enc':{'net':[1]}}", /* nobody to tell */
        "{'nu':[]}",
        "{'nu':'http://n/'}",
        "{'nu':['http://n/'],'enc':{'net':[9]}}",
        "{'nu':['http://n/'],'enc':{'net':[2]},'nct':2}", /* content that does not go with it */
        "{'nu':['http://n/'],'enc':{'net':[3]},'nct':2}",
        "{'nu':['http://n/'],'enc':{'net':[1]},'nct':9}",
        "{'nu':['http://n/'],'enc':{'net':[3],'chty':[2]}}", /* no child of a container */
        "{'nu':['http://n/'],'exc':0}",
        "{'nu':['http://n/'],'bn':{'num':-1}}",
        "{'nu':['http://n/'],'nosuch':1}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call = flow_send(
            flow, "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,'pc':{'m2m:sub':%s}}", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
    /* an instance cannot be watched; a stranger may not */
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'rn':'i','con':'x'}}");
    (void)flow_expect(flow, 5203,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c/i','ty':23,"
                      "'pc':{'m2m:sub':{'nu':['http://n/']}}}");
    flow_register(flow, "Cb");
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':23,"
                      "'pc':{'m2m:sub':{'nu':['http://n/']}}}");
    /* 7.4.8.2.1: CREATE alone is not enough, RETRIEVE is needed too */
    const char *ri = flow_policy(flow, "p", "'Cb'", 1);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':['%s']}}}", ri);
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':23,"
                      "'pc':{'m2m:sub':{'nu':['http://n/']}}}");
}

/* TS-0004 7.5.1.2.3: a target that is an AE is asked first */
static void targets_are_asked(void **state)
{
    struct flow *flow = *state;
    (void)plant(flow);
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    const char *ri = flow_policy(flow, "p", "'Ca','/id-in'", 16);
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Cb','to':'Cb','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      ri);
    flow_answer(host, 5205, NULL);
    (void)flow_expect(flow, 5204,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,"
                      "'pc':{'m2m:sub':{'rn':'s','nu':['Cb']}}}");
    const struct wire_value *question = flow_take(host);
    assert_true(wire_get_bool(flow_find(question, "pc/m2m:sgn/vrq"), false));
    assert_non_null(flow_find(question, "pc/m2m:sgn/sur"));
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'" SUB "'}");
    flow_answer(host, 2000, NULL);
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23, "{'m2m:sub':{'rn':'s','nu':['Cb']}}");
    forget(host);
    update(flow, "'mni':3");
    (void)take_event(host, 1);
}

/* TS-0004 7.3.2.9, 7.5.1.2.19: who is asked before a change, and what its silence means */
static void blocking_update(void **state)
{
    struct flow *flow = *state;
    (void)plant(flow);
    struct flow_endpoint *host = flow_listen(flow, "http://b/");
    flow_register_at(flow, "Cb", "http://b/");
    const char *ri = flow_policy(flow, "p", "'Ca','/id-in'", 16);
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Cb','to':'Cb','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      ri);
    /* TS-0001 10.2.10.2: who is asked must have the right to change it */
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,"
                      "'pc':{'m2m:sub':{'nu':['Cb'],'enc':{'net':[7]}}}}");
    ri = flow_policy(flow, "q", "'Ca','Cb'", 63);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':['%s']}}}", ri);
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 23,
                      "{'m2m:sub':{'rn':'s','nu':['Cb'],'enc':{'net':[7]}}}");
    (void)flow_expect(flow, 4124,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c','ty':23,"
                      "'pc':{'m2m:sub':{'nu':['Cb'],'enc':{'net':[7]}}}}");
    forget(host);
    flow_answer(host, 2000, NULL);
    update(flow, "'mni':4");
    const struct wire_value *question = flow_take(host);
    flow_expect_number(question, "pc/m2m:sgn/nev/net", 7);
    flow_expect_number(question, "pc/m2m:sgn/nev/rep/m2m:cnt/mni", 4);
    flow_answer(host, 4005, NULL);
    (void)flow_expect(flow, 4127,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'mni':5}}}");
    flow_be_unreachable(host);
    (void)flow_expect(flow, 5107,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'mni':5}}}");
    const struct wire_value *got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c'}");
    flow_expect_number(got, "m2m:cnt/mni", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(updates_are_told),      FLOW_TEST(modified_attributes_only),
        FLOW_TEST(the_identifier_only),   FLOW_TEST(children_come_and_go),
        FLOW_TEST(some_children_only),    FLOW_TEST(some_attributes_only),
        FLOW_TEST(making_room_is_silent), FLOW_TEST(the_end),
        FLOW_TEST(what_is_refused),       FLOW_TEST(targets_are_asked),
        FLOW_TEST(blocking_update),
    };
    return cmocka_run_group_tests_name("TS-0004 7.5.1.2", tests, NULL, NULL);
}
