/* SPDX-License-Identifier: Apache-2.0
 * Opening and closing: the lock, the file, the writer. */
#include "store/sqlite/sqlite_int.h"

enum { BATCH_DEFAULT = 64, QUEUE_DEFAULT = 16384, BUSY_WARNING_DEFAULT = 1000000 };

static status keep_directory(struct store *store, struct bytes directory)
{
    char *copy = mem_alloc(directory.len + 1);
    ENSURE(copy != NULL, NO_MEMORY, "no memory for the store");
    for (size_t i = 0; i < directory.len; i++) {
        copy[i] = directory.ptr[i];
    }
    store->directory = bytes_of(copy, directory.len);
    return OK;
}

static status take_lock(struct store *store)
{
    CLEANUP(buf_fini) struct buf path;
    buf_init(&path, 4096);
    TRY(sys_make_directory(store->directory, 0700));
    buf_add(&path, store->directory);
    buf_add_str(&path, "/store.lock");
    TRY(buf_check(&path));
    return sys_file_lock(buf_bytes(&path), &store->lock);
}

/* Once a process, before the library starts; later calls are refused by it and change nothing. */
static void configure_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* else each allocation takes a lock */
}

static status open_parts(struct store *store, const struct store_options *options)
{
    configure_library();
    TRY(sqlite_wal_file_register());
    TRY(keep_directory(store, options->directory));
    TRY(take_lock(store));
    TRY(sqlite_view_connect(store, true, &store->writer));
    TRY(sqlite_schema_prepare(store->writer));
    TRY(sqlite_meta_load(store));
    return sqlite_writer_start(store);
}

status store_open(const struct store_options *options, struct store **ret_store)
{
    struct store *store = mem_alloc(sizeof(*store));
    ENSURE(store != NULL, NO_MEMORY, "no memory for the store");
    store->lock = -1;
    store->threaded = options->threaded;
    store->batch_max = options->batch_max == 0 ? BATCH_DEFAULT : options->batch_max;
    store->queue_max = options->queue_max == 0 ? QUEUE_DEFAULT : options->queue_max;
    store->busy_warning_usec =
        options->busy_warning_usec == 0 ? BUSY_WARNING_DEFAULT : options->busy_warning_usec;
    status result = open_parts(store, options);
    if (is_error(result)) {
        store_close(store);
        return result;
    }
    *ret_store = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    sqlite_writer_stop(store);
    store_view_close(store->writer);
    if (store->lock >= 0) {
        sys_file_unlock(store->lock);
    }
    mem_free((void *)(uintptr_t)store->directory.ptr);
    mem_free(store);
}

uint64_t store_tree_version(const struct store *store)
{
    return atomic_load(&store->tree_version);
}

uint64_t store_commit_version(const struct store *store)
{
    return atomic_load(&store->commit_version);
}
