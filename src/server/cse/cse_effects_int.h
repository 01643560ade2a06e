/* SPDX-License-Identifier: Apache-2.0
 * Private header of server/cse for what happens around a change: subscriptions and notifications,
 * groups, polling channels, <request> resources. TS-0004 7.4.8, 7.4.12 to 7.4.14, 7.4.21, 7.4.22,
 * 7.5.1. */
#ifndef SERVER_CSE_CSE_EFFECTS_INT_H
#define SERVER_CSE_CSE_EFFECTS_INT_H

#include "serve/serve.h"

/* ---- what the behaviour table of this server takes from here ---- */
extern const struct serve_ops cse_subscription_ops, cse_group_ops, cse_fan_out_point_ops,
    cse_polling_channel_ops, cse_polling_channel_uri_ops, cse_request_ops;
/* Fields of struct serve_behaviour. */
status cse_plan_effects(struct exchange *x);
void cse_effects_committed(struct serve_worker *worker);
status cse_choose_mode(struct exchange *x);
status cse_verify(struct exchange *x);
void cse_answered(struct exchange *x);
/* on_notify of <AE>: hands the notification on to the AE. TS-0004 7.3.3.9. */
status cse_ae_notify(struct exchange *x);
void cse_ae_cancelled(struct exchange *x);

/* Starts the outbox sender on the first worker, before other workers take requests. The pointer of
 * serve_set_user belongs to this part. stop: on the same worker's loop, once no worker takes
 * requests any more; accepts a server that never started. */
status cse_effects_start(struct serve_worker *worker);
void cse_effects_stop(struct serve_worker *worker);

/* ---- effects.c: state that the workers of one server share ---- */
struct cse_outbox;
struct cse_hub;
struct cse_blocked;
struct cse_effects {
    struct sys_mutex *mutex; /* guards has_monitors and blocked */
    struct serve_worker *first;
    struct cse_outbox *outbox; /* of the first worker's loop alone */
    struct cse_hub *hub;       /* guards itself */
    struct cse_blocked *blocked;
    bool has_monitors; /* some subscription may have an operationMonitor; never falls back */
};
/* NULL before cse_effects_start. */
struct cse_effects *cse_effects_of(const struct serve *serve);
bool cse_has_monitors(struct cse_effects *effects);
void cse_set_monitors(struct cse_effects *effects);

/* ---- target.c: notification targets ---- */
struct cse_target {
    struct bytes uri;        /* without the serialization indicator */
    struct bytes ct;         /* "json", "cbor", "xml", or absent */
    enum prim_format format; /* of ct, or NONE */
    bool is_url;             /* of a protocol binding; else a oneM2M resource identifier */
};
/* Of m2m:serializations ("json") or a media type; NONE for others. */
enum prim_format cse_format_of(struct bytes serialization);
/* BAD_REQUEST. Everything borrows from text. */
status cse_target_parse(struct bytes text, struct cse_target *ret_target);
/* BAD_REQUEST also for an identifier that cannot be one. */
status cse_target_check(struct exchange *x, struct bytes text);
/* Whether an identifier (of an entity or of its <AE>) stands for who. */
bool cse_id_is(struct exchange *x, struct bytes id, const struct auth_context *who);
/* Whether who may have this CSE notify a target: a URL, itself, or an entity here on which it has
 * the NOTIFY privilege. ORIGINATOR_HAS_NO_PRIVILEGE. Leaves the recorded decision alone. */
status cse_may_notify(struct exchange *x, const struct auth_context *who, struct bytes text);
/* "/cse-id/ri" in the arena; absent: no memory. */
struct bytes cse_sp_relative(const struct exchange *x, struct bytes ri);
/* A row whose strings are copied into the exchange's arena. */
status cse_row_dup(struct exchange *x, const struct store_row *row, struct store_row *ret_row);

/* Children of one type, read; in the exchange's arena. */
struct cse_children {
    struct serve_resource *items;
    size_t count;
};
/* limit 0: all. */
status cse_children_read(struct exchange *x, int64_t parent_id, uint32_t type, uint64_t limit,
                         struct cse_children *ret_children);

