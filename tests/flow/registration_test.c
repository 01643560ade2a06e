/* SPDX-License-Identifier: Apache-2.0
 * Registration of AEs and what it takes to speak at all. TS-0004 7.3.2.1, 7.4.5; TS-0001 10.2.2.2.
 */
#include "flow.h"

#define AE "{'m2m:ae':{'api':'Nflow','rr':false,'srv':['3']}}"

/* TS-0001 10.2.2.2: who chooses the identifier */
static void a_stem_of_ones_own(void **state)
{
    struct flow *flow = *state;
    const struct wire_value *ae = flow_create(flow, "Cmine", "cse-in", 2, AE);
    flow_expect_text(ae, "ri", "Cmine");
    flow_expect_text(ae, "aei", "Cmine");
    flow_expect_text(ae, "pi", "id-in");
    flow_expect_number(ae, "ty", 2);
    ae = flow_create(flow, "Splant", "cse-in", 2, AE);
    flow_expect_text(ae, "aei", "Splant");
}

static void a_stem_from_the_registrar(void **state)
{
    struct flow *flow = *state;
    const char *first = flow_text(flow_create(flow, "C", "cse-in", 2, AE), "aei");
    const char *second = flow_text(flow_create(flow, "", "cse-in", 2, AE), "aei");
    assert_int_equal(first[0], 'C');
    assert_true(bytes_str(first).len > 1);
    assert_true(second[0] == 'C' || second[0] == 'S');
    assert_false(bytes_equal(bytes_str(first), bytes_str(second)));
    /* the assigned name may speak at once */
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'%s','to':'%s'}", first, first);
    /* without the parameter at all */
    (void)flow_expect(flow, 2001, "{'op':1,'to':'cse-in','ty':2,'pc':" AE "}");
}

static void once_only(void **state)
{
    struct flow *flow = *state;
    (void)flow_create(flow, "Cmine", "cse-in", 2, AE);
    (void)flow_expect(flow, 4117, "{'op':1,'fr':'Cmine','to':'cse-in','ty':2,'pc':" AE "}");
    (void)flow_expect(flow, 2002, "{'op':4,'fr':'Cmine','to':'Cmine'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Cmine','to':'cse-in'}");
    (void)flow_create(flow, "Cmine", "cse-in", 2, AE);
}

static void the_name_may_be_taken(void **state)
{
    struct flow *flow = *state;
    const char *ae = "{'m2m:ae':{'rn':'app','api':'Nflow','rr':false,'srv':['3']}}";
    (void)flow_create(flow, "Ca", "cse-in", 2, "%s", ae);
    (void)flow_expect(flow, 4105, "{'op':1,'fr':'Cb','to':'cse-in','ty':2,'pc':%s}", ae);
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Cb','to':'cse-in'}");
}

static void what_is_no_registration(void **state)
{
    struct flow *flow = *state;
    static const char *const bad[] = {
        "{'m2m:ae':{'api':'Xflow','rr':false,'srv':['3']}}", /* TS-0001 7.2: R, r or N */
        "{'m2m:ae':{'rr':false,'srv':['3']}}",
        "{'m2m:ae':{'api':'Nflow','srv':['3']}}",
        "{'m2m:ae':{'api':'Nflow','rr':false}}",
        "{'m2m:ae':{'api':'Nflow','rr':'no','srv':['3']}}",
        "{'m2m:ae':{'api':'Nflow','rr':false,'srv':[]}}",
        "{'m2m:ae':{'api':'Nflow','rr':false,'srv':['3'],'aei':'Cother'}}",
        "{'m2m:ae':{'api':'Nflow','rr':false,'srv':['3'],'ri':'x'}}",
        "{'m2m:ae':{'api':'Nflow','rr':false,'srv':['3'],'nosuch':1}}",
        "{'m2m:ae':{'rn':'a/b','api':'Nflow','rr':false,'srv':['3']}}",
        "{'m2m:cnt':{'api':'Nflow','rr':false,'srv':['3']}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        (void)flow_expect(flow, 4000, "{'op':1,'fr':'Ca','to':'cse-in','ty':2,'pc':%s}", bad[i]);
    }
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Ca','to':'cse-in'}");
    (void)flow_expect(flow, 4004, "{'op':1,'fr':'Ca','to':'cse-in/no','ty':2,'pc':" AE "}");
    flow_register(flow, "Cb");
    (void)flow_expect(flow, 4108, "{'op':1,'fr':'Cc','to':'cse-in/Cb','ty':2,'pc':" AE "}");
}

/* TS-0004 7.3.2.1 */
static void who_may_speak(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_expect(flow, 4000, "{'op':2,'to':'Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'','to':'Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'admin','to':'Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'C*','to':'Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'/id-in/Ca','to':'Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'//antipolis.example/id-in/Ca','to':'Ca'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Cb','to':'Ca'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'/mn1/Ca','to':'Ca'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'/id-in','to':'Ca'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'//antipolis.example/id-in','to':'Ca'}");
    (void)flow_expect(flow, 4107, "{'op':2,'fr':'/mn1','to':'Ca'}");
    (void)flow_expect(flow, 4107, "{'op':1,'fr':'/mn1','to':'cse-in','ty':2,'pc':" AE "}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca'}");
}

