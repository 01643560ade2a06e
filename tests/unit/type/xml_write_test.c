/* SPDX-License-Identifier: Apache-2.0
 * Trees as XML: known answers, and back to the same tree for every type. */
#define CLAUSE "TS-0004 8.3.1"
#include "type_test.h"

#define NEWEST 5
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define NS " xmlns:m2m=\"http://www.onem2m.org/xml/protocols\""

static status write(const struct wire_value *value, struct bytes *ret_xml)
{
    struct buf out;
    buf_init(&out, 1u << 24);
    status result = type_to_xml(value, arena, &out);
    *ret_xml = is_ok(result) ? arena_dup(arena, buf_bytes(&out)) : BYTES_NONE;
    buf_fini(&out);
    return result;
}

/* apostrophes in xml are quotation marks */
static void writes(const char *json, const char *xml)
{
    struct bytes got;
    struct bytes expected = arena_dup(arena, bytes_str(xml));
    char *chars = arena_chars(arena, expected.len);
    for (size_t i = 0; i < expected.len; i++) {
        chars[i] = expected.ptr[i] == '\'' ? '"' : expected.ptr[i];
    }
    check_ok(write(tree(json), &got), json);
    if (!bytes_equal(got, bytes_of(chars, expected.len))) {
        fail_msg("%s: %.*s", json, BYTES_FMT(got));
    }
}

static void refuses(const char *json)
{
    struct bytes got;
    check_refused(write(tree(json), &got), STATUS_NOT_ACCEPTABLE, "", json);
}

static void known_answers(void **state)
{
    (void)state;
    writes("{'m2m:cnt':{'mni':10,'lbl':['a','b:c'],'rn':'c1','disr':false,'ty':3}}",
           HEAD "<m2m:cnt" NS " rn='c1'><ty>3</ty><lbl>a b:c</lbl><mni>10</mni>"
                "<disr>false</disr></m2m:cnt>");
    writes("{'m2m:cnt':{'m2m:cin':[{'con':'<1>','rn':'i'}],'rn':'c','ch':"
           "[{'nm':'i','typ':4,'val':'x'}]}}",
           HEAD "<m2m:cnt" NS " rn='c'><m2m:cin rn='i'><con>&lt;1&gt;</con></m2m:cin>"
                "<ch nm='i' typ='4'>x</ch></m2m:cnt>");
    writes("{'m2m:cnt':{'mni':null}}", HEAD "<m2m:cnt" NS "><mni/></m2m:cnt>");
    writes("{'m2m:cnt':{'at':[]}}", HEAD "<m2m:cnt" NS "><at> </at></m2m:cnt>");
    writes("{'m2m:uril':['a','b']}", HEAD "<m2m:uril" NS ">a b</m2m:uril>");
    writes("{'m2m:dbg':'no & no'}", HEAD "<m2m:dbg" NS ">no &amp; no</m2m:dbg>");
    /* nm is an XML attribute of references, an element elsewhere */
    writes("{'m2m:rqp':{'fc':{'atr':[{'nm':'mni','val':3}]},'op':2}}",
           HEAD "<m2m:rqp" NS "><op>2</op><fc><atr><nm>mni</nm><val>3</val></atr></fc></m2m:rqp>");
    writes("{'m2m:cin':{'con':{'rn':'x','a':[1,{'nm':'y'}]}}}",
           HEAD "<m2m:cin" NS "><con><rn>x</rn><a>1</a><a><nm>y</nm></a></con></m2m:cin>");
    /* what no table knows goes last */
    writes("{'m2m:cnt':{'zz':1,'rn':'c'}}", HEAD "<m2m:cnt" NS " rn='c'><zz>1</zz></m2m:cnt>");
}

static void what_xml_cannot_say(void **state)
{
    (void)state;
    struct bytes got;
    refuses("{'m2m:cnt':{'lbl':['two words']}}"); /* would read as two */
    refuses("{'m2m:cnt':{'lbl':['']}}");
    refuses("{'m2m:cnt':{'lbl':[['x']]}}");
    refuses("{'m2m:cnt':{'lbl':'x'}}");
    refuses("{'m2m:cnt':{'mni':[1]}}");
    refuses("{'m2m:cnt':[1]}");
    refuses("{'m2m:cin':{'con':'\\u0001'}}");
    refuses("{'m2m:cin':{'con':{'a b':1}}}");
    refuses("{'m2m:cin':{'con':{'a':[[1]]}}}");
    refuses("{'m2m:sub':{'enc':[]}}");
    check_refused(write(tree("{}"), &got), STATUS_INTERNAL_SERVER_ERROR, "", "none");
}

static void same_after_xml(const struct wire_value *value, const char *what)
{
    struct bytes xml;
    struct wire_limits limits = test_limits();
    struct wire_value *back = NULL;
    check_ok(write(value, &xml), what);
    check_ok(wire_xml_decode(xml, &limits, arena, &back), xml.ptr);
    check_ok(type_from_xml(back, arena), xml.ptr);
    if (!wire_equal(value, back)) {
        struct bytes was = json_of(value);
        struct bytes is = json_of(back);
        fail_msg("%s: %.*s\nbecame %.*s\nby way of %.*s", what, BYTES_FMT(was), BYTES_FMT(is),
                 BYTES_FMT(xml));
    }
}

