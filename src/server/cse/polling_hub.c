/* SPDX-License-Identifier: Apache-2.0
 * Where requests for entities that cannot be reached meet the polls of these entities. TS-0004
 * 7.4.22.2.2, 7.4.22.2.5; TS-0001 10.2.5.12.
 *
 * Senders and pollers may live on different loops. Everything is behind one mutex; what concerns a
 * sender or a poller is posted to its loop. Nothing here survives a restart: whoever must be sure
 * keeps the request elsewhere (the outbox) and sends it again. */
#include <string.h>

#include "server/cse/cse_effects_int.h"

struct channel {
    struct cse_parcel *first, *last; /* oldest first, fetched ones included */
    uint64_t count;
    struct cse_poll *polls, *last_poll;
    char *name;
    size_t name_len;
};

struct cse_hub {
    struct sys_mutex *mutex;
    struct map *channels;
    uint64_t queue_limit, polls_limit; /* of one channel */
    uint64_t notes;                    /* posted ones that still look in here */
    bool is_closing;
};

#define CHANNELS_MAX ((size_t)1 << 20)

static void free_hub(struct cse_hub *hub)
{
    map_free(hub->channels);
    sys_mutex_free(hub->mutex);
    mem_free(hub);
}

status cse_hub_new(const struct limits *limits, struct cse_hub **ret_hub)
{
    struct cse_hub *hub = mem_alloc(sizeof(*hub));
    ENSURE(hub != NULL, NO_MEMORY, "polling");
    hub->queue_limit = limits->polling_queue;
    hub->polls_limit = limits->polls_per_channel;
    hub->mutex = sys_mutex_new();
    hub->channels = map_new(CHANNELS_MAX);
    if (hub->mutex == NULL || hub->channels == NULL) {
        free_hub(hub);
        FAIL(NO_MEMORY, "polling");
    }
    *ret_hub = hub;
    return OK;
}

/* ---- under the mutex ---- */

static struct channel *channel_of(struct cse_hub *hub, struct bytes name)
{
    struct channel *channel = map_get(hub->channels, name);
    if (channel != NULL) {
        return channel;
    }
    channel = mem_alloc(sizeof(*channel));
    if (channel == NULL || is_error(map_put(hub->channels, name, channel))) {
        mem_free(channel);
        return NULL;
    }
    return channel;
}

static void drop_if_empty(struct cse_hub *hub, struct bytes name, struct channel *channel)
{
    if (channel->first == NULL && channel->polls == NULL) {
        map_remove(hub->channels, name);
        mem_free(channel);
    }
}

static bool unlink_parcel(struct channel *channel, struct cse_parcel *parcel)
{
    struct cse_parcel *before = NULL;
    for (struct cse_parcel *p = channel->first; p != NULL; before = p, p = p->next) {
        if (p == parcel) {
            if (before == NULL) {
                channel->first = p->next;
            } else {
                before->next = p->next;
            }
            if (channel->last == p) {
                channel->last = before;
            }
            channel->count -= 1;
            return true;
        }
    }
    return false;
}

static struct cse_parcel *find_parcel(struct channel *channel, struct bytes identifier)
{
    for (struct cse_parcel *p = channel->first; p != NULL; p = p->next) {
        if (p->is_fetched && bytes_equal(p->identifier, identifier)) {
            return p;
        }
    }
    return NULL;
}

static struct cse_parcel *next_waiting(struct channel *channel)
{
    struct cse_parcel *p = channel->first;
    while (p != NULL && p->is_fetched) {
        p = p->next;
    }
    return p;
}

/* ---- posted ---- */

/* A note to a sender: looked up again, for it may have gone meanwhile. */
struct fetched_note {
    struct cse_hub *hub;
    struct cse_parcel *parcel;
    struct bytes channel; /* behind this struct */
    char text[];
};

static void tell_fetched(void *user)
{
    struct fetched_note *note = user;
    bool there = false;
    sys_mutex_lock(note->hub->mutex);
    note->hub->notes -= 1;
    bool is_last = note->hub->is_closing && note->hub->notes == 0;
    struct channel *channel = map_get(note->hub->channels, note->channel);
    for (struct cse_parcel *p = channel != NULL ? channel->first : NULL; p != NULL; p = p->next) {
        there = there || p == note->parcel;
    }
    sys_mutex_unlock(note->hub->mutex);
    if (is_last) {
        free_hub(note->hub);
    }
    if (there) { /* only its own loop, this one, takes a parcel away */
        note->parcel->fetched(note->parcel);
    }
    mem_free(note);
}

