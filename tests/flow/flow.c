/* SPDX-License-Identifier: Apache-2.0
 * Life of the CSE under test, and requests to it. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow_int.h"

#define START (INT64_C(1767268800) * USEC_PER_SEC) /* 20260101T120000 */

/* ---- life ---- */
static void configure(struct serve_config *config, const struct sys_clock *clock)
{
    static const struct bytes versions[] = {{"2a", 2}, {"3", 1}, {"4", 1}};
    static const struct bytes poa[] = {{"http://127.0.0.1:8080", 21}};
    *config = (struct serve_config){.self = {.sp_id = BYTES("//antipolis.example"),
                                             .cse_id = BYTES("/id-in"),
                                             .cse_name = BYTES("cse-in")},
                                    .cse_kind = TYPE_CSE_IN,
                                    .release_versions = {versions, ARRAY_LEN(versions)},
                                    .points_of_access = {poa, ARRAY_LEN(poa)},
                                    .administrator = BYTES("CAdmin"),
                                    .expiry_interval_usec = USEC_PER_SEC,
                                    .clock = clock};
    limits_init(&config->limits);
}

static void start(struct flow *flow)
{
    const struct store_options options = {
        .directory = bytes_str(flow->folder), .clock = &flow->clock, .threaded = false};
    const struct serve_outgoing outgoing[] = {{BYTES("http"), &flow->network},
                                              {BYTES("https"), &flow->network}};
    flow_status_ok(store_open(&options, &flow->store));
    flow_status_ok(serve_new(&flow->config, flow->store, &cse_behaviour, &flow->serve));
    flow_status_ok(cse_bootstrap(flow->serve));
    flow_status_ok(
        serve_worker_new(flow->serve, &flow->loop, outgoing, ARRAY_LEN(outgoing), &flow->worker));
    flow_status_ok(cse_worker_start(flow->worker, true));
    flow_run_until_idle(flow);
}

static void idle(void *user)
{
    *(bool *)user = true;
}

/* As the daemon stops: no new requests, those under way come to their end or time out. */
static void stop(struct flow *flow)
{
    bool is_idle = false;
    if (flow->worker != NULL) {
        cse_worker_stop(flow->worker);
        serve_worker_drain(flow->worker, idle, &is_idle);
        flow_run_until_idle(flow);
        for (unsigned i = 0; i < 200 && !is_idle; i++) {
            flow_advance(flow, SECONDS);
        }
        must(is_idle);
        serve_worker_free(flow->worker);
    }
    serve_free(flow->serve);
    store_close(flow->store);
    flow->worker = NULL;
    flow->serve = NULL;
    flow->store = NULL;
    flow_loop_fini(flow);
}

