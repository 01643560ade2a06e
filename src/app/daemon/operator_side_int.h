/* SPDX-License-Identifier: Apache-2.0
 * What the operator's files share. */
#ifndef APP_DAEMON_OPERATOR_SIDE_INT_H
#define APP_DAEMON_OPERATOR_SIDE_INT_H

#include "app/daemon/operator_int.h"

struct operator_side {
    struct serve_worker *worker;
    struct sys_listener *socket, *listener;
    struct bytes socket_path;
    int64_t started; /* monotonic, usec */
    size_t connections;
};

#endif
