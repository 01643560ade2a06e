/* SPDX-License-Identifier: Apache-2.0
 * The sender: takes what is due from the outbox, sends it, keeps at it. At least once, in order
 * for each target of a subscription. TS-0004 7.5.1.2.2 steps 5.0 to 7.0.
 *
 * Lives on the first worker's loop. A message leaves the store only after its outcome is known, in
 * the transaction that also counts it; so a crash at any instant sends again rather than not. */
#include "server/cse/cse_effects_int.h"

#define QUEUES_MAX ((size_t)1 << 24)
#define FIRST_PAUSE USEC_PER_SEC
#define LONGEST_PAUSE (300 * USEC_PER_SEC)

struct cse_outbox {
    struct serve_worker *worker;
    struct sys_mutex *mutex; /* guards is_woken */
    bool is_woken;
    struct map *sending; /* by queue */
    uint64_t active;     /* of these, not lying in a polling channel */
    struct sys_timer *timer;
    bool is_stopping;
    int64_t paused_until; /* the store failed: no rush */
};

enum outcome { SENT, REFUSED, AGAIN };

struct sending {
    struct cse_outbox *outbox; /* NULL: the sender has stopped */
    struct arena *arena;
    struct sending *next;
    int64_t id;
    struct bytes queue, body;
    uint32_t attempts;
    /* of the letter */
    struct bytes flush; /* name of a batch whose time has come, or absent */
    struct bytes subscription;
    uint64_t number;
    bool is_parked, removes_target, has_failed;
    enum outcome outcome;
    struct cse_delivery delivery;
};

static void scan(struct cse_outbox *outbox);

static void woken(void *user)
{
    struct cse_outbox *outbox = user;
    sys_mutex_lock(outbox->mutex);
    outbox->is_woken = false;
    sys_mutex_unlock(outbox->mutex);
    if (outbox->is_stopping) {
        sys_mutex_free(outbox->mutex);
        mem_free(outbox);
        return;
    }
    scan(outbox);
}

void cse_outbox_wake(struct cse_outbox *outbox)
{
    struct sys_loop *loop = serve_worker_loop(outbox->worker);
    sys_mutex_lock(outbox->mutex);
    if (!outbox->is_woken) {
        outbox->is_woken = is_ok(loop->post(loop, woken, outbox));
    }
    sys_mutex_unlock(outbox->mutex);
}

static void rung(void *user)
{
    struct cse_outbox *outbox = user;
    outbox->timer = NULL;
    scan(outbox);
}

static void set_timer(struct cse_outbox *outbox, int64_t delay)
{
    struct sys_loop *loop = serve_worker_loop(outbox->worker);
    loop->timer_stop(loop, outbox->timer);
    outbox->timer = loop->timer_start(loop, delay > 0 ? delay : 0, rung, outbox);
}

/* ---- after the delivery ---- */

static void forget(struct sending *sending)
{
    struct cse_outbox *outbox = sending->outbox;
    struct arena *arena = sending->arena;
    if (outbox != NULL) {
        map_remove(outbox->sending, sending->queue);
        outbox->active -= sending->is_parked ? 0 : 1;
        cse_outbox_wake(outbox);
    }
    arena_free(arena);
}

/* A message that was dropped meanwhile (its subscription ended, the queue was full) is no error. */
static status remove_message(struct exchange *x, int64_t id)
{
    status removed = store_outbox_remove(x->view, id);
    return status_is(removed, STATUS_NOT_FOUND) ? OK : removed;
}