/* ---- event_match.c ---- */
enum cse_event_type { /* TS-0004 6.3.4.2.19 */
                      CSE_NO_EVENT = 0,
                      CSE_UPDATE = 1,
                      CSE_DELETE = 2,
                      CSE_CHILD_CREATE = 3,
                      CSE_CHILD_DELETE = 4,
                      CSE_RETRIEVE_MISSING = 5,
                      CSE_TRIGGER = 6,
                      CSE_BLOCKING_UPDATE = 7,
                      CSE_MISSING_DATA = 8
};
/* One event, as seen from one subscribed-to resource. */
struct cse_event {
    enum cse_event_type type;
    struct serve_resource *subject;    /* the subscribed-to resource, or its child (3, 4) */
    const struct wire_value *modified; /* UPDATE: changed attributes */
    uint32_t operation;                /* operationMonitor: enum prim_operation, else 0 */
    struct bytes originator;           /* operationMonitor */
    struct wire_value **whole; /* the subject's representation, made once for all; NULL: each */
    bool is_reference;         /* the subscriber may not see the subject: its identifier alone */
};
/* enc is eventNotificationCriteria or NULL. */
bool cse_criteria_match(const struct wire_value *enc, const struct cse_event *event);
/* Whether enc names that event type, or has it by default. */
bool cse_criteria_names(const struct wire_value *enc, enum cse_event_type type);
/* Whether an operationMonitor of enc asks for this operation of who. */
bool cse_criteria_monitors(struct exchange *x, const struct wire_value *enc, uint32_t operation,
                           const struct auth_context *who);
bool cse_criteria_has_monitor(const struct wire_value *enc);

/* ---- notify_build.c ---- */
/* The inner object of an m2m:sgn about the event for this subscription. */
status cse_notification_build(struct exchange *x, const struct serve_resource *subscription,
                              const struct cse_event *event, struct wire_value **ret_notification);
/* {"m2m:sgn":{"sud":true,"sur":..}} */
struct wire_value *cse_deletion_notice(struct exchange *x, struct bytes subscription_ri);
/* {"m2m:sgn":{"vrq":true,"sur":..,"cr":..}} */
struct wire_value *cse_verification_request(struct exchange *x, struct bytes subscription_ri,
                                            struct bytes creator);
/* {name: value}; NULL when value is or there is no memory. */
struct wire_value *cse_wrap(struct arena *arena, const char *name, struct wire_value *value);
/* {"m2m:agn":{"sgn":[...]}}, or NULL. */
struct wire_value *cse_aggregate(struct arena *arena, struct wire_value *notifications);

/* ---- plan_effects.c, outbox_write.c: writer, inside a transaction ---- */
/* All notifications of one event to the subscriptions of parent_id. */
status cse_plan_event(struct exchange *x, int64_t parent_id, const struct cse_event *event);
/* One notification object of a subscription: by its policies into a batch or the outbox. */
status cse_notification_post(struct exchange *x, const struct serve_resource *subscription,
                             struct wire_value *notification);
/* A finished content of a subscription to all its targets, as its policies say. */
status cse_notification_enqueue(struct exchange *x, const struct serve_resource *subscription,
                                struct wire_value *content);
/* A content to one target. */
struct cse_letter {
    struct bytes queue, target;
    struct bytes subscription; /* ri whose counter is settled by the delivery, or absent */
    struct wire_value *content;
    int64_t due;
    uint32_t event_category; /* 0 absent */
    uint64_t number;         /* of the notification, for the counter; 0 none */
    bool latest_only;        /* older ones in the queue are dropped */
};
status cse_letter_post(struct exchange *x, const struct cse_letter *letter);
struct bytes cse_queue_name(const struct exchange *x, struct bytes ri, struct bytes target);
/* Removes everything that waits for a subscription. targets: list of notification URIs. */
status cse_subscription_forget(struct exchange *x, struct bytes ri,
                               const struct wire_value *targets);
/* The delivery of notification number of a subscription is over: counts, and ends the subscription
 * when its counter has run out. */
