/* SPDX-License-Identifier: Apache-2.0
 * The compiled form of access control rules and the steps that make and read it. TS-0003 7.1.3,
 * 7.1.5. Everything lives in the arena of the compilation and is constant afterwards. */
#ifndef SEC_AUTHZ_AUTHZ_INT_H
#define SEC_AUTHZ_AUTHZ_INT_H

#include "sec/authz/authz.h"

/* What one entry of accessControlOriginators stands for. Zero matches nobody. */
enum authz_originator_kind {
    AUTHZ_NOBODY = 0,
    AUTHZ_EVERYBODY, /* "all" */
    AUTHZ_DOMAIN,    /* text: fqdn without "//" */
    AUTHZ_ENTITY,    /* text: absolute identifier */
    AUTHZ_PATTERN,   /* text: absolute identifier with "*" */
    AUTHZ_GROUP,     /* text: as the rule spells it */
    AUTHZ_ROLE       /* text: Role-ID */
};

struct authz_originator {
    enum authz_originator_kind kind;
    uint32_t group; /* position in authz_rules.groups */
    struct bytes text;
};

struct authz_years {
    uint16_t first, last, step;
};

/* One extended crontab entry (TS-0004 7.4.9.1); bit n stands for the value n. Zero never opens. */
struct authz_window {
    uint64_t seconds, minutes;
    uint32_t hours, days;
    uint16_t months;
    uint8_t weekdays;
    uint32_t year_count;
    const struct authz_years *years;
};

/* The first bits of an address. */
struct authz_prefix {
    bool is_v6;
    uint8_t bits;
    uint8_t ip[16];
};

enum authz_region_kind { AUTHZ_REGION_NOWHERE = 0, AUTHZ_REGION_CIRCLE, AUTHZ_REGION_COUNTRIES };

struct authz_country {
    char code[2];
};

struct authz_region {
    enum authz_region_kind kind;
    double latitude, longitude, radius; /* degrees, metres */
    uint32_t country_count;
    const struct authz_country *countries;
};

struct authz_context {
    bool has_windows, has_addresses,
        has_region; /* false: the member is absent and limits nothing */
    uint32_t window_count, prefix_count;
    const struct authz_window *windows;
    const struct authz_prefix *prefixes;
    struct authz_region region;
};

struct authz_object {
    bool has_type, has_definition;
    bool is_container_definition; /* else mgmtDefinition, as decimal text */
    uint32_t type;
    struct bytes definition;
    struct prim_numbers child_types;
};

struct authz_rule {
    bool needs_authentication;
    uint32_t operations; /* enum type_operation_bit */
    uint32_t originator_count, context_count, object_count;
    const struct authz_originator *originators;
    const struct authz_context *contexts;
    const struct authz_object *objects;
};

struct authz_rules {
    size_t count;
    const struct authz_rule *rules;
    struct prim_texts groups;
};

/* What a compilation carries along. */
struct authz_compiler {
    const struct prim_self *self;
    const struct limits *limits;
    struct arena *arena;
    struct bytes *groups; /* NULL before the first; room for limits.acp_entries */
    size_t group_count;
};

/* ---- steps of a compilation ---- */
/* An array of at most limits.acp_entries elements; what names it in the note. BAD_REQUEST, LIMIT.
 */
status authz_check_list(const struct authz_compiler *compiler, const struct wire_value *value,
                        const char *what);
status authz_originator_compile(struct authz_compiler *compiler, const struct wire_value *value,
                                struct authz_originator *ret_originator);
status authz_context_compile(struct authz_compiler *compiler, const struct wire_value *value,
                             struct authz_context *ret_context);
/* The years are the arena's. BAD_REQUEST, LIMIT, NO_MEMORY. */
status authz_window_compile(struct bytes entry, struct arena *arena,
                            struct authz_window *ret_window);
/* "10.0.0.0/8" or "fd00::/8"; without a suffix the whole address counts. BAD_REQUEST. */
status authz_prefix_compile_v4(struct bytes text, struct authz_prefix *ret_prefix);
status authz_prefix_compile_v6(struct bytes text, struct authz_prefix *ret_prefix);
status authz_region_compile(struct authz_compiler *compiler, const struct wire_value *value,
                            struct authz_region *ret_region);

/* ---- reading it ---- */
bool authz_originator_match(const struct authz_originator *originator,
                            const struct authz_facts *facts);
/* "*" in pattern stands for any run without "/"; text is literal. */
bool authz_pattern_match(struct bytes pattern, struct bytes text);
bool authz_window_match(const struct authz_window *window, const struct civil_time *time);
bool authz_prefix_match(const struct authz_prefix *prefix, const struct sys_address *address);
bool authz_region_match(const struct authz_region *region, const struct authz_facts *facts);

/* A predicate of the formula. decision takes note of what was looked at. */
typedef bool authz_predicate_fn(const struct authz_rule *rule, const struct authz_facts *facts,
                                struct authz_decision *decision);
/* The first predicate that is false, or AUTHZ_PREDICATE_NONE: the rule permits. */
enum authz_predicate authz_rule_evaluate(const struct authz_rule *rule,
                                         const struct authz_facts *facts,
                                         struct authz_decision *decision);

#endif
