/* SPDX-License-Identifier: Apache-2.0
 * Door of the room serve: the pipeline that every server runs. One exchange travels through one
 * table of stages (pipeline.c). TS-0004 7.2.2.2 and 7.3.3.
 *
 * Threads: an exchange belongs to one worker's loop, except while its store job runs on the
 * writer; then only the writer touches it. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "prim/prim.h"
#include "sec/authn/authn.h"
#include "sec/authz/authz.h"
#include "store/store.h"

struct serve;        /* one server: configuration, store, type behaviour; shared by its workers */
struct serve_worker; /* one loop of a server: read view, caches, calls in flight */
struct exchange;

/* ---- resources as the pipeline sees them ---- */
struct serve_resource {
    struct store_row row;
    const struct type_resource *type;
    struct wire_value *attributes; /* the stored attributes (those that are not columns of the row);
                                      NULL until serve_resource_read */
};

/* Decodes row.body into attributes (once). */
status serve_resource_read(struct exchange *x, struct serve_resource *resource);
/* The whole representation ({"rn":..,"ty":..,...}, without the enclosing member): universal and
 * counted attributes from the row, the rest from attributes. A fresh object in the arena. */
status serve_resource_represent(struct exchange *x, struct serve_resource *resource,
                                struct wire_value **ret_representation);
/* Looks a resource up in the view the exchange now uses. NOT_FOUND. id: any addressing form that
 * denotes a resource of this CSE. */
status serve_resource_find(struct exchange *x, struct bytes id,
                           struct serve_resource *ret_resource);
status serve_resource_parent(struct exchange *x, const struct serve_resource *resource,
                             struct serve_resource *ret_parent);
/* Whether a resource has a child of that type, expired or not; on the writer nearly free when it
 * had none before. */
status serve_has_child(struct exchange *x, int64_t parent_id, uint32_t type, bool *ret_has);

/* ---- what a change did: input of plan_effects ---- */
enum serve_event_kind {
    SERVE_RESOURCE_CREATED, /* of a child: parent is set */
    SERVE_RESOURCE_UPDATED, /* before and modified are set */
    SERVE_RESOURCE_DELETED, /* parent is set, if there is one; the root of a deletion first, then of
                               what lay below it those whose type has on_delete or that decisions
                               rest on, and the resources they stood below */
    SERVE_RESOURCE_RETRIEVED
};
struct serve_event {
    enum serve_event_kind kind;
    struct serve_resource resource; /* after the change; as it was, for DELETED */
    struct wire_value *before;      /* UPDATED: representation before */
    struct wire_value *modified;    /* UPDATED: changed attributes, null for deleted ones */
    struct serve_resource parent;
    bool silent; /* instance removed by mni/mbs: no notification */
    struct serve_event *next;
};

