/* SPDX-License-Identifier: Apache-2.0
 * Representations in CREATE and UPDATE: hand-written ones of each type with behaviour, and for
 * every type and attribute what its columns say. */
#define CLAUSE "TS-0004 7.3.3.3, 7.3.3.4, 7.4.15"
#include "type_test.h"

static const struct type_options release3 = {.release = 3};
static const struct type_options release4 = {.release = 4};

/* A CREATE by member name; the JSON is the representation. */
static status create(const char *member, const char *json)
{
    const struct type_resource *type = type_by_member(bytes_str(member));
    assert_non_null(type);
    return type_check_create(type, tree(json), &release3);
}

static status update(const char *member, const char *json)
{
    const struct type_resource *type = type_by_member(bytes_str(member));
    assert_non_null(type);
    return type_check_update(type, tree(json), &release3);
}

static void creates(const char *member, const char *json)
{
    check_ok(create(member, json), json);
}

static void create_refused(const char *member, const char *json, const char *word)
{
    check_refused(create(member, json), STATUS_BAD_REQUEST, word, json);
}

static void updates(const char *member, const char *json)
{
    check_ok(update(member, json), json);
}

static void update_refused(const char *member, const char *json, const char *word)
{
    check_refused(update(member, json), STATUS_BAD_REQUEST, word, json);
}

static void ae(void **state)
{
    (void)state;
    creates("m2m:ae", "{'api':'Nsensor','rr':false,'srv':['3']}");
    creates("m2m:ae", "{'rn':'ae1','api':'Nsensor','rr':true,'srv':['2a','3'],'poa':"
                      "['http://127.0.0.1:9000/'],'apn':'a sensor','csz':['json'],'lbl':['a'],"
                      "'et':'20301124T000000','nl':'n1','acpi':['acp1']}");
    create_refused("m2m:ae", "{'rr':false,'srv':['3']}", "api");
    create_refused("m2m:ae", "{'api':'N1','srv':['3']}", "rr");
    create_refused("m2m:ae", "{'api':'N1','rr':false}", "srv");
    create_refused("m2m:ae", "{'api':'N1','rr':'false','srv':['3']}", "rr");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':'3'}", "srv");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':['3'],'aei':'C1'}", "aei");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':['3'],'poa':[]}", "poa");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':['3'],'mni':1}", "mni");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':['3'],'cr':null}", "cr");
    create_refused("m2m:ae", "{'api':'N1','rr':false,'srv':['3'],'rn':'a/b'}", "rn");
    updates("m2m:ae", "{'rr':true,'poa':['http://h:1'],'lbl':null}");
    update_refused("m2m:ae", "{'api':'N2'}", "api");
    update_refused("m2m:ae", "{'rr':null}", "rr");
    update_refused("m2m:ae", "{'rn':'ae2'}", "rn");
}

/* Decisions 24: a client of Release 1 knows no supportedReleaseVersions. */
static void ae_of_release_1(void **state)
{
    (void)state;
    struct type_options options = {.release = 3, .accept_missing_srv = true};
    const struct type_resource *type = type_by_number(TYPE_AE);
    check_ok(type_check_create(type, tree("{'api':'N1','rr':false}"), &options), "no srv");
    check_refused(type_check_create(type, tree("{'rr':false}"), &options), STATUS_BAD_REQUEST,
                  "api", "no api");
}

