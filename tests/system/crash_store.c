/* SPDX-License-Identifier: Apache-2.0
 * Kills a process in the middle of concurrent changes, many times over, and compares what the
 * store then holds with a model: nothing that was acknowledged is lost, nothing is there by half,
 * counters, order and queues are right. Usage: crash_store [KILLS] [SEED] */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

enum { CLIENTS = 4, LIVE_MAX = 64, QUEUE_MAX = 64, LABEL = 1 };

/* In memory where possible: a killed process leaves what it wrote there as well, and more is done
 * between two kills. */
static char in_memory[] = "/dev/shm/anp-crash-XXXXXX", on_disk[] = "/tmp/anp-crash-XXXXXX";
static char *directory;
static _Atomic uint64_t *acknowledged; /* one a client, shared with the child */

static void need(bool holds, const char *what)
{
    if (!holds) {
        (void)printf("not ok 1 - %s (%s)\n", what, status_note_get()->text);
        (void)fflush(stdout);
        exit(1);
    }
}

static void need_ok(status result, const char *what)
{
    need(is_ok(result), what);
}

/* ---- the model: what a client's first n steps leave behind ---- */
struct model {
    uint64_t step;
    uint64_t live[LIVE_MAX]; /* instances, by the step that made them, oldest first */
    size_t live_count;
    uint64_t trees[LIVE_MAX]; /* subtrees, likewise */
    size_t tree_count;
    uint64_t queue[QUEUE_MAX]; /* messages, likewise */
    size_t queue_count;
    uint64_t body;      /* step of the last update of the container */
    uint64_t state_tag; /* instances ever made */
};

enum act { ADD, ADD_MANY, DROP_OLDEST, DROP_MIDDLE, GROW_TREE, CUT_TREE, UPDATE, SEND, FAIL };

static uint64_t mix(uint64_t value)
{
    value ^= value >> 30;
    value *= UINT64_C(0xbf58476d1ce4e5b9);
    value ^= value >> 27;
    value *= UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

/* What a client does next depends on its number and what it has: the same in every process. */
static enum act choose(const struct model *model, size_t client)
{
    uint64_t dice = mix(model->step * CLIENTS + client) % 16;
    if (dice >= 14 || (dice >= 12 && model->live_count == 0)) {
        return dice % 2 == 0 ? UPDATE : SEND;
    }
    if (dice >= 12) {
        return dice == 12 ? DROP_OLDEST : DROP_MIDDLE;
    }
    if (dice == 11 || dice == 10) {
        return model->tree_count > dice % 2 ? CUT_TREE : GROW_TREE;
    }
    if (dice == 9) {
        return FAIL;
    }
    return model->live_count + 3 >= LIVE_MAX ? DROP_OLDEST : dice == 8 ? ADD_MANY : ADD;
}

static void drop_at(uint64_t *list, size_t *count, size_t at)
{
    memmove(list + at, list + at + 1, (*count - at - 1) * sizeof(*list));
    --*count;
}

static void model_add(struct model *model, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        model->live[model->live_count++] = model->step;
        model->state_tag++;
    }
    if (model->queue_count < QUEUE_MAX) {
        model->queue[model->queue_count++] = model->step;
    }
}

static void model_step(struct model *model, size_t client)
{
    enum act act = choose(model, client);
    model->step++;
    switch (act) {
    case ADD:
        model_add(model, 1);
        break;
    case ADD_MANY:
        model_add(model, 3);
        break;
    case DROP_OLDEST:
        drop_at(model->live, &model->live_count, 0);
        break;
    case DROP_MIDDLE:
        drop_at(model->live, &model->live_count, model->live_count / 2);
        break;
    case GROW_TREE:
        model->trees[model->tree_count++] = model->step;
        break;
    case CUT_TREE:
        drop_at(model->trees, &model->tree_count, 0);
        break;
    case UPDATE:
        model->body = model->step;
        break;
    case SEND:
        if (model->queue_count > 0) {
            drop_at(model->queue, &model->queue_count, 0);
        }
        break;
    case FAIL:
        break;
    }
}