/* ---- the exchange ---- */
struct exchange {
    struct prim_call *call; /* request, response, peer; its arena is x->arena */
    struct arena *arena;
    struct serve_worker *worker;
    struct serve *serve;
    int64_t received;        /* usec */
    int64_t deadline;        /* usec: request expiration or the default */
    int64_t result_deadline; /* rset, 0 none */
    struct auth_context who;
    struct prim_address address;
    struct serve_resource target; /* the addressed resource; for a virtual one its parent */
    const struct type_resource *virtual_type; /* la, ol, fopt, pcu ...; NULL for ordinary ones */
    struct bytes virtual_rest;                /* what follows "fopt/" */
    const struct type_resource *new_type;     /* CREATE */
    struct wire_value *representation;        /* CREATE, UPDATE: the attributes in the content;
                                                 hooks may add to it */
    struct bytes assigned_ri;      /* CREATE: set by a hook that chooses the identifier (AE) */
    struct serve_resource created; /* after perform of CREATE */
    struct serve_event *events, *last_event;
    struct store_view *view; /* the loop's read view, or the writer's during the job */
    bool in_job;             /* true on the writer */
    /* outcome */
    uint16_t rsc;                     /* success code; 0 until perform */
    struct wire_value *result;        /* content of the answer, or NULL: respond builds it by rcn */
    bool has_result;                  /* a hook has set result (even to NULL) */
    struct wire_value *changed_by_us; /* rcn 9: attributes that differ from the request */
    bool partial;                     /* cnst: the answer holds only a part */
    uint64_t next_offset;             /* cnot: where a next request goes on */
    status failure;                   /* why the exchange is answered with an error */
    /* how the decision went, for audit and explain */
    struct authz_decision decision;
    struct bytes deciding_policy; /* ri of the policy that permitted; absent: another rule */
    const char *deciding_stage;   /* "privileges", "selfPrivileges", "creator", "parent", ... */
    /* CREATE: columns of the row to be; perform sets them, on_create may change them */
    struct bytes owner; /* absolute identity that the new resource belongs to */
    int64_t new_et, new_state_tag, new_size;
    int64_t new_parent_state_tag; /* of an instance: the state tag its parent gets; -1 none */
    /* the pipeline's */
    int64_t now;         /* usec: this moment's time, the same for all stages of a run */
    bool group_checked;  /* the group request identifier was looked at */
    bool internal_call;  /* came through serve_submit_internal(internal) */
    bool at_writer;      /* the writer has it: nothing of it is touched on the loop */
    bool verified;       /* verify has asked and was answered: not asked again */
    bool planned;        /* something for effects_committed; a hook that writes messages sets it */
    bool touches_policy; /* changed something that decisions rest on */
    unsigned job_runs;
    uint64_t looked_octets;  /* of stored attributes that a filter has looked at, and rows */
    size_t posted_octets;    /* of messages that this change has put into the outbox */
    int64_t execute_at;      /* oet, 0 none */
    struct sys_timer *timer; /* waits for execute_at */
    struct serve_resource parent_memo; /* the parent looked up last, in the present view */
    struct wire_value *before;         /* UPDATE: representation before */
    size_t stage;
    struct store_job job;
    void *task;                 /* a job of the server itself, else NULL */
    void *hook_state;           /* for a hook that waits */
    struct exchange *next;      /* of whoever holds it while it waits */
    struct exchange *before_me; /* the same, of those that sleep until a time */
    bool cancelled;
};

/* ---- behaviour of a type: NULL is the generic procedure, as the clause says ---- */
struct serve_ops {
    uint32_t type; /* ty, or memberType value of a virtual resource */
    /* Loop and writer. A virtual resource that stands for another one (latest, oldest): puts that
     * one into x->target and clears x->virtual_type. NOT_FOUND. */
    status (*locate)(struct exchange *x);
    /* Loop and writer. Types with an access rule of their own (TS-0001 9.6.1.3.2: pollingChannel,
     * its URI, fan-out point): replaces the linked policies in every decision about resource; for a
     * virtual type resource is its parent. OK or ORIGINATOR_HAS_NO_PRIVILEGE; may call
     * serve_authorize_by. */
    status (*authorize)(struct exchange *x, const struct auth_context *who,
                        struct serve_resource *resource, uint32_t operation, uint32_t child_type);
    /* Loop. Virtual resources and others that answer by other exchanges: sets x->rsc and
     * x->result and returns OK (then the pipeline goes on at respond), or PENDING and later
     * serve_resume. */
    status (*delegate)(struct exchange *x);
    /* Loop, and again on the writer (x->in_job): TS-0004 Recv-6.4, type-specific part. x->target
     * is the parent for check_create. Must not change anything that cannot be done twice. */
    status (*check_create)(struct exchange *x);
    status (*check_update)(struct exchange *x);
    status (*check_delete)(struct exchange *x);
    /* Loop: may ask somebody first: PENDING and serve_resume; after serve_resume(OK) the exchange
     * starts again at locate and verify is not called a second time. CREATE: of the new type. */
    status (*verify)(struct exchange *x);
    /* Loop: the sender lost interest while delegate or verify waits. May call serve_resume. */
    void (*cancelled)(struct exchange *x);
    /* Writer, inside the transaction. on_create: before the insert, completes x->representation
     * (NP attributes) ; created: after it, x->created is set. */
    status (*on_create)(struct exchange *x);
    status (*created)(struct exchange *x);
    status (*on_update)(struct exchange *x); /* before the update is stored; x->representation */
    status (*updated)(struct exchange *x);
    status (*on_delete)(struct exchange *x, struct serve_resource *resource); /* each one deleted */
    /* Loop: may add to or replace the representation that an answer will show. */
    status (*on_retrieve)(struct exchange *x, struct serve_resource *resource,
                          struct wire_value *representation);
    status (*on_notify)(struct exchange *x); /* loop; OK with x->rsc, or PENDING */
    /* A child of another type is about to be inserted below a resource of this type, or was
     * deleted: writer; child is the representation (CREATE) resp. NULL. */
    status (*on_child_create)(struct exchange *x, struct serve_resource *parent);
    status (*on_child_delete)(struct exchange *x, struct serve_resource *parent,
                              const struct serve_resource *child);
};

