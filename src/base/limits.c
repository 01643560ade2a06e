/* SPDX-License-Identifier: Apache-2.0
 * The table of limits. */
#include "base/limits.h"

#include <string.h>

const struct limit_row limit_rows[] = {
#define LIMIT_ROW(field, key, default_value, text)                                                 \
    {key, text, default_value, offsetof(struct limits, field)},
#include "base/limits.def"
#undef LIMIT_ROW
};
const size_t limit_row_count = ARRAY_LEN(limit_rows);

static void set(struct limits *limits, const struct limit_row *row, uint64_t value)
{
    memcpy((char *)limits + row->offset, &value, sizeof(value));
}

void limits_init(struct limits *limits)
{
    for (size_t i = 0; i < limit_row_count; i++) {
        set(limits, &limit_rows[i], limit_rows[i].default_value);
    }
}

status limits_set(struct limits *limits, struct bytes key, uint64_t value)
{
    for (size_t i = 0; i < limit_row_count; i++) {
        if (bytes_is(key, limit_rows[i].key)) {
            set(limits, &limit_rows[i], value);
            return OK;
        }
    }
    FAIL(NOT_FOUND, "no limit is called %.*s", BYTES_FMT(key));
}

uint64_t limits_get(const struct limits *limits, const struct limit_row *row)
{
    uint64_t value;
    memcpy(&value, (const char *)limits + row->offset, sizeof(value));
    return value;
}
