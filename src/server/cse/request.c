/* SPDX-License-Identifier: Apache-2.0
 * <request>: what becomes of a non-blocking request. TS-0004 7.3.2.2 to 7.3.2.5, 7.4.12, 7.5.1.2.5.
 *
 * Accepting: the <request> and a policy of its own are stored, the originator gets the reference.
 * Then the operation runs as a blocking request inside; its answer goes into the <request>, and for
 * the asynchronous kind into the outbox, in one transaction. */
#include "server/cse/cse_effects_int.h"

#define RESULT_KEPT (3600 * USEC_PER_SEC) /* when no result persistence was asked for */

enum request_status { COMPLETED = 1, FAILED = 2, PENDING_STATUS = 3, FORWARDED = 4, PARTIAL = 5 };

/* A request that was accepted; in its own arena. */
struct accepted {
    struct arena *arena;
    struct exchange *x; /* until it has been acknowledged */
    struct serve_worker *worker;
    struct prim_call call; /* the operation itself */
    struct prim_request request;
    struct bytes originator, absolute; /* claimed; canonical */
    int64_t et;
    struct bytes ri, path; /* of the <request> */
};

static struct wire_value *list_of(struct arena *arena, struct bytes text)
{
    struct wire_value *list = wire_array(arena);
    return wire_push(list, wire_string(arena, text)) != NULL ? list : NULL;
}

static bool put(struct wire_value *object, enum type_attr_id id, struct wire_value *value)
{
    return object != NULL && value != NULL && type_set(object, id, value) != NULL;
}

/* ---- counting them: all together, and those of each originator ---- */

#define SHARE 8       /* one originator may have the eighth part of all, */
#define SHARE_LEAST 4 /* but so many in any case */

static status count_of(struct exchange *x, struct bytes name, int64_t change, int64_t *ret_count)
{
    struct wire_value *state;
    TRY(cse_state_load(x, name, &state));
    *ret_count = cse_state_int(state, "count") + change;
    TRY(cse_state_set(x, state, "count", *ret_count > 0 ? *ret_count : 0));
    return cse_state_save(x, name, state);
}

static struct bytes own_count(const struct exchange *x, struct bytes originator)
{
    return cse_state_name(x, "cse/requests", originator);
}

/* Nobody fills the place of all others with what he wants done later. */
static status count_one_more(struct exchange *x, struct bytes originator)
{
    int64_t all, own;
    uint64_t most = serve_config_get(x->serve)->limits.request_resources;
    uint64_t share = most / SHARE > SHARE_LEAST ? most / SHARE : SHARE_LEAST;
    TRY(count_of(x, BYTES("cse/requests"), 1, &all));
    TRY(count_of(x, own_count(x, originator), 1, &own));
    ENSURE((uint64_t)all <= most, OVERLOADED, "%lld request resources", (long long)all);
    ENSURE((uint64_t)own <= share, OVERLOADED, "%lld request resources of %.*s", (long long)own,
           BYTES_FMT(originator));
    return OK;
}

static status count_one_less(struct exchange *x, struct serve_resource *request)
{
    int64_t left;
    enum prim_id_kind kind;
    struct bytes originator;
    TRY(count_of(x, BYTES("cse/requests"), -1, &left));
    TRY(serve_resource_read(x, request));
    TRY(prim_id_canonical(type_get_string(request->attributes, ATTR_ORIGINATOR),
                          &serve_config_get(x->serve)->self, x->arena, &kind, &originator));
    return count_of(x, own_count(x, originator), -1, &left);
}

/* ---- the policy of a <request>, Table 7.3.2.2-1 ---- */

static struct wire_value *rule(struct arena *arena, struct bytes originator, unsigned operations)
{
    struct wire_value *one = wire_object(arena);
    if (wire_add(one, BYTES("acor"), list_of(arena, originator)) == NULL ||
        wire_add(one, BYTES("acop"), wire_int(arena, operations)) == NULL) {
        return NULL;
    }
    return one;
}

