/* SPDX-License-Identifier: Apache-2.0
 * Each filter condition at its bounds: what is just inside, what is just outside, what both bounds
 * together let through. TS-0004 7.3.3.17. */
#include <stdio.h>

#include "flow.h"

#define TO "'fr':'Ca','to':'cse-in/Ca'"
#define AT(time) "'20260101T" time "'"

/* Names are one letter each; 12:00:00 is the start.
 *   a   container  created 00, et 13:00, red,  mni 5
 *     c   instance created 20, 4 octets, text/plain
 *     d   instance created 20, 7 octets, application/json
 *   b   container  created 10, changed 30, et 14:00, blue, mni 7
 *     e   container created 40, et 14:00 */
static struct flow *plant(void **state)
{
    struct flow *flow = *state;
    flow_register(flow, "Ca");
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'a','lbl':['red'],'mni':5,'et':" AT("130000") "}}");
    flow_advance(flow, 10 * SECONDS);
    (void)flow_create(flow, "Ca", "cse-in/Ca", 3,
                      "{'m2m:cnt':{'rn':'b','mni':7,'et':" AT("140000") "}}");
    flow_advance(flow, 10 * SECONDS);
    (void)flow_create(flow, "Ca", "cse-in/Ca/a", 4,
                      "{'m2m:cin':{'rn':'c','con':'1234','cnf':'text/plain:0'}}");
    (void)flow_create(flow, "Ca", "cse-in/Ca/a", 4,
                      "{'m2m:cin':{'rn':'d','con':'[1,2,3]','cnf':'application/json:0'}}");
    flow_advance(flow, 10 * SECONDS);
    (void)flow_expect(flow, 2004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/b','pc':{'m2m:cnt':{'lbl':['blue']}}}");
    flow_advance(flow, 10 * SECONDS);
    (void)flow_create(flow, "Ca", "cse-in/Ca/b", 3, "{'m2m:cnt':{'rn':'e','et':" AT("140000") "}}");
    return flow;
}

/* The names that discovery with these conditions gives, sorted. */
static void expect_found(struct flow *flow, const char *conditions, const char *want)
{
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2," TO ",'fc':{'fu':1,%s}}", conditions);
    const struct wire_value *list = flow_find(got, "m2m:uril");
    assert_non_null(list);
    char found[16] = "";
    size_t used = 0;
    for (char name = 'a'; name <= 'e'; name++) {
        char ending[3] = {'/', name, '\0'};
        for (const struct wire_value *hit = list->first; hit != NULL; hit = hit->next) {
            if (bytes_ends_with(hit->string, bytes_str(ending))) {
                found[used++] = name;
            }
        }
    }
    if (!bytes_equal(bytes_str(found), bytes_str(want)) || used != list->count) {
        fail_msg("{%s}: \"%s\" (%zu), want \"%s\"", conditions, found, (size_t)list->count, want);
    }
}

struct row {
    const char *conditions, *want;
};

static void expect_rows(struct flow *flow, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_found(flow, rows[i].conditions, rows[i].want);
    }
}
#define EXPECT_ROWS(flow, rows) expect_rows(flow, rows, ARRAY_LEN(rows))

