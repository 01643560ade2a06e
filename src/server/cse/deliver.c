/* SPDX-License-Identifier: Apache-2.0
 * One request to one target: a URL, an <AE> through its polling channel or its points of access,
 * another resource of this CSE. TS-0004 7.3.3.9, 7.5.1.1, 7.5.1.2.2; TS-0001 9.6.8. */
#include "server/cse/cse_effects_int.h"

enum place { NOWHERE = 0, ON_BINDING, IN_CHANNEL, INSIDE };

/* What is known of the way, while a delivery is under way. In the delivery's arena. */
struct cse_delivery_way {
    struct serve_worker *worker;
    struct prim_call call;
    enum place place;
    bool is_called_back;      /* nothing else is tried */
    struct prim_texts points; /* points of access left to try begin at next_point */
    size_t next_point;
    struct cse_parcel parcel; /* polling */
    struct sys_timer *timer;
};

struct bytes cse_request_identifier(struct arena *arena)
{
    uint64_t random[2];
    sys_random(random, sizeof(random));
    return arena_printf(arena, "%016llx%08llx", (unsigned long long)random[0],
                        (unsigned long long)(random[1] >> 32));
}

void cse_delivery_notify(struct cse_delivery *delivery, struct serve_worker *worker,
                         struct wire_value *content)
{
    const struct serve_config *config = serve_config_get(serve_worker_serve(worker));
    struct prim_request *request = &delivery->request;
    prim_request_init(request);
    request->operation = PRIM_NOTIFY;
    request->from = config->self.cse_id;
    request->content = content;
    request->request_identifier = cse_request_identifier(delivery->arena);
    delivery->from_self = true;
}

static void over(void *user)
{
    struct cse_delivery *delivery = user;
    delivery->done(delivery);
}

static void finish(struct cse_delivery *delivery, status transport)
{
    delivery->transport = transport;
    over(delivery);
}

static void fail_later(struct cse_delivery *delivery, struct serve_worker *worker, status why)
{
    struct sys_loop *loop = serve_worker_loop(worker);
    delivery->transport = why;
    if (is_error(loop->post(loop, over, delivery))) {
        over(delivery); /* no memory to wait with */
    }
}

/* ---- over a binding ---- */

static void try_next_point(struct cse_delivery *delivery);

static void stop_timer(struct cse_delivery_way *way)
{
    struct sys_loop *loop = serve_worker_loop(way->worker);
    loop->timer_stop(loop, way->timer);
    way->timer = NULL;
}

static void call_done(struct prim_call *call)
{
    struct cse_delivery *delivery = call->user;
    struct cse_delivery_way *way = delivery->way;
    stop_timer(way);
    way->place = NOWHERE;
    if (is_ok(call->transport)) {
        delivery->response = call->response;
        finish(delivery, OK);
    } else if (way->next_point < way->points.count && !way->is_called_back) {
        try_next_point(delivery);
    } else {
        bool late = status_is(call->transport, STATUS_CANCELLED);
        finish(delivery, late ? ERROR(REQUEST_TIMEOUT) : call->transport);
    }
}

static void call_too_late(void *user)
{
    struct cse_delivery *delivery = user;
    delivery->way->timer = NULL;
    serve_send_cancel(delivery->way->worker, &delivery->way->call);
}

/* Bindings have time-outs too; this one makes sure. */
static void send_call(struct cse_delivery *delivery, struct bytes url)
{
    struct cse_delivery_way *way = delivery->way;
    struct sys_loop *loop = serve_worker_loop(way->worker);
    way->call.destination = url;
    way->place = ON_BINDING;
    way->timer = loop->timer_start(loop, delivery->timeout, call_too_late, delivery);
    serve_send(way->worker, &way->call);
}

static void prepare_call(struct cse_delivery *delivery)
{
    struct cse_delivery_way *way = delivery->way;
    way->call = (struct prim_call){
        .arena = delivery->arena,
        .deadline = serve_now(way->worker) + delivery->timeout,
        .request = delivery->request,
        .done = call_done,
        .user = delivery,
    };
}

