/* SPDX-License-Identifier: Apache-2.0
 * A hash map from bytes to a pointer; keys are copied, values are not owned. Hashing is keyed,
 * so a peer cannot choose collisions. One thread at a time. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/mem.h"

struct map;

/* limit: most entries. NULL when there is no memory. */
struct map *map_new(size_t limit);
void map_free(struct map *map);                         /* accepts NULL; values are left alone */
void *map_get(const struct map *map, struct bytes key); /* NULL when absent */
/* Inserts or replaces; value must not be NULL. LIMIT or NO_MEMORY. */
status map_put(struct map *map, struct bytes key, void *value);
void *map_remove(struct map *map, struct bytes key); /* the removed value, or NULL */
size_t map_count(const struct map *map);
/* Calls visit for each entry in no order; visit may remove the visited entry only. */
void map_each(struct map *map, void (*visit)(void *user, struct bytes key, void *value),
              void *user);

#endif
