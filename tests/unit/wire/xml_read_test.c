/* SPDX-License-Identifier: Apache-2.0
 * XML in. XML 1.0, Namespaces in XML 1.0, TS-0004 8.3. */
#include "wire_check.h"

#define M2M "xmlns:m2m=\"http://www.onem2m.org/xml/protocols\""

static enum status_code xml_status(struct bytes input, const struct wire_limits *limits)
{
    struct wire_value *value = NULL;
    struct arena *arena = arena_new(1U << 24);
    char *copy = malloc(input.len == 0 ? 1 : input.len);
    memcpy(copy, input.len == 0 ? "" : input.ptr, input.len);
    status result = wire_xml_decode(bytes_of(copy, input.len), limits, arena, &value);
    assert_true(is_error(result) == (value == NULL));
    free(copy);
    arena_free(arena);
    return result.code;
}

static void reads(struct check *check, const char *xml, const char *json)
{
    struct wire_value *value;
    status result = wire_xml_decode(bytes_str(xml), &check_limits, check->arena, &value);
    if (is_error(result)) {
        print_error("%s: %s\n", xml, status_note_get()->text);
        fail();
    }
    assert_text(check_json(check, value), json);
}

static void refuses(const char *xml, enum status_code code)
{
    enum status_code got = xml_status(bytes_str(xml), &check_limits);
    if (got != code) {
        print_error("%s: got %s\n", xml, status_name((status){got}));
        fail();
    }
}

static void reads_a_primitive(void **state)
{
    struct check *check = *state;
    CLAUSE("TS-0004 8.3.1");
    reads(check,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<m2m:rqp " M2M ">\n"
          "  <op>1</op><to>//example.net/cse/-/c1</to>\n"
          "  <pc><m2m:cin rn=\"a\"><con>1 &lt; 2 &amp;&#65;</con><mni></mni><x/></m2m:cin></pc>\n"
          "</m2m:rqp>\n",
          "{\"m2m:rqp\":{\"op\":\"1\",\"to\":\"//example.net/cse/-/c1\",\"pc\":{\"m2m:cin\":{"
          "\"rn\":\"a\",\"con\":\"1 < 2 &A\",\"mni\":null,\"x\":null}}}}");
}

static void reads_attributes_and_text(void **state)
{
    struct check *check = *state;
    reads(check, "<a/>", "{\"a\":null}");
    reads(check, "<a></a>", "{\"a\":null}");
    reads(check, "<a> </a>", "{\"a\":\" \"}");
    reads(check, "<a>t</a>", "{\"a\":\"t\"}");
    reads(check, "<a b=\"1\"/>", "{\"a\":{\"b\":\"1\"}}");
    reads(check, "<a b=\"1\" c=''> \n </a>", "{\"a\":{\"b\":\"1\",\"c\":\"\"}}");
    reads(check, "<ch nm=\"c1\" typ=\"3\">cse/c1</ch>",
          "{\"ch\":{\"nm\":\"c1\",\"typ\":\"3\",\"val\":\"cse/c1\"}}");
    reads(check, "<a><b>1</b><b>2</b><b><c/></b></a>",
          "{\"a\":{\"b\":\"1\",\"b\":\"2\",\"b\":{\"c\":null}}}");
    reads(check, "<a><![CDATA[<b>&amp;]]>x<!-- no -->y</a>", "{\"a\":\"<b>&amp;xy\"}");
    reads(check, "<!-- c --><a>\r\nx</a><!-- d -->", "{\"a\":\"\\nx\"}");
    reads(check, "\xef\xbb\xbf<a>\xc3\xa9</a>", "{\"a\":\"\xc3\xa9\"}");
}

static void reads_namespaces(void **state)
{
    struct check *check = *state;
    CLAUSE("Namespaces in XML 1.0 5");
    reads(check, "<p:cin xmlns:p=\"http://www.onem2m.org/xml/protocols\"><p:a/><b/></p:cin>",
          "{\"m2m:cin\":{\"m2m:a\":null,\"b\":null}}");
    reads(check, "<cin xmlns=\"http://www.onem2m.org/xml/protocols\"><con>1</con></cin>",
          "{\"cin\":{\"con\":\"1\"}}");
    reads(check, "<hd:lamp xmlns:hd=\"http://example.org/hd\"><hd:on>1</hd:on></hd:lamp>",
          "{\"hd:lamp\":{\"hd:on\":\"1\"}}");
    reads(check,
          "<m2m:a " M2M " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
          "xsi:schemaLocation=\"http://www.onem2m.org/xml/protocols CDT-cin.xsd\">t</m2m:a>",
          "{\"m2m:a\":\"t\"}");
    refuses("<m2m:a/>", STATUS_SYNTAX);
    refuses("<a b:c=\"1\"/>", STATUS_SYNTAX);
    refuses("<a xmlns:p=\"u&#10;v\"/>", STATUS_SYNTAX);
}