static void try_next_point(struct cse_delivery *delivery)
{
    struct cse_delivery_way *way = delivery->way;
    prepare_call(delivery);
    way->next_point += 1;
    send_call(delivery, way->points.items[way->next_point - 1]);
}

static void send_to_url(struct cse_delivery *delivery, const struct cse_target *target)
{
    struct cse_delivery_way *way = delivery->way;
    delivery->request.to = target->uri;
    if (target->format != PRIM_FORMAT_NONE) {
        delivery->request.format = target->format;
    }
    prepare_call(delivery);
    way->call.content_format_hint = target->ct;
    send_call(delivery, target->uri);
}

/* ---- through a polling channel ---- */

static void polled_too_late(void *user)
{
    struct cse_delivery *delivery = user;
    struct cse_delivery_way *way = delivery->way;
    way->timer = NULL;
    struct cse_effects *effects = cse_effects_of(serve_worker_serve(way->worker));
    if (effects != NULL && cse_hub_withdraw(effects->hub, &way->parcel)) {
        finish(delivery, ERROR(REQUEST_TIMEOUT));
    } /* else the answer is on its way to parcel_answered */
}

static bool start_patience(struct cse_delivery *delivery)
{
    struct cse_delivery_way *way = delivery->way;
    struct sys_loop *loop = serve_worker_loop(way->worker);
    way->timer = loop->timer_start(loop, delivery->timeout, polled_too_late, delivery);
    return way->timer != NULL;
}

static void parcel_fetched(struct cse_parcel *parcel)
{
    struct cse_delivery *delivery = parcel->user;
    if (!delivery->patient) {
        return;
    }
    if (delivery->parked != NULL) {
        delivery->parked(delivery, false);
    }
    if (delivery->way->timer == NULL && !start_patience(delivery)) {
        polled_too_late(delivery);
    }
}

static void parcel_answered(struct cse_parcel *parcel, struct bytes response)
{
    struct cse_delivery *delivery = parcel->user;
    struct cse_delivery_way *way = delivery->way;
    const struct serve_config *config = serve_config_get(serve_worker_serve(way->worker));
    stop_timer(way);
    way->place = NOWHERE;
    if (response.len == 0) {
        finish(delivery, ERROR(TARGET_NOT_REACHABLE)); /* the channel was deleted */
        return;
    }
    struct wire_limits limits = wire_limits_from(&config->limits);
    struct bytes copy = arena_dup(delivery->arena, response);
    struct wire_value *object = NULL;
    status decoded = copy.ptr != NULL
                         ? wire_decode(WIRE_CBOR, copy, &limits, delivery->arena, &object)
                         : ERROR(NO_MEMORY);
    if (is_ok(decoded)) {
        decoded = prim_response_decode(object, delivery->arena, &delivery->response);
    }
    finish(delivery, decoded);
}

static status send_to_channel(struct cse_delivery *delivery, struct bytes channel)
{
    struct cse_delivery_way *way = delivery->way;
    struct cse_effects *effects = cse_effects_of(serve_worker_serve(way->worker));
    ENSURE(effects != NULL, TARGET_NOT_REACHABLE, "nobody can poll yet");
    const struct serve_config *config = serve_config_get(serve_worker_serve(way->worker));
    struct wire_value *object = prim_request_encode(&delivery->request, delivery->arena);
    ENSURE(object != NULL, NO_MEMORY, "request to be polled");
    struct buf buf CLEANUP(buf_fini);
    buf_init(&buf, config->limits.arena_size);
    wire_encode(WIRE_CBOR, object, &buf);
    TRY(buf_check(&buf));
    way->parcel = (struct cse_parcel){
        .channel = channel,
        .identifier = delivery->request.request_identifier,
        .request = arena_dup(delivery->arena, buf_bytes(&buf)),
        .worker = way->worker,
        .fetched = parcel_fetched,
        .answered = parcel_answered,
        .user = delivery,
    };
    ENSURE(way->parcel.request.ptr != NULL, NO_MEMORY, "request to be polled");
    way->place = IN_CHANNEL;
    if (!delivery->patient) {
        ENSURE(start_patience(delivery), NO_MEMORY, "timer");
    } else if (delivery->parked != NULL) {
        delivery->parked(delivery, true);
    }
    status sent = cse_hub_send(effects->hub, &way->parcel);
    if (is_error(sent)) {
        stop_timer(way);
        way->place = NOWHERE;
    }
    return sent;
}

