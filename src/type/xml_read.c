/* SPDX-License-Identifier: Apache-2.0
 * The untyped tree of an XML document gets the JSON form: texts become numbers, booleans and lists,
 * repeated elements become arrays. TS-0004 8.3.1, 8.4.2; XML Schema part 2 clauses 2.2 and 4.3.6.
 */
#include "type/type_int.h"

/* Items of one list, as the default of limits.wire-members. */
#define LIST_ITEMS_MOST 4096

struct reader {
    struct arena *arena;
    unsigned depth;
};

static status read_data(struct reader *reader, const struct type_data *data,
                        struct wire_value *value);
static status read_resource(struct reader *reader, const struct type_resource *type,
                            struct wire_value *value);

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* White space at the ends means nothing but in strings. */
static struct bytes collapse(struct bytes text)
{
    while (text.len > 0 && is_space(text.ptr[0])) {
        text = bytes_from(text, 1);
    }
    while (text.len > 0 && is_space(text.ptr[text.len - 1])) {
        text = bytes_slice(text, 0, text.len - 1);
    }
    return text;
}

/* Decimal digits with an optional sign; xs:integer allows '+'. */
static bool read_integer(struct bytes text, struct wire_value *value)
{
    if (text.len > 1 && text.ptr[0] == '+' && text.ptr[1] != '-') {
        text = bytes_from(text, 1);
    }
    if (is_ok(bytes_to_i64(text, &value->integer))) {
        value->kind = WIRE_INT;
        return true;
    }
    if (is_ok(bytes_to_u64(text, &value->unsigned_integer))) {
        value->kind = WIRE_UINT;
        return true;
    }
    return false;
}

static status read_number(const struct type_data *data, struct bytes text, struct wire_value *value)
{
    if (read_integer(text, value)) {
        return OK;
    }
    ENSURE(data->kind == TYPE_KIND_REAL && is_ok(bytes_to_double(text, &value->real)), BAD_REQUEST,
           "%.*s is no %s", BYTES_FMT(text), data->name);
    value->kind = WIRE_REAL;
    return OK;
}

static status read_boolean(struct bytes text, struct wire_value *value)
{
    bool is_true = bytes_is(text, "true") || bytes_is(text, "1");
    ENSURE(is_true || bytes_is(text, "false") || bytes_is(text, "0"), BAD_REQUEST,
           "%.*s is no boolean", BYTES_FMT(text));
    value->kind = WIRE_BOOL;
    value->boolean = is_true;
    return OK;
}

static status read_scalar(const struct type_data *data, struct wire_value *value)
{
    ENSURE(value->kind == WIRE_STRING || value->kind == WIRE_NULL, BAD_REQUEST,
           "elements where %s is expected", data->name);
    struct bytes raw = value->kind == WIRE_STRING ? value->string : BYTES("");
    struct bytes text = collapse(raw);
    switch (data->kind) {
    case TYPE_KIND_BOOLEAN:
        return read_boolean(text, value);
    case TYPE_KIND_INTEGER:
    case TYPE_KIND_UNSIGNED:
    case TYPE_KIND_REAL:
    case TYPE_KIND_EVENT_CATEGORY:
    case TYPE_KIND_ENUM:
    case TYPE_KIND_FLAGS:
        return read_number(data, text, value);
    case TYPE_KIND_TIME:
        if (read_integer(text, value)) {
            return OK;
        }
        break;
    case TYPE_KIND_ANY:
    case TYPE_KIND_ANY_SCALAR:
        text = raw;
        break;
    case TYPE_KIND_TEXT:
        text = data->syntax == syntax_string ? raw : text;
        break;
    case TYPE_KIND_LIST:
    case TYPE_KIND_ARRAY:
    case TYPE_KIND_STRUCT:
        break;
    }
    value->kind = WIRE_STRING;
    value->string = text;
    return OK;
}

static void become(struct wire_value *value, enum wire_kind kind)
{
    value->kind = kind;
    value->count = 0;
    value->first = NULL;
    value->last = NULL;
}

