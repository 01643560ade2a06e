/* SPDX-License-Identifier: Apache-2.0
 * A TLS stream over another stream. What comes in is pulled by GnuTLS from the bytes being read;
 * what goes out is collected and written at once. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "tls/tls_int.h"

enum { RECORD_SIZE = 16384, HOST_MOST = 255, IDLE_ROUNDS = 16 };
static const size_t OUT_MOST = (size_t)1 << 28;

struct tls_stream {
    struct sys_stream stream; /* first: what others hold */
    struct sys_stream *inner;
    gnutls_session_t session;
    struct bytes input;       /* the rest of the bytes being read */
    struct buf output;        /* records to be written */
    struct buf early;         /* plain bytes written before the handshake was done */
    char host[HOST_MOST + 1]; /* clients: who the peer must be */
    bool is_server, is_verified, is_open, is_over, was_ended_by_peer;
    status why;
};

static struct tls_stream *of(struct sys_stream *stream)
{
    return (struct tls_stream *)(void *)stream;
}

/* ---- GnuTLS's view of the inner stream ---- */
static ssize_t pull(gnutls_transport_ptr_t user, void *space, size_t size)
{
    struct tls_stream *self = user;
    if (self->input.len == 0) {
        gnutls_transport_set_errno(self->session, EAGAIN);
        return -1;
    }
    size_t take = size < self->input.len ? size : self->input.len;
    memcpy(space, self->input.ptr, take);
    self->input = bytes_from(self->input, take);
    return (ssize_t)take;
}

static ssize_t push(gnutls_transport_ptr_t user, const void *data, size_t size)
{
    struct tls_stream *self = user;
    buf_add(&self->output, bytes_of(data, size));
    if (is_error(buf_check(&self->output))) {
        gnutls_transport_set_errno(self->session, ENOMEM);
        return -1;
    }
    return (ssize_t)size;
}

/* All bytes there are have been given; more come as an event, never by waiting. */
static int pull_timeout(gnutls_transport_ptr_t user, unsigned msec)
{
    (void)msec;
    return ((struct tls_stream *)user)->input.len > 0 ? 1 : 0;
}

/* ---- ends ---- */
static void end(struct tls_stream *self, status why)
{
    if (!self->is_over) {
        self->is_over = true;
        self->why = why;
    }
}

/* Writes the collected records; the stream ends when that fails. */
static status flush(struct tls_stream *self)
{
    status sent = buf_check(&self->output);
    if (is_ok(sent) && self->output.len > 0) {
        sent = self->inner->ops->write(self->inner, buf_bytes(&self->output));
    }
    if (self->output.cap > 2 * RECORD_SIZE) {
        buf_fini(&self->output);
    }
    buf_clear(&self->output);
    self->stream.unsent = self->inner->unsent;
    if (is_error(sent)) {
        end(self, sent);
        self->inner->ops->close(self->inner);
    }
    return sent;
}

static void fail(struct tls_stream *self, const char *what, int error)
{
    enum status_code code = self->is_server ? STATUS_CLOSED : STATUS_TARGET_NOT_REACHABLE;
    end(self, status_fail(code, __FILE__, __LINE__, "TLS %s: %s", what, gnutls_strerror(error)));
    (void)gnutls_alert_send_appropriate(self->session, error);
    if (is_ok(flush(self))) {
        self->inner->ops->shutdown(self->inner);
    }
}

/* ---- life of a connection ---- */
static status send_plain(struct tls_stream *self, struct bytes data)
{
    while (data.len > 0) {
        ssize_t sent = gnutls_record_send(self->session, data.ptr, data.len);
        ENSURE(sent > 0, CLOSED, "TLS write: %s", gnutls_strerror((int)sent));
        data = bytes_from(data, (size_t)sent);
    }
    return OK;
}