static bool withdraw(struct cse_delivery_way *way)
{
    struct cse_effects *effects = cse_effects_of(serve_worker_serve(way->worker));
    if (effects == NULL || !cse_hub_withdraw(effects->hub, &way->parcel)) {
        return false;
    }
    stop_timer(way);
    way->place = NOWHERE;
    return true;
}

bool cse_delivery_abandon(struct cse_delivery *delivery)
{
    struct cse_delivery_way *way = delivery->way;
    if (way == NULL) {
        return false;
    }
    way->is_called_back = true;
    switch (way->place) {
    case IN_CHANNEL:
        return withdraw(way);
    case ON_BINDING:
        serve_send_cancel(way->worker, &way->call);
        return false;
    case INSIDE:
    case NOWHERE:
        return false;
    }
    return false;
}

/* ---- to a resource of this CSE ---- */

/* most: one notification does not knock at more doors, whoever wrote them down. */
static status copy_texts(const struct wire_value *list, uint64_t most, struct arena *arena,
                         struct prim_texts *ret_texts)
{
    size_t count = wire_is(list, WIRE_ARRAY) ? list->count : 0;
    count = count < most ? count : (size_t)most;
    struct bytes *items = ARENA_ARRAY(arena, struct bytes, count + 1);
    ENSURE(items != NULL, NO_MEMORY, "points of access");
    size_t used = 0;
    WIRE_FOR_EACH (item, list) {
        if (used == count) {
            break;
        }
        items[used] = arena_dup(arena, wire_get_string(item));
        ENSURE(items[used].ptr != NULL, NO_MEMORY, "points of access");
        used += 1;
    }
    *ret_texts = (struct prim_texts){.items = items, .count = used};
    return OK;
}

/* One of the serializations that the entity names; none named: ours (7.5.1.1). */
static enum prim_format format_for(const struct wire_value *serializations)
{
    WIRE_FOR_EACH (item, serializations) {
        enum prim_format format = cse_format_of(wire_get_string(item));
        if (format != PRIM_FORMAT_NONE) {
            return format;
        }
    }
    return PRIM_JSON;
}

/* A release that both sides know, the newest first; none known of a Release 1 entity. */
static struct bytes release_for(const struct wire_value *supported, const struct prim_texts *ours)
{
    for (size_t i = ours->count; i > 0; i--) {
        WIRE_FOR_EACH (item, supported) {
            if (bytes_equal(wire_get_string(item), ours->items[i - 1])) {
                return ours->items[i - 1];
            }
        }
    }
    return BYTES_NONE;
}

struct ways_of_ae {
    struct bytes channel; /* ri of its polling channel, or absent */
    struct prim_texts points;
    enum prim_format format;
    struct bytes release;
    bool is_reachable;
};

static status read_ways(struct exchange *x, struct serve_resource *ae, struct arena *arena,
                        struct ways_of_ae *ret_ways)
{
    struct ways_of_ae ways = {.is_reachable = true};
    struct cse_children channels;
    TRY(serve_resource_read(x, ae));
    TRY(cse_children_read(x, ae->row.id, TYPE_POLLING_CHANNEL, 1, &channels));
    if (channels.count > 0) {
        ways.channel = arena_dup(arena, channels.items[0].row.ri);
        ENSURE(ways.channel.ptr != NULL, NO_MEMORY, "polling channel");
    }
    ways.is_reachable = type_get_bool(ae->attributes, ATTR_REQUEST_REACHABILITY, true);
    ways.format = format_for(type_get(ae->attributes, ATTR_CONTENT_SERIALIZATION));
    ways.release = release_for(type_get(ae->attributes, ATTR_SUPPORTED_RELEASE_VERSIONS),
                               &serve_config_get(x->serve)->release_versions);
    uint64_t most = serve_config_get(x->serve)->limits.notification_targets;
    TRY(copy_texts(type_get(ae->attributes, ATTR_POINT_OF_ACCESS), most, arena, &ways.points));
    *ret_ways = ways;
    return OK;
}

