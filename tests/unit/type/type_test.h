/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the room type share: trees from JSON text, sample values of any data type. */
#ifndef TYPE_TEST_H
#define TYPE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "type/type_int.h"

static struct arena *arena; /* of the running test */

static inline int new_arena(void **state)
{
    (void)state;
    arena = arena_new(64u << 20);
    return arena == NULL ? -1 : 0;
}

static inline int free_arena(void **state)
{
    (void)state;
    arena_free(arena);
    arena = NULL;
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, new_arena, free_arena)

static inline struct wire_limits test_limits(void)
{
    struct limits limits;
    limits_init(&limits);
    return wire_limits_from(&limits);
}

/* A JSON text of ours; apostrophes stand for quotation marks. */
static inline struct wire_value *tree(const char *text)
{
    struct wire_value *value = NULL;
    struct wire_limits limits = test_limits();
    struct bytes json = arena_dup(arena, bytes_str(text));
    char *chars = arena_chars(arena, json.len + 1);
    for (size_t i = 0; i < json.len; i++) {
        chars[i] = json.ptr[i] == '\'' ? '"' : json.ptr[i];
    }
    status result = wire_decode(WIRE_JSON, bytes_of(chars, json.len), &limits, arena, &value);
    if (is_error(result)) {
        fail_msg("%s: %s", text, status_note_get()->text);
    }
    return value;
}

static inline struct bytes json_of(const struct wire_value *value)
{
    struct buf out;
    buf_init(&out, 1u << 24);
    wire_encode(WIRE_JSON, value, &out);
    assert_true(is_ok(buf_check(&out)));
    struct bytes text = arena_dup(arena, buf_bytes(&out));
    buf_fini(&out);
    return text;
}

/* result is the status of code, and its note holds the word. */
static inline void check_refused(status result, enum status_code code, const char *word,
                                 const char *what)
{
    if (result.code != code ||
        !bytes_contains(bytes_str(status_note_get()->text), bytes_str(word))) {
        fail_msg("%s: %s, note \"%s\", expected \"%s\"", what, status_name(result),
                 is_ok(result) ? "" : status_note_get()->text, word);
    }
}

static inline void check_ok(status result, const char *what)
{
    if (is_error(result)) {
        fail_msg("%s: %s: %s", what, status_name(result), status_note_get()->text);
    }
}

/* A text of each syntax. */
static inline struct bytes sample_text(bool (*syntax)(struct bytes))
{
    static const struct {
        bool (*syntax)(struct bytes);
        const char *text;
    } samples[] = {
        {syntax_string, "some  text"},
        {syntax_token, "token"},
        {syntax_nc_name, "mni"},
        {syntax_resource_name, "name-1"},
        {syntax_id, "/id-in/Cae1"},
        {syntax_uri, "//sp.example/id-in/cnt1"},
        {syntax_urn, "urn:dev:ops:012345-Set%2DTop%2DBox-0123456789"},
        {syntax_point_of_access, "http://172.25.0.10:8080/xyz"},
        {syntax_timestamp, "20261124T101500,123456"},
        {syntax_duration, "P1DT2H30.5S"},
        {syntax_media_type, "text/plain"},
        {syntax_content_info, "application/xml:1:5"},
        {syntax_schedule_entry, "* 0-5 2,6,10 */2 * * 2026"},
        {syntax_ipv4, "10.125.0.0/16"},
        {syntax_ipv6, "abcd:ffff:abb0:aaaa::/64"},
        {syntax_country_code, "KR"},
        {syntax_name_at_domain, "1234abcd@role-issuer.com"},
        {syntax_jws, "eyJ0.eyJp.dBjf"},
        {syntax_jwe, "eyJ0..5eym.Sdiw.XFBo"},
        {syntax_jwt, "eyJ0.eyJp.dBjf"},
        {syntax_hex, "00fF"},
        {syntax_base64, "AAEC/w=="},
        {syntax_release_version, "2a"},
        {syntax_serialization, "cbor"},
    };
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        if (samples[i].syntax == syntax) {
            return bytes_str(samples[i].text);
        }
    }
    fail_msg("a syntax without a sample");
    return BYTES_NONE;
}

