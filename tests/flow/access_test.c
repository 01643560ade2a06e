/* SPDX-License-Identifier: Apache-2.0
 * Access control through the whole pipeline: which rules govern, what they need, what changes them.
 * TS-0003 7.1; TS-0001 9.6.1.3.2, 9.6.2; TS-0004 7.3.3.15. */
#include "flow.h"

#define READ(who) "{'op':2,'fr':'" who "','to':'cse-in/Ca/c'}"

/* Ca with a container c; Cb a stranger */
static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    flow_register(flow, "Cb");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
}

/* A policy "p" with these rules that CAdmin and Ca may change, linked to c; its ri. */
static const char *govern(struct flow *flow, const char *rules)
{
    const struct wire_value *made =
        flow_create(flow, "CAdmin", "cse-in", 1,
                    "{'m2m:acp':{'rn':'p','pv':{'acr':[%s]},"
                    "'pvs':{'acr':[{'acor':['CAdmin','Ca'],'acop':63}]}}}",
                    rules);
    const char *ri = flow_text(made, "ri");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':['%s']}}}", ri);
    return ri;
}

static void change_rules(struct flow *flow, const char *rules)
{
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'CAdmin','to':'cse-in/p','pc':{'m2m:acp':{'pv':{"
                      "'acr':[%s]}}}}",
                      rules);
}

/* decisions 6 and 11: the one who made it, nobody else, no administrator either */
static void without_a_policy_its_creator(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_expect(flow, 2000, READ("Ca"));
    (void)flow_expect(flow, 4103, READ("Cb"));
    (void)flow_expect(flow, 4103, READ("CAdmin"));
    (void)flow_expect(flow, 4103, "{'op':4,'fr':'Cb','to':'cse-in/Ca/c'}");
    (void)flow_expect(flow, 4103,
                      "{'op':3,'fr':'Cb','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'mni':1}}}");
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':4,"
                      "'pc':{'m2m:cin':{'con':'x'}}}");
    /* an instance has no policy of its own: the container decides */
    (void)flow_create(flow, "Ca", "cse-in/Ca/c", 4, "{'m2m:cin':{'con':'x'}}");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cb','to':'cse-in/Ca/c/la'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c/la'}");
}

static void by_the_parent(struct serve_config *config)
{
    config->default_policy = SERVE_DEFAULT_PARENT;
}

static void or_its_parents_by_switch(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const char *ri = flow_policy(flow, "q", "'Cb'", 2);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'CAdmin','to':'cse-in/q','pc':{'m2m:acp':{"
                      "'pvs':{'acr':[{'acor':['CAdmin','Ca'],'acop':63}]}}}}");
    (void)flow_expect(flow, 2004, "{'op':3,'fr':'Ca','to':'Ca','pc':{'m2m:ae':{'acpi':['%s']}}}",
                      ri);
    (void)flow_expect(flow, 4103, READ("Cb"));
    flow_restart_with(flow, by_the_parent);
    (void)flow_expect(flow, 2000, READ("Cb"));
}

/* TS-0004 6.3.4.2.29 */
static void each_operation_has_its_bit(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "");
    static const struct {
        unsigned bit;
        uint16_t create, retrieve, update, remove;
    } rows[] = {
        {0, 4103, 4103, 4103, 4103}, {1, 2001, 4103, 4103, 4103},  {2, 4103, 2000, 4103, 4103},
        {4, 4103, 4103, 2004, 4103}, {16, 4103, 4103, 4103, 4103}, {32, 4103, 4103, 4103, 4103},
        {7, 2001, 2000, 2004, 4103}, {8, 4103, 4103, 4103, 2002},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].bit > 0) {
            (void)flow_expect(flow, 2004,
                              "{'op':3,'fr':'CAdmin','to':'cse-in/p','pc':{'m2m:acp':{'pv':{"
                              "'acr':[{'acor':['Cb'],'acop':%u}]}}}}",
                              rows[i].bit);
        }
        (void)flow_expect(flow, rows[i].create,
                          "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':4,"
                          "'pc':{'m2m:cin':{'con':'x'}}}");
        (void)flow_expect(flow, rows[i].retrieve, READ("Cb"));
        (void)flow_expect(flow, rows[i].update,
                          "{'op':3,'fr':'Cb','to':'cse-in/Ca/c',"
                          "'pc':{'m2m:cnt':{'mni':3}}}");
        (void)flow_expect(flow, rows[i].remove, "{'op':4,'fr':'Cb','to':'cse-in/Ca/c'}");
    }
}

