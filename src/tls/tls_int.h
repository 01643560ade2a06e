/* SPDX-License-Identifier: Apache-2.0
 * Inside of the room tls. */
#ifndef TLS_TLS_INT_H
#define TLS_TLS_INT_H

#include <gnutls/gnutls.h>

#include "tls/tls.h"

struct tls_context {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    gnutls_datum_t ticket_key; /* servers; wiped by gnutls_memset when freed */
    bool is_server;
};

/* SYSTEM or NO_MEMORY with GnuTLS's word in the note. */
status tls_failure(const char *what, int error);

#endif
