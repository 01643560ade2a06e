/* SPDX-License-Identifier: Apache-2.0
 * <CSEBase>: the time of day, and notifications that this CSE itself consumes. TS-0004 7.4.3,
 * 7.3.3.9.2. */
#include "server/cse/cse_int.h"

static status on_retrieve(struct exchange *x, struct serve_resource *resource,
                          struct wire_value *representation)
{
    char text[TIMESTAMP_SIZE];
    (void)resource;
    size_t len = timestamp_format(x->now, false, text);
    struct bytes copy = arena_dup(x->arena, bytes_of(text, len));
    ENSURE(copy.ptr != NULL && wire_set(representation, type_attr_short(ATTR_CURRENT_TIME),
                                        wire_string(x->arena, copy)) != NULL,
           NO_MEMORY, "current time");
    return OK;
}

/* Results of asynchronous requests, verifications and notices end here; what belongs to functions
 * that are not there is refused. */
static status on_notify(struct exchange *x)
{
    const struct wire_value *content = wire_only_member(x->call->request.content);
    ENSURE(content != NULL, BAD_REQUEST, "NOTIFY without content");
    ENSURE(!bytes_is(content->name, "m2m:seci"), NOT_IMPLEMENTED, "security information");
    ENSURE(bytes_is(content->name, "m2m:sgn") || bytes_is(content->name, "m2m:agn") ||
               bytes_is(content->name, "m2m:rsp"),
           BAD_REQUEST, "a notification with %.*s", BYTES_FMT(content->name));
    x->rsc = 2000;
    return OK;
}

const struct serve_ops cse_base_ops = {
    .type = TYPE_CSE_BASE,
    .on_retrieve = on_retrieve,
    .on_notify = on_notify,
};