/* TS-0003 7.1.3, decisions 1 and 2 */
static void originators(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    flow_register(flow, "Sb");
    (void)govern(flow, "");
    static const struct {
        const char *acor;
        bool cb, sb;
    } rows[] = {
        {"'all'", true, true},
        {"'Cb'", true, false},
        {"'Sb'", false, true},
        {"'/Sb'", false, true},
        {"'/id-in/Cb'", true, false},
        {"'//antipolis.example/id-in/Cb'", true, false},
        {"'//antipolis.example'", true, true},
        {"'//else.example'", false, false},
        {"'C*'", true, false},
        {"'Ca*'", false, false},
        {"'//*/id-in/C*'", true, false},
        {"'/other/Cb'", false, false},
        {"'/id-in'", false, false},
        {"'cb'", false, false},
        {"'Cb2'", false, false},
        {"'reader@antipolis.example'", false, false},
        {"'Cx','Cy','Cb'", true, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)flow_expect(flow, 2004,
                          "{'op':3,'fr':'CAdmin','to':'cse-in/p','pc':{'m2m:acp':{'pv':{"
                          "'acr':[{'acor':[%s],'acop':2}]}}}}",
                          rows[i].acor);
        const bool want[] = {rows[i].cb, rows[i].sb};
        const char *const names[] = {"Cb", "Sb"};
        for (size_t j = 0; j < 2; j++) {
            struct flow_call *call =
                flow_send(flow, "{'op':2,'fr':'%s','to':'cse-in/Ca/c'}", names[j]);
            flow_run_until_idle(flow);
            if (flow_response(call)->rsc != (want[j] ? 2000 : 4103)) {
                fail_msg("%s for %s: %u", rows[i].acor, names[j], flow_response(call)->rsc);
            }
        }
    }
}

/* TS-0001 9.6.2.4 */
static void time_windows(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    /* seconds minutes hours day month weekday year: every day from 13 to 14 h */
    (void)govern(flow, "{'acor':['Cb'],'acop':2,'acco':[{'actw':['* * 13 * * * *']}]}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    flow_advance(flow, 59 * MINUTES);
    (void)flow_expect(flow, 4103, READ("Cb"));
    flow_advance(flow, MINUTES);
    (void)flow_expect(flow, 2000, READ("Cb"));
    flow_advance(flow, 59 * MINUTES);
    (void)flow_expect(flow, 2000, READ("Cb"));
    flow_advance(flow, MINUTES);
    (void)flow_expect(flow, 4103, READ("Cb"));
}

/* TS-0001 9.6.2.5, decisions 4 and 5 */
static void addresses(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "{'acor':['Cb'],'acop':2,'acco':[{'acip':{'ipv4':['10.1.0.0/16'],"
                       "'ipv6':['2001:db8::/32']}}]}");
    struct prim_peer *peer = flow_peer(flow);
    (void)flow_expect(flow, 4103, READ("Cb"));
    peer->address = (struct sys_address){.ip = {10, 1, 200, 7}};
    (void)flow_expect(flow, 2000, READ("Cb"));
    peer->address = (struct sys_address){.ip = {10, 2, 0, 1}};
    (void)flow_expect(flow, 4103, READ("Cb"));
    peer->address = (struct sys_address){.is_v6 = true, .ip = {0x20, 0x01, 0x0d, 0xb8, 1}};
    (void)flow_expect(flow, 2000, READ("Cb"));
    peer->address = (struct sys_address){.is_v6 = true, .ip = {0x20, 0x01, 0x0d, 0xb9, 1}};
    (void)flow_expect(flow, 4103, READ("Cb"));
    peer->has_address = false; /* what is not known does not grant */
    (void)flow_expect(flow, 4103, READ("Cb"));
}

static void contexts_that_cannot_be_known(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "{'acor':['Cb'],'acop':2,'acco':[{'aclr':{'accr':[48.0,7.0,10.0]}}]}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    change_rules(flow, "{'acor':['Cb'],'acop':2,'acco':[{'aclr':{'accc':['FR']}}]}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    /* nobody is authenticated without an association */
    change_rules(flow, "{'acor':['Cb'],'acop':2,'acaf':true}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    change_rules(flow, "{'acor':['Cb'],'acop':2,'acaf':false}");
    (void)flow_expect(flow, 2000, READ("Cb"));
}

/* TS-0001 9.6.2.3: which children */
static void object_details(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "{'acor':['Cb'],'acop':1,'acod':[{'chty':[4]}]}");
    (void)flow_expect(flow, 2001,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':4,"
                      "'pc':{'m2m:cin':{'con':'x'}}}");
    (void)flow_expect(flow, 4103,
                      "{'op':1,'fr':'Cb','to':'cse-in/Ca/c','ty':3,"
                      "'pc':{'m2m:cnt':{}}}");
}

