/* SPDX-License-Identifier: Apache-2.0
 * CBOR tokens. RFC 8949 clause 3; TS-0004 8.5 admits what JSON can say: text strings, integers,
 * floats, booleans, null, arrays and maps with text names. Byte strings, tags, undefined and other
 * simple values have no meaning there and are refused. */
#include "wire/wire_int.h"

#include <math.h>
#include <string.h>

enum major {
    MAJOR_UNSIGNED,
    MAJOR_NEGATIVE,
    MAJOR_BYTES,
    MAJOR_TEXT,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAJOR_SIMPLE
};

enum {
    INFO_ONE_OCTET = 24,
    INFO_TWO_OCTETS = 25,
    INFO_FOUR_OCTETS = 26,
    INFO_EIGHT_OCTETS = 27,
    INFO_INDEFINITE = 31,
    SIMPLE_FALSE = 20,
    SIMPLE_TRUE = 21,
    SIMPLE_NULL = 22,
    BREAK = 0xff
};

/* The head of a data item. */
struct head {
    enum major major;
    unsigned info;
    uint64_t argument; /* 0 when indefinite */
};

static size_t octets_left(const struct wire_reader *r)
{
    return (size_t)(r->end - r->at);
}

static status read_head(struct wire_reader *r, struct head *ret_head)
{
    ENSURE(octets_left(r) > 0, TRUNCATED, "CBOR ends at octet %zu", wire_reader_offset(r));
    unsigned first = (unsigned char)*r->at;
    struct head head = {(enum major)(first >> 5), first & 0x1f, 0};
    r->at++;
    if (head.info < INFO_ONE_OCTET) {
        head.argument = head.info;
    } else if (head.info <= INFO_EIGHT_OCTETS) {
        size_t count = (size_t)1 << (head.info - INFO_ONE_OCTET);
        ENSURE(octets_left(r) >= count, TRUNCATED, "CBOR ends in an argument");
        for (size_t i = 0; i < count; i++) {
            head.argument = head.argument << 8 | (unsigned char)r->at[i];
        }
        r->at += count;
    } else {
        ENSURE(head.info == INFO_INDEFINITE, SYNTAX, "reserved octet 0x%02x at %zu", first,
               wire_reader_offset(r) - 1);
    }
    *ret_head = head;
    return OK;
}

static status read_definite_text(struct wire_reader *r, uint64_t length, struct bytes *ret_text)
{
    ENSURE(length <= octets_left(r), TRUNCATED, "CBOR ends in a text string");
    struct bytes text = {r->at, (size_t)length};
    ENSURE(bytes_is_utf8(text), SYNTAX, "text string at octet %zu is not UTF-8",
           wire_reader_offset(r));
    r->at += text.len;
    *ret_text = text;
    return OK;
}

/* The next chunk of an indefinite text string; absent at its end. */
static status read_chunk(struct wire_reader *r, struct bytes *ret_chunk)
{
    struct head head;
    ENSURE(octets_left(r) > 0, TRUNCATED, "CBOR ends in a text string");
    if ((unsigned char)*r->at == BREAK) {
        r->at++;
        *ret_chunk = BYTES_NONE;
        return OK;
    }
    TRY(read_head(r, &head));
    ENSURE(head.major == MAJOR_TEXT && head.info != INFO_INDEFINITE, SYNTAX,
           "text string has a chunk of another kind");
    return read_definite_text(r, head.argument, ret_chunk);
}

/* The chunks in one piece: measured first, then copied. */
static status read_indefinite_text(struct wire_reader *r, struct bytes *ret_text)
{
    const char *start = r->at;
    struct bytes chunk = BYTES("");
    size_t length = 0;
    while (chunk.ptr != NULL) {
        TRY(read_chunk(r, &chunk));
        length += chunk.len;
    }
    char *text = arena_chars(r->arena, length);
    ENSURE(text != NULL, NO_MEMORY, "text string");
    *ret_text = (struct bytes){text, length};
    const char *end = r->at;
    r->at = start;
    while (length > 0) {
        TRY(read_chunk(r, &chunk));
        memcpy(text, chunk.ptr, chunk.len);
        text += chunk.len;
        length -= chunk.len;
    }
    r->at = end;
    return OK;
}

static status read_text(struct wire_reader *r, const struct head *head, struct bytes *ret_text)
{
    if (head->info == INFO_INDEFINITE) {
        return read_indefinite_text(r, ret_text);
    }
    return read_definite_text(r, head->argument, ret_text);
}

/* RFC 8949 appendix D. */
static double from_half(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 0x1f);
    double mantissa = (double)(bits & 0x3ff);
    double size = exponent == 0    ? ldexp(mantissa, -24)
                  : exponent != 31 ? ldexp(mantissa + 1024, exponent - 25)
                  : mantissa == 0  ? (double)INFINITY
                                   : (double)NAN;
    return (bits & 0x8000) != 0 ? -size : size;
}

