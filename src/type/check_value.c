/* SPDX-License-Identifier: Apache-2.0
 * One value against one data type. TS-0004 6.3 (value spaces), 8.4.2 (their JSON form). */
#include "type/type_int.h"

#define NEWEST_RELEASE 5

struct check {
    struct bytes who;    /* attribute that the value belongs to, for notes */
    struct bytes member; /* of a structure inside it, or absent */
    uint8_t release;     /* newest whose members and values are known */
    unsigned depth;
};

/* A note names the attribute and, inside a structure, the member. */
#define REFUSE(check, what, ...)                                                                   \
    FAIL(BAD_REQUEST, "%.*s%s%.*s: " what, BYTES_FMT((check)->who),                                \
         (check)->member.ptr == NULL ? "" : "/", BYTES_FMT((check)->member), __VA_ARGS__)
#define EXPECT(condition, check, data, what)                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            REFUSE(check, "%s %s", what, (data)->name);                                            \
        }                                                                                          \
    } while (0)

static status check_data(const struct type_data *data, const struct wire_value *value,
                         const struct check *check);

/* A whole number is written without fraction and exponent: REAL never is one. */
static status check_integer(const struct type_data *data, const struct wire_value *value,
                            const struct check *check)
{
    EXPECT(value->kind == WIRE_INT, check, data, "not an integer, as needs");
    EXPECT(value->integer >= data->min && value->integer <= data->max, check, data,
           "out of the range of");
    return OK;
}

static status check_event_category(const struct type_data *data, const struct wire_value *value,
                                   const struct check *check)
{
    EXPECT(value->kind == WIRE_INT, check, data, "not an integer, as needs");
    bool is_standard = value->integer >= 2 && value->integer <= 4;
    bool is_own = value->integer >= 100 && value->integer <= 999;
    EXPECT(is_standard || is_own || (value->integer == 0 && data->min == 0), check, data, "no");
    return OK;
}

static status check_enum(const struct type_data *data, const struct wire_value *value,
                         const struct check *check)
{
    EXPECT(value->kind == WIRE_INT, check, data, "not an integer, as needs");
    const struct type_value *row = type_value_find(data, value->integer);
    EXPECT(row != NULL && row->release <= check->release, check, data, "no value of");
    return OK;
}

static status check_flags(const struct type_data *data, const struct wire_value *value,
                          const struct check *check)
{
    int64_t all = 0;
    for (uint32_t i = 0; i < data->value_count; i++) {
        all |= data->values[i].release <= check->release ? data->values[i].value : 0;
    }
    EXPECT(value->kind == WIRE_INT, check, data, "not an integer, as needs");
    EXPECT(value->integer > 0 && (value->integer & ~all) == 0, check, data, "no sum of values of");
    return OK;
}

static status check_time(const struct type_data *data, const struct wire_value *value,
                         const struct check *check)
{
    int64_t msec;
    if (value->kind == WIRE_INT) {
        return OK;
    }
    EXPECT(value->kind == WIRE_STRING, check, data, "no");
    EXPECT(syntax_timestamp(value->string) || is_ok(bytes_to_i64(value->string, &msec)), check,
           data, "no");
    return OK;
}

static status check_items(const struct type_data *data, const struct wire_value *value,
                          const struct check *check)
{
    EXPECT(value->kind == WIRE_ARRAY, check, data, "not an array, as needs");
    EXPECT(value->count >= (uint64_t)data->min, check, data, "too few items of");
    EXPECT(data->max == 0 || value->count <= (uint64_t)data->max, check, data, "too many items of");
    for (const struct wire_value *item = value->first; item != NULL; item = item->next) {
        TRY(check_data(data->item, item, check));
    }
    return OK;
}

static status check_member(const struct type_member *row, const struct wire_value *value,
                           const struct check *check)
{
    EXPECT(value->kind != WIRE_NULL, check, row->data, "null instead of");
    TRY(check_data(row->data, value, check));
    if (row->data->kind == TYPE_KIND_ARRAY) {
        EXPECT(value->count >= row->least, check, row->data, "too few of");
        EXPECT(row->most == 0 || value->count <= row->most, check, row->data, "too many of");
    }
    return OK;
}

/* The one member of a Content: a wrapper is checked through, a resource must be an object and is
 * its reader's matter. TS-0004 6.3.5.5. */
static status check_content(const struct type_data *data, const struct wire_value *value,
                            const struct check *check)
{
    const struct wire_value *only = wire_only_member(value);
    EXPECT(only != NULL, check, data, "not exactly one member in");
    const struct type_data *wrapper = type_wrapper_by_member(only->name);
    if (wrapper != NULL) {
        return check_data(wrapper, only, check);
    }
    EXPECT(only->kind == WIRE_OBJECT && bytes_find(only->name, ':') < only->name.len, check, data,
           "neither resource nor wrapper in");
    return OK;
}

