/* SPDX-License-Identifier: Apache-2.0
 * Door of the room wire: JSON, CBOR and XML as one tree and one token model. Knows no oneM2M name.
 * RFC 8259, RFC 8949, XML 1.0; TS-0004 clause 8 says which of their features are used. */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include "base/base.h"

enum wire_kind {
    WIRE_NULL = 0,
    WIRE_BOOL,
    WIRE_INT,  /* fits int64_t */
    WIRE_UINT, /* only for values above INT64_MAX */
    WIRE_REAL,
    WIRE_STRING, /* UTF-8 */
    WIRE_ARRAY,
    WIRE_OBJECT
};

/* A value in a tree. Members and elements are a singly linked list in document order. All memory
 * is the arena's; strings may borrow from the input, which then must outlive the tree. */
struct wire_value {
    enum wire_kind kind;
    uint32_t count;    /* members or elements */
    struct bytes name; /* as a member of an object; else absent */
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double real;
        struct bytes string;
    };
    struct wire_value *first, *last, *next;
};

/* How much a document may hold. From the configuration: limits.wire-*. */
struct wire_limits {
    uint32_t depth;   /* nesting */
    uint32_t members; /* of one object or array */
    uint32_t values;  /* in the whole document */
};
/* No document nests deeper than this, whatever the configuration says: writers recurse. */
#define WIRE_DEPTH_MOST 256
struct wire_limits wire_limits_from(const struct limits *limits);

/* ---- tokens: what every reader yields and every writer takes ---- */
enum wire_token_kind {
    WIRE_TOKEN_END = 0, /* of the document, nothing may follow */
    WIRE_TOKEN_OBJECT_BEGIN,
    WIRE_TOKEN_OBJECT_END,
    WIRE_TOKEN_ARRAY_BEGIN,
    WIRE_TOKEN_ARRAY_END,
    WIRE_TOKEN_NAME, /* of the member that follows; in text */
    WIRE_TOKEN_VALUE /* a scalar, in value */
};

struct wire_token {
    enum wire_token_kind kind;
    struct bytes text;       /* NAME */
    struct wire_value value; /* VALUE: kind and union only */
};

enum wire_format { WIRE_JSON, WIRE_CBOR };

struct wire_reader; /* in the arena */

/* input must outlive the reader and everything read. NULL when there is no memory. */
struct wire_reader *wire_reader_new(enum wire_format format, struct bytes input,
                                    const struct wire_limits *limits, struct arena *arena);
/* SYNTAX, TRUNCATED, LIMIT, NO_MEMORY; after an error every further call returns the same. */
status wire_reader_next(struct wire_reader *reader, struct wire_token *ret_token);
/* Octet of input that was reached, for messages. */
size_t wire_reader_offset(const struct wire_reader *reader);

/* ---- whole documents ---- */
/* Strict: UTF-8, no duplicate member names, integers exact (beyond 64 bits: SYNTAX), numbers
 * finite, no trailing bytes, limits kept. CBOR: also byte strings, tags, undefined, names that are
 * no text are SYNTAX; indefinite lengths and any width of head are read. SYNTAX, TRUNCATED, LIMIT,
 * NO_MEMORY. */
status wire_decode(enum wire_format format, struct bytes input, const struct wire_limits *limits,
                   struct arena *arena, struct wire_value **ret_value);
/* Appends; JSON is compact, CBOR is preferred serialization (shortest, definite lengths; but real
 * numbers in 32 or 64 bits, never 16: TS-0004 8.5.1), real numbers in JSON the shortest that read
 * back equal. Failure shows in buf_check: a NaN, an infinity or text that is not UTF-8 fails the
 * buffer with SYNTAX, nesting beyond WIRE_DEPTH_MOST with LIMIT. */
void wire_encode(enum wire_format format, const struct wire_value *value, struct buf *out);
/* Indented JSON for people; color adds ANSI colours. */
void wire_encode_pretty(const struct wire_value *value, bool color, struct buf *out);

