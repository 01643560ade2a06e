/* SPDX-License-Identifier: Apache-2.0
 * <fanOutPoint>: one request becomes one for each member, the answers become one. TS-0004 7.4.14;
 * TS-0001 10.2.7.
 *
 * Each member's host authorizes the original originator again: a sub-request carries its From and
 * the facts about its association. The fan-out lives in an arena of its own, for a member may
 * answer after the originator has been. */
#include "server/cse/cse_effects_int.h"

struct fan_out;

struct branch {
    struct fan_out *fan;
    struct bytes id, to;
    struct prim_texts targets; /* Group Request Target Members for a sub-group */
    struct prim_call call;
    struct wire_value *response; /* in the exchange's arena, once it has answered */
    bool is_deleted;
};

struct fan_out {
    struct arena *arena;
    struct exchange *x; /* NULL once it has been answered */
    struct serve_worker *worker;
    struct prim_request request; /* what each branch sends, but for the address */
    struct prim_peer peer;
    struct bytes group_ri;
    struct branch *branches;
    size_t count, next, in_flight, answered;
    uint64_t depth;
    bool is_virtual_path; /* the members themselves are not the targets */
    bool is_starting, is_answering;
    struct sys_timer *timer;
};

static void answer(struct fan_out *fan);

static void release(struct fan_out *fan)
{
    if (fan->x == NULL && fan->in_flight == 0) {
        struct arena *arena = fan->arena;
        arena_free(arena);
    }
}

/* ---- branches ---- */

static void send_more(struct fan_out *fan);

static struct wire_value *keep_response(struct exchange *x, struct branch *branch)
{
    struct prim_response *response = &branch->call.response;
    response->from = branch->id;
    struct wire_value *encoded = prim_response_encode(response, branch->call.arena);
    struct wire_value *kept = encoded != NULL ? wire_dup(x->arena, encoded) : NULL;
    if (kept != NULL) {
        return kept;
    }
    struct prim_response failed = {.rsc = status_rsc(ERROR(NO_MEMORY)),
                                   .request_identifier = response->request_identifier,
                                   .from = branch->id};
    encoded = prim_response_encode(&failed, x->arena);
    return encoded != NULL ? wire_dup(x->arena, encoded) : NULL;
}

static void branch_done(struct prim_call *call)
{
    struct branch *branch = call->user;
    struct fan_out *fan = branch->fan;
    bool counts = fan->x != NULL && !fan->is_answering;
    fan->in_flight -= 1;
    if (counts && is_ok(call->transport) && call->response.rsc != 0) {
        branch->response = keep_response(fan->x, branch);
        branch->is_deleted = call->request.operation == PRIM_DELETE && call->response.rsc == 2002;
    }
    fan->answered += 1;
    struct arena *arena = call->arena;
    arena_free(arena);
    if (!counts) {
        release(fan);
    } else if (fan->answered == fan->count) {
        answer(fan);
    } else {
        send_more(fan);
    }
}

static bool send_branch(struct fan_out *fan, struct branch *branch)
{
    struct arena *arena =
        arena_new(serve_config_get(serve_worker_serve(fan->worker))->limits.arena_size);
    if (arena == NULL) {
        return false;
    }
    branch->call = (struct prim_call){
        .arena = arena,
        .peer = fan->peer,
        .request = fan->request,
        .done = branch_done,
        .user = branch,
    };
    struct prim_request *request = &branch->call.request;
    request->to = branch->to;
    request->group_request_targets = branch->targets;
    request->request_identifier = cse_request_identifier(arena);
    serve_submit_internal(fan->worker, &branch->call, true);
    return true;
}

static void send_more(struct fan_out *fan)
{
    uint64_t most = serve_config_get(serve_worker_serve(fan->worker))->limits.fanout_in_flight;
    while (fan->next < fan->count && fan->in_flight < most) {
        struct branch *branch = &fan->branches[fan->next];
        fan->next += 1;
        if (send_branch(fan, branch)) {
            fan->in_flight += 1;
        } else {
            fan->answered += 1; /* no memory: as if it had not responded */
        }
    }
    if (fan->answered == fan->count && !fan->is_starting) {
        answer(fan);
    }
}

/* ---- the answer ---- */

static void respond(struct fan_out *fan)
{
    struct exchange *x = fan->x;
    struct wire_value *list = wire_array(x->arena);
    bool good = list != NULL;
    for (size_t i = 0; i < fan->count && good; i++) {
        struct wire_value *response = fan->branches[i].response;
        good = response == NULL || wire_push(list, response) != NULL;
    }
    status result = OK;
    x->result = cse_wrap(x->arena, "m2m:agr", cse_wrap(x->arena, "m2m:rsp", list));
    if (!good || x->result == NULL) {
        result = ERROR(NO_MEMORY);
    } else if (list->count == 0) {
        result = ERROR(GROUP_MEMBERS_NOT_RESPONDED);
    } else {
        x->rsc = 2000;
        x->has_result = true;
    }
    fan->x = NULL;
    release(fan);
    serve_resume(x, result);
}

