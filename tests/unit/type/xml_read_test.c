/* SPDX-License-Identifier: Apache-2.0
 * XML documents get the JSON form: known answers and refusals. */
#define CLAUSE "TS-0004 8.3"
#include "type_test.h"

static status read(const char *xml, struct wire_value **ret_value)
{
    struct wire_limits limits = test_limits();
    struct wire_value *value = NULL;
    check_ok(wire_xml_decode(bytes_str(xml), &limits, arena, &value), xml);
    TRY(type_from_xml(value, arena));
    *ret_value = value;
    return OK;
}

#define NS " xmlns:m2m='http://www.onem2m.org/xml/protocols'"

/* inner: children of the root element. */
static void reads(const char *root, const char *attributes, const char *inner, const char *json)
{
    struct wire_value *value = NULL;
    struct bytes xml = arena_printf(arena, "<%s" NS "%s>%s</%s>", root, attributes, inner, root);
    check_ok(read(xml.ptr, &value), xml.ptr);
    if (!wire_equal(value, tree(json))) {
        struct bytes got = json_of(value);
        fail_msg("%s: %.*s", xml.ptr, BYTES_FMT(got));
    }
}

static void refuses(const char *root, const char *inner, const char *word)
{
    struct wire_value *value = NULL;
    struct bytes xml = arena_printf(arena, "<%s" NS ">%s</%s>", root, inner, root);
    check_refused(read(xml.ptr, &value), STATUS_BAD_REQUEST, word, xml.ptr);
}

static void resources(void **state)
{
    (void)state;
    reads("m2m:cnt", " rn='c1'", "<lbl>a b:c</lbl><mni>10</mni><disr>true</disr>",
          "{'m2m:cnt':{'rn':'c1','lbl':['a','b:c'],'mni':10,'disr':true}}");
    reads("m2m:cin", "", "<cnf>text/plain:0</cnf><con> 21.5 </con>",
          "{'m2m:cin':{'cnf':'text/plain:0','con':' 21.5 '}}");
    reads("m2m:cin", "", "<con>7</con>", "{'m2m:cin':{'con':'7'}}");
    reads("m2m:cnt", "", "<mni> 10\n</mni><or> x </or>", "{'m2m:cnt':{'mni':10,'or':'x'}}");
    reads("m2m:cnt", "", "<mni>+10</mni><disr>0</disr>", "{'m2m:cnt':{'mni':10,'disr':false}}");
    reads("m2m:cnt", "", "", "{'m2m:cnt':{}}");
    reads("m2m:mem", "", "<mgd>1003</mgd><mma>18446744073709551615</mma>",
          "{'m2m:mem':{'mgd':1003,'mma':18446744073709551615}}");
    reads("m2m:cmp", "", "<cmlk nm='a' typ='1013'>x/y</cmlk><cmlk nm='b' typ='1016'>z</cmlk>",
          "{'m2m:cmp':{'cmlk':[{'nm':'a','typ':1013,'val':'x/y'},"
          "{'nm':'b','typ':1016,'val':'z'}]}}");
    reads("m2m:acp", "",
          "<pv><acr><acor>a b</acor><acop>63</acop><acco><actw>* * * * * * *</actw></acco></acr>"
          "</pv><pvs/>",
          "{'m2m:acp':{'pv':{'acr':[{'acor':['a','b'],'acop':63,"
          "'acco':[{'actw':['* * * * * * *']}]}]},'pvs':{}}}");
    reads("m2m:sub", "", "<enc><net>1</net><net>3</net><atr>mni lbl</atr></enc><nu>x y</nu>",
          "{'m2m:sub':{'enc':{'net':[1,3],'atr':['mni','lbl']},'nu':['x','y']}}");
}

/* An empty element is NULL where deleting has a meaning, the empty value elsewhere. */
static void nulls(void **state)
{
    (void)state;
    reads("m2m:cnt", "", "<mni></mni><lbl/><cr/><et/>",
          "{'m2m:cnt':{'mni':null,'lbl':null,'cr':null,'et':null}}");
    reads("m2m:cin", "", "<con/>", "{'m2m:cin':{'con':''}}");
    reads("m2m:grp", "", "<mid/>", "{'m2m:grp':{'mid':[]}}");
    reads("m2m:cnt", "", "<at> </at>", "{'m2m:cnt':{'at':[]}}");
    reads("m2m:acp", "", "<pv/>", "{'m2m:acp':{'pv':{}}}");
    refuses("m2m:ae", "<rr/>", "boolean");
}

