/* SPDX-License-Identifier: Apache-2.0
 * Notifications and announcements are written in the transaction of the change. TS-0004 7.2.2.2
 * Recv-6.6, 7.5.1.2. */
#include "serve/serve_int.h"

void serve_event_add(struct exchange *x, const struct serve_event *event)
{
    struct serve_event *copy = ARENA_NEW(x->arena, struct serve_event);
    if (copy == NULL) {
        x->failure = ERROR(NO_MEMORY); /* seen by plan_effects: no event gets lost */
        return;
    }
    *copy = *event;
    copy->next = NULL;
    if (x->events == NULL) {
        x->events = copy;
    } else {
        x->last_event->next = copy;
    }
    x->last_event = copy;
}

status serve_plan_effects(struct exchange *x)
{
    TRY(x->failure);
    if (x->events == NULL || x->serve->behaviour->plan_effects == NULL) {
        return OK;
    }
    TRY(x->serve->behaviour->plan_effects(x));
    x->planned = x->planned || x->events != NULL;
    return OK;
}
