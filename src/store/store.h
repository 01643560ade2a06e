/* SPDX-License-Identifier: Apache-2.0
 * Door of the room store: what is remembered. A tree of rows with ordered, indexed access; many
 * readers, one writer with group commit; an outbox; small named values. Knows no oneM2M name: types
 * are numbers, bodies are bytes. Errors everywhere: STORE_FAILED, STORE_FULL, NO_MEMORY. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"
#include "sys/sys.h"

struct store;
struct store_view; /* a consistent read view, or the writer's view inside a job */

/* A node or an instance. Strings borrow from the arena that was passed to the call. */
struct store_row {
    int64_t id;             /* the store's own key, never reused */
    int64_t parent_id;      /* 0 for the root */
    struct bytes ri;        /* resource identifier: unique */
    struct bytes parent_ri; /* empty for the root */
    struct bytes rn;        /* resource name: unique below the parent */
    struct bytes path;      /* structured address from the root's name on: "cse-in/ae1/cnt" */
    uint32_t type;
    bool is_instance;                  /* kept in the instance form: leaf, ordered by arrival */
    int64_t ct, lt;                    /* creation and last modification, usec */
    int64_t et;                        /* expiration, usec; 0 = never */
    int64_t state_tag;                 /* -1 = none */
    int64_t size;                      /* contentSize; -1 = none */
    int64_t instances, instance_bytes; /* kept by the store: number and summed size of the
                                          instance children */
    struct bytes originator;           /* identity that created it */
    struct bytes body;                 /* encoded attributes, opaque here */
};

/* An index entry beside a row: (name, value) pairs that discovery can look for. */
struct store_key {
    uint32_t name; /* attribute identity */
    struct bytes value;
};

/* ---- life ---- */
struct store_options {
    struct bytes directory; /* made when absent */
    const struct sys_clock *clock;
    bool threaded;              /* false: jobs run inside store_pump, for tests and tools */
    uint32_t batch_max;         /* jobs in one commit; 0 = default */
    uint64_t busy_warning_usec; /* 0 = default */
    uint32_t queue_max;         /* jobs that may wait; 0 = default */
};
/* STORE_LOCKED, STORE_NEWER, STORE_FAILED, SYSTEM; the note says what an operator can do. */
status store_open(const struct store_options *options, struct store **ret_store);
void store_close(struct store *store); /* finishes submitted jobs; accepts NULL */

/* Grow with every commit; with every commit that inserted, changed or deleted a tree node
 * (instances, and the lt, state tag and counters of a node, do not count). For callers that keep
 * what they looked up: read the version before store_view_begin, keep it with what was found, and
 * look again when it has grown. Inside a job the tree version grows with every such change, and
 * when a batch is undone. Any thread. */
uint64_t store_tree_version(const struct store *store);
uint64_t store_commit_version(const struct store *store);

/* ---- reading ---- */
/* One view per thread that reads. Between begin and end it shows one snapshot, that of the first
 * read. */
status store_view_open(struct store *store, struct store_view **ret_view);
void store_view_close(struct store_view *view);
status store_view_begin(struct store_view *view);
void store_view_end(struct store_view *view);
/* pinned(user) is called whenever a snapshot was fixed, before anything is read from it; it reads
 * nothing itself. */
void store_view_on_pinned(struct store_view *view, void (*pinned)(void *user), void *user);

/* NOT_FOUND when there is none. body false skips reading the body. */
status store_get(struct store_view *view, struct bytes ri, struct arena *arena,
                 struct store_row *ret_row);
status store_get_by_id(struct store_view *view, int64_t id, struct arena *arena,
                       struct store_row *ret_row);
status store_get_by_path(struct store_view *view, struct bytes path, struct arena *arena,
                         struct store_row *ret_row);
status store_get_child(struct store_view *view, int64_t parent_id, struct bytes rn,
                       struct arena *arena, struct store_row *ret_row);
/* Reads again what of a node changes with its instances: lt, state tag, counters. For callers that
 * keep the rest while the tree version stands. NOT_FOUND. */
status store_refresh(struct store_view *view, struct store_row *row);
/* Newest or oldest instance below parent: constant time. NOT_FOUND. */
status store_get_newest(struct store_view *view, int64_t parent_id, struct arena *arena,
                        struct store_row *ret_row);
status store_get_oldest(struct store_view *view, int64_t parent_id, struct arena *arena,
                        struct store_row *ret_row);

/* Return false to stop. The row lives until the call returns; its strings are the store's. */
typedef bool store_visit_fn(void *user, const struct store_row *row);

struct store_children {
    int64_t parent_id;
    uint32_t type;   /* 0 = every type */
    uint64_t offset; /* rows to skip */
    uint64_t limit;  /* 0 = no limit */
    bool newest_first;
    bool with_body;
};
/* Direct children in the order of their creation, or newest first; tree nodes before instances. */
status store_each_child(struct store_view *view, const struct store_children *query,
                        store_visit_fn *visit, void *user);

struct store_search {
    struct bytes root_path; /* descendants of this path; the root itself is not visited */
    uint32_t max_depth;     /* levels below the root; 0 = no limit */
    const struct store_key
        *any_keys; /* rows that carry at least one of these; count 0 = no such condition */
    size_t any_key_count;
    const uint32_t *types; /* rows of one of these; count 0 = every type */
    size_t type_count;
    int64_t created_from, created_before; /* usec; 0 = open */
    bool with_body;
    uint64_t looks_max; /* rows to look at, whether they fit or not; 0 = no limit. LIMIT */
};
/* Descendants in no promised order but parents before children when no keys are asked for. Uses
 * the most selective index: cost grows with the rows that match keys, types or times, not with
 * the tree. */
