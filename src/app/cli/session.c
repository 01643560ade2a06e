/* SPDX-License-Identifier: Apache-2.0
 * A session with one CSE: loop, client, requests. */
#include "app/cli/cli_session_int.h"

#include "bind/http/http.h"

enum { ARENA_MOST = 256 << 20 };

static struct limits session_limits;

static status open_parts(struct cli_session *session)
{
    struct bytes trust = session->options->trust;
    limits_init(&session_limits);
    session_limits.body_size = 64U << 20; /* our own choice of CSE: its answers may be large */
    session_limits.wire_values = 4U << 20;
    session_limits.wire_members = 1U << 20;
    TRY(sys_loop_open(&session->loop));
    if (bytes_starts_with(session->options->url, BYTES("https:"))) {
        TRY(tls_client_context_new(trust.len > 0 ? trust : BYTES_NONE, &session->tls));
    }
    TRY(http_client_open(session->loop, session->tls, &session_limits, &session->client));
    session->link = http_client_link(session->client);
    return OK;
}

status cli_session_open(const struct cli_options *options, struct cli_session **ret_session)
{
    struct cli_session *session = mem_alloc(sizeof(*session));
    ENSURE(session != NULL, NO_MEMORY, "no memory");
    session->options = options;
    session->arena = arena_new(ARENA_MOST);
    sys_random(&session->tag, sizeof(session->tag));
    status result = session->arena == NULL ? ERROR(NO_MEMORY) : open_parts(session);
    if (is_error(result)) {
        cli_session_close(session);
        return result;
    }
    *ret_session = session;
    return OK;
}

void cli_session_close(struct cli_session *session)
{
    if (session == NULL) {
        return;
    }
    http_client_close(session->client);
    if (session->loop != NULL) {
        sys_loop_close(session->loop);
    }
    tls_context_free(session->tls);
    arena_free(session->arena);
    mem_free(session);
}

struct sys_loop *cli_session_loop(struct cli_session *session)
{
    return session->loop;
}

struct arena *cli_session_arena(struct cli_session *session)
{
    return session->arena;
}

static void on_done(struct prim_call *call)
{
    struct cli_session *session = call->user;
    sys_loop_stop(session->loop);
}

struct prim_call *cli_call_new(struct cli_session *session, enum prim_operation operation,
                               struct bytes to)
{
    struct prim_call *call = ARENA_NEW(session->arena, struct prim_call);
    if (call == NULL) {
        return NULL;
    }
    prim_request_init(&call->request);
    call->arena = session->arena;
    call->destination = session->options->url;
    call->deadline = sys_now(&sys_clock_real) + session->options->timeout_usec;
    call->user = session;
    call->done = on_done;
    call->request.operation = operation;
    call->request.to = to;
    call->request.from = session->options->originator;
    call->request.release_version = session->options->release;
    call->request.request_identifier =
        arena_printf(session->arena, "%llx-%llu", (unsigned long long)session->tag,
                     (unsigned long long)++session->requests);
    call->request.accept[0] = PRIM_JSON;
    call->request.accept_given = true;
    return call->request.request_identifier.ptr == NULL ? NULL : call;
}

void cli_call_run(struct cli_session *session, struct prim_call *call)
{
    session->link->send(session->link, call);
    sys_loop_run(session->loop);
}

void cli_call_send(struct cli_session *session, struct prim_call *call)
{
    session->link->send(session->link, call);
}
