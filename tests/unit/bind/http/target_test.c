/* SPDX-License-Identifier: Apache-2.0
 * Paths and queries. TS-0009 6.2.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bind/http/http_int.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static status accept(const char *target, struct prim_request *request)
{
    prim_request_init(request);
    request->operation = PRIM_RETRIEVE;
    return http_target_accept(bytes_str(target), request, arena);
}

/* TS-0009 Table 6.2.2.1-1, both ways */
static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *path, *to, *back; /* back: NULL when it is path */
    } rows[] = {
        {"/CSEBase/ae12/cont27", "CSEBase/ae12/cont27", NULL},
        {"/cin00856", "cin00856", NULL},
        {"/-/x", "-/x", NULL},
        {"/~/CSE178/CSEBase/ae12", "/CSE178/CSEBase/ae12", NULL},
        {"/_/sp.example/CSE178/cin1", "//sp.example/CSE178/cin1", NULL},
        {"/~", NULL, NULL},
        {"/", "", NULL},
        {"/a/", "a", "/a"},
        {"/%61/%7e", "a/~", "/a/~"},
        {"/a%20b%3F", "a b?", NULL},
        {"/a//", NULL, NULL},
        {"a", NULL, NULL},
        {"", NULL, NULL},
        {"/%", NULL, NULL},
        {"/a#b", NULL, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct prim_request request;
        status accepted = accept(rows[i].path, &request);
        if (rows[i].to == NULL) {
            assert_int_equal(accepted.code, STATUS_BAD_REQUEST);
            continue;
        }
        assert_true(is_ok(accepted));
        assert_true(bytes_is(request.to, rows[i].to));
        struct buf back;
        buf_init(&back, 1000);
        http_path_add(&back, request.to);
        assert_true(bytes_is(buf_bytes(&back), rows[i].back != NULL ? rows[i].back : rows[i].path));
        buf_fini(&back);
    }
}

static void queries(void **state)
{
    (void)state;
    struct prim_request request;
    assert_true(is_ok(accept("/x?rcn=4&lbl=a+b&lbl=c%26d&atrl=ri+rn", &request)));
    assert_int_equal(request.result_content, PRIM_RCN_ATTRIBUTES_CHILDREN);
    assert_int_equal(request.filter.labels.count, 3);
    assert_true(bytes_is(request.filter.labels.items[2], "c&d"));
    assert_int_equal(request.attribute_list.count, 2);
    assert_int_equal(accept("/x?rcn", &request).code, STATUS_BAD_REQUEST);
    assert_int_equal(accept("/x?=1", &request).code, STATUS_BAD_REQUEST);
    assert_int_equal(accept("/x?rcn=%4", &request).code, STATUS_BAD_REQUEST);
    assert_true(is_ok(accept("/x?", &request)));
    request.operation = PRIM_DELETE;
    assert_int_equal(http_target_accept(BYTES("/x?atrl=ri"), &request, arena).code,
                     STATUS_BAD_REQUEST);
}

static void no_memory(void **state)
{
    (void)state;
    struct arena *small = arena_new(64);
    struct prim_request request;
    char target[200] = "/";
    for (size_t i = 1; i < sizeof(target) - 1; i++) {
        target[i] = 'a';
    }
    target[sizeof(target) - 1] = '\0';
    prim_request_init(&request);
    assert_int_equal(http_target_accept(bytes_str(target), &request, small).code, STATUS_NO_MEMORY);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        cmocka_unit_test(queries),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
