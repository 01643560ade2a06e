/* SPDX-License-Identifier: Apache-2.0
 * One loop of a server: its view, its counters, and what comes back from the writer. Jobs that come
 * back together share one read snapshot. */
#include "serve/serve_int.h"

int64_t serve_now(const struct serve_worker *worker)
{
    return sys_now(worker->loop->clock);
}

struct sys_loop *serve_worker_loop(const struct serve_worker *worker)
{
    return worker->loop;
}

void serve_worker_set_user(struct serve_worker *worker, void *user)
{
    worker->user = user;
}

void *serve_worker_get_user(const struct serve_worker *worker)
{
    return worker->user;
}

struct serve *serve_worker_serve(const struct serve_worker *worker)
{
    return worker->serve;
}

struct prim_link *serve_worker_link(struct serve_worker *worker)
{
    return &worker->link;
}

/* ---- jobs on their way ---- */

void serve_worker_hand_over(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    must(worker->view_depth > 0);
    x->at_writer = true;
    x->job.next = NULL;
    if (worker->jobs == NULL) {
        worker->jobs = &x->job;
    } else {
        worker->last_job->next = &x->job;
    }
    worker->last_job = &x->job;
}

/* One wake-up for all that the loop has not taken yet; without memory the next one takes them. */
static void wake_finished(struct serve_worker *worker)
{
    sys_mutex_lock(worker->mutex);
    if (worker->finished != NULL && !worker->finished_posted) {
        worker->finished_posted =
            is_ok(worker->loop->post(worker->loop, serve_worker_take_finished, worker));
    }
    sys_mutex_unlock(worker->mutex);
}

/* What one turn of the loop decided to change, most likely in one commit. */
static void submit_jobs(struct serve_worker *worker)
{
    struct store_job *job = worker->jobs;
    worker->jobs = worker->last_job = NULL;
    if (job == NULL) {
        return;
    }
    job = store_submit_all(worker->serve->store, job);
    bool refused = job != NULL;
    while (job != NULL) {
        struct store_job *next = job->next;
        job->done(job, ERROR(OVERLOADED));
        job = next;
    }
    if (refused) {
        wake_finished(worker);
    }
}

/* ---- the read view ---- */

static uint64_t policy_version(struct serve *serve)
{
    sys_mutex_lock(serve->mutex);
    uint64_t version = serve->policy_version;
    sys_mutex_unlock(serve->mutex);
    return version;
}

/* Nothing in a snapshot is decided about by policies that are older than it. */
static void view_pinned(void *user)
{
    struct serve_worker *worker = user;
    if (policy_version(worker->serve) != worker->entered_version) {
        serve_policies_clear(worker->policies);
    }
}

void serve_worker_enter(struct serve_worker *worker)
{
    worker->view_depth += 1;
    if (worker->view_depth > 1) {
        return;
    }
    /* the version first: what is read afterwards is at least as new */
    worker->entered_version = policy_version(worker->serve);
    serve_policies_refresh(worker->policies, worker->entered_version);
    serve_nodes_refresh(worker->nodes, store_tree_version(worker->serve->store));
    status begun = store_view_begin(worker->view);
    if (is_error(begun)) {
        log_line(LOG_LEVEL_ERROR, "store", "no snapshot: %s", status_note_get()->text);
    }
}

void serve_worker_leave(struct serve_worker *worker)
{
    must(worker->view_depth > 0);
    worker->view_depth -= 1;
    if (worker->view_depth == 0) {
        store_view_end(worker->view);
        submit_jobs(worker);
    }
}

/* ---- the end of an exchange ---- */

static void count_answer(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    unsigned operation = (unsigned)x->call->request.operation;
    unsigned class = x->call->response.rsc / 1000u;
    sys_mutex_lock(worker->mutex);
    if (operation < ARRAY_LEN(worker->counters.requests)) {
        worker->counters.requests[operation] += 1;
    }
    if (class < ARRAY_LEN(worker->counters.responses_by_class)) {
        worker->counters.responses_by_class[class] += 1;
    }
    worker->counters.denied += status_is(x->failure, STATUS_ORIGINATOR_HAS_NO_PRIVILEGE);
    worker->counters.in_flight = worker->in_flight;
    sys_mutex_unlock(worker->mutex);
}

static void tell_idle(void *user)
{
    struct serve_worker *worker = user;
    if (worker->draining && worker->in_flight == 0 && worker->idle != NULL) {
        void (*idle)(void *user) = worker->idle;
        worker->idle = NULL;
        idle(worker->idle_user);
    }
}

void serve_finish(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    struct prim_call *call = x->call;
    worker->in_flight -= 1;
    count_answer(x);
    serve_log_request(x);
    const struct serve_behaviour *behaviour = worker->serve->behaviour;
    if (behaviour->answered != NULL && x->target.row.id != 0 && !x->who.internal) {
        behaviour->answered(x);
    }
    call->transport = x->cancelled ? ERROR(CANCELLED) : OK;
    call->receiver = NULL;
    call->done(call);
    if (worker->draining && worker->in_flight == 0) {
        IGNORE_STATUS(worker->loop->post(worker->loop, tell_idle, worker)); /* the timer of who
                                                                              drains is the net */
    }
}

