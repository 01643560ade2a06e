/* SPDX-License-Identifier: Apache-2.0
 * Whole files read, written atomically, locked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/sys_int.h"

status sys_path_text(struct bytes path, char ret_text[SYS_PATH_SIZE])
{
    ENSURE(path.len > 0, SYSTEM, "an empty path");
    ENSURE(path.len < SYS_PATH_SIZE, SYSTEM, "a path of %zu octets is too long", path.len);
    ENSURE(bytes_find(path, '\0') == path.len, SYSTEM, "a path with a NUL");
    memcpy(ret_text, path.ptr, path.len);
    ret_text[path.len] = '\0';
    return OK;
}

static status read_all(int fd, const char *path, size_t limit, struct buf *out)
{
    size_t total = 0;
    for (;;) {
        size_t room = limit - total < 65536 ? limit - total + 1 : 65536;
        char *at = buf_reserve(out, room);
        if (at == NULL) {
            return buf_check(out);
        }
        ssize_t got = read(fd, at, room);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        ENSURE(got >= 0, SYSTEM, "reading %s: %s", path, strerror(errno));
        if (got == 0) {
            return OK;
        }
        total += (size_t)got;
        ENSURE(total <= limit, LIMIT, "%s is larger than %zu octets", path, limit);
        out->len += (size_t)got;
    }
}

status sys_file_read(struct bytes path, size_t limit, struct buf *out)
{
    char text[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    int fd = open(text, O_RDONLY | O_CLOEXEC);
    ENSURE(fd >= 0, SYSTEM, "opening %s: %s", text, strerror(errno));
    status result = read_all(fd, text, limit, out);
    (void)close(fd);
    return result;
}

static status write_all(int fd, struct bytes content)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.ptr, content.len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        ENSURE(put >= 0, SYSTEM, "writing a file: %s", strerror(errno));
        content = bytes_from(content, (size_t)put);
    }
    ENSURE(fsync(fd) == 0, SYSTEM, "fsync: %s", strerror(errno));
    return OK;
}

/* The rename is durable only once the folder is. */
static status sync_folder_of(const char *path)
{
    char folder[SYS_PATH_SIZE];
    struct bytes text = bytes_str(path);
    size_t slash = bytes_find_last(text, '/');
    TRY(sys_path_text(slash == text.len ? BYTES(".") : bytes_slice(text, 0, slash == 0 ? 1 : slash),
                      folder));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ENSURE(fd >= 0, SYSTEM, "opening %s: %s", folder, strerror(errno));
    int failed = fsync(fd);
    (void)close(fd);
    ENSURE(failed == 0, SYSTEM, "fsync of %s: %s", folder, strerror(errno));
    return OK;
}

static status fill_and_rename(int fd, const char *temporary, const char *path, struct bytes content)
{
    TRY(write_all(fd, content));
    ENSURE(rename(temporary, path) == 0, SYSTEM, "renaming to %s: %s", path, strerror(errno));
    return sync_folder_of(path);
}

status sys_file_write(struct bytes path, struct bytes content, unsigned mode)
{
    char text[SYS_PATH_SIZE], temporary[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    int length = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", text);
    ENSURE(length > 0 && (size_t)length < sizeof(temporary), SYSTEM, "path is too long: %s", text);
    int fd = mkostemp(temporary, O_CLOEXEC);
    ENSURE(fd >= 0, SYSTEM, "creating beside %s: %s", text, strerror(errno));
    status result = OK;
    if (fchmod(fd, (mode_t)mode) != 0) {
        result = status_fail(STATUS_SYSTEM, __FILE__, __LINE__, "chmod: %s", strerror(errno));
    }
    if (is_ok(result)) {
        result = fill_and_rename(fd, temporary, text, content);
    }
    (void)close(fd);
    if (is_error(result)) {
        (void)unlink(temporary);
    }
    return result;
}

status sys_file_lock(struct bytes path, int *ret_handle)
{
    char text[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    int fd = open(text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ENSURE(fd >= 0, SYSTEM, "opening %s: %s", text, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        (void)close(fd);
        ENSURE(error != EWOULDBLOCK, STORE_LOCKED, "%s is held by another process", text);
        FAIL(SYSTEM, "locking %s: %s", text, strerror(error));
    }
    *ret_handle = fd;
    return OK;
}

void sys_file_unlock(int handle)
{
    if (handle >= 0) {
        (void)close(handle);
    }
}