status cse_subscription_settle(struct exchange *x, struct bytes ri, uint64_t number, bool sent);
/* A target asked to be left out. TS-0001 10.2.10.8. */
status cse_target_remove(struct exchange *x, struct bytes ri, struct bytes target);
/* True in on_delete when the counter ended the subscription: what is due still leaves. */
extern const char cse_ended_by_counter;

/* ---- state.c: small records kept beside a resource ---- */
/* The record of that name, or a new empty object. */
status cse_state_load(struct exchange *x, struct bytes name, struct wire_value **ret_state);
status cse_state_save(struct exchange *x, struct bytes name, const struct wire_value *state);
int64_t cse_state_int(const struct wire_value *state, const char *member);
status cse_state_set(struct exchange *x, struct wire_value *state, const char *member,
                     int64_t value);
struct bytes cse_state_name(const struct exchange *x, const char *kind, struct bytes key);

/* Decodes what was encoded here before, a request with whatever content: nested deeper than what
 * comes in, and of any size. */
status cse_stored_decode(const struct serve_worker *worker, struct bytes stored,
                         struct arena *arena, struct wire_value **ret_value);

/* ---- batch.c ---- */
struct cse_batch_policy {
    uint64_t number;  /* 0: no bound but the configured one */
    int64_t duration; /* usec */
};
/* From m2m:batchNotify; duration gets its default. */
status cse_batch_policy_read(const struct wire_value *batch_notify,
                             struct cse_batch_policy *ret_policy);
/* Appends; ret_full: it must leave now. */
status cse_batch_add(struct exchange *x, struct bytes name, const struct cse_batch_policy *policy,
                     const struct wire_value *notification, bool *ret_full);
/* Takes all out, oldest first; an empty array when there is none. */
status cse_batch_take(struct exchange *x, struct bytes name, struct wire_value **ret_notifications);
status cse_batch_count(struct exchange *x, struct bytes name, uint64_t *ret_count);
/* Time is up: sends what was collected under that name. */
status cse_batch_flush(struct exchange *x, struct bytes name);
status cse_subscription_flush(struct exchange *x, struct bytes name, struct bytes ri);
#define CSE_BATCH_DURATION "PT60S" /* of a batch that names none; TS-0001 10.2.10.7 */

/* ---- deliver.c ---- */
/* One request on its way to one target. The caller owns it and its arena until done. */
struct cse_delivery {
    struct arena *arena;
    struct bytes target; /* as in nu */
    struct prim_request request;
    int64_t timeout; /* usec from sending */
    bool patient;    /* may lie in a polling channel until it is fetched; then timeout counts */
    bool from_self;  /* From is this CSE */
    /* patient: it now lies in a polling channel, or no longer does; may be NULL */
    void (*parked)(struct cse_delivery *delivery, bool is_parked);
    /* outcome */
    status transport; /* OK when an answer came */
    struct prim_response response;
    void (*done)(struct cse_delivery *delivery); /* on the loop, later */
    void *user;
    struct cse_delivery_way *way; /* deliver.c's */
};
void cse_notify_deliver(struct serve_worker *worker, struct cse_delivery *delivery);
/* Takes a request that lies in a polling channel out of it: done is not called then. false: it is
 * elsewhere under way, done is called. */
bool cse_delivery_abandon(struct cse_delivery *delivery);
/* A NOTIFY of this CSE with that content; the identifier is unique. */
void cse_delivery_notify(struct cse_delivery *delivery, struct serve_worker *worker,
                         struct wire_value *content);
struct bytes cse_request_identifier(struct arena *arena);

/* ---- polling_hub.c: requests that wait for entities that poll; any thread ---- */
struct cse_parcel {
    struct bytes channel;    /* ri of the pollingChannel; the sender's memory */
    struct bytes identifier; /* rqi */
    struct bytes request;    /* encoded request primitive */
    struct serve_worker *worker;
    /* On the worker's loop: it was fetched (once); or its answer came: encoded response. */
    void (*fetched)(struct cse_parcel *parcel);
    void (*answered)(struct cse_parcel *parcel, struct bytes response);
    void *user;
    /* the hub's */
    struct cse_parcel *next;
    bool is_fetched;
    char *response;
    size_t response_len;
};
status cse_hub_new(const struct limits *limits, struct cse_hub **ret_hub);
void cse_hub_free(struct cse_hub *hub);
/* OVERLOADED when the channel is full. The parcel is the sender's again after cse_hub_withdraw or
 * answered. */
