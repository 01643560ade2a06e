/* SPDX-License-Identifier: Apache-2.0
 * watch: subscribes, receives notifications over HTTP, prints them; unsubscribes at the end.
 * TS-0004 7.4.8, 7.5.1.2. */
#include <signal.h>

#include "app/cli/cli_session_int.h"
#include "bind/http/http.h"

struct watch {
    const struct cli_options *options;
    struct cli_session *session;
    struct http_server *server;
    struct prim_link receiver;
    struct limits limits;
    struct prim_self self;
};

/* A notification that waits for the loop: a link must not answer inside send. */
struct arrival {
    struct watch *watch;
    struct prim_call *call;
};

static void answer(void *user)
{
    struct arrival *arrival = user;
    struct watch *watch = arrival->watch;
    struct prim_call *call = arrival->call;
    bool is_notification = call->request.operation == PRIM_NOTIFY;
    call->response.rsc = is_notification ? 2000 : 4005;
    call->response.request_identifier = call->request.request_identifier;
    call->response.release_version = call->request.release_version;
    if (is_notification) {
        cli_print_content(watch->options, call->request.content);
    }
    call->done(call);
    if (is_notification && watch->options->once) {
        sys_loop_stop(cli_session_loop(watch->session));
    }
}

static void receive(struct prim_link *link, struct prim_call *call)
{
    struct watch *watch = link->user;
    struct arrival *arrival = ARENA_NEW(call->arena, struct arrival);
    struct sys_loop *loop = cli_session_loop(watch->session);
    must(arrival != NULL); /* a fresh arena holds this */
    *arrival = (struct arrival){watch, call};
    if (is_error(loop->post(loop, answer, arrival))) {
        must(loop->timer_start(loop, 0, answer, arrival) != NULL);
    }
}

static void cancel(struct prim_link *link, struct prim_call *call)
{
    (void)link; /* every call is answered at once */
    (void)call;
}

static void on_interrupt(void *user)
{
    struct watch *watch = user;
    sys_loop_stop(cli_session_loop(watch->session));
}

static status open_receiver(struct watch *watch, struct bytes *ret_url)
{
    struct arena *arena = cli_session_arena(watch->session);
    struct sys_loop *loop = cli_session_loop(watch->session);
    struct http_server_config config = {.admits_unassociated = true};
    char text[SYS_ADDRESS_SIZE];
    limits_init(&watch->limits);
    watch->self = (struct prim_self){
        .sp_id = BYTES("//receiver"), .cse_id = BYTES("/receiver"), .cse_name = BYTES("receiver")};
    watch->receiver = (struct prim_link){receive, cancel, watch};
    config.limits = &watch->limits;
    config.self = &watch->self;
    TRY(sys_address_parse(watch->options->listen, &config.address));
    TRY(http_server_open(loop, &watch->receiver, &config, &watch->server));
    config.address.port = http_server_port(watch->server);
    struct bytes address = bytes_of(text, sys_address_format(&config.address, text));
    *ret_url = arena_printf(arena, "http://%.*s/notifications", BYTES_FMT(address));
    ENSURE(ret_url->ptr != NULL, NO_MEMORY, "no memory");
    TRY(sys_signal_watch(loop, SIGINT, on_interrupt, watch));
    return sys_signal_watch(loop, SIGTERM, on_interrupt, watch);
}

/* All changes of the target and of its children; a short life, should we not come to delete it. */
static struct prim_call *subscription(struct watch *watch, struct bytes url)
{
    struct arena *arena = cli_session_arena(watch->session);
    struct prim_call *call = cli_call_new(watch->session, PRIM_CREATE, watch->options->words[1]);
    struct wire_value *attributes = wire_object(arena), *content = wire_object(arena);
    struct wire_value *events = wire_array(arena), *targets = wire_array(arena);
    struct wire_value *criteria = wire_object(arena);
    char expires[TIMESTAMP_SIZE];
    for (int64_t net = 1; net <= 4; net++) {
        (void)wire_push(events, wire_int(arena, net));
    }
    (void)wire_add(criteria, BYTES("net"), events);
    (void)wire_push(targets, wire_string(arena, url));
    size_t len = timestamp_format(sys_now(&sys_clock_real) + 86400 * USEC_PER_SEC, false, expires);
    (void)type_set(attributes, ATTR_EVENT_NOTIFICATION_CRITERIA, criteria);
    (void)type_set(attributes, ATTR_NOTIFICATION_URI, targets);
    (void)type_set(attributes, ATTR_EXPIRATION_TIME,
                   wire_string(arena, arena_dup(arena, bytes_of(expires, len))));
    if (call == NULL || wire_add(content, BYTES("m2m:sub"), attributes) == NULL) {
        return NULL;
    }
    call->request.has_resource_type = true;
    call->request.resource_type = TYPE_SUBSCRIPTION;
    call->request.format = PRIM_JSON;
    call->request.content = content;
    return call;
}

static enum cli_exit watch_target(struct watch *watch)
{
    struct bytes url;
    if (is_error(open_receiver(watch, &url))) {
        cli_complain("%s", status_note_get()->text);
        return CLI_FAILED;
    }
    struct prim_call *call = subscription(watch, url);
    if (call == NULL) {
        return CLI_FAILED;
    }
    cli_call_run(watch->session, call);
    enum cli_exit exit = cli_call_outcome(watch->session, call);
    if (exit != CLI_DONE) {
        return exit;
    }
    struct bytes ri = type_get_string(wire_only_member(call->response.content), ATTR_RESOURCE_ID);
    sys_loop_run(cli_session_loop(watch->session));
    struct prim_call *end = cli_call_new(watch->session, PRIM_DELETE, ri);
    if (end != NULL && ri.len > 0) {
        cli_call_run(watch->session, end);
        exit = cli_call_outcome(watch->session, end);
    }
    return exit;
}

enum cli_exit cli_watch(const struct cli_options *options)
{
    struct watch watch = {.options = options};
    if (is_error(cli_session_open(options, &watch.session))) {
        cli_complain("%s", status_note_get()->text);
        return CLI_FAILED;
    }
    enum cli_exit exit = watch_target(&watch);
    http_server_close(watch.server);
    cli_session_close(watch.session);
    return exit;
}