static void refuses_document_types_and_entities(void **state)
{
    (void)state;
    refuses("<!DOCTYPE a><a/>", STATUS_SYNTAX);
    refuses("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", STATUS_SYNTAX);
    refuses("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", STATUS_SYNTAX);
    refuses("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>", STATUS_SYNTAX);
    refuses("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1/x\"> %p;]><a/>", STATUS_SYNTAX);
    refuses("<!DOCTYPE a [<!ATTLIST a b CDATA \"x\">]><a/>", STATUS_SYNTAX);
    refuses("<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
            "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
            "<lolz>&d;</lolz>",
            STATUS_SYNTAX);
    refuses("<a>&e;</a>", STATUS_SYNTAX);
    refuses("<a>&nbsp;</a>", STATUS_SYNTAX);
}

static void refuses_other_things(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "<?pi x?><a/>",
        "<a><?pi x?></a>",
        "<a/><?pi?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
        "<?xml version=\"2.0\"?><a/>",
        "<a>text<b/></a>",
        "<a><b/>text</a>",
        "<a><b/>&#160;</a>",
        "<a></b>",
        "<a/><b/>",
        "<a b=\"1\" b=\"2\"/>",
        "<a b=1/>",
        "<a>\x01</a>",
        "<a>&#0;</a>",
        "<a>&#1;</a>",
        "<a>&#xd800;</a>",
        "<a>\xff</a>",
        "<a>\xed\xa0\x80</a>",
        "<a>\xef\xbf\xbe</a>",
        "<a>&lt</a>",
        "<a b=\"<\"/>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "text",
        "<1/>",
        "\xff\xfe<\0a\0/\0>\0",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        refuses(wrong[i], STATUS_SYNTAX);
    }
    assert_int_equal(xml_status(BYTES("<a>\0</a>"), &check_limits), STATUS_SYNTAX);
}

static void every_cut_is_seen(void **state)
{
    (void)state;
    struct bytes xml = BYTES("<a b=\"1\"><c>t&amp;\xc3\xa9</c><![CDATA[ ]]><!-- x --><d/></a>");
    assert_int_equal(xml_status(xml, &check_limits), STATUS_OK);
    for (size_t len = 0; len < xml.len; len++) {
        enum status_code code = xml_status(bytes_slice(xml, 0, len), &check_limits);
        assert_true(code == STATUS_TRUNCATED || code == STATUS_SYNTAX);
    }
    assert_int_equal(xml_status(BYTES("<a><b>"), &check_limits), STATUS_TRUNCATED);
    assert_int_equal(xml_status(BYTES_NONE, &check_limits), STATUS_TRUNCATED);
}

static void keeps_the_limits(void **state)
{
    struct check *check = *state;
    const struct wire_limits tight = {.depth = 3, .members = 3, .values = 8};
    assert_int_equal(xml_status(BYTES("<a><b/></a>"), &tight), STATUS_OK);
    assert_int_equal(xml_status(BYTES("<a><b><c/></b></a>"), &tight), STATUS_LIMIT);
    assert_int_equal(xml_status(BYTES("<a><b/><b/><b/></a>"), &tight), STATUS_OK);
    assert_int_equal(xml_status(BYTES("<a><b/><b/><b/><b/></a>"), &tight), STATUS_LIMIT);
    assert_int_equal(xml_status(BYTES("<a w='' x='' y='' z=''/>"), &tight), STATUS_LIMIT);
    assert_int_equal(xml_status(BYTES("<a x='' y='' z=''>t</a>"), &tight), STATUS_LIMIT);
    assert_int_equal(xml_status(BYTES("<a><b x='' y=''/><b x='' y=''/></a>"), &tight), STATUS_OK);
    assert_int_equal(xml_status(BYTES("<a><b x='' y=''/><b x='' y='' z=''/></a>"), &tight),
                     STATUS_LIMIT);
    const struct wire_limits none = {0, 0, 0};
    assert_int_equal(xml_status(BYTES("<a/>"), &none), STATUS_LIMIT);
    const struct wire_limits wide = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    for (int i = 0; i < 300000; i++) {
        buf_add_str(&check->out, "<a>");
    }
    assert_int_equal(xml_status(buf_bytes(&check->out), &wide), STATUS_LIMIT);
}

static void says_when_memory_ends(void **state)
{
    (void)state;
    struct bytes xml = BYTES("<m2m:a " M2M " b=\"1\"><c>text</c><c>more text</c></m2m:a>");
    struct wire_value *value = NULL;
    for (unsigned n = 1;; n++) {
        struct arena *arena = arena_new(1U << 20);
        mem_fail_after(n);
        status result = wire_xml_decode(xml, &check_limits, arena, &value);
        mem_fail_after(0);
        arena_free(arena);
        if (is_ok(result)) {
            assert_in_range(n, 3, 1000);
            break;
        }
        assert_int_equal(result.code, STATUS_NO_MEMORY);
    }
    for (size_t limit = 0; limit < 3000; limit += 13) {
        struct arena *arena = arena_new(limit);
        status result = wire_xml_decode(xml, &check_limits, arena, &value);
        assert_true(is_ok(result) || status_is(result, STATUS_NO_MEMORY));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(reads_a_primitive),    CHECK_TEST(reads_attributes_and_text),
        CHECK_TEST(reads_namespaces),     CHECK_TEST(refuses_document_types_and_entities),
        CHECK_TEST(refuses_other_things), CHECK_TEST(every_cut_is_seen),
        CHECK_TEST(keeps_the_limits),     CHECK_TEST(says_when_memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
