/* SPDX-License-Identifier: Apache-2.0
 * Connecting: names are resolved, addresses tried one after the other. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "sys/sys_int.h"

enum { HOST_MOST = 255 };

/* One attempt. Outlives its stream while libuv still holds one of its requests. */
struct sys_connect {
    struct sys_uv_stream *stream; /* NULL once abandoned */
    uv_getaddrinfo_t resolving;
    uv_connect_t connecting;
    struct addrinfo *found, *next;
    bool pending; /* a request is with libuv */
};

static void connect_free(struct sys_connect *self)
{
    uv_freeaddrinfo(self->found);
    mem_free(self);
}

void sys_connect_abandon(struct sys_connect *self)
{
    self->stream = NULL;
    if (!self->pending) {
        connect_free(self);
        return;
    }
    (void)uv_cancel((uv_req_t *)&self->resolving); /* its callback comes in any case */
}

static void give_up(struct sys_connect *self, const char *what, int error)
{
    sys_stream_end(self->stream, status_fail(STATUS_TARGET_NOT_REACHABLE, __FILE__, __LINE__,
                                             "%s: %s", what, uv_strerror(error)));
}

static void succeed(struct sys_connect *self)
{
    struct sys_uv_stream *stream = self->stream;
    stream->connect = NULL;
    connect_free(self);
    sys_stream_opened(stream);
    if (stream->stream.events.on_open != NULL) {
        stream->stream.events.on_open(stream->stream.user);
    }
    sys_stream_go(stream);
}

static void connected(uv_connect_t *connecting, int error)
{
    struct sys_connect *self = SYS_OWNER(connecting, struct sys_connect, connecting);
    self->pending = false;
    if (self->stream == NULL) {
        connect_free(self);
    } else if (error == 0) {
        succeed(self);
    } else if (self->next != NULL) {
        sys_stream_renew(self->stream); /* sys_connect_next follows */
    } else {
        give_up(self, "connect", error);
    }
}

void sys_connect_next(struct sys_connect *self)
{
    const struct sockaddr *os = self->next->ai_addr;
    self->next = self->next->ai_next;
    int error = uv_tcp_connect(&self->connecting, &self->stream->uv.tcp, os, connected);
    self->pending = error == 0;
    if (error != 0) {
        give_up(self, "connect", error);
    }
}

static void resolved(uv_getaddrinfo_t *resolving, int error, struct addrinfo *found)
{
    struct sys_connect *self = SYS_OWNER(resolving, struct sys_connect, resolving);
    self->pending = false;
    self->found = found;
    self->next = found;
    if (self->stream == NULL) {
        connect_free(self);
    } else if (error != 0 || found == NULL) {
        give_up(self, "name", error != 0 ? error : UV_EAI_NONAME);
    } else {
        sys_connect_next(self);
    }
}

/* A stream with its attempt; both are gone again on an error. */
static status begin(struct sys_loop *loop, enum sys_stream_family family,
                    const struct sys_stream_events *events, void *user,
                    struct sys_connect **ret_connect)
{
    struct sys_connect *self = mem_alloc(sizeof(*self));
    ENSURE(self != NULL, NO_MEMORY, "connecting");
    status made = sys_stream_new(sys_real(loop), family, &self->stream);
    if (is_error(made)) {
        mem_free(self);
        return made;
    }
    self->stream->connect = self;
    self->stream->stream.events = *events;
    self->stream->stream.user = user;
    *ret_connect = self;
    return OK;
}

/* The caller learns by the returned status alone: no event may follow. */
static status refuse(struct sys_connect *self, const char *what, int error)
{
    self->stream->stream.events = (struct sys_stream_events){0};
    sys_stream_end(self->stream, ERROR(CLOSED));
    FAIL(SYSTEM, "%s: %s", what, uv_strerror(error));
}

status sys_connect_tcp(struct sys_loop *loop, struct bytes host, uint16_t port,
                       const struct sys_stream_events *events, void *user,
                       struct sys_stream **ret_stream)
{
    char host_text[HOST_MOST + 1], port_text[8];
    ENSURE(host.len > 0 && host.len <= HOST_MOST, SYNTAX, "no host name");
    ENSURE(bytes_find(host, '\0') == host.len, SYNTAX, "a host name with a NUL");
    memcpy(host_text, host.ptr, host.len);
    host_text[host.len] = '\0';
    (void)snprintf(port_text, sizeof(port_text), "%u", (unsigned)port);
    struct sys_connect *self = NULL;
    TRY(begin(loop, SYS_STREAM_TCP, events, user, &self));
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    int error = uv_getaddrinfo(&sys_real(loop)->uv, &self->resolving, resolved, host_text,
                               port_text, &hints);
    if (error != 0) {
        return refuse(self, "name", error);
    }
    self->pending = true;
    *ret_stream = &self->stream->stream;
    return OK;
}

status sys_connect_unix(struct sys_loop *loop, struct bytes path,
                        const struct sys_stream_events *events, void *user,
                        struct sys_stream **ret_stream)
{
    char text[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    ENSURE(path.len < sizeof(((struct sockaddr_un *)NULL)->sun_path), SYSTEM,
           "socket path is too long: %s", text);
    struct sys_connect *self = NULL;
    TRY(begin(loop, SYS_STREAM_PIPE, events, user, &self));
    uv_pipe_connect(&self->connecting, &self->stream->uv.pipe, text, connected);
    self->pending = true;
    *ret_stream = &self->stream->stream;
    return OK;
}
