/* SPDX-License-Identifier: Apache-2.0
 * A growing buffer, born with its limit. Errors are sticky: append much, check once. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/mem.h"

struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t limit;
    enum status_code failed; /* STATUS_OK, STATUS_LIMIT or STATUS_NO_MEMORY */
};

void buf_init(struct buf *buf, size_t limit);
void buf_fini(struct buf *buf);  /* accepts NULL and zeroed memory; safe twice */
void buf_clear(struct buf *buf); /* keeps the memory; clears the error */
void buf_add(struct buf *buf, struct bytes b);
void buf_add_char(struct buf *buf, char c);
void buf_add_str(struct buf *buf, const char *string);
void buf_add_u64(struct buf *buf, uint64_t value);
void buf_add_i64(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes at ptr+len, to be filled by the caller who then adds to len; NULL when
 * the buffer has failed. */
char *buf_reserve(struct buf *buf, size_t n);
/* Drop the first n bytes. */
void buf_consume(struct buf *buf, size_t n);
/* OK, LIMIT or NO_MEMORY: whether everything appended is in. */
status buf_check(const struct buf *buf);
struct bytes buf_bytes(const struct buf *buf); /* borrows until the next change */

#endif
