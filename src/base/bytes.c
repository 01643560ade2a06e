/* SPDX-License-Identifier: Apache-2.0
 * Comparing, cutting and parsing borrowed bytes. */
#include "base/bytes.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct bytes bytes_str(const char *string)
{
    if (string == NULL) {
        return BYTES_NONE;
    }
    return (struct bytes){string, strlen(string)};
}

struct bytes bytes_of(const void *ptr, size_t len)
{
    return (struct bytes){ptr, len};
}

struct bytes bytes_slice(struct bytes b, size_t from, size_t len)
{
    if (b.ptr == NULL) {
        return b;
    }
    if (from > b.len) {
        from = b.len;
    }
    if (len > b.len - from) {
        len = b.len - from;
    }
    return (struct bytes){b.ptr + from, len};
}

struct bytes bytes_from(struct bytes b, size_t from)
{
    return bytes_slice(b, from, SIZE_MAX);
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool bytes_is(struct bytes a, const char *string)
{
    return bytes_equal(a, bytes_str(string));
}

bool bytes_equal_secret(struct bytes a, struct bytes b)
{
    volatile unsigned char difference = 0;
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        difference =
            (unsigned char)(difference | ((unsigned char)a.ptr[i] ^ (unsigned char)b.ptr[i]));
    }
    return difference == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

bool bytes_starts_with(struct bytes b, struct bytes prefix)
{
    return b.len >= prefix.len && bytes_equal(bytes_slice(b, 0, prefix.len), prefix);
}

bool bytes_ends_with(struct bytes b, struct bytes suffix)
{
    return b.len >= suffix.len && bytes_equal(bytes_from(b, b.len - suffix.len), suffix);
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

size_t bytes_find(struct bytes b, char c)
{
    const char *found = b.len == 0 ? NULL : memchr(b.ptr, c, b.len);
    return found == NULL ? b.len : (size_t)(found - b.ptr);
}

size_t bytes_find_last(struct bytes b, char c)
{
    for (size_t i = b.len; i > 0; i--) {
        if (b.ptr[i - 1] == c) {
            return i - 1;
        }
    }
    return b.len;
}

bool bytes_contains(struct bytes b, struct bytes needle)
{
    return needle.len == 0 || (b.len > 0 && memmem(b.ptr, b.len, needle.ptr, needle.len) != NULL);
}

size_t bytes_find_text(struct bytes b, struct bytes needle)
{
    const char *at = needle.len == 0 ? b.ptr
                     : b.len > 0     ? memmem(b.ptr, b.len, needle.ptr, needle.len)
                                     : NULL;
    return at != NULL ? (size_t)(at - b.ptr) : b.len;
}

/* What stands before the first '*' and behind the last one is fixed; of what stands between two,
 * the leftmost place leaves the most to the rest. */
bool bytes_glob(struct bytes pattern, struct bytes text)
{
    size_t star = bytes_find(pattern, '*');
    if (star == pattern.len) {
        return bytes_equal(pattern, text);
    }
    size_t last = bytes_find_last(pattern, '*');
    struct bytes tail = bytes_from(pattern, last + 1);
    if (!bytes_starts_with(text, bytes_slice(pattern, 0, star)) || text.len - star < tail.len ||
        !bytes_ends_with(text, tail)) {
        return false;
    }
    text = bytes_slice(text, star, text.len - star - tail.len);
    pattern = star < last ? bytes_slice(pattern, star + 1, last - star - 1) : BYTES_NONE;
    while (pattern.ptr != NULL) {
        struct bytes piece = bytes_cut(&pattern, '*');
        size_t at = bytes_find_text(text, piece);
        if (at == text.len && piece.len > 0) {
            return false;
        }
        text = bytes_from(text, at + piece.len);
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct bytes bytes_trim(struct bytes b)
{
    while (b.len > 0 && is_blank(b.ptr[0])) {
        b = bytes_from(b, 1);
    }
    while (b.len > 0 && is_blank(b.ptr[b.len - 1])) {
        b.len--;
    }
    return b;
}

struct bytes bytes_cut(struct bytes *rest, char c)
{
    size_t at = bytes_find(*rest, c);
    struct bytes head = bytes_slice(*rest, 0, at);
    *rest = at == rest->len ? BYTES_NONE : bytes_from(*rest, at + 1);
    return head;
}

status bytes_to_u64(struct bytes b, uint64_t *ret_value)
{
    uint64_t value = 0;
    ENSURE(b.len > 0, SYNTAX, "empty number");
    for (size_t i = 0; i < b.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)b.ptr[i] - '0';
        ENSURE(b.ptr[i] >= '0' && b.ptr[i] <= '9', SYNTAX, "not a decimal number");
        ENSURE(value <= (UINT64_MAX - digit) / 10, SYNTAX, "number too large");
        value = value * 10 + digit;
    }
    *ret_value = value;
    return OK;
}

status bytes_to_i64(struct bytes b, int64_t *ret_value)
{
    uint64_t magnitude = 0;
    bool negative = b.len > 0 && b.ptr[0] == '-';
    TRY(bytes_to_u64(negative ? bytes_from(b, 1) : b, &magnitude));
    ENSURE(magnitude <= (uint64_t)INT64_MAX + (negative ? 1U : 0U), SYNTAX, "number too large");
    *ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return OK;
}

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void c_locale_init(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    must(c_locale != (locale_t)0);
}

status bytes_to_double(struct bytes b, double *ret_value)
{
    char text[1024];
    char *end = NULL;
    ENSURE(b.len > 0 && b.len < sizeof(text), SYNTAX, "not a number, or one too long");
    for (size_t i = 0; i < b.len; i++) {
        bool fits = (b.ptr[i] >= '0' && b.ptr[i] <= '9') || b.ptr[i] == '-' || b.ptr[i] == '+' ||
                    b.ptr[i] == '.' || b.ptr[i] == 'e' || b.ptr[i] == 'E';
        ENSURE(fits, SYNTAX, "not a number");
    }
    memcpy(text, b.ptr, b.len);
    text[b.len] = '\0';
    (void)pthread_once(&c_locale_once, c_locale_init);
    double value = strtod_l(text, &end, c_locale);
    ENSURE(end == text + b.len, SYNTAX, "not a number");
    ENSURE(isfinite(value), SYNTAX, "number beyond a double");
    *ret_value = value;
    return OK;
}

/* Octets of the UTF-8 sequence beyond ASCII that begins at s, or 0 (RFC 3629 clause 4). */
static size_t utf8_sequence(const unsigned char *s, size_t len)
{
    static const struct {
        unsigned char from, to, second_from, second_to;
        size_t length;
    } rows[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (s[0] < rows[i].from || s[0] > rows[i].to) {
            continue;
        }
        if (rows[i].length > len) {
            return 0;
        }
        if (s[1] < rows[i].second_from || s[1] > rows[i].second_to) {
            return 0;
        }
        for (size_t k = 2; k < rows[i].length; k++) {
            if ((s[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return rows[i].length;
    }
    return 0;
}

bool bytes_is_utf8(struct bytes b)
{
    const unsigned char *s = (const unsigned char *)b.ptr;
    size_t at = 0;
    while (at < b.len) {
        uint64_t word;
        if (b.len - at >= sizeof(word)) { /* eight ASCII octets at once */
            memcpy(&word, s + at, sizeof(word));
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof(word);
                continue;
            }
        }
        if (s[at] < 0x80) {
            at++;
            continue;
        }
        size_t length = utf8_sequence(s + at, b.len - at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

static pthread_once_t hash_once = PTHREAD_ONCE_INIT;
static uint64_t hash_key[2];

static void hash_init(void)
{
    must(getrandom(hash_key, sizeof(hash_key), 0) == (ssize_t)sizeof(hash_key));
}

static uint64_t rotate(uint64_t x, unsigned n)
{
    return (x << n) | (x >> (64 - n));
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

/* SipHash-1-3 (Aumasson, Bernstein): enough against chosen collisions in tables. */
uint64_t bytes_hash(struct bytes b)
{
    (void)pthread_once(&hash_once, hash_init);
    struct sip s = {
        hash_key[0] ^ UINT64_C(0x736f6d6570736575), hash_key[1] ^ UINT64_C(0x646f72616e646f6d),
        hash_key[0] ^ UINT64_C(0x6c7967656e657261), hash_key[1] ^ UINT64_C(0x7465646279746573)};
    size_t at = 0;
    for (; b.len - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, b.ptr + at, sizeof(word));
        s.v3 ^= word;
        sip_round(&s);
        s.v0 ^= word;
    }
    uint64_t last = (uint64_t)b.len << 56;
    for (unsigned i = 0; at + i < b.len; i++) {
        last |= (uint64_t)(unsigned char)b.ptr[at + i] << (8 * i);
    }
    s.v3 ^= last;
    sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

void wipe(void *ptr, size_t len)
{
    explicit_bzero(ptr, len);
}
