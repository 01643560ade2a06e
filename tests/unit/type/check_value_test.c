/* SPDX-License-Identifier: Apache-2.0
 * Values against data types: a valid sample of each, every kind's refusals, structures. */
#define CLAUSE "TS-0004 6.3, 8.4.2"
#include "type_test.h"

#define NEWEST 5

static const struct type_data *type(const char *name)
{
    const struct type_data *data = type_data_by_name(bytes_str(name));
    assert_non_null(data);
    return data;
}

static void takes(const char *name, const char *json)
{
    check_ok(type_check_value(type(name), wire_get(tree(json), BYTES("v"))), json);
}

/* word: what the note says. */
static void refuses(const char *name, const char *json, const char *word)
{
    check_refused(type_check_value(type(name), wire_get(tree(json), BYTES("v"))),
                  STATUS_BAD_REQUEST, word, json);
}

static void every_type_takes_its_sample(void **state)
{
    (void)state;
    for (size_t i = 0; i < DATA_COUNT; i++) {
        const struct type_data *tables[] = {&type_data_table[i], &type_list_table[i],
                                            &type_array_table[i]};
        for (size_t j = 0; j < ARRAY_LEN(tables); j++) {
            check_ok(type_check_value(tables[j], sample(tables[j], NEWEST)), tables[j]->name);
        }
    }
}

/* A value of each JSON kind: those that a type of the kind takes are in the mask. */
static void every_type_refuses_other_kinds(void **state)
{
    (void)state;
    enum { N = 1, B = 2, I = 4, R = 8, S = 16, A = 32, O = 64 };
    static const unsigned taken[] = {
        [TYPE_KIND_ANY] = N | B | I | R | S | A | O,
        [TYPE_KIND_ANY_SCALAR] = B | I | R | S,
        [TYPE_KIND_TEXT] = S,
        [TYPE_KIND_BOOLEAN] = B,
        [TYPE_KIND_INTEGER] = I,
        [TYPE_KIND_UNSIGNED] = I,
        [TYPE_KIND_REAL] = I | R,
        [TYPE_KIND_TIME] = I | S,
        [TYPE_KIND_EVENT_CATEGORY] = I,
        [TYPE_KIND_ENUM] = I,
        [TYPE_KIND_FLAGS] = I,
        [TYPE_KIND_LIST] = A,
        [TYPE_KIND_ARRAY] = A,
        [TYPE_KIND_STRUCT] = O,
    };
    const char *const values[] = {"null", "true", "2", "2.0", "''", "[]", "{}"};
    struct wire_value *trees[ARRAY_LEN(values)];
    for (size_t j = 0; j < ARRAY_LEN(values); j++) {
        trees[j] = tree(values[j]);
    }
    for (size_t i = 0; i < DATA_COUNT; i++) {
        const struct type_data *data = &type_data_table[i];
        for (size_t j = 0; j < ARRAY_LEN(values); j++) {
            status result = type_check_value(data, trees[j]);
            if ((taken[data->kind] & 1u << j) == 0 && !status_is(result, STATUS_BAD_REQUEST)) {
                fail_msg("%s takes %s", data->name, values[j]);
            }
        }
    }
}

static void numbers(void **state)
{
    (void)state;
    takes("xs:nonNegativeInteger", "{'v':0}");
    takes("xs:nonNegativeInteger", "{'v':9223372036854775807}");
    refuses("xs:nonNegativeInteger", "{'v':-1}", "out of the range");
    refuses("xs:nonNegativeInteger", "{'v':1.0}", "not an integer");
    refuses("xs:nonNegativeInteger", "{'v':1e2}", "not an integer");
    refuses("xs:nonNegativeInteger", "{'v':'1'}", "not an integer");
    refuses("xs:nonNegativeInteger", "{'v':18446744073709551615}", "not an integer");
    refuses("xs:positiveInteger", "{'v':0}", "out of the range");
    takes("xs:integer", "{'v':-5}");
    takes("xs:unsignedLong", "{'v':18446744073709551615}");
    refuses("xs:unsignedLong", "{'v':-1}", "out of the range");
    takes("xs:unsignedInt", "{'v':4294967295}");
    refuses("xs:unsignedInt", "{'v':4294967296}", "out of the range");
    refuses("m2m:triggerRecipientID", "{'v':65536}", "out of the range");
    takes("xs:float", "{'v':-1.5e3}");
    takes("xs:double", "{'v':7}");
    refuses("xs:double", "{'v':'7'}", "not a number");
    refuses("xs:boolean", "{'v':1}", "not a boolean");
    refuses("xs:boolean", "{'v':'true'}", "not a boolean");
    refuses("xs:string", "{'v':1}", "not a string");
}

