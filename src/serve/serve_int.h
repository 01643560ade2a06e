/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room serve share among themselves. */
#ifndef SERVE_SERVE_INT_H
#define SERVE_SERVE_INT_H

#include <string.h>

#include "serve/serve.h"

#define SERVE_SMALL_NUMBERS 128
#define SERVE_ORIGINATOR_MAX 96
#define SERVE_MEMO_SLOTS 16

struct serve_policies; /* compiled policies and who is registered, of one thread */
struct serve_nodes;    /* nodes that one thread looked up */

struct serve {
    struct serve_config config;
    const struct sys_clock *clock;
    struct store *store;
    const struct serve_behaviour *behaviour;
    const struct serve_ops *by_number[SERVE_SMALL_NUMBERS];
    uint32_t marked_types[SERVE_SMALL_NUMBERS]; /* with on_delete, or that decisions rest on */
    size_t marked_count;
    void *user;
    struct sys_mutex *mutex; /* guards the members below */
    struct serve_worker *workers;
    struct serve_group_seen *group_seen;
    uint64_t policy_version; /* grows after each commit that touched what decisions rest on */
    struct serve_policies *writer_policies; /* the writer's alone; not guarded */
    struct serve_nodes *writer_nodes;       /* the same */
};

struct serve_worker {
    struct serve *serve;
    struct serve_worker *next;
    struct sys_loop *loop;
    struct store_view *view;
    unsigned view_depth;
    uint64_t entered_version; /* of the policies, when the view was begun */
    struct serve_policies *policies;
    struct serve_nodes *nodes;
    struct store_job *jobs, *last_job; /* of this turn, for the writer */
    struct serve_outgoing *outgoing;
    size_t outgoing_count;
    struct prim_link link;
    void *user;
    struct exchange *incoming, *last_incoming;
    bool incoming_posted;
    struct prim_call *undeliverable, *last_undeliverable; /* serve_send without a link; receiver
                                                             links them */
    uint64_t in_flight;
    struct exchange *sleepers; /* until their operation execution time */
    bool draining;
    void (*idle)(void *user);
    void *idle_user;
    struct sys_mutex *mutex;                   /* guards the members below */
    struct exchange *finished, *last_finished; /* store jobs that came back */
    bool finished_posted;
    struct serve_counters counters;
};

/* ---- pipeline.c ---- */
enum serve_stage {
    SERVE_STAGE_CHECK_REQUEST = 0,
    SERVE_STAGE_IDENTIFY,
    SERVE_STAGE_CHOOSE_MODE,
    SERVE_STAGE_ROUTE,
    SERVE_STAGE_LOCATE,
    SERVE_STAGE_AUTHORIZE,
    SERVE_STAGE_DELEGATE,
    SERVE_STAGE_CHECK_CONTENT,
    SERVE_STAGE_VERIFY,
    SERVE_STAGE_PERFORM,
    SERVE_STAGE_PLAN_EFFECTS,
    SERVE_STAGE_COMMIT,
    SERVE_STAGE_RESPOND,
    SERVE_STAGE_COUNT
};
/* Runs on the loop until the exchange waits or is answered; x must not be touched afterwards. */
void serve_pipeline_run(struct exchange *x);
/* The rows that run on the writer, inside a store job. */
status serve_pipeline_run_job(struct exchange *x);
const char *serve_stage_name(size_t stage);

/* ---- one function per stage ---- */
status serve_check_request(struct exchange *x);
status serve_identify(struct exchange *x);
status serve_choose_mode(struct exchange *x);
status serve_route(struct exchange *x);
/* An exchange that sleeps until its operation execution time sleeps no more; false: it did not. */
bool serve_wake_up(struct exchange *x);
/* The server stops: those that sleep are refused. */
void serve_end_sleep(struct serve_worker *worker);
status serve_locate(struct exchange *x);
status serve_authorize_stage(struct exchange *x);
status serve_delegate(struct exchange *x);
status serve_check_content(struct exchange *x);
status serve_verify(struct exchange *x);
status serve_perform(struct exchange *x);
status serve_plan_effects(struct exchange *x);
status serve_commit(struct exchange *x);
status serve_respond(struct exchange *x);

/* ---- perform_*.c, retrieve.c, discover.c, notify.c ---- */
status serve_perform_create(struct exchange *x);
status serve_perform_update(struct exchange *x);
status serve_perform_delete(struct exchange *x);
status serve_perform_retrieve(struct exchange *x);
status serve_perform_notify(struct exchange *x);
status serve_discover(struct exchange *x);
bool serve_is_discovery(const struct exchange *x);
bool serve_changes(const struct exchange *x); /* CREATE, UPDATE, DELETE */

/* The representation with type hooks applied, as an answer shows it. OPERATION_NOT_ALLOWED when
 * the type hides it. */