/* ---- the same against the store ---- */
struct client {
    struct store_job job; /* first */
    struct store *store;
    struct sys_thread *thread;
    struct arena *arena;
    size_t number;
    struct model model; /* as of the last acknowledged step */
    bool must_fail;     /* this run of the job breaks off after its changes */
};

static struct bytes text_of(struct arena *arena, const char *what, uint64_t number)
{
    return arena_printf(arena, "%s%llu", what, (unsigned long long)number);
}

static status container_of(struct client *client, struct store_view *view, struct store_row *ret)
{
    struct bytes path = text_of(client->arena, "cse/client", client->number);
    return store_get_by_path(view, path, client->arena, ret);
}

static int64_t size_of(uint64_t step)
{
    return (int64_t)(mix(step) % 500);
}

static status add_one(struct client *client, struct store_view *view, int64_t parent_id,
                      uint64_t step)
{
    static char body[700];
    struct store_key key = {LABEL, text_of(client->arena, "step", step)};
    return store_insert(view,
                        &(struct store_new){.parent_id = parent_id,
                                            .ri_prefix = BYTES("cin"),
                                            .type = 4,
                                            .is_instance = true,
                                            .ct = (int64_t)step,
                                            .et = (int64_t)step + 1000000,
                                            .size = size_of(step),
                                            .keys = &key,
                                            .key_count = step % 3 == 0 ? 1 : 0,
                                            .body = bytes_of(body, (size_t)size_of(step))},
                        client->arena, NULL);
}

static status do_add(struct client *client, struct store_view *view, uint64_t count, uint64_t step)
{
    struct store_row row;
    TRY(container_of(client, view, &row));
    for (uint64_t i = 0; i < count; i++) {
        TRY(add_one(client, view, row.id, step));
    }
    TRY(store_update(view, &(struct store_change){.id = row.id,
                                                  .set_state_tag = true,
                                                  .state_tag = row.state_tag + (int64_t)count}));
    if (client->model.queue_count >= QUEUE_MAX) {
        return OK;
    }
    struct store_message message = {
        .queue = row.ri, .due = 1, .body = text_of(client->arena, "step", step)};
    return store_outbox_add(view, &message, NULL);
}

struct pick {
    int64_t id;
};

static bool take_id(void *user, const struct store_row *row)
{
    struct pick *pick = user;
    pick->id = row->id;
    return false;
}

static status do_drop(struct client *client, struct store_view *view, uint64_t at)
{
    struct store_row row;
    struct pick pick = {0};
    TRY(container_of(client, view, &row));
    struct store_children query = {.parent_id = row.id, .type = 4, .offset = at, .limit = 1};
    TRY(store_each_child(view, &query, take_id, &pick));
    return store_delete(view, pick.id, NULL, NULL);
}

static status do_grow(struct client *client, struct store_view *view, uint64_t step)
{
    struct store_row row, top;
    TRY(container_of(client, view, &row));
    TRY(store_insert(view,
                     &(struct store_new){.parent_id = row.id,
                                         .rn = text_of(client->arena, "tree", step),
                                         .type = 3},
                     client->arena, &top));
    for (int i = 0; i < 3; i++) {
        TRY(add_one(client, view, top.id, step));
        TRY(store_insert(view,
                         &(struct store_new){.parent_id = top.id, .type = 3, .rn = BYTES("d")},
                         client->arena, &top));
    }
    return OK;
}

static status do_cut(struct client *client, struct store_view *view)
{
    struct store_row row, top;
    TRY(container_of(client, view, &row));
    struct bytes name = text_of(client->arena, "tree", client->model.trees[0]);
    TRY(store_get_child(view, row.id, name, client->arena, &top));
    return store_delete(view, top.id, NULL, NULL);
}

