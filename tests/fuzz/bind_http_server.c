/* SPDX-License-Identifier: Apache-2.0
 * A connection of the HTTP server from any bytes, in one piece and in many: the answers are the
 * same, each call is answered or cancelled once, and nothing is left behind. RFC 9112, TS-0009.
 * The first octet says how the bytes are cut. */
#include <string.h>

#include "bind/http/http_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POSTS = 4096 };

/* ---- a loop, a stream and a link that live only here ---- */
struct fake {
    struct sys_loop loop;
    struct sys_stream stream;
    struct prim_link link;
    struct {
        void (*run)(void *user);
        void *user;
    } posts[POSTS];
    size_t post_count;
    struct buf out;
    unsigned calls, answered;
    bool is_closed;
};

static struct sys_timer *fake_timer(struct sys_loop *loop, int64_t delay_usec,
                                    void (*fire)(void *user), void *user)
{
    (void)delay_usec;
    (void)fire;
    (void)user;
    return (struct sys_timer *)(void *)loop; /* never fires */
}

static void fake_stop(struct sys_loop *loop, struct sys_timer *timer)
{
    (void)loop;
    (void)timer;
}

static status fake_post(struct sys_loop *loop, void (*run)(void *user), void *user)
{
    struct fake *fake = (struct fake *)(void *)loop;
    must(fake->post_count < POSTS);
    fake->posts[fake->post_count].run = run;
    fake->posts[fake->post_count++].user = user;
    return OK;
}

static void run_posts(struct fake *fake)
{
    while (fake->post_count > 0) {
        size_t last = --fake->post_count; /* the latest first: answers come out of order */
        fake->posts[last].run(fake->posts[last].user);
    }
}

static struct fake *of(struct sys_stream *stream)
{
    return (struct fake *)(void *)((char *)stream - offsetof(struct fake, stream));
}

static status fake_write(struct sys_stream *stream, struct bytes data)
{
    struct fake *fake = of(stream);
    must(!fake->is_closed);
    buf_add(&fake->out, data);
    return buf_check(&fake->out);
}

static void fake_pause(struct sys_stream *stream, bool paused)
{
    (void)stream;
    (void)paused;
}

static void fake_close(struct sys_stream *stream)
{
    of(stream)->is_closed = true;
}

static const struct sys_stream_ops fake_ops = {fake_write, fake_pause, fake_close, fake_close};

static void answer(void *user)
{
    struct prim_call *call = user;
    struct fake *fake = call->receiver;
    fake->answered++;
    call->done(call);
}

static void receive(struct prim_link *link, struct prim_call *call)
{
    struct fake *fake = link->user;
    must(call->request.operation != PRIM_NO_OPERATION);
    must(bytes_is_utf8(call->request.to) && bytes_is_utf8(call->request.from));
    must(call->request.from.ptr == NULL || call->request.from.len > 0);
    fake->calls++;
    call->receiver = fake;
    call->response.rsc = 2000;
    call->response.request_identifier = call->request.request_identifier;
    call->response.content = call->request.content;
    must(is_ok(fake->loop.post(&fake->loop, answer, call)));
}

static void cancel(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    (void)call; /* its answer is posted already */
}

/* ---- one conversation ---- */
static void feed(struct fake *fake, struct bytes input, size_t piece)
{
    while (input.len > 0 && !fake->is_closed) {
        struct bytes part = bytes_slice(input, 0, piece);
        char *copy = mem_alloc(part.len); /* gone after the call, as a read's bytes are */
        must(copy != NULL);
        memcpy(copy, part.ptr, part.len);
        fake->stream.events.on_read(fake->stream.user, bytes_of(copy, part.len));
        mem_free(copy);
        run_posts(fake);
        input = bytes_from(input, part.len);
    }
}