static status send_to_ae(struct cse_delivery *delivery, const struct ways_of_ae *ways)
{
    delivery->request.release_version = ways->release;
    delivery->request.format = ways->format;
    if (ways->channel.ptr != NULL) {
        return send_to_channel(delivery, ways->channel);
    }
    ENSURE(ways->is_reachable && ways->points.count > 0, TARGET_NOT_REACHABLE,
           "%.*s has no point of access", BYTES_FMT(delivery->target));
    delivery->way->points = ways->points;
    try_next_point(delivery);
    return OK;
}

/* Another resource (<CSEBase>, <group>) answers as it does to any request of this CSE. */
static status send_inside(struct cse_delivery *delivery)
{
    ENSURE(delivery->from_self, TARGET_NOT_REACHABLE, "a request is not re-targeted to %.*s",
           BYTES_FMT(delivery->target));
    prepare_call(delivery);
    delivery->way->place = INSIDE;
    serve_submit_internal(delivery->way->worker, &delivery->way->call, true);
    return OK;
}

static status send_to_resource(struct cse_delivery *delivery, const struct cse_target *target)
{
    struct serve_worker *worker = delivery->way->worker;
    struct exchange *x;
    struct serve_resource resource;
    struct ways_of_ae ways;
    TRY(serve_read_begin(worker, &x));
    status found = serve_resource_find(x, target->uri, &resource);
    bool is_ae = is_ok(found) && resource.row.type == TYPE_AE;
    if (is_ae) {
        found = read_ways(x, &resource, delivery->arena, &ways);
    }
    serve_read_end(x);
    if (status_is(found, STATUS_NOT_FOUND)) {
        FAIL(TARGET_NOT_REACHABLE, "no way to %.*s", BYTES_FMT(target->uri));
    }
    TRY(found);
    delivery->request.to = target->uri;
    return is_ae ? send_to_ae(delivery, &ways) : send_inside(delivery);
}

/* Release and format for whom nothing is known. */
static void set_defaults(struct cse_delivery *delivery, struct serve_worker *worker)
{
    const struct prim_texts *releases =
        &serve_config_get(serve_worker_serve(worker))->release_versions;
    if (delivery->request.release_version.len > 0 || releases->count == 0) {
        return;
    }
    delivery->request.release_version = releases->items[releases->count - 1];
    for (size_t i = 0; i < releases->count; i++) {
        if (bytes_is(releases->items[i], "3")) { /* the release this server is built on */
            delivery->request.release_version = releases->items[i];
        }
    }
}

void cse_notify_deliver(struct serve_worker *worker, struct cse_delivery *delivery)
{
    struct cse_target target;
    delivery->response = (struct prim_response){.rsc = 0};
    delivery->way = ARENA_NEW(delivery->arena, struct cse_delivery_way);
    if (delivery->way == NULL) {
        fail_later(delivery, worker, ERROR(NO_MEMORY));
        return;
    }
    delivery->way->worker = worker;
    set_defaults(delivery, worker);
    if (delivery->request.format == PRIM_FORMAT_NONE) {
        delivery->request.format = PRIM_JSON;
    }
    status started = cse_target_parse(delivery->target, &target);
    if (is_ok(started) && target.is_url) {
        send_to_url(delivery, &target);
    } else if (is_ok(started)) {
        started = send_to_resource(delivery, &target);
    }
    if (is_error(started)) {
        fail_later(delivery, worker, started);
    }
}
