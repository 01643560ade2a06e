/* SPDX-License-Identifier: Apache-2.0
 * Building trees and finding members in them. */
#include "wire/wire_int.h"

static struct wire_value *value_new(struct arena *arena, enum wire_kind kind)
{
    struct wire_value *value = ARENA_NEW(arena, struct wire_value);
    if (value != NULL) {
        value->kind = kind;
    }
    return value;
}

struct wire_value *wire_object(struct arena *arena)
{
    return value_new(arena, WIRE_OBJECT);
}

struct wire_value *wire_array(struct arena *arena)
{
    return value_new(arena, WIRE_ARRAY);
}

struct wire_value *wire_null(struct arena *arena)
{
    return value_new(arena, WIRE_NULL);
}

struct wire_value *wire_bool(struct arena *arena, bool boolean)
{
    struct wire_value *value = value_new(arena, WIRE_BOOL);
    if (value != NULL) {
        value->boolean = boolean;
    }
    return value;
}

struct wire_value *wire_int(struct arena *arena, int64_t integer)
{
    struct wire_value *value = value_new(arena, WIRE_INT);
    if (value != NULL) {
        value->integer = integer;
    }
    return value;
}

struct wire_value *wire_uint(struct arena *arena, uint64_t integer)
{
    if (integer <= INT64_MAX) {
        return wire_int(arena, (int64_t)integer);
    }
    struct wire_value *value = value_new(arena, WIRE_UINT);
    if (value != NULL) {
        value->unsigned_integer = integer;
    }
    return value;
}

struct wire_value *wire_real(struct arena *arena, double real)
{
    struct wire_value *value = value_new(arena, WIRE_REAL);
    if (value != NULL) {
        value->real = real;
    }
    return value;
}

struct wire_value *wire_string(struct arena *arena, struct bytes string)
{
    struct wire_value *value = value_new(arena, WIRE_STRING);
    if (value != NULL) {
        value->string = string.ptr == NULL ? BYTES("") : string;
    }
    return value;
}

static void append(struct wire_value *parent, struct wire_value *child)
{
    child->next = NULL;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->count++;
}

struct wire_value *wire_add(struct wire_value *object, struct bytes name, struct wire_value *value)
{
    if (object == NULL || value == NULL) {
        return NULL;
    }
    must(object->kind == WIRE_OBJECT && object != value);
    value->name = name.ptr == NULL ? BYTES("") : name;
    append(object, value);
    return value;
}

struct wire_value *wire_push(struct wire_value *array, struct wire_value *element)
{
    if (array == NULL || element == NULL) {
        return NULL;
    }
    must(array->kind == WIRE_ARRAY && array != element);
    element->name = BYTES_NONE;
    append(array, element);
    return element;
}

/* The link that points at the member of that name, and the member before it. */
static struct wire_value **find_link(struct wire_value *object, struct bytes name,
                                     struct wire_value **ret_before)
{
    struct wire_value **link = &object->first;
    *ret_before = NULL;
    while (*link != NULL && !bytes_equal((*link)->name, name)) {
        *ret_before = *link;
        link = &(*link)->next;
    }
    return link;
}

struct wire_value *wire_set(struct wire_value *object, struct bytes name, struct wire_value *value)
{
    struct wire_value *before;
    if (object == NULL || value == NULL) {
        return NULL;
    }
    must(object->kind == WIRE_OBJECT && object != value);
    struct wire_value **link = find_link(object, name, &before);
    struct wire_value *old = *link;
    if (old == value) {
        return value;
    }
    if (old == NULL) {
        return wire_add(object, name, value);
    }
    value->name = name.ptr == NULL ? BYTES("") : name;
    value->next = old->next;
    *link = value;
    if (object->last == old) {
        object->last = value;
    }
    old->next = NULL;
    return value;
}

bool wire_remove(struct wire_value *object, struct bytes name)
{
    struct wire_value *before;
    if (!wire_is(object, WIRE_OBJECT)) {
        return false;
    }
    struct wire_value **link = find_link(object, name, &before);
    struct wire_value *old = *link;
    if (old == NULL) {
        return false;
    }
    *link = old->next;
    if (object->last == old) {
        object->last = before;
    }
    old->next = NULL;
    object->count--;
    return true;
}

struct wire_value *wire_get(const struct wire_value *object, struct bytes name)
{
    if (!wire_is(object, WIRE_OBJECT)) {
        return NULL;
    }
    struct wire_value *member = object->first;
    while (member != NULL && !bytes_equal(member->name, name)) {
        member = member->next;
    }
    return member;
}

struct wire_value *wire_only_member(const struct wire_value *object)
{
    return wire_is(object, WIRE_OBJECT) && object->count == 1 ? object->first : NULL;
}
