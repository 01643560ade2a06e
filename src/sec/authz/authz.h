/* SPDX-License-Identifier: Apache-2.0
 * Door of the room authz: yes or no. TS-0003 7.1 (reference algorithm 7.1.5), TS-0001 9.6.2,
 * TS-0004 7.3.3.15. The decision is a pure function of compiled rules and facts: no I/O, no clock,
 * no allocation. */
#ifndef SEC_AUTHZ_AUTHZ_H
#define SEC_AUTHZ_AUTHZ_H

#include "prim/prim.h"

enum authz_verdict { AUTHZ_DENY = 0, AUTHZ_PERMIT };

/* The five predicates of the formula in TS-0003 7.1.5, in its order. */
enum authz_predicate {
    AUTHZ_PREDICATE_NONE = 0,
    AUTHZ_AUTHENTICATION,
    AUTHZ_ORIGINATORS,
    AUTHZ_OPERATIONS,
    AUTHZ_CONTEXTS,
    AUTHZ_OBJECT_DETAILS,
    AUTHZ_PREDICATE_COUNT
};
/* The standard's long name of what the predicate looks at ("accessControlOriginators"); "none". */
const char *authz_predicate_name(enum authz_predicate predicate);

/* A set of access control rules, compiled; constant afterwards; may be shared by threads. */
struct authz_rules;

/* From an m2m:setOfAcrs ({"acr":[...]}), wire form. Everything goes into the arena.
 * BAD_REQUEST for what no rule may say (acop 0 or above 63, region with both or no members,
 * address or window that does not parse, ...), NOT_IMPLEMENTED for rule members of later releases
 * (aca, acui, acec, acl), LIMIT for too many rules. An empty set compiles and permits nobody. */
status authz_rules_compile(const struct wire_value *set_of_acrs, const struct prim_self *self,
                           const struct limits *limits, struct arena *arena,
                           const struct authz_rules **ret_rules);
size_t authz_rules_count(const struct authz_rules *rules);
/* Group resource identifiers that the rules name, to be resolved before deciding. */
struct prim_texts authz_rules_groups(const struct authz_rules *rules);

/* A group that a rule names, resolved by the caller. */
struct authz_group {
    struct bytes id;           /* as the rule spells it */
    bool known;                /* false: could not be fetched; matches nobody */
    struct prim_texts members; /* absolute identifiers of the AEs and CSEs it stands for */
};

/* What is known about one request. Unknown facts make the predicates that need them false. */
struct authz_facts {
    struct bytes originator; /* absolute form (prim_id_canonical) */
    bool authenticated;      /* rq_authn */
    uint32_t operation;      /* one enum type_operation_bit */
    int64_t time;            /* usec, at reception */
    bool has_address;
    struct sys_address address;
    bool has_location;
    double latitude, longitude;
    struct bytes country;           /* absent = unknown */
    uint32_t target_type;           /* ty of the target (the parent, for CREATE) */
    struct bytes target_definition; /* mgmtDefinition as decimal text, or containerDefinition */
    uint32_t child_type;            /* CREATE: ty of the new resource */
    struct prim_texts roles;        /* confirmed Role-IDs */
    const struct authz_group *groups;
    size_t group_count;
};

/* The rule that decided, or how far each rule got. */
struct authz_decision {
    enum authz_verdict verdict;
    size_t rule;             /* index of the permitting rule */
    bool depends_on_time;    /* a window was looked at: do not keep the verdict */
    bool depends_on_context; /* address, location, authentication, role or group was looked at */
};

struct authz_decision authz_decide(const struct authz_rules *rules,
                                   const struct authz_facts *facts);
/* For explain: the first predicate of rule that is false, or AUTHZ_PREDICATE_NONE when the rule
 * permits. */
enum authz_predicate authz_explain_rule(const struct authz_rules *rules, size_t rule,
                                        const struct authz_facts *facts);

/* Extended crontab of TS-0004 7.4.9.1, shared with schedules. BAD_REQUEST. */
status authz_window_check(struct bytes schedule_entry);

#endif