/* ---- XML: elements only, text undecided (the room type knows what it means) ---- */
/* The root element becomes an OBJECT with one member. An element with child elements or
 * attributes becomes an OBJECT (attributes are members, text beside attributes is member "val"),
 * one with text a STRING, an empty one WIRE_NULL. Repeated names stay repeated members. A name in
 * the namespace "http://www.onem2m.org/xml/protocols" reads "m2m:name" when the document writes it
 * with a prefix; others keep the prefix that the document wrote. Attributes of XML Schema instance
 * (xsi:schemaLocation and the like) are skipped. Entities beyond the five of XML, DOCTYPE,
 * processing instructions, encodings other than UTF-8, prefixes without a namespace, text beside
 * child elements are SYNTAX. SYNTAX, TRUNCATED, LIMIT, NO_MEMORY. */
status wire_xml_decode(struct bytes input, const struct wire_limits *limits, struct arena *arena,
                       struct wire_value **ret_value);
/* The reverse, from an object with one member: OBJECT -> child elements, ARRAY -> repeated
 * elements, NULL (and "") -> empty element, scalars -> text. Members listed in attributes
 * (NULL-ended names, or NULL) become XML attributes; where all other members are, "val" becomes the
 * text. The root carries xmlns:m2m. Escapes as XML 1.0 asks. SYNTAX in buf_check when there is no
 * form in XML: characters XML cannot carry, lists of lists, names that are not ASCII XML names, any
 * prefix but m2m. */
void wire_xml_encode(const struct wire_value *value, const char *const *attributes,
                     struct buf *out);

/* ---- building and reading trees ---- */
/* Each returns NULL when the arena is exhausted; passing NULL as parent gives NULL, so a chain
 * needs one check at its end. The names and strings are borrowed: they must live as long as the
 * tree (literals, or the same arena). */
struct wire_value *wire_object(struct arena *arena);
struct wire_value *wire_array(struct arena *arena);
struct wire_value *wire_null(struct arena *arena);
struct wire_value *wire_bool(struct arena *arena, bool boolean);
struct wire_value *wire_int(struct arena *arena, int64_t integer);
struct wire_value *wire_uint(struct arena *arena, uint64_t integer); /* INT when it fits */
struct wire_value *wire_real(struct arena *arena, double real);
struct wire_value *wire_string(struct arena *arena, struct bytes string);
/* A deep copy, strings included. */
struct wire_value *wire_dup(struct arena *arena, const struct wire_value *value);

/* Adds value as the last member; returns value. The name is not checked for being new. A value is
 * linked into one tree only: wire_dup it for a second place. */
struct wire_value *wire_add(struct wire_value *object, struct bytes name, struct wire_value *value);
/* Replaces the member of that name in place, or adds it. */
struct wire_value *wire_set(struct wire_value *object, struct bytes name, struct wire_value *value);
struct wire_value *wire_push(struct wire_value *array, struct wire_value *element);
/* Takes the member out; false when there is none. */
bool wire_remove(struct wire_value *object, struct bytes name);

/* NULL when value is NULL, no object, or has no such member. */
struct wire_value *wire_get(const struct wire_value *object, struct bytes name);
/* The only member of an object that has exactly one, else NULL. */
struct wire_value *wire_only_member(const struct wire_value *object);
/* Deep equality; member order does not matter, INT 1 and REAL 1.0 differ. */
bool wire_equal(const struct wire_value *a, const struct wire_value *b);

static inline bool wire_is(const struct wire_value *value, enum wire_kind kind)
{
    return value != NULL && value->kind == kind;
}
/* The string, or absent when value is NULL or no string. */
static inline struct bytes wire_get_string(const struct wire_value *value)
{
    return wire_is(value, WIRE_STRING) ? value->string : BYTES_NONE;
}
/* The integer, or otherwise when value is NULL or no INT. */
static inline int64_t wire_get_int(const struct wire_value *value, int64_t otherwise)
{
    return wire_is(value, WIRE_INT) ? value->integer : otherwise;
}
static inline bool wire_get_bool(const struct wire_value *value, bool otherwise)
{
    return wire_is(value, WIRE_BOOL) ? value->boolean : otherwise;
}

/* The children of a value, if it has any; in two spellings: WIRE_FOR_EACH (child, parent) {...},
 * which formatters know, and for WIRE_EACH (child, parent) {...}. */
#define WIRE_EACH(child, parent)                                                                   \
    (const struct wire_value *child = (parent) == NULL ? NULL : (parent)->first; child != NULL;    \
     child = child->next)
#define WIRE_FOR_EACH(child, parent) for                                                           \
    WIRE_EACH(child, parent)

#endif
