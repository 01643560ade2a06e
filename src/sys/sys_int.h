/* SPDX-License-Identifier: Apache-2.0
 * Inside of the room sys: the real loop and what its files share. */
#ifndef SYS_SYS_INT_H
#define SYS_SYS_INT_H

#include <limits.h>
#include <netinet/in.h>
#include <uv.h>

#include "sys/sys.h"

#define SYS_PATH_SIZE PATH_MAX
enum { SYS_READ_SIZE = 65536 };

/* What a uv handle's data points to, so that closing a loop can end whatever still lives on it. */
struct sys_handle {
    void (*end)(struct sys_handle *handle);
};

#define SYS_OWNER(pointer, type, member)                                                           \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

struct sys_posted {
    void (*run)(void *user);
    void *user;
    struct sys_posted *next;
};

struct sys_real_loop {
    struct sys_loop loop; /* first: what others hold */
    uv_loop_t uv;
    uv_async_t wake;
    struct sys_handle wake_handle;
    uv_mutex_t mutex; /* guards the posted list, the spares and stopping */
    struct sys_posted *first, *last;
    struct sys_posted *spare;
    unsigned spare_count;
    bool stopping;
    struct sys_timer *spare_timers; /* initialised and stopped */
    char read_space[SYS_READ_SIZE]; /* one read at a time: data is borrowed for the call */
};

static inline struct sys_real_loop *sys_real(struct sys_loop *loop)
{
    return (struct sys_real_loop *)(void *)loop;
}

struct sys_timer *sys_timer_start(struct sys_loop *loop, int64_t delay_usec,
                                  void (*fire)(void *user), void *user);
void sys_timer_stop(struct sys_loop *loop, struct sys_timer *timer);

/* A NUL-terminated copy of a path: SYSTEM when it is empty, too long or holds a NUL. */
status sys_path_text(struct bytes path, char ret_text[SYS_PATH_SIZE]);

void sys_address_to_os(const struct sys_address *address, struct sockaddr_storage *ret_os);
void sys_address_from_os(const struct sockaddr *os, struct sys_address *ret_address);

/* A stream over libuv. */
struct sys_uv_stream {
    struct sys_stream stream; /* first: what others hold */
    struct sys_handle handle;
    struct sys_real_loop *loop;
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    uv_write_t writing;
    uv_shutdown_t ending;
    struct buf in_flight; /* being written by libuv */
    struct buf waiting;   /* to be written next */
    struct sys_timer *linger;
    size_t dropped;              /* read after shutdown */
    struct sys_connect *connect; /* while connecting */
    bool is_writing, is_reading, is_paused, is_closing, is_shut, is_open, is_renewing;
    status why; /* for on_close */
};

enum sys_stream_family { SYS_STREAM_TCP, SYS_STREAM_PIPE };
/* The handle is initialised; the stream is not open yet. */
status sys_stream_new(struct sys_real_loop *loop, enum sys_stream_family family,
                      struct sys_uv_stream **ret_stream);
/* Connected: fills in the addresses. Then the user is told, and then the stream goes: it sends
 * what was written too early, and reads unless paused. */
void sys_stream_opened(struct sys_uv_stream *stream);
void sys_stream_go(struct sys_uv_stream *stream);
/* Ends the stream, once; on_close(why) follows from the loop. */
void sys_stream_end(struct sys_uv_stream *stream, status why);
/* While connecting: a fresh socket for the next address; sys_connect_next is called then. */
void sys_stream_renew(struct sys_uv_stream *stream);
void sys_connect_next(struct sys_connect *connect);
/* Called by the stream when it ends while still connecting. */
void sys_connect_abandon(struct sys_connect *connect);

#endif
