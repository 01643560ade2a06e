/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include <sys/wait.h>

static void everything_is_there_after_reopening(void **state)
{
    struct fixture *f = *state;
    struct store_row root = add_root(f), row;
    struct store_row node = add_node(f, root.id, 3, "c");
    struct store_row instance = add_instance(f, node.id, 5);
    fixture_reopen(f);
    assert_ok(store_get_by_path(f->view, instance.path, f->arena, &row));
    assert_int_equal(row.id, instance.id);
    assert_int_equal(row_of(f, node.id).instances, 1);
    uint64_t rows;
    assert_ok(store_count(f->view, &rows));
    assert_int_equal(rows, 3);
    assert_true(add_instance(f, node.id, 5).id > instance.id);
}

static void second_opener_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store_options options = {.directory = bytes_str(f->directory)};
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store;
        status result = store_open(&options, &store);
        _exit(status_is(result, STATUS_STORE_LOCKED) ? 0 : 1);
    }
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
    (void)add_root(f); /* the first one goes on */
}

static void directory_is_made(void **state)
{
    (void)state;
    char base[] = "/tmp/anp-store-XXXXXX", path[64];
    struct store *store;
    assert_non_null(mkdtemp(base));
    (void)snprintf(path, sizeof(path), "%s/a", base);
    struct store_options options = {.directory = bytes_str(path)};
    assert_ok(store_open(&options, &store));
    store_close(store);
    fixture_erase(path);
    (void)rmdir(base);
}

static void a_directory_that_cannot_be_is_an_error(void **state)
{
    (void)state;
    struct store *store;
    struct store_options options = {.directory = BYTES("/dev/null/store")};
    assert_true(is_error(store_open(&options, &store)));
}

static void close_accepts_nothing(void **state)
{
    (void)state;
    store_close(NULL);
    store_view_close(NULL);
}

static void failed_allocations_leave_nothing(void **state)
{
    (void)state;
    char base[] = "/tmp/anp-store-XXXXXX";
    assert_non_null(mkdtemp(base));
    struct store_options options = {.directory = bytes_str(base)};
    bool opened = false;
    for (unsigned n = 1; n < 100 && !opened; n++) {
        struct store *store = NULL;
        mem_fail_after(n);
        status result = store_open(&options, &store);
        mem_fail_after(0);
        opened = is_ok(result);
        if (opened) {
            store_close(store);
        } else {
            assert_status(result, NO_MEMORY);
        }
    }
    assert_true(opened);
    fixture_erase(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(everything_is_there_after_reopening),
        FIXTURE_TEST(second_opener_is_refused),
        cmocka_unit_test(directory_is_made),
        cmocka_unit_test(a_directory_that_cannot_be_is_an_error),
        cmocka_unit_test(close_accepts_nothing),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
