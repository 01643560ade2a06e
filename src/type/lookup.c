/* SPDX-License-Identifier: Apache-2.0
 * Finding resource types by number, member name and place, and their rows. TS-0004 6.3.4.2.1,
 * 6.8, 8.2.4. */
#include "type/type_int.h"

/* Numbers come in four runs; the row of this table is the number within its run. */
enum { PLAIN_RUN = 0, ANNOUNCED_RUN = 100, VIRTUAL_RUN = 200, OWN_RUN = 210, RUNS_END = 220 };
static const struct type_resource *by_number[RUNS_END];

/* Open addressing over the member names, less than half full. */
#define SLOTS 512u
static const struct type_resource *by_member[SLOTS];

static size_t number_index(uint32_t number)
{
    if (number < 100) {
        return PLAIN_RUN + number;
    }
    if (number >= 10000 && number < 10100) {
        return ANNOUNCED_RUN + (number - 10000);
    }
    if (number >= 20000 && number < 20010) {
        return VIRTUAL_RUN + (number - 20000);
    }
    if (number >= 30000 && number < 30010) {
        return OWN_RUN + (number - 30000);
    }
    return RUNS_END;
}

uint64_t type_text_hash(struct bytes text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ (hash >> 32);
}

/* Built before main, then only read: safe on every thread. The first row of a number is the
 * abstract type; specialisations follow it. */
__attribute__((constructor)) static void fill_tables(void)
{
    must(type_resource_table_size * 2 <= SLOTS);
    for (size_t i = 0; i < type_resource_table_size; i++) {
        const struct type_resource *type = &type_resources[i];
        size_t index = number_index(type->number);
        must(index < RUNS_END);
        if (by_number[index] == NULL) {
            by_number[index] = type;
        }
        if (type->member == NULL) {
            continue;
        }
        size_t slot = type_text_hash(bytes_str(type->member)) % SLOTS;
        while (by_member[slot] != NULL) {
            slot = (slot + 1) % SLOTS;
        }
        by_member[slot] = type;
    }
}

const struct type_resource *type_resource_at(size_t index)
{
    return index < type_resource_table_size ? &type_resources[index] : NULL;
}

size_t type_resource_count(void)
{
    return type_resource_table_size;
}

const struct type_resource *type_by_number(uint32_t number)
{
    size_t index = number_index(number);
    return index < RUNS_END ? by_number[index] : NULL;
}

const struct type_resource *type_by_member(struct bytes member)
{
    size_t slot = type_text_hash(member) % SLOTS;
    for (; by_member[slot] != NULL; slot = (slot + 1) % SLOTS) {
        if (bytes_is(member, by_member[slot]->member)) {
            return by_member[slot];
        }
    }
    return NULL;
}

const struct type_resource *type_virtual_child(const struct type_resource *parent,
                                               struct bytes segment)
{
    for (uint32_t i = 0; i < parent->child_count; i++) {
        const struct type_child *child = &parent->children[i];
        if (child->fixed_name == NULL || !bytes_is(segment, child->fixed_name)) {
            continue;
        }
        const struct type_resource *type = type_by_number(child->type);
        if (type != NULL && type->storage == TYPE_STORAGE_NONE) {
            return type;
        }
    }
    return NULL;
}

const struct type_attr *type_find(const struct type_resource *type, enum type_attr_id id)
{
    uint8_t row = type->rows[id];
    return row == 0 ? NULL : &type->attributes[row - 1];
}

const struct type_attr *type_find_short(const struct type_resource *type, struct bytes short_name)
{
    return type_find(type, type_attr_by_short(short_name));
}

const struct type_child *type_find_child(const struct type_resource *parent, uint32_t child)
{
    for (uint32_t i = 0; i < parent->child_count; i++) {
        if (parent->children[i].type == child) {
            return &parent->children[i];
        }
    }
    return NULL;
}
