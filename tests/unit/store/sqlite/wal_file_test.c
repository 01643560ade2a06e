/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static sqlite3 *connect(struct fixture *f, const char *file_system)
{
    char path[128];
    sqlite3 *db;
    (void)snprintf(path, sizeof(path), "%s/store.db", f->directory);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, file_system), SQLITE_OK);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}

static void fill(sqlite3 *db, const char *name_format, int count)
{
    for (int i = 0; i < count; i++) {
        char sql[128], name[32];
        (void)snprintf(name, sizeof(name), "%s%d", name_format, i);
        (void)snprintf(sql, sizeof(sql), "INSERT INTO value VALUES ('%s', randomblob(3000))", name);
        run(db, sql);
    }
}

/* With a cache of ten pages a transaction writes its pages early, reads them back, and writes over
 * them: what was gathered must be there each time. */
static void pages_that_leave_early_are_read_back(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db = connect(f, SQLITE_VFS_NAME), *plain = connect(f, NULL);
    run(db, "PRAGMA cache_size = 10; BEGIN IMMEDIATE");
    fill(db, "a", 500);
    assert_int_equal(ask(db, "SELECT count(*) FROM value"), 500);
    assert_int_equal(ask(plain, "SELECT count(*) FROM value"), 0);
    run(db, "UPDATE value SET value = randomblob(2000) WHERE name LIKE 'a1%'");
    assert_int_equal(ask(db, "SELECT sum(length(value)) FROM value"), 500 * 3000 - 111 * 1000);
    run(db, "ROLLBACK; BEGIN IMMEDIATE");
    fill(db, "b", 300);
    run(db, "COMMIT");
    assert_int_equal(ask(plain, "SELECT count(*) FROM value WHERE name LIKE 'b%'"), 300);
    assert_int_equal(ask(plain, "SELECT count(*) FROM value"), 300);
    assert_int_equal(ask(plain, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Many times what is gathered, in one commit; then the log goes back into the file. */
static void large_commits_and_checkpoints(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db = connect(f, SQLITE_VFS_NAME);
    run(db, "BEGIN IMMEDIATE");
    fill(db, "c", 1000);
    run(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    fill(db, "d", 10);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    fixture_reopen(f);
    sqlite3 *plain = connect(f, NULL);
    assert_int_equal(ask(plain, "SELECT count(*) FROM value"), 1010);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
}

/* One connection's commits are whole for another one that uses the same file system. */
static void connections_take_turns(void **state)
{
    struct fixture *f = *state;
    sqlite3 *one = connect(f, SQLITE_VFS_NAME), *two = connect(f, SQLITE_VFS_NAME);
    for (int i = 0; i < 50; i++) {
        char sql[96];
        (void)snprintf(sql, sizeof(sql), "INSERT INTO value VALUES ('%d', randomblob(9000))", i);
        run(i % 2 == 0 ? one : two, sql);
        assert_int_equal(ask(i % 2 == 0 ? two : one, "SELECT count(*) FROM value"), i + 1);
    }
    assert_int_equal(sqlite3_close(one), SQLITE_OK);
    assert_int_equal(sqlite3_close(two), SQLITE_OK);
}

/* Without memory to gather in, pages leave one by one. */
static void works_without_memory(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db = connect(f, SQLITE_VFS_NAME);
    run(db, "BEGIN IMMEDIATE");
    fill(db, "e", 10);
    mem_fail_after(1);
    run(db, "COMMIT");
    mem_fail_after(0);
    sqlite3 *plain = connect(f, NULL);
    assert_int_equal(ask(plain, "SELECT count(*) FROM value"), 10);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(pages_that_leave_early_are_read_back),
        FIXTURE_TEST(large_commits_and_checkpoints),
        FIXTURE_TEST(connections_take_turns),
        FIXTURE_TEST(works_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
