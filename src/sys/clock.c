/* SPDX-License-Identifier: Apache-2.0
 * The real clocks. */
#include <time.h>

#include "sys/sys.h"

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    must(clock_gettime(which, &now) == 0);
    return (int64_t)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

static int64_t real_now(void *user)
{
    (void)user;
    return read_clock(CLOCK_REALTIME);
}

const struct sys_clock sys_clock_real = {real_now, NULL};

int64_t sys_monotonic_usec(void)
{
    return read_clock(CLOCK_MONOTONIC);
}
