/* SPDX-License-Identifier: Apache-2.0
 * One transaction for many jobs. A job that fails before it changed anything costs the others
 * nothing; after one that failed later the others run again without it; and what spoils the file
 * (disk full, an input or output error) fails them all and leaves nothing. */
#include "store/sqlite/sqlite_int.h"

/* What a pass over the jobs came to. */
enum pass { PASS_DONE, PASS_AGAIN, PASS_FAILED };

struct batch {
    struct store *store;
    struct store_job *jobs;   /* still in */
    struct store_job *failed; /* taken out, with their result */
    status result;            /* of a pass that failed */
};

static status undo(struct store *store)
{
    struct store_view *view = store->writer;
    if (sqlite3_get_autocommit(view->db) == 0) { /* else the library has done it */
        TRY(sqlite_run(view, SQL_rollback));
    }
    store->rows = store->committed_rows; /* numbers stay used */
    for (size_t i = 0; i < sizeof(store->instance_types); i++) {
        store->instance_types[i] = 0;
    }
    atomic_fetch_add(&store->tree_version, 1);
    return OK;
}

static void begin_pass(struct store_view *view)
{
    view->changes = 0;
    view->tree_changed = false;
    view->broken = STATUS_OK;
}

static enum pass fail_pass(struct batch *batch, status why)
{
    batch->result = why;
    status undone = undo(batch->store);
    if (is_error(undone)) {
        batch->result = undone;
    }
    return PASS_FAILED;
}

/* Takes the job at *link out of the batch. */
static void take_out(struct batch *batch, struct store_job **link)
{
    struct store_job *job = *link;
    *link = job->next;
    job->next = batch->failed;
    batch->failed = job;
}

static enum pass run_jobs(struct batch *batch)
{
    struct store_view *view = batch->store->writer;
    for (struct store_job **link = &batch->jobs; *link != NULL; link = &(*link)->next) {
        struct store_job *job = *link;
        uint64_t before = view->changes;
        job->result = job->run(job, view);
        must(!status_is(job->result, STATUS_PENDING));
        if (view->broken != STATUS_OK) {
            return fail_pass(batch, (status){view->broken});
        }
        if (is_error(job->result) && view->changes != before) {
            take_out(batch, link);
            status undone = undo(batch->store);
            return is_ok(undone) ? PASS_AGAIN : fail_pass(batch, undone);
        }
    }
    return PASS_DONE;
}

static status commit(struct store *store)
{
    struct store_view *view = store->writer;
    if (view->changes == 0) {
        return sqlite_run(view, SQL_rollback); /* nothing to keep: no write to the disk */
    }
    TRY(sqlite_meta_save(store));
    TRY(sqlite_run(view, SQL_commit));
    store->committed_number = store->number;
    store->committed_rows = store->rows;
    if (view->tree_changed) {
        atomic_fetch_add(&store->tree_version, 1);
    }
    atomic_fetch_add(&store->commit_version, 1);
    return OK;
}

static enum pass run_pass(struct batch *batch)
{
    begin_pass(batch->store->writer);
    status result = sqlite_run(batch->store->writer, SQL_begin_write);
    if (is_error(result)) {
        return fail_pass(batch, result);
    }
    enum pass pass = run_jobs(batch);
    if (pass == PASS_DONE) {
        result = commit(batch->store);
        if (is_error(result)) {
            return fail_pass(batch, result);
        }
    }
    return pass;
}

static void finish(struct store_job *jobs)
{
    while (jobs != NULL) {
        struct store_job *job = jobs;
        jobs = job->next; /* done may free the job */
        job->next = NULL;
        if (job->done != NULL) {
            job->done(job, job->result);
        }
    }
}

void sqlite_batch_run(struct store *store, struct store_job *jobs)
{
    struct batch batch = {.store = store, .jobs = jobs, .result = OK};
    enum pass pass;
    do {
        pass = run_pass(&batch);
    } while (pass == PASS_AGAIN);
    if (pass == PASS_FAILED) {
        for (struct store_job *job = batch.jobs; job != NULL; job = job->next) {
            job->result = batch.result;
        }
    }
    finish(batch.failed);
    finish(batch.jobs);
    sys_mutex_lock(store->told_mutex);
    if (store->told != NULL) {
        store->told(store->told_user);
    }
    sys_mutex_unlock(store->told_mutex);
}

void store_on_batch_told(struct store *store, void (*told)(void *user), void *user)
{
    sys_mutex_lock(store->told_mutex);
    store->told = told;
    store->told_user = user;
    sys_mutex_unlock(store->told_mutex);
}