static status do_update(struct client *client, struct store_view *view, uint64_t step)
{
    struct store_row row;
    struct bytes text = text_of(client->arena, "step", step);
    struct store_key key = {LABEL, text};
    TRY(container_of(client, view, &row));
    return store_update(view, &(struct store_change){.id = row.id,
                                                     .set_body = true,
                                                     .body = text,
                                                     .set_keys = true,
                                                     .keys = &key,
                                                     .key_count = 1,
                                                     .set_et = true,
                                                     .et = (int64_t)step});
}

static status do_send(struct client *client, struct store_view *view)
{
    struct store_row row;
    TRY(container_of(client, view, &row));
    return client->model.queue_count == 0 ? OK : store_outbox_drop_oldest(view, row.ri);
}

static status act_on(struct client *client, struct store_view *view)
{
    uint64_t step = client->model.step + 1;
    switch (choose(&client->model, client->number)) {
    case ADD:
        return do_add(client, view, 1, step);
    case ADD_MANY:
        return do_add(client, view, 3, step);
    case DROP_OLDEST:
        return do_drop(client, view, 0);
    case DROP_MIDDLE:
        return do_drop(client, view, client->model.live_count / 2);
    case GROW_TREE:
        return do_grow(client, view, step);
    case CUT_TREE:
        return do_cut(client, view);
    case UPDATE:
        return do_update(client, view, step);
    case SEND:
        return do_send(client, view);
    case FAIL:
        if (client->must_fail) { /* first makes a mess, which must leave no trace */
            TRY(do_grow(client, view, step));
            return ERROR(BAD_REQUEST);
        }
        return OK;
    }
    return ERROR(STORE_FAILED);
}

/* The step's number is kept in the same transaction. */
static status run_step(struct store_job *job, struct store_view *view)
{
    struct client *client = (struct client *)job;
    uint64_t step = client->model.step + 1;
    arena_reset(client->arena);
    TRY(act_on(client, view));
    return store_value_put(view, text_of(client->arena, "client", client->number),
                           bytes_of(&step, sizeof(step)));
}

/* ---- the child ---- */
static void client_main(void *user)
{
    struct client *client = user;
    for (;;) {
        if (choose(&client->model, client->number) == FAIL) {
            client->must_fail = true;
            need(status_is(store_run(client->store, &client->job), STATUS_BAD_REQUEST), "failing");
            client->must_fail = false;
        }
        need_ok(store_run(client->store, &client->job), "step");
        model_step(&client->model, client->number);
        atomic_store(&acknowledged[client->number], client->model.step);
    }
}

static struct store *open_store(bool threaded)
{
    struct store *store;
    struct store_options options = {
        .directory = bytes_str(directory), .clock = &sys_clock_real, .threaded = threaded};
    need_ok(store_open(&options, &store), "opening");
    return store;
}

static void child_main(struct client *clients, int ready)
{
    struct store *store = open_store(true);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].store = store;
        need_ok(sys_thread_start(client_main, &clients[i], &clients[i].thread), "thread");
    }
    need(write(ready, "r", 1) == 1, "telling");
    for (;;) {
        (void)pause();
    }
}

/* ---- comparing ---- */
struct listing {
    struct client *client;
    size_t seen;
    int64_t bytes;
    bool as_expected;
};

static bool compare_instance(void *user, const struct store_row *row)
{
    struct listing *listing = user;
    const struct model *model = &listing->client->model;
    bool fits = listing->seen < model->live_count &&
                row->ct == (int64_t)model->live[listing->seen] &&
                row->size == size_of((uint64_t)row->ct) && row->body.len == (size_t)row->size;
    listing->as_expected = listing->as_expected && fits;
    listing->bytes += row->size;
    listing->seen++;
    return true;
}

