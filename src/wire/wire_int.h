/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room wire share: the reader's state and the steps each format writes.
 * RFC 8259, RFC 8949. */
#ifndef WIRE_WIRE_INT_H
#define WIRE_WIRE_INT_H

#include "wire/wire.h"

/* An object or array that is open. */
struct wire_frame {
    uint64_t left;   /* members still to come, when CBOR said how many */
    uint32_t count;  /* members so far */
    bool object;     /* else array */
    bool indefinite; /* closed by a mark, not by left */
};

enum wire_state {
    WIRE_STATE_VALUE, /* a value must come: the root, or after a name */
    WIRE_STATE_FIRST, /* a container was opened */
    WIRE_STATE_AFTER, /* a value in a container ended */
    WIRE_STATE_DONE   /* the root value ended */
};

struct wire_reader {
    const char *start, *at, *end;
    struct wire_limits limits;
    struct arena *arena;
    struct wire_frame *frames; /* limits.depth of them */
    uint32_t depth;            /* frames in use */
    uint32_t values;           /* read so far */
    enum wire_state state;
    enum wire_format format;
    enum status_code failed;
};

status wire_json_next(struct wire_reader *r, struct wire_token *ret_token);
status wire_cbor_next(struct wire_reader *r, struct wire_token *ret_token);

/* Called for each value before it is read: keeps limits.values and limits.members. */
status wire_reader_count(struct wire_reader *r);
/* A container begins or ends; yields its token. */
status wire_reader_open(struct wire_reader *r, bool object, struct wire_token *ret_token);
void wire_reader_close(struct wire_reader *r, struct wire_token *ret_token);

static inline struct wire_frame *wire_reader_top(struct wire_reader *r)
{
    return r->depth == 0 ? NULL : &r->frames[r->depth - 1];
}

/* A scalar ended. */
static inline void wire_reader_after(struct wire_reader *r)
{
    r->state = r->depth == 0 ? WIRE_STATE_DONE : WIRE_STATE_AFTER;
}

/* The string whose opening quote was just passed; leaves r->at behind the closing one. Borrows
 * from the input when nothing is escaped. */
status wire_json_string(struct wire_reader *r, struct bytes *ret_string);
/* The number at r->at. */
status wire_json_number(struct wire_reader *r, struct wire_value *ret_value);

/* The shortest decimal form that reads back as the same double (one digit more at some powers of
 * two), always with '.' or 'e' in it. real must be finite. */
#define WIRE_REAL_SIZE 32
size_t wire_real_format(double real, char ret_text[WIRE_REAL_SIZE]);

/* Eight octets at once. */
#define WIRE_EACH_OCTET(c) (UINT64_C(0x0101010101010101) * (c))

/* Not 0 exactly when an octet of the word is zero. */
static inline uint64_t wire_zero_octets(uint64_t word)
{
    return (word - WIRE_EACH_OCTET(1)) & ~word & WIRE_EACH_OCTET(0x80);
}

/* Is there a quote, a backslash or a control character among these eight octets? */
static inline bool wire_json_special(uint64_t word)
{
    uint64_t control = (word - WIRE_EACH_OCTET(0x20)) & ~word & WIRE_EACH_OCTET(0x80);
    return (control | wire_zero_octets(word ^ WIRE_EACH_OCTET('"')) |
            wire_zero_octets(word ^ WIRE_EACH_OCTET('\\'))) != 0;
}

void wire_json_write(const struct wire_value *value, struct buf *out);
void wire_cbor_write(const struct wire_value *value, struct buf *out);
/* "string", escaped; invalid UTF-8 fails the buffer. */
void wire_json_write_string(struct bytes string, struct buf *out);
/* A scalar of any kind but STRING. */
void wire_json_write_plain(const struct wire_value *value, struct buf *out);
void wire_buf_fail(struct buf *out, enum status_code code);

#endif