/* TS-0004 7.3.3.17.1: createdAfter <= creationTime < createdBefore */
static void creation_time(void **state)
{
    static const struct row rows[] = {
        {"'crb':" AT("120010"), "a"},
        {"'cra':" AT("120010"), "bcde"},
        {"'cra':" AT("120010") ",'crb':" AT("120020"), "b"},
        {"'cra':" AT("120010") ",'crb':" AT("120010"), ""},
        {"'cra':" AT("120040") ",'crb':" AT("120010"), ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.2: modifiedSince <= lastModifiedTime < unmodifiedSince */
static void modification_time(void **state)
{
    static const struct row rows[] = {
        {"'us':" AT("120030"), "acd"},
        {"'ms':" AT("120030"), "be"},
        {"'ms':" AT("120030") ",'us':" AT("120040"), "b"},
        {"'ms':" AT("120020") ",'us':" AT("120030") ",'ty':[4]", "cd"},
        {"'ms':" AT("120040") ",'us':" AT("120030"), ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.3: stateTagBigger <= stateTag < stateTagSmaller; a: 2, b: 1, e: 0 */
static void state_tag(void **state)
{
    static const struct row rows[] = {
        {"'ty':[3],'sts':2", "be"},       {"'ty':[3],'stb':2", "a"},
        {"'ty':[3],'stb':1", "ab"},       {"'ty':[3],'stb':1,'sts':2", "b"},
        {"'ty':[3],'stb':2,'sts':1", ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.4: expireAfter <= expirationTime < expireBefore */
static void expiration_time(void **state)
{
    static const struct row rows[] = {
        {"'exb':" AT("140000"), "acd"},
        {"'exa':" AT("140000"), "be"},
        {"'exa':" AT("130000") ",'exb':" AT("130001"), "acd"},
        {"'exb':" AT("130000"), ""},
        {"'exa':" AT("140000") ",'exb':" AT("130000"), ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.5: any label; of the resource, of a child, of the parent */
static void labels(void **state)
{
    static const struct row rows[] = {
        {"'lbl':['red']", "a"},   {"'lbl':['red','blue','none']", "ab"},
        {"'lbl':['re']", ""},     {"'palb':['red']", "cd"},
        {"'palb':['blue']", "e"}, {"'clbl':['red']", ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.6: any type; of the resource, of a child, of the parent */
static void resource_type(void **state)
{
    static const struct row rows[] = {
        {"'ty':[3]", "abe"},  {"'ty':[4]", "cd"},  {"'ty':[2,3,4]", "abcde"}, {"'ty':[2]", ""},
        {"'chty':[4]", "a"},  {"'chty':[3]", "b"}, {"'chty':[3,4]", "ab"},    {"'chty':[23]", ""},
        {"'pty':[3]", "cde"}, {"'pty':[2]", "ab"}, {"'pty':[9]", ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.7: sizeAbove <= contentSize < sizeBelow; what has no size does not match */
static void content_size(void **state)
{
    static const struct row rows[] = {
        {"'sza':4", "cd"}, {"'sza':5", "d"},         {"'sza':8", ""},
        {"'szb':7", "c"},  {"'szb':4", ""},          {"'szb':1000", "cd"},
        {"'sza':0", "cd"}, {"'sza':4,'szb':7", "c"}, {"'sza':7,'szb':4", ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.8: the media type in contentInfo, and only that part of it */
static void content_type(void **state)
{
    static const struct row rows[] = {
        {"'cty':['text/plain']", "c"},
        {"'cty':['application/json','text/plain']", "cd"},
        {"'cty':['application/xml']", ""},
        {"'cty':['text/plain:0']", ""},
        {"'cty':['text']", ""},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.9: any pair; wildcards; of the resource, of a child, of the parent */
static void attributes(void **state)
{
    static const struct row rows[] = {
        {"'atr':[{'nm':'mni','val':5}]", "a"},
        {"'atr':[{'nm':'mni','val':5},{'nm':'mni','val':7}]", "ab"},
        {"'atr':[{'nm':'mni','val':5},{'nm':'rn','val':'e'}]", "ae"},
        {"'atr':[{'nm':'mni','val':6}]", ""},
        {"'atr':[{'nm':'mni','val':'*'}]", "ab"},
        {"'atr':[{'nm':'con','val':'*2,*'}]", "d"},
        {"'atr':[{'nm':'con','val':'12*'}]", "c"},
        {"'atr':[{'nm':'con','val':'*12'}]", ""},
        {"'catr':[{'nm':'con','val':'1234'}]", "a"},
        {"'patr':[{'nm':'mni','val':7}]", "e"},
    };
    EXPECT_ROWS(plant(state), rows);
}

/* TS-0004 7.3.3.17.11: without usage, or with usage 2, the resource itself under a condition; with
 * usage 1 the addresses of others */
static void usage(void **state)
{
    struct flow *flow = plant(state);
    static const char *const itself[] = {"'lbl':['red']", "'fu':2,'lbl':['red']"};
    for (size_t i = 0; i < ARRAY_LEN(itself); i++) {
        const struct wire_value *got =
            flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{%s}}", itself[i]);
        flow_expect_text(got, "m2m:cnt/rn", "a");
        (void)flow_expect(flow, 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/b','fc':{%s}}", itself[i]);
    }
    const struct wire_value *got = flow_expect(
        flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a','fc':{'fu':1,'lbl':['red']}}");
    assert_int_equal(flow_count(got, "m2m:uril"), 0); /* not the target */
    (void)flow_expect(flow, 5001, "{'op':2," TO ",'fc':{'fu':3}}");
    (void)flow_expect(flow, 4000, "{'op':4,'fr':'Ca','to':'cse-in/Ca/a','fc':{'fu':1}}");
    (void)flow_expect(flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/a'}");
}

/* TS-0004 7.3.3.17.13: not offered, and not ignored */
static void content_queries(void **state)
{
    struct flow *flow = plant(state);
    (void)flow_expect(flow, 5001, "{'op':2," TO ",'fc':{'fu':1,'cfs':1,'cfq':'$'}}");
}

/* TS-0004 7.3.3.17.14: level 1 is the direct children */
static void level(void **state)
{
    struct flow *flow = plant(state);
    static const struct row rows[] = {
        {"'lvl':1", "ab"},
        {"'lvl':2", "abcde"},
        {"'lvl':1,'ty':[4]", ""},
        {"'lvl':2,'ty':[4]", "cd"},
    };
    EXPECT_ROWS(flow, rows);
    const struct wire_value *got =
        flow_expect(flow, 2000, "{'op':2," TO ",'rcn':8,'fc':{'lvl':1}}");
    assert_int_equal(flow_count(got, "m2m:ae/m2m:cnt"), 2);
    flow_expect_absent(got, "m2m:ae/m2m:cnt/0/m2m:cin");
    got = flow_expect(flow, 2000, "{'op':2," TO ",'rcn':8,'fc':{'lvl':2}}");
    assert_int_equal(flow_count(got, "m2m:ae/m2m:cnt/0/m2m:cin"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(creation_time),   FLOW_TEST(modification_time),
        FLOW_TEST(state_tag),       FLOW_TEST(expiration_time),
        FLOW_TEST(labels),          FLOW_TEST(resource_type),
        FLOW_TEST(content_size),    FLOW_TEST(content_type),
        FLOW_TEST(attributes),      FLOW_TEST(usage),
        FLOW_TEST(content_queries), FLOW_TEST(level),
    };
    return cmocka_run_group_tests_name("TS-0004 7.3.3.17", tests, NULL, NULL);
}