static status post_fetched(struct cse_hub *hub, struct cse_parcel *parcel)
{
    struct fetched_note *note = mem_alloc(sizeof(*note) + parcel->channel.len);
    ENSURE(note != NULL, NO_MEMORY, "polling");
    note->hub = hub;
    note->parcel = parcel;
    memcpy(note->text, parcel->channel.ptr, parcel->channel.len);
    note->channel = bytes_of(note->text, parcel->channel.len);
    struct sys_loop *loop = serve_worker_loop(parcel->worker);
    status posted = loop->post(loop, tell_fetched, note);
    if (is_error(posted)) {
        mem_free(note);
        return posted;
    }
    hub->notes += 1;
    return OK;
}

static void tell_answered(void *user)
{
    struct cse_parcel *parcel = user;
    char *response = parcel->response;
    parcel->response = NULL;
    parcel->answered(parcel, bytes_of(response, parcel->response_len));
    mem_free(response);
}

static void tell_poll(void *user)
{
    struct cse_poll *poll = user;
    poll->wake(poll);
}

/* ---- hand-over ---- */

static status hand_over(struct cse_hub *hub, struct cse_parcel *parcel, struct cse_poll *poll)
{
    char *copy = mem_alloc(parcel->request.len + 1);
    ENSURE(copy != NULL, NO_MEMORY, "polling");
    status posted = post_fetched(hub, parcel);
    if (is_error(posted)) {
        mem_free(copy);
        return posted;
    }
    memcpy(copy, parcel->request.ptr, parcel->request.len);
    poll->request = copy;
    poll->request_len = parcel->request.len;
    parcel->is_fetched = true;
    return OK;
}

/* Gives waiting requests to waiting polls. */
static void match(struct cse_hub *hub, struct channel *channel)
{
    struct cse_parcel *parcel = next_waiting(channel);
    while (parcel != NULL && channel->polls != NULL) {
        struct cse_poll *poll = channel->polls;
        struct sys_loop *loop = serve_worker_loop(poll->worker);
        if (is_error(hand_over(hub, parcel, poll))) {
            return; /* no memory: the next poll finds it */
        }
        if (is_error(loop->post(loop, tell_poll, poll))) {
            mem_free(poll->request);
            poll->request = NULL;
            parcel->is_fetched = false;
            return;
        }
        channel->polls = poll->next;
        if (channel->polls == NULL) {
            channel->last_poll = NULL;
        }
        parcel = next_waiting(channel);
    }
}

status cse_hub_send(struct cse_hub *hub, struct cse_parcel *parcel)
{
    status result = OK;
    parcel->next = NULL;
    parcel->is_fetched = false;
    parcel->response = NULL;
    sys_mutex_lock(hub->mutex);
    struct channel *channel = channel_of(hub, parcel->channel);
    if (channel == NULL) {
        result = ERROR(NO_MEMORY);
    } else if (channel->count >= hub->queue_limit) {
        result = ERROR(OVERLOADED);
    } else {
        if (channel->last == NULL) {
            channel->first = parcel;
        } else {
            channel->last->next = parcel;
        }
        channel->last = parcel;
        channel->count += 1;
        match(hub, channel);
    }
    sys_mutex_unlock(hub->mutex);
    return result;
}

bool cse_hub_withdraw(struct cse_hub *hub, struct cse_parcel *parcel)
{
    sys_mutex_lock(hub->mutex);
    struct channel *channel = map_get(hub->channels, parcel->channel);
    bool was_there = channel != NULL && unlink_parcel(channel, parcel);
    if (was_there) {
        drop_if_empty(hub, parcel->channel, channel);
    }
    sys_mutex_unlock(hub->mutex);
    return was_there;
}

static bool may_wait(const struct cse_hub *hub, const struct channel *channel)
{
    uint64_t waiting = 0;
    for (const struct cse_poll *p = channel->polls; p != NULL; p = p->next) {
        waiting += 1;
    }
    return waiting < hub->polls_limit;
}

