/* SPDX-License-Identifier: Apache-2.0
 * Signals, delivered on a loop. */
#include "sys/sys_int.h"

struct sys_signal {
    uv_signal_t uv;
    struct sys_handle handle;
    void (*handler)(void *user);
    void *user;
};

static void signal_closed(uv_handle_t *uv)
{
    mem_free(SYS_OWNER(uv, struct sys_signal, uv));
}

static void signal_end(struct sys_handle *handle)
{
    struct sys_signal *watch = SYS_OWNER(handle, struct sys_signal, handle);
    uv_close((uv_handle_t *)&watch->uv, signal_closed);
}

static void signal_came(uv_signal_t *uv, int signal_number)
{
    (void)signal_number;
    struct sys_signal *watch = SYS_OWNER(uv, struct sys_signal, uv);
    watch->handler(watch->user);
}

status sys_signal_watch(struct sys_loop *loop, int signal_number, void (*handler)(void *user),
                        void *user)
{
    struct sys_signal *watch = mem_alloc(sizeof(*watch));
    ENSURE(watch != NULL, NO_MEMORY, "signal");
    watch->handler = handler;
    watch->user = user;
    watch->handle.end = signal_end;
    int error = uv_signal_init(&sys_real(loop)->uv, &watch->uv);
    if (error != 0) {
        mem_free(watch);
        FAIL(SYSTEM, "signal: %s", uv_strerror(error));
    }
    watch->uv.data = &watch->handle;
    error = uv_signal_start(&watch->uv, signal_came, signal_number);
    if (error != 0) {
        signal_end(&watch->handle);
        FAIL(SYSTEM, "signal %d: %s", signal_number, uv_strerror(error));
    }
    return OK;
}
