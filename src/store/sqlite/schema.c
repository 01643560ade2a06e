/* SPDX-License-Identifier: Apache-2.0
 * Brings a file to the schema of this program, step by step; refuses what it does not know. */
#include "store/sqlite/sqlite_int.h"

struct step {
    int number;
    const char *text;
};

static const struct step steps[] = {
#define STEP(number, text) {number, text},
#include "store/sqlite/schema.def"
#undef STEP
};

static status run_text(struct store_view *view, const char *text)
{
    int code = sqlite3_exec(view->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fail(view, code);
}

static status read_pragma(struct store_view *view, const char *text, int64_t *ret_value)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(view->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    status result = OK;
    if (code == SQLITE_ROW) {
        *ret_value = sqlite3_column_int64(statement, 0);
    } else {
        result = sqlite_fail(view, code);
    }
    (void)sqlite3_finalize(statement);
    return result;
}

static status take_steps(struct store_view *view, int64_t version)
{
    for (size_t i = (size_t)version; i < ARRAY_LEN(steps); i++) {
        must(steps[i].number == (int)i + 1);
        TRY(run_text(view, steps[i].text));
    }
    char text[128];
    (void)sqlite3_snprintf(sizeof(text), text,
                           "PRAGMA user_version = %d; PRAGMA application_id = %d;",
                           SQLITE_SCHEMA_VERSION, SQLITE_APPLICATION_ID);
    return run_text(view, text);
}

status sqlite_schema_prepare(struct store_view *view)
{
    int64_t version, application, is_durable;
    must(ARRAY_LEN(steps) == SQLITE_SCHEMA_VERSION);
    TRY(read_pragma(view,
                    "SELECT journal_mode = 'wal' AND synchronous = 2"
                    " FROM pragma_journal_mode, pragma_synchronous",
                    &is_durable));
    ENSURE(is_durable == 1, STORE_FAILED,
           "this file system takes no write-ahead log; name a directory on a local disk");
    TRY(read_pragma(view, "PRAGMA application_id", &application));
    TRY(read_pragma(view, "PRAGMA user_version", &version));
    ENSURE(application == SQLITE_APPLICATION_ID || (application == 0 && version == 0), STORE_FAILED,
           "the file store.db is not a store of this program; name another directory");
    ENSURE(version <= SQLITE_SCHEMA_VERSION, STORE_NEWER,
           "the store has schema %d and this program knows %d: install the newer program again",
           (int)version, SQLITE_SCHEMA_VERSION);
    ENSURE(version >= 0, STORE_FAILED, "the store has schema %d", (int)version);
    if (version == SQLITE_SCHEMA_VERSION) {
        return OK;
    }
    TRY(run_text(view, "BEGIN IMMEDIATE"));
    status result = take_steps(view, version);
    if (is_ok(result)) {
        return run_text(view, "COMMIT");
    }
    (void)sqlite3_exec(view->db, "ROLLBACK", NULL, NULL, NULL); /* the first error counts */
    return result;
}
