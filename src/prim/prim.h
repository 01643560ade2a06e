/* SPDX-License-Identifier: Apache-2.0
 * Door of the room prim: request and response primitives, identifiers and addresses, content
 * formats, and the link over which a primitive travels. TS-0004 clauses 6.2, 6.4, 7.2.1, 8.2.2;
 * TS-0001 7.2, 8.1. */
#ifndef PRIM_PRIM_H
#define PRIM_PRIM_H

#include "sys/sys.h"
#include "type/type.h"

/* TS-0004 6.3.4.2.5 */
enum prim_operation {
    PRIM_NO_OPERATION = 0,
    PRIM_CREATE = 1,
    PRIM_RETRIEVE = 2,
    PRIM_UPDATE = 3,
    PRIM_DELETE = 4,
    PRIM_NOTIFY = 5
};
/* "CREATE" ... */
const char *prim_operation_name(enum prim_operation operation);

/* TS-0004 6.3.4.2.6 */
enum prim_response_type {
    PRIM_RT_ABSENT = 0,
    PRIM_NON_BLOCKING_SYNCH = 1,
    PRIM_NON_BLOCKING_ASYNCH = 2,
    PRIM_BLOCKING = 3,
    PRIM_FLEX_BLOCKING = 4,
    PRIM_NO_RESPONSE = 5
};

/* TS-0004 6.3.4.2.7 */
enum prim_result_content {
    PRIM_RCN_NOTHING = 0,
    PRIM_RCN_ATTRIBUTES = 1,
    PRIM_RCN_ADDRESS = 2,
    PRIM_RCN_ADDRESS_ATTRIBUTES = 3,
    PRIM_RCN_ATTRIBUTES_CHILDREN = 4,
    PRIM_RCN_ATTRIBUTES_CHILD_REFERENCES = 5,
    PRIM_RCN_CHILD_REFERENCES = 6,
    PRIM_RCN_ORIGINAL = 7,
    PRIM_RCN_CHILDREN = 8,
    PRIM_RCN_MODIFIED_ATTRIBUTES = 9,
    PRIM_RCN_SEMANTIC_CONTENT = 10,
    PRIM_RCN_ABSENT = 255
};

/* Serializations of content. */
enum prim_format { PRIM_FORMAT_NONE = 0, PRIM_JSON, PRIM_CBOR, PRIM_XML };

/* A list of texts, in the arena. */
struct prim_texts {
    const struct bytes *items;
    size_t count;
};

/* An attribute condition of a filter: attribute, childAttribute or parentAttribute. */
struct prim_attribute_condition {
    struct bytes name; /* short name */
    struct wire_value *value;
};
struct prim_attribute_conditions {
    const struct prim_attribute_condition *items;
    size_t count;
};
struct prim_numbers {
    const uint32_t *items;
    size_t count;
};

/* TS-0004 6.3.5.8. has_* and count tell presence; times are usec. */
struct prim_filter {
    bool present; /* any member was given */
    int64_t created_before, created_after, modified_since, unmodified_since; /* 0 absent */
    int64_t expire_before, expire_after;
    int64_t state_tag_smaller, state_tag_bigger; /* -1 absent */
    int64_t size_above, size_below;              /* -1 absent */
    struct prim_texts labels, child_labels, parent_labels;
    struct bytes labels_query;
    struct prim_numbers resource_types, child_resource_types, parent_resource_types;
    struct prim_texts content_types;
    struct prim_attribute_conditions attributes, child_attributes, parent_attributes;
    bool has_semantics, has_content_filter; /* smf; cfs/cfq: named, not supported here */
    uint32_t filter_usage;                  /* fu: 0 absent, 1, 2, 3 */
    uint32_t filter_operation;              /* fo: 0 absent, 1 AND, 2 OR */
    uint64_t limit, offset;                 /* 0 absent */
    int64_t level;                          /* -1 absent */
    struct bytes apply_relative_path;
};

