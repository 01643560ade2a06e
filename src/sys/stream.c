/* SPDX-License-Identifier: Apache-2.0
 * Byte streams over libuv: TCP and Unix sockets. */
#include <string.h>

#include "sys/sys_int.h"

/* More than any answer; who writes must look at unsent long before. */
static const size_t UNSENT_MOST = (size_t)1 << 28;
/* After shutdown: how long a peer may take to read the rest, and how much of its own is read. */
enum { LINGER_USEC = 1000000, DROPPED_MOST = 1 << 20 };

static void stream_free(uv_handle_t *uv)
{
    struct sys_uv_stream *self = SYS_OWNER(uv, struct sys_uv_stream, uv);
    self->stream.ops = NULL;
    if (self->stream.events.on_close != NULL) {
        self->stream.events.on_close(self->stream.user, self->why);
    }
    buf_fini(&self->in_flight);
    buf_fini(&self->waiting);
    mem_free(self);
}

void sys_stream_end(struct sys_uv_stream *self, status why)
{
    if (self->is_closing) {
        return;
    }
    self->is_closing = true;
    self->why = why;
    self->loop->loop.timer_stop(&self->loop->loop, self->linger);
    self->linger = NULL;
    if (self->connect != NULL) {
        sys_connect_abandon(self->connect);
        self->connect = NULL;
    }
    if (!self->is_renewing) {
        uv_close(&self->uv.any, stream_free);
    }
}

static void renewed(uv_handle_t *uv)
{
    struct sys_uv_stream *self = SYS_OWNER(uv, struct sys_uv_stream, uv);
    self->is_renewing = false;
    if (self->is_closing) {
        stream_free(uv);
        return;
    }
    must(uv_tcp_init(&self->loop->uv, &self->uv.tcp) == 0);
    self->uv.any.data = &self->handle;
    sys_connect_next(self->connect);
}

void sys_stream_renew(struct sys_uv_stream *self)
{
    self->is_renewing = true;
    uv_close(&self->uv.any, renewed);
}

static status uv_failure(int error)
{
    return status_fail(STATUS_CLOSED, __FILE__, __LINE__, "connection: %s", uv_strerror(error));
}

/* ---- reading ---- */
static void give_space(uv_handle_t *uv, size_t suggested, uv_buf_t *ret_space)
{
    (void)suggested;
    struct sys_uv_stream *self = SYS_OWNER(uv, struct sys_uv_stream, uv);
    *ret_space = uv_buf_init(self->loop->read_space, SYS_READ_SIZE);
}

static void data_came(uv_stream_t *uv, ssize_t got, const uv_buf_t *space)
{
    struct sys_uv_stream *self = SYS_OWNER(uv, struct sys_uv_stream, uv);
    if (got > 0 && !self->is_shut) {
        self->stream.events.on_read(self->stream.user, bytes_of(space->base, (size_t)got));
    } else if (got > 0) {
        self->dropped += (size_t)got;
        if (self->dropped > DROPPED_MOST) {
            sys_stream_end(self, ERROR(CLOSED));
        }
    } else if (got < 0) {
        sys_stream_end(self, got == UV_EOF ? OK : uv_failure((int)got));
    }
}

static void read_or_not(struct sys_uv_stream *self)
{
    bool wanted = self->is_open && (!self->is_paused || self->is_shut) && !self->is_closing;
    if (wanted && !self->is_reading) {
        self->is_reading = true;
        int error = uv_read_start(&self->uv.stream, give_space, data_came);
        if (error != 0) {
            sys_stream_end(self, uv_failure(error));
        }
    } else if (!wanted && self->is_reading) {
        self->is_reading = false;
        (void)uv_read_stop(&self->uv.stream);
    }
}

static void stream_pause(struct sys_stream *stream, bool paused)
{
    struct sys_uv_stream *self = (struct sys_uv_stream *)(void *)stream;
    self->is_paused = paused;
    read_or_not(self);
}

/* ---- leaving in order: everything sent, our half closed, then the peer's rest is dropped so
 * that no reset overtakes the last answer ---- */
static void linger_over(void *user)
{
    struct sys_uv_stream *self = user;
    self->linger = NULL;
    sys_stream_end(self, ERROR(CLOSED));
}

static void half_closed(uv_shutdown_t *ending, int error)
{
    struct sys_uv_stream *self = SYS_OWNER(ending, struct sys_uv_stream, ending);
    if (self->is_closing) {
        return;
    }
    if (error != 0) {
        sys_stream_end(self, uv_failure(error));
        return;
    }
    struct sys_loop *loop = &self->loop->loop;
    self->linger = loop->timer_start(loop, LINGER_USEC, linger_over, self);
    if (self->linger == NULL) {
        sys_stream_end(self, ERROR(CLOSED));
        return;
    }
    read_or_not(self);
}

static void half_close(struct sys_uv_stream *self)
{
    int error = uv_shutdown(&self->ending, &self->uv.stream, half_closed);
    if (error != 0) {
        sys_stream_end(self, uv_failure(error));
    }
}

/* ---- writing ---- */
static void written(uv_write_t *writing, int error);

