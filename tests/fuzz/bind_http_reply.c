/* SPDX-License-Identifier: Apache-2.0
 * An answer to the HTTP client from any bytes, in one piece and in many: the same response comes of
 * it. RFC 9112, TS-0009 6.3. The first octet says how the bytes are cut. */
#include <string.h>

#include "bind/http/client_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    struct arena *arena;
    struct prim_call call;
    enum status_code code;
    bool is_complete;
};

static status read_in_pieces(struct http_reply *reply, struct bytes input, size_t piece)
{
    while (input.len > 0 && !reply->is_complete) {
        struct bytes part = bytes_slice(input, 0, piece);
        char *copy = mem_alloc(part.len);
        must(copy != NULL);
        memcpy(copy, part.ptr, part.len);
        status read = http_reply_read(reply, bytes_of(copy, part.len));
        mem_free(copy);
        if (!reply->is_complete) { /* what comes behind a whole answer is no matter */
            TRY(read);
        }
        input = bytes_from(input, part.len);
    }
    if (!reply->is_complete) {
        TRY(http_reply_end(reply));
    }
    return http_reply_finish(reply);
}

static void receive(struct outcome *outcome, const struct limits *limits, struct bytes input,
                    size_t piece)
{
    struct http_reply reply;
    *outcome = (struct outcome){.arena = arena_new(1 << 20)};
    must(outcome->arena != NULL);
    outcome->call.arena = outcome->arena;
    http_reply_init(&reply, limits);
    http_reply_start(&reply, &outcome->call);
    outcome->code = read_in_pieces(&reply, input, piece).code;
    outcome->is_complete = reply.is_complete;
    http_reply_fini(&reply);
}

/* An answer with two faults, one of form and one of size, is refused for the one seen first: a name
 * that breaks off at a wrong octet counts against the limit only when a piece ended within it. */
static bool is_refused(enum status_code code)
{
    return code == STATUS_BAD_REQUEST || code == STATUS_LIMIT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits;
    struct outcome whole, pieces;
    limits_init(&limits);
    limits.header_size = 512;
    limits.header_count = 12;
    limits.body_size = 256;
    if (size == 0) {
        return 0;
    }
    struct bytes input = bytes_of(data + 1, size - 1);
    receive(&whole, &limits, input, SIZE_MAX);
    receive(&pieces, &limits, input, 1 + data[0] % 32);
    must(whole.is_complete == pieces.is_complete);
    must(whole.code == pieces.code ||
         (!whole.is_complete && is_refused(whole.code) && is_refused(pieces.code)));
    if (whole.code == STATUS_OK) {
        must(whole.call.response.rsc >= 1000 && whole.call.response.rsc <= 9999);
        must(whole.call.response.rsc == pieces.call.response.rsc);
        must(bytes_equal(whole.call.response.from, pieces.call.response.from));
        must(bytes_is_utf8(whole.call.response.from));
        must((whole.call.response.content == NULL) == (pieces.call.response.content == NULL));
    }
    arena_free(whole.arena);
    arena_free(pieces.arena);
    return 0;
}
