/* SPDX-License-Identifier: Apache-2.0
 * The reader that all formats share, and the choice of a format's own steps. */
#include "wire/wire_int.h"

static uint32_t clip(uint64_t value, uint32_t most)
{
    return value > most ? most : (uint32_t)value;
}

struct wire_limits wire_limits_from(const struct limits *limits)
{
    return (struct wire_limits){.depth = clip(limits->wire_depth, WIRE_DEPTH_MOST),
                                .members = clip(limits->wire_members, UINT32_MAX),
                                .values = clip(limits->wire_values, UINT32_MAX)};
}

struct wire_reader *wire_reader_new(enum wire_format format, struct bytes input,
                                    const struct wire_limits *limits, struct arena *arena)
{
    struct wire_reader *r = ARENA_NEW(arena, struct wire_reader);
    if (r == NULL) {
        return NULL;
    }
    r->format = format;
    r->start = input.ptr == NULL ? "" : input.ptr;
    r->at = r->start;
    r->end = r->start + input.len;
    r->limits = *limits;
    r->limits.depth = clip(limits->depth, WIRE_DEPTH_MOST);
    r->arena = arena;
    r->state = WIRE_STATE_VALUE;
    r->frames = ARENA_ARRAY(arena, struct wire_frame, r->limits.depth);
    return r->frames == NULL ? NULL : r;
}

status wire_reader_next(struct wire_reader *reader, struct wire_token *ret_token)
{
    status result = OK;
    if (reader->failed != STATUS_OK) {
        return (status){reader->failed};
    }
    switch (reader->format) {
    case WIRE_JSON:
        result = wire_json_next(reader, ret_token);
        break;
    case WIRE_CBOR:
        result = wire_cbor_next(reader, ret_token);
        break;
    }
    reader->failed = result.code;
    return result;
}

size_t wire_reader_offset(const struct wire_reader *reader)
{
    return (size_t)(reader->at - reader->start);
}

status wire_reader_count(struct wire_reader *r)
{
    struct wire_frame *top = wire_reader_top(r);
    ENSURE(r->values < r->limits.values, LIMIT, "more than %u values", r->limits.values);
    r->values++;
    if (top != NULL) {
        ENSURE(top->count < r->limits.members, LIMIT, "more than %u members", r->limits.members);
        top->count++;
        top->left--; /* without meaning when indefinite */
    }
    return OK;
}

status wire_reader_open(struct wire_reader *r, bool object, struct wire_token *ret_token)
{
    ENSURE(r->depth < r->limits.depth, LIMIT, "nested deeper than %u", r->limits.depth);
    r->frames[r->depth++] = (struct wire_frame){.object = object, .indefinite = true};
    r->state = WIRE_STATE_FIRST;
    ret_token->kind = object ? WIRE_TOKEN_OBJECT_BEGIN : WIRE_TOKEN_ARRAY_BEGIN;
    return OK;
}

void wire_reader_close(struct wire_reader *r, struct wire_token *ret_token)
{
    r->depth--;
    ret_token->kind = r->frames[r->depth].object ? WIRE_TOKEN_OBJECT_END : WIRE_TOKEN_ARRAY_END;
    wire_reader_after(r);
}

void wire_buf_fail(struct buf *out, enum status_code code)
{
    if (out->failed == STATUS_OK) {
        out->failed = code;
    }
}

void wire_encode(enum wire_format format, const struct wire_value *value, struct buf *out)
{
    switch (format) {
    case WIRE_JSON:
        wire_json_write(value, out);
        break;
    case WIRE_CBOR:
        wire_cbor_write(value, out);
        break;
    }
}
