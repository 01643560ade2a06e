/* SPDX-License-Identifier: Apache-2.0
 * <latest> and <oldest> stand for the newest and the oldest instance. TS-0004 7.4.27, 7.4.28. */
#include "server/cse/cse_int.h"

struct walk {
    struct exchange *x;
    struct store_row row;
    bool found;
    status result;
};

static bool take_live(void *user, const struct store_row *row)
{
    struct walk *walk = user;
    if (row->et != 0 && row->et <= walk->x->now) {
        return true;
    }
    walk->found = true;
    walk->result = store_get_by_id(walk->x->view, row->id, walk->x->arena, &walk->row);
    return false;
}

/* Past those at the end that have expired and were not collected yet. */
static status walk_to_live(struct exchange *x, bool newest, struct store_row *ret_row)
{
    struct walk walk = {.x = x, .result = OK};
    struct store_children query = {
        .parent_id = x->target.row.id, .type = TYPE_CONTENT_INSTANCE, .newest_first = newest};
    TRY(store_each_child(x->view, &query, take_live, &walk));
    TRY(walk.result);
    ENSURE(walk.found, NOT_FOUND, "no instance");
    *ret_row = walk.row;
    return OK;
}

/* That a container is empty is told to those alone who might have had an instance. */
static status may_know(struct exchange *x)
{
    bool deletes = x->call->request.operation == PRIM_DELETE;
    return serve_authorize(x, &x->who, &x->target, deletes ? TYPE_OP_DELETE : TYPE_OP_RETRIEVE, 0);
}

static status stand_for(struct exchange *x, bool newest)
{
    struct store_row row;
    status got = newest ? store_get_newest(x->view, x->target.row.id, x->arena, &row)
                        : store_get_oldest(x->view, x->target.row.id, x->arena, &row);
    if (is_ok(got) && row.et != 0 && row.et <= x->now) {
        got = walk_to_live(x, newest, &row);
    }
    if (status_is(got, STATUS_NOT_FOUND)) {
        TRY(may_know(x));
    }
    TRY(got);
    TRY(serve_resource_read(x, &x->target));
    x->parent_memo = x->target; /* it decides about the instance, in a moment */
    x->target = (struct serve_resource){.row = row, .type = type_by_number(row.type)};
    x->virtual_type = NULL;
    return OK;
}

static status locate_latest(struct exchange *x)
{
    return stand_for(x, true);
}

static status locate_oldest(struct exchange *x)
{
    return stand_for(x, false);
}

const struct serve_ops cse_latest_ops = {.type = TYPE_LATEST, .locate = locate_latest};
const struct serve_ops cse_oldest_ops = {.type = TYPE_OLDEST, .locate = locate_oldest};
