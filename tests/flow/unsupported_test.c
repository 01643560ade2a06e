/* SPDX-License-Identifier: Apache-2.0
 * What this CSE does not support is refused, not ignored: types, virtual resources, attributes,
 * parameters. TS-0001 9.5.1. */
#include "flow.h"

/* One resource of each type that can have children, made by its originator. */
struct place {
    uint32_t type;
    const char *from, *to, *parent, *content;
};

static const struct place places[] = {
    {5, "CAdmin", "cse-in", NULL, NULL},
    {2, "Ca", "cse-in/Ca", NULL, NULL},
    {3, "CAdmin", "cse-in/c", "cse-in", "{'m2m:cnt':{'rn':'c'}}"},
    {4, "CAdmin", "cse-in/c/i", "cse-in/c", "{'m2m:cin':{'rn':'i','con':'1'}}"},
    {9, "CAdmin", "cse-in/g", "cse-in", "{'m2m:grp':{'rn':'g','mnm':1,'mid':[]}}"},
    {14, "CAdmin", "cse-in/n", "cse-in", "{'m2m:nod':{'rn':'n','ni':'n1'}}"},
    {23, "CAdmin", "cse-in/c/s", "cse-in/c", "{'m2m:sub':{'rn':'s','nu':['http://host/']}}"},
};

static struct flow *plant(void **state)
{
    struct flow *flow = *state;
    (void)flow_listen(flow, "http://host/");
    flow_register(flow, "Ca");
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (places[i].parent != NULL) {
            (void)flow_create(flow, places[i].from, places[i].parent, places[i].type, "%s",
                              places[i].content);
        }
    }
    return flow;
}

/* Where the standard lets a child of that type be, if it lets it be below one of ours at all. */
static const struct place *place_for(const struct type_resource *type)
{
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (type_find_child(type_by_number(places[i].type), type->number) != NULL) {
            return &places[i];
        }
    }
    return &places[0];
}

/* TS-0001 9.5.1, TS-0004 7.3.3.3: a type without behaviour answers 5001, whatever is sent for it
 * and wherever; one that nobody creates answers 4005. TS-0004 7.4.4, 7.4.9 to
 * 7.4.11, 7.4.16, 7.4.17, 7.4.19, 7.4.20, 7.4.23 to 7.4.26, 7.4.29 to 7.4.61. */
static void types_without_behaviour(void **state)
{
    struct flow *flow = plant(state);
    size_t refused = 0;
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (type->behaviour != TYPE_BEHAVIOUR_NONE || type->storage == TYPE_STORAGE_NONE) {
            continue;
        }
        const struct place *place = place_for(type);
        uint16_t want = (type->operations & TYPE_OP_CREATE) != 0 ? 5001 : 4005;
        struct flow_call *call =
            flow_send(flow, "{'op':1,'fr':'%s','to':'%s','ty':%u,'pc':{'%s':{'rn':'new'}}}",
                      place->from, place->to, (unsigned)type->number, type->member);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != want) {
            fail_msg("%s below %s: %u", type->name, place->to, flow_response(call)->rsc);
        }
        (void)flow_expect(flow, 4004, "{'op':2,'fr':'%s','to':'%s/new'}", place->from, place->to);
        refused++;
    }
    assert_true(refused > 60);
    static const uint32_t some[] = {6, 12, 16, 18, 28, 29, 31, 32, 34, 36, 45, 48, 51, 10002};
    for (size_t i = 0; i < ARRAY_LEN(some); i++) { /* the table above is not empty by mistake */
        assert_true(type_by_number(some[i])->behaviour == TYPE_BEHAVIOUR_NONE);
    }
}

/* TS-0004 7.4.33, 7.4.35, 7.4.48, 7.4.51: virtual resources without behaviour */
static void virtual_resources_without_behaviour(void **state)
{
    struct flow *flow = plant(state);
    (void)flow_expect(flow, 5001, "{'op':2,'fr':'CAdmin','to':'cse-in/g/sfop'}");
    (void)flow_expect(flow, 4005, "{'op':4,'fr':'CAdmin','to':'cse-in/g/sfop'}");
    (void)flow_expect(flow, 5001, "{'op':4,'fr':'CAdmin','to':'cse-in/c/s/ntsr'}");
    (void)flow_expect(flow, 4005, "{'op':2,'fr':'CAdmin','to':'cse-in/c/s/ntsr'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'CAdmin','to':'cse-in/c/sfop'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'cse-in/g'}");
}

/* TS-0001 9.6.26, TS-0004 7.3.3.10, 7.3.3.11: nothing is announced, nor pretended to be */
static void attributes_without_behaviour(void **state)
{
    struct flow *flow = plant(state);
    static const struct {
        uint16_t rsc;
        const char *attributes;
    } rows[] = {
        {5001, "'at':['/mn1']"},      {5001, "'daci':['/id-in/dac1']"}, {4000, "'nosuch':1"},
        {4000, "'mni':1,'nosuch':1"}, {4000, "'gn':'of a group'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)flow_expect(flow, rows[i].rsc,
                          "{'op':1,'fr':'CAdmin','to':'cse-in','ty':3,"
                          "'pc':{'m2m:cnt':{'rn':'new',%s}}}",
                          rows[i].attributes);
        (void)flow_expect(flow, rows[i].rsc,
                          "{'op':3,'fr':'CAdmin','to':'cse-in/c','pc':{'m2m:cnt':{%s}}}",
                          rows[i].attributes);
    }
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'CAdmin','to':'cse-in/new'}");
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'cse-in/c'}");
    flow_expect_absent(got, "m2m:cnt/mni");
    flow_expect_absent(got, "m2m:cnt/at");
}

/* TS-0003 7.3, 7.4; TS-0001 8.1.2: a parameter asks for something, so it is not passed over */
static void parameters_without_behaviour(void **state)
{
    struct flow *flow = plant(state);
    static const char *const parameters[] = {
        "'tkns':['a.b.c']",
        "'tids':['t1']",
        "'ltids':['l1']",
        "'rids':['r1@x']",
        "'tqi':true",
        "'sqi':true",
        "'da':true",
        "'rcn':10",
        "'rt':{'rtv':5}",
        "'fc':{'fu':3}",
        "'fc':{'fu':1,'smf':['SELECT']}",
        "'fc':{'fu':1,'cfs':1,'cfq':'$'}",
    };
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        (void)flow_expect(flow, 5001, "{'op':2,'fr':'CAdmin','to':'cse-in/c',%s}", parameters[i]);
    }
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'cse-in/c','sqi':false,'da':false}");
}

/* TS-0003 7.3, TS-0004 6.4.1: proofs of dynamic authorization are no reason to permit, nor to
 * refuse */
static void signatures_change_no_decision(void **state)
{
    struct flow *flow = plant(state);
    static const char *const parameters[] = {"'asi':true", "'auri':true", "'aus':['c2ln']"};
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'cse-in/c',%s}", parameters[i]);
        (void)flow_expect(flow, 4103, "{'op':2,'fr':'Ca','to':'cse-in/c',%s}", parameters[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(types_without_behaviour),       FLOW_TEST(virtual_resources_without_behaviour),
        FLOW_TEST(attributes_without_behaviour),  FLOW_TEST(parameters_without_behaviour),
        FLOW_TEST(signatures_change_no_decision),
    };
    return cmocka_run_group_tests_name("TS-0001 9.5.1", tests, NULL, NULL);
}
