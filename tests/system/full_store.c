/* SPDX-License-Identifier: Apache-2.0
 * A disk that is really full, in a small file system of its own: the changes that find no room are
 * refused with STORE_FULL and leave nothing; readers go on; once there is room, so do changes,
 * without a restart. Skipped where no file system may be mounted. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "store/store.h"

enum { BODY = 20000 };

static char directory[] = "/tmp/anp-full-XXXXXX";

static void need(bool holds, const char *what)
{
    if (!holds) {
        (void)printf("not ok 1 - %s (%s)\n", what, status_note_get()->text);
        (void)fflush(stdout);
        exit(1);
    }
}

static void skip(const char *why)
{
    (void)rmdir(directory);
    (void)printf("ok 1 # SKIP %s\n", why);
    exit(0);
}

struct insertion {
    struct store_job job; /* first */
    struct arena *arena;
    int64_t parent_id; /* 0: makes the root and a container */
    struct store_row made;
    status result;
};

static char body[BODY];

static status insert(struct store_job *job, struct store_view *view)
{
    struct insertion *insertion = (struct insertion *)job;
    arena_reset(insertion->arena);
    if (insertion->parent_id == 0) {
        struct store_new root = {.ri = BYTES("id-in"), .rn = BYTES("cse")};
        struct store_row row;
        TRY(store_insert(view, &root, insertion->arena, &row));
        struct store_new container = {.parent_id = row.id, .rn = BYTES("c"), .type = 3};
        return store_insert(view, &container, insertion->arena, &insertion->made);
    }
    struct store_new row = {.parent_id = insertion->parent_id,
                            .type = 4,
                            .is_instance = true,
                            .size = BODY,
                            .body = bytes_of(body, BODY)};
    return store_insert(view, &row, insertion->arena, &insertion->made);
}

static void inserted(struct store_job *job, status result)
{
    struct insertion *insertion = (struct insertion *)job;
    insertion->result = result;
}

/* A file of somebody else, who takes room and gives it back. */
static void other_file(char path[64], const char *name, int mib)
{
    (void)snprintf(path, 64, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    need(file != NULL, "another file");
    for (int i = 0; i < mib * 1024; i++) {
        need(fwrite(body, 1, 1024, file) == 1024, "room for another file");
    }
    need(fclose(file) == 0, "another file");
}

/* Instances that a fresh reader counts, after checking that the counters agree. */
static int64_t count_instances(struct store *store, int64_t parent_id)
{
    struct store_view *view;
    struct arena *arena = arena_new(SIZE_MAX);
    struct store_row row;
    uint64_t rows;
    need(is_ok(store_view_open(store, &view)) && is_ok(store_view_begin(view)), "a reader");
    need(is_ok(store_get_by_id(view, parent_id, arena, &row)), "reading on a full disk");
    need(is_ok(store_count(view, &rows)), "counting on a full disk");
    need((int64_t)rows == row.instances + 2, "rows and counters agree");
    need(row.instance_bytes == row.instances * BODY, "octets and counters agree");
    int64_t instances = row.instances;
    store_view_end(view);
    store_view_close(view);
    arena_free(arena);
    return instances;
}

/* Inserts until the disk is full; how many were acknowledged. */
static int64_t fill(struct store *store, struct insertion *insertion)
{
    int64_t acknowledged = 0;
    for (int i = 0; i < 100000; i++) {
        status result = store_run(store, &insertion->job);
        if (is_error(result)) {
            need(status_is(result, STATUS_STORE_FULL), "a full disk is STORE_FULL");
            return acknowledged;
        }
        acknowledged++;
    }
    need(false, "the disk is full at some point");
    return acknowledged;
}

static bool put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    bool written = file != NULL && fputs(text, file) >= 0;
    return file != NULL && fclose(file) == 0 && written;
}

/* Without privileges: root of a name space of our own. */
static bool become_root_inside(void)
{
    char user[32], group[32];
    (void)snprintf(user, sizeof(user), "0 %u 1", geteuid());
    (void)snprintf(group, sizeof(group), "0 %u 1", getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put("/proc/self/uid_map", user) &&
           put("/proc/self/setgroups", "deny") && put("/proc/self/gid_map", group);
}

static void mount_small(void)
{
    bool is_root = geteuid() == 0;
    if (!(is_root ? unshare(CLONE_NEWNS) == 0 : become_root_inside()) ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", directory, "tmpfs", 0, "size=16m") != 0) {
        skip("no file system may be mounted here");
    }
}

static int64_t run(struct store *store, struct insertion *insertion)
{
    char other[64];
    need(is_ok(store_run(store, &insertion->job)), "the container");
    insertion->parent_id = insertion->made.id;
    other_file(other, "other", 6);
    int64_t first = fill(store, insertion);
    need(first > 10, "some fit");
    need(count_instances(store, insertion->parent_id) == first, "exactly what was acknowledged");
    struct insertion batch[8];
    for (size_t i = 0; i < ARRAY_LEN(batch); i++) {
        batch[i] = *insertion;
        need(is_ok(store_submit(store, &batch[i].job)), "submitting");
    }
    store_pump(store);
    for (size_t i = 0; i < ARRAY_LEN(batch); i++) {
        need(status_is(batch[i].result, STATUS_STORE_FULL), "a whole batch is refused");
    }
    need(count_instances(store, insertion->parent_id) == first, "still what was acknowledged");
    need(unlink(other) == 0, "room");
    int64_t second = fill(store, insertion);
    need(second > 10, "more fit once there is room");
    need(count_instances(store, insertion->parent_id) == first + second, "all of both");
    return first + second;
}

int main(void)
{
    struct insertion insertion = {.job = {.run = insert, .done = inserted}};
    struct store_options options = {.clock = &sys_clock_real};
    struct store *store;
    (void)printf("1..1\n");
    need(mkdtemp(directory) != NULL, "a directory");
    options.directory = bytes_str(directory);
    mount_small();
    char reserve[64];
    other_file(reserve, "reserve", 1);
    insertion.arena = arena_new(SIZE_MAX);
    need(is_ok(store_open(&options, &store)), "opening");
    int64_t instances = run(store, &insertion);
    store_close(store);
    status reopened = store_open(&options, &store);
    need(is_ok(reopened) || status_is(reopened, STATUS_STORE_FULL), "opening on a full disk");
    if (is_ok(reopened)) {
        store_close(store);
    }
    need(unlink(reserve) == 0, "a little room");
    need(is_ok(store_open(&options, &store)), "opening with a little room");
    need(count_instances(store, insertion.parent_id) == instances, "everything is there");
    store_close(store);
    arena_free(insertion.arena);
    (void)umount(directory);
    (void)rmdir(directory);
    (void)printf("ok 1 - a full disk refuses, and forgives\n");
    return 0;
}
