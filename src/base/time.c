/* SPDX-License-Identifier: Apache-2.0
 * Calendar arithmetic (proleptic Gregorian, UTC, no leap seconds) and oneM2M time texts.
 * TS-0004 6.3.3, Table 6.3.3-1. */
#include "base/time.h"

#include <string.h>

/* What four digits of a year can say: 00010101T000000 to 99991231T235959,999999. */
#define USEC_FIRST (INT64_C(-62135596800) * USEC_PER_SEC)
#define USEC_LAST (INT64_C(253402300800) * USEC_PER_SEC - 1)

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400 };

/* Days since 1970-01-01 of a civil date; years begin in March inside (the usual era method). */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / YEARS_PER_ERA;
    int64_t year_of_era = year - era * YEARS_PER_ERA;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil_time civil_from_usec(int64_t usec)
{
    int64_t seconds = floor_div(usec, USEC_PER_SEC);
    int64_t days = floor_div(seconds, 86400);
    int64_t rest = seconds - days * 86400;
    int64_t z = days + 719468;
    int64_t era = floor_div(z, DAYS_PER_ERA);
    int64_t doe = z - era * DAYS_PER_ERA;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct civil_time t;
    t.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    t.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    t.year = (int)(yoe + era * YEARS_PER_ERA + (t.month <= 2));
    t.hour = (int)(rest / 3600);
    t.minute = (int)(rest / 60 % 60);
    t.second = (int)(rest % 60);
    t.weekday = (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    t.microsecond = (int)(usec - seconds * USEC_PER_SEC);
    return t;
}

static bool digits(struct bytes text, size_t from, size_t count, int *ret_number)
{
    int number = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        number = number * 10 + (text.ptr[i] - '0');
    }
    *ret_number = number;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

status timestamp_parse(struct bytes text, int64_t *ret_usec)
{
    int year, month, day, hour, minute, second, fraction = 0;
    ENSURE(text.len == 15 || (text.len >= 17 && text.len <= 22), SYNTAX,
           "timestamp has a wrong length");
    ENSURE(digits(text, 0, 4, &year) && digits(text, 4, 2, &month) && digits(text, 6, 2, &day) &&
               text.ptr[8] == 'T' && digits(text, 9, 2, &hour) && digits(text, 11, 2, &minute) &&
               digits(text, 13, 2, &second),
           SYNTAX, "timestamp is not YYYYMMDDThhmmss");
    ENSURE(year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
               day <= days_in_month(year, month) && hour <= 23 && minute <= 59 && second <= 59,
           SYNTAX, "timestamp names no real moment");
    if (text.len > 15) {
        size_t count = text.len - 16;
        ENSURE(text.ptr[15] == ',' && digits(text, 16, count, &fraction), SYNTAX,
               "bad fraction in timestamp");
        for (; count < 6; count++) {
            fraction *= 10;
        }
    }
    int64_t seconds =
        days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *ret_usec = seconds * USEC_PER_SEC + fraction;
    return OK;
}

static char *put(char *at, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + count;
}

size_t timestamp_format(int64_t usec, bool with_fraction, char ret_text[TIMESTAMP_SIZE])
{
    usec = usec < USEC_FIRST ? USEC_FIRST : usec > USEC_LAST ? USEC_LAST : usec;
    struct civil_time t = civil_from_usec(usec);
    char *at = ret_text;
    at = put(at, t.year, 4);
    at = put(at, t.month, 2);
    at = put(at, t.day, 2);
    *at++ = 'T';
    at = put(at, t.hour, 2);
    at = put(at, t.minute, 2);
    at = put(at, t.second, 2);
    if (with_fraction) {
        *at++ = ',';
        at = put(at, t.microsecond, 6);
    }
    *at = '\0';
    return (size_t)(at - ret_text);
}

status timestamp_parse_abs_rel(struct bytes text, int64_t now_usec, int64_t *ret_usec)
{
    int64_t milliseconds;
    if (bytes_find(text, 'T') < text.len) {
        return timestamp_parse(text, ret_usec);
    }
    TRY(bytes_to_i64(text, &milliseconds));
    ENSURE(milliseconds > -(INT64_MAX / 4000) && milliseconds < INT64_MAX / 4000, SYNTAX,
           "relative time out of range");
    int64_t usec = now_usec + milliseconds * USEC_PER_MSEC;
    ENSURE(usec >= USEC_FIRST && usec <= USEC_LAST, SYNTAX, "relative time out of range");
    *ret_usec = usec;
    return OK;
}

/* The units of xs:duration after the 'T' and before it; zero ends. */
struct duration_unit {
    char letter;
    int64_t seconds;
};
static const struct duration_unit day_units[] = {{'D', 86400}, {0, 0}};
static const struct duration_unit time_units[] = {{'H', 3600}, {'M', 60}, {'S', 1}, {0, 0}};

/* One number and its letter off the front of *rest; letters must come in order. */
static status duration_part(struct bytes *rest, const struct duration_unit **units, int64_t *usec)
{
    size_t number_len = 0;
    double number;
    while (number_len < rest->len &&
           ((rest->ptr[number_len] >= '0' && rest->ptr[number_len] <= '9') ||
            rest->ptr[number_len] == '.')) {
        number_len++;
    }
    ENSURE(number_len > 0 && number_len < rest->len && number_len < 16, SYNTAX, "bad duration");
    ENSURE(rest->ptr[0] != '.' && rest->ptr[number_len - 1] != '.', SYNTAX, "bad duration");
    TRY(bytes_to_double(bytes_slice(*rest, 0, number_len), &number));
    while ((*units)->letter != 0 && (*units)->letter != rest->ptr[number_len]) {
        (*units)++;
    }
    ENSURE((*units)->letter != 0, SYNTAX, "unknown unit in duration");
    bool whole = bytes_find(bytes_slice(*rest, 0, number_len), '.') == number_len;
    ENSURE(whole || (*units)->letter == 'S', SYNTAX, "fraction in duration");
    double part = number * (double)(*units)->seconds * 1e6;
    ENSURE(part < 1e17, SYNTAX, "duration out of range");
    *usec += (int64_t)part;
    (*units)++;
    *rest = bytes_from(*rest, number_len + 1);
    return OK;
}

status duration_parse(struct bytes text, int64_t *ret_usec)
{
    int64_t usec = 0;
    const struct duration_unit *units = day_units;
    ENSURE(text.len >= 3 && text.ptr[0] == 'P', SYNTAX, "duration does not begin with P");
    struct bytes rest = bytes_from(text, 1);
    while (rest.len > 0 && rest.ptr[0] != 'T') {
        TRY(duration_part(&rest, &units, &usec));
    }
    if (rest.len > 0) {
        rest = bytes_from(rest, 1);
        units = time_units;
        ENSURE(rest.len > 0, SYNTAX, "duration ends with T");
        while (rest.len > 0) {
            TRY(duration_part(&rest, &units, &usec));
        }
    }
    *ret_usec = usec;
    return OK;
}
