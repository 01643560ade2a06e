/* SPDX-License-Identifier: Apache-2.0
 * Notification targets: URLs, identifiers, serialization indicators, and who may be notified.
 * TS-0004 7.4.8.1, TS-0001 9.6.8. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

struct form {
    const char *text;
    bool good, is_url;
    const char *uri;
    enum prim_format format;
};
static const struct form forms[] = {
    {"http://a/b", true, true, "http://a/b", PRIM_FORMAT_NONE},
    {"https://a/b?ct=json", true, true, "https://a/b", PRIM_JSON},
    {"http://a/b?q=1&ct=xml", true, true, "http://a/b?q=1", PRIM_XML},
    {"mqtt://host/topic?ct=cbor", true, true, "mqtt://host/topic", PRIM_CBOR},
    {"http://a/b?act=json", true, true, "http://a/b?act=json", PRIM_FORMAT_NONE},
    {"http://a/b?ct=JSON", false, false, NULL, PRIM_FORMAT_NONE},
    {"http://a/b?ct=", false, false, NULL, PRIM_FORMAT_NONE},
    {"http://a/b?ct=application/json", false, false, NULL, PRIM_FORMAT_NONE},
    {"?ct=json", false, false, NULL, PRIM_FORMAT_NONE},
    {"", false, false, NULL, PRIM_FORMAT_NONE},
    {"Cae", true, false, "Cae", PRIM_FORMAT_NONE},
    {"/id-in/Cae?ct=xml", true, false, "/id-in/Cae", PRIM_XML},
    {"//sp/id-in/Cae", true, false, "//sp/id-in/Cae", PRIM_FORMAT_NONE},
    {"1http://a/", true, false, "1http://a/", PRIM_FORMAT_NONE},
    {"://a/", true, false, "://a/", PRIM_FORMAT_NONE},
};

static void targets_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct cse_target target;
        status parsed = cse_target_parse(bytes_str(forms[i].text), &target);
        if (is_ok(parsed) != forms[i].good) {
            fail_msg("%s", forms[i].text);
        }
        if (is_ok(parsed)) {
            assert_int_equal(target.is_url, forms[i].is_url);
            assert_true(bytes_is(target.uri, forms[i].uri));
            assert_int_equal(target.format, forms[i].format);
        }
    }
    assert_int_equal(cse_format_of(BYTES("cbor")), PRIM_CBOR);
    assert_int_equal(cse_format_of(BYTES("application/json")), PRIM_JSON);
    assert_int_equal(cse_format_of(BYTES("yaml")), PRIM_FORMAT_NONE);
}

static void what_is_no_address_is_refused(void **state)
{
    struct world *world = *state;
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    world_ok(cse_target_check(x, BYTES("http://a/b?ct=json")));
    world_ok(cse_target_check(x, BYTES("/id-elsewhere/Cae")));
    static const char *const bad[] = {"//", "a b", "cse-in/a#lbl", "http://a?ct=x"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_true(status_is(cse_target_check(x, bytes_str(bad[i])), STATUS_BAD_REQUEST));
    }
    serve_read_end(x);
}

static void an_entity_is_known_by_all_its_names(void **state)
{
    struct world *world = *state;
    register_ae(world, "Cone");
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    struct auth_context one = {.claimed = BYTES("Cone"),
                               .absolute = BYTES("//antipolis.example/id-in/Cone")};
    struct auth_context nobody = {.claimed = BYTES_NONE};
    struct serve_resource ae;
    world_ok(serve_resource_find(x, BYTES("Cone"), &ae));
    static const char *const names[] = {"Cone", "/id-in/Cone", "//antipolis.example/id-in/Cone"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_true(cse_id_is(x, bytes_str(names[i]), &one));
        assert_false(cse_id_is(x, bytes_str(names[i]), &nobody));
    }
    assert_true(cse_id_is(x, ae.row.path, &one));
    assert_false(cse_id_is(x, BYTES("Ctwo"), &one));
    assert_false(cse_id_is(x, BYTES("cse-in"), &one));
    serve_read_end(x);
}

static void notifying_others_takes_a_right(void **state)
{
    struct world *world = *state;
    register_ae(world, "Cone");
    register_ae(world, "Ctwo");
    struct exchange *x;
    world_ok(serve_read_begin(world->worker, &x));
    struct auth_context one = {.claimed = BYTES("Cone"),
                               .kind = PRIM_ID_AE_C,
                               .absolute = BYTES("//antipolis.example/id-in/Cone")};
    world_ok(cse_may_notify(x, &one, BYTES("http://anywhere/")));
    world_ok(cse_may_notify(x, &one, BYTES("/id-in/Cone")));
    world_ok(cse_may_notify(x, &one, BYTES("Cnobody")));
    assert_true(
        status_is(cse_may_notify(x, &one, BYTES("Ctwo")), STATUS_ORIGINATOR_HAS_NO_PRIVILEGE));
    world_ok(cse_may_notify(x, &x->who, BYTES("Ctwo"))); /* this CSE itself */
    serve_read_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_taken_apart),
        CSE_TEST(what_is_no_address_is_refused),
        CSE_TEST(an_entity_is_known_by_all_its_names),
        CSE_TEST(notifying_others_takes_a_right),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
