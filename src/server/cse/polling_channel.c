/* SPDX-License-Identifier: Apache-2.0
 * <pollingChannel> and <pollingChannelURI>: only their owner uses them; a poll is held until there
 * is a request; answers come back by NOTIFY. TS-0004 7.4.21, 7.4.22, 7.5.1.2.7; TS-0001 10.2.5.12.
 */
#include "server/cse/cse_effects_int.h"

static status check_owner(struct exchange *x, const struct serve_resource *ae,
                          const struct auth_context *who)
{
    struct serve_resource owner = *ae;
    if (who->internal) {
        return OK;
    }
    ENSURE(owner.row.type == TYPE_AE, ORIGINATOR_HAS_NO_PRIVILEGE, "no AE owns it");
    TRY(serve_resource_read(x, &owner));
    struct bytes ae_id = type_get_string(owner.attributes, ATTR_AE_ID);
    ENSURE(ae_id.len > 0 && cse_id_is(x, ae_id, who), ORIGINATOR_HAS_NO_PRIVILEGE,
           "%.*s does not own the polling channel", BYTES_FMT(who->claimed));
    return OK;
}

/* Instead of linked policies: the owner alone (7.4.21.2, 7.4.22.2.2 Recv-6.3). */
static status authorize(struct exchange *x, const struct auth_context *who,
                        struct serve_resource *channel, uint32_t operation, uint32_t child_type)
{
    (void)operation;
    (void)child_type;
    struct serve_resource ae;
    TRY(serve_resource_parent(x, channel, &ae));
    return check_owner(x, &ae, who);
}

static status check_create(struct exchange *x)
{
    return check_owner(x, &x->target, &x->who);
}

static status on_delete(struct exchange *x, struct serve_resource *channel)
{
    struct cse_effects *effects = cse_effects_of(x->serve);
    if (effects != NULL) {
        cse_hub_close(effects->hub, channel->row.ri);
    }
    return OK;
}

/* ---- long poll ---- */

struct waiting {
    struct cse_poll poll;
    struct exchange *x;
    struct cse_hub *hub;
    struct sys_timer *timer;
};

static status give(struct exchange *x, struct bytes request)
{
    struct bytes copy = arena_dup(x->arena, request);
    struct wire_value *object;
    ENSURE(copy.ptr != NULL, NO_MEMORY, "poll");
    TRY(cse_stored_decode(x->worker, copy, x->arena, &object));
    x->result = cse_wrap(x->arena, "m2m:rqp", object);
    ENSURE(x->result != NULL, NO_MEMORY, "poll");
    x->has_result = true;
    x->rsc = 2000;
    return OK;
}

/* What was fetched for a poll that cannot use it goes back into the queue. */
static void give_back(struct waiting *waiting)
{
    struct wire_value *object;
    struct bytes request = bytes_of(waiting->poll.request, waiting->poll.request_len);
    if (is_ok(cse_stored_decode(waiting->x->worker, request, waiting->x->arena, &object))) {
        cse_hub_give_back(waiting->hub, waiting->poll.channel,
                          wire_get_string(wire_get(object, BYTES("rqi"))));
    }
}

static void woken(struct cse_poll *poll)
{
    struct waiting *waiting = poll->user;
    struct exchange *x = waiting->x;
    struct sys_loop *loop = serve_worker_loop(poll->worker);
    loop->timer_stop(loop, waiting->timer);
    waiting->timer = NULL;
    status result = ERROR(NOT_FOUND); /* the channel was deleted */
    if (poll->request != NULL) {
        result =
            x->cancelled ? ERROR(CANCELLED) : give(x, bytes_of(poll->request, poll->request_len));
        if (is_error(result)) {
            give_back(waiting);
        }
        mem_free(poll->request);
        poll->request = NULL;
    }
    serve_resume(x, result);
}

static void expired(void *user)
{
    struct waiting *waiting = user;
    waiting->timer = NULL;
    if (cse_hub_stop_polling(waiting->hub, &waiting->poll)) {
        serve_resume(waiting->x, ERROR(REQUEST_TIMEOUT));
    }
}