static void a_listener_that_wants_associations(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    flow_peer(flow)->admits_unassociated = false;
    (void)flow_expect(flow, 4107, "{'op':2,'fr':'Ca','to':'Ca'}");
    (void)flow_expect(flow, 4107, "{'op':1,'fr':'C','to':'cse-in','ty':2,'pc':" AE "}");
    flow_peer(flow)->has_association = true; /* but nothing says with whom */
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'Ca','to':'Ca'}");
    (void)flow_expect(flow, 4106, "{'op':2,'fr':'CAdmin','to':'Ca'}");
}

/* TS-0004 7.3.2.1, decisions 24 */
static void release_versions(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca','rvi':'2a'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca','rvi':'4'}");
    (void)flow_expect(flow, 4001, "{'op':2,'fr':'Ca','to':'Ca','rvi':'1'}");
    (void)flow_expect(flow, 4001, "{'op':2,'fr':'Ca','to':'Ca','rvi':'99'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'Ca','rvi':''}");
}

static void accept_release_1(struct serve_config *config)
{
    config->accept_missing_rvi = true;
}

static void release_1_by_switch(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    flow_restart_with(flow, accept_release_1);
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca','rvi':''}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'Ca','rvi':'1'}");
    (void)flow_expect(flow, 2001,
                      "{'op':1,'fr':'Cold','to':'cse-in','ty':2,'rvi':'1',"
                      "'pc':{'m2m:ae':{'api':'Nflow','rr':false}}}");
}

/* TS-0004 7.4.3: the CSEBase is looked at, not changed */
static void the_cse_base(void **state)
{
    struct flow *flow = *state;
    const struct wire_value *base =
        wire_only_member(flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'cse-in'}"));
    flow_expect_text(base, "ri", "id-in");
    flow_expect_text(base, "rn", "cse-in");
    flow_expect_text(base, "pi", "");
    flow_expect_text(base, "csi", "/id-in");
    flow_expect_number(base, "ty", 5);
    flow_expect_number(base, "cst", 1);
    assert_true(flow_count(base, "srt") > 5);
    flow_expect_text(base, "srv/0", "2a");
    assert_true(flow_count(base, "poa") > 0);
    (void)flow_expect(flow, 4005, "{'op':4,'fr':'CAdmin','to':'cse-in'}");
    (void)flow_expect(flow, 4005,
                      "{'op':3,'fr':'CAdmin','to':'cse-in','pc':{'m2m:cb':{'lbl':['a']}}}");
    (void)flow_expect(flow, 4005,
                      "{'op':1,'fr':'CAdmin','to':'cse-in','ty':5,'pc':{'m2m:cb':{'csi':'/x'}}}");
}

/* TS-0001 9.3.1: all ways to write one place */
static void every_address_of_one_resource(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    const struct wire_value *made =
        flow_create(flow, "Ca", "cse-in/Ca", 3, "{'m2m:cnt':{'rn':'c'}}");
    const char *ri = flow_text(made, "ri");
    (void)flow_create(flow, "Ca", ri, 4, "{'m2m:cin':{'con':'1'}}");
    const char *const scopes[] = {"", "/id-in/", "//antipolis.example/id-in/"};
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        const char *const forms[] = {"cse-in/Ca/c", "-/Ca/c", ri};
        for (size_t j = 0; j < ARRAY_LEN(forms); j++) {
            const struct wire_value *got =
                flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s%s'}", scopes[i], forms[j]);
            flow_expect_text(got, "m2m:cnt/ri", ri);
            got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s%s/la'}", scopes[i], forms[j]);
            flow_expect_text(got, "m2m:cin/con", "1");
        }
    }
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'/id-in'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'//antipolis.example/id-in'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'CAdmin','to':'-'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'/mn9/cse-mn'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'//else.example/id-in/cse-in'}");
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-other/Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'cse-in//Ca'}");
    (void)flow_expect(flow, 4000, "{'op':2,'fr':'Ca','to':'cse-in/../cse-in'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(a_stem_of_ones_own),
        FLOW_TEST(a_stem_from_the_registrar),
        FLOW_TEST(once_only),
        FLOW_TEST(the_name_may_be_taken),
        FLOW_TEST(what_is_no_registration),
        FLOW_TEST(who_may_speak),
        FLOW_TEST(a_listener_that_wants_associations),
        FLOW_TEST(release_versions),
        FLOW_TEST(release_1_by_switch),
        FLOW_TEST(the_cse_base),
        FLOW_TEST(every_address_of_one_resource),
    };
    return cmocka_run_group_tests_name("TS-0004 7.4.5", tests, NULL, NULL);
}
