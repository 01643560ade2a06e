/* SPDX-License-Identifier: Apache-2.0
 * The store against a bare SQLite loop in the same run, and against itself at other sizes. Prints
 * figures; needs a directory on the disk that matters.
 * Usage: store_bench DIRECTORY [ROWS], or for the yardstick alone: store_bench bare DIRECTORY
 * SECONDS */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

enum { PARENTS = 10000, BATCH = 64, LABEL = 1, HITS = 100 };

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % bound;
}

static void check(status result, const char *what)
{
    if (is_error(result)) {
        (void)fprintf(stderr, "%s: %s (%s)\n", what, status_name(result), status_note_get()->text);
        exit(1);
    }
}

static void check_code(int code, sqlite3 *db, const char *what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        (void)fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
        exit(1);
    }
}

static double seconds_since(int64_t from)
{
    return (double)(sys_monotonic_usec() - from) / 1e6;
}

/* Processor time of the whole program, which a busy machine disturbs less than the clock. */
static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Speed of a run of insertions. */
struct speed {
    double rate; /* rows a second */
    double cpu;  /* usec of processor time a row */
};

static struct speed speed_of(uint32_t rows, int64_t from, double cpu_from)
{
    return (struct speed){rows / seconds_since(from), (cpu_seconds() - cpu_from) * 1e6 / rows};
}

static void erase(const char *directory, const char *name)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[512];
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s%s", directory, name, endings[i]);
        (void)unlink(path);
    }
}

/* ---- the yardstick ---- */
/* Stops after rows, or at the end of the batch in which the time is up. */
static struct speed bare_loop(const char *directory, uint32_t rows, double seconds)
{
    uint32_t done = 0;
    char path[512], body[350];
    sqlite3 *db;
    sqlite3_stmt *insert;
    erase(directory, "bare.db");
    (void)snprintf(path, sizeof(path), "%s/bare.db", directory);
    check_code(sqlite3_open(path, &db), db, "open");
    check_code(sqlite3_exec(db,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -40960;"
                            "CREATE TABLE r (id INTEGER PRIMARY KEY, parent INTEGER, seq INTEGER,"
                            " body BLOB); CREATE INDEX r_parent ON r(parent, seq);",
                            NULL, NULL, NULL),
               db, "setup");
    check_code(sqlite3_prepare_v2(db, "INSERT INTO r (parent, seq, body) VALUES (?1, ?2, ?3)", -1,
                                  &insert, NULL),
               db, "prepare");
    memset(body, 'x', sizeof(body));
    int64_t from = sys_monotonic_usec();
    double cpu_from = cpu_seconds();
    for (uint32_t i = 0; i < rows && (i % BATCH != 0 || seconds_since(from) < seconds); i++) {
        if (i % BATCH == 0) {
            check_code(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db, "begin");
        }
        (void)sqlite3_bind_int(insert, 1, (int)random_below(PARENTS));
        (void)sqlite3_bind_int(insert, 2, (int)i);
        (void)sqlite3_bind_blob(insert, 3, body, sizeof(body), SQLITE_STATIC);
        check_code(sqlite3_step(insert), db, "insert");
        (void)sqlite3_reset(insert);
        if (i % BATCH == BATCH - 1 || i + 1 == rows) {
            check_code(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db, "commit");
        }
        done = i + 1;
    }
    struct speed speed = speed_of(done, from, cpu_from);
    (void)sqlite3_finalize(insert);
    check_code(sqlite3_close(db), db, "close");
    erase(directory, "bare.db");
    return speed;
}

/* ---- our jobs ---- */
struct bench {
    struct store *store;
    struct store_view *view;
    struct arena *arena;
    struct arena *parents_arena;
    struct store_row parents[PARENTS], root;
    struct sys_mutex *mutex;
    struct sys_condition *idle;
    uint32_t left, running; /* under the mutex */
};

/* One request in flight: inserts with what a server knows, and the parent's state follows. */
struct flight {
    struct store_job job; /* first */
    struct bench *bench;
    struct arena *arena;
    const struct store_row *parent; /* NULL: a random one */
    bool labelled;
    bool is_node;
};

static char body_text[512];

