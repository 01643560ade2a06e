/* SPDX-License-Identifier: Apache-2.0
 * Log lines: what a peer sends can forge neither a line nor a terminal code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/daemon/log_sink_int.h"
#include "wire/wire.h"

/* Writes one record with standard error turned into a pipe. */
static struct bytes written(bool is_json, const struct log_record *record, char text[1024])
{
    int ends[2], saved = dup(STDERR_FILENO);
    struct log_sink sink = {is_json};
    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    log_sink_write(&sink, record);
    (void)fflush(stderr);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    ssize_t got = read(ends[0], text, 1024);
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(saved);
    assert_true(got > 0);
    return bytes_of(text, (size_t)got);
}

static const struct log_field fields[] = {
    {"from", {"C\n2026 error forged", 19}, 0},
    {"esc", {"\033[31m", 5}, 0},
    {"rsc", {NULL, 0}, 4103},
};
static const struct log_record record = {LOG_LEVEL_INFO, "request", NULL, fields,
                                         ARRAY_LEN(fields)};

static void a_text_line_stays_one_line(void **state)
{
    (void)state;
    char text[1024];
    struct bytes line = written(false, &record, text);
    assert_int_equal(bytes_find(line, '\n'), line.len - 1);
    assert_int_equal(bytes_find(line, '\033'), line.len);
    assert_true(bytes_contains(line, BYTES("info  request")));
    assert_true(bytes_contains(line, BYTES("rsc=4103")));
}

static void a_json_line_is_json(void **state)
{
    (void)state;
    char text[1024];
    static const struct wire_limits limits = {8, 64, 64};
    struct wire_value *value;
    struct bytes line = written(true, &record, text);
    struct arena *arena = arena_new(65536);
    assert_int_equal(bytes_find(line, '\n'), line.len - 1);
    assert_true(
        is_ok(wire_decode(WIRE_JSON, bytes_slice(line, 0, line.len - 1), &limits, arena, &value)));
    assert_true(bytes_equal(wire_get_string(wire_get(value, BYTES("from"))), fields[0].text));
    assert_int_equal(wire_get_int(wire_get(value, BYTES("rsc")), 0), 4103);
    arena_free(arena);
}

/* A record is never lost for its length, nor does a terminal obey it. */
static void long_texts_are_shortened(void **state)
{
    (void)state;
    static char many[20000];
    char text[4096];
    for (size_t i = 0; i < sizeof(many); i += 2) {
        many[i] = (char)0xc3;
        many[i + 1] = (char)0xa9;
    }
    const struct log_field long_fields[] = {
        {"from", {many, sizeof(many)}, 0},
        {"rqi",
         {"x\xc2\x9b"
          "31m",
          6},
         0},
    };
    const struct log_record long_record = {LOG_LEVEL_INFO, "request", NULL, long_fields, 2};
    struct bytes line = written(false, &long_record, text);
    assert_true(line.len > 500 && line.len < 1000);
    assert_true(bytes_is_utf8(line));
    assert_true(bytes_contains(line, BYTES("...(20000 octets)")));
    assert_true(bytes_contains(line, BYTES("x\\x9b31m")));
}

static void levels_have_names(void **state)
{
    (void)state;
    assert_int_equal(log_level_of(BYTES("error")), LOG_LEVEL_ERROR);
    assert_int_equal(log_level_of(BYTES("debug")), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_of(BYTES("?")), LOG_LEVEL_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_line_stays_one_line),
        cmocka_unit_test(a_json_line_is_json),
        cmocka_unit_test(long_texts_are_shortened),
        cmocka_unit_test(levels_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
