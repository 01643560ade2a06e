/* SPDX-License-Identifier: Apache-2.0
 * Label expressions. CLAUSE("TS-0004 7.3.3.17.16") */
#include "serve_world.h"

static bool matches(struct arena *arena, const char *query, const char *labels)
{
    return serve_labels_query_match(bytes_str(query), ask_json(arena, labels));
}

static void each_form(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    (void)state;
    static const struct {
        const char *query, *labels;
        bool match;
    } rows[] = {
        {"color", "['color']", true},
        {"color", "['color:red']", true},
        {"color", "['colors:red']", false},
        {"color", "[]", false},
        {"NT color", "['size:1']", true},
        {"NT color", "['color:red']", false},
        {"NT color", "[]", true},
        {"color EQ red", "['color:blue','color:red']", true},
        {"color EQ red", "['color:blue','color']", false},
        {"color:red", "['color:red']", true},
        {"color:red", "['color']", false},
        {"color NE red", "['color:blue']", true},
        {"color NE red", "['color:blue','color:red']", false},
        {"color NE red", "['color']", false},
        {"color IN (red, green)", "['color:green']", true},
        {"color IN (red,green)", "['color:blue']", false},
        {"color NI (red, green)", "['color:blue']", true},
        {"color NI (red, green)", "['color:blue','color:red']", false},
        {"color NI (red)", "['size:1']", false},
        {"size, color IN (red, blue)", "['color:blue']", true},
        {"size,shape", "['color:blue']", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (matches(arena, rows[i].query, rows[i].labels) != rows[i].match) {
            fail_msg("%s against %s", rows[i].query, rows[i].labels);
        }
    }
    assert_false(serve_labels_query_match(BYTES("color"), NULL));
    assert_true(serve_labels_query_match(BYTES("NT color"), NULL));
    arena_free(arena);
}

static void what_does_not_parse(void **state)
{
    static const char *const bad[] = {
        "", ",", "color LIKE red", "color EQ", "NT a b", "color IN red", "color IN (", "a,,b"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (is_ok(serve_labels_query_check(bytes_str(bad[i])))) {
            fail_msg("took \"%s\"", bad[i]);
        }
    }
    world_ok(serve_labels_query_check(BYTES("color IN (a, b), NT c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form),
        cmocka_unit_test(what_does_not_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
