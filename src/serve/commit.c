/* SPDX-License-Identifier: Apache-2.0
 * Hands a change to the writer and takes it back when it is durable; an answer to a change leaves
 * only then. One transaction holds the change and what it causes (product rule 4). */
#include <stddef.h>

#include "serve/serve_int.h"

static struct exchange *exchange_of(struct store_job *job)
{
    return (struct exchange *)((char *)job - offsetof(struct exchange, job));
}

/* A job may run again after its batch was undone: everything it found out is forgotten. */
void serve_job_prepare(struct exchange *x, struct store_view *view)
{
    if (x->job_runs > 0) {
        serve_policies_clear(x->serve->writer_policies);
    }
    x->job_runs += 1;
    x->view = view;
    x->in_job = true;
    x->now = sys_now(x->serve->clock);
    x->parent_memo = (struct serve_resource){.row = {.id = 0}};
    x->planned = false;
    x->posted_octets = 0;
    x->looked_octets = 0;
    x->touches_policy = false;
    x->failure = OK;
}

static void forget_findings(struct exchange *x)
{
    x->events = NULL;
    x->last_event = NULL;
    x->target = (struct serve_resource){.row = {.id = 0}};
    x->created = (struct serve_resource){.row = {.id = 0}};
    x->assigned_ri = BYTES_NONE;
    x->representation = NULL;
    x->before = NULL;
    x->changed_by_us = NULL;
    x->owner = x->who.absolute;
    x->rsc = 0;
    x->result = NULL;
    x->has_result = false;
    x->partial = false;
}

static status run_change(struct store_job *job, struct store_view *view)
{
    struct exchange *x = exchange_of(job);
    serve_job_prepare(x, view);
    forget_findings(x);
    status result = x->now > x->deadline ? ERROR(REQUEST_TIMEOUT) : serve_pipeline_run_job(x);
    if (is_error(result)) {
        serve_log_failure(x, result);
        if (x->touches_policy) {
            serve_policies_clear(x->serve->writer_policies);
        }
    }
    return result;
}

/* A request that changed nothing but is to be told about. */
static status run_plan(struct store_job *job, struct store_view *view)
{
    struct exchange *x = exchange_of(job);
    serve_job_prepare(x, view);
    return serve_plan_effects(x);
}

static void job_done(struct store_job *job, status result)
{
    serve_job_over(exchange_of(job), result);
}

void serve_job_over(struct exchange *x, status result)
{
    if (x->touches_policy && is_ok(result)) {
        sys_mutex_lock(x->serve->mutex);
        x->serve->policy_version += 1;
        sys_mutex_unlock(x->serve->mutex);
    } else if (x->touches_policy) {
        serve_policies_clear(x->serve->writer_policies);
    }
    x->failure = result;
    x->planned = x->planned && is_ok(result);
    x->in_job = false;
    serve_worker_push_finished(x);
}

status serve_commit(struct exchange *x)
{
    bool changes = serve_changes(x);
    if (!changes && x->events == NULL) {
        return OK;
    }
    x->job = (struct store_job){.run = changes ? run_change : run_plan, .done = job_done};
    serve_worker_hand_over(x);
    return ERROR(PENDING); /* x belongs to the writer now */
}