/* Beside its members, a structure with a resource holds one object with a prefixed name. */
static status check_beside(const struct type_data *data, const struct wire_value *member,
                           const struct check *check, unsigned *resources)
{
    bool is_resource = data->rule == TYPE_RULE_WITH_RESOURCE && member->kind == WIRE_OBJECT &&
                       bytes_find(member->name, ':') < member->name.len && *resources == 0;
    if (!is_resource) {
        REFUSE(check, "%.*s is no member of %s", BYTES_FMT(member->name), data->name);
    }
    (*resources)++;
    return OK;
}

/* Each member known and acceptable, each necessary one there. */
static status check_members(const struct type_data *data, const struct wire_value *value,
                            const struct check *check)
{
    uint64_t seen = 0;
    unsigned resources = 0;
    EXPECT(value->kind == WIRE_OBJECT, check, data, "not an object, as needs");
    for (const struct wire_value *member = value->first; member != NULL; member = member->next) {
        const struct type_member *row = type_member_find(data, member->name);
        if (row == NULL || row->release > check->release) {
            TRY(check_beside(data, member, check, &resources));
            continue;
        }
        struct check inner = *check;
        inner.member = row->name;
        TRY(check_member(row, member, &inner));
        seen |= UINT64_C(1) << (row - data->members);
    }
    for (uint32_t i = 0; i < data->member_count; i++) {
        const struct type_member *row = &data->members[i];
        if (row->least > 0 && row->release <= check->release && (seen & UINT64_C(1) << i) == 0) {
            REFUSE(check, "%.*s of %s is missing", BYTES_FMT(row->name), data->name);
        }
    }
    EXPECT(data->rule != TYPE_RULE_ONE_OF || value->count == 1, check, data,
           "not exactly one member in");
    return OK;
}

static status check_scalar(const struct type_data *data, const struct wire_value *value,
                           const struct check *check)
{
    bool is_number =
        value->kind == WIRE_INT || value->kind == WIRE_UINT || value->kind == WIRE_REAL;
    bool is_scalar = is_number || value->kind == WIRE_STRING || value->kind == WIRE_BOOL;
    EXPECT(data->kind != TYPE_KIND_ANY_SCALAR || is_scalar, check, data, "not a scalar, as needs");
    EXPECT(data->kind != TYPE_KIND_REAL || is_number, check, data, "not a number, as needs");
    EXPECT(data->kind != TYPE_KIND_BOOLEAN || value->kind == WIRE_BOOL, check, data,
           "not a boolean, as needs");
    if (data->kind == TYPE_KIND_UNSIGNED) {
        EXPECT(value->kind == WIRE_UINT || (value->kind == WIRE_INT && value->integer >= 0), check,
               data, "out of the range of");
    }
    if (data->kind == TYPE_KIND_TEXT) {
        EXPECT(value->kind == WIRE_STRING, check, data, "not a string, as needs");
        EXPECT(data->syntax(value->string), check, data, "no");
    }
    return OK;
}

static status check_data(const struct type_data *data, const struct wire_value *value,
                         const struct check *check)
{
    struct check inner = *check;
    inner.depth++;
    EXPECT(inner.depth <= TYPE_DEPTH_MAX, check, data, "nested too deep in");
    EXPECT(data->release <= check->release, check, data, "younger than the release:");
    switch (data->kind) {
    case TYPE_KIND_ANY:
        return OK;
    case TYPE_KIND_ANY_SCALAR:
    case TYPE_KIND_TEXT:
    case TYPE_KIND_BOOLEAN:
    case TYPE_KIND_UNSIGNED:
    case TYPE_KIND_REAL:
        return check_scalar(data, value, check);
    case TYPE_KIND_INTEGER:
        return check_integer(data, value, check);
    case TYPE_KIND_TIME:
        return check_time(data, value, check);
    case TYPE_KIND_EVENT_CATEGORY:
        return check_event_category(data, value, check);
    case TYPE_KIND_ENUM:
        return check_enum(data, value, check);
    case TYPE_KIND_FLAGS:
        return check_flags(data, value, check);
    case TYPE_KIND_LIST:
    case TYPE_KIND_ARRAY:
        return check_items(data, value, &inner);
    case TYPE_KIND_STRUCT:
        return data->rule == TYPE_RULE_CONTENT ? check_content(data, value, &inner)
                                               : check_members(data, value, &inner);
    }
    FAIL(INTERNAL_SERVER_ERROR, "data type %s has no kind", data->name);
}

status type_check_data(const struct type_data *data, const struct wire_value *value,
                       struct bytes who, uint8_t release)
{
    struct check check = {.who = who, .member = BYTES_NONE, .release = release};
    return check_data(data, value, &check);
}

status type_check_value(const struct type_data *data, const struct wire_value *value)
{
    return type_check_data(data, value, bytes_str(data->name), NEWEST_RELEASE);
}
