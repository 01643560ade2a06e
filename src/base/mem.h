/* SPDX-License-Identifier: Apache-2.0
 * Heap and arenas. The only place that calls malloc. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/bytes.h"

/* Zeroed heap memory; NULL when there is none (or when a test injects the failure). */
void *mem_alloc(size_t size);
void *mem_alloc_array(size_t count, size_t size);
/* Grows or shrinks; new bytes are not zeroed; on NULL the old block stays valid. */
void *mem_resize(void *ptr, size_t size);
void mem_free(void *ptr); /* accepts NULL */

/* For a program that serves for long: what is freed stays with the process for the next request, up
 * to a few megabytes a thread, in place of going to and fro. Once, before there are threads. */
void mem_keep_freed(void);

/* Tests: the n-th allocation from now fails (1 = the next); 0 switches it off. */
void mem_fail_after(unsigned n);

/* Memory that is freed at once. An arena belongs to one thread at a time. */
struct arena;

/* limit: most bytes the arena may hold in all. NULL when there is no memory. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *arena); /* accepts NULL */
/* Forget all contents, keep the first block for reuse. */
void arena_reset(struct arena *arena);
/* Zeroed, aligned for any object. NULL when memory or the limit is exhausted. */
void *arena_alloc(struct arena *arena, size_t size);
/* Not zeroed, unaligned bytes. */
char *arena_chars(struct arena *arena, size_t size);
/* Copies; ptr is NULL in the result when there is no memory. Empty input stays empty with a
 * non-NULL ptr; absent input stays absent. A NUL follows the copy. */
struct bytes arena_dup(struct arena *arena, struct bytes b);
/* printf into the arena; absent on failure. A NUL follows. */
struct bytes arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
size_t arena_used(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))

#endif