static status flight_run(struct store_job *job, struct store_view *view)
{
    struct flight *flight = (struct flight *)job;
    struct store_key key = {LABEL, BYTES("wanted")};
    struct store_row row;
    const struct store_row *parent =
        flight->parent != NULL ? flight->parent : &flight->bench->parents[random_below(PARENTS)];
    arena_reset(flight->arena);
    int64_t now = sys_now(&sys_clock_real);
    return store_insert(
        view,
        &(struct store_new){.parent_id = parent->id,
                            .parent = parent,
                            .set_parent_lt = true,
                            .parent_lt = now,
                            .set_parent_state_tag = true,
                            .parent_state_tag = 5,
                            .ri_prefix = flight->is_node ? BYTES("cnt") : BYTES("cin"),
                            .type = flight->is_node ? 3 : 4,
                            .is_instance = !flight->is_node,
                            .ct = now,
                            .lt = now,
                            .et = now + 31536000 * USEC_PER_SEC,
                            .state_tag = 1,
                            .size = 100,
                            .originator = BYTES("Csensor0001"),
                            .keys = &key,
                            .key_count = flight->labelled ? 1 : 0,
                            .body = bytes_of(body_text, 180)},
        flight->arena, &row);
}

static void flight_done(struct store_job *job, status result)
{
    struct flight *flight = (struct flight *)job;
    struct bench *bench = flight->bench;
    check(result, "insert");
    sys_mutex_lock(bench->mutex);
    bool again = bench->left > 0;
    if (again) {
        bench->left--;
    } else if (--bench->running == 0) {
        sys_condition_signal(bench->idle);
    }
    sys_mutex_unlock(bench->mutex);
    if (again) {
        check(store_submit(bench->store, job), "submit");
    }
}

/* Inserts rows with BATCH requests in flight; rows a second. */
static struct speed insert_rows(struct bench *bench, uint32_t rows, const struct flight *model)
{
    struct flight flights[BATCH];
    uint32_t started = rows < BATCH ? rows : BATCH;
    bench->left = rows - started;
    bench->running = started;
    int64_t from = sys_monotonic_usec();
    double cpu_from = cpu_seconds();
    for (uint32_t i = 0; i < started; i++) {
        flights[i] = *model;
        flights[i].job = (struct store_job){.run = flight_run, .done = flight_done};
        flights[i].bench = bench;
        flights[i].arena = arena_new(SIZE_MAX);
        check(store_submit(bench->store, &flights[i].job), "submit");
    }
    sys_mutex_lock(bench->mutex);
    while (bench->running > 0) {
        sys_condition_wait(bench->idle, bench->mutex);
    }
    sys_mutex_unlock(bench->mutex);
    struct speed speed = speed_of(rows, from, cpu_from);
    for (uint32_t i = 0; i < started; i++) {
        arena_free(flights[i].arena);
    }
    return speed;
}

struct making {
    struct store_job job; /* first */
    struct bench *bench;
    uint32_t from;
};

static status make_parents(struct store_job *job, struct store_view *view)
{
    struct making *making = (struct making *)job;
    struct bench *bench = making->bench;
    if (bench->root.id == 0) {
        TRY(store_insert(view, &(struct store_new){.ri = BYTES("id-in"), .rn = BYTES("cse")},
                         bench->parents_arena, &bench->root));
    }
    for (uint32_t i = making->from; i < making->from + 1000 && i < PARENTS; i++) {
        TRY(store_insert(view,
                         &(struct store_new){.parent_id = bench->root.id,
                                             .rn = arena_printf(bench->arena, "container%u", i),
                                             .ri_prefix = BYTES("cnt"),
                                             .type = 3,
                                             .body = bytes_of(body_text, 300)},
                         bench->parents_arena, &bench->parents[i]));
    }
    return OK;
}

static void open_store(struct bench *bench, const char *directory)
{
    struct store_options options = {
        .directory = bytes_str(directory), .clock = &sys_clock_real, .threaded = true};
    check(store_open(&options, &bench->store), "open");
    check(store_view_open(bench->store, &bench->view), "view");
}

static void close_store(struct bench *bench)
{
    store_view_close(bench->view);
    store_close(bench->store);
}

/* ---- reads ---- */
static double usec_per_get(struct bench *bench, uint32_t count)
{
    int64_t from = sys_monotonic_usec();
    for (uint32_t i = 0; i < count; i++) {
        struct store_row row;
        char path[64];
        int length = snprintf(path, sizeof(path), "cse/container%u", random_below(PARENTS));
        arena_reset(bench->arena);
        check(store_view_begin(bench->view), "begin");
        check(store_get_by_path(bench->view, bytes_of(path, (size_t)length), bench->arena, &row),
              "get");
        store_view_end(bench->view);
    }
    return seconds_since(from) * 1e6 / count;
}

static double usec_per_newest(struct bench *bench, int64_t parent_id, uint32_t count)
{
    int64_t from = sys_monotonic_usec();
    for (uint32_t i = 0; i < count; i++) {
        struct store_row row;
        arena_reset(bench->arena);
        check(store_view_begin(bench->view), "begin");
        check(store_get_newest(bench->view, parent_id, bench->arena, &row), "newest");
        store_view_end(bench->view);
    }
    return seconds_since(from) * 1e6 / count;
}