static void established(struct tls_stream *self)
{
    if (!self->is_server && !self->is_verified) { /* cannot be: the handshake calls verify */
        fail(self, "verification", GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
        return;
    }
    self->is_open = true;
    status sent = send_plain(self, buf_bytes(&self->early));
    buf_fini(&self->early);
    if (is_error(sent)) {
        fail(self, "write", GNUTLS_E_PUSH_ERROR);
    } else if (is_ok(flush(self)) && self->stream.events.on_open != NULL) {
        self->stream.events.on_open(self->stream.user);
    }
}

static void shake_hands(struct tls_stream *self)
{
    int result;
    do {
        result = gnutls_handshake(self->session);
    } while (result < 0 && gnutls_error_is_fatal(result) == 0 &&
             (result != GNUTLS_E_AGAIN || self->input.len > 0));
    if (result == 0) {
        established(self);
    } else if (result == GNUTLS_E_AGAIN) {
        IGNORE_STATUS(flush(self)); /* a failure has ended the stream already */
    } else {
        fail(self, "handshake", result);
    }
}

/* Hands over all that the bytes given so far contain. AGAIN alone does not say that they are used
 * up: it also follows each message that GnuTLS keeps to itself. */
static void read_records(struct tls_stream *self)
{
    char plain[RECORD_SIZE];
    unsigned idle = 0; /* rounds in which GnuTLS took nothing: a few are its bookkeeping */
    while (!self->is_over && idle < IDLE_ROUNDS) {
        size_t before = self->input.len;
        ssize_t got = gnutls_record_recv(self->session, plain, sizeof(plain));
        if (got > 0) {
            self->stream.events.on_read(self->stream.user, bytes_of(plain, (size_t)got));
        } else if (got == 0) {
            end(self, OK); /* close-notify */
            (void)gnutls_bye(self->session, GNUTLS_SHUT_WR);
            if (is_ok(flush(self))) {
                self->inner->ops->shutdown(self->inner);
            }
        } else if (got == GNUTLS_E_AGAIN && self->input.len == 0) {
            IGNORE_STATUS(flush(self)); /* an answer to a key update */
            return;
        } else if (got == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal((int)got) != 0) {
            fail(self, "record", (int)got); /* no renegotiation */
        }
        idle = got > 0 || self->input.len < before ? 0 : idle + 1;
    }
    if (!self->is_over) {
        fail(self, "record", GNUTLS_E_INTERNAL_ERROR);
    }
}

static void inner_read(void *user, struct bytes data)
{
    struct tls_stream *self = user;
    if (self->is_over) {
        return;
    }
    self->input = data;
    if (!self->is_open) {
        shake_hands(self);
    }
    if (self->is_open) {
        read_records(self);
    }
    self->input = BYTES_NONE;
}

static void inner_opened(void *user)
{
    struct tls_stream *self = user;
    self->stream.peer = self->inner->peer;
    self->stream.local = self->inner->local;
    shake_hands(self);
}

static void inner_written(void *user)
{
    struct tls_stream *self = user;
    self->stream.unsent = 0;
    if (self->is_open && !self->is_over && self->stream.events.on_written != NULL) {
        self->stream.events.on_written(self->stream.user);
    }
}

static void inner_closed(void *user, status why)
{
    struct tls_stream *self = user;
    /* an end without close-notify may be an attacker's */
    end(self, is_ok(why) ? ERROR(CLOSED) : why);
    if (self->stream.events.on_close != NULL) {
        self->stream.events.on_close(self->stream.user, self->why);
    }
    gnutls_deinit(self->session);
    buf_fini(&self->output);
    buf_fini(&self->early);
    mem_free(self);
}

static const struct sys_stream_events inner_events = {inner_opened, inner_read, inner_written,
                                                      inner_closed};

/* ---- what the user of the stream calls ---- */
static status tls_write(struct sys_stream *stream, struct bytes data)
{
    struct tls_stream *self = of(stream);
    ENSURE(!self->is_over, CLOSED, "writing to a closed stream");
    if (!self->is_open) {
        buf_add(&self->early, data);
        TRY(buf_check(&self->early));
        self->stream.unsent += data.len;
        return OK;
    }
    TRY(send_plain(self, data));
    return flush(self);
}

static void tls_pause(struct sys_stream *stream, bool paused)
{
    of(stream)->inner->ops->pause(of(stream)->inner, paused);
}

static void tls_close(struct sys_stream *stream)
{
    struct tls_stream *self = of(stream);
    end(self, ERROR(CLOSED));
    self->inner->ops->close(self->inner);
}

static void tls_shutdown(struct sys_stream *stream)
{
    struct tls_stream *self = of(stream);
    if (self->is_over) {
        return;
    }
    if (self->is_open) {
        (void)gnutls_bye(self->session, GNUTLS_SHUT_WR);
    }
    if (is_ok(flush(self))) {
        end(self, ERROR(CLOSED));
        self->inner->ops->shutdown(self->inner);
    }
}

static const struct sys_stream_ops tls_ops = {tls_write, tls_pause, tls_close, tls_shutdown};

/* ---- birth ---- */
static int verify(gnutls_session_t session)
{
    struct tls_stream *self = gnutls_session_get_ptr(session);
    unsigned verdict = GNUTLS_CERT_INVALID;
    int error = gnutls_certificate_verify_peers3(session, self->host, &verdict);
    if (error < 0 || verdict != 0) {
        gnutls_datum_t text = {NULL, 0};
        if (gnutls_certificate_verification_status_print(verdict, GNUTLS_CRT_X509, &text, 0) >= 0) {
            log_line(LOG_LEVEL_DEBUG, "tls", "%s: %s", self->host, (const char *)text.data);
        }
        gnutls_free(text.data);
        return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
    }
    self->is_verified = true;
    return 0;
}

static int session_init(struct tls_stream *self, struct tls_context *context)
{
    unsigned flags =
        (context->is_server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
    int error = gnutls_init(&self->session, flags);
    if (error < 0) {
        self->session = NULL;
        return error;
    }
    gnutls_session_set_ptr(self->session, self);
    gnutls_transport_set_ptr(self->session, self);
    gnutls_transport_set_pull_function(self->session, pull);
    gnutls_transport_set_push_function(self->session, push);
    gnutls_transport_set_pull_timeout_function(self->session, pull_timeout);
    gnutls_handshake_set_timeout(self->session, GNUTLS_INDEFINITE_TIMEOUT); /* the user's timer */
    error = gnutls_priority_set(self->session, context->priority);
    if (error >= 0) {
        error = gnutls_credentials_set(self->session, GNUTLS_CRD_CERTIFICATE, context->credentials);
    }
    if (error >= 0 && context->is_server) {
        error = gnutls_session_ticket_enable_server(self->session, &context->ticket_key);
    }
    return error;
}

static status stream_new(struct tls_context *context, struct tls_stream **ret_stream)
{
    struct tls_stream *self = mem_alloc(sizeof(*self));
    ENSURE(self != NULL, NO_MEMORY, "TLS stream");
    self->stream.ops = &tls_ops;
    self->is_server = context->is_server;
    buf_init(&self->output, OUT_MOST);
    buf_init(&self->early, OUT_MOST);
    int error = session_init(self, context);
    if (error < 0) {
        gnutls_deinit(self->session);
        mem_free(self);
        return tls_failure("TLS session", error);
    }
    *ret_stream = self;
    return OK;
}

status tls_accept(struct tls_context *context, struct sys_stream *inner,
                  struct sys_stream **ret_stream)
{
    must(context->is_server);
    struct tls_stream *self = NULL;
    status made = stream_new(context, &self);
    if (is_error(made)) {
        inner->events = (struct sys_stream_events){0};
        inner->ops->close(inner);
        return made;
    }
    self->inner = inner;
    self->stream.peer = inner->peer;
    self->stream.local = inner->local;
    inner->events = inner_events;
    inner->user = self;
    *ret_stream = &self->stream;
    return OK;
}

static int name_the_server(struct tls_stream *self, struct bytes host)
{
    unsigned char ip[16];
    memcpy(self->host, host.ptr, host.len);
    self->host[host.len] = '\0';
    if (inet_pton(AF_INET, self->host, ip) == 1 || inet_pton(AF_INET6, self->host, ip) == 1) {
        return 0; /* RFC 6066 3: no addresses in SNI */
    }
    return gnutls_server_name_set(self->session, GNUTLS_NAME_DNS, host.ptr, host.len);
}

status tls_connect(struct tls_context *context, struct sys_loop *loop,
                   const struct tls_target *target, const struct sys_stream_events *events,
                   void *user, struct sys_stream **ret_stream)
{
    must(!context->is_server);
    struct bytes host = target->host;
    ENSURE(host.len > 0 && host.len <= HOST_MOST && bytes_find(host, '\0') == host.len, SYNTAX,
           "no host name");
    struct tls_stream *self = NULL;
    TRY(stream_new(context, &self));
    int error = name_the_server(self, host);
    status connecting =
        error < 0 ? tls_failure("server name", error)
                  : sys_connect_tcp(loop, host, target->port, &inner_events, self, &self->inner);
    if (is_error(connecting)) {
        gnutls_deinit(self->session);
        mem_free(self);
        return connecting;
    }
    gnutls_session_set_verify_function(self->session, verify);
    self->stream.events = *events;
    self->stream.user = user;
    *ret_stream = &self->stream;
    return OK;
}