status cse_hub_poll(struct cse_hub *hub, struct cse_poll *poll)
{
    status result = ERROR(PENDING);
    poll->request = NULL;
    poll->next = NULL;
    sys_mutex_lock(hub->mutex);
    struct channel *channel = channel_of(hub, poll->channel);
    struct cse_parcel *parcel = channel != NULL ? next_waiting(channel) : NULL;
    if (channel == NULL) {
        result = ERROR(NO_MEMORY);
    } else if (parcel != NULL) {
        result = hand_over(hub, parcel, poll);
    } else if (!may_wait(hub, channel)) {
        result = ERROR(OVERLOADED);
    } else {
        if (channel->last_poll == NULL) {
            channel->polls = poll;
        } else {
            channel->last_poll->next = poll;
        }
        channel->last_poll = poll;
    }
    sys_mutex_unlock(hub->mutex);
    return result;
}

bool cse_hub_stop_polling(struct cse_hub *hub, struct cse_poll *poll)
{
    bool was_there = false;
    sys_mutex_lock(hub->mutex);
    struct channel *channel = map_get(hub->channels, poll->channel);
    struct cse_poll *before = NULL;
    for (struct cse_poll *p = channel != NULL ? channel->polls : NULL; p != NULL;
         before = p, p = p->next) {
        if (p != poll) {
            continue;
        }
        if (before == NULL) {
            channel->polls = p->next;
        } else {
            before->next = p->next;
        }
        if (channel->last_poll == p) {
            channel->last_poll = before;
        }
        was_there = true;
        break;
    }
    if (was_there) {
        drop_if_empty(hub, poll->channel, channel);
    }
    sys_mutex_unlock(hub->mutex);
    return was_there;
}

void cse_hub_give_back(struct cse_hub *hub, struct bytes name, struct bytes identifier)
{
    sys_mutex_lock(hub->mutex);
    struct channel *channel = map_get(hub->channels, name);
    struct cse_parcel *parcel = channel != NULL ? find_parcel(channel, identifier) : NULL;
    if (parcel != NULL) {
        parcel->is_fetched = false;
        match(hub, channel);
    }
    sys_mutex_unlock(hub->mutex);
}

/* Everybody who waits at a channel is told that it has gone. */
static void dismiss(struct channel *channel)
{
    struct cse_parcel *parcel = channel->first;
    while (parcel != NULL) {
        struct cse_parcel *next = parcel->next;
        struct sys_loop *loop = serve_worker_loop(parcel->worker);
        parcel->response = NULL;
        parcel->response_len = 0;
        must(is_ok(loop->post(loop, tell_answered, parcel)));
        parcel = next;
    }
    struct cse_poll *poll = channel->polls;
    while (poll != NULL) {
        struct cse_poll *next = poll->next;
        struct sys_loop *loop = serve_worker_loop(poll->worker);
        must(is_ok(loop->post(loop, tell_poll, poll)));
        poll = next;
    }
    mem_free(channel);
}

void cse_hub_close(struct cse_hub *hub, struct bytes name)
{
    sys_mutex_lock(hub->mutex);
    struct channel *channel = map_remove(hub->channels, name);
    if (channel != NULL) {
        dismiss(channel);
    }
    sys_mutex_unlock(hub->mutex);
}

static void dismiss_one(void *user, struct bytes key, void *value)
{
    struct cse_hub *hub = user;
    map_remove(hub->channels, key);
    dismiss(value);
}

void cse_hub_free(struct cse_hub *hub)
{
    if (hub == NULL) {
        return;
    }
    sys_mutex_lock(hub->mutex);
    map_each(hub->channels, dismiss_one, hub);
    hub->is_closing = true;
    bool is_last = hub->notes == 0;
    sys_mutex_unlock(hub->mutex);
    if (is_last) {
        free_hub(hub);
    }
}

status cse_hub_answer(struct cse_hub *hub, struct bytes name, struct bytes identifier,
                      struct bytes response)
{
    status result = ERROR(NOT_FOUND);
    char *copy = mem_alloc(response.len + 1);
    ENSURE(copy != NULL, NO_MEMORY, "polling");
    memcpy(copy, response.ptr, response.len);
    sys_mutex_lock(hub->mutex);
    struct channel *channel = map_get(hub->channels, name);
    struct cse_parcel *parcel = channel != NULL ? find_parcel(channel, identifier) : NULL;
    if (parcel != NULL) {
        struct sys_loop *loop = serve_worker_loop(parcel->worker);
        parcel->response = copy;
        parcel->response_len = response.len;
        result = loop->post(loop, tell_answered, parcel);
        if (is_ok(result)) {
            copy = NULL;
            unlink_parcel(channel, parcel);
            drop_if_empty(hub, name, channel);
        }
    }
    sys_mutex_unlock(hub->mutex);
    mem_free(copy);
    return result;
}
