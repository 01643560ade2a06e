/* SPDX-License-Identifier: Apache-2.0
 * Extended crontab entries: seven fields, each a set of values, all to be met in UTC.
 * TS-0004 7.4.9.1 (m2m:scheduleEntry), TS-0003 7.1.3 (accessControlWindow). */
#include <string.h>

#include "sec/authz/authz_int.h"

/* A year field is a list, the others are bitmaps. A longer list would only slow decisions. */
#define YEARS_MAX 64
#define LONGEST_ENTRY 2048

enum window_field {
    FIELD_SECOND = 0,
    FIELD_MINUTE,
    FIELD_HOUR,
    FIELD_DAY,
    FIELD_MONTH,
    FIELD_WEEKDAY,
    FIELD_YEAR,
    FIELD_COUNT
};

/* TS-0004 Table 7.4.9.1-4 */
static const struct {
    const char *name;
    uint16_t first, last;
} fields[FIELD_COUNT] = {
    [FIELD_SECOND] = {"second", 0, 59},  [FIELD_MINUTE] = {"minute", 0, 59},
    [FIELD_HOUR] = {"hour", 0, 23},      [FIELD_DAY] = {"day of the month", 1, 31},
    [FIELD_MONTH] = {"month", 1, 12},    [FIELD_WEEKDAY] = {"day of the week", 0, 6},
    [FIELD_YEAR] = {"year", 2000, 9999},
};

/* What the fields of one entry say. */
struct window_values {
    uint64_t bits[FIELD_YEAR];
    struct authz_years years[YEARS_MAX];
    uint32_t year_count;
};

static status parse_number(enum window_field field, struct bytes text, uint16_t *ret_number)
{
    uint64_t number = 0;
    bool is_number = is_ok(bytes_to_u64(text, &number));
    ENSURE(is_number && number >= fields[field].first && number <= fields[field].last, BAD_REQUEST,
           "window: %s \"%.*s\" is not within %u-%u", fields[field].name, BYTES_FMT(text),
           fields[field].first, fields[field].last);
    *ret_number = (uint16_t)number;
    return OK;
}

/* number, a-b, a-b/step, "*" or "*" followed by a step */
static status parse_element(enum window_field field, struct bytes element,
                            struct authz_years *ret_range)
{
    struct bytes step = element;
    struct bytes range = bytes_cut(&step, '/');
    struct bytes last = range;
    struct bytes first = bytes_cut(&last, '-');
    struct authz_years parsed = {.step = 1};
    bool is_star = bytes_is(range, "*");
    if (is_star) {
        parsed.first = fields[field].first;
        parsed.last = fields[field].last;
    } else {
        TRY(parse_number(field, first, &parsed.first));
        parsed.last = parsed.first;
        if (last.ptr != NULL) {
            TRY(parse_number(field, last, &parsed.last));
        }
    }
    ENSURE(parsed.first <= parsed.last, BAD_REQUEST, "window: %s \"%.*s\" runs backwards",
           fields[field].name, BYTES_FMT(element));
    if (step.ptr != NULL) {
        uint64_t interval = 0;
        ENSURE((is_star || last.ptr != NULL) && is_ok(bytes_to_u64(step, &interval)) &&
                   interval > 0,
               BAD_REQUEST, "window: step of %s \"%.*s\"", fields[field].name, BYTES_FMT(element));
        parsed.step = interval > UINT16_MAX ? UINT16_MAX : (uint16_t)interval;
    }
    *ret_range = parsed;
    return OK;
}

static status add_range(enum window_field field, struct authz_years range,
                        struct window_values *values)
{
    if (field == FIELD_YEAR) {
        ENSURE(values->year_count < YEARS_MAX, LIMIT, "window: more than %d years", YEARS_MAX);
        values->years[values->year_count++] = range;
        return OK;
    }
    for (unsigned value = range.first; value <= range.last; value += range.step) {
        values->bits[field] |= UINT64_C(1) << value;
    }
    return OK;
}

static status parse_field(enum window_field field, struct bytes text, struct window_values *values)
{
    struct bytes rest = text;
    do {
        struct bytes element = bytes_cut(&rest, ',');
        /* A list holds elements; the plain asterisk stands instead of a list. */
        ENSURE(!bytes_is(element, "*") || text.len == 1, BAD_REQUEST,
               "window: %s \"%.*s\" mixes * with others", fields[field].name, BYTES_FMT(text));
        struct authz_years range = {0};
        TRY(parse_element(field, element, &range));
        TRY(add_range(field, range, values));
    } while (rest.ptr != NULL);
    return OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static status parse_entry(struct bytes entry, struct window_values *values)
{
    ENSURE(entry.len <= LONGEST_ENTRY, LIMIT, "window of %zu octets", entry.len);
    size_t at = 0;
    for (unsigned field = 0; field < FIELD_COUNT; field++) {
        while (at < entry.len && is_blank(entry.ptr[at])) {
            at++;
        }
        size_t begin = at;
        while (at < entry.len && !is_blank(entry.ptr[at])) {
            at++;
        }
        TRY(parse_field((enum window_field)field, bytes_slice(entry, begin, at - begin), values));
    }
    ENSURE(bytes_trim(bytes_from(entry, at)).len == 0, BAD_REQUEST,
           "window \"%.*s\" has more than seven fields", BYTES_FMT(entry));
    return OK;
}

status authz_window_check(struct bytes schedule_entry)
{
    struct window_values values = {.year_count = 0};
    return parse_entry(schedule_entry, &values);
}

status authz_window_compile(struct bytes entry, struct arena *arena,
                            struct authz_window *ret_window)
{
    struct window_values values = {.year_count = 0};
    TRY(parse_entry(entry, &values));
    struct authz_years *years = ARENA_ARRAY(arena, struct authz_years, values.year_count);
    ENSURE(years != NULL, NO_MEMORY, "window");
    memcpy(years, values.years, values.year_count * sizeof(years[0]));
    *ret_window = (struct authz_window){
        .seconds = values.bits[FIELD_SECOND],
        .minutes = values.bits[FIELD_MINUTE],
        .hours = (uint32_t)values.bits[FIELD_HOUR],
        .days = (uint32_t)values.bits[FIELD_DAY],
        .months = (uint16_t)values.bits[FIELD_MONTH],
        .weekdays = (uint8_t)values.bits[FIELD_WEEKDAY],
        .year_count = values.year_count,
        .years = years,
    };
    return OK;
}

static bool has_bit(uint64_t bits, int value)
{
    return (bits >> value & 1) != 0;
}

bool authz_window_match(const struct authz_window *window, const struct civil_time *time)
{
    if (!has_bit(window->seconds, time->second) || !has_bit(window->minutes, time->minute) ||
        !has_bit(window->hours, time->hour) || !has_bit(window->days, time->day) ||
        !has_bit(window->months, time->month) || !has_bit(window->weekdays, time->weekday)) {
        return false;
    }
    for (uint32_t i = 0; i < window->year_count; i++) {
        const struct authz_years *years = &window->years[i];
        if (time->year >= years->first && time->year <= years->last &&
            (time->year - years->first) % years->step == 0) {
            return true;
        }
    }
    return false;
}
