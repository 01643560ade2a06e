/* SPDX-License-Identifier: Apache-2.0
 * Borrowed bytes: comparing, cutting, parsing. */
#include <locale.h>

#include "base_check.h"

static void absent_bytes_are_harmless(void **state)
{
    (void)state;
    struct bytes none = BYTES_NONE;
    assert_null(bytes_str(NULL).ptr);
    assert_null(bytes_slice(none, 3, 4).ptr);
    assert_null(bytes_from(none, 1).ptr);
    assert_true(bytes_equal(none, BYTES("")));
    assert_true(bytes_is(none, ""));
    assert_true(bytes_equal_secret(none, BYTES("")));
    assert_true(bytes_equal_nocase(none, none));
    assert_true(bytes_starts_with(none, none));
    assert_true(bytes_ends_with(none, none));
    assert_false(bytes_starts_with(none, BYTES("a")));
    assert_true(bytes_contains(none, none));
    assert_false(bytes_contains(none, BYTES("a")));
    assert_int_equal(bytes_compare(none, BYTES("")), 0);
    assert_int_equal(bytes_find(none, 'a'), 0);
    assert_int_equal(bytes_find_last(none, 'a'), 0);
    assert_true(bytes_is_utf8(none));
    assert_int_equal(bytes_trim(none).len, 0);
    assert_null(bytes_cut(&none, ',').ptr);
    assert_null(none.ptr);
    assert_true(bytes_hash(none) == bytes_hash(BYTES("")));
}

static void compares(void **state)
{
    (void)state;
    assert_true(bytes_equal(BYTES("a\0b"), BYTES("a\0b")));
    assert_false(bytes_equal(BYTES("a\0b"), BYTES("a\0c")));
    assert_false(bytes_equal(BYTES("a"), BYTES("ab")));
    assert_true(bytes_equal_secret(BYTES("secret"), BYTES("secret")));
    assert_false(bytes_equal_secret(BYTES("secret"), BYTES("secreT")));
    assert_false(bytes_equal_secret(BYTES("Xecret"), BYTES("secret")));
    assert_false(bytes_equal_secret(BYTES("secret"), BYTES("secre")));
    assert_true(bytes_equal_nocase(BYTES("Content-Type"), BYTES("cONTENT-tYPE")));
    assert_false(bytes_equal_nocase(BYTES("a[b"), BYTES("A{b")));
    assert_false(bytes_equal_nocase(BYTES("ab"), BYTES("abc")));
    assert_true(bytes_compare(BYTES("a"), BYTES("b")) < 0);
    assert_true(bytes_compare(BYTES("b"), BYTES("a")) > 0);
    assert_true(bytes_compare(BYTES("a"), BYTES("ab")) < 0);
    assert_true(bytes_compare(BYTES("\x80"), BYTES("a")) > 0);
    assert_int_equal(bytes_compare(BYTES("ab"), BYTES("ab")), 0);
}

static void finds_and_cuts(void **state)
{
    (void)state;
    struct bytes path = BYTES("a/bc//d");
    assert_text(bytes_slice(path, 2, 2), "bc");
    assert_text(bytes_slice(path, 5, 100), "/d");
    assert_text(bytes_slice(path, 100, 1), "");
    assert_text(bytes_slice(path, SIZE_MAX, SIZE_MAX), "");
    assert_int_equal(bytes_find(path, '/'), 1);
    assert_int_equal(bytes_find(path, 'x'), path.len);
    assert_int_equal(bytes_find_last(path, '/'), 5);
    assert_int_equal(bytes_find_last(path, 'x'), path.len);
    assert_true(bytes_starts_with(path, BYTES("a/b")));
    assert_false(bytes_starts_with(path, BYTES("a/c")));
    assert_true(bytes_ends_with(path, BYTES("/d")));
    assert_false(bytes_ends_with(BYTES("d"), BYTES("/d")));
    assert_true(bytes_contains(path, BYTES("c//")));
    assert_true(bytes_contains(path, BYTES("")));
    assert_false(bytes_contains(path, BYTES("cd")));
    assert_text(bytes_trim(BYTES(" \t x y\t ")), "x y");
    assert_text(bytes_trim(BYTES(" \t ")), "");
    assert_text(bytes_trim(BYTES("\nx\n")), "\nx\n");
    assert_text(bytes_cut(&path, '/'), "a");
    assert_text(bytes_cut(&path, '/'), "bc");
    assert_text(bytes_cut(&path, '/'), "");
    assert_text(bytes_cut(&path, '/'), "d");
    assert_null(path.ptr);
    struct bytes end = BYTES("a,");
    assert_text(bytes_cut(&end, ','), "a");
    assert_non_null(end.ptr);
    assert_text(bytes_cut(&end, ','), "");
    assert_null(end.ptr);
}