struct prim_request {
    enum prim_operation operation;
    struct bytes to;
    struct bytes from; /* absent or empty when not given */
    struct bytes request_identifier;
    bool has_resource_type;
    uint32_t resource_type;
    struct wire_value *content;   /* pc: an object with one member, or NULL */
    struct bytes release_version; /* rvi; absent when not given */
    struct bytes vendor_information;
    struct bytes originating_timestamp, request_expiration, result_expiration,
        operation_execution_time, result_persistence; /* texts: absolute or relative */
    enum prim_response_type response_type;
    bool has_notification_uris;
    struct prim_texts notification_uris;
    enum prim_result_content result_content; /* PRIM_RCN_ABSENT when not given */
    uint32_t event_category;                 /* 0 absent */
    bool has_delivery_aggregation, delivery_aggregation;
    struct bytes group_request_identifier;
    struct prim_texts group_request_targets; /* grtm */
    struct prim_filter filter;
    uint32_t desired_identifier_result_type; /* drt: 0 absent, 1 structured, 2 unstructured */
    struct prim_texts attribute_list;        /* from To#attr or content m2m:atrl */
    struct prim_texts tokens, token_ids, local_token_ids, role_ids;
    bool token_request_indicator, semantic_query_indicator, has_semantic_query_indicator;
    bool has_authorization_signature; /* asi, aus, auri: named, may be ignored */
    enum prim_format format;          /* of the content as it came; NONE without content */
    enum prim_format accept[3];       /* wanted for the answer, best first; NONE-filled */
    bool accept_given;
};

struct prim_response {
    uint16_t rsc; /* 0: not answered yet */
    struct bytes request_identifier;
    struct wire_value *content; /* pc, or NULL */
    struct bytes from, to;      /* as in an aggregated response; mostly absent */
    struct bytes release_version, vendor_information;
    struct bytes originating_timestamp, result_expiration;
    uint32_t event_category;
    bool has_content_status;
    uint32_t content_status;       /* 1 partial */
    uint64_t content_offset;       /* 0 absent */
    struct bytes content_location; /* created resource, structured; bindings may use it */
    enum prim_format format;       /* the content leaves in this */
    bool target_removal_request;   /* trr of a notification's answer */
};

/* Defaults: absent members as the structs say; never leave a request merely zeroed. */
void prim_request_init(struct prim_request *request);

/* ---- the JSON form of primitives (TS-0004 8.4): polling, fan-out, request, outbox ---- */
/* Members as short names; the content is shared, not copied. NULL: no memory. */
struct wire_value *prim_request_encode(const struct prim_request *request, struct arena *arena);
struct wire_value *prim_response_encode(const struct prim_response *response, struct arena *arena);
/* BAD_REQUEST with a note for a member that is unknown or of the wrong type. */
status prim_request_decode(const struct wire_value *object, struct arena *arena,
                           struct prim_request *ret_request);
status prim_response_decode(const struct wire_value *object, struct arena *arena,
                            struct prim_response *ret_response);
/* One parameter or filter member by its query name, as bindings find them: name "rcn", "lbl",
 * "ty", "c.rn" ... Values of lists are joined by '+' or blank, and names of lists may repeat; an
 * attribute's short name is an attribute condition, its value a STRING. Parameters that stand
 * elsewhere (op, to, fr, rqi, pc, ...) are never set by a query. The value is copied.
 * BAD_REQUEST, NOT_IMPLEMENTED, NO_MEMORY. */
status prim_request_set(struct prim_request *request, struct bytes name, struct bytes value,
                        struct arena *arena);
/* The same for a parameter that a binding carries in a header or option of its own: fr rqi ty ot
 * rqet rset oet ec gid tkns aus rvi vsi. */
status prim_request_set_header(struct prim_request *request, struct bytes short_name,
                               struct bytes value, struct arena *arena);
/* rcn and other parameters that the operation does not take, and their combinations
 * (TS-0001 Table 8.1.2-1, TS-0004 7.2.1.1). BAD_REQUEST, NOT_IMPLEMENTED. */
status prim_request_check(const struct prim_request *request);

/* ---- content formats ---- */
/* PRIM_FORMAT_NONE for a media type we do not know; parameters after ';' are ignored. */
enum prim_format prim_format_of(struct bytes media_type);
/* Of a resource or other content ("application/json" ...), and the oneM2M one by what content is.
 */
const char *prim_media_type(enum prim_format format);
/* Decodes a body in any format to the JSON form. BAD_REQUEST, LIMIT, NO_MEMORY. */
status prim_content_decode(enum prim_format format, struct bytes body, const struct limits *limits,
                           struct arena *arena, struct wire_value **ret_content);