/* What one server (CSE, MAF, ...) brings to the pipeline. */
struct serve_behaviour {
    const struct serve_ops *const *ops; /* one per type with behaviour beyond the generic */
    size_t ops_count;
    /* Writer: turns x->events into outbox messages, in the same transaction. Takes x->events away
     * when nothing came of them: then effects_committed is not called for their sake. */
    status (*plan_effects)(struct exchange *x);
    /* Writer: after a commit that planned something (so that senders look), on the worker's loop.
     */
    void (*effects_committed)(struct serve_worker *worker);
    /* Loop: a non-blocking request: sets x->rsc and answers early. PENDING when it took over. */
    status (*choose_mode)(struct exchange *x);
    /* Loop: the target is not ours. */
    status (*route)(struct exchange *x);
    /* Loop: the same as the verify of a type, for every CREATE, UPDATE and DELETE, before it
     * (blocking update). */
    status (*verify)(struct exchange *x);
    /* Loop, once the answer to a request whose target was found is decided, good (x->rsc) or bad
     * (x->failure), before done; with a view. Must not change the answer or the exchange; may start
     * jobs (operation monitors, TS-0001 9.6.8). Not for internal exchanges of this CSE itself. */
    void (*answered)(struct exchange *x);
};

/* decisions 6 */
enum serve_default_policy { SERVE_DEFAULT_CREATOR = 0, SERVE_DEFAULT_PARENT };

struct serve_config {
    struct prim_self self;
    enum type_cse_bit cse_kind;
    struct limits limits;
    enum serve_default_policy default_policy;
    bool hide_existence;                /* decisions 8 */
    bool accept_missing_rvi;            /* decisions 24 */
    struct prim_texts release_versions; /* "2a", "3", ... */
    struct prim_texts points_of_access; /* of the CSEBase */
    struct bytes administrator;         /* AE-ID that the first start's policy names */
    int64_t expiry_interval_usec;       /* how often expired resources are looked for */
    const struct sys_clock *clock;      /* NULL = the real one */
};

/* ---- life ---- */
status serve_new(const struct serve_config *config, struct store *store,
                 const struct serve_behaviour *behaviour, struct serve **ret_serve);
void serve_free(struct serve *serve);
/* One per loop, on its thread. outgoing: links by URL scheme, chosen by serve_send. */
struct serve_outgoing {
    struct bytes scheme; /* "http", "https" */
    struct prim_link *link;
};
status serve_worker_new(struct serve *serve, struct sys_loop *loop,
                        const struct serve_outgoing *outgoing, size_t outgoing_count,
                        struct serve_worker **ret_worker);
void serve_worker_free(struct serve_worker *worker);
const struct serve_config *serve_config_get(const struct serve *serve);
struct sys_loop *serve_worker_loop(const struct serve_worker *worker);
int64_t serve_now(const struct serve_worker *worker);
/* The server's own state (struct cse *, ...). */
void serve_set_user(struct serve *serve, void *user);
void *serve_get_user(const struct serve *serve);
void serve_worker_set_user(struct serve_worker *worker, void *user);
void *serve_worker_get_user(const struct serve_worker *worker);
struct serve *serve_worker_serve(const struct serve_worker *worker);
struct store *serve_store(const struct serve *serve);
/* Stop taking requests; idle(user) is called once none is in flight. */
void serve_worker_drain(struct serve_worker *worker, void (*idle)(void *user), void *user);

/* ---- requests in ---- */
/* The link that bindings hand requests to. */
struct prim_link *serve_worker_link(struct serve_worker *worker);
/* The same for requests that this CSE makes inside (fan-out, expiry, notification to an AE hosted
 * here). internal: From is taken as it stands, without association or registration; it counts as
 * authenticated only when call->peer has an association, so a fan-out copies the peer of the
 * exchange it acts for. From equal to the own CSE-ID then is this CSE itself. done is called later,
 * never inside. */