static void access_control_policy(void **state)
{
    (void)state;
    creates("m2m:acp", "{'pv':{'acr':[{'acor':['CAdmin'],'acop':63}]},"
                       "'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}");
    creates("m2m:acp", "{'rn':'p','pv':{},'pvs':{'acr':[{'acor':['all'],'acop':2}]}}");
    create_refused("m2m:acp", "{'pvs':{'acr':[{'acor':['all'],'acop':2}]}}", "pv");
    create_refused("m2m:acp", "{'pv':{}}", "pvs");
    create_refused("m2m:acp", "{'pv':{'acr':[{'acor':['x'],'acop':64}]},'pvs':{}}", "pv/acop");
    create_refused("m2m:acp", "{'pv':{'acr':[{'acor':['x'],'acop':1,'y':1}]},'pvs':{}}", "y is no");
    create_refused("m2m:acp", "{'pv':[],'pvs':{}}", "pv");
    create_refused("m2m:acp", "{'pv':{},'pvs':{},'acpi':['p']}", "acpi");
    create_refused("m2m:acp", "{'pv':{},'pvs':{},'adri':[]}", "adri");
    updates("m2m:acp", "{'pv':{'acr':[]}}");
    update_refused("m2m:acp", "{'pvs':null}", "pvs");
}

static void container(void **state)
{
    (void)state;
    creates("m2m:cnt", "{}");
    creates("m2m:cnt", "{'rn':'c','mni':0,'mbs':1000,'mia':60,'or':'http://o','disr':false,"
                       "'cr':null,'lbl':['k:v'],'at':['/mn'],'aa':['mni']}");
    create_refused("m2m:cnt", "{'mni':-1}", "mni");
    create_refused("m2m:cnt", "{'mni':'5'}", "mni");
    create_refused("m2m:cnt", "{'mni':5.0}", "mni");
    create_refused("m2m:cnt", "{'mni':true}", "mni");
    create_refused("m2m:cnt", "{'mni':null}", "mni");
    create_refused("m2m:cnt", "{'cni':0}", "cni");
    create_refused("m2m:cnt", "{'st':0}", "st");
    create_refused("m2m:cnt", "{'ri':'x'}", "ri");
    create_refused("m2m:cnt", "{'ty':3}", "ty");
    create_refused("m2m:cnt", "{'cr':'Cae'}", "cr");
    create_refused("m2m:cnt", "{'con':'x'}", "con");
    create_refused("m2m:cnt", "{'maxNrOfInstances':1}", "maxNrOfInstances");
    create_refused("m2m:cnt", "{'et':'tomorrow'}", "et");
    create_refused("m2m:cnt", "{'et':20301124}", "et");
    create_refused("m2m:cnt", "{'lbl':['a','b  c']}", "lbl");
    create_refused("m2m:cnt", "{'m2m:cin':[]}", "m2m:cin");
    create_refused("m2m:cnt", "{'':1}", "no attribute");
    updates("m2m:cnt", "{'mni':null,'mbs':5,'et':null}");
    updates("m2m:cnt", "{}");
    update_refused("m2m:cnt", "{'cr':null}", "cr");
    update_refused("m2m:cnt", "{'disr':0}", "disr");
    update_refused("m2m:cnt", "{'lt':'20261124T101500'}", "lt");
    update_refused("m2m:cnt", "{'zz':null}", "zz");
}

static void content_instance(void **state)
{
    (void)state;
    creates("m2m:cin", "{'con':'21.5'}");
    creates("m2m:cin", "{'con':'','cnf':'text/plain:0','rn':'i','lbl':['t'],'cr':null}");
    creates("m2m:cin", "{'con':{'any':['thing']}}");
    creates("m2m:cin", "{'con':'x','conr':{'urir':[{'nm':'a','uri':'b'}]}}");
    create_refused("m2m:cin", "{}", "con");
    create_refused("m2m:cin", "{'con':null}", "con");
    create_refused("m2m:cin", "{'con':'x','cs':1}", "cs");
    create_refused("m2m:cin", "{'con':'x','cnf':'text/plain'}", "cnf");
    create_refused("m2m:cin", "{'con':'x','acpi':['p']}", "acpi");
    create_refused("m2m:cin", "{'con':'x','conr':{'urir':[]}}", "conr/urir");
    update_refused("m2m:cin", "{'con':'y'}", "con");
    update_refused("m2m:cin", "{'lbl':['y']}", "lbl");
}