static inline struct wire_value *sample(const struct type_data *data, uint8_t release);

/* All members; of a choice the first. */
static inline struct wire_value *sample_struct(const struct type_data *data, uint8_t release)
{
    struct wire_value *object = wire_object(arena);
    for (uint32_t i = 0; i < data->member_count; i++) {
        if (data->members[i].release <= release &&
            (data->rule != TYPE_RULE_ONE_OF || object->count == 0)) {
            (void)wire_add(object, data->members[i].name, sample(data->members[i].data, release));
        }
    }
    if (data->rule == TYPE_RULE_CONTENT) {
        (void)wire_add(object, BYTES("m2m:uri"), wire_string(arena, BYTES("cnt1")));
    }
    if (data->rule == TYPE_RULE_WITH_RESOURCE) {
        (void)wire_add(object, BYTES("m2m:cnt"), tree("{'mni':3}"));
    }
    return object;
}

/* A valid value of the data type, as far as release knows it. */
static inline struct wire_value *sample(const struct type_data *data, uint8_t release)
{
    struct wire_value *array;
    switch (data->kind) {
    case TYPE_KIND_ANY:
        return wire_string(arena, BYTES("any thing"));
    case TYPE_KIND_ANY_SCALAR:
        return wire_string(arena, BYTES("any scalar"));
    case TYPE_KIND_TEXT:
        return wire_string(arena, sample_text(data->syntax));
    case TYPE_KIND_BOOLEAN:
        return wire_bool(arena, true);
    case TYPE_KIND_INTEGER:
        return wire_int(arena, data->max > 1000000 ? 1000000 : data->max);
    case TYPE_KIND_UNSIGNED:
        return wire_uint(arena, UINT64_MAX);
    case TYPE_KIND_REAL:
        return wire_real(arena, 1.5);
    case TYPE_KIND_TIME:
        return wire_int(arena, 5000);
    case TYPE_KIND_EVENT_CATEGORY:
        return wire_int(arena, 100);
    case TYPE_KIND_ENUM:
        return wire_int(arena, data->values[0].value);
    case TYPE_KIND_FLAGS:
        return wire_int(arena, data->values[0].value + data->values[1].value);
    case TYPE_KIND_LIST:
        if (data->item->syntax == syntax_string) { /* XML cannot list texts with blanks */
            return tree("['one','two']");
        }
        array = wire_array(arena);
        (void)wire_push(array, sample(data->item, release));
        (void)wire_push(array, sample(data->item, release));
        return array;
    case TYPE_KIND_ARRAY:
        array = wire_array(arena);
        (void)wire_push(array, sample(data->item, release));
        (void)wire_push(array, sample(data->item, release));
        return array;
    case TYPE_KIND_STRUCT:
        return sample_struct(data, release);
    }
    return NULL;
}

/* A valid value of the attribute. */
static inline struct wire_value *sample_attribute(const struct type_resource *type,
                                                  const struct type_attr *row, uint8_t release)
{
    if (row->id == ATTR_MGMT_DEFINITION) {
        return wire_int(arena, type->definition);
    }
    return sample(row->data, release);
}

/* A representation with every attribute that may stand in a CREATE. */
static inline struct wire_value *sample_create(const struct type_resource *type, uint8_t release)
{
    struct wire_value *resource = wire_object(arena);
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *row = &type->attributes[i];
        if (row->create != TYPE_NP && row->release <= release) {
            (void)wire_add(resource, type_attr_short(row->id),
                           row->id == ATTR_CREATOR ? wire_null(arena)
                                                   : sample_attribute(type, row, release));
        }
    }
    return resource;
}

#endif
