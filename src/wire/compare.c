/* SPDX-License-Identifier: Apache-2.0
 * Copying and comparing whole trees. */
#include "wire/wire_int.h"

static struct wire_value *dup_at(struct arena *arena, const struct wire_value *value,
                                 unsigned depth)
{
    struct wire_value *copy = depth > WIRE_DEPTH_MOST ? NULL : ARENA_NEW(arena, struct wire_value);
    if (copy == NULL) {
        return NULL;
    }
    copy->kind = value->kind;
    if (value->kind == WIRE_STRING) {
        copy->string = arena_dup(arena, value->string);
        return copy->string.ptr == NULL ? NULL : copy;
    }
    copy->string = value->string; /* whichever member of the union it is */
    WIRE_FOR_EACH (child, value) {
        struct wire_value *child_copy = dup_at(arena, child, depth + 1);
        if (value->kind == WIRE_ARRAY) {
            if (wire_push(copy, child_copy) == NULL) {
                return NULL;
            }
            continue;
        }
        struct bytes name = arena_dup(arena, child->name);
        if (name.ptr == NULL || wire_add(copy, name, child_copy) == NULL) {
            return NULL;
        }
    }
    return copy;
}

struct wire_value *wire_dup(struct arena *arena, const struct wire_value *value)
{
    return value == NULL ? NULL : dup_at(arena, value, 0);
}

static bool equal_at(const struct wire_value *a, const struct wire_value *b, unsigned depth);

/* Same names in the same order? Then members can be compared pairwise, repeated names included. */
static bool same_order(const struct wire_value *a, const struct wire_value *b)
{
    const struct wire_value *y = b->first;
    for (const struct wire_value *x = a->first; x != NULL; x = x->next, y = y->next) {
        if (!bytes_equal(x->name, y->name)) {
            return false;
        }
    }
    return true;
}

static bool members_equal(const struct wire_value *a, const struct wire_value *b, unsigned depth)
{
    if (a->count != b->count) {
        return false;
    }
    if (a->kind == WIRE_ARRAY || same_order(a, b)) {
        const struct wire_value *y = b->first;
        for (const struct wire_value *x = a->first; x != NULL; x = x->next, y = y->next) {
            if (!equal_at(x, y, depth + 1)) {
                return false;
            }
        }
        return true;
    }
    WIRE_FOR_EACH (x, a) {
        const struct wire_value *y = wire_get(b, x->name);
        if (y == NULL || !equal_at(x, y, depth + 1)) {
            return false;
        }
    }
    WIRE_FOR_EACH (y, b) { /* matters only when a has repeated names */
        if (wire_get(a, y->name) == NULL) {
            return false;
        }
    }
    return true;
}

static bool equal_at(const struct wire_value *a, const struct wire_value *b, unsigned depth)
{
    if (a->kind != b->kind || depth > WIRE_DEPTH_MOST) {
        return false;
    }
    switch (a->kind) {
    case WIRE_NULL:
        return true;
    case WIRE_BOOL:
        return a->boolean == b->boolean;
    case WIRE_INT:
        return a->integer == b->integer;
    case WIRE_UINT:
        return a->unsigned_integer == b->unsigned_integer;
    case WIRE_REAL:
        return a->real == b->real;
    case WIRE_STRING:
        return bytes_equal(a->string, b->string);
    case WIRE_ARRAY:
    case WIRE_OBJECT:
        return members_equal(a, b, depth);
    }
    return false;
}

bool wire_equal(const struct wire_value *a, const struct wire_value *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return equal_at(a, b, 0);
}
