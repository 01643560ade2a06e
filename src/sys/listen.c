/* SPDX-License-Identifier: Apache-2.0
 * Listeners for TCP and Unix sockets. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sys/sys_int.h"

enum { BACKLOG = 1024, ACCEPT_RETRY_USEC = 100000 };

struct sys_listener {
    struct sys_handle handle;
    struct sys_real_loop *loop;
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    enum sys_stream_family family;
    sys_accept_fn *accept;
    void *user;
    struct sys_timer *retry; /* a connection waits for memory */
    uint16_t port;
};

static void connection_came(uv_stream_t *uv, int error);

static void retry_accept(void *user)
{
    struct sys_listener *listener = user;
    listener->retry = NULL;
    connection_came(&listener->uv.stream, 0);
}

static void connection_came(uv_stream_t *uv, int error)
{
    struct sys_listener *listener = SYS_OWNER(uv, struct sys_listener, uv);
    if (error != 0) {
        log_line(LOG_LEVEL_DEBUG, "sys", "accept: %s", uv_strerror(error));
        return;
    }
    struct sys_uv_stream *stream = NULL;
    if (is_error(sys_stream_new(listener->loop, listener->family, &stream))) {
        struct sys_loop *loop = &listener->loop->loop;
        listener->retry = loop->timer_start(loop, ACCEPT_RETRY_USEC, retry_accept, listener);
        return;
    }
    if (uv_accept(uv, &stream->uv.stream) != 0) {
        sys_stream_end(stream, ERROR(CLOSED));
        return;
    }
    sys_stream_opened(stream);
    listener->accept(listener->user, &stream->stream);
    sys_stream_go(stream);
}

static void listener_closed(uv_handle_t *uv)
{
    mem_free(SYS_OWNER(uv, struct sys_listener, uv));
}

static void listener_end(struct sys_handle *handle)
{
    struct sys_listener *listener = SYS_OWNER(handle, struct sys_listener, handle);
    struct sys_loop *loop = &listener->loop->loop;
    loop->timer_stop(loop, listener->retry);
    listener->retry = NULL;
    uv_close(&listener->uv.any, listener_closed);
}

void sys_listener_close(struct sys_listener *listener)
{
    if (listener != NULL) {
        listener_end(&listener->handle);
    }
}

static struct sys_listener *listener_new(struct sys_loop *loop, enum sys_stream_family family,
                                         sys_accept_fn *accept, void *user)
{
    struct sys_listener *listener = mem_alloc(sizeof(*listener));
    if (listener != NULL) {
        listener->handle.end = listener_end;
        listener->loop = sys_real(loop);
        listener->family = family;
        listener->accept = accept;
        listener->user = user;
    }
    return listener;
}

static status refused(const char *what, int error)
{
    FAIL(SYSTEM, "%s: %s", what, uv_strerror(error));
}

static status share_port(struct sys_listener *listener)
{
    uv_os_fd_t fd;
    int on = 1;
    int error = uv_fileno(&listener->uv.any, &fd);
    if (error == 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
        error = -errno;
    }
    return error == 0 ? OK : refused("SO_REUSEPORT", error);
}

static status bind_tcp(struct sys_listener *listener, const struct sys_address *address,
                       const struct sys_listen_options *options)
{
    struct sockaddr_storage os;
    sys_address_to_os(address, &os);
    if (options != NULL && options->reuse_port) {
        TRY(share_port(listener));
    }
    int error = uv_tcp_bind(&listener->uv.tcp, (struct sockaddr *)&os,
                            address->is_v6 ? UV_TCP_IPV6ONLY : 0);
    if (error != 0) {
        return refused("bind", error);
    }
    int backlog = options != NULL && options->backlog > 0 ? options->backlog : BACKLOG;
    error = uv_listen(&listener->uv.stream, backlog, connection_came);
    if (error != 0) {
        return refused("listen", error);
    }
    int size = sizeof(os);
    error = uv_tcp_getsockname(&listener->uv.tcp, (struct sockaddr *)&os, &size);
    if (error != 0) {
        return refused("listen", error);
    }
    struct sys_address bound;
    sys_address_from_os((struct sockaddr *)&os, &bound);
    listener->port = bound.port;
    return OK;
}

status sys_listen_tcp(struct sys_loop *loop, const struct sys_address *address,
                      const struct sys_listen_options *options, sys_accept_fn *accept, void *user,
                      struct sys_listener **ret_listener)
{
    struct sys_listener *listener = listener_new(loop, SYS_STREAM_TCP, accept, user);
    ENSURE(listener != NULL, NO_MEMORY, "listener");
    int error =
        uv_tcp_init_ex(&sys_real(loop)->uv, &listener->uv.tcp, address->is_v6 ? AF_INET6 : AF_INET);
    if (error != 0) {
        mem_free(listener);
        return refused("socket", error);
    }
    listener->uv.any.data = &listener->handle;
    status bound = bind_tcp(listener, address, options);
    if (is_error(bound)) {
        sys_listener_close(listener);
        return bound;
    }
    *ret_listener = listener;
    return OK;
}

/* A socket file that nobody listens on is left over from a kill. */
static status remove_stale(const char *path)
{
    struct sockaddr_un os = {.sun_family = AF_UNIX};
    struct bytes text = bytes_str(path);
    ENSURE(text.len < sizeof(os.sun_path), SYSTEM, "socket path is too long: %s", path);
    memcpy(os.sun_path, text.ptr, text.len);
    struct stat found;
    if (lstat(path, &found) != 0) {
        return OK;
    }
    ENSURE(S_ISSOCK(found.st_mode), SYSTEM, "%s is no socket", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(fd >= 0, SYSTEM, "socket: %s", strerror(errno));
    bool alive = connect(fd, (struct sockaddr *)&os, sizeof(os)) == 0 || errno != ECONNREFUSED;
    (void)close(fd);
    ENSURE(!alive, SYSTEM, "%s is in use by another process", path);
    ENSURE(unlink(path) == 0, SYSTEM, "removing %s: %s", path, strerror(errno));
    return OK;
}

static status bind_pipe(struct sys_listener *listener, const char *path, unsigned mode)
{
    TRY(remove_stale(path));
    int error = uv_pipe_bind(&listener->uv.pipe, path);
    if (error != 0) {
        return refused(path, error);
    }
    /* before listen: nobody connects under looser rights */
    ENSURE(chmod(path, (mode_t)mode) == 0, SYSTEM, "chmod of %s: %s", path, strerror(errno));
    error = uv_listen(&listener->uv.stream, BACKLOG, connection_came);
    return error == 0 ? OK : refused(path, error);
}

status sys_listen_unix(struct sys_loop *loop, struct bytes path, unsigned mode,
                       sys_accept_fn *accept, void *user, struct sys_listener **ret_listener)
{
    char text[SYS_PATH_SIZE];
    TRY(sys_path_text(path, text));
    struct sys_listener *listener = listener_new(loop, SYS_STREAM_PIPE, accept, user);
    ENSURE(listener != NULL, NO_MEMORY, "listener");
    must(uv_pipe_init(&sys_real(loop)->uv, &listener->uv.pipe, 0) == 0);
    listener->uv.any.data = &listener->handle;
    status bound = bind_pipe(listener, text, mode);
    if (is_error(bound)) {
        sys_listener_close(listener);
        return bound;
    }
    *ret_listener = listener;
    return OK;
}

uint16_t sys_listener_port(const struct sys_listener *listener)
{
    return listener->port;
}
