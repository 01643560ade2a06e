/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room store/sqlite share. Only this room includes the vendor's header. */
#ifndef STORE_SQLITE_SQLITE_INT_H
#define STORE_SQLITE_SQLITE_INT_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "store/store.h"

enum sqlite_sql {
#define SQL(name, text) SQL_##name,
#include "store/sqlite/statements.def"
#undef SQL
    SQL_COUNT
};

enum { SQLITE_META_NUMBER = 1, SQLITE_META_ROWS = 2 };
enum { SQLITE_SCHEMA_VERSION = 1, SQLITE_APPLICATION_ID = 0x616e7031 };
enum { SQLITE_DELETE_STEP = 64, SQLITE_TYPE_BITS = 4096 };

/* A connection with its prepared statements. */
struct store_view {
    struct store *store;
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT];
    bool is_writer;
    bool is_begun;
    bool is_started;            /* the transaction of a begun view */
    void (*pinned)(void *user); /* or NULL */
    void *pinned_user;
    /* the writer's, of the batch that is being run */
    uint64_t changes;        /* statements that changed something */
    bool tree_changed;       /* a node other than its state */
    enum status_code broken; /* why nothing of the batch can be kept, or OK */
};

struct store {
    struct bytes directory; /* owned */
    int lock;               /* handle of the lock file; negative = none */
    struct store_view *writer;
    uint32_t batch_max, queue_max;
    uint64_t busy_warning_usec;
    bool threaded;

    /* known to the writer only */
    int64_t number, committed_number; /* next to hand out */
    int64_t next_taken;               /* smallest taken number from here on; INT64_MAX = none */
    int64_t rows, committed_rows;
    unsigned char instance_types[SQLITE_TYPE_BITS / 8]; /* known to be in the table */

    /* under mutex */
    struct sys_mutex *mutex;
    struct sys_condition *wake; /* jobs, or closing */
    struct store_job *first, *last;
    uint32_t waiting;
    bool closing;
    struct sys_thread *thread;

    struct sys_mutex *told_mutex; /* guards told; taken before any other */
    void (*told)(void *user);     /* or NULL */
    void *told_user;

    _Atomic uint64_t tree_version, commit_version;
};

/* ---- query.c: one use of a prepared statement. Errors while binding are sticky and come out of
 * step or change. Queries nest: a statement that is in use is prepared a second time. ---- */
struct sqlite_query {
    struct store_view *view;
    sqlite3_stmt *statement;
    enum sqlite_sql which;
    int next; /* parameter to be bound next */
    int failed;
};
#define SQLITE_QUERY __attribute__((cleanup(sqlite_query_end))) struct sqlite_query

struct sqlite_query sqlite_query_begin(struct store_view *view, enum sqlite_sql which);
void sqlite_query_end(struct sqlite_query *query);
void sqlite_bind_int(struct sqlite_query *query, int64_t value);
void sqlite_bind_text(struct sqlite_query *query, struct bytes value);
void sqlite_bind_blob(struct sqlite_query *query, struct bytes value);
void sqlite_bind_null(struct sqlite_query *query);
void sqlite_bind_optional(struct sqlite_query *query, bool is_present, int64_t value);
void sqlite_bind_body_wanted(struct sqlite_query *query, bool wanted); /* ?9 */
/* Next row, or none. */
status sqlite_query_step(struct sqlite_query *query, bool *ret_is_row);
/* A row or NOT_FOUND. */
status sqlite_query_one(struct sqlite_query *query);
/* Runs a statement that changes something. CONFLICT when a unique index refuses it. */
status sqlite_query_change(struct sqlite_query *query);
/* The same for a row by its id; NOT_FOUND, and nothing changed, when there is none. */
status sqlite_query_change_one(struct sqlite_query *query);
int64_t sqlite_at_int(const struct sqlite_query *query, int column);
bool sqlite_at_null(const struct sqlite_query *query, int column);
struct bytes sqlite_at_bytes(const struct sqlite_query *query,
                             int column); /* until the next step */
/* The status of an error code of the library, with a note; remembers what spoils a batch. */
status sqlite_fail(struct store_view *view, int code);
/* Runs a statement without parameters and rows. */
status sqlite_run(struct store_view *view, enum sqlite_sql which);

/* ---- row.c ---- */
/* Decodes the current row. Strings borrow from the statement and from text, which the caller
 * keeps as long as the row. */
status sqlite_row_read(const struct sqlite_query *query, struct buf *text,
                       struct store_row *ret_row);
/* Moves a row's strings to the arena. */
status sqlite_row_keep(const struct store_row *row, struct arena *arena, struct store_row *ret_row);
/* Longest path, and longest of ri and path together. */
enum { SQLITE_TEXT_MAX = 1048576 };
/* Runs the query to its end; visit gets each row. ret_stopped may be NULL. */
status sqlite_rows_visit(struct sqlite_query *query, store_visit_fn *visit, void *user,
                         bool *ret_stopped);
static inline bool sqlite_id_is_instance(int64_t id)
{
    return (id & 1) != 0;
}

/* ---- name.c: names the store makes, "prefix-id" ---- */
struct sqlite_name {
    struct bytes prefix;
    int64_t id;
};
bool sqlite_name_parse(struct bytes text, struct sqlite_name *ret_name);
/* The prefix, or "r" when it is not one to eight lower-case letters. */
struct bytes sqlite_name_prefix(struct bytes prefix);
/* The bounds between which all paths below path lie, in text. */
status sqlite_path_bounds(struct bytes path, struct buf *text, struct bytes *ret_from,
                          struct bytes *ret_before);

/* ---- number.c ---- */
status sqlite_number_take(struct store_view *view, int64_t *ret_number);
/* Keeps the number that a given name looks like from being handed out; and the reverse. */
status sqlite_number_reserve(struct store_view *view, struct bytes given, int64_t id);
status sqlite_number_release(struct store_view *view, struct bytes given, int64_t id);
status sqlite_meta_load(struct store *store);
status sqlite_meta_save(struct store *store);

/* ---- get.c ---- */
struct sqlite_brief {
    struct bytes ri, path;
};
/* ri and path of a node, in the arena. NOT_FOUND. */
status sqlite_node_brief(struct store_view *view, int64_t id, struct arena *arena,
                         struct sqlite_brief *ret_brief);
/* CONFLICT when an instance below the parent has that name. */
status sqlite_check_instance_name(struct store_view *view, int64_t parent_id, struct bytes rn);

/* ---- key.c ---- */
status sqlite_keys_add(struct store_view *view, int64_t id, const struct store_key *keys,
                       size_t key_count);
status sqlite_keys_remove(struct store_view *view, int64_t id);

/* ---- wal_file.c ---- */
#define SQLITE_VFS_NAME "antipolis"
/* Makes the file system of that name known to the library, once a process. */
status sqlite_wal_file_register(void);

/* ---- schema.c, view.c, batch.c, writer.c ---- */
status sqlite_schema_prepare(struct store_view *writer);
/* Before the first statement of a begun view; a code of the library. */
int sqlite_view_start(struct store_view *view);
status sqlite_view_connect(struct store *store, bool is_writer, struct store_view **ret_view);
void sqlite_tree_changed(struct store_view *view);
/* Runs jobs in one commit and calls done for each. */
void sqlite_batch_run(struct store *store, struct store_job *jobs);
status sqlite_writer_start(struct store *store);
void sqlite_writer_stop(struct store *store);
/* For tests: the file grows to at most so many pages; 0 lifts the limit. Not while jobs run. */
status sqlite_limit_pages(struct store *store, uint32_t pages);

#endif