static void subscription(void **state)
{
    (void)state;
    creates("m2m:sub", "{'nu':['http://127.0.0.1:1/']}");
    creates("m2m:sub", "{'nu':['Cae'],'enc':{'net':[1,3],'atr':['mni'],'chty':[4]},'exc':5,"
                       "'bn':{'num':3,'dur':'PT10S'},'rl':{'mnn':1,'tww':'PT1S'},'pn':1,'nsp':1,"
                       "'ln':true,'nct':1,'nec':3,'su':'Cae','psn':2,'gpi':'g','nfu':'f'}");
    create_refused("m2m:sub", "{}", "nu");
    create_refused("m2m:sub", "{'nu':'Cae'}", "nu");
    create_refused("m2m:sub", "{'nu':['']}", "nu");
    create_refused("m2m:sub", "{'nu':['a'],'enc':{'net':[11]}}", "enc/net");
    create_refused("m2m:sub", "{'nu':['a'],'enc':{'net':[9]}}", "enc/net");
    create_refused("m2m:sub", "{'nu':['a'],'enc':{'net':['1']}}", "enc/net");
    create_refused("m2m:sub", "{'nu':['a'],'enc':{'crb':'x'}}", "enc/crb");
    create_refused("m2m:sub", "{'nu':['a'],'exc':0}", "exc");
    create_refused("m2m:sub", "{'nu':['a'],'nct':6}", "nct");
    create_refused("m2m:sub", "{'nu':['a'],'nec':7}", "nec");
    create_refused("m2m:sub", "{'nu':['a'],'rl':{'mnn':1}}", "tww");
    create_refused("m2m:sub", "{'nu':['a'],'bn':{'dur':'10'}}", "bn/dur");
    create_refused("m2m:sub", "{'nu':['a'],'pn':3}", "pn");
    updates("m2m:sub", "{'nu':['b'],'bn':null,'enc':null}");
    update_refused("m2m:sub", "{'nu':null}", "nu");
    update_refused("m2m:sub", "{'nct':null}", "nct");
    update_refused("m2m:sub", "{'su':'x'}", "su");
    update_refused("m2m:sub", "{'psn':1}", "psn");
}

static void group(void **state)
{
    (void)state;
    creates("m2m:grp", "{'mnm':10,'mid':[]}");
    creates("m2m:grp", "{'mnm':10,'mid':['a','b'],'mt':3,'csy':3,'gn':'g','macp':['p']}");
    creates("m2m:grp", "{'mnm':10,'mid':[],'mt':13,'spty':{'mgd':1006}}");
    create_refused("m2m:grp", "{'mid':[]}", "mnm");
    create_refused("m2m:grp", "{'mnm':10}", "mid");
    create_refused("m2m:grp", "{'mnm':0,'mid':[]}", "mnm");
    create_refused("m2m:grp", "{'mnm':1,'mid':[],'mt':99}", "mt");
    create_refused("m2m:grp", "{'mnm':1,'mid':[],'csy':4}", "csy");
    create_refused("m2m:grp", "{'mnm':1,'mid':[],'cnm':0}", "cnm");
    create_refused("m2m:grp", "{'mnm':1,'mid':[],'mtv':true}", "mtv");
    create_refused("m2m:grp", "{'mnm':1,'mid':[],'spty':{}}", "spty");
    updates("m2m:grp", "{'mid':['c'],'gn':null}");
    update_refused("m2m:grp", "{'mnm':null}", "mnm");
    update_refused("m2m:grp", "{'mt':2}", "mt");
    update_refused("m2m:grp", "{'csy':1}", "csy");
}

static void others(void **state)
{
    (void)state;
    creates("m2m:pch", "{'rn':'poll','lbl':['x']}");
    create_refused("m2m:pch", "{'acpi':['p']}", "acpi");
    create_refused("m2m:pch", "{'rqag':true}", "rqag");
    creates("m2m:nod", "{'ni':'urn:x:1','hcl':'/id-in','hael':['a']}");
    create_refused("m2m:nod", "{}", "ni");
    create_refused("m2m:nod", "{'ni':'urn:x:1','rms':true}", "rms");
    create_refused("m2m:cb", "{'csi':'/x'}", "csi");
    create_refused("m2m:req", "{'op':1}", "op");
    updates("m2m:req", "{'acpi':['p']}");
    update_refused("m2m:req", "{'rs':1}", "rs");
}

