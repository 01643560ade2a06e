/* SPDX-License-Identifier: Apache-2.0
 * JSON tokens: structure, literals and the order in which they may come. RFC 8259, TS-0004 8.4. */
#include "wire/wire_int.h"

static inline void skip_blanks(struct wire_reader *r)
{
    const char *at = r->at;
    while (at < r->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
        at++;
    }
    r->at = at;
}

/* Past blanks, at something. */
static inline status skip_to_token(struct wire_reader *r)
{
    skip_blanks(r);
    ENSURE(r->at < r->end, TRUNCATED, "JSON ends at octet %zu", wire_reader_offset(r));
    return OK;
}

static status literal(struct wire_reader *r, struct bytes word)
{
    struct bytes rest = {r->at, (size_t)(r->end - r->at)};
    if (rest.len < word.len) {
        ENSURE(!bytes_starts_with(word, rest), TRUNCATED, "JSON ends in a literal");
    }
    ENSURE(bytes_starts_with(rest, word), SYNTAX, "unknown word at octet %zu",
           wire_reader_offset(r));
    r->at += word.len;
    return OK;
}

static status read_scalar(struct wire_reader *r, struct wire_value *value)
{
    switch (*r->at) {
    case '"':
        r->at++;
        value->kind = WIRE_STRING;
        return wire_json_string(r, &value->string);
    case 't':
        value->kind = WIRE_BOOL;
        value->boolean = true;
        return literal(r, BYTES("true"));
    case 'f':
        value->kind = WIRE_BOOL;
        value->boolean = false;
        return literal(r, BYTES("false"));
    case 'n':
        value->kind = WIRE_NULL;
        return literal(r, BYTES("null"));
    default: /* refuses what is no number */
        return wire_json_number(r, value);
    }
}

static status read_value(struct wire_reader *r, struct wire_token *token)
{
    char c = *r->at;
    TRY(wire_reader_count(r));
    if (c == '{' || c == '[') {
        r->at++;
        return wire_reader_open(r, c == '{', token);
    }
    TRY(read_scalar(r, &token->value));
    token->kind = WIRE_TOKEN_VALUE;
    wire_reader_after(r);
    return OK;
}

static status read_name(struct wire_reader *r, struct wire_token *token)
{
    ENSURE(*r->at == '"', SYNTAX, "no member name at octet %zu", wire_reader_offset(r));
    r->at++;
    TRY(wire_json_string(r, &token->text));
    TRY(skip_to_token(r));
    ENSURE(*r->at == ':', SYNTAX, "no colon at octet %zu", wire_reader_offset(r));
    r->at++;
    token->kind = WIRE_TOKEN_NAME;
    r->state = WIRE_STATE_VALUE;
    return OK;
}

/* Inside a container: its end, or what separates its members. */
static status read_inside(struct wire_reader *r, struct wire_token *token)
{
    bool object = wire_reader_top(r)->object;
    if (*r->at == (object ? '}' : ']')) {
        r->at++;
        wire_reader_close(r, token);
        return OK;
    }
    if (r->state == WIRE_STATE_AFTER) {
        ENSURE(*r->at == ',', SYNTAX, "no comma at octet %zu", wire_reader_offset(r));
        r->at++;
        TRY(skip_to_token(r));
    }
    return object ? read_name(r, token) : read_value(r, token);
}

status wire_json_next(struct wire_reader *r, struct wire_token *ret_token)
{
    switch (r->state) {
    case WIRE_STATE_VALUE:
        TRY(skip_to_token(r));
        return read_value(r, ret_token);
    case WIRE_STATE_FIRST:
    case WIRE_STATE_AFTER:
        TRY(skip_to_token(r));
        return read_inside(r, ret_token);
    case WIRE_STATE_DONE:
        break;
    }
    skip_blanks(r);
    ENSURE(r->at == r->end, SYNTAX, "octet %zu follows the document", wire_reader_offset(r));
    ret_token->kind = WIRE_TOKEN_END;
    return OK;
}