static void children(void **state)
{
    (void)state;
    reads("m2m:cnt", " rn='c'",
          "<m2m:cin rn='i1'><con>1</con></m2m:cin><m2m:cin rn='i2'><con>2</con></m2m:cin>"
          "<m2m:cnt rn='d'><mni>1</mni></m2m:cnt>",
          "{'m2m:cnt':{'rn':'c','m2m:cin':[{'rn':'i1','con':'1'},{'rn':'i2','con':'2'}],"
          "'m2m:cnt':[{'rn':'d','mni':1}]}}");
    reads("m2m:cnt", "", "<ch nm='i1' typ='4'>cin1</ch>",
          "{'m2m:cnt':{'ch':[{'nm':'i1','typ':4,'val':'cin1'}]}}");
    reads("m2m:rrl", "", "<rrf nm='i1' typ='4'>cin1</rrf><rrf nm='i2' typ='4'>cin2</rrf>",
          "{'m2m:rrl':{'rrf':[{'nm':'i1','typ':4,'val':'cin1'},"
          "{'nm':'i2','typ':4,'val':'cin2'}]}}");
}

static void wrappers(void **state)
{
    (void)state;
    reads("m2m:uril", "", "a/b c/d", "{'m2m:uril':['a/b','c/d']}");
    reads("m2m:uril", "", "", "{'m2m:uril':[]}");
    reads("m2m:uri", "", "a/b", "{'m2m:uri':'a/b'}");
    reads("m2m:atrl", "", "mni mbs", "{'m2m:atrl':['mni','mbs']}");
    reads("m2m:sgn", "",
          "<nev><rep><m2m:cnt rn='c'><mni>1</mni></m2m:cnt></rep><net>1</net></nev><sur>s</sur>",
          "{'m2m:sgn':{'nev':{'rep':{'m2m:cnt':{'rn':'c','mni':1}},'net':1},'sur':'s'}}");
    reads("m2m:agr", "",
          "<m2m:rsp><rsc>2000</rsc><rqi>1</rqi><pc><m2m:cin><con>x</con></m2m:cin></pc></m2m:rsp>"
          "<m2m:rsp><rsc>4004</rsc><rqi>2</rqi></m2m:rsp>",
          "{'m2m:agr':{'m2m:rsp':[{'rsc':2000,'rqi':'1','pc':{'m2m:cin':{'con':'x'}}},"
          "{'rsc':4004,'rqi':'2'}]}}");
    reads("m2m:rqp", "",
          "<op>1</op><to>//example.net/myCSE/-/Cont1</to><fr>/myCSE/C2345</fr><rqi>0002bf63</rqi>"
          "<ty>4</ty><pc><m2m:cin><cnf>application/xml:1</cnf><con>PHRpbWU+</con></m2m:cin></pc>"
          "<rqet>5000</rqet><rset>20301124T000000</rset><fc><atr><nm>mni</nm><val>3</val></atr>"
          "<ty>3 4</ty></fc>",
          "{'m2m:rqp':{'op':1,'to':'//example.net/myCSE/-/Cont1','fr':'/myCSE/C2345',"
          "'rqi':'0002bf63','ty':4,'pc':{'m2m:cin':{'cnf':'application/xml:1','con':'PHRpbWU+'}},"
          "'rqet':5000,'rset':'20301124T000000','fc':{'atr':[{'nm':'mni','val':'3'}],"
          "'ty':[3,4]}}}");
    reads("m2m:rce", "", "<m2m:cnt rn='c'/><uri>x/c</uri>",
          "{'m2m:rce':{'m2m:cnt':{'rn':'c'},'uri':'x/c'}}");
}