static struct wire_value *rules(struct arena *arena, struct wire_value *first,
                                struct wire_value *second)
{
    struct wire_value *list = wire_array(arena);
    if (wire_push(list, first) == NULL || (second != NULL && wire_push(list, second) == NULL)) {
        return NULL;
    }
    return cse_wrap(arena, "acr", list);
}

static struct bytes policy_name(struct exchange *x, struct bytes request_name)
{
    return arena_printf(x->arena, "acp-%.*s", BYTES_FMT(request_name));
}

static status create_policy(struct exchange *x, const struct accepted *accepted,
                            const struct serve_resource *base, struct bytes name,
                            struct serve_resource *ret_policy)
{
    struct wire_value *attributes = wire_object(x->arena);
    struct bytes self = x->owner; /* absolute identifier of this CSE */
    struct wire_value *privileges =
        rules(x->arena, rule(x->arena, self, TYPE_OP_RETRIEVE | TYPE_OP_UPDATE | TYPE_OP_DELETE),
              rule(x->arena, accepted->absolute, TYPE_OP_RETRIEVE | TYPE_OP_DELETE));
    struct wire_value *self_privileges =
        rules(x->arena, rule(x->arena, accepted->absolute, TYPE_OP_UPDATE), NULL);
    ENSURE(put(attributes, ATTR_PRIVILEGES, privileges) &&
               put(attributes, ATTR_SELF_PRIVILEGES, self_privileges),
           NO_MEMORY, "policy of a request");
    return serve_create_internal(x, base, type_by_number(TYPE_ACCESS_CONTROL_POLICY),
                                 policy_name(x, name), attributes, accepted->et, self, ret_policy);
}

/* ---- the <request>, Table 7.3.2.2-2 ---- */

/* Optional parameters: all members of the primitive but those that have an attribute. */
static struct wire_value *meta_information(struct arena *arena, const struct wire_value *primitive)
{
    struct wire_value *meta = wire_dup(arena, primitive);
    static const char *const own[] = {"op", "to", "fr", "rqi", "pc"};
    for (size_t i = 0; i < ARRAY_LEN(own) && meta != NULL; i++) {
        wire_remove(meta, bytes_str(own[i]));
    }
    return meta;
}

static status describe(struct exchange *x, const struct accepted *accepted,
                       const struct serve_resource *policy, struct wire_value **ret_attributes)
{
    struct arena *arena = x->arena;
    const struct prim_request *request = &accepted->request;
    struct wire_value *attributes = wire_object(arena);
    struct wire_value *primitive = prim_request_encode(request, arena);
    struct wire_value *result = wire_object(arena);
    bool good =
        primitive != NULL && wire_add(result, BYTES("rsc"), wire_int(arena, 1000)) != NULL &&
        wire_add(result, BYTES("rqi"), wire_string(arena, request->request_identifier)) != NULL &&
        put(attributes, ATTR_OPERATION, wire_int(arena, request->operation)) &&
        put(attributes, ATTR_TARGET, wire_string(arena, request->to)) &&
        put(attributes, ATTR_ORIGINATOR, wire_string(arena, accepted->originator)) &&
        put(attributes, ATTR_REQUEST_ID, wire_string(arena, request->request_identifier)) &&
        put(attributes, ATTR_META_INFORMATION, meta_information(arena, primitive)) &&
        put(attributes, ATTR_REQUEST_STATUS, wire_int(arena, PENDING_STATUS)) &&
        put(attributes, ATTR_OPERATION_RESULT, result) &&
        put(attributes, ATTR_LABELS, list_of(arena, accepted->originator)) &&
        put(attributes, ATTR_ACCESS_CONTROL_POLICY_IDS, list_of(arena, policy->row.ri));
    if (good && request->content != NULL) {
        struct wire_value *content = wire_dup(arena, request->content);
        if (content != NULL) {
            content->name = BYTES_NONE;
        }
        good = put(attributes, ATTR_PRIMITIVE_CONTENT, content);
    }
    ENSURE(good, NO_MEMORY, "request resource");
    *ret_attributes = attributes;
    return OK;
}

