/* SPDX-License-Identifier: Apache-2.0
 * What each syntax takes and what it refuses: names, identifiers (Role-ID: TS-0001 7.1.14),
 * encodings. */
#define CLAUSE "TS-0004 6.3.3"
#include "type_test.h"

struct syntax_case {
    bool (*syntax)(struct bytes text);
    const char *text;
    bool fits;
};

static void run(const struct syntax_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cases[i].syntax(bytes_str(cases[i].text)) != cases[i].fits) {
            fail_msg("row %zu: \"%s\" %s", i, cases[i].text,
                     cases[i].fits ? "should fit" : "should not fit");
        }
    }
}

static void names(void **state)
{
    (void)state;
    static const struct syntax_case cases[] = {
        {syntax_resource_name, "myLightBulb", true},
        {syntax_resource_name, "123Sensor", true},
        {syntax_resource_name, "a.b-c_d", true},
        {syntax_resource_name, "", false},
        {syntax_resource_name, "-a", false},
        {syntax_resource_name, "_a", false},
        {syntax_resource_name, "a/b", false},
        {syntax_resource_name, "a b", false},
        {syntax_resource_name, "\xc3\xa4", false},
        {syntax_resource_name, "a#poa", false},
        {syntax_nc_name, "poa", true},
        {syntax_nc_name, "_x.1", true},
        {syntax_nc_name, "1x", false},
        {syntax_nc_name, "a:b", false},
        {syntax_nc_name, "", false},
        {syntax_id, "//sp.example/cse/C1", true},
        {syntax_id, "Cae", true},
        {syntax_id, "", false},
        {syntax_id, "a b", false},
        {syntax_id, "a\n", false},
        {syntax_token, "urn:gsma:imei:90420156-025763-0;svn=42", true},
        {syntax_token, "two words", true},
        {syntax_token, "two  blanks", false},
        {syntax_token, " first", false},
        {syntax_token, "last ", false},
        {syntax_token, "tab\there", false},
        {syntax_token, "", false},
        {syntax_string, "", true},
        {syntax_string, " any\tthing\n", true},
        /* TS-0001 7.1.14 */
        {syntax_name_at_domain, "1234abcd@role-issuer.com", true},
        {syntax_name_at_domain, "1234abcd@Role-Issuer.com", false},
        {syntax_name_at_domain, "@role-issuer.com", false},
        {syntax_name_at_domain, "role@", false},
        {syntax_name_at_domain, "role", false},
        {syntax_name_at_domain, "a@b@c", false},
        {syntax_country_code, "KR", true},
        {syntax_country_code, "kr", false},
        {syntax_country_code, "KOR", false},
        {syntax_country_code, "", false},
    };
    run(cases, ARRAY_LEN(cases));
    assert_false(syntax_string(BYTES("a\0b")));
    assert_false(syntax_token(BYTES("a\0")));
    assert_false(syntax_string(BYTES("\0")));
    assert_true(syntax_string(BYTES_NONE));
    assert_false(syntax_id(BYTES_NONE));
}

static void references(void **state)
{
    (void)state;
    static const struct syntax_case cases[] = {
        {syntax_uri, "cse-in/ae1/cnt#mni", true},
        {syntax_uri, "https://h/p?q=1&ct=json", true},
        {syntax_uri, "http://h/\xc3\xbc", true},
        {syntax_uri, "", false},
        {syntax_uri, "a b", false},
        {syntax_uri, "a<b>", false},
        {syntax_uri, "a\"b", false},
        {syntax_uri, "a\\b", false},
        {syntax_urn, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true},
        {syntax_urn, "URN:x", true},
        {syntax_urn, "urn:", false},
        {syntax_urn, "uuid:1", false},
        {syntax_media_type, "application/xml", true},
        {syntax_media_type, "text/plain; charset=utf-8", true},
        {syntax_media_type, "text", false},
        {syntax_media_type, "/plain", false},
        {syntax_media_type, "text/", false},
        {syntax_content_info, "application/xml:1", true},
        {syntax_content_info, "application/xml:1:0", true},
        {syntax_content_info, "application/xml:1:5", true},
        {syntax_content_info, "text/plain", false},
        {syntax_content_info, "text/plain:", false},
        {syntax_content_info, "text/plain:3", false},
        {syntax_content_info, "text/plain:00", false},
        {syntax_content_info, "text/plain:0:6", false},
        {syntax_content_info, "text/plain:0:", false},
        {syntax_content_info, "text/plain:0:0:0", false},
        {syntax_content_info, ":0", false},
    };
    run(cases, ARRAY_LEN(cases));
}

static void encodings(void **state)
{
    (void)state;
    static const struct syntax_case cases[] = {
        {syntax_hex, "", true},
        {syntax_hex, "00fF", true},
        {syntax_hex, "0", false},
        {syntax_hex, "0g", false},
        {syntax_base64, "", true},
        {syntax_base64, "AA==", true},
        {syntax_base64, "AAA=", true},
        {syntax_base64, "A+/9", true},
        {syntax_base64, "AAA", false},
        {syntax_base64, "A===", false},
        {syntax_base64, "====", false},
        {syntax_base64, "AA=A", false},
        {syntax_base64, "A-_9", false},
        {syntax_base64, "AAAA\n", false},
        {syntax_jws, "eyJ0.eyJp.dBjf", true},
        {syntax_jws, "eyJ0..dBjf", true},
        {syntax_jws, "eyJ0.eyJp.", false},
        {syntax_jws, ".eyJp.dBjf", false},
        {syntax_jws, "eyJ0.eyJp", false},
        {syntax_jws, "eyJ0.eyJp.dBjf.", false},
        {syntax_jws, "eyJ0.e+Jp.dBjf", false},
        {syntax_jwe, "eyJ0..5eym.Sdiw.XFBo", true},
        {syntax_jwe, "eyJ0....", false},
        {syntax_jwe, "eyJ0.eyJp.dBjf", false},
        {syntax_jwe, "a.b.c.d.e.f", false},
        {syntax_jwt, "eyJ0.eyJp.dBjf", true},
        {syntax_jwt, "eyJ0.a.5eym.Sdiw.XFBo", true},
        {syntax_jwt, "a.b.c.d", false},
        {syntax_jwt, "", false},
        {syntax_release_version, "1", true},
        {syntax_release_version, "2a", true},
        {syntax_release_version, "5", true},
        {syntax_release_version, "0", false},
        {syntax_release_version, "6", false},
        {syntax_release_version, "3a", false},
        {syntax_release_version, "2A", false},
        {syntax_release_version, "", false},
        {syntax_serialization, "json", true},
        {syntax_serialization, "xml", true},
        {syntax_serialization, "cbor", true},
        {syntax_serialization, "JSON", false},
        {syntax_serialization, "application/json", false},
        {syntax_timestamp, "20261124T101500", true},
        {syntax_timestamp, "20261124T101500,1", true},
        {syntax_timestamp, "20261124T101500.1", false},
        {syntax_timestamp, "20261124T101500Z", false},
        {syntax_timestamp, "20261324T101500", false},
        {syntax_timestamp, "20270229T101500", false},
        {syntax_timestamp, "", false},
    };
    run(cases, ARRAY_LEN(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(names), TEST(references), TEST(encodings)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
