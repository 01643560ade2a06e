/* SPDX-License-Identifier: Apache-2.0
 * A network without wires: keeps what is sent to each URL and answers as the test says. */
#include "flow_int.h"

/* One request that arrived, as its JSON form. */
struct flow_letter {
    const struct wire_value *request;
    const char *url;
    struct flow_letter *next;
};

static struct flow_endpoint *find_endpoint(const struct flow *flow, struct bytes url)
{
    for (struct flow_endpoint *endpoint = flow->endpoints; endpoint != NULL;
         endpoint = endpoint->next) {
        if (bytes_starts_with(url, endpoint->url)) {
            return endpoint;
        }
    }
    return NULL;
}

static void keep_letter(struct flow_endpoint *endpoint, const struct prim_call *call)
{
    struct arena *arena = endpoint->flow->arena;
    struct flow_letter *letter = ARENA_NEW(arena, struct flow_letter);
    const struct wire_value *request = prim_request_encode(&call->request, arena);
    must(letter != NULL && request != NULL);
    letter->request = wire_dup(arena, request); /* outlives the sender's arena */
    letter->url = arena_dup(arena, call->destination).ptr;
    must(letter->request != NULL && letter->url != NULL);
    if (endpoint->first == NULL) {
        endpoint->first = letter;
    } else {
        endpoint->last->next = letter;
    }
    endpoint->last = letter;
}

static struct wire_value *content_of(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct wire_value *content = flow_json(arena, format, arguments);
    va_end(arguments);
    return content;
}

static void fill_answer(const struct flow_endpoint *endpoint, struct prim_call *call)
{
    call->transport = OK;
    call->response = (struct prim_response){.rsc = endpoint->rsc,
                                            .request_identifier = call->request.request_identifier};
    if (endpoint->content != NULL) {
        struct bytes members = arena_printf(call->arena, "{'rsc':%u,'pc':%s}",
                                            (unsigned)endpoint->rsc, endpoint->content);
        must(members.ptr != NULL);
        flow_status_ok(prim_response_decode(content_of(call->arena, "%s", members.ptr), call->arena,
                                            &call->response));
        call->response.request_identifier = call->request.request_identifier;
    }
}

static void finish(void *user)
{
    struct prim_call *call = user;
    call->done(call);
}

static void network_send(struct prim_link *link, struct prim_call *call)
{
    struct flow *flow = link->user;
    struct flow_endpoint *endpoint = find_endpoint(flow, call->destination);
    call->receiver = NULL;
    if (endpoint == NULL || endpoint->is_unreachable) {
        call->transport = ERROR(TARGET_NOT_REACHABLE);
    } else {
        keep_letter(endpoint, call);
        if (endpoint->is_silent) {
            return; /* until the sender cancels */
        }
        fill_answer(endpoint, call);
    }
    flow_status_ok(flow->loop.post(&flow->loop, finish, call));
}

static void network_cancel(struct prim_link *link, struct prim_call *call)
{
    struct flow *flow = link->user;
    call->transport = ERROR(CANCELLED);
    flow_status_ok(flow->loop.post(&flow->loop, finish, call));
}

void flow_network_init(struct flow *flow)
{
    flow->network =
        (struct prim_link){.send = network_send, .cancel = network_cancel, .user = flow};
}

struct flow_endpoint *flow_listen(struct flow *flow, const char *url)
{
    struct flow_endpoint *endpoint = ARENA_NEW(flow->arena, struct flow_endpoint);
    must(endpoint != NULL);
    endpoint->flow = flow;
    endpoint->url = arena_dup(flow->arena, bytes_str(url));
    endpoint->rsc = 2000;
    endpoint->next = flow->endpoints;
    flow->endpoints = endpoint;
    return endpoint;
}

void flow_answer(struct flow_endpoint *endpoint, uint16_t rsc, const char *content)
{
    endpoint->is_silent = false;
    endpoint->is_unreachable = false;
    endpoint->rsc = rsc;
    endpoint->content = content;
}

void flow_be_silent(struct flow_endpoint *endpoint)
{
    endpoint->is_silent = true;
}

void flow_be_unreachable(struct flow_endpoint *endpoint)
{
    endpoint->is_unreachable = true;
}

size_t flow_received(const struct flow_endpoint *endpoint)
{
    size_t count = 0;
    for (const struct flow_letter *letter = endpoint->first; letter != NULL;
         letter = letter->next) {
        count++;
    }
    return count;
}

const struct wire_value *flow_take(struct flow_endpoint *endpoint)
{
    struct flow_letter *letter = endpoint->first;
    if (letter == NULL) {
        fail_msg("%.*s received nothing", BYTES_FMT(endpoint->url));
        return NULL;
    }
    endpoint->first = letter->next;
    endpoint->taken_url = letter->url;
    return letter->request;
}

const char *flow_taken_url(const struct flow_endpoint *endpoint)
{
    return endpoint->taken_url;
}

void flow_expect_quiet(const struct flow_endpoint *endpoint)
{
    if (flow_received(endpoint) > 0) {
        struct buf out;
        buf_init(&out, 2000);
        wire_encode(WIRE_JSON, endpoint->first->request, &out);
        print_error("%.*s received %.*s\n", BYTES_FMT(endpoint->url), BYTES_FMT(buf_bytes(&out)));
        buf_fini(&out);
        fail();
    }
}