static struct wire_value *with_root(const char *member, struct wire_value *value)
{
    struct wire_value *root = wire_object(arena);
    (void)wire_add(root, bytes_str(member), value);
    return root;
}

/* Every attribute, two children of each type that may be there, and references to them. */
static struct wire_value *full_resource(const struct type_resource *type)
{
    struct wire_value *resource = wire_object(arena);
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *row = &type->attributes[i];
        (void)wire_add(resource, type_attr_short(row->id), sample_attribute(type, row, NEWEST));
    }
    for (uint32_t i = 0; i < type->child_count; i++) {
        const struct type_resource *child = type_by_number(type->children[i].type);
        if (child->member != NULL) {
            struct wire_value *array =
                wire_add(resource, bytes_str(child->member), wire_array(arena));
            (void)wire_push(array, tree("{'rn':'one','lbl':['a']}"));
            (void)wire_push(array, tree("{'rn':'two','ct':'20261124T101500'}"));
        }
    }
    (void)wire_add(resource, BYTES("ch"),
                   tree("[{'nm':'a','typ':4,'val':'x'},{'nm':'b','typ':13,'spty':'1001',"
                        "'val':'y'}]"));
    return resource;
}

static void every_type_survives(void **state)
{
    (void)state;
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        if (type->member != NULL && bytes_starts_with(bytes_str(type->member), BYTES("m2m:"))) {
            same_after_xml(with_root(type->member, full_resource(type)), type->name);
            same_after_xml(with_root(type->member, wire_object(arena)), type->name);
        }
    }
}

static void every_wrapper_survives(void **state)
{
    (void)state;
    for (size_t i = 0; i < type_wrapper_count; i++) {
        const struct type_wrapper *wrapper = &type_wrappers[i];
        same_after_xml(with_root(wrapper->member.ptr, sample(wrapper->data, NEWEST)),
                       wrapper->element);
    }
}

static void vectors_survive(void **state)
{
    (void)state;
    static const char *const vectors[] = {
        "{'m2m:ae':{'rn':'ae1','api':'Nsensor','rr':true,'srv':['2a','3'],'lbl':null}}",
        "{'m2m:cnt':{'cr':null,'et':null,'mni':0}}",
        "{'m2m:grp':{'mnm':3,'mid':[]}}",
        "{'m2m:cin':{'con':''}}",
        "{'m2m:cin':{'con':' a\\n\\tb\\r ','cnf':'text/plain:0'}}",
        "{'m2m:cin':{'con':'\\u00e4\\ud83d\\ude00 <&>\\u0022'}}",
        "{'m2m:cin':{'con':{'a':['1','2'],'b':{'c':'d'}}}}",
        "{'m2m:acp':{'pv':{},'pvs':{'acr':[{'acor':['all'],'acop':2}]}}}",
        "{'m2m:rrl':{'rrf':[{'nm':'a','typ':28,'spty':'x','val':'y'}]}}",
        "{'m2m:mem':{'mgd':1003,'mma':18446744073709551615,'mmt':0}}",
        "{'m2m:agr':{'m2m:rsp':[{'rsc':2001,'rqi':'1','pc':{'m2m:cnt':{'rn':'c'}}}]}}",
        "{'m2m:sgn':{'vrq':true,'sur':'s'}}",
        "{'m2m:agn':{'sgn':[{'sur':'a','nev':{'net':3,'rep':{'m2m:cin':{'con':'1'}}}},"
        "{'sur':'a','sud':false}]}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        same_after_xml(tree(vectors[i]), vectors[i]);
    }
}

/* Memory that ends at any point is said to have ended, never that XML cannot say it. */
static void without_memory(void **state)
{
    (void)state;
    const struct wire_value *value =
        with_root("m2m:acp", full_resource(type_by_number(TYPE_ACCESS_CONTROL_POLICY)));
    size_t failures = 0;
    for (size_t limit = 64;; limit += 64) {
        struct arena *small = arena_new(limit);
        struct buf out;
        buf_init(&out, 1u << 20);
        status result = type_to_xml(value, small, &out);
        buf_fini(&out);
        arena_free(small);
        if (is_ok(result)) {
            break;
        }
        failures++;
        assert_int_equal(result.code, STATUS_NO_MEMORY);
    }
    assert_in_range(failures, 10, 10000);
    struct buf out;
    buf_init(&out, 10);
    assert_int_equal(type_to_xml(value, arena, &out).code, STATUS_LIMIT);
    buf_fini(&out);
}

/* The heap behind the buffers fails at every allocation in turn. */
static void without_heap(void **state)
{
    (void)state;
    const struct wire_value *value = tree("{'m2m:cnt':{'lbl':['a','b'],'at':['x'],'rn':'c'}}");
    for (unsigned n = 1;; n++) {
        struct buf out;
        buf_init(&out, 1u << 20);
        mem_fail_after(n);
        status result = type_to_xml(value, arena, &out);
        mem_fail_after(0);
        buf_fini(&out);
        if (is_ok(result)) {
            assert_in_range(n, 2, 100);
            break;
        }
        assert_int_equal(result.code, STATUS_NO_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(known_answers),          TEST(what_xml_cannot_say), TEST(every_type_survives),
        TEST(every_wrapper_survives), TEST(vectors_survive),     TEST(without_memory),
        TEST(without_heap),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