static void parses_integers(void **state)
{
    (void)state;
    uint64_t u = 5;
    int64_t i = 5;
    assert_true(is_ok(bytes_to_u64(BYTES("0"), &u)) && u == 0);
    assert_true(is_ok(bytes_to_u64(BYTES("18446744073709551615"), &u)) && u == UINT64_MAX);
    assert_true(is_ok(bytes_to_i64(BYTES("9223372036854775807"), &i)) && i == INT64_MAX);
    assert_true(is_ok(bytes_to_i64(BYTES("-9223372036854775808"), &i)) && i == INT64_MIN);
    assert_true(is_ok(bytes_to_i64(BYTES("-0"), &i)) && i == 0);
    static const char *const wrong[] = {"",
                                        "-",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1a",
                                        "0x1",
                                        "--1",
                                        "1.0",
                                        "18446744073709551616",
                                        "99999999999999999999",
                                        "1-"};
    u = 77;
    i = 77;
    for (size_t k = 0; k < ARRAY_LEN(wrong); k++) {
        assert_int_equal(bytes_to_u64(bytes_str(wrong[k]), &u).code, STATUS_SYNTAX);
        assert_int_equal(bytes_to_i64(bytes_str(wrong[k]), &i).code, STATUS_SYNTAX);
    }
    assert_int_equal(bytes_to_u64(BYTES("-1"), &u).code, STATUS_SYNTAX);
    assert_int_equal(bytes_to_u64(BYTES("1\0"), &u).code, STATUS_SYNTAX);
    assert_int_equal(bytes_to_i64(BYTES("9223372036854775808"), &i).code, STATUS_SYNTAX);
    assert_int_equal(bytes_to_i64(BYTES("-9223372036854775809"), &i).code, STATUS_SYNTAX);
    assert_true(u == 77 && i == 77); /* written only on success */
}

static void parses_doubles_in_any_locale(void **state)
{
    (void)state;
    double d = 7;
    (void)setlocale(LC_ALL, "de_DE.UTF-8"); /* where it exists, its point is a comma */
    assert_true(is_ok(bytes_to_double(BYTES("21.5"), &d)) && d == 21.5);
    assert_true(is_ok(bytes_to_double(BYTES("-1e3"), &d)) && d == -1000);
    assert_true(is_ok(bytes_to_double(BYTES("5e-324"), &d)) && d == 5e-324);
    (void)setlocale(LC_ALL, "C");
    static const char *const wrong[] = {"",   "x",  "1,5",   "nan",   "inf",    "0x10", "1e",
                                        "1 ", " 1", "1.2.3", "1e400", "-1e400", "e5",   "."};
    for (size_t k = 0; k < ARRAY_LEN(wrong); k++) {
        assert_int_equal(bytes_to_double(bytes_str(wrong[k]), &d).code, STATUS_SYNTAX);
    }
    assert_int_equal(bytes_to_double(BYTES("1\0"), &d).code, STATUS_SYNTAX);
    char digits[1100];
    memset(digits, '1', sizeof(digits));
    digits[1] = '.';
    assert_true(is_ok(bytes_to_double(bytes_of(digits, 1023), &d)));
    assert_int_equal(bytes_to_double(bytes_of(digits, 1024), &d).code, STATUS_SYNTAX);
}

