/* SPDX-License-Identifier: Apache-2.0
 * Door of the room type: what resources, primitives and data types look like. Everything here is a
 * constant table, expanded from def/<name>.def; representations are wire_value trees whose member
 * names are the short names of TS-0004 clause 8.2. TS-0001 9.6, TS-0004 6.3, 7.4, 8.2. */
#ifndef TYPE_TYPE_H
#define TYPE_TYPE_H

#include "wire/wire.h"

/* Whether an attribute may or must stand in a request (TS-0004 7.4.x.1). Zero refuses. */
enum type_presence { TYPE_NP = 0, TYPE_O, TYPE_M };
enum type_announce { TYPE_NA = 0, TYPE_OA, TYPE_MA };
/* Multiplicity. ONE cannot be deleted by null. */
enum type_card { TYPE_OPTIONAL = 0, TYPE_ONE };

/* Operations that the API offers on a type; others answer 4005. */
enum type_operation_bit {
    TYPE_OP_CREATE = 1,
    TYPE_OP_RETRIEVE = 2,
    TYPE_OP_UPDATE = 4,
    TYPE_OP_DELETE = 8,
    TYPE_OP_NOTIFY = 16,
    TYPE_OP_DISCOVERY = 32 /* only as a privilege (TS-0004 6.3.4.2.29) */
};

enum type_cse_bit { TYPE_CSE_IN = 1, TYPE_CSE_MN = 2, TYPE_CSE_ASN = 4 };

/* How the store keeps resources of the type. */
enum type_storage {
    TYPE_STORAGE_TREE = 0, /* a node of the tree */
    TYPE_STORAGE_INSTANCE, /* one of very many leaves of the same parent, ordered by arrival */
    TYPE_STORAGE_NONE      /* virtual: nothing is kept */
};

/* Behaviour column: a type whose row says NONE answers 5001. */
enum type_behaviour { TYPE_BEHAVIOUR_NONE = 0, TYPE_BEHAVIOUR_IMPLEMENTED };

struct type_data; /* a data type: scalar, list, enumeration or structure */
/* Its oneM2M name ("m2m:timestamp"). */
const char *type_data_name(const struct type_data *data);
/* The data type of that oneM2M name, or NULL. */
const struct type_data *type_data_by_name(struct bytes name);

/* One identity per attribute name of the standard, e.g. ATTR_MAX_NR_OF_INSTANCES, whatever
 * resource types carry it. */
enum type_attr_id {
    ATTR_NONE = 0,
#define ATTR_NAME(id, long_name, short_name) ATTR_##id,
#include "type/def/attribute_names.def"
#undef ATTR_NAME
    ATTR_COUNT
};
/* Short name ("mni") and long name ("maxNrOfInstances"). */
struct bytes type_attr_short(enum type_attr_id id);
struct bytes type_attr_long(enum type_attr_id id);
/* ATTR_NONE for an unknown name. */
enum type_attr_id type_attr_by_short(struct bytes short_name);

struct type_attr {
    enum type_attr_id id;
    const struct type_data *data;
    enum type_card card;
    enum type_presence create, update;
    enum type_announce announce;
    uint8_t release;     /* first release that has it: 1..5 */
    const char *initial; /* default value as JSON text, or NULL */
};

struct type_child {
    uint32_t type;
    bool many;              /* 0..n, else 0..1 */
    const char *fixed_name; /* or NULL */
    uint8_t most;           /* how many there may be; 0 = no bound */
};

struct type_resource {
    uint32_t number;            /* value of ty; virtual resources have their memberType value */
    const char *name;           /* "container" */
    const char *member;         /* "m2m:cnt": member name of the representation; virtual: NULL */
    const char *specialization; /* mgmtDefinition or containerDefinition text, else NULL */
    uint32_t definition;        /* mgmtDefinition number of a mgmtObj specialisation, else 0 */
    unsigned operations;        /* enum type_operation_bit */
    unsigned cse_kinds;         /* enum type_cse_bit */
    enum type_storage storage;
    enum type_behaviour behaviour;
    const char *virtual_name; /* address segment of a virtual resource ("la"), else NULL */
    const struct type_attr *attributes;
    uint32_t attribute_count;
    const struct type_child *children;
    uint32_t child_count;
    const char *clause; /* "TS-0004 7.4.6" */
    uint8_t release;    /* first release that has the type */
    /* Of a mgmtObj specialisation: how many one node may have, 0 = no bound. */
    uint8_t most_below_node;
    uint32_t announced; /* number of the announced form, 0 = not announceable */
    /* By enum type_attr_id: index into attributes plus 1, 0 = no such attribute. */
    const uint8_t *rows;
};

