/* SPDX-License-Identifier: Apache-2.0
 * Door of the room sys: the operating system. Loops, clocks, timers, byte streams, names, signals,
 * threads, files. No other room touches libuv or a system call. */
#ifndef SYS_SYS_H
#define SYS_SYS_H

#include "base/base.h"

/* ---- clock: the only clock; tests install their own ---- */
struct sys_clock {
    int64_t (*now_usec)(void *user); /* UTC, since the epoch */
    void *user;
};
extern const struct sys_clock sys_clock_real;

static inline int64_t sys_now(const struct sys_clock *clock)
{
    return clock->now_usec(clock->user);
}
int64_t sys_monotonic_usec(void);

/* ---- loop: what an exchange lives on. A struct of functions, so that flow tests bring a fake ----
 */
struct sys_timer; /* one-shot, belongs to its loop */

struct sys_loop {
    const struct sys_clock *clock;
    /* Calls fire(user) on the loop's thread, not before delay_usec from now. NULL when there is no
     * memory. A timer frees itself after it fired. */
    struct sys_timer *(*timer_start)(struct sys_loop *loop, int64_t delay_usec,
                                     void (*fire)(void *user), void *user);
    void (*timer_stop)(struct sys_loop *loop, struct sys_timer *timer); /* accepts NULL */
    /* Calls run(user) on the loop's thread, soon, in order. The only function that another thread
     * may call. NO_MEMORY. */
    status (*post)(struct sys_loop *loop, void (*run)(void *user), void *user);
};

/* A real loop on libuv. Runs on the thread that calls sys_loop_run. */
status sys_loop_open(struct sys_loop **ret_loop);
void sys_loop_run(struct sys_loop *loop);  /* until sys_loop_stop */
void sys_loop_stop(struct sys_loop *loop); /* from any thread */
void sys_loop_close(struct sys_loop *loop);

/* ---- addresses ---- */
struct sys_address {
    bool is_v6;
    uint8_t ip[16]; /* the first four for IPv4; IPv4-mapped IPv6 is stored as IPv4 */
    uint16_t port;  /* host order */
};
/* "127.0.0.1:8080", "[::1]:8080", ":8080" is not accepted. SYNTAX. */
status sys_address_parse(struct bytes text, struct sys_address *ret_address);
#define SYS_ADDRESS_SIZE 64
size_t sys_address_format(const struct sys_address *address, char ret_text[SYS_ADDRESS_SIZE]);
bool sys_address_is_loopback(const struct sys_address *address);

/* ---- byte streams: one shape for TCP, Unix sockets and TLS over them ---- */
struct sys_stream;

struct sys_stream_events {
    /* Each is called on the loop's thread. The stream may be closed in any of them. */
    void (*on_open)(void *user);                    /* connected, or TLS established */
    void (*on_read)(void *user, struct bytes data); /* data is borrowed for the call */
    void (*on_written)(void *user);                 /* everything handed to write has left */
    void (*on_close)(void *user, status why);       /* last call ever; OK = orderly end of file */
};

struct sys_stream_ops {
    /* Copies nothing it can send at once; keeps a copy of the rest. */
    status (*write)(struct sys_stream *stream, struct bytes data);
    void (*pause)(struct sys_stream *stream, bool paused); /* back-pressure on reading */
    void (*close)(
        struct sys_stream *stream); /* flushes nothing; on_close follows, later, with CLOSED */
    void (*shutdown)(struct sys_stream *stream); /* send what waits, then close */
};

struct sys_stream {
    const struct sys_stream_ops *ops;
    struct sys_stream_events events; /* set by the user before it returns from on_accept */
    void *user;
    struct sys_address peer; /* zero for Unix sockets */
    struct sys_address local;
    size_t unsent; /* bytes accepted by write and not yet sent */
};

struct sys_listener;
struct sys_listen_options {
    bool reuse_port; /* SO_REUSEPORT: one listener per worker */
    int backlog;
};
typedef void sys_accept_fn(void *user, struct sys_stream *stream);
/* SYSTEM with the operating system's word in the note (address in use, no permission, ...). */
status sys_listen_tcp(struct sys_loop *loop, const struct sys_address *address,
                      const struct sys_listen_options *options, sys_accept_fn *accept, void *user,
                      struct sys_listener **ret_listener);
status sys_listen_unix(struct sys_loop *loop, struct bytes path, unsigned mode,
                       sys_accept_fn *accept, void *user, struct sys_listener **ret_listener);
uint16_t sys_listener_port(const struct sys_listener *listener); /* the bound port */
void sys_listener_close(struct sys_listener *listener);          /* accepts NULL; streams live on */
/* Resolves host, connects; on_open or on_close follows. */
status sys_connect_tcp(struct sys_loop *loop, struct bytes host, uint16_t port,
                       const struct sys_stream_events *events, void *user,
                       struct sys_stream **ret_stream);
status sys_connect_unix(struct sys_loop *loop, struct bytes path,
                        const struct sys_stream_events *events, void *user,
                        struct sys_stream **ret_stream);

/* ---- signals, threads, files, randomness ---- */
/* handler(user) runs on the loop. */
status sys_signal_watch(struct sys_loop *loop, int signal_number, void (*handler)(void *user),
                        void *user);

struct sys_thread;
status sys_thread_start(void (*run)(void *user), void *user, struct sys_thread **ret_thread);
void sys_thread_join(struct sys_thread *thread); /* frees; accepts NULL */
struct sys_mutex;
struct sys_condition;
struct sys_mutex *sys_mutex_new(void); /* NULL when there is no memory */
void sys_mutex_free(struct sys_mutex *mutex);
void sys_mutex_lock(struct sys_mutex *mutex);
void sys_mutex_unlock(struct sys_mutex *mutex);
struct sys_condition *sys_condition_new(void);
void sys_condition_free(struct sys_condition *condition);
void sys_condition_wait(struct sys_condition *condition, struct sys_mutex *mutex);
/* false on time-out */
bool sys_condition_wait_for(struct sys_condition *condition, struct sys_mutex *mutex, int64_t usec);
void sys_condition_signal(struct sys_condition *condition);

/* Random bytes for keys and identifiers; aborts when the system has none. */
void sys_random(void *ptr, size_t len);
/* Reads a whole file of at most limit octets into buf. SYSTEM, LIMIT, NO_MEMORY. */
status sys_file_read(struct bytes path, size_t limit, struct buf *out);
/* Writes atomically (temporary file, fsync, rename) with that mode. */
status sys_file_write(struct bytes path, struct bytes content, unsigned mode);
/* Takes an exclusive lock on a file, created when absent; held until closed. STORE_LOCKED when
 * another process has it, SYSTEM otherwise. */
status sys_file_lock(struct bytes path, int *ret_handle);
void sys_file_unlock(int handle);
status sys_make_directory(struct bytes path, unsigned mode); /* with its parents; OK if present */
/* Files that this process makes from now on are its owner's alone. At start, before threads. */
void sys_files_private(void);
/* Resident memory of this process in octets. */
uint64_t sys_resident_memory(void);

#endif
