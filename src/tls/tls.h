/* SPDX-License-Identifier: Apache-2.0
 * Door of the room tls: a byte stream protected by TLS, over any byte stream. Server certificates
 * now; the security association frameworks add client evidence later. TS-0003 10.2, 10.4;
 * RFC 8446, RFC 5246. */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include "sys/sys.h"

/* Credentials and policy of one side: read once, never changed, shared by streams of any thread. */
struct tls_context;

/* PEM files: the certificate with its chain, and its private key. SYSTEM, CONFIG, NO_MEMORY. */
status tls_server_context_new(struct bytes certificate_file, struct bytes key_file,
                              struct tls_context **ret_context);
/* ca_file: PEM of the authorities to trust; absent: those of the system. SYSTEM, CONFIG,
 * NO_MEMORY. */
status tls_client_context_new(struct bytes ca_file, struct tls_context **ret_context);
/* Accepts NULL. Streams made with it must be gone. */
void tls_context_free(struct tls_context *context);

/* Takes over a stream that was just accepted (its events are set here). The caller sets events and
 * user of the new stream before it returns to the loop; on_open follows when the handshake is
 * done. A failed handshake shows in on_close: on_open never came. On an error the inner stream is
 * closed. */
status tls_accept(struct tls_context *context, struct sys_stream *inner,
                  struct sys_stream **ret_stream);
struct tls_target {
    struct bytes host; /* a DNS name or an IP address */
    uint16_t port;
};
/* Connects and verifies: the chain against the context's authorities, the certificate against the
 * host. on_open follows, or on_close with TARGET_NOT_REACHABLE and the reason in the note. SYNTAX,
 * SYSTEM, NO_MEMORY. */
status tls_connect(struct tls_context *context, struct sys_loop *loop,
                   const struct tls_target *target, const struct sys_stream_events *events,
                   void *user, struct sys_stream **ret_stream);

/* ---- for a first try and for tests ---- */
struct tls_self_signed {
    const struct bytes *hosts; /* DNS names or IP addresses; the first is the subject too */
    size_t host_count;
    int64_t now_usec; /* valid from five minutes before, for 397 days */
};
/* A fresh P-256 key and a certificate that it signs itself, as PEM. The key's buffer holds a
 * secret: wipe it. CONFIG for a bad name, SYSTEM, NO_MEMORY. */
status tls_self_signed_make(const struct tls_self_signed *wish, struct buf *key_pem,
                            struct buf *certificate_pem);

#endif
