/* SPDX-License-Identifier: Apache-2.0
 * Resources past their expirationTime are deleted like any other, a bounded number in one
 * transaction. TS-0004 7.3.3.5, 7.3.3.8. */
#include "server/cse/cse_int.h"

#define BATCH 64

struct cse_expiry {
    struct serve_worker *worker;
    struct sys_timer *timer;
    int64_t interval;
    size_t removed; /* by the latest job; written on the writer, read when it is over */
    bool running, stopping;
};

static void arm(struct cse_expiry *expiry, int64_t delay);

/* ---- writer ---- */

struct harvest {
    int64_t ids[BATCH];
    size_t count;
};

static bool collect(void *user, const struct store_row *row)
{
    struct harvest *harvest = user;
    harvest->ids[harvest->count++] = row->id;
    return harvest->count < BATCH;
}

static status remove_one(struct exchange *x, int64_t id)
{
    struct store_row row;
    status got = store_get_by_id(x->view, id, x->arena, &row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return OK; /* went with an ancestor */
    }
    TRY(got);
    struct serve_resource resource = {.row = row, .type = type_by_number(row.type)};
    ENSURE(resource.type != NULL, STORE_FAILED, "unknown type %u", (unsigned)row.type);
    return serve_delete_internal(x, &resource, false);
}

static status remove_expired(struct exchange *x, void *user)
{
    struct cse_expiry *expiry = user;
    struct harvest harvest = {.count = 0};
    expiry->removed = 0;
    TRY(store_each_expired(x->view, x->now, BATCH, collect, &harvest));
    for (size_t i = 0; i < harvest.count; i++) {
        TRY(remove_one(x, harvest.ids[i]));
    }
    expiry->removed = harvest.count;
    return OK;
}

/* ---- loop ---- */

static void removed(void *user, status result)
{
    struct cse_expiry *expiry = user;
    expiry->running = false;
    if (expiry->stopping) {
        mem_free(expiry);
        return;
    }
    bool more = is_ok(result) && expiry->removed == BATCH;
    arm(expiry, more ? 0 : expiry->interval);
}

static void fire(void *user)
{
    struct cse_expiry *expiry = user;
    expiry->timer = NULL;
    expiry->running = is_ok(serve_run_job(expiry->worker, remove_expired, removed, expiry));
    if (!expiry->running) {
        arm(expiry, expiry->interval);
    }
}

static void arm(struct cse_expiry *expiry, int64_t delay)
{
    struct sys_loop *loop = serve_worker_loop(expiry->worker);
    expiry->timer = loop->timer_start(loop, delay, fire, expiry);
    if (expiry->timer == NULL) {
        log_line(LOG_LEVEL_ERROR, "expiry", "no memory for a timer; expiry has stopped");
    }
}

status cse_expiry_start(struct serve_worker *worker, struct cse_expiry **ret_expiry)
{
    struct cse_expiry *expiry = mem_alloc(sizeof(*expiry));
    ENSURE(expiry != NULL, NO_MEMORY, "expiry");
    expiry->worker = worker;
    expiry->interval = serve_config_get(serve_worker_serve(worker))->expiry_interval_usec;
    if (expiry->interval <= 0) {
        expiry->interval = USEC_PER_SEC;
    }
    arm(expiry, expiry->interval);
    if (expiry->timer == NULL) {
        mem_free(expiry);
        FAIL(NO_MEMORY, "expiry");
    }
    *ret_expiry = expiry;
    return OK;
}

void cse_expiry_stop(struct cse_expiry *expiry)
{
    if (expiry == NULL) {
        return;
    }
    struct sys_loop *loop = serve_worker_loop(expiry->worker);
    loop->timer_stop(loop, expiry->timer);
    expiry->timer = NULL;
    expiry->stopping = true;
    if (!expiry->running) {
        mem_free(expiry);
    }
}