static void times_and_categories(void **state)
{
    (void)state;
    takes("m2m:absRelTimestamp", "{'v':'20261124T101500'}");
    takes("m2m:absRelTimestamp", "{'v':'3600000'}");
    takes("m2m:absRelTimestamp", "{'v':3600000}");
    refuses("m2m:absRelTimestamp", "{'v':'soon'}", "m2m:absRelTimestamp");
    refuses("m2m:absRelTimestamp", "{'v':1.5}", "m2m:absRelTimestamp");
    refuses("m2m:timestamp", "{'v':'3600000'}", "m2m:timestamp");
    takes("m2m:eventCat", "{'v':2}");
    takes("m2m:eventCat", "{'v':4}");
    takes("m2m:eventCat", "{'v':999}");
    refuses("m2m:eventCat", "{'v':0}", "m2m:eventCat");
    refuses("m2m:eventCat", "{'v':5}", "m2m:eventCat");
    refuses("m2m:eventCat", "{'v':1000}", "m2m:eventCat");
    takes("m2m:eventCatWithDef", "{'v':0}");
    refuses("m2m:eventCatWithDef", "{'v':1}", "m2m:eventCatWithDef");
}

static void enumerations(void **state)
{
    (void)state;
    for (size_t i = 0; i < DATA_COUNT; i++) {
        const struct type_data *data = &type_data_table[i];
        if (data->kind != TYPE_KIND_ENUM) {
            continue;
        }
        int64_t last = data->values[data->value_count - 1].value;
        check_ok(type_check_value(data, wire_int(arena, last)), data->name);
        assert_true(is_error(type_check_value(data, wire_int(arena, last + 1))));
        assert_true(is_error(type_check_value(data, wire_int(arena, -1))));
        assert_true(is_error(type_check_value(data, wire_int(arena, INT64_MAX))));
        assert_true(is_error(type_check_value(data, wire_real(arena, 1.0))));
    }
    refuses("m2m:resourceType", "{'v':33}", "m2m:resourceType"); /* withdrawn */
    refuses("m2m:memberType", "{'v':5.0}", "not an integer");
    takes("m2m:memberType", "{'v':20002}");
    refuses("m2m:resourceType", "{'v':20002}", "m2m:resourceType");
}

static void values_have_their_release(void **state)
{
    (void)state;
    const struct type_data *events = type("m2m:notificationEventType");
    const struct wire_value *late = wire_int(arena, 9);
    check_refused(type_check_data(events, late, BYTES("net"), 4), STATUS_BAD_REQUEST, "net", "9");
    check_ok(type_check_data(events, late, BYTES("net"), 5), "9");
    const struct wire_value *criteria = tree("{'aq':'x'}");
    check_refused(type_check_data(type("m2m:eventNotificationCriteria"), criteria, BYTES("enc"), 3),
                  STATUS_BAD_REQUEST, "aq", "aq");
    check_ok(type_check_data(type("m2m:eventNotificationCriteria"), criteria, BYTES("enc"), 4),
             "aq");
    check_refused(type_check_data(type("m2m:geoCoordinates"), tree("{'typ':1,'crd':'[1,2]'}"),
                                  BYTES("loc"), 3),
                  STATUS_BAD_REQUEST, "younger", "loc");
}

static void flags(void **state)
{
    (void)state;
    takes("m2m:accessControlOperations", "{'v':1}");
    takes("m2m:accessControlOperations", "{'v':63}");
    refuses("m2m:accessControlOperations", "{'v':0}", "no sum");
    refuses("m2m:accessControlOperations", "{'v':64}", "no sum");
    refuses("m2m:accessControlOperations", "{'v':-1}", "no sum");
    refuses("m2m:accessControlOperations", "{'v':[1,2]}", "not an integer");
}