/* The table of RFC 3629 clause 4, by its definition rather than by ranges. */
static bool is_utf8_slowly(const unsigned char *s, size_t len)
{
    size_t count = s[0] < 0x80       ? 1
                   : s[0] >> 5 == 6  ? 2
                   : s[0] >> 4 == 14 ? 3
                   : s[0] >> 3 == 30 ? 4
                                     : 0;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (count == 0 || count != len) {
        return false;
    }
    uint32_t code = count == 1 ? s[0] : s[0] & (0x7fU >> count);
    for (size_t i = 1; i < count; i++) {
        if (s[i] >> 6 != 2) {
            return false;
        }
        code = code << 6 | (s[i] & 0x3f);
    }
    return code >= least[count] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

static void knows_utf8(void **state)
{
    (void)state;
    CLAUSE("RFC 3629 4");
    static const unsigned char tails[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
                                          0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    unsigned char s[4];
    for (unsigned a = 0x80; a < 0x100; a++) { /* one octet below 0x80 is a character of its own */
        for (unsigned b = 0; b < 0x100; b++) {
            s[0] = (unsigned char)a;
            s[1] = (unsigned char)b;
            assert_true(bytes_is_utf8(bytes_of(s, 2)) == is_utf8_slowly(s, 2));
            for (size_t c = 0; c < sizeof(tails); c++) {
                s[2] = tails[c];
                bool two = is_utf8_slowly(s, 2) && s[2] < 0x80;
                assert_true(bytes_is_utf8(bytes_of(s, 3)) == (is_utf8_slowly(s, 3) || two));
                for (size_t d = 0; d < sizeof(tails); d++) {
                    s[3] = tails[d];
                    if (s[2] >= 0x80 && s[3] >= 0x80 && s[2] < 0xc0) {
                        assert_true(bytes_is_utf8(bytes_of(s, 4)) == is_utf8_slowly(s, 4));
                    }
                }
            }
        }
    }
    assert_true(bytes_is_utf8(BYTES("12345678\0 ascii and \xf0\x9f\x98\x80 more")));
    assert_false(bytes_is_utf8(BYTES("12345678 ascii and \xf0\x9f\x98")));
    assert_false(bytes_is_utf8(BYTES("1234567\x80 at the end of a word")));
}

static void hashes_by_content(void **state)
{
    (void)state;
    char text[64] = "the same content at another place, longer than a word";
    uint64_t before = bytes_hash(bytes_str(text));
    char copy[sizeof(text) + 1];
    memcpy(copy + 1, text, sizeof(text));
    assert_true(bytes_hash(bytes_str(copy + 1)) == before);
    for (size_t i = 0; i < strlen(text); i++) { /* each octet counts */
        text[i] ^= 1;
        assert_true(bytes_hash(bytes_str(text)) != before);
        text[i] ^= 1;
    }
    assert_true(bytes_hash(BYTES("\0")) != bytes_hash(BYTES("\0\0")));
}

/* The definition, in exponential time. */
static bool glob(struct bytes pattern, struct bytes text)
{
    if (pattern.len == 0) {
        return text.len == 0;
    }
    if (pattern.ptr[0] == '*') {
        return glob(bytes_from(pattern, 1), text) ||
               (text.len > 0 && glob(pattern, bytes_from(text, 1)));
    }
    return text.len > 0 && pattern.ptr[0] == text.ptr[0] &&
           glob(bytes_from(pattern, 1), bytes_from(text, 1));
}

static struct bytes word(unsigned number, const char *letters, unsigned base, char room[8])
{
    size_t len = 0;
    for (; number > 0; number /= base) {
        room[len++] = letters[number % base];
    }
    return bytes_of(room, len);
}

static void globs_as_defined(void **state)
{
    (void)state;
    char first[8], second[8];
    for (unsigned p = 0; p < 3 * 3 * 3 * 3 * 3 * 3; p++) {
        struct bytes pattern = word(p, "a*b", 3, first);
        for (unsigned t = 0; t < 2 * 2 * 2 * 2 * 2 * 2; t++) {
            struct bytes text = word(t, "ab", 2, second);
            assert_int_equal(bytes_glob(pattern, text), glob(pattern, text));
        }
    }
    assert_true(bytes_glob(BYTES("*"), BYTES_NONE));
    assert_true(bytes_glob(BYTES_NONE, BYTES_NONE));
    assert_false(bytes_glob(BYTES("a*a"), BYTES("a")));
    assert_true(bytes_glob(BYTES("*a**b*"), BYTES("xaxb")));
    struct bytes text = BYTES("a//b");
    assert_int_equal(bytes_find_text(text, BYTES("/b")), 2);
    assert_int_equal(bytes_find_text(text, BYTES("c")), 4);
    assert_int_equal(bytes_find_text(text, BYTES("")), 0);
    assert_int_equal(bytes_find_text(BYTES_NONE, BYTES("a")), 0);
}

static void wipes(void **state)
{
    (void)state;
    char secret[16] = "secret", zero[16] = {0};
    wipe(secret, sizeof(secret));
    assert_memory_equal(secret, zero, sizeof(secret));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_bytes_are_harmless),
        cmocka_unit_test(compares),
        cmocka_unit_test(finds_and_cuts),
        cmocka_unit_test(parses_integers),
        cmocka_unit_test(parses_doubles_in_any_locale),
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(hashes_by_content),
        cmocka_unit_test(globs_as_defined),
        cmocka_unit_test(wipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