static status read_simple(const struct head *head, struct wire_value *value)
{
    float single;
    uint32_t single_bits = (uint32_t)head->argument;
    switch (head->info) {
    case SIMPLE_FALSE:
    case SIMPLE_TRUE:
        value->kind = WIRE_BOOL;
        value->boolean = head->info == SIMPLE_TRUE;
        return OK;
    case SIMPLE_NULL:
        value->kind = WIRE_NULL;
        return OK;
    case INFO_TWO_OCTETS:
        value->real = from_half(head->argument);
        break;
    case INFO_FOUR_OCTETS:
        memcpy(&single, &single_bits, sizeof(single));
        value->real = (double)single;
        break;
    case INFO_EIGHT_OCTETS:
        memcpy(&value->real, &head->argument, sizeof(value->real));
        break;
    default:
        FAIL(SYNTAX, "simple value without a meaning here");
    }
    ENSURE(isfinite(value->real), SYNTAX, "number that is not finite");
    value->kind = WIRE_REAL;
    return OK;
}

static status read_integer(const struct head *head, struct wire_value *value)
{
    ENSURE(head->info != INFO_INDEFINITE, SYNTAX, "indefinite integer");
    if (head->argument <= INT64_MAX) {
        int64_t argument = (int64_t)head->argument;
        value->kind = WIRE_INT;
        value->integer = head->major == MAJOR_NEGATIVE ? -1 - argument : argument;
        return OK;
    }
    ENSURE(head->major == MAJOR_UNSIGNED, SYNTAX, "integer beyond 64 bits");
    value->kind = WIRE_UINT;
    value->unsigned_integer = head->argument;
    return OK;
}

static status open_container(struct wire_reader *r, const struct head *head,
                             struct wire_token *token)
{
    ENSURE(head->argument <= r->limits.members, LIMIT, "more than %u members", r->limits.members);
    TRY(wire_reader_open(r, head->major == MAJOR_MAP, token));
    wire_reader_top(r)->indefinite = head->info == INFO_INDEFINITE;
    wire_reader_top(r)->left = head->argument;
    return OK;
}

static status read_value(struct wire_reader *r, struct wire_token *token)
{
    struct head head;
    TRY(wire_reader_count(r));
    TRY(read_head(r, &head));
    token->kind = WIRE_TOKEN_VALUE;
    switch (head.major) {
    case MAJOR_ARRAY:
    case MAJOR_MAP:
        return open_container(r, &head, token);
    case MAJOR_UNSIGNED:
    case MAJOR_NEGATIVE:
        TRY(read_integer(&head, &token->value));
        break;
    case MAJOR_TEXT:
        token->value.kind = WIRE_STRING;
        TRY(read_text(r, &head, &token->value.string));
        break;
    case MAJOR_SIMPLE:
        TRY(read_simple(&head, &token->value));
        break;
    case MAJOR_BYTES:
        FAIL(SYNTAX, "byte string");
    case MAJOR_TAG:
        FAIL(SYNTAX, "tag");
    }
    wire_reader_after(r);
    return OK;
}

static status read_name(struct wire_reader *r, struct wire_token *token)
{
    struct head head;
    TRY(read_head(r, &head));
    ENSURE(head.major == MAJOR_TEXT, SYNTAX, "member name that is no text");
    TRY(read_text(r, &head, &token->text));
    token->kind = WIRE_TOKEN_NAME;
    r->state = WIRE_STATE_VALUE;
    return OK;
}

/* Inside a container: its end or the next member. */
static status read_inside(struct wire_reader *r, struct wire_token *token)
{
    struct wire_frame *top = wire_reader_top(r);
    bool at_break = top->indefinite && octets_left(r) > 0 && (unsigned char)*r->at == BREAK;
    if (at_break || (!top->indefinite && top->left == 0)) {
        r->at += at_break;
        wire_reader_close(r, token);
        return OK;
    }
    return top->object ? read_name(r, token) : read_value(r, token);
}

status wire_cbor_next(struct wire_reader *r, struct wire_token *ret_token)
{
    switch (r->state) {
    case WIRE_STATE_VALUE:
        return read_value(r, ret_token);
    case WIRE_STATE_FIRST:
    case WIRE_STATE_AFTER:
        return read_inside(r, ret_token);
    case WIRE_STATE_DONE:
        break;
    }
    ENSURE(r->at == r->end, SYNTAX, "octet %zu follows the document", wire_reader_offset(r));
    ret_token->kind = WIRE_TOKEN_END;
    return OK;
}
