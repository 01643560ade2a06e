/* SPDX-License-Identifier: Apache-2.0
 * bench: many requests at once, their rate and their latencies. */
#include <stdlib.h>
#include <string.h>

#include "app/cli/cli_int.h"

enum { COUNT_MOST = 10000000, PARALLEL_MOST = 1024, SIZE_MOST = 1000000 };

struct bench {
    const struct cli_options *options;
    struct cli_session *session;
    struct wire_value *content; /* NULL: RETRIEVE */
    uint64_t sent, done, failed;
    int64_t *latencies;
    struct slot *slots;
    uint16_t first_failure;
};

/* One request at a time; its arena is used again for the next. */
struct slot {
    struct bench *bench;
    struct prim_call call;
    int64_t begun;
};

static void send_next(struct slot *slot);

static void on_done(struct prim_call *call)
{
    struct slot *slot = call->user;
    struct bench *bench = slot->bench;
    bench->latencies[bench->done++] = sys_monotonic_usec() - slot->begun;
    if (is_error(call->transport) || call->response.rsc >= 4000) {
        bench->failed++;
        bench->first_failure =
            bench->first_failure == 0 ? call->response.rsc : bench->first_failure;
    }
    if (bench->sent < bench->options->count) {
        send_next(slot);
    } else if (bench->done == bench->options->count) {
        sys_loop_stop(cli_session_loop(bench->session));
    }
}

static void send_next(struct slot *slot)
{
    struct bench *bench = slot->bench;
    struct arena *arena = slot->call.arena;
    struct prim_request request;
    arena_reset(arena);
    prim_request_init(&request);
    request.operation = bench->content == NULL ? PRIM_RETRIEVE : PRIM_CREATE;
    request.to = bench->options->words[1];
    request.from = bench->options->originator;
    request.release_version = bench->options->release;
    request.request_identifier = arena_printf(arena, "b%llu", (unsigned long long)bench->sent);
    request.content = bench->content;
    request.format = bench->content == NULL ? PRIM_FORMAT_NONE : PRIM_JSON;
    request.has_resource_type = bench->content != NULL;
    request.resource_type = TYPE_CONTENT_INSTANCE;
    slot->call =
        (struct prim_call){.arena = arena, .request = request, .done = on_done, .user = slot};
    slot->call.destination = bench->options->url;
    slot->call.deadline = sys_now(&sys_clock_real) + bench->options->timeout_usec;
    slot->begun = sys_monotonic_usec();
    bench->sent++;
    cli_call_send(bench->session, &slot->call);
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void report(struct bench *bench, int64_t usec)
{
    uint64_t count = bench->done;
    qsort(bench->latencies, count, sizeof(*bench->latencies), ascending);
    double seconds = (double)usec / 1e6;
    cli_print("%llu requests in %.2f s: %.0f/s, %llu failed\n", (unsigned long long)count, seconds,
              (double)count / seconds, (unsigned long long)bench->failed);
    cli_print("latency: median %lld us, 95 %% %lld us, 99 %% %lld us, most %lld us\n",
              (long long)bench->latencies[count / 2], (long long)bench->latencies[count * 95 / 100],
              (long long)bench->latencies[count * 99 / 100],
              (long long)bench->latencies[count - 1]);
}

static struct wire_value *instance(struct cli_session *session, uint64_t size)
{
    struct arena *arena = cli_session_arena(session);
    char *text = arena_chars(arena, size);
    struct wire_value *attributes = wire_object(arena), *content = wire_object(arena);
    if (text == NULL) {
        return NULL;
    }
    memset(text, 'x', size);
    (void)type_set(attributes, ATTR_CONTENT, wire_string(arena, bytes_of(text, size)));
    return wire_add(content, BYTES("m2m:cin"), attributes) == NULL ? NULL : content;
}

static enum cli_exit measure(struct bench *bench)
{
    uint64_t parallel = bench->options->parallel < bench->options->count ? bench->options->parallel
                                                                         : bench->options->count;
    for (uint64_t i = 0; i < parallel; i++) {
        bench->slots[i].bench = bench;
        bench->slots[i].call.arena = arena_new(64U << 20);
        if (bench->slots[i].call.arena == NULL) {
            return CLI_FAILED;
        }
    }
    int64_t begun = sys_monotonic_usec();
    for (uint64_t i = 0; i < parallel; i++) {
        send_next(&bench->slots[i]);
    }
    sys_loop_run(cli_session_loop(bench->session));
    report(bench, sys_monotonic_usec() - begun);
    if (bench->failed > 0) {
        cli_complain("the first failure: %u", bench->first_failure);
    }
    return bench->failed > 0 ? CLI_FAILED : CLI_DONE;
}

enum cli_exit cli_bench(const struct cli_options *options)
{
    struct bench bench = {.options = options};
    bool creates = bytes_is(options->words[2], "create");
    if (!creates && !bytes_is(options->words[2], "get")) {
        cli_complain("get or create expected");
        return CLI_USAGE;
    }
    if (options->count == 0 || options->count > COUNT_MOST || options->parallel == 0 ||
        options->parallel > PARALLEL_MOST || options->size > SIZE_MOST) {
        cli_complain("--count 1..%d, --parallel 1..%d, --size 0..%d", COUNT_MOST, PARALLEL_MOST,
                     SIZE_MOST);
        return CLI_USAGE;
    }
    enum cli_exit exit = CLI_FAILED;
    bench.latencies = mem_alloc_array(options->count, sizeof(*bench.latencies));
    bench.slots = mem_alloc_array(options->parallel, sizeof(*bench.slots));
    if (bench.latencies != NULL && bench.slots != NULL &&
        is_ok(cli_session_open(options, &bench.session))) {
        bench.content = creates ? instance(bench.session, options->size) : NULL;
        exit = creates && bench.content == NULL ? CLI_FAILED : measure(&bench);
        cli_session_close(bench.session);
    }
    for (uint64_t i = 0; bench.slots != NULL && i < options->parallel; i++) {
        arena_free(bench.slots[i].call.arena);
    }
    mem_free(bench.latencies);
    mem_free(bench.slots);
    return exit;
}