static void management_objects(void **state)
{
    (void)state;
    creates("m2m:fwr", "{'mgd':1001,'vr':'1','fwn':'f','url':'http://u','ud':false}");
    create_refused("m2m:fwr", "{'mgd':1002,'vr':'1','fwn':'f','url':'u','ud':false}", "mgd");
    create_refused("m2m:fwr", "{'vr':'1','fwn':'f','url':'u','ud':false}", "mgd");
    create_refused("m2m:fwr", "{'mgd':1001,'vr':'1','fwn':'f','url':'u'}", "ud");
    create_refused("m2m:fwr", "{'mgd':1001,'vr':1,'fwn':'f','url':'u','ud':false}", "vr");
    create_refused("m2m:fwr", "{'mgd':1001,'vr':'1','fwn':'f','url':'u','ud':false,'mgs':'x'}",
                   "mgs");
    update_refused("m2m:fwr", "{'mgd':1001}", "mgd");
    updates("m2m:fwr", "{'ud':true}");
    creates("m2m:bat", "{'mgd':1006,'btl':50,'bts':1}");
    create_refused("m2m:bat", "{'mgd':1006,'btl':50,'bts':9}", "bts");
    creates("m2m:cmp", "{'mgd':1011,'cpn':'p','cmlk':[{'nm':'d','typ':1013,'val':'cmdf1'}]}");
    create_refused("m2m:cmp", "{'mgd':1011,'cpn':'p','cmlk':[{'nm':'d','typ':1013}]}", "val");
    /* A self-defined object says so with 0: its schema is out of our reach. */
    assert_int_equal(create("m2m:mgo", "{'mgd':0,'mgs':'http://s'}").code, STATUS_NOT_IMPLEMENTED);
    create_refused("m2m:mgo", "{'mgd':1001,'mgs':'http://s'}", "mgd");
}

static void a_representation_is_an_object(void **state)
{
    (void)state;
    const struct type_resource *type = type_by_number(TYPE_CONTAINER);
    check_refused(type_check_create(type, NULL, &release3), STATUS_BAD_REQUEST, "container",
                  "none");
    check_refused(type_check_create(type, tree("[]"), &release3), STATUS_BAD_REQUEST, "container",
                  "array");
    check_refused(type_check_update(type, tree("'x'"), &release3), STATUS_BAD_REQUEST, "container",
                  "text");
    type = type_by_number(TYPE_LATEST);
    check_refused(type_check_create(type, tree("{}"), &release3), STATUS_BAD_REQUEST, "latest",
                  "virtual");
}

/* Types without behaviour answer so before anything is looked at. */
static void types_without_behaviour(void **state)
{
    (void)state;
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (type->behaviour == TYPE_BEHAVIOUR_NONE) {
            check_refused(type_check_create(type, tree("{'zz':1}"), &release3),
                          STATUS_NOT_IMPLEMENTED, type->name, type->name);
            check_refused(type_check_update(type, tree("{'zz':1}"), &release3),
                          STATUS_NOT_IMPLEMENTED, type->name, type->name);
        }
    }
}

/* The descriptor with behaviour, so that every table is checked, served today or not. */
static struct type_resource as_implemented(const struct type_resource *type)
{
    struct type_resource copy = *type;
    copy.behaviour = TYPE_BEHAVIOUR_IMPLEMENTED;
    return copy;
}

