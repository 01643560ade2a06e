/* SPDX-License-Identifier: Apache-2.0
 * Connections: the writer's and the readers'; snapshots. */
#include "store/sqlite/sqlite_int.h"

/* Cache sizes are in KiB, filled as needed. A checkpoint of 10000 pages keeps its cost per row
 * low and the log below 50 MB. */
static const char writer_setup[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                   "PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -40960;"
                                   "PRAGMA journal_size_limit = 67108864;"
                                   "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";
static const char reader_setup[] = "PRAGMA query_only = ON; PRAGMA cache_size = -8192;"
                                   "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";
enum { BUSY_MSEC = 10000 };

static status connect(struct store_view *view)
{
    CLEANUP(buf_fini) struct buf path;
    buf_init(&path, 4096);
    buf_add(&path, view->store->directory);
    buf_add_str(&path, "/store.db");
    buf_add_char(&path, '\0');
    TRY(buf_check(&path));
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
        (view->is_writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(path.ptr, &view->db, flags, SQLITE_VFS_NAME);
    if (code == SQLITE_OK) {
        (void)sqlite3_busy_timeout(view->db, BUSY_MSEC);
        code =
            sqlite3_exec(view->db, view->is_writer ? writer_setup : reader_setup, NULL, NULL, NULL);
    }
    ENSURE(view->db != NULL, NO_MEMORY, "no memory for a connection to the store");
    return code == SQLITE_OK ? OK : sqlite_fail(view, code);
}

status sqlite_view_connect(struct store *store, bool is_writer, struct store_view **ret_view)
{
    struct store_view *view = mem_alloc(sizeof(*view));
    ENSURE(view != NULL, NO_MEMORY, "no memory for a view of the store");
    view->store = store;
    view->is_writer = is_writer;
    status result = connect(view);
    if (is_error(result)) {
        store_view_close(view);
        return result;
    }
    *ret_view = view;
    return OK;
}

status store_view_open(struct store *store, struct store_view **ret_view)
{
    return sqlite_view_connect(store, false, ret_view);
}

void store_view_close(struct store_view *view)
{
    if (view == NULL) {
        return;
    }
    for (size_t i = 0; i < SQL_COUNT; i++) {
        (void)sqlite3_finalize(view->statements[i]);
    }
    must(sqlite3_close(view->db) == SQLITE_OK);
    mem_free(view);
}

status store_view_begin(struct store_view *view)
{
    must(!view->is_writer && !view->is_begun);
    view->is_begun = true;
    return OK;
}

/* The transaction of a begun view starts when there is something to read; many views are let go
 * of without. */
int sqlite_view_start(struct store_view *view)
{
    if (!view->is_begun || view->is_started) {
        return SQLITE_OK;
    }
    view->is_started = true; /* first: these are queries, too */
    if (is_error(sqlite_run(view, SQL_begin_read))) {
        view->is_started = false;
        return sqlite3_extended_errcode(view->db);
    }
    if (is_error(sqlite_run(view, SQL_pin))) {
        return sqlite3_extended_errcode(view->db);
    }
    if (view->pinned != NULL) {
        view->pinned(view->pinned_user);
    }
    return SQLITE_OK;
}

void store_view_on_pinned(struct store_view *view, void (*pinned)(void *user), void *user)
{
    view->pinned = pinned;
    view->pinned_user = user;
}

void store_view_end(struct store_view *view)
{
    if (view->is_started) {
        IGNORE_STATUS(sqlite_run(view, SQL_commit)); /* it changed nothing */
        view->is_started = false;
    }
    view->is_begun = false;
}

void sqlite_tree_changed(struct store_view *view)
{
    view->tree_changed = true;
    atomic_fetch_add(&view->store->tree_version, 1);
}

status sqlite_limit_pages(struct store *store, uint32_t pages)
{
    char text[64];
    (void)sqlite3_snprintf(sizeof(text), text, "PRAGMA max_page_count = %u",
                           pages == 0 ? 0xfffffffeu : pages);
    int code = sqlite3_exec(store->writer->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fail(store->writer, code);
}
