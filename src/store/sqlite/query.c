/* SPDX-License-Identifier: Apache-2.0
 * One use of a prepared statement: bind, step, read columns; error codes become statuses. */
#include <errno.h>

#include "store/sqlite/sqlite_int.h"

static const char *const sql_text[SQL_COUNT] = {
#define SQL(name, text) [SQL_##name] = text,
#include "store/sqlite/statements.def"
#undef SQL
};

struct sqlite_query sqlite_query_begin(struct store_view *view, enum sqlite_sql which)
{
    struct sqlite_query query = {.view = view, .which = which, .next = 1};
    query.failed = sqlite_view_start(view);
    query.statement = view->statements[which];
    view->statements[which] = NULL; /* a nested use makes its own */
    if (query.statement == NULL && query.failed == SQLITE_OK) {
        query.failed = sqlite3_prepare_v3(view->db, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                          &query.statement, NULL);
    }
    return query;
}

void sqlite_query_end(struct sqlite_query *query)
{
    if (query->statement == NULL) {
        return;
    }
    (void)sqlite3_reset(query->statement); /* its error was reported by step */
    if (query->view->statements[query->which] == NULL) {
        query->view->statements[query->which] = query->statement;
    } else {
        (void)sqlite3_finalize(query->statement);
    }
    query->statement = NULL;
}

static void note_bind(struct sqlite_query *query, int code)
{
    if (query->failed == SQLITE_OK) {
        query->failed = code;
    }
}

void sqlite_bind_int(struct sqlite_query *query, int64_t value)
{
    if (query->failed == SQLITE_OK) {
        note_bind(query, sqlite3_bind_int64(query->statement, query->next++, value));
    }
}

void sqlite_bind_text(struct sqlite_query *query, struct bytes value)
{
    if (query->failed == SQLITE_OK) {
        note_bind(query, sqlite3_bind_text64(query->statement, query->next++,
                                             value.ptr == NULL ? "" : value.ptr, value.len,
                                             SQLITE_STATIC, SQLITE_UTF8));
    }
}

void sqlite_bind_blob(struct sqlite_query *query, struct bytes value)
{
    if (query->failed == SQLITE_OK) {
        note_bind(query, sqlite3_bind_blob64(query->statement, query->next++,
                                             value.ptr == NULL ? "" : value.ptr, value.len,
                                             SQLITE_STATIC));
    }
}

void sqlite_bind_null(struct sqlite_query *query)
{
    if (query->failed == SQLITE_OK) {
        note_bind(query, sqlite3_bind_null(query->statement, query->next++));
    }
}

void sqlite_bind_optional(struct sqlite_query *query, bool is_present, int64_t value)
{
    if (is_present) {
        sqlite_bind_int(query, value);
    } else {
        sqlite_bind_null(query);
    }
}

void sqlite_bind_body_wanted(struct sqlite_query *query, bool wanted)
{
    if (query->failed == SQLITE_OK) {
        note_bind(query, sqlite3_bind_int(query->statement, 9, wanted));
    }
}

status sqlite_query_step(struct sqlite_query *query, bool *ret_is_row)
{
    int code = query->failed;
    if (code == SQLITE_OK) {
        code = sqlite3_step(query->statement);
    }
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *ret_is_row = code == SQLITE_ROW;
        return OK;
    }
    return sqlite_fail(query->view, code);
}

status sqlite_query_one(struct sqlite_query *query)
{
    bool is_row = false;
    TRY(sqlite_query_step(query, &is_row));
    return is_row ? OK : ERROR(NOT_FOUND);
}

status sqlite_query_change(struct sqlite_query *query)
{
    bool is_row = false;
    must(query->view->is_writer);
    TRY(sqlite_query_step(query, &is_row));
    query->view->changes++;
    return OK;
}

status sqlite_query_change_one(struct sqlite_query *query)
{
    bool is_row = false;
    must(query->view->is_writer);
    TRY(sqlite_query_step(query, &is_row));
    if (sqlite3_changes(query->view->db) == 0) {
        return ERROR(NOT_FOUND);
    }
    query->view->changes++;
    return OK;
}

int64_t sqlite_at_int(const struct sqlite_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

bool sqlite_at_null(const struct sqlite_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

struct bytes sqlite_at_bytes(const struct sqlite_query *query, int column)
{
    const void *ptr = sqlite3_column_blob(query->statement, column);
    int length = sqlite3_column_bytes(query->statement, column);
    return bytes_of(ptr == NULL ? "" : ptr, ptr == NULL ? 0 : (size_t)length);
}

static enum status_code code_of(struct store_view *view, int code)
{
    int system = sqlite3_system_errno(view->db);
    if (code == SQLITE_IOERR_SHMSIZE) { /* no room for the index of the log */
        return STATUS_STORE_FULL;
    }
    switch (code & 0xff) { /* the primary code */
    case SQLITE_FULL:
        return STATUS_STORE_FULL;
    case SQLITE_NOMEM:
        return STATUS_NO_MEMORY;
    case SQLITE_IOERR:
        return system == ENOSPC || system == EDQUOT ? STATUS_STORE_FULL : STATUS_STORE_FAILED;
    default:
        return STATUS_STORE_FAILED;
    }
}

status sqlite_fail(struct store_view *view, int code)
{
    int extended = sqlite3_extended_errcode(view->db);
    if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY) {
        FAIL(CONFLICT, "%s", sqlite3_errmsg(view->db));
    }
    enum status_code result = code_of(view, code);
    if (view->is_writer && view->broken == STATUS_OK) {
        view->broken = result;
    }
    return status_fail(result, __FILE__, __LINE__, "%s (%d)", sqlite3_errmsg(view->db), extended);
}

status sqlite_run(struct store_view *view, enum sqlite_sql which)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    bool is_row = false;
    return sqlite_query_step(&query, &is_row);
}