int flow_begin(void **state)
{
    struct flow *flow = mem_alloc(sizeof(*flow));
    must(flow != NULL);
    *state = flow;
    flow->now = START;
    flow->arena = arena_new((size_t)256 << 20);
    must(flow->arena != NULL);
    flow_texts = flow->arena;
    flow_loop_init(flow);
    flow_network_init(flow);
    (void)snprintf(flow->folder, sizeof flow->folder, "%s/anp-flow-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    must(mkdtemp(flow->folder) != NULL);
    configure(&flow->config, &flow->clock);
    flow->peer = (struct prim_peer){.admits_unassociated = true,
                                    .has_address = true,
                                    .address = {.ip = {127, 0, 0, 1}, .port = 40000},
                                    .binding = "flow",
                                    .connection = 1};
    start(flow);
    return 0;
}

static int remove_entry(const char *path, const struct stat *information, int kind,
                        struct FTW *where)
{
    (void)information;
    (void)kind;
    (void)where;
    return remove(path);
}

int flow_end(void **state)
{
    struct flow *flow = *state;
    stop(flow);
    while (flow->calls != NULL) {
        struct flow_call *call = flow->calls;
        flow->calls = call->next;
        arena_free(call->call.arena);
    }
    (void)nftw(flow->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(flow->arena);
    mem_free(flow);
    return 0;
}

void flow_restart_with(struct flow *flow, void (*change)(struct serve_config *config))
{
    stop(flow);
    change(&flow->config);
    start(flow);
}

static void no_change(struct serve_config *config)
{
    (void)config;
}

void flow_restart(struct flow *flow)
{
    flow_restart_with(flow, no_change);
}

struct serve_worker *flow_worker(struct flow *flow)
{
    return flow->worker;
}

const char *flow_time(struct flow *flow, int64_t usec)
{
    char text[TIMESTAMP_SIZE];
    size_t size = timestamp_format(flow->now + usec, false, text);
    return arena_dup(flow->arena, bytes_of(text, size)).ptr;
}

/* ---- requests ---- */
struct prim_peer *flow_peer(struct flow *flow)
{
    return &flow->peer;
}

void flow_limit_memory(struct flow *flow, size_t size)
{
    flow->memory = size;
}

static void done(struct prim_call *call)
{
    struct flow_call *mine = (struct flow_call *)call;
    must(!mine->is_done); /* exactly once */
    mine->is_done = true;
}

static void complete(struct flow *flow, struct prim_request *request, struct arena *arena)
{
    if (request->request_identifier.ptr == NULL) {
        request->request_identifier = arena_printf(arena, "flow%u", ++flow->next_request);
    }
    if (request->release_version.ptr == NULL) {
        request->release_version = BYTES("3");
    }
}

/* The request is the test's; what the CSE needs for it is the call's. */
static struct flow_call *send(struct flow *flow, const char *format, va_list arguments)
{
    struct flow_call *call = ARENA_NEW(flow->arena, struct flow_call);
    must(call != NULL);
    call->next = flow->calls;
    flow->calls = call;
    call->call.arena = arena_new(flow->memory != 0 ? flow->memory : flow->config.limits.arena_size);
    must(call->call.arena != NULL);
    call->call.peer = flow->peer;
    call->call.done = done;
    flow_status_ok(prim_request_decode(flow_json(flow->arena, format, arguments), flow->arena,
                                       &call->call.request));
    complete(flow, &call->call.request, flow->arena);
    struct prim_link *link = serve_worker_link(flow->worker);
    link->send(link, &call->call);
    return call;
}

struct flow_call *flow_send(struct flow *flow, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct flow_call *call = send(flow, format, arguments);
    va_end(arguments);
    return call;
}

bool flow_is_answered(const struct flow_call *call)
{
    return call->is_done;
}

const struct prim_response *flow_response(const struct flow_call *call)
{
    if (!call->is_done) {
        fail_msg("the request is not answered");
    }
    return &call->call.response;
}

void flow_cancel(struct flow *flow, struct flow_call *call)
{
    struct prim_link *link = serve_worker_link(flow->worker);
    link->cancel(link, &call->call);
}

static void explain_failure(const struct flow_call *call, uint16_t rsc)
{
    const struct wire_value *content = call->call.response.content;
    struct buf out;
    buf_init(&out, 2000);
    if (content != NULL) {
        wire_encode(WIRE_JSON, content, &out);
    }
    const struct prim_request *request = &call->call.request;
    print_error("%s %.*s: %u, want %u: %.*s\n", prim_operation_name(request->operation),
                BYTES_FMT(request->to), (unsigned)call->call.response.rsc, (unsigned)rsc,
                BYTES_FMT(buf_bytes(&out)));
    buf_fini(&out);
    fail();
}

static const struct wire_value *expect(struct flow *flow, uint16_t rsc, struct flow_call *call)
{
    flow_run_until_idle(flow);
    const struct prim_response *response = flow_response(call);
    if (response->rsc != rsc) {
        explain_failure(call, rsc);
    }
    assert_true(bytes_equal(response->request_identifier, call->call.request.request_identifier));
    return response->content;
}

const struct wire_value *flow_expect(struct flow *flow, uint16_t rsc, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct flow_call *call = send(flow, format, arguments);
    va_end(arguments);
    return expect(flow, rsc, call);
}

const struct wire_value *flow_create(struct flow *flow, const char *from, const char *to,
                                     unsigned type, const char *content, ...)
{
    char members[8192];
    va_list arguments;
    va_start(arguments, content);
    int size = vsnprintf(members, sizeof members, content, arguments);
    va_end(arguments);
    must(size >= 0 && (size_t)size < sizeof members);
    const struct wire_value *made = flow_expect(
        flow, 2001, "{'op':1,'fr':'%s','to':'%s','ty':%u,'pc':%s}", from, to, type, members);
    return wire_only_member(made);
}

void flow_register(struct flow *flow, const char *stem)
{
    const struct wire_value *ae =
        flow_create(flow, stem, "cse-in", 2,
                    "{'m2m:ae':{'rn':'%s','api':'Nflow','rr':false,'srv':['2a','3']}}", stem);
    flow_expect_text(ae, "ri", stem);
}

void flow_register_at(struct flow *flow, const char *stem, const char *url)
{
    (void)flow_create(flow, stem, "cse-in", 2,
                      "{'m2m:ae':{'rn':'%s','api':'Nflow','rr':true,'srv':['2a','3'],"
                      "'poa':['%s']}}",
                      stem, url);
}

const char *flow_policy(struct flow *flow, const char *name, const char *originators,
                        unsigned operations)
{
    const struct wire_value *policy =
        flow_create(flow, "CAdmin", "cse-in", 1,
                    "{'m2m:acp':{'rn':'%s','pv':{'acr':[{'acor':[%s],'acop':%u}]},"
                    "'pvs':{'acr':[{'acor':['CAdmin'],'acop':63}]}}}",
                    name, originators, operations);
    return arena_dup(flow->arena, flow_find(policy, "ri")->string).ptr;
}