/* Numbers of resource types: TYPE_CONTAINER = 3, ...; from def/resources.def. */
enum type_number {
#define RESOURCE_NUMBER(id, number) TYPE_##id = number,
#include "type/def/resource_numbers.def"
#undef RESOURCE_NUMBER
};

/* All resource types, specialisations of mgmtObj and announced variants included. */
const struct type_resource *type_resource_at(size_t index);
size_t type_resource_count(void);
/* The type of that number: for 13 and 28 the abstract one. NULL when unknown. */
const struct type_resource *type_by_number(uint32_t number);
/* By member name ("m2m:cnt", "m2m:fwr"), or NULL. */
const struct type_resource *type_by_member(struct bytes member);
/* A virtual child ("la", "ol", "fopt", "pcu", ...) of a resource of type parent, or NULL. */
const struct type_resource *type_virtual_child(const struct type_resource *parent,
                                               struct bytes segment);
/* The attribute's row in the type, or NULL. */
const struct type_attr *type_find(const struct type_resource *type, enum type_attr_id id);
const struct type_attr *type_find_short(const struct type_resource *type, struct bytes short_name);
/* The row of the child table, or NULL when such children are not allowed. */
const struct type_child *type_find_child(const struct type_resource *parent, uint32_t child);

/* ---- reading and writing representations ---- */
struct wire_value *type_get(const struct wire_value *resource, enum type_attr_id id);
/* Replaces or adds; value NULL removes. NO_MEMORY is seen as a NULL result when value was not. */
struct wire_value *type_set(struct wire_value *resource, enum type_attr_id id,
                            struct wire_value *value);
struct bytes type_get_string(const struct wire_value *resource, enum type_attr_id id);
int64_t type_get_int(const struct wire_value *resource, enum type_attr_id id, int64_t otherwise);
bool type_get_bool(const struct wire_value *resource, enum type_attr_id id, bool otherwise);

/* ---- checks (TS-0004 7.3.3.5 and 7.3.3.7) ---- */
struct type_options {
    uint8_t release;         /* newest release whose attributes are known: 2, 3, 4 */
    bool accept_missing_srv; /* decisions 24 */
};
/* The attributes of a CREATE: each known, allowed, present if mandatory, of its data type.
 * BAD_REQUEST, NOT_IMPLEMENTED; the note names the attribute. null stands only where the standard
 * gives it a meaning (creator). */
status type_check_create(const struct type_resource *type, const struct wire_value *resource,
                         const struct type_options *options);
/* The same for UPDATE; null deletes and is refused for ONE. */
status type_check_update(const struct type_resource *type, const struct wire_value *resource,
                         const struct type_options *options);
/* One value against one data type; BAD_REQUEST or NOT_IMPLEMENTED, the note says what is wrong. */
status type_check_value(const struct type_data *data, const struct wire_value *value);
/* Applies a checked UPDATE: replaces, adds, removes on null. NO_MEMORY. */
status type_merge(struct wire_value *resource, const struct wire_value *update,
                  struct arena *arena);

/* ---- content of primitives, XML (TS-0004 8.3) ---- */
/* Gives the untyped tree of an XML document (wire_xml_decode) the JSON form: lists become arrays,
 * texts become numbers and booleans, as the member's data type says. The only member of root is a
 * resource member name, a content wrapper ("m2m:uril", "m2m:sgn", ...) or m2m:rqp/m2m:rsp.
 * BAD_REQUEST for an unknown member or a text that does not fit. */
status type_from_xml(struct wire_value *root, struct arena *arena);
/* The reverse, and its writing: simple lists become blank-separated text, order is the schema's. */
status type_to_xml(const struct wire_value *root, struct arena *arena, struct buf *out);
/* Structured content other than resources: "m2m:sgn", "m2m:atrl", "m2m:rsp" ...; NULL if unknown.
 */
const struct type_data *type_wrapper_by_member(struct bytes member);

#endif
