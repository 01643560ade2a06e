/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

/* Changes the closed file with the library itself. */
static void alter(struct fixture *f, const char *sql)
{
    char path[128];
    sqlite3 *db;
    (void)snprintf(path, sizeof(path), "%s/store.db", f->directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static status try_open(struct fixture *f)
{
    struct store *store;
    struct store_options options = {.directory = bytes_str(f->directory)};
    status result = store_open(&options, &store);
    if (is_ok(result)) {
        store_close(store);
    }
    return result;
}

static void newer_file_is_refused(void **state)
{
    struct fixture *f = *state;
    (void)add_root(f);
    fixture_close(f);
    alter(f, "PRAGMA user_version = 2");
    assert_status(try_open(f), STORE_NEWER);
    assert_true(bytes_contains(bytes_str(status_note_get()->text), BYTES("newer program")));
    alter(f, "PRAGMA user_version = 1");
    fixture_open(f);
    struct store_row row;
    assert_ok(store_get_by_path(f->view, BYTES("cse"), f->arena, &row));
}

static void foreign_file_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    alter(f, "PRAGMA application_id = 7");
    assert_status(try_open(f), STORE_FAILED);
    alter(f, "PRAGMA application_id = 0");
    assert_status(try_open(f), STORE_FAILED);
    alter(f, "PRAGMA application_id = 1634627633; PRAGMA user_version = -1");
    assert_status(try_open(f), STORE_FAILED);
    alter(f, "PRAGMA user_version = 1");
    fixture_open(f);
}

static void garbage_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[128];
    fixture_close(f);
    (void)snprintf(path, sizeof(path), "%s/store.db", f->directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 5000; i++) {
        (void)fputs("not a database ", file);
    }
    (void)fclose(file);
    assert_status(try_open(f), STORE_FAILED);
    (void)unlink(path);
    fixture_open(f);
}

/* A file without a step yet is brought up to date; one whose step fails stays as it was. */
static void steps_are_taken_whole(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/store.db", f->directory);
    (void)unlink(path);
    alter(f, "CREATE TABLE outbox (x)"); /* in the way of step 1 */
    assert_status(try_open(f), STORE_FAILED);
    assert_status(try_open(f), STORE_FAILED);
    alter(f, "DROP TABLE outbox"); /* nothing of the step was kept */
    assert_ok(try_open(f));
    fixture_open(f);
    (void)add_root(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(newer_file_is_refused),
        FIXTURE_TEST(foreign_file_is_refused),
        FIXTURE_TEST(garbage_is_refused),
        FIXTURE_TEST(steps_are_taken_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
