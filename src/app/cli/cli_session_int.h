/* SPDX-License-Identifier: Apache-2.0
 * The inside of a session: a loop and a client link of the binding that the URL names. */
#ifndef APP_CLI_CLI_SESSION_INT_H
#define APP_CLI_CLI_SESSION_INT_H

#include "app/cli/cli_int.h"

struct cli_session {
    const struct cli_options *options;
    struct arena *arena;
    struct sys_loop *loop;
    struct http_client *client;
    struct tls_context *tls;
    struct prim_link *link;
    uint64_t requests; /* numbered into rqi */
    uint64_t tag;      /* random, so that rqi differ between runs */
};

#endif