void serve_worker_drain(struct serve_worker *worker, void (*idle)(void *user), void *user)
{
    worker->draining = true;
    worker->idle = idle;
    worker->idle_user = user;
    serve_end_sleep(worker);
    if (worker->in_flight == 0) {
        IGNORE_STATUS(worker->loop->post(worker->loop, tell_idle, worker));
    }
}

/* ---- jobs that come back ---- */

void serve_worker_take_finished(void *user)
{
    struct serve_worker *worker = user;
    sys_mutex_lock(worker->mutex);
    struct exchange *x = worker->finished;
    worker->finished_posted = false;
    worker->finished = NULL;
    worker->last_finished = NULL;
    sys_mutex_unlock(worker->mutex);
    bool planned = false;
    serve_worker_enter(worker);
    while (x != NULL) {
        struct exchange *next = x->next;
        x->next = NULL;
        x->view =
            worker->view; /* only with attributes that were read: an answer looks up nothing */
        planned = planned || x->planned;
        if (x->task != NULL) {
            serve_task_over(x);
        } else {
            x->stage = SERVE_STAGE_RESPOND;
            serve_pipeline_run(x);
        }
        x = next;
    }
    serve_worker_leave(worker);
    if (planned && worker->serve->behaviour->effects_committed != NULL) {
        worker->serve->behaviour->effects_committed(worker);
    }
}

/* Jobs whose wake-up found no memory. */
bool serve_worker_is_stuck(struct serve_worker *worker)
{
    sys_mutex_lock(worker->mutex);
    bool stuck = worker->finished != NULL && !worker->finished_posted;
    sys_mutex_unlock(worker->mutex);
    return stuck;
}

void serve_worker_push_finished(struct exchange *x)
{
    struct serve_worker *worker = x->worker;
    sys_mutex_lock(worker->mutex);
    x->next = NULL;
    if (worker->finished == NULL) {
        worker->finished = x;
    } else {
        worker->last_finished->next = x;
    }
    worker->last_finished = x;
    sys_mutex_unlock(worker->mutex);
}

void serve_batch_told(void *user)
{
    struct serve *serve = user;
    sys_mutex_lock(serve->mutex);
    for (struct serve_worker *worker = serve->workers; worker != NULL; worker = worker->next) {
        wake_finished(worker);
    }
    sys_mutex_unlock(serve->mutex);
}

/* ---- life ---- */

static status open_worker(struct serve_worker *worker, const struct serve_outgoing *outgoing)
{
    worker->mutex = sys_mutex_new();
    worker->outgoing = mem_alloc_array(worker->outgoing_count + 1, sizeof(struct serve_outgoing));
    ENSURE(worker->mutex != NULL && worker->outgoing != NULL, NO_MEMORY, "worker");
    if (worker->outgoing_count > 0) {
        memcpy(worker->outgoing, outgoing, worker->outgoing_count * sizeof(*outgoing));
    }
    TRY(serve_policies_new(&worker->policies));
    worker->nodes = serve_nodes_new();
    ENSURE(worker->nodes != NULL, NO_MEMORY, "worker");
    TRY(store_view_open(worker->serve->store, &worker->view));
    store_view_on_pinned(worker->view, view_pinned, worker);
    return OK;
}

status serve_worker_new(struct serve *serve, struct sys_loop *loop,
                        const struct serve_outgoing *outgoing, size_t outgoing_count,
                        struct serve_worker **ret_worker)
{
    struct serve_worker *worker = mem_alloc(sizeof(*worker));
    ENSURE(worker != NULL, NO_MEMORY, "worker");
    worker->serve = serve;
    worker->loop = loop;
    worker->outgoing_count = outgoing_count;
    worker->link = (struct prim_link){serve_link_send, serve_link_cancel, worker};
    status result = open_worker(worker, outgoing);
    sys_mutex_lock(serve->mutex);
    worker->next = serve->workers;
    serve->workers = worker;
    sys_mutex_unlock(serve->mutex);
    if (is_error(result)) {
        serve_worker_free(worker);
        return result;
    }
    *ret_worker = worker;
    return OK;
}

void serve_worker_free(struct serve_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    struct serve *serve = worker->serve;
    sys_mutex_lock(serve->mutex);
    for (struct serve_worker **at = &serve->workers; *at != NULL; at = &(*at)->next) {
        if (*at == worker) {
            *at = worker->next;
            break;
        }
    }
    sys_mutex_unlock(serve->mutex);
    store_view_close(worker->view);
    serve_policies_free(worker->policies);
    serve_nodes_free(worker->nodes);
    mem_free(worker->outgoing);
    sys_mutex_free(worker->mutex);
    mem_free(worker);
}