status serve_show(struct exchange *x, struct serve_resource *resource,
                  struct wire_value **ret_representation);
/* {"m2m:xyz": representation} */
struct wire_value *serve_wrap(struct exchange *x, const struct type_resource *type,
                              struct wire_value *representation);
/* Result content of RETRIEVE and DELETE by rcn (children.c). */
status serve_content_with_children(struct exchange *x, enum prim_result_content rcn,
                                   struct wire_value **ret_content);
/* CSE-relative identifier of a row in the form that drt asks for. */
struct bytes serve_row_address(const struct exchange *x, const struct store_row *row);
/* {"nm","typ","val"} of a child reference. NULL: no memory. */
struct wire_value *serve_child_reference(struct exchange *x, struct serve_resource *resource);

/* ---- resource.c, body.c ---- */
/* Wraps a row whose strings live as long as the exchange's arena. */
status serve_resource_of_row(struct exchange *x, const struct store_row *row,
                             struct serve_resource *ret_resource);
/* The same for a row that a visit borrowed: copies what it needs. */
status serve_row_dup(struct exchange *x, const struct store_row *row, struct store_row *ret_row);
status serve_row_copy(struct arena *arena, const struct store_row *row, struct store_row *ret_row);
bool serve_has_expired(const struct exchange *x, const struct store_row *row);
bool serve_is_column(enum type_attr_id id);
/* Stored form of the attributes, and the index keys. In the arena. */
status serve_body_encode(struct exchange *x, const struct wire_value *attributes,
                         struct bytes *ret_body);
status serve_body_keys(struct exchange *x, const struct type_resource *type,
                       const struct wire_value *attributes, const struct store_key **ret_keys,
                       size_t *ret_count);
/* Text of a scalar as the index and filters see it; absent for others. */
struct bytes serve_scalar_text(struct exchange *x, const struct wire_value *value);
#define SERVE_KEY_MAX 128 /* longer values are not indexed */
/* A time as m2m:timestamp, with a fraction only where there is one. */
struct wire_value *serve_timestamp(struct arena *arena, int64_t usec);
/* Result of the request's et: capped by the parent and the configuration; requested 0 = none. */
int64_t serve_expiration(const struct exchange *x, const struct serve_resource *parent,
                         int64_t requested);

/* Finds what an address of this CSE denotes. A virtual resource gives its parent, its type and
 * what follows its name. NOT_FOUND. */
struct serve_found {
    struct serve_resource resource;
    const struct type_resource *virtual_type;
    struct bytes virtual_rest;
};
status serve_find(struct exchange *x, const struct prim_address *address,
                  struct serve_found *ret_found);

/* ---- nodes.c ---- */
struct serve_nodes *serve_nodes_new(void); /* NULL: no memory */
void serve_nodes_free(struct serve_nodes *nodes);
/* Keeps at most limit by path (tests); how many there are. */
void serve_nodes_limit(struct serve_nodes *nodes, size_t limit);
size_t serve_nodes_count(const struct serve_nodes *nodes);
/* Forgets all when version is not the one they were looked up under. */
void serve_nodes_refresh(struct serve_nodes *nodes, uint64_t version);
/* The resource of that path, as the exchange may see it: on a loop, for a change, without the
 * present lt, state tag and counters. NOT_FOUND. */
status serve_node_by_path(struct exchange *x, struct bytes path,
                          struct serve_resource *ret_resource);

/* ---- group_seen.c ---- */
struct serve_group_seen; /* (group request identifier, target) pairs of late; guarded by the caller
                          */
struct serve_group_seen *serve_group_seen_new(int64_t period); /* NULL: no memory */
void serve_group_seen_free(struct serve_group_seen *seen);
/* GROUP_REQUEST_IDENTIFIER_EXISTS, or remembers the pair. */
status serve_group_seen_add(struct serve_group_seen *seen, struct bytes pair, int64_t now);

/* ---- filter.c ---- */
/* BAD_REQUEST, NOT_IMPLEMENTED for conditions that cannot be used. */
status serve_filter_check(const struct prim_filter *filter);
/* One more row is looked at, of a discovery or of a condition on children; false: it has been
 * enough, the loop serves others too. */
bool serve_may_look(struct exchange *x, const struct store_row *row);
bool serve_filter_has_conditions(const struct prim_filter *filter);
/* Whether resource meets the conditions; may read the resource, its parent and its children. */
status serve_filter_match(struct exchange *x, const struct prim_filter *filter,
                          struct serve_resource *resource, bool *ret_match);
/* Conditional operations (7.3.3.1): NOT_FOUND when the target does not meet the conditions. */
status serve_ensure_match(struct exchange *x);
/* labels_query.c: labels is the attribute (may be NULL). */
bool serve_labels_query_match(struct bytes query, const struct wire_value *labels);
status serve_labels_query_check(struct bytes query);

