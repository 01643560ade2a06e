/* SPDX-License-Identifier: Apache-2.0
 * The growing buffer. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){.limit = limit};
}

void buf_fini(struct buf *buf)
{
    if (buf == NULL) {
        return;
    }
    mem_free(buf->ptr);
    *buf = (struct buf){.limit = buf->limit};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = STATUS_OK;
}

/* Makes room for n more octets of memory, whatever the limit says. */
static bool grow(struct buf *buf, size_t n)
{
    size_t cap = buf->cap < 256 ? 256 : buf->cap;
    if (n <= buf->cap - buf->len) {
        return true;
    }
    while (cap - buf->len < n && cap <= SIZE_MAX / 2) {
        cap *= 2;
    }
    char *ptr = cap - buf->len < n ? NULL : mem_resize(buf->ptr, cap);
    if (ptr == NULL) {
        buf->failed = STATUS_NO_MEMORY;
        return false;
    }
    buf->ptr = ptr;
    buf->cap = cap;
    return true;
}

static bool fits(struct buf *buf, size_t n)
{
    if (buf->failed == STATUS_OK && (n > buf->limit || buf->len > buf->limit - n)) {
        buf->failed = STATUS_LIMIT;
    }
    return buf->failed == STATUS_OK;
}

char *buf_reserve(struct buf *buf, size_t n)
{
    return fits(buf, n) && grow(buf, n) ? buf->ptr + buf->len : NULL;
}

void buf_add(struct buf *buf, struct bytes b)
{
    char *at = buf_reserve(buf, b.len);
    if (at != NULL && b.len > 0) {
        memcpy(at, b.ptr, b.len);
        buf->len += b.len;
    }
}

void buf_add_char(struct buf *buf, char c)
{
    char *at = buf_reserve(buf, 1);
    if (at != NULL) {
        *at = c;
        buf->len++;
    }
}

void buf_add_str(struct buf *buf, const char *string)
{
    buf_add(buf, bytes_str(string));
}

void buf_add_u64(struct buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    buf_add(buf, bytes_of(digits + at, sizeof(digits) - at));
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    if (value < 0) {
        buf_add_char(buf, '-');
        buf_add_u64(buf, 0 - (uint64_t)value);
        return;
    }
    buf_add_u64(buf, (uint64_t)value);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && fits(buf, (size_t)length) && grow(buf, (size_t)length + 1)) {
        (void)vsnprintf(buf->ptr + buf->len, (size_t)length + 1, format, again);
        buf->len += (size_t)length;
    }
    va_end(again);
}

void buf_consume(struct buf *buf, size_t n)
{
    must(n <= buf->len);
    buf->len -= n;
    if (n > 0 && buf->len > 0) {
        memmove(buf->ptr, buf->ptr + n, buf->len);
    }
}

status buf_check(const struct buf *buf)
{
    if (buf->failed == STATUS_OK) {
        return OK;
    }
    return status_fail(buf->failed, __FILE__, __LINE__, "buffer of at most %zu octets", buf->limit);
}

struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->ptr == NULL ? "" : buf->ptr, buf->len};
}
