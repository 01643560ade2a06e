/* SPDX-License-Identifier: Apache-2.0
 * Discovery: every matching and handling condition, and who sees what. TS-0004 7.3.3.14, 7.3.3.17.
 */
#include <stdio.h>

#include "flow.h"

#define FIND "'op':2,'fr':'Ca','to':'cse-in/Ca'"

/* Ca
 *   red    container  labels color:red, warm    mni 5   12:00:00
 *     i1   instance   7 octets, text/plain
 *   blue   container  labels color:blue         mni 9   12:00:10
 *     deep container  label warm                        12:00:20
 */
static void plant(struct flow *flow)
{
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'red','lbl':['color:red','warm'],'mni':5,'cr':null}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/red", 4,
                      "{'m2m:cin':{'rn':'i1','cnf':'text/plain:0','con':'1234567'}}");
    flow_advance(flow, 10 * SECONDS);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'blue','lbl':['color:blue'],'mni':9,'et':'%s'}}",
                      flow_time(flow, 60 * MINUTES));
    flow_advance(flow, 10 * SECONDS);
    (void)flow_create(flow, "Ca", "cse-in/Ca/blue", 3, "{'m2m:cnt':{'rn':'deep','lbl':['warm']}}");
}

/* The paths below cse-in/Ca/ that discovery with these conditions gives, sorted and joined. */
static void expect_found(struct flow *flow, const char *conditions, const char *want)
{
    const struct wire_value *got = flow_expect(flow, 2000, "{" FIND ",'fc':{'fu':1%s%s}}",
                                               conditions[0] == '\0' ? "" : ",", conditions);
    static const char *const all[] = {"blue", "blue/deep", "red", "red/i1"};
    char found[256] = "", path[64];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        (void)snprintf(path, sizeof path, "cse-in/Ca/%s", all[i]);
        const struct wire_value *list = flow_find(got, "m2m:uril");
        for (const struct wire_value *hit = list == NULL ? NULL : list->first; hit != NULL;
             hit = hit->next) {
            if (bytes_is(hit->string, path)) {
                size_t used = bytes_str(found).len;
                (void)snprintf(found + used, sizeof found - used, "%s%s", used == 0 ? "" : " ",
                               all[i]);
                count++;
            }
        }
    }
    if (!bytes_equal(bytes_str(found), bytes_str(want)) || count != flow_count(got, "m2m:uril")) {
        fail_msg("{%s}: \"%s\" (%zu), want \"%s\"", conditions, found, flow_count(got, "m2m:uril"),
                 want);
    }
}

static void matching_conditions(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "", "blue blue/deep red red/i1");
    expect_found(flow, "'lbl':['warm']", "blue/deep red");
    expect_found(flow, "'lbl':['color:red','color:blue']", "blue red");
    expect_found(flow, "'lbl':['cold']", "");
    expect_found(flow, "'ty':[3]", "blue blue/deep red");
    expect_found(flow, "'ty':[3,4]", "blue blue/deep red red/i1");
    expect_found(flow, "'ty':[2]", "");
    expect_found(flow, "'crb':'20260101T120010'", "red red/i1");
    expect_found(flow, "'cra':'20260101T120010'", "blue blue/deep");
    expect_found(flow, "'cra':'20260101T120005','crb':'20260101T120015'", "blue");
    expect_found(flow, "'ms':'20260101T120020'", "blue/deep");
    expect_found(flow, "'us':'20260101T120010'", "red red/i1");
    expect_found(flow, "'exb':'20260101T140000'", "blue blue/deep");
    expect_found(flow, "'exa':'20260101T140000'", "red red/i1");
    expect_found(flow, "'sza':7", "red/i1");
    expect_found(flow, "'sza':8", "");
    expect_found(flow, "'szb':8", "red/i1");
    expect_found(flow, "'szb':7", "");
    expect_found(flow, "'stb':1,'ty':[3]", "red");
    expect_found(flow, "'sts':1,'ty':[3]", "blue blue/deep");
    expect_found(flow, "'cty':['text/plain']", "red/i1");
    expect_found(flow, "'cty':['image/png']", "");
}

static void attribute_conditions(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "'atr':[{'nm':'mni','val':5}]", "red");
    expect_found(flow, "'atr':[{'nm':'mni','val':'9'}]", "blue");
    expect_found(flow, "'atr':[{'nm':'mni','val':5},{'nm':'mni','val':9}]", "blue red");
    expect_found(flow, "'atr':[{'nm':'rn','val':'*e*'}]", "blue blue/deep red");
    expect_found(flow, "'atr':[{'nm':'rn','val':'re*'}]", "red");
    expect_found(flow, "'atr':[{'nm':'rn','val':'*'}]", "blue blue/deep red red/i1");
    expect_found(flow, "'atr':[{'nm':'cr','val':'Ca'}]", "red");
    expect_found(flow, "'atr':[{'nm':'cr','val':'Cb'}]", "");
}

