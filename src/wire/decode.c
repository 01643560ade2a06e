/* SPDX-License-Identifier: Apache-2.0
 * Tokens into a tree; names of an object must differ. RFC 8259 clause 4, TS-0004 8.4.2. */
#include "wire/wire_int.h"

enum { SCAN_MOST = 16 }; /* up to here names are compared one by one, then hashed */

/* A container being filled. */
struct level {
    struct wire_value *container;
    uint64_t seen;             /* a bit for each name so far, by name_bit */
    struct wire_value **slots; /* hashed names: open addressing, at most half full */
    uint32_t slot_count;       /* a power of two */
};

enum { VALUES_AT_ONCE = 16 };

struct builder {
    struct arena *arena;
    struct wire_value *spare; /* taken from the arena in one piece */
    uint32_t spare_count;
    struct level *levels;
    uint32_t depth;          /* levels in use */
    struct wire_token token; /* its text stays the latest name */
    struct wire_value *root;
};

/* The slot of that name, or the free one where it belongs. */
static struct wire_value **slot_of(const struct level *level, struct bytes name)
{
    uint32_t at = (uint32_t)bytes_hash(name) & (level->slot_count - 1);
    while (level->slots[at] != NULL && !bytes_equal(level->slots[at]->name, name)) {
        at = (at + 1) & (level->slot_count - 1);
    }
    return &level->slots[at];
}

static status slots_grow(struct arena *arena, struct level *level)
{
    uint32_t slot_count = level->slot_count == 0 ? 4 * SCAN_MOST : 4 * level->slot_count;
    struct wire_value **slots = ARENA_ARRAY(arena, struct wire_value *, slot_count);
    ENSURE(slots != NULL, NO_MEMORY, "table of member names");
    level->slots = slots;
    level->slot_count = slot_count;
    for (struct wire_value *member = level->container->first; member != NULL;
         member = member->next) {
        *slot_of(level, member->name) = member;
    }
    return OK;
}

/* Equal names have the same bit; most others another one. */
static uint64_t name_bit(struct bytes name)
{
    size_t mix = name.len;
    if (name.len > 0) {
        mix += 7 * (size_t)(unsigned char)name.ptr[0];
        mix += 29 * (size_t)(unsigned char)name.ptr[name.len - 1];
        mix += 3 * (size_t)(unsigned char)name.ptr[name.len / 2];
    }
    return UINT64_C(1) << (mix % 64);
}

static status check_new(struct arena *arena, struct level *level, struct wire_value *member)
{
    uint32_t count = level->container->count;
    uint64_t bit = name_bit(member->name);
    if (count < SCAN_MOST && (level->seen & bit) == 0) {
        level->seen |= bit;
        return OK;
    }
    if (count < SCAN_MOST) {
        WIRE_FOR_EACH (other, level->container) {
            ENSURE(!bytes_equal(other->name, member->name), SYNTAX, "member %.*s occurs twice",
                   BYTES_FMT(member->name));
        }
        return OK;
    }
    if (2 * (count + 1) > level->slot_count) {
        TRY(slots_grow(arena, level));
    }
    struct wire_value **slot = slot_of(level, member->name);
    ENSURE(*slot == NULL, SYNTAX, "member %.*s occurs twice", BYTES_FMT(member->name));
    *slot = member;
    return OK;
}

/* Links a value where it belongs. */
static status place(struct builder *b, struct wire_value *value)
{
    if (b->depth == 0) {
        b->root = value;
        return OK;
    }
    struct level *level = &b->levels[b->depth - 1];
    struct wire_value *container = level->container;
    if (container->kind == WIRE_OBJECT) {
        value->name = b->token.text;
        TRY(check_new(b->arena, level, value));
    }
    if (container->last == NULL) {
        container->first = value;
    } else {
        container->last->next = value;
    }
    container->last = value;
    container->count++;
    return OK;
}

static struct wire_value *take_value(struct builder *b)
{
    if (b->spare_count == 0) {
        b->spare = ARENA_ARRAY(b->arena, struct wire_value, VALUES_AT_ONCE);
        if (b->spare == NULL) {
            return NULL;
        }
        b->spare_count = VALUES_AT_ONCE;
    }
    b->spare_count--;
    return b->spare++;
}

static status build(struct builder *b)
{
    const struct wire_token *token = &b->token;
    struct wire_value *value;
    switch (token->kind) {
    case WIRE_TOKEN_OBJECT_END:
    case WIRE_TOKEN_ARRAY_END:
        b->depth--;
        return OK;
    case WIRE_TOKEN_OBJECT_BEGIN:
    case WIRE_TOKEN_ARRAY_BEGIN:
        value = take_value(b);
        ENSURE(value != NULL, NO_MEMORY, "value");
        value->kind = token->kind == WIRE_TOKEN_OBJECT_BEGIN ? WIRE_OBJECT : WIRE_ARRAY;
        TRY(place(b, value));
        b->levels[b->depth++] = (struct level){.container = value};
        return OK;
    case WIRE_TOKEN_VALUE:
        value = take_value(b);
        ENSURE(value != NULL, NO_MEMORY, "value");
        value->kind = token->value.kind;
        value->string = token->value.string; /* whichever member of the union it is */
        return place(b, value);
    case WIRE_TOKEN_NAME:
    case WIRE_TOKEN_END:
        break;
    }
    return OK;
}

status wire_decode(enum wire_format format, struct bytes input, const struct wire_limits *limits,
                   struct arena *arena, struct wire_value **ret_value)
{
    struct wire_reader *reader = wire_reader_new(format, input, limits, arena);
    ENSURE(reader != NULL, NO_MEMORY, "reader");
    struct builder b = {.arena = arena};
    b.levels = ARENA_ARRAY(arena, struct level, reader->limits.depth);
    ENSURE(b.levels != NULL, NO_MEMORY, "levels");
    do {
        TRY(wire_reader_next(reader, &b.token));
        TRY(build(&b));
    } while (b.token.kind != WIRE_TOKEN_END);
    *ret_value = b.root;
    return OK;
}