status cse_hub_send(struct cse_hub *hub, struct cse_parcel *parcel);
/* false: its answer is already under way. */
bool cse_hub_withdraw(struct cse_hub *hub, struct cse_parcel *parcel);
/* A poll: takes the oldest parcel's request (mem_alloc'ed), or waits: then wake comes on the
 * worker's loop. */
struct cse_poll {
    struct bytes channel;
    struct serve_worker *worker;
    void (*wake)(struct cse_poll *poll);
    void *user;
    char *request; /* mem_alloc'ed; NULL while waiting */
    size_t request_len;
    struct cse_poll *next;
};
status cse_hub_poll(struct cse_hub *hub, struct cse_poll *poll); /* PENDING: wake comes */
/* false: it has got something, wake is under way. */
bool cse_hub_stop_polling(struct cse_hub *hub, struct cse_poll *poll);
/* A fetched request whose receiver has vanished is offered again. */
void cse_hub_give_back(struct cse_hub *hub, struct bytes channel, struct bytes identifier);
/* The channel has gone: senders get an empty answer, polls wake without a request. Any thread. */
void cse_hub_close(struct cse_hub *hub, struct bytes channel);
/* NOT_FOUND when nobody waits for such an answer. */
status cse_hub_answer(struct cse_hub *hub, struct bytes channel, struct bytes identifier,
                      struct bytes response);

/* ---- outbox.c ---- */
status cse_outbox_start(struct serve_worker *worker, struct cse_outbox **ret_outbox);
void cse_outbox_stop(struct cse_outbox *outbox);
void cse_outbox_wake(struct cse_outbox *outbox); /* any thread */

/* ---- verification.c ---- */
status cse_subscription_verify(struct exchange *x);
/* The identifier that verification requests gave to a subscription to be, or absent. */
struct bytes cse_verified_identifier(const struct exchange *x);

/* ---- blocking_update.c ---- */
struct cse_blocked *cse_blocked_new(void);
void cse_blocked_free(struct cse_blocked *blocked);

/* ---- request_copy.c ---- */
/* A deep copy that does not need the original's arena. */
status cse_request_dup(const struct prim_request *request, struct arena *arena,
                       struct prim_request *ret_request);

/* ---- group_members.c ---- */
/* Checks memberIDs of a group with these attributes against its member type and consistency
 * strategy (TS-0004 7.4.13.2.1): the list that remains, the member type that results, and whether
 * all could be validated. */
struct cse_members {
    struct wire_value *ids; /* without duplicates and abandoned ones */
    int64_t member_type;
    bool validated;
};
status cse_members_check(struct exchange *x, const struct wire_value *attributes,
                         struct cse_members *ret_members);
/* Whether two identifiers are the same address. */
bool cse_same_address(struct exchange *x, struct bytes a, struct bytes b);
/* What a member identifier stands for: a resource, or a virtual child of one. NOT_FOUND, also for
 * what another CSE hosts: then ret_remote. */
struct cse_member {
    struct serve_resource resource;
    const struct type_resource *virtual_type;
    struct bytes rest; /* behind a fan-out point */
};
status cse_member_find(struct exchange *x, struct bytes id, struct cse_member *ret_member,
                       bool *ret_remote);

/* ---- group_notify.c ---- */
/* A notification of a member's subscription, to be aggregated. TS-0004 7.5.1.2.6. */
status cse_group_notify(struct exchange *x);
status cse_group_flush(struct exchange *x, struct bytes name, struct bytes key);

/* ---- request.c ---- */
/* Requests that a previous life of the process left unfinished. */
status cse_requests_recover(struct serve_worker *worker);

#endif
