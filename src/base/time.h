/* SPDX-License-Identifier: Apache-2.0
 * Time values: microseconds since 1970-01-01T00:00:00Z, and their oneM2M text.
 * TS-0004 6.3.3 (m2m:timestamp, m2m:absRelTimestamp), xs:duration. No clock here: see sys. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/mem.h"

#define USEC_PER_MSEC INT64_C(1000)
#define USEC_PER_SEC INT64_C(1000000)

struct civil_time {
    int year, month, day; /* month 1-12, day 1-31 */
    int hour, minute, second;
    int weekday; /* 0 = Sunday */
    int microsecond;
};

/* "YYYYMMDDThhmmss" with optional ",f{1,6}": SYNTAX otherwise, impossible dates included. */
status timestamp_parse(struct bytes text, int64_t *ret_usec);
/* Writes 15 characters, or 22 with the fraction when with_fraction, and a NUL. What lies outside
 * the years 1 to 9999 is written as the nearest moment inside. */
#define TIMESTAMP_SIZE 24
size_t timestamp_format(int64_t usec, bool with_fraction, char ret_text[TIMESTAMP_SIZE]);
/* A timestamp, or decimal milliseconds relative to now, within the years 1 to 9999. */
status timestamp_parse_abs_rel(struct bytes text, int64_t now_usec, int64_t *ret_usec);
struct civil_time civil_from_usec(int64_t usec);
/* xs:duration without year and month parts, in microseconds; SYNTAX for others. */
status duration_parse(struct bytes text, int64_t *ret_usec);

#endif