/* ---- policy.c ---- */
struct serve_policy {
    struct bytes ri; /* absent when nothing governs under that id */
    bool found;
    int64_t et;       /* 0 = never */
    int64_t stale_at; /* the first group that it names expires then; 0 = none does */
    const struct authz_rules *privileges, *self_privileges;
    const struct authz_group *groups, *self_groups;
    size_t group_count, self_group_count;
    struct serve_decision_memo *memos; /* SERVE_MEMO_SLOTS */
    struct arena *arena;
};
struct serve_decision_memo {
    bool used, self;
    uint32_t operation, child_type, target_type;
    bool authenticated;
    size_t originator_len;
    char originator[SERVE_ORIGINATOR_MAX];
    struct authz_decision decision;
};
status serve_policies_new(struct serve_policies **ret_policies);
void serve_policies_free(struct serve_policies *policies);
void serve_policies_clear(struct serve_policies *policies);
/* Clears when the version is not the one that filled it. */
void serve_policies_refresh(struct serve_policies *policies, uint64_t version);
/* The policy that id names, in the exchange's view. NO_MEMORY, STORE_FAILED; an id that leads
 * nowhere gives a policy with found false. */
status serve_policy_get(struct exchange *x, struct bytes id, struct serve_policy **ret_policy);
/* Whether an AE of that identifier stem is registered here now. */
status serve_is_registered(struct exchange *x, struct bytes stem, bool *ret_registered);
struct serve_policies *serve_policies_of(struct exchange *x);
/* A change of this type may change decisions. */
bool serve_is_policy_input(const struct type_resource *type);
bool serve_is_policy(const struct type_resource *type); /* governed by its own pvs */

/* ---- authorize.c ---- */
/* Facts of the exchange about a request of who on resource. */
void serve_facts(struct exchange *x, const struct auth_context *who,
                 struct serve_resource *resource, struct authz_facts *ret_facts);
/* Which rules govern a resource (TS-0003 7.1.3, TS-0001 9.6.1.3.2). */
struct serve_governing {
    const struct wire_value *policy_ids; /* union of their privileges; or NULL: */
    struct bytes own_policy; /* ri of the policy whose selfPrivileges govern; or absent: */
    struct bytes owner;      /* default policy: full access for this one; may be absent */
    struct bytes governed;   /* ri of the resource where the rules were found */
};
status serve_governing_find(struct exchange *x, struct serve_resource *resource,
                            struct serve_governing *ret_governing);
/* UPDATE of acpi: the right in selfPrivileges of the policies linked now. */
status serve_authorize_links(struct exchange *x, struct serve_resource *resource);

/* ---- worker.c, commit.c, audit.c ---- */
void serve_worker_enter(struct serve_worker *worker); /* the view stands until leave; nests */
void serve_worker_leave(struct serve_worker *worker);
/* Pushes an exchange whose job is over; any thread. */
void serve_worker_push_finished(struct exchange *x);
/* Wakes the loops whose jobs are over; on the writer, after each commit. */
void serve_batch_told(void *serve);
/* x->job goes to the writer when the loop leaves its view. */
void serve_worker_hand_over(struct exchange *x);
void serve_worker_take_finished(void *user);
bool serve_worker_is_stuck(struct serve_worker *worker);
/* intake.c: the link that bindings hand requests to. */
void serve_link_send(struct prim_link *link, struct prim_call *call);
void serve_link_cancel(struct prim_link *link, struct prim_call *call);
/* Answers: counters, log, done. x is gone afterwards. */
void serve_finish(struct exchange *x);
void serve_job_prepare(struct exchange *x, struct store_view *view);
void serve_job_over(struct exchange *x, status result);     /* on the writer, after the commit */
void serve_task_over(struct exchange *x);                   /* a job of task.c came back */
void serve_log_failure(struct exchange *x, status failure); /* with this thread's note */
void serve_audit_identity(struct exchange *x, status verdict);
void serve_audit_decision(struct exchange *x, status verdict);
void serve_log_request(struct exchange *x);

/* ---- resource changes shared by stages and hooks (change.c) ---- */
struct serve_draft {
    const struct serve_resource *parent;
    const struct type_resource *type;
    struct bytes ri, rn; /* absent: chosen */
    struct wire_value *attributes;
    int64_t et, state_tag, size;
    struct bytes owner;
    bool set_parent_state_tag; /* of an instance: the parent's new state tag */
    int64_t parent_state_tag;
};
status serve_insert(struct exchange *x, const struct serve_draft *draft,
                    struct serve_resource *ret_resource);
/* Takes universal and counted attributes out of attributes; they are columns. */
void serve_strip_columns(const struct type_resource *type, struct wire_value *attributes);

#endif
