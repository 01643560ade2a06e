/* SPDX-License-Identifier: Apache-2.0
 * Folders, made with their parents. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/sys_int.h"

static status make_one(const char *path, unsigned mode)
{
    if (mkdir(path, (mode_t)mode) == 0) {
        return OK;
    }
    int error = errno;
    struct stat found;
    if (stat(path, &found) == 0) {
        ENSURE(S_ISDIR(found.st_mode), SYSTEM, "%s is no folder", path);
        return OK;
    }
    FAIL(SYSTEM, "creating the folder %s: %s", path, strerror(error));
}

status sys_make_directory(struct bytes path, unsigned mode)
{
    char text[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    for (size_t i = 1; i < path.len; i++) {
        if (text[i] == '/') {
            text[i] = '\0';
            TRY(make_one(text, mode));
            text[i] = '/';
        }
    }
    return make_one(text, mode);
}