/* Blank-separated text to an array. */
static status read_list(struct reader *reader, const struct type_data *data,
                        struct wire_value *value)
{
    ENSURE(value->kind == WIRE_STRING || value->kind == WIRE_NULL, BAD_REQUEST,
           "elements where %s is expected", data->name);
    struct bytes rest = value->kind == WIRE_STRING ? collapse(value->string) : BYTES("");
    become(value, WIRE_ARRAY);
    while (rest.len > 0) {
        size_t end = 0;
        while (end < rest.len && !is_space(rest.ptr[end])) {
            end++;
        }
        ENSURE(value->count < LIST_ITEMS_MOST, LIMIT, "more than %d items in %s", LIST_ITEMS_MOST,
               data->name);
        struct wire_value *item = wire_string(reader->arena, bytes_slice(rest, 0, end));
        ENSURE(wire_push(value, item) != NULL, NO_MEMORY, "items of %s", data->name);
        TRY(read_data(reader, data->item, item));
        rest = collapse(bytes_from(rest, end));
    }
    return OK;
}

/* Hangs a converted member into object: alone, or as the next of an array. */
static status hang(struct reader *reader, struct wire_value *object, struct wire_value *member,
                   bool repeats)
{
    struct bytes name = member->name;
    struct wire_value *before = wire_get(object, name);
    if (!repeats) {
        ENSURE(before == NULL, BAD_REQUEST, "%.*s stands twice", BYTES_FMT(name));
        (void)wire_add(object, name, member);
        return OK;
    }
    if (before == NULL) {
        before = wire_add(object, name, wire_array(reader->arena));
        ENSURE(before != NULL, NO_MEMORY, "array %.*s", BYTES_FMT(name));
    }
    ENSURE(before->kind == WIRE_ARRAY, BAD_REQUEST, "%.*s is empty and is not", BYTES_FMT(name));
    member->name = BYTES_NONE;
    (void)wire_push(before, member);
    return OK;
}

/* Anything: elements become members, repeated ones arrays, text stays text. */
static status read_any(struct reader *reader, struct wire_value *value)
{
    if (value->kind != WIRE_OBJECT) {
        value->string = value->kind == WIRE_STRING ? value->string : BYTES("");
        value->kind = WIRE_STRING;
        return OK;
    }
    struct wire_value *member = value->first;
    become(value, WIRE_OBJECT);
    while (member != NULL) {
        struct wire_value *next = member->next;
        member->next = NULL;
        TRY(read_data(reader, TYPE_FORM_SCALAR(ANY_TYPE), member));
        struct wire_value *before = wire_get(value, member->name);
        if (before != NULL && before->kind != WIRE_ARRAY) { /* the second one: both in an array */
            struct bytes name = before->name;
            (void)wire_remove(value, name);
            TRY(hang(reader, value, before, true));
            member->name = name;
        }
        TRY(hang(reader, value, member, before != NULL));
        member = next;
    }
    return OK;
}

static status read_content_member(struct reader *reader, struct wire_value *member)
{
    const struct type_data *wrapper = type_wrapper_by_member(member->name);
    if (wrapper != NULL) {
        return read_data(reader, wrapper, member);
    }
    const struct type_resource *type = type_by_member(member->name);
    ENSURE(type != NULL, BAD_REQUEST, "%.*s is neither resource nor wrapper",
           BYTES_FMT(member->name));
    return read_resource(reader, type, member);
}

static status read_member(struct reader *reader, const struct type_data *data,
                          struct wire_value *object, struct wire_value *member)
{
    const struct type_member *row = type_member_find(data, member->name);
    if (row == NULL) {
        ENSURE(data->rule == TYPE_RULE_CONTENT || data->rule == TYPE_RULE_WITH_RESOURCE,
               BAD_REQUEST, "%.*s is no member of %s", BYTES_FMT(member->name), data->name);
        TRY(read_content_member(reader, member));
        return hang(reader, object, member, false);
    }
    bool repeats = row->data->kind == TYPE_KIND_ARRAY;
    TRY(read_data(reader, repeats ? row->data->item : row->data, member));
    return hang(reader, object, member, repeats);
}