/* Content of any shape: repeated elements become arrays. */
static void anything(void **state)
{
    (void)state;
    reads("m2m:cin", "", "<con><a>1</a><b><c/></b></con>",
          "{'m2m:cin':{'con':{'a':'1','b':{'c':''}}}}");
    reads("m2m:cin", "", "<con><a>1</a><b>x</b><a>2</a><a>3</a></con>",
          "{'m2m:cin':{'con':{'a':['1','2','3'],'b':'x'}}}");
}

static void refusals(void **state)
{
    (void)state;
    struct wire_value *value = NULL;
    check_refused(read("<cnt/>", &value), STATUS_BAD_REQUEST, "cnt", "no namespace");
    refuses("m2m:nothing", "", "m2m:nothing");
    refuses("m2m:la", "", "m2m:la");
    refuses("m2m:cnt", "<zz>1</zz>", "zz");
    refuses("m2m:cnt", "<mni>ten</mni>", "ten");
    refuses("m2m:cnt", "<mni>1.0</mni>", "1.0");
    refuses("m2m:cnt", "<mni>+-1</mni>", "+-1");
    refuses("m2m:cnt", "<mni>1 2</mni>", "1 2");
    refuses("m2m:cnt", "<mni><x/></mni>", "elements where");
    refuses("m2m:cnt", "<mni>1</mni><mni>2</mni>", "twice");
    refuses("m2m:cnt", "<mni/><mni/>", "twice");
    refuses("m2m:cnt", "<disr>yes</disr>", "yes");
    refuses("m2m:cnt", "<lbl><x>1</x></lbl>", "elements where");
    refuses("m2m:cnt", "text", "text where");
    refuses("m2m:cnt", "<m2m:zz/>", "m2m:zz");
    refuses("m2m:sub", "<enc>1</enc>", "text where");
    refuses("m2m:sub", "<enc><zz/></enc>", "zz");
    refuses("m2m:mgo", "<cmlk/><cmlk nm='a' typ='1'>x</cmlk>", "empty and is not");
    refuses("m2m:uril", "<a/>", "elements where");
    refuses("m2m:rqp", "<pc><zz/></pc>", "zz");
    check_refused(type_from_xml(tree("{}"), arena), STATUS_BAD_REQUEST, "root", "none");
    check_refused(type_from_xml(tree("{'m2m:cnt':{},'m2m:cin':{}}"), arena), STATUS_BAD_REQUEST,
                  "root", "two");
}

/* A list has a bound of its own: a short text may hold very many items. */
static void bounds(void **state)
{
    (void)state;
    char *text = arena_chars(arena, 2 * 5000);
    for (size_t i = 0; i < 5000; i++) {
        text[2 * i] = 'a';
        text[2 * i + 1] = ' ';
    }
    struct wire_value *root = wire_object(arena);
    struct wire_value *container = wire_object(arena);
    (void)wire_add(root, BYTES("m2m:cnt"), container);
    (void)wire_add(container, BYTES("lbl"), wire_string(arena, bytes_of(text, 2 * 5000)));
    check_refused(type_from_xml(root, arena), STATUS_LIMIT, "items", "5000 labels");

    struct wire_value *value = tree("{'rn':'x'}");
    for (int i = 0; i < 100; i++) {
        struct wire_value *outer = wire_object(arena);
        (void)wire_add(outer, BYTES("m2m:cnt"), value);
        value = outer;
    }
    check_refused(type_from_xml(value, arena), STATUS_LIMIT, "nested deeper", "100 containers");
}

static void without_memory(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t limit = 64;; limit += 64) {
        struct wire_value *root =
            tree("{'m2m:cnt':{'lbl':'a b c d e','m2m:cin':{'con':{'a':'1'}},'ch':{'nm':'x'}}}");
        struct arena *small = arena_new(limit);
        status result = type_from_xml(root, small);
        arena_free(small);
        if (is_ok(result)) {
            break;
        }
        failures++;
        assert_int_equal(result.code, STATUS_NO_MEMORY);
    }
    assert_in_range(failures, 3, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(resources), TEST(nulls),    TEST(children), TEST(wrappers),
        TEST(anything),  TEST(refusals), TEST(bounds),   TEST(without_memory),
    };
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
