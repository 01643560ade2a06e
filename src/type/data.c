/* SPDX-License-Identifier: Apache-2.0
 * The tables of data types, expanded from def/data_*.def. TS-0004 6.3.2 to 6.3.5, 6.4, 7.5.2. */
#include "type/type_int.h"

/* values of the enumerations: values_<id>[] */
#define ENUM(id, name, release) static const struct type_value values_##id[] = {
#define FLAGS(id, name, release) static const struct type_value values_##id[] = {
#define VALUE(id, value, name, release) {value, release, name},
#define END_ENUM(id)                                                                               \
    }                                                                                              \
    ;
#include "type/def/data_enums.def"
#undef ENUM
#undef FLAGS
#undef VALUE
#undef END_ENUM

/* members of the structures: members_<id>[], ended by an empty row */
#define STRUCT(id, name, rule, release) static const struct type_member members_##id[] = {
#define MEMBER(id, long_name, short_name, type, form, least, most, place, release)                 \
    {{short_name, sizeof(short_name) - 1},                                                         \
     long_name,                                                                                    \
     TYPE_FORM_##form(type),                                                                       \
     least,                                                                                        \
     most,                                                                                         \
     release,                                                                                      \
     TYPE_PLACE_##place},
#define END_STRUCT(id)                                                                             \
    {                                                                                              \
        .least = 0                                                                                 \
    }                                                                                              \
    }                                                                                              \
    ;
#include "type/def/data_complex.def"
#undef STRUCT
#undef MEMBER
#undef END_STRUCT

#define SIMPLE(id, name_, kind_, syntax_, min_, max_, release_)                                    \
    [DATA_##id] = {.name = name_,                                                                  \
                   .kind = TYPE_KIND_##kind_,                                                      \
                   .release = release_,                                                            \
                   .syntax = syntax_,                                                              \
                   .min = min_,                                                                    \
                   .max = max_},
#define LIST_TYPE(id, name_, item_, least, most, release_)                                         \
    [DATA_##id] = {.name = name_,                                                                  \
                   .kind = TYPE_KIND_LIST,                                                         \
                   .release = release_,                                                            \
                   .min = least,                                                                   \
                   .max = most,                                                                    \
                   .item = &type_data_table[DATA_##item_]},
#define ENUM(id, name_, release_)                                                                  \
    [DATA_##id] = {.name = name_,                                                                  \
                   .kind = TYPE_KIND_ENUM,                                                         \
                   .release = release_,                                                            \
                   .values = values_##id,                                                          \
                   .value_count = ARRAY_LEN(values_##id)},
#define FLAGS(id, name_, release_)                                                                 \
    [DATA_##id] = {.name = name_,                                                                  \
                   .kind = TYPE_KIND_FLAGS,                                                        \
                   .release = release_,                                                            \
                   .values = values_##id,                                                          \
                   .value_count = ARRAY_LEN(values_##id)},
#define VALUE(id, value, name, release)
#define END_ENUM(id)
#define STRUCT(id, name_, rule_, release_)                                                         \
    [DATA_##id] = {.name = name_,                                                                  \
                   .kind = TYPE_KIND_STRUCT,                                                       \
                   .release = release_,                                                            \
                   .rule = TYPE_RULE_##rule_,                                                      \
                   .members = members_##id,                                                        \
                   .member_count = ARRAY_LEN(members_##id) - 1},
#define MEMBER(id, long_name, short_name, type, form, least, most, place, release)
#define END_STRUCT(id)
const struct type_data type_data_table[DATA_COUNT] = {
#include "type/def/data_complex.def"
#include "type/def/data_enums.def"
#include "type/def/data_simple.def"
};
#undef SIMPLE
#undef LIST_TYPE
#undef ENUM
#undef FLAGS
#undef STRUCT

/* The same list of types twice more: as items of a list, and repeated. */
#define SIMPLE(id, name, kind, syntax, min, max, release) PLURAL(id, name, release)
#define LIST_TYPE(id, name, item, least, most, release) PLURAL(id, name, release)
#define ENUM(id, name, release) PLURAL(id, name, release)
#define FLAGS(id, name, release) PLURAL(id, name, release)
#define STRUCT(id, name, rule, release) PLURAL(id, name, release)
#define PLURAL(id, name_, release_)                                                                \
    [DATA_##id] = {.name = "list of " name_,                                                       \
                   .kind = TYPE_KIND_LIST,                                                         \
                   .release = release_,                                                            \
                   .item = &type_data_table[DATA_##id]},
const struct type_data type_list_table[DATA_COUNT] = {
#include "type/def/data_complex.def"
#include "type/def/data_enums.def"
#include "type/def/data_simple.def"
};
#undef PLURAL
#define PLURAL(id, name_, release_)                                                                \
    [DATA_##id] = {.name = "repeated " name_,                                                      \
                   .kind = TYPE_KIND_ARRAY,                                                        \
                   .release = release_,                                                            \
                   .item = &type_data_table[DATA_##id]},
const struct type_data type_array_table[DATA_COUNT] = {
#include "type/def/data_complex.def"
#include "type/def/data_enums.def"
#include "type/def/data_simple.def"
};
#undef PLURAL

#define WRAPPER(member, element, type, form)                                                       \
    {{member, sizeof(member) - 1}, element, TYPE_FORM_##form(type)},
const struct type_wrapper type_wrappers[] = {
#include "type/def/data_wrappers.def"
};
#undef WRAPPER
const size_t type_wrapper_count = ARRAY_LEN(type_wrappers);

const struct bytes type_child_reference_name = {"ch", 2};
const struct type_data *const type_child_reference_data = TYPE_FORM_ARRAY(CHILD_RESOURCE_REF);

const char *type_data_name(const struct type_data *data)
{
    return data->name;
}

const struct type_data *type_data_by_name(struct bytes name)
{
    for (size_t i = 0; i < DATA_COUNT; i++) {
        if (bytes_is(name, type_data_table[i].name)) {
            return &type_data_table[i];
        }
    }
    return NULL;
}

const struct type_data *type_wrapper_by_member(struct bytes member)
{
    for (size_t i = 0; i < type_wrapper_count; i++) {
        if (bytes_equal(type_wrappers[i].member, member)) {
            return type_wrappers[i].data;
        }
    }
    return NULL;
}

const struct type_member *type_member_find(const struct type_data *data, struct bytes name)
{
    for (uint32_t i = 0; i < data->member_count; i++) {
        const struct bytes *member = &data->members[i].name;
        if (member->len == name.len && member->ptr[0] == name.ptr[0] &&
            bytes_equal(*member, name)) {
            return &data->members[i];
        }
    }
    return NULL;
}

const struct type_value *type_value_find(const struct type_data *data, int64_t value)
{
    size_t low = 0;
    size_t high = data->value_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (data->values[middle].value < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < data->value_count && data->values[low].value == value) {
        return &data->values[low];
    }
    return NULL;
}
