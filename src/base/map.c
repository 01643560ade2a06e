/* SPDX-License-Identifier: Apache-2.0
 * A chained hash map that doubles when it is full. */
#include "base/map.h"

#include <string.h>

struct entry {
    struct entry *next;
    uint64_t hash;
    void *value;
    size_t key_len;
    char key[];
};

struct map {
    struct entry **slots;
    size_t slot_count; /* a power of two */
    size_t count, limit;
};

struct map *map_new(size_t limit)
{
    struct map *map = mem_alloc(sizeof(*map));
    if (map == NULL) {
        return NULL;
    }
    map->limit = limit;
    map->slot_count = 16;
    map->slots = mem_alloc_array(map->slot_count, sizeof(struct entry *));
    if (map->slots == NULL) {
        mem_free(map);
        return NULL;
    }
    return map;
}

void map_free(struct map *map)
{
    if (map == NULL) {
        return;
    }
    for (size_t i = 0; i < map->slot_count; i++) {
        struct entry *entry = map->slots[i];
        while (entry != NULL) {
            struct entry *next = entry->next;
            mem_free(entry);
            entry = next;
        }
    }
    mem_free(map->slots);
    mem_free(map);
}

/* Where the entry of that key hangs, or the end of its chain. */
static struct entry **find(const struct map *map, struct bytes key, uint64_t hash)
{
    struct entry **link = &map->slots[hash & (map->slot_count - 1)];
    while (*link != NULL) {
        struct entry *entry = *link;
        if (entry->hash == hash && bytes_equal(bytes_of(entry->key, entry->key_len), key)) {
            break;
        }
        link = &entry->next;
    }
    return link;
}

void *map_get(const struct map *map, struct bytes key)
{
    struct entry *entry = *find(map, key, bytes_hash(key));
    return entry == NULL ? NULL : entry->value;
}

static void grow(struct map *map)
{
    size_t slot_count = map->slot_count * 2;
    struct entry **slots = mem_alloc_array(slot_count, sizeof(struct entry *));
    if (slots == NULL) {
        return; /* longer chains are only slower */
    }
    for (size_t i = 0; i < map->slot_count; i++) {
        struct entry *entry = map->slots[i];
        while (entry != NULL) {
            struct entry *next = entry->next;
            struct entry **link = &slots[entry->hash & (slot_count - 1)];
            entry->next = *link;
            *link = entry;
            entry = next;
        }
    }
    mem_free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
}

status map_put(struct map *map, struct bytes key, void *value)
{
    uint64_t hash = bytes_hash(key);
    struct entry **link = find(map, key, hash);
    must(value != NULL);
    if (*link != NULL) {
        (*link)->value = value;
        return OK;
    }
    ENSURE(map->count < map->limit, LIMIT, "map of at most %zu entries is full", map->limit);
    ENSURE(key.len < SIZE_MAX / 2, NO_MEMORY, "map key too long");
    struct entry *entry = mem_alloc(sizeof(*entry) + key.len);
    ENSURE(entry != NULL, NO_MEMORY, "map entry");
    entry->hash = hash;
    entry->value = value;
    entry->key_len = key.len;
    if (key.len > 0) {
        memcpy(entry->key, key.ptr, key.len);
    }
    *link = entry;
    map->count++;
    if (map->count > map->slot_count) {
        grow(map);
    }
    return OK;
}

void *map_remove(struct map *map, struct bytes key)
{
    struct entry **link = find(map, key, bytes_hash(key));
    struct entry *entry = *link;
    if (entry == NULL) {
        return NULL;
    }
    void *value = entry->value;
    *link = entry->next;
    mem_free(entry);
    map->count--;
    return value;
}

size_t map_count(const struct map *map)
{
    return map->count;
}

void map_each(struct map *map, void (*visit)(void *user, struct bytes key, void *value), void *user)
{
    for (size_t i = 0; i < map->slot_count; i++) {
        struct entry *entry = map->slots[i];
        while (entry != NULL) {
            struct entry *next = entry->next;
            visit(user, bytes_of(entry->key, entry->key_len), entry->value);
            entry = next;
        }
    }
}