static bool was_deleted(const struct fan_out *fan, struct bytes id)
{
    for (size_t i = 0; i < fan->count; i++) {
        if (fan->branches[i].is_deleted && bytes_equal(fan->branches[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* Members that are gone leave the list; references to virtual resources stay (7.4.14.3.5). */
static status drop_members(struct exchange *x, void *user)
{
    const struct fan_out *fan = user;
    struct serve_resource group;
    status found = serve_resource_find(x, fan->group_ri, &group);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(found);
    TRY(serve_resource_read(x, &group));
    struct wire_value *attributes = wire_dup(x->arena, group.attributes);
    struct wire_value *left = wire_array(x->arena);
    WIRE_FOR_EACH (id, type_get(group.attributes, ATTR_MEMBER_IDS)) {
        struct bytes text = wire_get_string(id);
        if (!was_deleted(fan, text)) {
            ENSURE(wire_push(left, wire_string(x->arena, text)) != NULL, NO_MEMORY, "members");
        }
    }
    ENSURE(attributes != NULL && left != NULL, NO_MEMORY, "members");
    struct wire_value *count = wire_int(x->arena, left->count);
    ENSURE(count != NULL && type_set(attributes, ATTR_MEMBER_IDS, left) != NULL &&
               type_set(attributes, ATTR_CURRENT_NR_OF_MEMBERS, count) != NULL,
           NO_MEMORY, "members");
    return serve_update_internal(x, &group, attributes, true);
}

static void members_dropped(void *user, status result)
{
    if (is_error(result)) {
        log_line(LOG_LEVEL_WARN, "group", "deleted members stay listed: %s", status_text(result));
    }
    respond(user);
}

static bool is_virtual(const struct fan_out *fan, struct bytes id)
{
    static const char *const names[] = {"la", "ol", "fopt", "sfop", "pcu", "ntsr", "smv", "msp"};
    struct bytes last = bytes_from(id, 0);
    size_t cut = bytes_find_last(id, '/');
    if (cut < id.len) {
        last = bytes_from(id, cut + 1);
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (bytes_is(last, names[i])) {
            return true;
        }
    }
    return fan->is_virtual_path;
}

static void answer(struct fan_out *fan)
{
    struct sys_loop *loop = serve_worker_loop(fan->worker);
    loop->timer_stop(loop, fan->timer);
    fan->timer = NULL;
    fan->is_answering = true;
    bool any = false;
    for (size_t i = 0; i < fan->count; i++) {
        struct branch *branch = &fan->branches[i];
        branch->is_deleted = branch->is_deleted && !is_virtual(fan, branch->id);
        any = any || branch->is_deleted;
    }
    if (!any || is_error(serve_run_job(fan->worker, drop_members, members_dropped, fan))) {
        respond(fan);
    }
}

static void time_is_up(void *user)
{
    struct fan_out *fan = user;
    fan->timer = NULL;
    fan->count = fan->next; /* those not sent yet are not sent any more */
    answer(fan);
}

/* ---- preparing ---- */

static uint64_t depth_of(const struct exchange *x)
{
    if (x->call->done != branch_done) {
        return 1;
    }
    const struct branch *branch = x->call->user;
    return branch->fan->depth + 1;
}

/* 7.4.14.2.1 */
static status check_child_type(const struct exchange *x)
{
    int64_t member_type = type_get_int(x->target.attributes, ATTR_MEMBER_TYPE, 0);
    const struct type_resource *type =
        member_type > 0 ? type_by_number((uint32_t)member_type) : NULL;
    if (x->call->request.operation != PRIM_CREATE || x->virtual_rest.len > 0 || type == NULL ||
        type->storage == TYPE_STORAGE_NONE) {
        return OK;
    }
    ENSURE(type_find_child(type, x->call->request.resource_type) != NULL,
           INVALID_CHILD_RESOURCE_TYPE, "type %u below members of type %s",
           (unsigned)x->call->request.resource_type, type->name);
    return OK;
}

static bool leads_to_fan_out(struct bytes path)
{
    struct bytes rest = path;
    while (rest.ptr != NULL) {
        if (bytes_is(bytes_cut(&rest, '/'), "fopt")) {
            return true;
        }
    }
    return false;
}

/* 7.4.14.2.4: one identifier for all, when another fan-out point may be met. */
static status set_group_request(struct fan_out *fan, const struct exchange *x)
{
    struct prim_request *request = &fan->request;
    bool needed = leads_to_fan_out(x->virtual_rest);
    for (size_t i = 0; i < fan->count; i++) {
        needed = needed || leads_to_fan_out(fan->branches[i].id);
    }
    if (needed && request->group_request_identifier.len == 0) {
        request->group_request_identifier = cse_request_identifier(fan->arena);
        ENSURE(request->group_request_identifier.ptr != NULL, NO_MEMORY, "fan-out");
    }
    return OK;
}

/* 7.4.14.2.3: notifications come to the group, which aggregates them for nfu. */
static status aim_notifications(struct fan_out *fan, const struct exchange *x)
{
    const struct prim_request *request = &fan->request;
    struct wire_value *subscription = wire_only_member(request->content);
    if (request->operation != PRIM_CREATE || request->resource_type != TYPE_SUBSCRIPTION ||
        type_get(subscription, ATTR_NOTIFICATION_FORWARDING_URI) == NULL) {
        return OK;
    }
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    struct bytes own =
        arena_printf(fan->arena, "%.*s/%.*s", BYTES_FMT(self->cse_id), BYTES_FMT(fan->group_ri));
    struct wire_value *targets = wire_array(fan->arena);
    ENSURE(own.ptr != NULL && wire_push(targets, wire_string(fan->arena, own)) != NULL &&
               type_set(subscription, ATTR_NOTIFICATION_URI, targets) != NULL,
           NO_MEMORY, "fan-out");
    return OK;
}

static status add_branch(struct fan_out *fan, const struct exchange *x, struct bytes id)
{
    struct branch *branch = &fan->branches[fan->count];
    branch->fan = fan;
    branch->id = arena_dup(fan->arena, id);
    branch->to = x->virtual_rest.len > 0 ? arena_printf(fan->arena, "%.*s/%.*s", BYTES_FMT(id),
                                                        BYTES_FMT(x->virtual_rest))
                                         : branch->id;
    ENSURE(branch->id.ptr != NULL && branch->to.ptr != NULL, NO_MEMORY, "fan-out");
    fan->count += 1;
    return OK;
}

struct wanted {
    const struct prim_texts *texts;
    bool *is_met;
};

/* Marks the wanted entries that a list of members holds; those are put into ret_here. */
static status meet(struct fan_out *fan, struct wanted *wanted, const struct wire_value *members,
                   struct prim_texts *ret_here)
{
    struct bytes *here = ARENA_ARRAY(fan->arena, struct bytes, wanted->texts->count + 1);
    size_t count = 0;
    ENSURE(here != NULL, NO_MEMORY, "fan-out");
    for (size_t i = 0; i < wanted->texts->count; i++) {
        WIRE_FOR_EACH (id, members) {
            if (cse_same_address(fan->x, wire_get_string(id), wanted->texts->items[i])) {
                wanted->is_met[i] = true;
                here[count++] = arena_dup(fan->arena, wanted->texts->items[i]);
                break;
            }
        }
    }
    *ret_here = (struct prim_texts){.items = here, .count = count};
    return OK;
}

/* The entries that a sub-group (written with /fopt) can reach. */
static status meet_in_sub_group(struct fan_out *fan, struct wanted *wanted, struct bytes id,
                                struct prim_texts *ret_here)
{
    struct cse_member member;
    bool remote = false;
    *ret_here = (struct prim_texts){.count = 0};
    if (is_error(cse_member_find(fan->x, id, &member, &remote)) || member.virtual_type == NULL ||
        member.virtual_type->number != TYPE_FAN_OUT_POINT) {
        return OK;
    }
    TRY(serve_resource_read(fan->x, &member.resource));
    return meet(fan, wanted, type_get(member.resource.attributes, ATTR_MEMBER_IDS), ret_here);
}

static status add_wanted(struct fan_out *fan, const struct wire_value *members)
{
    struct exchange *x = fan->x;
    struct wanted wanted = {.texts = &x->call->request.group_request_targets};
    wanted.is_met = ARENA_ARRAY(x->arena, bool, wanted.texts->count + 1);
    ENSURE(wanted.is_met != NULL, NO_MEMORY, "fan-out");
    WIRE_FOR_EACH (id, members) {
        struct bytes text = wire_get_string(id);
        bool direct = false;
        for (size_t i = 0; i < wanted.texts->count; i++) {
            if (cse_same_address(x, text, wanted.texts->items[i])) {
                wanted.is_met[i] = true;
                direct = true;
            }
        }
        struct prim_texts below = {.count = 0};
        if (!direct) {
            TRY(meet_in_sub_group(fan, &wanted, text, &below));
        }
        if (direct || below.count > 0) {
            TRY(add_branch(fan, x, text));
            fan->branches[fan->count - 1].targets = below;
        }
    }
    for (size_t i = 0; i < wanted.texts->count; i++) {
        ENSURE(wanted.is_met[i], BAD_REQUEST, "%.*s is no member",
               BYTES_FMT(wanted.texts->items[i]));
    }
    return OK;
}

static status add_branches(struct fan_out *fan)
{
    struct exchange *x = fan->x;
    const struct wire_value *members = type_get(x->target.attributes, ATTR_MEMBER_IDS);
    ENSURE(wire_is(members, WIRE_ARRAY) && members->count > 0, NO_MEMBERS, "empty group");
    fan->branches = ARENA_ARRAY(fan->arena, struct branch, members->count);
    ENSURE(fan->branches != NULL, NO_MEMORY, "fan-out");
    if (x->call->request.group_request_targets.count > 0) {
        return add_wanted(fan, members);
    }
    WIRE_FOR_EACH (id, members) {
        TRY(add_branch(fan, x, wire_get_string(id)));
    }
    return OK;
}

static status prepare(struct fan_out *fan)
{
    struct exchange *x = fan->x;
    const struct serve_config *config = serve_config_get(x->serve);
    fan->worker = x->worker;
    fan->peer = x->call->peer;
    fan->is_virtual_path = x->virtual_rest.len > 0;
    fan->depth = depth_of(x);
    ENSURE(fan->depth <= config->limits.fanout_depth, LIMIT, "%u fan-outs deep",
           (unsigned)fan->depth);
    ENSURE(x->who.internal || !bytes_equal(x->who.claimed, config->self.cse_id),
           ORIGINATOR_NOT_AUTHENTICATED, "somebody else speaks as this CSE");
    fan->group_ri = arena_dup(fan->arena, x->target.row.ri);
    ENSURE(fan->group_ri.ptr != NULL, NO_MEMORY, "fan-out");
    TRY(serve_resource_read(x, &x->target));
    TRY(check_child_type(x));
    TRY(add_branches(fan));
    TRY(cse_request_dup(&x->call->request, fan->arena, &fan->request));
    fan->request.response_type = PRIM_RT_ABSENT;
    fan->request.has_notification_uris = false;
    fan->request.notification_uris = (struct prim_texts){.count = 0};
    fan->request.operation_execution_time = BYTES_NONE;
    fan->request.result_expiration = BYTES_NONE;
    fan->request.result_persistence = BYTES_NONE;
    TRY(set_group_request(fan, x));
    return aim_notifications(fan, x);
}

static status start_timer(struct fan_out *fan)
{
    struct exchange *x = fan->x;
    struct sys_loop *loop = serve_worker_loop(fan->worker);
    int64_t until = x->deadline;
    if (x->result_deadline != 0 && x->result_deadline < until) {
        until = x->result_deadline;
    }
    int64_t left = until - serve_now(fan->worker);
    fan->timer = loop->timer_start(loop, left > 0 ? left : 0, time_is_up, fan);
    ENSURE(fan->timer != NULL, NO_MEMORY, "fan-out");
    return OK;
}

static status delegate(struct exchange *x)
{
    struct arena *arena = arena_new(serve_config_get(x->serve)->limits.arena_size);
    struct fan_out *fan = arena != NULL ? ARENA_NEW(arena, struct fan_out) : NULL;
    if (fan == NULL) {
        arena_free(arena);
        FAIL(NO_MEMORY, "fan-out");
    }
    fan->arena = arena;
    fan->x = x;
    status prepared = prepare(fan);
    if (is_ok(prepared)) {
        prepared = start_timer(fan);
    }
    if (is_error(prepared)) {
        arena_free(arena);
        return prepared;
    }
    fan->is_starting = true;
    send_more(fan); /* answers come later */
    fan->is_starting = false;
    if (fan->in_flight == 0) {
        struct sys_loop *loop = serve_worker_loop(fan->worker);
        loop->timer_stop(loop, fan->timer);
        arena_free(arena);
        FAIL(NO_MEMORY, "fan-out");
    }
    return ERROR(PENDING);
}

/* The members' policies, or those of the group (7.4.14.3, Recv-6.3). */
static status authorize(struct exchange *x, const struct auth_context *who,
                        struct serve_resource *group, uint32_t operation, uint32_t child_type)
{
    TRY(serve_resource_read(x, group));
    const struct wire_value *policies =
        type_get(group->attributes, ATTR_MEMBERS_ACCESS_CONTROL_POLICY_IDS);
    if (wire_is(policies, WIRE_ARRAY) && policies->count > 0) {
        return serve_authorize_by(x, who, policies, group, operation, child_type);
    }
    return serve_authorize(x, who, group, operation, child_type);
}

const struct serve_ops cse_fan_out_point_ops = {
    .type = TYPE_FAN_OUT_POINT,
    .authorize = authorize,
    .delegate = delegate,
};
