/* SPDX-License-Identifier: Apache-2.0
 * Randomness and what the process uses. */
#include <errno.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/sys_int.h"

void sys_random(void *ptr, size_t len)
{
    char *at = ptr;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        must(got > 0);
        at += got;
        len -= (size_t)got;
    }
}

void sys_files_private(void)
{
    (void)umask(S_IRWXG | S_IRWXO);
}

uint64_t sys_resident_memory(void)
{
    struct buf text;
    buf_init(&text, 4096);
    uint64_t pages = 0;
    if (is_ok(sys_file_read(BYTES("/proc/self/statm"), 1024, &text))) {
        struct bytes rest = buf_bytes(&text);
        (void)bytes_cut(&rest, ' '); /* the second number counts resident pages */
        if (is_error(bytes_to_u64(bytes_cut(&rest, ' '), &pages))) {
            pages = 0;
        }
    }
    buf_fini(&text);
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? pages * (uint64_t)size : 0;
}
