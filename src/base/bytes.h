/* SPDX-License-Identifier: Apache-2.0
 * Borrowed bytes: a pointer and a length, never owned, never NUL-terminated by promise. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct bytes {
    const char *ptr; /* NULL only with len 0: "absent" where a field may be absent */
    size_t len;
};

#define BYTES(literal) ((struct bytes){(literal), sizeof(literal) - 1})
#define BYTES_NONE ((struct bytes){NULL, 0})
/* For printf's "%.*s". */
#define BYTES_FMT(b) (int)(b).len, ((b).ptr == NULL ? "" : (b).ptr)

/* Borrow a C string of our own (never wire data); NULL gives BYTES_NONE. */
struct bytes bytes_str(const char *string);
struct bytes bytes_of(const void *ptr, size_t len);
/* The sub-range [from, from+len), clipped to b. */
struct bytes bytes_slice(struct bytes b, size_t from, size_t len);
struct bytes bytes_from(struct bytes b, size_t from);

bool bytes_equal(struct bytes a, struct bytes b);
/* Equal to a C string of our own. */
bool bytes_is(struct bytes a, const char *string);
/* Time depends on the lengths only. */
bool bytes_equal_secret(struct bytes a, struct bytes b);
bool bytes_equal_nocase(struct bytes a, struct bytes b); /* ASCII case */
bool bytes_starts_with(struct bytes b, struct bytes prefix);
bool bytes_ends_with(struct bytes b, struct bytes suffix);
int bytes_compare(struct bytes a, struct bytes b); /* lexicographic, <0 0 >0 */
/* Index of the first c, or b.len. */
size_t bytes_find(struct bytes b, char c);
size_t bytes_find_last(struct bytes b, char c); /* or b.len when absent */
bool bytes_contains(struct bytes b, struct bytes needle);
/* Index of the first needle, or b.len. */
size_t bytes_find_text(struct bytes b, struct bytes needle);
/* Whether text is of pattern's form, in which '*' stands for any run of octets and everything else
 * for itself. Time grows with the lengths, not with their product. */
bool bytes_glob(struct bytes pattern, struct bytes text);
struct bytes bytes_trim(struct bytes b); /* blanks and tabs at both ends */
/* Cut *rest at the first c: returns what stood before it and moves *rest behind it. Without c
 * returns all and leaves *rest absent (ptr NULL). */
struct bytes bytes_cut(struct bytes *rest, char c);

/* Whole input is a decimal number without sign or leading '+': SYNTAX otherwise or on overflow. */
status bytes_to_u64(struct bytes b, uint64_t *ret_value);
/* The same with an optional '-'. */
status bytes_to_i64(struct bytes b, int64_t *ret_value);
/* Decimal, with optional sign, point and exponent, at most 1023 octets, finite; any locale. */
status bytes_to_double(struct bytes b, double *ret_value);

bool bytes_is_utf8(struct bytes b);  /* strict: no surrogates, no overlong forms, <= U+10FFFF */
uint64_t bytes_hash(struct bytes b); /* keyed with a per-process random key */

/* Overwrites in a way that the compiler keeps. */
void wipe(void *ptr, size_t len);

#endif