static status read_struct(struct reader *reader, const struct type_data *data,
                          struct wire_value *value)
{
    ENSURE(value->kind == WIRE_OBJECT || value->kind == WIRE_NULL, BAD_REQUEST,
           "text where %s is expected", data->name);
    struct wire_value *member = value->kind == WIRE_OBJECT ? value->first : NULL;
    become(value, WIRE_OBJECT);
    while (member != NULL) {
        struct wire_value *next = member->next;
        member->next = NULL;
        TRY(read_member(reader, data, value, member));
        member = next;
    }
    return OK;
}

static status read_data(struct reader *reader, const struct type_data *data,
                        struct wire_value *value)
{
    status result;
    ENSURE(reader->depth < TYPE_DEPTH_MAX, LIMIT, "nested deeper than %d", TYPE_DEPTH_MAX);
    reader->depth++;
    switch (data->kind) {
    case TYPE_KIND_LIST:
        result = read_list(reader, data, value);
        break;
    case TYPE_KIND_STRUCT:
        result = read_struct(reader, data, value);
        break;
    case TYPE_KIND_ANY:
        result = read_any(reader, value);
        break;
    case TYPE_KIND_ANY_SCALAR:
    case TYPE_KIND_TEXT:
    case TYPE_KIND_BOOLEAN:
    case TYPE_KIND_INTEGER:
    case TYPE_KIND_UNSIGNED:
    case TYPE_KIND_REAL:
    case TYPE_KIND_TIME:
    case TYPE_KIND_EVENT_CATEGORY:
    case TYPE_KIND_ENUM:
    case TYPE_KIND_FLAGS:
    case TYPE_KIND_ARRAY:
        result = read_scalar(data, value);
        break;
    }
    reader->depth--;
    return result;
}

/* An empty element is NULL where the attribute may be absent and so may be deleted; where it must
 * be there it is the empty value. Of expirationTime it is always NULL, no time being empty. */
static bool is_null(const struct type_attr *row, const struct wire_value *member)
{
    return member->kind == WIRE_NULL &&
           (row->card == TYPE_OPTIONAL || row->id == ATTR_EXPIRATION_TIME);
}

static status read_attribute(struct reader *reader, const struct type_resource *type,
                             struct wire_value *resource, struct wire_value *member)
{
    const struct type_data *data = NULL;
    const struct type_attr *row = type_find_short(type, member->name);
    if (row != NULL && is_null(row, member)) {
        return hang(reader, resource, member, false);
    }
    if (row != NULL) {
        data = row->data;
    } else if (bytes_equal(member->name, type_child_reference_name)) {
        data = type_child_reference_data;
    }
    if (data == NULL) { /* a child resource: always an array, TS-0004 7.5.2 */
        const struct type_resource *child = type_by_member(member->name);
        ENSURE(child != NULL, BAD_REQUEST, "%.*s: no attribute or child of %s",
               BYTES_FMT(member->name), type->name);
        TRY(read_resource(reader, child, member));
        return hang(reader, resource, member, true);
    }
    bool repeats = data->kind == TYPE_KIND_ARRAY;
    TRY(read_data(reader, repeats ? data->item : data, member));
    return hang(reader, resource, member, repeats);
}

static status read_resource(struct reader *reader, const struct type_resource *type,
                            struct wire_value *value)
{
    ENSURE(value->kind == WIRE_OBJECT || value->kind == WIRE_NULL, BAD_REQUEST,
           "text where a %s is expected", type->name);
    ENSURE(reader->depth < TYPE_DEPTH_MAX, LIMIT, "nested deeper than %d", TYPE_DEPTH_MAX);
    reader->depth++;
    struct wire_value *member = value->kind == WIRE_OBJECT ? value->first : NULL;
    become(value, WIRE_OBJECT);
    while (member != NULL) {
        struct wire_value *next = member->next;
        member->next = NULL;
        TRY(read_attribute(reader, type, value, member));
        member = next;
    }
    reader->depth--;
    return OK;
}

status type_from_xml(struct wire_value *root, struct arena *arena)
{
    struct reader reader = {.arena = arena};
    struct wire_value *only = wire_only_member(root);
    ENSURE(only != NULL, BAD_REQUEST, "not one root element");
    return read_content_member(&reader, only);
}
