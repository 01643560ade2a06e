/* SPDX-License-Identifier: Apache-2.0
 * Inside of the room type: how data types are described, and what the room's files share.
 * TS-0004 6.3.2 to 6.3.5, 8.2. */
#ifndef TYPE_TYPE_INT_H
#define TYPE_TYPE_INT_H

#include "type/type.h"

/* What values look like in JSON. */
enum type_kind {
    TYPE_KIND_ANY = 0,    /* xs:anyType */
    TYPE_KIND_ANY_SCALAR, /* xs:anySimpleType: string, number or boolean */
    TYPE_KIND_TEXT,       /* a string that its syntax function accepts */
    TYPE_KIND_BOOLEAN,
    TYPE_KIND_INTEGER,        /* within min and max */
    TYPE_KIND_UNSIGNED,       /* 0 to 2^64-1 */
    TYPE_KIND_REAL,           /* any number */
    TYPE_KIND_TIME,           /* m2m:absRelTimestamp: timestamp or milliseconds */
    TYPE_KIND_EVENT_CATEGORY, /* min, 2 to 4, or 100 to 999 */
    TYPE_KIND_ENUM,           /* one of the values */
    TYPE_KIND_FLAGS,          /* a sum of the values, not 0 */
    TYPE_KIND_LIST,           /* array of items; blank-separated text in XML */
    TYPE_KIND_ARRAY,          /* array of items; repeated element in XML */
    TYPE_KIND_STRUCT          /* object with members */
};

/* Which members of a structure stand together. */
enum type_rule {
    TYPE_RULE_ALL = 0,
    TYPE_RULE_ONE_OF,        /* exactly one member */
    TYPE_RULE_WITH_RESOURCE, /* one resource stands beside the members */
    TYPE_RULE_CONTENT        /* exactly one member: a resource or a content wrapper */
};

/* Where a member stands in XML. */
enum type_place { TYPE_PLACE_ELEMENT = 0, TYPE_PLACE_ATTRIBUTE, TYPE_PLACE_VALUE };

struct type_value {
    int32_t value;
    uint8_t release;
    const char *name;
};

struct type_member {
    struct bytes name; /* short name */
    const char *long_name;
    const struct type_data *data;
    uint8_t least, most; /* least 1: must be present; most: items of an array, 0 = no bound */
    uint8_t release;
    enum type_place place;
};

struct type_data {
    const char *name;
    enum type_kind kind;
    uint8_t release;
    bool (*syntax)(struct bytes text);
    int64_t min, max;                /* of a number, or items of a list (max 0 = no bound) */
    const struct type_data *item;    /* LIST, ARRAY */
    const struct type_value *values; /* ENUM, FLAGS; ascending */
    uint32_t value_count;
    enum type_rule rule; /* STRUCT */
    const struct type_member *members;
    uint32_t member_count;
};

/* Identity of each data type: its place in the three tables. */
enum type_data_id {
#define SIMPLE(id, name, kind, syntax, min, max, release) DATA_##id,
#define LIST_TYPE(id, name, item, least, most, release) DATA_##id,
#include "type/def/data_simple.def"
#undef SIMPLE
#undef LIST_TYPE
#define ENUM(id, name, release) DATA_##id,
#define FLAGS(id, name, release) DATA_##id,
#define VALUE(id, value, name, release)
#define END_ENUM(id)
#include "type/def/data_enums.def"
#undef ENUM
#undef FLAGS
#undef VALUE
#undef END_ENUM
#define STRUCT(id, name, rule, release) DATA_##id,
#define MEMBER(id, long_name, short_name, type, form, least, most, place, release)
#define END_STRUCT(id)
#include "type/def/data_complex.def"
#undef STRUCT
#undef MEMBER
#undef END_STRUCT
    DATA_COUNT
};

extern const struct type_data type_data_table[DATA_COUNT];  /* the types */
extern const struct type_data type_list_table[DATA_COUNT];  /* xs:list of each */
extern const struct type_data type_array_table[DATA_COUNT]; /* each repeated */

#define TYPE_FORM_SCALAR(id) (&type_data_table[DATA_##id])
#define TYPE_FORM_LIST(id) (&type_list_table[DATA_##id])
#define TYPE_FORM_ARRAY(id) (&type_array_table[DATA_##id])

struct type_wrapper {
    struct bytes member;
    const char *element; /* long name */
    const struct type_data *data;
};
extern const struct type_wrapper type_wrappers[];
extern const size_t type_wrapper_count;

const struct type_member *type_member_find(const struct type_data *data, struct bytes name);
/* Row of ENUM or FLAGS, or NULL. */
const struct type_value *type_value_find(const struct type_data *data, int64_t value);

/* Structures nest no deeper than this, contents of contents included. */
#define TYPE_DEPTH_MAX 32

/* One value against a data type as far as release knows it. who names the attribute in notes. */
status type_check_data(const struct type_data *data, const struct wire_value *value,
                       struct bytes who, uint8_t release);

/* "ch" of a resource with child references (TS-0004 7.5.2, rcn 5): no attribute of any type. */
extern const struct bytes type_child_reference_name;
extern const struct type_data *const type_child_reference_data;

extern const struct type_resource type_resources[];
extern const size_t type_resource_table_size;

/* For tables that are built once, before main: a hash of short texts. */
uint64_t type_text_hash(struct bytes text);

/* ---- syntax of texts: whether the whole text has the form ---- */
bool syntax_string(struct bytes text);
bool syntax_token(struct bytes text);
bool syntax_nc_name(struct bytes text);
bool syntax_resource_name(struct bytes text);
bool syntax_id(struct bytes text);
bool syntax_uri(struct bytes text);
bool syntax_urn(struct bytes text);
bool syntax_point_of_access(struct bytes text);
bool syntax_timestamp(struct bytes text);
bool syntax_duration(struct bytes text);
bool syntax_media_type(struct bytes text);
bool syntax_content_info(struct bytes text);
bool syntax_schedule_entry(struct bytes text);
bool syntax_ipv4(struct bytes text);
bool syntax_ipv6(struct bytes text);
bool syntax_country_code(struct bytes text);
bool syntax_name_at_domain(struct bytes text);
bool syntax_jws(struct bytes text);
bool syntax_jwe(struct bytes text);
bool syntax_jwt(struct bytes text);
bool syntax_hex(struct bytes text);
bool syntax_base64(struct bytes text);
bool syntax_release_version(struct bytes text);
bool syntax_serialization(struct bytes text);

#endif
