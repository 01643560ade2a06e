/* SPDX-License-Identifier: Apache-2.0
 * Heap with injected failures for tests, and arenas. */
#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local unsigned fail_after; /* 0 = never */

void mem_fail_after(unsigned n)
{
    fail_after = n;
}

static bool injected_failure(void)
{
    if (fail_after == 0) {
        return false;
    }
    fail_after--;
    return fail_after == 0;
}

void *mem_alloc(size_t size)
{
    if (injected_failure()) {
        return NULL;
    }
    return calloc(1, size == 0 ? 1 : size);
}

void *mem_alloc_array(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return mem_alloc(count * size);
}

void *mem_resize(void *ptr, size_t size)
{
    if (injected_failure()) {
        return NULL;
    }
    return realloc(ptr, size == 0 ? 1 : size);
}

void mem_free(void *ptr)
{
    free(ptr);
}

void mem_keep_freed(void)
{
    /* what was set stays set: a request's memory comes and goes in pieces of at most BLOCK_MOST */
    (void)mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
    (void)mallopt(M_TOP_PAD, 512 * 1024);
}

/* An arena is a chain of blocks; the newest is filled from its front. */
struct block {
    struct block *older;
    size_t size, used;
    _Alignas(max_align_t) char data[];
};

struct arena {
    struct block *block; /* newest */
    size_t limit, total;
};

enum { BLOCK_FIRST = 4096, BLOCK_MOST = 262144 };

static struct block *block_new(struct arena *arena, size_t size)
{
    if (size > arena->limit || arena->total > arena->limit - size) {
        return NULL;
    }
    if (size > SIZE_MAX - sizeof(struct block)) {
        return NULL;
    }
    if (injected_failure()) {
        return NULL;
    }
    struct block *block = malloc(sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }
    block->older = NULL;
    block->size = size;
    block->used = 0;
    arena->total += size;
    return block;
}

struct arena *arena_new(size_t limit)
{
    struct arena *arena = mem_alloc(sizeof(*arena));
    if (arena == NULL) {
        return NULL;
    }
    arena->limit = limit;
    arena->block = block_new(arena, BLOCK_FIRST < limit ? BLOCK_FIRST : limit);
    if (arena->block == NULL) {
        mem_free(arena);
        return NULL;
    }
    return arena;
}

static void free_older(struct block *block)
{
    while (block != NULL) {
        struct block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    free_older(arena->block);
    mem_free(arena);
}

void arena_reset(struct arena *arena)
{
    struct block *first = arena->block;
    while (first->older != NULL) {
        struct block *older = first->older;
        free(first);
        first = older;
    }
    first->used = 0;
    arena->block = first;
    arena->total = first->size;
}

static char *take(struct arena *arena, size_t size, size_t align)
{
    struct block *block = arena->block;
    size_t at = (block->used + align - 1) & ~(align - 1);
    if (at > block->size || size > block->size - at) {
        size_t next = block->size * 2 > BLOCK_MOST ? BLOCK_MOST : block->size * 2;
        struct block *fresh = block_new(arena, size > next ? size : next);
        if (fresh == NULL && next > size) { /* near the limit: just what is needed */
            fresh = block_new(arena, size);
        }
        if (fresh == NULL) {
            return NULL;
        }
        fresh->older = block;
        arena->block = fresh;
        block = fresh;
        at = 0;
    }
    block->used = at + size;
    return block->data + at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    char *ptr = take(arena, size, _Alignof(max_align_t));
    if (ptr != NULL) {
        memset(ptr, 0, size);
    }
    return ptr;
}

char *arena_chars(struct arena *arena, size_t size)
{
    return take(arena, size, 1);
}

struct bytes arena_dup(struct arena *arena, struct bytes b)
{
    if (b.ptr == NULL) {
        return BYTES_NONE;
    }
    char *copy = b.len == SIZE_MAX ? NULL : arena_chars(arena, b.len + 1);
    if (copy == NULL) {
        return BYTES_NONE;
    }
    memcpy(copy, b.ptr, b.len);
    copy[b.len] = '\0';
    return (struct bytes){copy, b.len};
}

struct bytes arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : arena_chars(arena, (size_t)length + 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text == NULL ? BYTES_NONE : (struct bytes){text, (size_t)length};
}

size_t arena_used(const struct arena *arena)
{
    return arena->total;
}