static status find_base(struct exchange *x, struct serve_resource *ret_base)
{
    return serve_resource_find(x, serve_config_get(x->serve)->self.cse_name, ret_base);
}

static status store_request(struct exchange *x, void *user)
{
    struct accepted *accepted = user;
    struct serve_resource base, policy, resource;
    struct wire_value *attributes;
    TRY(find_base(x, &base));
    TRY(count_one_more(x, accepted->absolute));
    struct bytes random = cse_request_identifier(x->arena);
    struct bytes name = arena_printf(x->arena, "req-%.*s", BYTES_FMT(random));
    ENSURE(name.ptr != NULL, NO_MEMORY, "request resource");
    TRY(create_policy(x, accepted, &base, name, &policy));
    TRY(describe(x, accepted, &policy, &attributes));
    TRY(serve_create_internal(x, &base, type_by_number(TYPE_REQUEST), name, attributes,
                              accepted->et, x->owner, &resource));
    accepted->ri = arena_dup(accepted->arena, resource.row.ri);
    accepted->path = arena_dup(accepted->arena, resource.row.path);
    ENSURE(accepted->ri.ptr != NULL && accepted->path.ptr != NULL, NO_MEMORY, "request resource");
    return OK;
}

/* ---- the result ---- */

/* {"m2m:rsp":{...}} to each target of the request, or to its originator (7.5.1.2.5). */
static status notify_result(struct exchange *x, struct bytes ri, const struct prim_texts *targets,
                            struct wire_value *response)
{
    for (size_t i = 0; i < targets->count; i++) {
        struct cse_letter letter = {
            .queue = arena_printf(x->arena, "req %.*s %.*s", BYTES_FMT(ri),
                                  BYTES_FMT(targets->items[i])),
            .target = targets->items[i],
            .content = cse_wrap(x->arena, "m2m:rsp", wire_dup(x->arena, response)),
            .due = x->now,
        };
        TRY(cse_letter_post(x, &letter));
    }
    return OK;
}

/* The members of a response that m2m:operationResult has (6.3.5.32). */
static struct wire_value *operation_result(struct arena *arena, const struct wire_value *response)
{
    static const char *const known[] = {"rsc", "rqi",  "pc", "to",   "fr",
                                        "ot",  "rset", "ec", "cnst", "cnot"};
    struct wire_value *result = wire_object(arena);
    for (size_t i = 0; i < ARRAY_LEN(known) && result != NULL; i++) {
        const struct wire_value *member = wire_get(response, bytes_str(known[i]));
        if (member != NULL &&
            wire_add(result, bytes_str(known[i]), wire_dup(arena, member)) == NULL) {
            return NULL;
        }
    }
    return result;
}

static status update_request(struct exchange *x, struct bytes ri, const struct wire_value *response)
{
    struct serve_resource resource;
    status found = serve_resource_find(x, ri, &resource);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK; /* its time was over before the operation was */
    }
    TRY(found);
    TRY(serve_resource_read(x, &resource));
    struct wire_value *before;
    TRY(serve_resource_represent(x, &resource, &before));
    struct wire_value *attributes = wire_dup(x->arena, resource.attributes);
    bool good = wire_get_int(wire_get(response, BYTES("rsc")), 0) / 1000 == 2;
    struct wire_value *state = wire_int(x->arena, good ? COMPLETED : FAILED);
    struct wire_value *result = operation_result(x->arena, response);
    ENSURE(attributes != NULL && put(attributes, ATTR_REQUEST_STATUS, state) &&
               put(attributes, ATTR_OPERATION_RESULT, result),
           NO_MEMORY, "request resource");
    TRY(serve_update_internal(x, &resource, attributes, true));
    struct wire_value *modified = wire_object(x->arena); /* subscribers hear of it */
    ENSURE(put(modified, ATTR_REQUEST_STATUS, wire_dup(x->arena, state)) &&
               put(modified, ATTR_OPERATION_RESULT, wire_dup(x->arena, result)),
           NO_MEMORY, "request resource");
    struct serve_event event = {.kind = SERVE_RESOURCE_UPDATED,
                                .resource = resource,
                                .before = before,
                                .modified = modified};
    TRY(serve_resource_parent(x, &resource, &event.parent));
    serve_event_add(x, &event);
    return OK;
}