static void lists(void **state)
{
    (void)state;
    takes("m2m:labels", "{'v':['a','key:value']}");
    refuses("m2m:labels", "{'v':[]}", "too few items");
    refuses("m2m:labels", "{'v':'a'}", "not an array");
    refuses("m2m:labels", "{'v':['a',null]}", "not a string");
    refuses("m2m:labels", "{'v':['a','']}", "xs:token");
    refuses("m2m:labels", "{'v':[1]}", "not a string");
    refuses("m2m:acpType", "{'v':[]}", "too few items");
    takes("m2m:listOfMinMax", "{'v':[10,-1]}");
    refuses("m2m:listOfMinMax", "{'v':[10]}", "too few items");
    refuses("m2m:listOfMinMax", "{'v':[1,2,3]}", "too many items");
    takes("m2m:serializations", "{'v':['json','cbor','xml']}");
    refuses("m2m:serializations", "{'v':['yaml']}", "m2m:serialization");
    takes("m2m:supportedReleaseVersions", "{'v':['2a','3','4']}");
    refuses("m2m:supportedReleaseVersions", "{'v':['6']}", "m2m:releaseVersion");
    refuses("m2m:poaList", "{'v':['host:80']}", "m2m:pointOfAccess");
    check_ok(type_check_value(TYPE_FORM_LIST(ANY_URI), tree("[]")), "a list without a bound");
}

/* TS-0004 6.3.5.7, 6.3.5.8, 6.3.5.11, 6.3.5.31 */
static void structures(void **state)
{
    (void)state;
    takes("m2m:rateLimit", "{'v':{'mnn':5,'tww':'PT10S'}}");
    refuses("m2m:rateLimit", "{'v':{'mnn':5}}", "tww of m2m:rateLimit is missing");
    refuses("m2m:rateLimit", "{'v':{'mnn':5,'tww':'10'}}", "m2m:rateLimit/tww");
    refuses("m2m:rateLimit", "{'v':{'mnn':5,'tww':'PT10S','x':1}}", "x is no member");
    refuses("m2m:rateLimit", "{'v':{'mnn':null,'tww':'PT10S'}}", "null instead");
    takes("m2m:batchNotify", "{'v':{}}");
    refuses("m2m:batchNotify", "{'v':[]}", "not an object");
    takes("m2m:scheduleEntries", "{'v':{'sce':['* * * * * * *']}}");
    refuses("m2m:scheduleEntries", "{'v':{'sce':[]}}", "too few");
    refuses("m2m:scheduleEntries", "{'v':{'sce':'* * * * * * *'}}", "not an array");
    takes("m2m:eventNotificationCriteria", "{'v':{'net':[1,2,3,4,8]}}");
    refuses("m2m:eventNotificationCriteria", "{'v':{'net':[1,2,3,4,5,6]}}", "too many");
    refuses("m2m:eventNotificationCriteria", "{'v':{'net':1}}", "not an array");
    refuses("m2m:eventNotificationCriteria", "{'v':{'om':[{'ops':0}]}}", "ops");
    refuses("m2m:eventNotificationCriteria", "{'v':{'sts':0}}", "out of the range");
    takes("m2m:filterCriteria", "{'v':{'ty':[3,4],'lbl':['a'],'atr':[{'nm':'mni','val':3}],"
                                "'fu':1,'fo':2,'lim':0,'lvl':1,'ofst':1,'arp':'la'}}");
    refuses("m2m:filterCriteria", "{'v':{'ty':3}}", "not an array");
    refuses("m2m:filterCriteria", "{'v':{'lvl':0}}", "out of the range");
    refuses("m2m:filterCriteria", "{'v':{'fu':4}}", "no value");
    refuses("m2m:filterCriteria", "{'v':{'atr':[{'nm':'mni'}]}}", "val");
    refuses("m2m:filterCriteria", "{'v':{'fo':3.0}}", "not an integer");
}

/* TS-0004 6.3.5.23, 6.3.5.28, 6.3.5.67 */
static void choices(void **state)
{
    (void)state;
    takes("m2m:specializationType", "{'v':{'mgd':1001}}");
    refuses("m2m:specializationType", "{'v':{}}", "not exactly one");
    refuses("m2m:specializationType", "{'v':{'mgd':1001,'cnd':'x'}}", "not exactly one");
    takes("m2m:locationRegion", "{'v':{'accr':[3.5,40.25,10]}}");
    takes("m2m:locationRegion", "{'v':{'accc':['KR','FR']}}");
    refuses("m2m:locationRegion", "{'v':{'accc':['kr']}}", "m2m:countryCode");
    refuses("m2m:locationRegion", "{'v':{'accc':['KR'],'accr':[1]}}", "not exactly one");
    takes("m2m:execReqArgsListType", "{'v':{'rst':[{'any':[]}]}}");
    refuses("m2m:execReqArgsListType", "{'v':{'rst':[],'rbo':[]}}", "not exactly one");
}