static void groups_of_originators(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *group = flow_create(
        flow, "Ca", "cse-in/Ca", 9, "{'m2m:grp':{'rn':'g','mt':0,'mnm':5,'mid':['Cb']}}");
    const char *rule = flow_text(group, "ri");
    (void)govern(flow, "");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'CAdmin','to':'cse-in/p','pc':{'m2m:acp':{'pv':{"
                      "'acr':[{'acor':['%s'],'acop':2}]}}}}",
                      rule);
    (void)flow_expect(flow, 2000, READ("Cb"));
    (void)flow_expect(flow, 4103, READ("CAdmin"));
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/g','pc':{'m2m:grp':{'mid':['Ca']}}}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    (void)flow_expect(flow, 2000, READ("Ca"));
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Ca','to':'cse-in/Ca/g'}");
    (void)flow_expect(flow, 4103, READ("Ca"));
}

/* Decisions never outlive the policy they rest on. */
static void policies_change(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const char *ri = govern(flow, "{'acor':['Cb'],'acop':2}");
    (void)flow_expect(flow, 2000, READ("Cb"));
    (void)flow_expect(flow, 4103, READ("Ca")); /* linked, the policy alone decides */
    change_rules(flow, "{'acor':['Ca'],'acop':2}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    (void)flow_expect(flow, 2000, READ("Ca"));
    change_rules(flow, "{'acor':['Cb'],'acop':2}");
    (void)flow_expect(flow, 2000, READ("Cb"));
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'CAdmin','to':'%s'}", ri);
    (void)flow_expect(flow, 4103, READ("Cb"));
}

static void policies_expire(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "{'acor':['Cb'],'acop':2}");
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'CAdmin','to':'cse-in/p',"
                      "'pc':{'m2m:acp':{'et':'%s'}}}",
                      flow_time(flow, 60 * SECONDS));
    (void)flow_expect(flow, 2000, READ("Cb"));
    flow_advance(flow, 60 * SECONDS);
    (void)flow_expect(flow, 4103, READ("Cb"));
}

/* TS-0001 9.6.1.3.2: links change by the selfPrivileges of the policies linked now, alone */
static void changing_the_links(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const char *ri = govern(flow, "{'acor':['Cb'],'acop':63}");
    (void)flow_expect(flow, 4103,
                      "{'op':3,'fr':'Cb','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':['%s']}}}", ri);
    (void)flow_expect(flow, 4103,
                      "{'op':3,'fr':'Cb','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':null}}}");
    (void)flow_expect(flow, 4000,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c',"
                      "'pc':{'m2m:cnt':{'acpi':['%s'],'mni':1}}}",
                      ri);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c','pc':{'m2m:cnt':{'acpi':null}}}");
    (void)flow_expect(flow, 4103, READ("Cb"));
    (void)flow_expect(flow, 2000, READ("Ca"));
}

/* TS-0004 7.4.2: a policy is governed by its own pvs, and must have some */
static void policies_themselves(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)govern(flow, "{'acor':['Cb'],'acop':63}");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cb','to':'cse-in/p'}");
    (void)flow_expect(flow, 4103, "{'op':4,'fr':'Cb','to':'cse-in/p'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/p'}");
    static const char *const bad[] = {
        "{'pv':{'acr':[]},'pvs':{'acr':[]}}",
        "{'pv':{'acr':[]}}",
        "{'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acor':['Ca']}]},'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acop':1}]},'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acor':['Ca'],'acop':0}]},'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acor':['Ca'],'acop':64}]},'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acor':['Ca'],'acop':2,'acco':[{'actw':['x']}]}]},"
        "'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
        "{'pv':{'acr':[{'acor':['Ca'],'acop':2,'acco':[{'acip':{'ipv4':['10.0.0.300']}}]}]},"
        "'pvs':{'acr':[{'acor':['Ca'],'acop':63}]}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct flow_call *call = flow_send(
            flow, "{'op':1,'fr':'CAdmin','to':'cse-in','ty':1,'pc':{'m2m:acp':%s}}", bad[i]);
        flow_run_until_idle(flow);
        if (flow_response(call)->rsc != 4000) {
            fail_msg("%s: %u", bad[i], flow_response(call)->rsc);
        }
    }
    (void)flow_expect(flow, 4000,
                      "{'op':3,'fr':'CAdmin','to':'cse-in/p',"
                      "'pc':{'m2m:acp':{'pvs':{'acr':[]}}}}");
}

static void hide(struct serve_config *config)
{
    config->hide_existence = true;
}

/* decisions 8 */
static void existence_before_privilege(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Cb','to':'cse-in/Ca/nothing'}");
    flow_restart_with(flow, hide);
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cb','to':'cse-in/Ca/nothing'}");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cb','to':'cse-in/Ca/c'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(without_a_policy_its_creator),
        FLOW_TEST(or_its_parents_by_switch),
        FLOW_TEST(each_operation_has_its_bit),
        FLOW_TEST(originators),
        FLOW_TEST(time_windows),
        FLOW_TEST(addresses),
        FLOW_TEST(contexts_that_cannot_be_known),
        FLOW_TEST(object_details),
        FLOW_TEST(groups_of_originators),
        FLOW_TEST(policies_change),
        FLOW_TEST(policies_expire),
        FLOW_TEST(changing_the_links),
        FLOW_TEST(policies_themselves),
        FLOW_TEST(existence_before_privilege),
    };
    return cmocka_run_group_tests_name("TS-0003 7.1", tests, NULL, NULL);
}
