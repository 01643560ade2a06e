/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room prim share. */
#ifndef PRIM_PRIM_INT_H
#define PRIM_PRIM_INT_H

#include <string.h>

#include "prim/prim.h"

/* ---- syntax.c: TS-0004 6.2.3 and 6.2.4 ---- */
/* The repetition "unreserved": a letter or digit, then letters, digits, '-', '.', '_'. */
bool prim_is_run(struct bytes text, size_t max);
/* At least one of those characters. */
bool prim_is_tail(struct bytes text, size_t max);
/* A domain name in lower case. */
bool prim_is_domain(struct bytes text, size_t max);
/* UTF-8 without control characters. */
bool prim_is_text(struct bytes text);
size_t prim_identifier_size(const struct prim_self *self);
size_t prim_path_depth(const struct prim_self *self);

/* ---- parameters.c: the rows of parameters.def ---- */
enum prim_kind {
    PRIM_KIND_TEXT = 0,  /* struct bytes */
    PRIM_KIND_TIMESTAMP, /* struct bytes: m2m:timestamp */
    PRIM_KIND_ABS_REL,   /* struct bytes: m2m:absRelTimestamp */
    PRIM_KIND_TIME,      /* int64_t, usec: m2m:timestamp */
    PRIM_KIND_U16,
    PRIM_KIND_U32,
    PRIM_KIND_EVENT, /* uint32_t: m2m:eventCat */
    PRIM_KIND_U64,
    PRIM_KIND_I64,
    PRIM_KIND_BOOL,
    PRIM_KIND_TEXTS,
    PRIM_KIND_MEDIA, /* struct prim_texts of media types */
    PRIM_KIND_NUMBERS,
    PRIM_KIND_CONTENT,
    PRIM_KIND_RESPONSE_TYPE, /* with the notification URIs beside it */
    PRIM_KIND_FILTER,
    PRIM_KIND_ATTRIBUTES,
    PRIM_KIND_NAMED,       /* bool: was there; the value is not kept */
    PRIM_KIND_UNSUPPORTED, /* known name, no function: NOT_IMPLEMENTED */
    PRIM_KIND_IGNORED,     /* known name, read over */
    PRIM_KIND_COUNT
};

/* Where a parameter may stand as a text of its own. */
enum prim_place { PRIM_IN_BODY = 0, PRIM_IN_HEADER, PRIM_IN_QUERY };

struct prim_parameter {
    struct bytes short_name;
    const char *long_name;
    enum prim_kind kind;
    enum prim_place place;
    size_t offset;     /* of the field in its struct */
    size_t has_offset; /* of its flag; equal to offset when there is none */
    int64_t min, max;
    int64_t none;                                 /* value that means absent */
    enum type_presence presence[PRIM_NOTIFY + 1]; /* by operation */
    uint8_t release;
};

/* The rows of one struct. */
struct prim_parameters {
    const struct prim_parameter *rows;
    size_t count;
};
extern const struct prim_parameters prim_request_parameters, prim_response_parameters,
    prim_filter_parameters;

/* NULL when no row has the name. */
const struct prim_parameter *prim_parameter_find(const struct prim_parameters *parameters,
                                                 struct bytes short_name);
/* Sets every number that has a value for "absent" to it; the rest is zero already. */
void prim_parameters_clear(const struct prim_parameters *parameters, void *record);
/* Every member of object into its field. BAD_REQUEST, NOT_IMPLEMENTED, NO_MEMORY. */
status prim_parameters_decode(const struct prim_parameters *parameters,
                              const struct wire_value *object, struct arena *arena, void *record);
/* Every field that is there into a fresh object; NULL when there is no memory. */
struct wire_value *prim_parameters_encode(const struct prim_parameters *parameters,
                                          const void *record, struct arena *arena);

/* ---- value.c: one value ---- */
bool prim_value_is_present(const struct prim_parameter *row, const void *record);
status prim_value_from_json(const struct prim_parameter *row, const struct wire_value *value,
                            struct arena *arena, void *record);
/* Text as it stands in a header or query: lists are joined by '+' or blank and append to what is
 * there; other values may stand once. */
status prim_value_from_text(const struct prim_parameter *row, struct bytes text,
                            struct arena *arena, void *record);
/* NULL when there is no memory. The row is one that prim_value_is_encoded. */
struct wire_value *prim_value_to_json(const struct prim_parameter *row, const void *record,
                                      struct arena *arena);
bool prim_value_is_encoded(const struct prim_parameter *row);

/* ---- request.c ---- */
/* Names only, at least one. BAD_REQUEST. */
status prim_attribute_list_set(struct prim_request *request, struct prim_texts list);
extern const struct prim_parameter prim_attribute_list_row; /* m2m:atrl */

/* How values of one kind are handled. NULL: not in that form. */
struct prim_kind_ops {
    bool (*is_present)(const struct prim_parameter *row, const void *field);
    status (*from_json)(const struct prim_parameter *row, const struct wire_value *value,
                        struct arena *arena, void *field);
    status (*from_text)(const struct prim_parameter *row, struct bytes text, struct arena *arena,
                        void *field);
    struct wire_value *(*to_json)(const struct prim_parameter *row, const void *field,
                                  struct arena *arena);
    bool repeats; /* from_text appends */
};
extern const struct prim_kind_ops prim_text_ops, prim_timestamp_ops, prim_abs_rel_ops,
    prim_time_ops; /* value_text.c */
extern const struct prim_kind_ops prim_u16_ops, prim_u32_ops, prim_event_ops, prim_u64_ops,
    prim_i64_ops, prim_bool_ops, prim_named_ops; /* value_number.c */
extern const struct prim_kind_ops prim_texts_ops, prim_media_ops,
    prim_numbers_ops; /* value_list.c */
extern const struct prim_kind_ops prim_content_ops, prim_response_type_ops, prim_filter_ops,
    prim_attributes_ops; /* value_struct.c */

/* ---- value_struct.c ---- */
/* The same value under another parent: a copy of its node that shares its members. */
struct wire_value *prim_share(const struct wire_value *value, struct arena *arena);
/* An attribute condition for an attribute that may be one. BAD_REQUEST. */
status prim_condition_add(struct prim_attribute_conditions *conditions, struct bytes name,
                          struct wire_value *value, struct arena *arena);

#endif