static void compare_instances(struct client *client, struct store_view *view,
                              const struct store_row *container)
{
    struct model *model = &client->model;
    struct listing listing = {.client = client, .as_expected = true};
    struct store_children query = {.parent_id = container->id, .type = 4, .with_body = true};
    struct store_row row;
    need_ok(store_each_child(view, &query, compare_instance, &listing), "instances");
    need(listing.as_expected && listing.seen == model->live_count, "instances as acknowledged");
    need(container->instances == (int64_t)listing.seen, "number of instances");
    need(container->instance_bytes == listing.bytes, "octets of instances");
    need(container->state_tag == (int64_t)model->state_tag, "state tag");
    if (model->live_count > 0) {
        need_ok(store_get_newest(view, container->id, client->arena, &row), "newest");
        need(row.ct == (int64_t)model->live[model->live_count - 1], "newest is the last");
        need_ok(store_get_oldest(view, container->id, client->arena, &row), "oldest");
        need(row.ct == (int64_t)model->live[0], "oldest is the first");
    }
}

static bool count_row(void *user, const struct store_row *row)
{
    size_t *count = user;
    (void)row;
    ++*count;
    return true;
}

static size_t expected_labels(const struct model *model)
{
    size_t count = model->body != 0 ? 1 : 0;
    for (size_t i = 0; i < model->live_count; i++) {
        count += model->live[i] % 3 == 0;
    }
    for (size_t i = 0; i < model->tree_count; i++) {
        count += model->trees[i] % 3 == 0 ? 3 : 0;
    }
    return count;
}

static bool count_key(void *user, const struct store_key *key)
{
    size_t *count = user;
    (void)key;
    ++*count;
    return true;
}

struct labels {
    struct store_view *view;
    size_t count;
};

static bool count_labels(void *user, const struct store_row *row)
{
    struct labels *labels = user;
    need_ok(store_each_key(labels->view, row->id, count_key, &labels->count), "keys");
    return true;
}

static void compare_tree(struct client *client, struct store_view *view,
                         const struct store_row *container, size_t *ret_rows)
{
    const struct model *model = &client->model;
    size_t below = 0;
    struct store_row row;
    struct labels labels = {view, 0};
    struct store_search search = {.root_path = container->path};
    need_ok(store_search_below(view, &search, count_row, &below), "search");
    need(below == model->live_count + 7 * model->tree_count, "rows below the container");
    need_ok(store_search_below(view, &search, count_labels, &labels), "labels");
    need_ok(store_each_key(view, container->id, count_key, &labels.count), "keys");
    need(labels.count == expected_labels(model), "index entries");
    for (size_t i = 0; i < model->tree_count; i++) {
        struct bytes name = text_of(client->arena, "tree", model->trees[i]);
        need_ok(store_get_child(view, container->id, name, client->arena, &row), "subtree");
        need(row.instances == 1, "instances of a subtree");
    }
    *ret_rows += below + 1;
}

struct head {
    struct bytes queue;
    uint64_t step;
    bool found, fits;
};

static bool compare_head(void *user, const struct store_message *message)
{
    struct head *head = user;
    if (bytes_equal(message->queue, head->queue)) {
        char text[32];
        (void)snprintf(text, sizeof(text), "step%llu", (unsigned long long)head->step);
        head->found = true;
        head->fits = bytes_is(message->body, text);
    }
    return true;
}

static void compare_queue(struct client *client, struct store_view *view,
                          const struct store_row *container)
{
    const struct model *model = &client->model;
    struct head head = {.queue = container->ri, .step = model->queue[0]};
    uint64_t count;
    need_ok(store_outbox_count(view, container->ri, &count), "queue");
    need(count == model->queue_count, "messages waiting");
    need_ok(store_outbox_each_due(view, 1, 0, compare_head, &head), "due");
    need(head.found == (count > 0) && (count == 0 || head.fits), "oldest message");
}

/* Brings the model up to the step the store has seen: the last acknowledged, or the one after. */
static void catch_up(struct client *client, struct store_view *view)
{
    uint64_t step = 0, last = atomic_load(&acknowledged[client->number]);
    struct bytes value;
    struct bytes name = text_of(client->arena, "client", client->number);
    status result = store_value_get(view, name, client->arena, &value);
    if (is_ok(result)) {
        memcpy(&step, value.ptr, sizeof(step));
    }
    need(is_ok(result) || (last == 0 && status_is(result, STATUS_NOT_FOUND)), "steps");
    need(step == last || step == last + 1, "no acknowledged step is lost");
    while (client->model.step < step) {
        model_step(&client->model, client->number);
    }
    atomic_store(&acknowledged[client->number], step);
}