/* TS-0004 6.3.5.26, 6.3.5.27 */
static void rules_of_access(void **state)
{
    (void)state;
    takes("m2m:setOfAcrs", "{'v':{}}");
    takes("m2m:setOfAcrs", "{'v':{'acr':[]}}");
    takes("m2m:setOfAcrs",
          "{'v':{'acr':[{'acor':['all','//sp/*'],'acop':63,'acaf':true,"
          "'acco':[{'actw':['* * 8-20 * * * *'],'acip':{'ipv4':['10.0.0.0/8'],'ipv6':['::/0']},"
          "'aclr':{'accc':['FR']}}],'acod':[{'ty':3,'chty':[4,23]}]}]}}");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acor':['all']}]}}", "acop");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acop':1}]}}", "acor");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acor':['a b'],'acop':1}]}}", "acor");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acor':['a'],'acop':1,'acco':{}}]}}", "acco");
    refuses("m2m:setOfAcrs",
            "{'v':{'acr':[{'acor':['a'],'acop':1,'acco':[{'acip':{'ipv4':['1.2.3']}}]}]}}", "ipv4");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acor':['a'],'acop':1,'acco':[{'actw':['8-20']}]}]}}",
            "actw");
    refuses("m2m:setOfAcrs", "{'v':{'acr':[{'acor':['a'],'acop':1,'acod':[{'ty':3}]}]}}", "chty");
    refuses("m2m:setOfAcrs", "{'v':{'acr':{'acor':['a'],'acop':1}}}", "not an array");
}

/* TS-0004 6.3.5.5, 6.3.5.13, 6.3.5.25 */
static void contents(void **state)
{
    (void)state;
    takes("m2m:primitiveContent", "{'v':{'m2m:cnt':{'anything':1}}}");
    takes("m2m:primitiveContent", "{'v':{'cod:lamp':{}}}");
    takes("m2m:primitiveContent", "{'v':{'m2m:uril':['a','b']}}");
    refuses("m2m:primitiveContent", "{'v':{}}", "not exactly one");
    refuses("m2m:primitiveContent", "{'v':{'m2m:cnt':{},'m2m:cin':{}}}", "not exactly one");
    refuses("m2m:primitiveContent", "{'v':{'m2m:cnt':[]}}", "neither");
    refuses("m2m:primitiveContent", "{'v':{'cnt':{}}}", "neither");
    refuses("m2m:primitiveContent", "{'v':{'m2m:uril':'a'}}", "not an array");
    takes("m2m:notification", "{'v':{'nev':{'net':1,'rep':{'m2m:cnt':{}}},'sur':'cse-in/sub'}}");
    refuses("m2m:notification", "{'v':{'nev':{'net':1}}}", "sur");
    refuses("m2m:notification", "{'v':{'nev':{'net':1,'rep':1},'sur':'s'}}", "rep");
    takes("m2m:resourceWrapper", "{'v':{'uri':'cse-in/c','m2m:cnt':{}}}");
    refuses("m2m:resourceWrapper", "{'v':{'uri':'cse-in/c','m2m:cnt':{},'m2m:cin':{}}}", "m2m:cin");
    refuses("m2m:resourceWrapper", "{'v':{'m2m:cnt':{}}}", "uri");
    takes("m2m:responsePrimitive", "{'v':{'rsc':2000,'rqi':'1','pc':{'m2m:cnt':{}}}}");
    refuses("m2m:responsePrimitive", "{'v':{'rsc':200,'rqi':'1'}}", "rsc");
}

/* Contents nest in contents: bounded, whatever the document's depth. */
static void depth(void **state)
{
    (void)state;
    struct wire_value *content = tree("{'m2m:cnt':{}}");
    for (int i = 0; i < 40; i++) {
        struct wire_value *primitive = wire_object(arena);
        (void)wire_add(primitive, BYTES("rsc"), wire_int(arena, 2000));
        (void)wire_add(primitive, BYTES("rqi"), wire_string(arena, BYTES("1")));
        (void)wire_add(primitive, BYTES("pc"), content);
        content = wire_object(arena);
        (void)wire_add(content, BYTES("m2m:rsp"), primitive);
    }
    check_refused(type_check_value(type("m2m:primitiveContent"), content), STATUS_BAD_REQUEST,
                  "too deep", "40 contents");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_takes_its_sample),
        TEST(every_type_refuses_other_kinds),
        TEST(numbers),
        TEST(times_and_categories),
        TEST(enumerations),
        TEST(values_have_their_release),
        TEST(flags),
        TEST(lists),
        TEST(structures),
        TEST(choices),
        TEST(rules_of_access),
        TEST(contents),
        TEST(depth),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