static void cancelled(struct exchange *x)
{
    struct waiting *waiting = x->hook_state;
    if (waiting != NULL && cse_hub_stop_polling(waiting->hub, &waiting->poll)) {
        struct sys_loop *loop = serve_worker_loop(x->worker);
        loop->timer_stop(loop, waiting->timer);
        waiting->timer = NULL;
        serve_resume(x, ERROR(CANCELLED));
    }
}

static int64_t patience(const struct exchange *x)
{
    if (x->call->request.request_expiration.len > 0) {
        return x->deadline - serve_now(x->worker);
    }
    return (int64_t)serve_config_get(x->serve)->limits.polling_wait_ms * USEC_PER_MSEC;
}

static status poll(struct exchange *x, struct cse_hub *hub)
{
    struct waiting *waiting = ARENA_NEW(x->arena, struct waiting);
    ENSURE(waiting != NULL, NO_MEMORY, "poll");
    waiting->x = x;
    waiting->hub = hub;
    waiting->poll = (struct cse_poll){
        .channel = x->target.row.ri, .worker = x->worker, .wake = woken, .user = waiting};
    struct sys_loop *loop = serve_worker_loop(x->worker);
    waiting->timer = loop->timer_start(loop, patience(x), expired, waiting);
    ENSURE(waiting->timer != NULL, NO_MEMORY, "poll");
    x->hook_state = waiting;
    status polled = cse_hub_poll(hub, &waiting->poll);
    if (status_is(polled, STATUS_PENDING)) {
        return polled;
    }
    loop->timer_stop(loop, waiting->timer);
    waiting->timer = NULL;
    x->hook_state = NULL;
    if (is_ok(polled)) {
        polled = give(x, bytes_of(waiting->poll.request, waiting->poll.request_len));
        if (is_error(polled)) {
            give_back(waiting);
        }
        mem_free(waiting->poll.request);
    }
    return polled;
}

/* ---- answers ---- */

static status take_answer(struct exchange *x, struct cse_hub *hub)
{
    const struct wire_value *content = wire_only_member(x->call->request.content);
    ENSURE(wire_is(content, WIRE_OBJECT) && bytes_is(content->name, "m2m:rsp"), BAD_REQUEST,
           "only a response is sent to a polling channel");
    struct prim_response response;
    TRY(prim_response_decode(content, x->arena, &response));
    ENSURE(response.rsc != 0 && response.request_identifier.len > 0, BAD_REQUEST,
           "a response without code or request identifier");
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, serve_config_get(x->serve)->limits.arena_size);
    wire_encode(WIRE_CBOR, content, &buf);
    TRY(buf_check(&buf));
    status answered =
        cse_hub_answer(hub, x->target.row.ri, response.request_identifier, buf_bytes(&buf));
    ENSURE(!status_is(answered, STATUS_NOT_FOUND), BAD_REQUEST, "nobody waits for response %.*s",
           BYTES_FMT(response.request_identifier));
    TRY(answered);
    x->rsc = 2000;
    x->has_result = true;
    return OK;
}

static status delegate(struct exchange *x)
{
    struct cse_effects *effects = cse_effects_of(x->serve);
    ENSURE(effects != NULL, NOT_IMPLEMENTED, "polling has not been started");
    ENSURE(x->virtual_rest.ptr == NULL, NOT_FOUND, "nothing below a polling channel URI");
    if (x->call->request.operation == PRIM_NOTIFY) {
        return take_answer(x, effects->hub);
    }
    ENSURE(x->call->request.operation == PRIM_RETRIEVE, OPERATION_NOT_ALLOWED,
           "a polling channel URI is only polled and answered");
    return poll(x, effects->hub);
}

const struct serve_ops cse_polling_channel_ops = {
    .type = TYPE_POLLING_CHANNEL,
    .authorize = authorize,
    .check_create = check_create,
    .on_delete = on_delete,
};

const struct serve_ops cse_polling_channel_uri_ops = {
    .type = TYPE_POLLING_CHANNEL_URI,
    .authorize = authorize,
    .delegate = delegate,
    .cancelled = cancelled,
};
