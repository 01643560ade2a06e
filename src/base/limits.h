/* SPDX-License-Identifier: Apache-2.0
 * Every count or size that a peer can raise: one row each in limits.def, with a default and a
 * configuration key ("limits.<key>"). */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include "base/bytes.h"

struct limits {
#define LIMIT_ROW(field, key, default_value, text) uint64_t field;
#include "base/limits.def"
#undef LIMIT_ROW
};

struct limit_row {
    const char *key;  /* configuration key below "limits." */
    const char *text; /* one line for --print-defaults */
    uint64_t default_value;
    size_t offset; /* of the field in struct limits */
};

extern const struct limit_row limit_rows[];
extern const size_t limit_row_count;

void limits_init(struct limits *limits); /* all defaults */
/* NOT_FOUND for an unknown key. */
status limits_set(struct limits *limits, struct bytes key, uint64_t value);
uint64_t limits_get(const struct limits *limits, const struct limit_row *row);

#endif