static void write_next(struct sys_uv_stream *self)
{
    struct buf swap = self->in_flight;
    self->in_flight = self->waiting;
    self->waiting = swap;
    buf_clear(&self->waiting);
    uv_buf_t data = uv_buf_init(self->in_flight.ptr, (unsigned)self->in_flight.len);
    self->is_writing = true;
    int error = uv_write(&self->writing, &self->uv.stream, &data, 1, written);
    if (error != 0) {
        self->is_writing = false;
        sys_stream_end(self, uv_failure(error));
    }
}

static void written(uv_write_t *writing, int error)
{
    struct sys_uv_stream *self = SYS_OWNER(writing, struct sys_uv_stream, writing);
    self->is_writing = false;
    if (self->is_closing) {
        return;
    }
    if (error != 0) {
        sys_stream_end(self, uv_failure(error));
        return;
    }
    self->stream.unsent -= self->in_flight.len;
    if (self->waiting.len > 0) {
        write_next(self);
        return;
    }
    buf_fini(&self->in_flight); /* a large answer keeps no memory once it has left */
    buf_fini(&self->waiting);
    if (self->is_shut) {
        half_close(self);
    } else if (self->stream.events.on_written != NULL) {
        self->stream.events.on_written(self->stream.user);
    }
}

static status stream_write(struct sys_stream *stream, struct bytes data)
{
    struct sys_uv_stream *self = (struct sys_uv_stream *)(void *)stream;
    ENSURE(!self->is_closing && !self->is_shut, CLOSED, "writing to a closed stream");
    if (data.len > 0 && self->is_open && self->stream.unsent == 0) {
        size_t now = data.len < INT_MAX ? data.len : INT_MAX;
        uv_buf_t piece = uv_buf_init((char *)(uintptr_t)data.ptr, (unsigned)now);
        int sent = uv_try_write(&self->uv.stream, &piece, 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            sys_stream_end(self, uv_failure(sent));
            return ERROR(CLOSED);
        }
        data = bytes_from(data, sent < 0 ? 0 : (size_t)sent);
    }
    if (data.len == 0) {
        return OK;
    }
    buf_add(&self->waiting, data);
    TRY(buf_check(&self->waiting));
    self->stream.unsent += data.len;
    if (!self->is_writing && self->is_open) {
        write_next(self);
    }
    return OK;
}

static void stream_close(struct sys_stream *stream)
{
    sys_stream_end((struct sys_uv_stream *)(void *)stream, ERROR(CLOSED));
}

static void stream_shutdown(struct sys_stream *stream)
{
    struct sys_uv_stream *self = (struct sys_uv_stream *)(void *)stream;
    if (self->is_closing || self->is_shut) {
        return;
    }
    self->is_shut = true;
    if (!self->is_open) {
        sys_stream_end(self, ERROR(CLOSED));
    } else if (self->stream.unsent == 0) {
        half_close(self);
    }
}

static const struct sys_stream_ops uv_stream_ops = {
    .write = stream_write,
    .pause = stream_pause,
    .close = stream_close,
    .shutdown = stream_shutdown,
};

/* ---- birth ---- */
static void stream_end_with_loop(struct sys_handle *handle)
{
    sys_stream_end(SYS_OWNER(handle, struct sys_uv_stream, handle), ERROR(CLOSED));
}

status sys_stream_new(struct sys_real_loop *loop, enum sys_stream_family family,
                      struct sys_uv_stream **ret_stream)
{
    struct sys_uv_stream *self = mem_alloc(sizeof(*self));
    ENSURE(self != NULL, NO_MEMORY, "stream");
    self->loop = loop;
    self->stream.ops = &uv_stream_ops;
    self->handle.end = stream_end_with_loop;
    buf_init(&self->in_flight, UNSENT_MOST);
    buf_init(&self->waiting, UNSENT_MOST);
    switch (family) {
    case SYS_STREAM_TCP:
        must(uv_tcp_init(&loop->uv, &self->uv.tcp) == 0);
        break;
    case SYS_STREAM_PIPE:
        must(uv_pipe_init(&loop->uv, &self->uv.pipe, 0) == 0);
        break;
    }
    self->uv.any.data = &self->handle;
    *ret_stream = self;
    return OK;
}

void sys_stream_opened(struct sys_uv_stream *self)
{
    self->is_open = true;
    if (self->uv.any.type == UV_TCP) {
        struct sockaddr_storage os;
        int size = sizeof(os);
        if (uv_tcp_getpeername(&self->uv.tcp, (struct sockaddr *)&os, &size) == 0) {
            sys_address_from_os((struct sockaddr *)&os, &self->stream.peer);
        }
        size = sizeof(os);
        if (uv_tcp_getsockname(&self->uv.tcp, (struct sockaddr *)&os, &size) == 0) {
            sys_address_from_os((struct sockaddr *)&os, &self->stream.local);
        }
        (void)uv_tcp_nodelay(&self->uv.tcp, 1);
    }
}

void sys_stream_go(struct sys_uv_stream *self)
{
    if (self->is_closing) {
        return;
    }
    if (self->waiting.len > 0 && !self->is_writing) {
        write_next(self);
    }
    read_or_not(self);
}
