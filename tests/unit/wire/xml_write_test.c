/* SPDX-License-Identifier: Apache-2.0
 * XML out. XML 1.0, TS-0004 8.3.1. */
#include "wire_check.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define M2M " xmlns:m2m=\"http://www.onem2m.org/xml/protocols\""

static const char *const attributes[] = {"rn", "nm", "typ", NULL};

static void writes(struct check *check, const char *json, const char *xml)
{
    struct wire_value *value = check_parse(check, json);
    buf_clear(&check->out);
    wire_xml_encode(value, attributes, &check->out);
    assert_true(is_ok(buf_check(&check->out)));
    assert_text(buf_bytes(&check->out), xml);
}

static void writes_elements(void **state)
{
    struct check *check = *state;
    CLAUSE("TS-0004 8.3.1");
    writes(check, "{\"m2m:ae\":{\"rn\":\"x\",\"ty\":2,\"rr\":true,\"f\":0.5,\"n\":null,\"l\":[]}}",
           HEAD "<m2m:ae" M2M " rn=\"x\"><ty>2</ty><rr>true</rr><f>0.5</f><n/></m2m:ae>");
    writes(check, "{\"a\":{\"b\":[1,{\"c\":\"x\"},null]}}",
           HEAD "<a" M2M "><b>1</b><b><c>x</c></b><b/></a>");
    writes(check, "{\"a\":null}", HEAD "<a" M2M "/>");
    writes(check, "{\"a\":\"t\"}", HEAD "<a" M2M ">t</a>");
    writes(check, "{\"a\":{}}", HEAD "<a" M2M "/>");
}

static void writes_attributes(void **state)
{
    struct check *check = *state;
    writes(check, "{\"m2m:rrl\":{\"rrf\":[{\"nm\":\"c\",\"typ\":3,\"val\":\"cse/c\"}]}}",
           HEAD "<m2m:rrl" M2M "><rrf nm=\"c\" typ=\"3\">cse/c</rrf></m2m:rrl>");
    writes(check, "{\"a\":{\"val\":\"x\"}}", HEAD "<a" M2M "><val>x</val></a>");
    writes(check, "{\"a\":{\"nm\":\"c\",\"x\":1,\"val\":\"x\"}}",
           HEAD "<a" M2M " nm=\"c\"><x>1</x><val>x</val></a>");
    writes(check, "{\"a\":{\"rn\":[\"x\"]}}", HEAD "<a" M2M "><rn>x</rn></a>");
    writes(check, "{\"a\":{\"rn\":\"<\\\"&'>\\n\\t\\r\"}}",
           HEAD "<a" M2M " rn=\"&lt;&quot;&amp;'&gt;&#10;&#9;&#13;\"/>");
    writes(check, "{\"a\":\"<\\\"&'>]]>\\n\\r\"}",
           HEAD "<a" M2M ">&lt;\"&amp;'&gt;]]&gt;\n&#13;</a>");
}

static void reads_back(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(
        check, "{\"m2m:cnt\":{\"rn\":\"<a>&\\n\",\"con\":\" \\t\\r\\n\\\"'<>& \\u20ac ]]>\","
               "\"ch\":{\"nm\":\"x\",\"typ\":\"3\",\"val\":\"v\"},\"e\":null}}");
    struct wire_value *again;
    wire_xml_encode(value, attributes, &check->out);
    assert_true(
        is_ok(wire_xml_decode(buf_bytes(&check->out), &check_limits, check->arena, &again)));
    assert_true(wire_equal(value, again));
}

static enum status_code write_status(const struct wire_value *value, size_t limit)
{
    struct buf out;
    buf_init(&out, limit);
    wire_xml_encode(value, attributes, &out);
    enum status_code code = buf_check(&out).code;
    buf_fini(&out);
    return code;
}

static void refuses_what_xml_cannot_carry(void **state)
{
    struct check *check = *state;
    static const char *const wrong[] = {"{}",
                                        "1",
                                        "[]",
                                        "null",
                                        "{\"a\":1,\"b\":2}",
                                        "{\"a\":[1]}",
                                        "{\"a\":{\"b\":[[1]]}}",
                                        "{\"\":1}",
                                        "{\"1\":1}",
                                        "{\"a b\":1}",
                                        "{\"a<\":1}",
                                        "{\"x:a\":1}",
                                        "{\"m2m:\":1}",
                                        "{\"a:b:c\":1}",
                                        "{\"a\":\"\\u0000\"}",
                                        "{\"a\":\"\\u001b\"}",
                                        "{\"a\":\"\\ufffe\"}",
                                        "{\"a\":\"\\uffff\"}",
                                        "{\"a\":{\"rn\":\"\\u0001\"}}",
                                        "{\"a\":{\"b/><c\":1}}",
                                        "{\"\xc3\xa9\":1}"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(write_status(check_parse(check, wrong[i]), 1000), STATUS_SYNTAX);
    }
    struct wire_value *o = wire_object(check->arena);
    (void)wire_add(o, BYTES("a"), wire_string(check->arena, BYTES("\xff")));
    assert_int_equal(write_status(o, 1000), STATUS_SYNTAX);
    assert_int_equal(write_status(NULL, 1000), STATUS_SYNTAX);
}

static void failures_show(void **state)
{
    struct check *check = *state;
    struct wire_value *value = check_parse(check, "{\"a\":{\"rn\":\"x\",\"b\":[1,\"&\"]}}");
    wire_xml_encode(value, attributes, &check->out);
    for (size_t limit = 0; limit < check->out.len; limit++) {
        assert_int_equal(write_status(value, limit), STATUS_LIMIT);
    }
    mem_fail_after(1);
    assert_int_equal(write_status(value, 1000), STATUS_NO_MEMORY);
    mem_fail_after(0);
    struct wire_value *root = wire_object(check->arena), *at = root;
    for (int i = 0; i < 100000; i++) {
        at = wire_add(at, BYTES("a"), wire_object(check->arena));
    }
    assert_non_null(at);
    assert_int_equal(write_status(root, 1000000), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(writes_elements), CHECK_TEST(writes_attributes),
        CHECK_TEST(reads_back),      CHECK_TEST(refuses_what_xml_cannot_carry),
        CHECK_TEST(failures_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