static int64_t pause_after(uint32_t attempts)
{
    int64_t pause = attempts < 16 ? FIRST_PAUSE << attempts : LONGEST_PAUSE;
    return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

static status keep_books(struct exchange *x, void *user)
{
    struct sending *sending = user;
    uint64_t most = serve_config_get(x->serve)->limits.notification_attempts;
    if (sending->outcome == AGAIN && sending->attempts + 1 < most) {
        status again = store_outbox_retry(
            x->view, sending->id, x->now + pause_after(sending->attempts), sending->attempts + 1);
        return status_is(again, STATUS_NOT_FOUND) ? OK : again;
    }
    TRY(remove_message(x, sending->id));
    if (sending->number != 0) {
        TRY(cse_subscription_settle(x, sending->subscription, sending->number,
                                    sending->outcome == SENT));
    }
    if (sending->removes_target && sending->subscription.len > 0) {
        TRY(cse_target_remove(x, sending->subscription, sending->delivery.target));
    }
    return OK;
}

static void submit_books(struct sending *sending);

/* A store that fails gives everybody a pause; a single message that cannot be settled is put off
 * by itself. */
static void books_kept(void *user, status result)
{
    struct sending *sending = user;
    struct cse_outbox *outbox = sending->outbox;
    if (is_error(result) && outbox != NULL) {
        log_line(LOG_LEVEL_ERROR, "notification", "outcome of %lld not stored: %s",
                 (long long)sending->id, status_text(result));
        bool is_store = status_is(result, STATUS_STORE_FAILED) ||
                        status_is(result, STATUS_STORE_FULL) ||
                        status_is(result, STATUS_OVERLOADED);
        if (!is_store && !sending->has_failed) {
            sending->has_failed = true;
            sending->outcome = AGAIN;
            submit_books(sending);
            return;
        }
        outbox->paused_until = serve_now(outbox->worker) + FIRST_PAUSE;
    }
    forget(sending);
}

static void submit_books(struct sending *sending)
{
    status submitted = serve_run_job(sending->outbox->worker, keep_books, books_kept, sending);
    if (is_error(submitted)) {
        sending->has_failed = true;
        books_kept(sending, submitted);
    }
}

static void log_outcome(const struct sending *sending, uint64_t most)
{
    const struct cse_delivery *delivery = &sending->delivery;
    bool gives_up =
        sending->outcome == REFUSED || (sending->outcome == AGAIN && sending->attempts + 1 >= most);
    serve_count_outbox(sending->outbox->worker, sending->outcome == SENT, gives_up,
                       map_count(sending->outbox->sending));
    if (!gives_up) {
        log_line(LOG_LEVEL_DEBUG, "notification", "%.*s: %s, %u", BYTES_FMT(delivery->target),
                 sending->outcome == SENT ? "sent" : "again later",
                 (unsigned)delivery->response.rsc);
        return;
    }
    log_line(LOG_LEVEL_WARN, "notification", "%.*s: given up after %u attempts: %s, %u",
             BYTES_FMT(delivery->target), (unsigned)sending->attempts + 1,
             status_text(delivery->transport), (unsigned)delivery->response.rsc);
}

/* A URL need not speak oneM2M: whatever it answers, it has got the message, except when it says
 * that it failed. A resource says by its code whether trying again makes sense. */
static enum outcome judge(const struct cse_delivery *delivery)
{
    uint16_t rsc = delivery->response.rsc;
    struct cse_target target;
    bool is_url = is_ok(cse_target_parse(delivery->target, &target)) && target.is_url;
    if (is_error(delivery->transport) || rsc / 1000 == 5 ||
        rsc == status_rsc(ERROR(REQUEST_TIMEOUT))) {
        return AGAIN;
    }
    return is_url || rsc / 1000 == 2 ? SENT : REFUSED;
}

static void delivered(struct cse_delivery *delivery)
{
    struct sending *sending = delivery->user;
    if (sending->outbox == NULL) {
        forget(sending);
        return;
    }
    const struct serve *serve = serve_worker_serve(sending->outbox->worker);
    sending->outcome = judge(delivery);
    sending->removes_target =
        is_ok(delivery->transport) && delivery->response.target_removal_request;
    log_outcome(sending, serve_config_get(serve)->limits.notification_attempts);
    submit_books(sending);
}

/* ---- sending ---- */

static void parked(struct cse_delivery *delivery, bool is_parked)
{
    struct sending *sending = delivery->user;
    if (sending->outbox != NULL && sending->is_parked != is_parked) {
        sending->outbox->active += is_parked ? (uint64_t)-1 : 1;
        sending->is_parked = is_parked;
        if (is_parked) {
            cse_outbox_wake(sending->outbox); /* there is room for another */
        }
    }
}

static status read_letter(struct sending *sending)
{
    struct cse_outbox *outbox = sending->outbox;
    const struct limits *config = &serve_config_get(serve_worker_serve(outbox->worker))->limits;
    struct cse_delivery *delivery = &sending->delivery;
    struct wire_value *body;
    TRY(cse_stored_decode(outbox->worker, sending->body, sending->arena, &body));
    sending->flush = wire_get_string(wire_get(body, BYTES("flush")));
    sending->subscription = wire_get_string(wire_get(body, BYTES("subscription")));
    sending->number = (uint64_t)wire_get_int(wire_get(body, BYTES("number")), 0);
    delivery->arena = sending->arena;
    delivery->target = wire_get_string(wire_get(body, BYTES("target")));
    delivery->timeout = (int64_t)config->notification_timeout_ms * USEC_PER_MSEC;
    delivery->patient = true;
    delivery->parked = parked;
    delivery->done = delivered;
    delivery->user = sending;
    struct wire_value *content = wire_get(body, BYTES("pc"));
    if (content != NULL) {
        content = wire_dup(sending->arena, content);
        ENSURE(content != NULL, NO_MEMORY, "notification");
        content->name = BYTES_NONE;
    }
    cse_delivery_notify(delivery, outbox->worker, content);
    /* the same for every attempt, so that a receiver can tell a repetition */
    delivery->request.request_identifier =
        arena_printf(sending->arena, "ntf%lld", (long long)sending->id);
    delivery->request.event_category = (uint32_t)wire_get_int(wire_get(body, BYTES("ec")), 0);
    return OK;
}

static status flush_batch(struct exchange *x, void *user)
{
    struct sending *sending = user;
    TRY(cse_batch_flush(x, sending->flush));
    return remove_message(x, sending->id);
}

static void start(struct sending *sending)
{
    status read = read_letter(sending);
    if (is_error(read)) {
        sending->outcome = REFUSED; /* cannot get better */
        submit_books(sending);
    } else if (sending->flush.len > 0) {
        status submitted = serve_run_job(sending->outbox->worker, flush_batch, books_kept, sending);
        if (is_error(submitted)) {
            books_kept(sending, submitted);
        }
    } else {
        cse_notify_deliver(sending->outbox->worker, &sending->delivery);
    }
}

struct scanning {
    struct cse_outbox *outbox;
    struct sending *first, *last;
    uint64_t room;
    bool is_full;
};

static struct sending *new_sending(struct cse_outbox *outbox, const struct store_message *message)
{
    const struct serve *serve = serve_worker_serve(outbox->worker);
    struct arena *arena = arena_new(serve_config_get(serve)->limits.arena_size);
    struct sending *sending = arena != NULL ? ARENA_NEW(arena, struct sending) : NULL;
    if (sending != NULL) {
        sending->outbox = outbox;
        sending->arena = arena;
        sending->id = message->id;
        sending->attempts = message->attempts;
        sending->queue = arena_dup(arena, message->queue);
        sending->body = arena_dup(arena, message->body);
    }
    if (sending == NULL || sending->queue.ptr == NULL || sending->body.ptr == NULL ||
        is_error(map_put(outbox->sending, sending->queue, sending))) {
        arena_free(arena);
        return NULL;
    }
    return sending;
}

static bool take(void *user, const struct store_message *message)
{
    struct scanning *scanning = user;
    struct cse_outbox *outbox = scanning->outbox;
    if (map_get(outbox->sending, message->queue) != NULL) {
        return true;
    }
    struct sending *sending = NULL;
    if (scanning->room > 0) {
        sending = new_sending(outbox, message);
    }
    if (sending == NULL) {
        scanning->is_full = true;
        return false;
    }
    scanning->room -= 1;
    outbox->active += 1;
    if (scanning->first == NULL) {
        scanning->first = sending;
    } else {
        scanning->last->next = sending;
    }
    scanning->last = sending;
    return true;
}

/* When to look again, apart from being woken: at the next due time, and now and then in case a
 * wake-up was lost for want of memory. What is due and still here is under way; its end wakes. */
static void plan_next(struct cse_outbox *outbox, int64_t next_due)
{
    int64_t delay = LONGEST_PAUSE;
    if (next_due != 0) {
        delay = next_due - serve_now(outbox->worker);
        delay = delay > 0 ? delay : FIRST_PAUSE;
    }
    set_timer(outbox, delay < LONGEST_PAUSE ? delay : LONGEST_PAUSE);
}

static void scan(struct cse_outbox *outbox)
{
    struct serve *serve = serve_worker_serve(outbox->worker);
    uint64_t most = serve_config_get(serve)->limits.outbox_in_flight;
    struct scanning scanning = {.outbox = outbox,
                                .room = outbox->active < most ? most - outbox->active : 0};
    int64_t now = serve_now(outbox->worker);
    if (now < outbox->paused_until) {
        set_timer(outbox, outbox->paused_until - now);
        return;
    }
    struct exchange *x;
    int64_t next_due = 0;
    status looked = serve_read_begin(outbox->worker, &x);
    if (is_ok(looked)) {
        looked = store_outbox_each_due(x->view, now, 0, take, &scanning);
        if (is_ok(looked)) {
            looked = store_outbox_next_due(x->view, &next_due);
        }
        serve_read_end(x);
    }
    if (is_error(looked)) {
        log_line(LOG_LEVEL_ERROR, "notification", "outbox not read: %s", status_text(looked));
        outbox->paused_until = now + FIRST_PAUSE;
        next_due = now + FIRST_PAUSE;
    }
    plan_next(outbox, next_due);
    for (struct sending *sending = scanning.first; sending != NULL;) {
        struct sending *next = sending->next;
        start(sending);
        sending = next;
    }
}

/* ---- life ---- */

status cse_outbox_start(struct serve_worker *worker, struct cse_outbox **ret_outbox)
{
    struct cse_outbox *outbox = mem_alloc(sizeof(*outbox));
    ENSURE(outbox != NULL, NO_MEMORY, "outbox");
    outbox->worker = worker;
    outbox->mutex = sys_mutex_new();
    outbox->sending = map_new(QUEUES_MAX);
    if (outbox->mutex == NULL || outbox->sending == NULL) {
        sys_mutex_free(outbox->mutex);
        map_free(outbox->sending);
        mem_free(outbox);
        FAIL(NO_MEMORY, "outbox");
    }
    *ret_outbox = outbox;
    return OK;
}

/* Those that lie in a polling channel end here; others end by themselves, without the outbox. */
static void let_go(void *user, struct bytes key, void *value)
{
    struct cse_outbox *outbox = user;
    struct sending *sending = value;
    map_remove(outbox->sending, key);
    sending->outbox = NULL;
    if (cse_delivery_abandon(&sending->delivery)) {
        forget(sending);
    }
}

void cse_outbox_stop(struct cse_outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    struct sys_loop *loop = serve_worker_loop(outbox->worker);
    loop->timer_stop(loop, outbox->timer);
    outbox->timer = NULL;
    outbox->is_stopping = true;
    map_each(outbox->sending, let_go, outbox);
    map_free(outbox->sending);
    outbox->sending = NULL;
    sys_mutex_lock(outbox->mutex);
    bool is_woken = outbox->is_woken; /* then the posted call frees */
    sys_mutex_unlock(outbox->mutex);
    if (!is_woken) {
        sys_mutex_free(outbox->mutex);
        mem_free(outbox);
    }
}