status store_search_below(struct store_view *view, const struct store_search *query,
                          store_visit_fn *visit, void *user);
/* Keys of a row (for tests and update). */
status store_each_key(struct store_view *view, int64_t id,
                      bool (*visit)(void *user, const struct store_key *key), void *user);
/* Rows with et in (0, until], soonest first. */
status store_each_expired(struct store_view *view, int64_t until, uint64_t limit,
                          store_visit_fn *visit, void *user);
/* Soonest et, or 0 when nothing expires. */
status store_next_expiry(struct store_view *view, int64_t *ret_et);
status store_count(struct store_view *view, uint64_t *ret_rows);

/* ---- writing: only inside a job, on the writer's view ---- */
struct store_new {
    int64_t parent_id;      /* 0: the root, once */
    struct bytes ri;        /* absent: the store makes one */
    struct bytes ri_prefix; /* for a made one, e.g. "cnt" */
    struct bytes rn;        /* absent: equal to the ri */
    uint32_t type;
    bool is_instance;
    int64_t ct, lt, et, state_tag, size;
    struct bytes originator, body;
    const struct store_key *keys;
    size_t key_count;
    /* The parent as it was read before, when the caller has it: saves looking it up again. */
    const struct store_row *parent;
    /* Of an instance: what changes of its parent with it, in the same write as the counters. */
    bool set_parent_lt, set_parent_state_tag;
    int64_t parent_lt, parent_state_tag;
};
/* CONFLICT when rn is taken below the parent or ri anywhere; NOT_FOUND without the parent;
 * INVALID_CHILD_RESOURCE_TYPE below an instance; BAD_REQUEST for an rn that holds a slash. ret_row
 * (may be NULL) is complete; its originator and body are those passed in. */
status store_insert(struct store_view *view, const struct store_new *row, struct arena *arena,
                    struct store_row *ret_row);
struct store_change {
    int64_t id;
    bool set_body, set_et, set_lt, set_state_tag, set_size, set_keys;
    struct bytes body;
    int64_t et, lt, state_tag, size;
    const struct store_key *keys;
    size_t key_count;
};
status store_update(struct store_view *view, const struct store_change *change);
/* Deletes the row and everything below it; visit (may be NULL) sees every row first, children
 * before parents; it may use the view and cannot stop the deletion. Counters of the parent
 * follow. */
status store_delete(struct store_view *view, int64_t id, store_visit_fn *visit, void *user);

/* ---- jobs: all changes ---- */
struct store_job {
    /* Runs on the writer with its view. An error before the first change leaves nothing; after a
     * change the whole batch is undone and its other jobs run again: so run must not do anything
     * that cannot be done twice. */
    status (*run)(struct store_job *job, struct store_view *view);
    /* After the commit that holds the job, or after it failed, on the writer's thread. */
    void (*done)(struct store_job *job, status result);
    struct store_job *next; /* the store's */
    status result;          /* the store's */
};
/* Takes the job until done is called. OVERLOADED when too many wait. Any thread. */
status store_submit(struct store *store, struct store_job *job);
/* The same for a list, in its order, which then most likely shares a commit. Returns the rest of
 * the list, from the first one for which there was no room. */
struct store_job *store_submit_all(struct store *store, struct store_job *jobs);
/* told(user) is called on the writer's thread whenever all jobs of a commit were told (done). One
 * for a store; NULL ends it: once this returns it is not running. Not from within told. */
void store_on_batch_told(struct store *store, void (*told)(void *user), void *user);
/* Not threaded: run what was submitted, commit, call done. */
void store_pump(struct store *store);
/* Runs one job and waits for it; only for start-up and tools, never on a loop. */
status store_run(struct store *store, struct store_job *job);

/* ---- outbox ---- */
struct store_message {
    int64_t id;         /* grows with arrival */
    struct bytes queue; /* ordered among equals: the subscription's ri */
    int64_t due;        /* usec; not before */
    uint32_t attempts;
    struct bytes body;
};
status store_outbox_add(struct store_view *view, const struct store_message *message,
                        int64_t *ret_id);
status store_outbox_count(struct store_view *view, struct bytes queue, uint64_t *ret_count);
/* Drop the oldest of the queue (when it is full). */
status store_outbox_drop_oldest(struct store_view *view, struct bytes queue);
status store_outbox_remove(struct store_view *view, int64_t id);
status store_outbox_remove_queue(struct store_view *view, struct bytes queue);
status store_outbox_retry(struct store_view *view, int64_t id, int64_t due, uint32_t attempts);
/* Heads of all queues that are due, soonest due first, then oldest: at most one per queue. The
 * visitor must not change the outbox. */
status store_outbox_each_due(struct store_view *view, int64_t now, uint64_t limit,
                             bool (*visit)(void *user, const struct store_message *message),
                             void *user);
status store_outbox_next_due(struct store_view *view, int64_t *ret_due); /* 0: none */

/* ---- small named values ---- */
status store_value_get(struct store_view *view, struct bytes name, struct arena *arena,
                       struct bytes *ret_value); /* NOT_FOUND */
status store_value_put(struct store_view *view, struct bytes name, struct bytes value);
status store_value_remove(struct store_view *view, struct bytes name);

#endif