static void on_children_and_parents(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "'clbl':['warm']", "blue");
    expect_found(flow, "'palb':['color:red']", "red/i1");
    expect_found(flow, "'chty':[4]", "red");
    expect_found(flow, "'pty':[3]", "blue/deep red/i1");
    expect_found(flow, "'catr':[{'nm':'rn','val':'deep'}]", "blue");
    expect_found(flow, "'patr':[{'nm':'mni','val':5}]", "red/i1");
}

/* TS-0004 7.3.3.17.16 */
static void label_queries(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "'lbq':'color'", "blue red");
    expect_found(flow, "'lbq':'color EQ red'", "red");
    expect_found(flow, "'lbq':'color:red'", "red");
    expect_found(flow, "'lbq':'color NE red'", "blue");
    expect_found(flow, "'lbq':'color IN (red, green)'", "red");
    expect_found(flow, "'lbq':'color NI (red, green)'", "blue");
    expect_found(flow, "'lbq':'NT color','ty':[3]", "blue/deep");
    (void)flow_expect(flow, 4000, "{" FIND ",'fc':{'fu':1,'lbq':'color XX red'}}");
}

/* TS-0004 7.3.3.17.12 */
static void and_or_or(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "'lbl':['warm'],'crb':'20260101T120010'", "red");
    expect_found(flow, "'fo':1,'lbl':['warm'],'crb':'20260101T120010'", "red");
    expect_found(flow, "'fo':2,'lbl':['warm'],'crb':'20260101T120010'", "blue/deep red red/i1");
}

/* TS-0004 7.3.3.17.10, 7.3.3.17.14, 7.3.3.17.15, 7.3.3.17.17 */
static void handling_conditions(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    expect_found(flow, "'lvl':1", "blue red");
    expect_found(flow, "'lvl':2", "blue blue/deep red red/i1");
    expect_found(flow, "'arp':'i1'", "red/i1");
    expect_found(flow, "'arp':'deep','lbl':['color:blue','color:red']", "blue/deep");
    expect_found(flow, "'arp':'nothing'", "");
    const struct wire_value *got = flow_expect(flow, 2000, "{" FIND ",'fc':{'fu':1,'lim':2}}");
    assert_int_equal(flow_count(got, "m2m:uril"), 2);
    size_t seen = 0;
    for (unsigned offset = 1; offset <= 4; offset += 2) {
        got = flow_expect(flow, 2000, "{" FIND ",'fc':{'fu':1,'lim':2,'ofst':%u}}", offset);
        seen += flow_count(got, "m2m:uril");
    }
    assert_int_equal(seen, 4);
    got = flow_expect(flow, 2000, "{" FIND ",'fc':{'fu':1,'lim':2,'ofst':5}}");
    assert_int_equal(flow_count(got, "m2m:uril"), 0);
}

/* TS-0001 10.2.6: a list of addresses, or of references; nothing else */
static void forms_of_the_answer(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{" FIND ",'drt':2,'fc':{'fu':1,'ty':[4]}}");
    const char *ri = flow_text(got, "m2m:uril/0");
    got = flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'%s'}", ri);
    flow_expect_text(got, "m2m:cin/rn", "i1");
    got = flow_expect(flow, 2000, "{" FIND ",'rcn':6,'fc':{'fu':1,'ty':[4]}}");
    flow_expect_text(got, "m2m:rrl/rrf/0/nm", "i1");
    flow_expect_number(got, "m2m:rrl/rrf/0/typ", 4);
    flow_expect_text(got, "m2m:rrl/rrf/0/val", "cse-in/Ca/red/i1");
    static const unsigned refused[] = {0, 1, 2, 3, 4, 5, 7, 8, 9};
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        (void)flow_expect(flow, 4000, "{" FIND ",'rcn':%u,'fc':{'fu':1}}", refused[i]);
    }
    (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/nothing','fc':{'fu':1}}");
}

/* TS-0004 7.3.3.14: each hit is decided by itself; what may not be discovered is not there */
static void each_hit_is_decided(void **state)
{
    struct flow *flow = *state;
    plant(flow);
    flow_register(flow, "Cb");
    const char *see = flow_policy(flow, "see", "'Cb'", 32);
    const char *read = flow_policy(flow, "read", "'Cb'", 2);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/blue','pc':{'m2m:cnt':{'acpi':['%s']}}}",
                      see);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/red','pc':{'m2m:cnt':{'acpi':['%s']}}}",
                      read);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2,'fr':'Cb','to':'cse-in','fc':{'fu':1,'ty':[3,4]}}");
    assert_int_equal(flow_count(got, "m2m:uril"), 1);
    flow_expect_text(got, "m2m:uril/0", "cse-in/Ca/blue");
    (void)flow_expect(flow, 4103, "{'op':2,'fr':'Cb','to':'cse-in/Ca/blue'}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Cb','to':'cse-in/Ca/red'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(matching_conditions),
        FLOW_TEST(attribute_conditions),
        FLOW_TEST(on_children_and_parents),
        FLOW_TEST(label_queries),
        FLOW_TEST(and_or_or),
        FLOW_TEST(handling_conditions),
        FLOW_TEST(forms_of_the_answer),
        FLOW_TEST(each_hit_is_decided),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.14", tests, NULL, NULL);
}