static void compare(struct client *clients)
{
    struct store *store = open_store(false);
    struct store_view *view;
    size_t rows = 1;
    uint64_t counted;
    need_ok(store_view_open(store, &view), "view");
    need_ok(store_view_begin(view), "begin");
    for (size_t i = 0; i < CLIENTS; i++) {
        struct store_row container;
        arena_reset(clients[i].arena);
        catch_up(&clients[i], view);
        need_ok(container_of(&clients[i], view, &container), "container");
        if (clients[i].model.body != 0) {
            struct bytes body = text_of(clients[i].arena, "step", clients[i].model.body);
            need(bytes_equal(container.body, body), "last update");
            need(container.et == (int64_t)clients[i].model.body, "last update's et");
        }
        compare_instances(&clients[i], view, &container);
        compare_tree(&clients[i], view, &container, &rows);
        compare_queue(&clients[i], view, &container);
    }
    need_ok(store_count(view, &counted), "count");
    need(counted == rows, "number of rows");
    store_view_end(view);
    store_view_close(view);
    store_close(store);
}

/* ---- rounds ---- */
struct making {
    struct store_job job; /* first */
    struct arena *arena;
};

static status make_containers(struct store_job *job, struct store_view *view)
{
    struct making *making = (struct making *)job;
    struct store_row root;
    TRY(store_insert(view, &(struct store_new){.ri = BYTES("id-in"), .rn = BYTES("cse")},
                     making->arena, &root));
    for (uint64_t i = 0; i < CLIENTS; i++) {
        TRY(store_insert(view,
                         &(struct store_new){.parent_id = root.id,
                                             .type = 3,
                                             .rn = text_of(making->arena, "client", i)},
                         making->arena, NULL));
    }
    return OK;
}

static void kill_once(struct client *clients, uint64_t dice)
{
    int pipe_ends[2];
    char letter;
    need(pipe(pipe_ends) == 0, "pipe");
    (void)fflush(stdout);
    pid_t child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        (void)close(pipe_ends[0]);
        child_main(clients, pipe_ends[1]);
    }
    (void)close(pipe_ends[1]);
    if (dice % 8 != 0) { /* else it may die while it opens */
        need(read(pipe_ends[0], &letter, 1) == 1, "the child works");
    }
    (void)usleep((useconds_t)(dice / 8 % 40000));
    int result;
    need(waitpid(child, &result, WNOHANG) == 0, "the child is still at work");
    need(kill(child, SIGKILL) == 0 && waitpid(child, &result, 0) == child, "kill");
    need(WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL, "killed by us");
    (void)close(pipe_ends[0]);
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS];
    unsigned kills = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 200;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)sys_monotonic_usec();
    struct making making = {.job = {.run = make_containers}, .arena = arena_new(SIZE_MAX)};
    (void)printf("1..1\n# seed %llu\n", (unsigned long long)seed);
    acknowledged = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    directory = mkdtemp(in_memory);
    directory = directory != NULL ? directory : mkdtemp(on_disk);
    need(acknowledged != MAP_FAILED && directory != NULL, "preparing");
    struct store *store = open_store(false);
    need_ok(store_run(store, &making.job), "containers");
    store_close(store);
    arena_free(making.arena);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.job = {.run = run_step}, .number = i};
        clients[i].arena = arena_new(SIZE_MAX);
    }
    for (unsigned i = 0; i < kills; i++) {
        kill_once(clients, mix(seed + i));
        compare(clients);
    }
    uint64_t steps = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        steps += clients[i].model.step;
        arena_free(clients[i].arena);
    }
    (void)printf("# %u kills, %llu steps\nok 1 - every acknowledged change is there\n", kills,
                 (unsigned long long)steps);
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "store.lock"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
    return 0;
}
