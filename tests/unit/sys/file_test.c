/* SPDX-License-Identifier: Apache-2.0
 * Files: whole reads with their limit, atomic writes, locks, folders. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/sys.h"

static char folder[] = "/tmp/anp_file_test.XXXXXX";

static struct bytes in_folder(const char *name, char space[256])
{
    int length = snprintf(space, 256, "%s/%s", folder, name);
    assert_in_range(length, 1, 255);
    return bytes_str(space);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char space[256];
    (void)unlink(in_folder("file", space).ptr);
    (void)unlink(in_folder("lock", space).ptr);
    (void)rmdir(in_folder("a/b/c", space).ptr);
    (void)rmdir(in_folder("a/b", space).ptr);
    (void)rmdir(in_folder("a", space).ptr);
    return rmdir(folder); /* fails when something was left behind */
}

static void writes_and_reads_back(void **state)
{
    (void)state;
    char space[256];
    struct bytes path = in_folder("file", space);
    assert_true(is_ok(sys_file_write(path, BYTES("first\0content"), 0640)));
    assert_true(is_ok(sys_file_write(path, BYTES("second"), 0600)));
    struct stat found;
    assert_int_equal(stat(path.ptr, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    struct buf text;
    buf_init(&text, 100000);
    assert_true(is_ok(sys_file_read(path, 6, &text)));
    assert_true(bytes_is(buf_bytes(&text), "second"));
    buf_clear(&text);
    assert_int_equal(sys_file_read(path, 5, &text).code, STATUS_LIMIT);
    buf_fini(&text);
}

static void refuses_bad_paths(void **state)
{
    (void)state;
    char space[256];
    struct buf text;
    buf_init(&text, 100);
    assert_int_equal(sys_file_read(in_folder("absent", space), 10, &text).code, STATUS_SYSTEM);
    assert_int_equal(sys_file_read(BYTES(""), 10, &text).code, STATUS_SYSTEM);
    assert_int_equal(sys_file_read(BYTES("/etc/passwd\0x"), 10, &text).code, STATUS_SYSTEM);
    assert_int_equal(sys_file_write(in_folder("no/such/file", space), BYTES("x"), 0600).code,
                     STATUS_SYSTEM);
    char *longest = test_malloc(8192);
    for (int i = 0; i < 8192; i++) {
        longest[i] = 'a';
    }
    assert_int_equal(sys_file_read(bytes_of(longest, 8192), 10, &text).code, STATUS_SYSTEM);
    test_free(longest);
    buf_fini(&text);
}

static void locks_exclusively(void **state)
{
    (void)state;
    char space[256];
    struct bytes path = in_folder("lock", space);
    int first, second;
    assert_true(is_ok(sys_file_lock(path, &first)));
    assert_int_equal(sys_file_lock(path, &second).code, STATUS_STORE_LOCKED);
    sys_file_unlock(first);
    assert_true(is_ok(sys_file_lock(path, &second)));
    sys_file_unlock(second);
    char other[256];
    assert_int_equal(sys_file_lock(in_folder("no/lock", other), &first).code, STATUS_SYSTEM);
}

static void makes_folders(void **state)
{
    (void)state;
    char space[256];
    struct bytes path = in_folder("a/b/c", space);
    assert_true(is_ok(sys_make_directory(path, 0700)));
    assert_true(is_ok(sys_make_directory(path, 0700)));
    char other[256];
    assert_true(is_ok(sys_file_write(in_folder("file", other), BYTES(""), 0600)));
    assert_int_equal(sys_make_directory(in_folder("file", other), 0700).code, STATUS_SYSTEM);
    assert_int_equal(sys_make_directory(in_folder("file/x", other), 0700).code, STATUS_SYSTEM);
}

static void knows_the_process(void **state)
{
    (void)state;
    assert_true(sys_resident_memory() > 100000);
    unsigned char a[32] = {0}, b[32] = {0};
    sys_random(a, sizeof(a));
    sys_random(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    assert_true(sys_now(&sys_clock_real) > INT64_C(1700000000) * USEC_PER_SEC);
    int64_t before = sys_monotonic_usec();
    assert_true(sys_monotonic_usec() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_back), cmocka_unit_test(refuses_bad_paths),
        cmocka_unit_test(locks_exclusively),     cmocka_unit_test(makes_folders),
        cmocka_unit_test(knows_the_process),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