void serve_submit_internal(struct serve_worker *worker, struct prim_call *call, bool internal);
/* A hook that returned PENDING goes on. OK: at the resume row; an error: respond with it. */
void serve_resume(struct exchange *x, status result);
/* Sends a call out by the scheme of call->destination; done is called with transport set
 * (TARGET_NOT_REACHABLE when no link takes the scheme). */
void serve_send(struct serve_worker *worker, struct prim_call *call);
/* The sender of a call that serve_send took lost interest: done is still called, soon. */
void serve_send_cancel(struct serve_worker *worker, struct prim_call *call);

/* ---- changes that hooks make, on the writer ---- */
/* Creates a resource as the CSE itself (system-made: <request>, ACP). Goes through no check. */
status serve_create_internal(struct exchange *x, const struct serve_resource *parent,
                             const struct type_resource *type, struct bytes name,
                             struct wire_value *attributes, int64_t et, struct bytes originator,
                             struct serve_resource *ret_resource);
/* Rewrites the attributes of a resource (reads modify write); lt follows when touch. */
status serve_update_internal(struct exchange *x, struct serve_resource *resource,
                             struct wire_value *attributes, bool touch);
/* Deletes with descendants, hooks and events. silent: no notification comes of it. */
status serve_delete_internal(struct exchange *x, struct serve_resource *resource, bool silent);
/* Copied. On the loop (on_retrieve) too: then a job follows that only plans. */
void serve_event_add(struct exchange *x, const struct serve_event *event);
/* The ops of a type, or NULL. */
const struct serve_ops *serve_ops_of(const struct serve *serve, const struct type_resource *type);
/* Runs a job that is no request (outbox bookkeeping, expiry): run on the writer with an internal
 * exchange, then done on the loop. */
status serve_run_job(struct serve_worker *worker, status (*run)(struct exchange *x, void *user),
                     void (*done)(void *user, status result), void *user);
/* The same at start-up, before there are workers: waits for the commit. Never on a loop. */
status serve_run_now(struct serve *serve, status (*run)(struct exchange *x, void *user),
                     void *user);
/* A loop-side internal exchange for reading (outbox, polling), with its own arena and the worker's
 * view. Free with serve_read_end before going back to the loop. */
status serve_read_begin(struct serve_worker *worker, struct exchange **ret_exchange);
void serve_read_end(struct exchange *x);

/* ---- decisions ---- */
/* Whether who may do operation (enum type_operation_bit) on resource, now. child_type for CREATE.
 * OK or ORIGINATOR_HAS_NO_PRIVILEGE; never another way in. The only caller of authz_decide. */
status serve_authorize(struct exchange *x, const struct auth_context *who,
                       struct serve_resource *resource, uint32_t operation, uint32_t child_type);
/* The same with the policies given by id (a group's membersAccessControlPolicyIDs). */
status serve_authorize_by(struct exchange *x, const struct auth_context *who,
                          const struct wire_value *policy_ids, struct serve_resource *resource,
                          uint32_t operation, uint32_t child_type);

/* A request that would be made. */
struct serve_question {
    struct bytes originator, to;
    uint32_t operation; /* enum type_operation_bit */
    uint32_t child_type;
    bool has_address;
    struct sys_address address;
    bool authenticated;
    int64_t time; /* usec, 0 = now */
};
/* The whole decision for the operator: stage, policies considered, per rule the predicate that
 * failed or decided. Never goes to a peer. NOT_FOUND, BAD_REQUEST. */
status serve_explain(struct serve_worker *worker, const struct serve_question *question,
                     struct arena *arena, struct wire_value **ret_explanation);

/* ---- counters for /metrics and status ---- */
struct serve_counters {
    uint64_t requests[6];           /* by operation */
    uint64_t responses_by_class[7]; /* rsc / 1000 */
    uint64_t denied;
    uint64_t in_flight;
    uint64_t outbox_sent, outbox_failed, outbox_waiting;
};
/* Adds to the counters of the outbox; waiting replaces. */
void serve_count_outbox(struct serve_worker *worker, uint64_t sent, uint64_t failed,
                        uint64_t waiting);
void serve_counters_read(const struct serve *serve, struct serve_counters *ret_counters);

#endif