static void converse(struct fake *fake, const struct limits *limits, struct bytes input,
                     size_t piece)
{
    static const struct prim_self self = {
        .sp_id = {"//sp", 4}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};
    *fake = (struct fake){0};
    fake->loop = (struct sys_loop){&sys_clock_real, fake_timer, fake_stop, fake_post};
    fake->stream.ops = &fake_ops;
    fake->link = (struct prim_link){receive, cancel, fake};
    buf_init(&fake->out, (size_t)1 << 26);
    struct http_server *server = mem_alloc(sizeof(*server));
    must(server != NULL);
    server->loop = &fake->loop;
    server->link = &fake->link;
    server->config = (struct http_server_config){.limits = limits, .self = &self};
    buf_init(&server->body, limits->body_size);
    buf_init(&server->out, (size_t)1 << 24);
    server->peers = map_new(10);
    must(server->peers != NULL);
    http_connection_accept(server, &fake->stream);
    must(fake->stream.user != NULL);
    feed(fake, input, piece);
    server->is_closing = true;
    fake->stream.events.on_close(fake->stream.user, OK);
    run_posts(fake); /* the server frees itself with the last of them */
    must(fake->calls == fake->answered);
}

/* ---- what came out ---- */
/* The first answer of out, head and body: its length follows from its own head alone, as the peer
 * sees it. A value that broke out of its line, or a wrong Content-Length, stops the run. */
static struct bytes first_answer(struct bytes out, struct bytes *ret_head)
{
    static const char end[] = "\r\n\r\n", length[] = "\r\nContent-Length: ";
    must(out.len > 12 && bytes_starts_with(out, BYTES("HTTP/1.1 ")));
    size_t size = 0;
    while (!bytes_starts_with(bytes_from(out, size), BYTES(end))) {
        must(size < out.len);
        size++;
    }
    struct bytes head = bytes_slice(out, 0, size + 4);
    uint64_t body_size = 0;
    for (size_t i = 0; i < size; i++) {
        struct bytes rest = bytes_from(head, i);
        if (bytes_starts_with(rest, BYTES(length))) {
            rest = bytes_from(rest, sizeof(length) - 1);
            must(is_ok(bytes_to_u64(bytes_slice(rest, 0, bytes_find(rest, '\r')), &body_size)));
        }
    }
    must(body_size <= out.len - head.len);
    *ret_head = head;
    return bytes_slice(out, 0, head.len + (size_t)body_size);
}

/* Leaves out the invitations to send a body: they depend on the pieces. Which fault of a message
 * is seen first, and which of its fields were read by then, may depend on them, too: of the answer
 * that refuses and ends the connection only its being there counts, which is what is returned. */
static bool keep_comparable(struct buf *out)
{
    struct bytes all = buf_bytes(out);
    size_t kept = 0;
    bool is_refusal = false;
    while (all.len > 0) {
        struct bytes head, answer_text = first_answer(all, &head);
        all = bytes_from(all, answer_text.len);
        must(!is_refusal); /* nothing comes behind it */
        is_refusal = head.ptr[9] >= '4' && bytes_contains(head, BYTES("\r\nConnection: close\r\n"));
        if (!is_refusal && !bytes_starts_with(head, BYTES("HTTP/1.1 100 "))) {
            memmove(out->ptr + kept, answer_text.ptr, answer_text.len);
            kept += answer_text.len;
        }
    }
    out->len = kept;
    return is_refusal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fake whole, pieces;
    struct limits limits;
    limits_init(&limits);
    limits.header_size = 512;
    limits.header_count = 12;
    limits.body_size = 256;
    limits.pipelined_requests = 4;
    if (size == 0) {
        return 0;
    }
    struct bytes input = bytes_of(data + 1, size - 1);
    converse(&whole, &limits, input, SIZE_MAX);
    converse(&pieces, &limits, input, 1 + data[0] % 32);
    must(keep_comparable(&whole.out) == keep_comparable(&pieces.out));
    must(bytes_equal(buf_bytes(&whole.out), buf_bytes(&pieces.out)));
    buf_fini(&whole.out);
    buf_fini(&pieces.out);
    return 0;
}