static status store_result(struct exchange *x, void *user)
{
    struct accepted *accepted = user;
    const struct prim_request *request = &accepted->request;
    struct prim_response *answer = &accepted->call.response;
    answer->request_identifier = request->request_identifier;
    struct wire_value *response = prim_response_encode(answer, x->arena);
    ENSURE(response != NULL, NO_MEMORY, "result of a request");
    TRY(update_request(x, accepted->ri, response));
    if (request->response_type != PRIM_NON_BLOCKING_ASYNCH) {
        return OK;
    }
    struct prim_texts targets = {.items = &accepted->originator, .count = 1};
    if (request->has_notification_uris) {
        targets = request->notification_uris;
    }
    return notify_result(x, accepted->ri, &targets, response);
}

static void release(struct accepted *accepted)
{
    struct arena *arena = accepted->arena;
    arena_free(arena);
}

static void result_stored(void *user, status result)
{
    struct accepted *accepted = user;
    if (is_error(result)) {
        log_line(LOG_LEVEL_ERROR, "request", "result of %.*s not stored: %s",
                 BYTES_FMT(accepted->ri), status_text(result));
    } else {
        cse_effects_committed(accepted->worker);
    }
    release(accepted);
}

static void performed(struct prim_call *call)
{
    struct accepted *accepted = call->user;
    status submitted = serve_run_job(accepted->worker, store_result, result_stored, accepted);
    if (is_error(submitted)) {
        result_stored(accepted, submitted);
    }
}

static void perform(struct accepted *accepted)
{
    struct prim_request *request = &accepted->call.request;
    accepted->call.arena = accepted->arena;
    accepted->call.done = performed;
    accepted->call.user = accepted;
    *request = accepted->request;
    request->response_type = PRIM_RT_ABSENT;
    request->has_notification_uris = false;
    request->notification_uris = (struct prim_texts){.count = 0};
    request->result_persistence = BYTES_NONE;
    serve_submit_internal(accepted->worker, &accepted->call, true);
}

/* ---- accepting ---- */

