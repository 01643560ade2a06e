/* SPDX-License-Identifier: Apache-2.0
 * Numbers in JSON: read exactly, written in their shortest form. RFC 8259 clause 6. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "wire/wire_int.h"

/* Powers of ten that a double holds exactly. */
static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { EXACT_POWER_MOST = 22 };
#define EXACT_INTEGER_MOST (UINT64_C(1) << 53)

/* A number taken apart. */
struct parts {
    uint64_t digits; /* all digits, the point left out */
    bool overflow;   /* they do not fit */
    bool negative;
    bool whole;       /* neither fraction nor exponent */
    int64_t exponent; /* of ten, to multiply digits with */
};

/* One or more decimal digits. */
static status read_digits(struct wire_reader *r, struct parts *parts, size_t *ret_count)
{
    const char *start = r->at;
    ENSURE(r->at < r->end, TRUNCATED, "JSON ends in a number");
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        uint64_t digit = (uint64_t)(*r->at - '0');
        parts->overflow |= parts->digits > (UINT64_MAX - digit) / 10;
        parts->digits = parts->digits * 10 + digit;
        r->at++;
    }
    *ret_count = (size_t)(r->at - start);
    ENSURE(*ret_count > 0, SYNTAX, "not a JSON value at octet %zu", wire_reader_offset(r));
    return OK;
}

static status read_exponent(struct wire_reader *r, int64_t *ret_exponent)
{
    struct parts parts = {0};
    size_t count;
    r->at++;
    ENSURE(r->at < r->end, TRUNCATED, "JSON ends in a number");
    bool negative = *r->at == '-';
    if (*r->at == '-' || *r->at == '+') {
        r->at++;
    }
    TRY(read_digits(r, &parts, &count));
    int64_t exponent = parts.overflow || parts.digits > 100000 ? 100000 : (int64_t)parts.digits;
    *ret_exponent = negative ? -exponent : exponent;
    return OK;
}

static status read_parts(struct wire_reader *r, struct parts *parts)
{
    size_t count;
    if (*r->at == '-') {
        parts->negative = true;
        r->at++;
    }
    bool zero = r->at < r->end && *r->at == '0';
    TRY(read_digits(r, parts, &count));
    ENSURE(!zero || count == 1, SYNTAX, "number with a leading zero");
    parts->whole = true;
    if (r->at < r->end && *r->at == '.') {
        parts->whole = false;
        r->at++;
        TRY(read_digits(r, parts, &count));
        parts->exponent = -(int64_t)count;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        int64_t exponent;
        parts->whole = false;
        TRY(read_exponent(r, &exponent));
        parts->exponent += exponent;
    }
    return OK;
}

/* Exact when the digits and the power of ten both are: one rounding, as IEEE 754 wants. */
static bool quick_real(const struct parts *parts, double *ret_real)
{
    if (parts->overflow || parts->digits > EXACT_INTEGER_MOST ||
        parts->exponent > EXACT_POWER_MOST || parts->exponent < -EXACT_POWER_MOST) {
        return false;
    }
    double real = (double)parts->digits;
    real = parts->exponent < 0 ? real / exact_powers[-parts->exponent]
                               : real * exact_powers[parts->exponent];
    *ret_real = parts->negative ? -real : real;
    return true;
}

static status to_integer(const struct parts *parts, struct wire_value *ret_value)
{
    uint64_t most = (uint64_t)INT64_MAX + (parts->negative ? 1U : 0U);
    ENSURE(!parts->overflow && (!parts->negative || parts->digits <= most), SYNTAX,
           "integer beyond 64 bits");
    if (parts->digits > most) {
        ret_value->kind = WIRE_UINT;
        ret_value->unsigned_integer = parts->digits;
        return OK;
    }
    ret_value->kind = WIRE_INT;
    ret_value->integer = parts->negative ? (int64_t)(0 - parts->digits) : (int64_t)parts->digits;
    return OK;
}

status wire_json_number(struct wire_reader *r, struct wire_value *ret_value)
{
    struct parts parts = {0};
    double real;
    const char *start = r->at;
    TRY(read_parts(r, &parts));
    if (parts.whole) {
        return to_integer(&parts, ret_value);
    }
    if (!quick_real(&parts, &real)) {
        TRY(bytes_to_double(bytes_of(start, (size_t)(r->at - start)), &real));
        ENSURE(isfinite(real), SYNTAX, "number beyond a double");
    }
    ret_value->kind = WIRE_REAL;
    ret_value->real = real;
    return OK;
}

/* Up to this size the product below is less than half off, so that rounding finds the digits. */
#define QUICK_DIGITS_MOST 1e15

static char *put_digits(uint64_t digits, char *end)
{
    do {
        *--end = (char)('0' + digits % 10);
        digits /= 10;
    } while (digits != 0);
    return end;
}

/* digits / 10^decimals as text. */
static size_t format_decimal(uint64_t digits, unsigned decimals, bool negative, char *ret_text)
{
    char space[24];
    char *end = space + sizeof(space);
    char *from = put_digits(digits, end);
    while (end - from <= (ptrdiff_t)decimals) { /* at least one digit before the point */
        *--from = '0';
    }
    size_t whole = (size_t)(end - from) - decimals;
    char *to = ret_text;
    if (negative) {
        *to++ = '-';
    }
    memcpy(to, from, whole);
    to += whole;
    *to++ = '.';
    if (decimals == 0) {
        *to++ = '0';
    }
    memcpy(to, from + whole, decimals);
    to += decimals;
    return (size_t)(to - ret_text);
}

static bool is_everyday(double size)
{
    return size < QUICK_DIGITS_MOST && (size == 0 || size >= 1e-5);
}

/* Fewest decimals that read back equal, for numbers of everyday size; 0 when fifteen digits are not
 * enough. */
static size_t quick_format(double real, char *ret_text)
{
    double size = fabs(real);
    for (unsigned decimals = 0; decimals <= 20; decimals++) {
        double digits = nearbyint(size * exact_powers[decimals]);
        if (digits > QUICK_DIGITS_MOST) {
            return 0;
        }
        if (digits / exact_powers[decimals] == size) {
            return format_decimal((uint64_t)digits, decimals, signbit(real) != 0, ret_text);
        }
    }
    return 0;
}

/* What printf made, with a point whatever the locale says, and marked as a real number. */
static size_t normalize(char *text, size_t length)
{
    bool marked = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ',') {
            text[i] = '.';
        }
        marked |= text[i] == '.' || text[i] == 'e';
    }
    if (!marked) {
        text[length++] = '.';
        text[length++] = '0';
    }
    return length;
}

static bool reads_back(const char *text, size_t length, double real)
{
    double again = 0;
    return is_ok(bytes_to_double(bytes_of(text, length), &again)) && again == real;
}

size_t wire_real_format(double real, char ret_text[WIRE_REAL_SIZE])
{
    bool everyday = is_everyday(fabs(real));
    size_t length = everyday ? quick_format(real, ret_text) : 0;
    for (int precision = everyday ? 16 : 15; length == 0; precision++) {
        int printed = snprintf(ret_text, WIRE_REAL_SIZE, "%.*g", precision, real);
        must(printed > 0 && printed < WIRE_REAL_SIZE - 2);
        length = normalize(ret_text, (size_t)printed);
        if (precision < 17 && !reads_back(ret_text, length, real)) { /* 17 digits always do */
            length = 0;
        }
    }
    return length;
}