status prim_content_encode(enum prim_format format, const struct wire_value *content,
                           struct arena *arena, struct buf *out);

/* ---- identifiers (TS-0001 7.2, TS-0004 6.2.3) ---- */
/* Who I am: texts of the process. */
struct prim_self {
    struct bytes sp_id;     /* "//antipolis.example" */
    struct bytes cse_id;    /* "/id-in" */
    struct bytes cse_name;  /* "cse-in": resource name of the CSEBase */
    size_t identifier_size; /* limits.identifier-size; 0: its default */
    size_t path_depth;      /* limits.path-depth; 0: its default */
};

enum prim_id_kind {
    PRIM_ID_INVALID = 0,
    PRIM_ID_AE_C, /* AE-ID stem "C..." in any scope */
    PRIM_ID_AE_S,
    PRIM_ID_CSE,
    PRIM_ID_SP
};
/* Of an originator: what it is, and its absolute form ("//sp/cse/Cstem", "//sp/Sstem",
 * "//sp/cse", "//sp"). The result borrows an id that is absolute already. A '*' is no character of
 * an identifier (decisions 1). "/Sx" reads as an S-type AE-ID, unless it is this CSE's own id.
 * BAD_REQUEST, NO_MEMORY. */
status prim_id_canonical(struct bytes id, const struct prim_self *self, struct arena *arena,
                         enum prim_id_kind *ret_kind, struct bytes *ret_absolute);
/* The same for an entry of a stored rule, where '*' may stand in every part (TS-0003 Table
 * 7.1.3-2). Never for what a request carries. */
status prim_pattern_canonical(struct bytes pattern, const struct prim_self *self,
                              struct arena *arena, enum prim_id_kind *ret_kind,
                              struct bytes *ret_absolute);

/* Where To points. */
struct prim_address {
    bool ours;                  /* this CSE hosts it (or should) */
    struct bytes sp_id, cse_id; /* absent when CSE-relative */
    bool is_structured;         /* begins with the CSEBase name or "-" */
    struct bytes local;     /* CSE-relative rest: "cse-in/ae1/cnt/la" or "cnt123/la"; "-" replaced
                               by the CSEBase name; empty for the CSEBase itself ("/id-in") */
    struct bytes attribute; /* after '#', or absent */
};
/* BAD_REQUEST for a syntax error. No resource is looked up; what is not ours keeps its '-'. One
 * trailing '/' is ignored. The result borrows to. */
status prim_address_parse(struct bytes to, const struct prim_self *self, struct arena *arena,
                          struct prim_address *ret_address);
/* m2m:resourceName. */
bool prim_is_resource_name(struct bytes name);

/* ---- links: how a primitive travels, both ways ---- */
/* What a binding knows of the peer; filled before the call is handed over. */
struct prim_peer {
    struct sys_address address;
    bool has_address;
    bool has_association;     /* the listener proved somebody (later: evidence stands here) */
    bool is_confidential;     /* inside TLS */
    bool admits_unassociated; /* the listener's configuration lets unassociated originators in */
    const char *binding;      /* "http" ... */
    uint64_t connection;      /* number for the log */
};

/* One request under way, and its answer. Owned by who sends it. */
struct prim_call {
    struct arena *arena;      /* everything in request and response lives here; the sender's */
    struct prim_peer peer;    /* incoming: who sent it */
    struct bytes destination; /* outgoing: URL of the next hop (poa or notification URI) */
    struct bytes content_format_hint; /* outgoing: from "?ct=", or absent */
    int64_t deadline;                 /* usec, 0 = the receiver's default */
    struct prim_request request;
    struct prim_response response;
    status transport; /* outgoing: OK when an answer came, else why not */
    /* Called exactly once, on the loop that sent it, never inside send. */
    void (*done)(struct prim_call *call);
    void *user;     /* the sender's */
    void *receiver; /* the receiver's */
};

/* A receiver of calls: the pipeline for what comes in, a binding's client for what goes out. */
struct prim_link {
    /* Takes the call until done is called. */
    void (*send)(struct prim_link *link, struct prim_call *call);
    /* The sender lost interest: done is still called, soon, with CANCELLED. */
    void (*cancel)(struct prim_link *link, struct prim_call *call);
    void *user;
};

#endif
