/* SPDX-License-Identifier: Apache-2.0
 * The log is written page by page, two system calls each; here they are gathered and leave in one,
 * before anything that could tell: a sync, a read, a look at the size. A commit shows its pages to
 * readers only after its sync, so nobody sees the difference. Every other file is the system's. */
#include <string.h>

#include "store/sqlite/sqlite_int.h"

/* Below 128 KiB: the library's own file system takes no more in one call. */
enum { GATHER_MAX = 120 * 1024 };

/* The library allots szOsFile octets for a file: ours, and the system's behind it. */
struct wal_file {
    sqlite3_file base; /* first */
    char *gathered;    /* GATHER_MAX octets, from the first write on */
    size_t count;
    sqlite3_int64 offset; /* of the first gathered octet */
};

static sqlite3_vfs gather_vfs;
static sqlite3_vfs *system_vfs;

static sqlite3_file *system_file(sqlite3_file *file)
{
    return (sqlite3_file *)((struct wal_file *)file + 1);
}

static int flush(sqlite3_file *file)
{
    struct wal_file *wal = (struct wal_file *)file;
    sqlite3_file *real = system_file(file);
    size_t count = wal->count;
    wal->count = 0;
    return count == 0 ? SQLITE_OK
                      : real->pMethods->xWrite(real, wal->gathered, (int)count, wal->offset);
}

static int wal_write(sqlite3_file *file, const void *ptr, int count, sqlite3_int64 offset)
{
    struct wal_file *wal = (struct wal_file *)file;
    size_t size = (size_t)count;
    bool follows = offset == wal->offset + (sqlite3_int64)wal->count;
    if (!follows || size > GATHER_MAX - wal->count) {
        int code = flush(file);
        if (code != SQLITE_OK) {
            return code;
        }
    }
    if (wal->gathered == NULL) {
        wal->gathered = mem_alloc(GATHER_MAX);
    }
    if (wal->gathered == NULL || size > GATHER_MAX) {
        sqlite3_file *real = system_file(file);
        return real->pMethods->xWrite(real, ptr, count, offset);
    }
    if (wal->count == 0) {
        wal->offset = offset;
    }
    memcpy(wal->gathered + wal->count, ptr, size);
    wal->count += size;
    return SQLITE_OK;
}

static int wal_close(sqlite3_file *file)
{
    sqlite3_file *real = system_file(file);
    (void)flush(file); /* what was not synced by now was not promised */
    mem_free(((struct wal_file *)file)->gathered);
    return real->pMethods->xClose(real);
}

static int wal_read(sqlite3_file *file, void *ptr, int count, sqlite3_int64 offset)
{
    sqlite3_file *real = system_file(file);
    int code = flush(file);
    return code != SQLITE_OK ? code : real->pMethods->xRead(real, ptr, count, offset);
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_file *real = system_file(file);
    int code = flush(file);
    return code != SQLITE_OK ? code : real->pMethods->xTruncate(real, size);
}

static int wal_sync(sqlite3_file *file, int flags)
{
    sqlite3_file *real = system_file(file);
    int code = flush(file);
    return code != SQLITE_OK ? code : real->pMethods->xSync(real, flags);
}

static int wal_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    sqlite3_file *real = system_file(file);
    int code = flush(file);
    return code != SQLITE_OK ? code : real->pMethods->xFileSize(real, ret_size);
}

static int wal_control(sqlite3_file *file, int operation, void *argument)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xFileControl(real, operation, argument);
}

static int wal_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xLock(real, level);
}

static int wal_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xUnlock(real, level);
}

static int wal_check_lock(sqlite3_file *file, int *ret_reserved)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xCheckReservedLock(real, ret_reserved);
}

static int wal_sector_size(sqlite3_file *file)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xSectorSize(real);
}

static int wal_characteristics(sqlite3_file *file)
{
    sqlite3_file *real = system_file(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

static const sqlite3_io_methods wal_methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_check_lock,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector_size,
    .xDeviceCharacteristics = wal_characteristics,
};

static int gather_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *ret_flags)
{
    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return system_vfs->xOpen(system_vfs, name, file, flags, ret_flags);
    }
    struct wal_file *wal = (struct wal_file *)file;
    *wal = (struct wal_file){.count = 0};
    int code = system_vfs->xOpen(system_vfs, name, system_file(file), flags, ret_flags);
    if (code == SQLITE_OK) {
        wal->base.pMethods = &wal_methods;
    }
    return code;
}

status sqlite_wal_file_register(void)
{
    if (system_vfs != NULL) {
        return OK;
    }
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    ENSURE(system != NULL, STORE_FAILED, "the library has no file system");
    gather_vfs = *system; /* all but opening is the system's */
    gather_vfs.zName = SQLITE_VFS_NAME;
    gather_vfs.pNext = NULL;
    gather_vfs.szOsFile = system->szOsFile + (int)sizeof(struct wal_file);
    gather_vfs.xOpen = gather_open;
    ENSURE(sqlite3_vfs_register(&gather_vfs, 0) == SQLITE_OK, STORE_FAILED,
           "the library takes no file system");
    system_vfs = system;
    return OK;
}
