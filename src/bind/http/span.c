/* SPDX-License-Identifier: Apache-2.0
 * A text of a message that may arrive in pieces: borrowed while it can be, kept when the bytes
 * being read go away. A text that is interrupted is a folded line: RFC 9112 5.2 lets us refuse it.
 */
#include "bind/http/http_int.h"

/* The next piece continues a text if it stands right behind the one before: in the same bytes, or
 * at the start of the next ones when the last piece reached the end of its own. */
static bool continues(const struct http_span *span, struct bytes piece, struct bytes reading)
{
    if (span->text.ptr == NULL) {
        return true;
    }
    if (span->piece.ptr == NULL) {
        return span->was_cut && piece.ptr == reading.ptr;
    }
    return piece.ptr == span->piece.ptr + span->piece.len;
}

bool http_span_add(struct http_span *span, struct bytes piece, struct bytes reading)
{
    if (!continues(span, piece, reading)) {
        return false;
    }
    if (span->text.ptr == NULL) {
        span->text = piece;
    } else if (span->is_kept) {
        buf_add(&span->kept, piece);
        span->text = buf_bytes(&span->kept);
    } else {
        span->text.len += piece.len;
    }
    span->piece = piece;
    return is_ok(buf_check(&span->kept));
}

bool http_span_keep(struct http_span *span, struct bytes reading)
{
    if (span->text.ptr == NULL) {
        return true;
    }
    if (span->piece.ptr != NULL) { /* NULL: nothing of it came this time; as it was */
        span->was_cut = span->piece.ptr + span->piece.len == reading.ptr + reading.len;
        span->piece = BYTES_NONE;
    }
    if (!span->is_kept) {
        buf_clear(&span->kept);
        buf_add(&span->kept, span->text);
        if (buf_reserve(&span->kept, 1) == NULL) { /* an empty text still has an address */
            return false;
        }
        span->is_kept = true;
        span->text = buf_bytes(&span->kept);
    }
    return is_ok(buf_check(&span->kept));
}

void http_span_clear(struct http_span *span)
{
    buf_clear(&span->kept);
    span->text = BYTES_NONE;
    span->piece = BYTES_NONE;
    span->is_kept = false;
    span->was_cut = false;
}