static void stored(void *user, status result)
{
    struct accepted *accepted = user;
    struct exchange *x = accepted->x;
    accepted->x = NULL;
    if (is_ok(result)) {
        struct bytes path = arena_dup(x->arena, accepted->path);
        x->result =
            cse_wrap(x->arena, "m2m:uri", path.ptr != NULL ? wire_string(x->arena, path) : NULL);
        x->has_result = true;
        bool synch = accepted->request.response_type == PRIM_NON_BLOCKING_SYNCH;
        x->rsc = synch ? 1001 : 1002;
        perform(accepted);
    } else {
        release(accepted);
    }
    serve_resume(x, result);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* It lives until the operation can be over, and then as long as its result is wanted. */
static status choose_end(struct exchange *x, int64_t *ret_et)
{
    int64_t now = serve_now(x->worker);
    int64_t longest = (int64_t)serve_config_get(x->serve)->limits.max_expiration_s * USEC_PER_SEC;
    int64_t end = later(later(x->deadline, x->result_deadline), x->execute_at);
    struct bytes persistence = x->call->request.result_persistence;
    int64_t until = end + RESULT_KEPT;
    if (persistence.len > 0) {
        ENSURE(is_ok(timestamp_parse_abs_rel(persistence, now, &until)), BAD_REQUEST,
               "rp does not parse");
        until = later(until, end) + USEC_PER_SEC; /* longer than asked */
    }
    ENSURE(until <= now + longest, BAD_REQUEST, "the result cannot be kept that long");
    *ret_et = until;
    return OK;
}

static status check_targets(struct exchange *x)
{
    const struct prim_texts *targets = &x->call->request.notification_uris;
    ENSURE(targets->count <= serve_config_get(x->serve)->limits.notification_targets, BAD_REQUEST,
           "%u notification targets", (unsigned)targets->count);
    for (size_t i = 0; i < targets->count; i++) {
        TRY(cse_target_check(x, targets->items[i]));
        TRY(cse_may_notify(x, &x->who, targets->items[i]));
    }
    return OK;
}

static status accept(struct exchange *x, struct accepted *accepted)
{
    accepted->x = x;
    accepted->worker = x->worker;
    accepted->call.peer = x->call->peer;
    accepted->originator = arena_dup(accepted->arena, x->who.claimed);
    accepted->absolute = arena_dup(accepted->arena, x->who.absolute);
    ENSURE(accepted->originator.ptr != NULL && accepted->absolute.ptr != NULL, NO_MEMORY,
           "request");
    TRY(choose_end(x, &accepted->et));
    TRY(cse_request_dup(&x->call->request, accepted->arena, &accepted->request));
    return serve_run_job(x->worker, store_request, stored, accepted);
}

/* A <request> is never handled by another one; a poll is answered by waiting (7.4.12.2,
 * 7.4.22.2.2). */
static status check_addressed(struct exchange *x)
{
    struct cse_member found;
    bool remote = false;
    status result = cse_member_find(x, x->call->request.to, &found, &remote);
    if (status_is(result, STATUS_NOT_FOUND)) {
        return OK; /* the operation itself will say so */
    }
    TRY(result);
    bool is_request = found.virtual_type == NULL && found.resource.row.type == TYPE_REQUEST;
    bool is_poll =
        found.virtual_type != NULL && found.virtual_type->number == TYPE_POLLING_CHANNEL_URI;
    ENSURE(!is_request && !is_poll, BAD_REQUEST, "%.*s is only used with blocking requests",
           BYTES_FMT(x->call->request.to));
    return OK;
}

status cse_choose_mode(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    bool is_registration = request->operation == PRIM_CREATE && request->resource_type == TYPE_AE;
    if (request->response_type == PRIM_FLEX_BLOCKING) {
        return OK; /* ours to choose: blocking */
    }
    ENSURE(request->response_type != PRIM_NO_RESPONSE, NOT_IMPLEMENTED, "no-response mode");
    if (!x->address.ours) {
        return OK; /* route answers */
    }
    ENSURE(!is_registration && x->who.absolute.len > 0, BAD_REQUEST,
           "a registration is a blocking request");
    TRY(check_addressed(x));
    TRY(check_targets(x));
    struct arena *arena = arena_new(serve_config_get(x->serve)->limits.arena_size);
    struct accepted *accepted = arena != NULL ? ARENA_NEW(arena, struct accepted) : NULL;
    if (accepted == NULL) {
        arena_free(arena);
        FAIL(NO_MEMORY, "request");
    }
    accepted->arena = arena;
    status result = accept(x, accepted);
    if (is_error(result)) {
        arena_free(arena);
        return result;
    }
    return ERROR(PENDING);
}

/* ---- after a restart ---- */

static status fail_one(struct exchange *x, struct serve_resource *request)
{
    const struct wire_value *attributes = request->attributes;
    const struct wire_value *mode =
        wire_get(type_get(attributes, ATTR_META_INFORMATION), BYTES("rt"));
    struct prim_response answer = {.rsc = status_rsc(ERROR(INTERNAL_SERVER_ERROR)),
                                   .request_identifier =
                                       type_get_string(attributes, ATTR_REQUEST_ID)};
    struct wire_value *response = prim_response_encode(&answer, x->arena);
    ENSURE(response != NULL, NO_MEMORY, "result of a request");
    TRY(update_request(x, request->row.ri, response));
    if (wire_get_int(wire_get(mode, BYTES("rtv")), 0) != PRIM_NON_BLOCKING_ASYNCH) {
        return OK;
    }
    const struct wire_value *list = wire_get(mode, BYTES("nu"));
    struct bytes originator = type_get_string(attributes, ATTR_ORIGINATOR);
    struct prim_texts targets = {.items = &originator, .count = 1};
    if (list != NULL) {
        struct bytes *items = ARENA_ARRAY(x->arena, struct bytes, list->count + 1u);
        ENSURE(items != NULL, NO_MEMORY, "result of a request");
        targets = (struct prim_texts){.items = items};
        WIRE_FOR_EACH (item, list) {
            items[targets.count++] = wire_get_string(item);
        }
    }
    return notify_result(x, request->row.ri, &targets, response);
}

/* Whether the operation had been performed is not known: it is not done again, and said to have
 * failed. */
static status fail_unfinished(struct exchange *x, void *user)
{
    (void)user;
    struct serve_resource base;
    struct cse_children requests;
    status found = find_base(x, &base);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK; /* a store without a tree */
    }
    TRY(found);
    TRY(cse_children_read(x, base.row.id, TYPE_REQUEST, 0, &requests));
    for (size_t i = 0; i < requests.count; i++) {
        if (type_get_int(requests.items[i].attributes, ATTR_REQUEST_STATUS, 0) == PENDING_STATUS) {
            TRY(fail_one(x, &requests.items[i]));
        }
    }
    return OK;
}

