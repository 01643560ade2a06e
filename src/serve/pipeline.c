/* SPDX-License-Identifier: Apache-2.0
 * The table of stages: what happens before what, on which thread. TS-0004 7.2.2.2.
 *
 * A stage returns OK (next row), PENDING (come back later) or an error (respond with it). The loop
 * runs every ON_LOOP row in order; commit hands a change to the writer, which runs every ON_WRITER
 * row on its own view inside one transaction. From locate on facts are therefore looked up again
 * where they are used. */
#include "serve/serve_int.h"

#define ON_LOOP 1u
#define ON_WRITER 2u

struct stage {
    const char *name;
    status (*run)(struct exchange *x);
    unsigned where;
    enum serve_stage resume; /* where a wait in this row goes on */
};

static const struct stage stages[SERVE_STAGE_COUNT] = {
    /* TS-0004                   name             function               where resume */
    /* Recv-1.0       */ {"check_request", serve_check_request, ON_LOOP, SERVE_STAGE_CHECK_REQUEST},
    /* TS-0003 7.2    */ {"identify", serve_identify, ON_LOOP, SERVE_STAGE_IDENTIFY},
    /* Recv-2.0..5.0  */ {"choose_mode", serve_choose_mode, ON_LOOP, SERVE_STAGE_ROUTE},
    /* Recv-6.1, 6.9  */ {"route", serve_route, ON_LOOP, SERVE_STAGE_RESPOND},
    /* Recv-6.2       */ {"locate", serve_locate, ON_LOOP | ON_WRITER, SERVE_STAGE_LOCATE},
    /* Recv-6.3       */
    {"authorize", serve_authorize_stage, ON_LOOP | ON_WRITER, SERVE_STAGE_LOCATE},
    /* 7.4.14, 7.4.22 */ {"delegate", serve_delegate, ON_LOOP, SERVE_STAGE_LOCATE},
    /* Recv-6.4       */
    {"check_content", serve_check_content, ON_LOOP | ON_WRITER, SERVE_STAGE_LOCATE},
    /* 7.5.1.2.3      */ {"verify", serve_verify, ON_LOOP, SERVE_STAGE_LOCATE},
    /* Recv-6.5       */ {"perform", serve_perform, ON_LOOP | ON_WRITER, SERVE_STAGE_LOCATE},
    /* Recv-6.6       */ {"plan_effects", serve_plan_effects, ON_WRITER, SERVE_STAGE_RESPOND},
    /*                */ {"commit", serve_commit, ON_LOOP, SERVE_STAGE_RESPOND},
    /* Recv-6.7       */ {"respond", serve_respond, ON_LOOP, SERVE_STAGE_RESPOND},
};

const char *serve_stage_name(size_t stage)
{
    return stage < SERVE_STAGE_COUNT ? stages[stage].name : "";
}

void serve_pipeline_run(struct exchange *x)
{
    while (x->stage < SERVE_STAGE_COUNT) {
        const struct stage *row = &stages[x->stage];
        status result = OK;
        if ((row->where & ON_LOOP) != 0) {
            result = row->run(x);
        }
        if (status_is(result, STATUS_PENDING)) {
            return;
        }
        if (is_error(result)) {
            must(x->stage != SERVE_STAGE_RESPOND);
            serve_log_failure(x, result);
            x->failure = result;
            x->stage = SERVE_STAGE_RESPOND;
        } else if (x->rsc != 0 && x->stage < SERVE_STAGE_PERFORM) {
            x->stage = SERVE_STAGE_RESPOND; /* answered by other exchanges */
        } else {
            x->stage += 1;
        }
    }
    serve_finish(x);
}

status serve_pipeline_run_job(struct exchange *x)
{
    for (size_t i = SERVE_STAGE_LOCATE; i < SERVE_STAGE_COMMIT; i++) {
        if ((stages[i].where & ON_WRITER) != 0) {
            x->stage = i;
            TRY(stages[i].run(x));
        }
    }
    x->stage = SERVE_STAGE_COMMIT;
    return OK;
}

void serve_resume(struct exchange *x, status result)
{
    struct serve_worker *worker = x->worker;
    serve_worker_enter(worker);
    x->now = serve_now(worker);
    x->view = worker->view;
    x->parent_memo = (struct serve_resource){.row = {.id = 0}};
    if (is_error(result)) {
        x->failure = result;
        x->stage = SERVE_STAGE_RESPOND;
    } else if (x->rsc != 0) {
        x->stage = SERVE_STAGE_RESPOND;
    } else if (x->now > x->deadline) {
        x->failure = ERROR(REQUEST_TIMEOUT);
        x->stage = SERVE_STAGE_RESPOND;
    } else {
        x->verified = x->verified || x->stage == SERVE_STAGE_VERIFY;
        x->stage = stages[x->stage].resume;
    }
    serve_pipeline_run(x);
    serve_worker_leave(worker);
}