static void check_every_create_column(const struct type_resource *type, uint8_t release)
{
    const struct type_options options = {.release = release};
    struct wire_value *full = sample_create(type, release);
    check_ok(type_check_create(type, full, &options), type->name);
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *row = &type->attributes[i];
        struct bytes name = type_attr_short(row->id);
        struct wire_value *changed = wire_dup(arena, full);
        status result;
        if (row->create == TYPE_NP || row->release > release) {
            (void)wire_set(changed, name, sample_attribute(type, row, 5));
            result = type_check_create(type, changed, &options);
            check_refused(result, STATUS_BAD_REQUEST, name.ptr, type->name);
            continue;
        }
        (void)wire_remove(changed, name);
        result = type_check_create(type, changed, &options);
        if (row->create == TYPE_M) {
            check_refused(result, STATUS_BAD_REQUEST, name.ptr, type->name);
        } else {
            check_ok(result, type->name);
        }
        if (row->id != ATTR_CREATOR) {
            (void)wire_set(changed, name, wire_null(arena));
            result = type_check_create(type, changed, &options);
            check_refused(result, STATUS_BAD_REQUEST, name.ptr, type->name);
        }
    }
}

static void every_create_column(void **state)
{
    (void)state;
    for (uint8_t release = 3; release <= 5; release++) {
        for (size_t i = 0; i < type_resource_count(); i++) {
            const struct type_resource type = as_implemented(type_resource_at(i));
            bool has_content = type.storage != TYPE_STORAGE_NONE && type.member != NULL &&
                               strcmp(type.member, "m2m:mgo") != 0 && type.release <= release &&
                               strcmp(type.member, "m2m:mgoA") != 0;
            if (has_content) {
                check_every_create_column(&type, release);
            }
        }
    }
}

static void check_every_update_column(const struct type_resource *type, uint8_t release)
{
    const struct type_options options = {.release = release};
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *row = &type->attributes[i];
        struct bytes name = type_attr_short(row->id);
        struct wire_value *content = wire_object(arena);
        (void)wire_add(content, name, sample_attribute(type, row, row->release));
        status result = type_check_update(type, content, &options);
        bool is_known = row->update != TYPE_NP && row->release <= release;
        if (is_known) {
            check_ok(result, type->name);
        } else {
            check_refused(result, STATUS_BAD_REQUEST, name.ptr, type->name);
        }
        (void)wire_set(content, name, wire_null(arena));
        result = type_check_update(type, content, &options);
        if (is_known && (row->card == TYPE_OPTIONAL || row->id == ATTR_EXPIRATION_TIME)) {
            check_ok(result, type->name);
        } else {
            check_refused(result, STATUS_BAD_REQUEST, name.ptr, type->name);
        }
    }
}

static void every_update_column(void **state)
{
    (void)state;
    for (uint8_t release = 3; release <= 5; release++) {
        for (size_t i = 0; i < type_resource_count(); i++) {
            const struct type_resource type = as_implemented(type_resource_at(i));
            if (type.storage != TYPE_STORAGE_NONE && type.release <= release) {
                check_every_update_column(&type, release);
            }
        }
    }
}

static void releases(void **state)
{
    (void)state;
    const struct type_resource *type = type_by_number(TYPE_CONTAINER);
    const struct wire_value *content = tree("{'cstn':'Cae'}");
    check_refused(type_check_create(type, content, &release3), STATUS_BAD_REQUEST, "cstn", "cstn");
    check_ok(type_check_create(type, content, &release4), "cstn");
    check_refused(type_check_update(type, content, &release3), STATUS_BAD_REQUEST, "cstn", "cstn");
    check_ok(type_check_update(type, content, &release4), "cstn");
    type = type_by_member(BYTES("dcfg:wific"));
    check_refused(type_check_create(type, tree("{}"), &release3), STATUS_BAD_REQUEST, "wifiClient",
                  "a type of Release 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ae),
        TEST(ae_of_release_1),
        TEST(access_control_policy),
        TEST(container),
        TEST(content_instance),
        TEST(subscription),
        TEST(group),
        TEST(others),
        TEST(management_objects),
        TEST(a_representation_is_an_object),
        TEST(types_without_behaviour),
        TEST(every_create_column),
        TEST(every_update_column),
        TEST(releases),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