static void recovered(void *user, status result)
{
    (void)user;
    if (is_error(result)) {
        log_line(LOG_LEVEL_ERROR, "request", "unfinished requests not closed: %s",
                 status_text(result));
    }
}

status cse_requests_recover(struct serve_worker *worker)
{
    struct exchange *x;
    struct bytes count;
    TRY(serve_read_begin(worker, &x));
    status got = store_value_get(x->view, BYTES("cse/requests"), x->arena, &count);
    serve_read_end(x);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return OK; /* none was ever accepted, or all are gone */
    }
    TRY(got);
    return serve_run_job(worker, fail_unfinished, recovered, NULL);
}

/* ---- the resource ---- */

/* 7.4.12.2.4: what is under way or elsewhere cannot be recalled. */
static status check_delete(struct exchange *x)
{
    TRY(serve_resource_read(x, &x->target));
    int64_t state = type_get_int(x->target.attributes, ATTR_REQUEST_STATUS, PENDING_STATUS);
    ENSURE(x->who.internal || state == COMPLETED || state == FAILED, UNABLE_TO_RECALL_REQUEST,
           "request status %d", (int)state);
    return OK;
}

/* The policy made with it goes with it; one that merely has the name is not touched. */
static status on_delete(struct exchange *x, struct serve_resource *request)
{
    struct store_row row;
    TRY(count_one_less(x, request));
    struct bytes name = policy_name(x, request->row.rn);
    ENSURE(name.ptr != NULL, NO_MEMORY, "request resource");
    status found = store_get_child(x->view, request->row.parent_id, name, x->arena, &row);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(found);
    if (row.type != TYPE_ACCESS_CONTROL_POLICY ||
        !bytes_equal(row.originator, request->row.originator)) {
        return OK;
    }
    struct serve_resource policy = {.row = row, .type = type_by_number(row.type)};
    return serve_delete_internal(x, &policy, false);
}

const struct serve_ops cse_request_ops = {
    .type = TYPE_REQUEST,
    .check_delete = check_delete,
    .on_delete = on_delete,
};