static bool count_row(void *user, const struct store_row *row)
{
    uint32_t *count = user;
    (void)row;
    ++*count;
    return true;
}

static double usec_per_search(struct bench *bench, uint32_t count)
{
    struct store_key key = {LABEL, BYTES("wanted")};
    struct store_search query = {
        .root_path = BYTES("cse"), .any_keys = &key, .any_key_count = 1, .with_body = true};
    int64_t from = sys_monotonic_usec();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hits = 0;
        check(store_view_begin(bench->view), "begin");
        check(store_search_below(bench->view, &query, count_row, &hits), "search");
        store_view_end(bench->view);
        if (hits != HITS) {
            (void)fprintf(stderr, "%u hits\n", hits);
            exit(1);
        }
    }
    return seconds_since(from) * 1e6 / count;
}

static double megabytes(void)
{
    return (double)sys_resident_memory() / 1e6;
}

static void run(struct bench *bench, const char *directory, uint32_t rows)
{
    uint32_t half = rows / 5;
    struct speed bare = bare_loop(directory, half, HUGE_VAL);
    erase(directory, "store.db");
    open_store(bench, directory);
    (void)printf("resident at start            %10.1f MB\n", megabytes());
    for (uint32_t i = 0; i < PARENTS; i += 1000) {
        struct making making = {.job = {.run = make_parents}, .bench = bench, .from = i};
        check(store_run(bench->store, &making.job), "parents");
    }
    (void)insert_rows(bench, HITS,
                      &(struct flight){.parent = &bench->root, .is_node = true, .labelled = true});
    double get = usec_per_get(bench, 100000), few = usec_per_search(bench, 1000);
    struct speed ours = insert_rows(bench, half, &(struct flight){.parent = NULL});
    (void)printf("bare loop                    %10.0f rows/s, %.2f us of processor a row\n",
                 bare.rate, bare.cpu);
    (void)printf(
        "our jobs, random parents     %10.0f rows/s, %.2f us, ratio %.2f, of processor %.2f\n",
        ours.rate, ours.cpu, ours.rate / bare.rate, bare.cpu / ours.cpu);
    (void)insert_rows(bench, 1000, &(struct flight){.parent = &bench->parents[0]});
    double la_few = usec_per_newest(bench, bench->parents[0].id, 100000);
    struct speed in_few = insert_rows(bench, 20000, &(struct flight){.parent = &bench->parents[0]});
    (void)insert_rows(bench, rows, &(struct flight){.parent = &bench->parents[1]});
    double la_many = usec_per_newest(bench, bench->parents[1].id, 100000);
    struct speed in_many =
        insert_rows(bench, 20000, &(struct flight){.parent = &bench->parents[1]});
    (void)printf("newest of 1000, of %u   %10.2f us, %.2f us\n", rows, la_few, la_many);
    (void)printf("insert into 1000, %u    %10.0f rows/s, %.0f rows/s\n", rows, in_few.rate,
                 in_many.rate);
    double many = usec_per_search(bench, 1000), get_many = usec_per_get(bench, 100000);
    (void)printf("get by path                  %10.2f us, %.2f us among %u\n", get, get_many, rows);
    (void)printf("search of 100 hits           %10.1f us, %.1f us (%.1f, %.1f gets)\n", few, many,
                 few / get, many / get);
    (void)printf("resident, all stored         %10.1f MB\n", megabytes());
    close_store(bench);
    int64_t from = sys_monotonic_usec();
    open_store(bench, directory);
    (void)printf("opened in                    %10.1f ms\n", seconds_since(from) * 1e3);
    close_store(bench);
    erase(directory, "store.db");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc == 4 && strcmp(argv[1], "bare") == 0) {
        struct speed bare = bare_loop(argv[2], UINT32_MAX, strtod(argv[3], NULL));
        (void)printf("bare loop %.0f rows/s, %.2f us of processor a row\n", bare.rate, bare.cpu);
        return 0;
    }
    if (argc < 2 || argc > 3) {
        (void)fprintf(stderr, "usage: store_bench DIRECTORY [ROWS] | bare DIRECTORY SECONDS\n");
        return 2;
    }
    memset(body_text, 'b', sizeof(body_text));
    bench.arena = arena_new(SIZE_MAX);
    bench.parents_arena = arena_new(SIZE_MAX);
    bench.mutex = sys_mutex_new();
    bench.idle = sys_condition_new();
    run(&bench, argv[1], argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000000);
    sys_condition_free(bench.idle);
    sys_mutex_free(bench.mutex);
    arena_free(bench.parents_arena);
    arena_free(bench.arena);
    return 0;
}
