/* SPDX-License-Identifier: Apache-2.0
 * What the operator may ask on the Unix socket: one JSON object a line, one answer a line.
 * {"do":"status"} or {"do":"explain","originator":...,"to":...,"operation":"RETRIEVE",
 * "child-type":4,"address":"192.0.2.1:0","authenticated":true,"time":"20261124T120000"}. */
#include "app/daemon/operator_side_int.h"

#include <string.h>

static struct wire_value *failure(struct arena *arena, const char *text)
{
    struct wire_value *answer = wire_object(arena);
    (void)wire_add(answer, BYTES("ok"), wire_bool(arena, false));
    (void)wire_add(answer, BYTES("error"), wire_string(arena, arena_dup(arena, bytes_str(text))));
    return answer;
}

static struct wire_value *success(struct arena *arena, struct wire_value *result)
{
    struct wire_value *answer = wire_object(arena);
    (void)wire_add(answer, BYTES("ok"), wire_bool(arena, true));
    (void)wire_add(answer, BYTES("result"), result);
    return answer;
}

static const struct operation_name {
    const char *name;
    uint32_t bit;
} operation_names[] = {
    {"CREATE", TYPE_OP_CREATE}, {"RETRIEVE", TYPE_OP_RETRIEVE}, {"UPDATE", TYPE_OP_UPDATE},
    {"DELETE", TYPE_OP_DELETE}, {"NOTIFY", TYPE_OP_NOTIFY},     {"DISCOVERY", TYPE_OP_DISCOVERY},
};

static status operation_of(struct bytes name, uint32_t *ret_bit)
{
    for (size_t i = 0; i < ARRAY_LEN(operation_names); i++) {
        if (bytes_equal_nocase(name, bytes_str(operation_names[i].name))) {
            *ret_bit = operation_names[i].bit;
            return OK;
        }
    }
    FAIL(BAD_REQUEST, "operation: CREATE, RETRIEVE, UPDATE, DELETE, NOTIFY or DISCOVERY expected");
}

static status question_of(const struct wire_value *request, struct serve_question *ret_question)
{
    struct serve_question question = {0};
    question.originator = wire_get_string(wire_get(request, BYTES("originator")));
    question.to = wire_get_string(wire_get(request, BYTES("to")));
    ENSURE(question.originator.len > 0, BAD_REQUEST, "originator is missing");
    ENSURE(question.to.len > 0, BAD_REQUEST, "to is missing");
    TRY(operation_of(wire_get_string(wire_get(request, BYTES("operation"))), &question.operation));
    int64_t child = wire_get_int(wire_get(request, BYTES("child-type")), 0);
    ENSURE(child >= 0 && child <= UINT32_MAX, BAD_REQUEST, "child-type is no resource type");
    question.child_type = (uint32_t)child;
    question.authenticated = wire_get_bool(wire_get(request, BYTES("authenticated")), false);
    struct bytes address = wire_get_string(wire_get(request, BYTES("address")));
    if (address.len > 0) {
        TRY(sys_address_parse(address, &question.address));
        question.has_address = true;
    }
    struct bytes time = wire_get_string(wire_get(request, BYTES("time")));
    if (time.len > 0) {
        TRY(timestamp_parse(time, &question.time));
    }
    *ret_question = question;
    return OK;
}

static struct wire_value *explain(struct operator_side *operator, const struct wire_value * request,
                                  struct arena *arena)
{
    struct serve_question question;
    struct wire_value *explanation = NULL;
    status result = question_of(request, &question);
    if (is_ok(result)) {
        result = serve_explain(operator->worker, &question, arena, &explanation);
    }
    if (is_error(result)) {
        const struct status_note *note = status_note_get();
        return failure(arena, note->code == result.code ? note->text : status_text(result));
    }
    return success(arena, explanation);
}

static void add_number(struct wire_value *object, struct arena *arena, const char *name,
                       uint64_t number)
{
    (void)wire_add(object, bytes_str(name), wire_uint(arena, number));
}

static struct wire_value *status_answer(struct operator_side *operator, struct arena * arena)
{
    struct serve_counters counters;
    struct exchange *x;
    uint64_t rows = 0;
    const struct serve *serve = serve_worker_serve(operator->worker);
    const struct prim_self *self = &serve_config_get(serve)->self;
    serve_counters_read(serve, &counters);
    if (is_ok(serve_read_begin(operator->worker, &x))) {
        if (is_error(store_count(x->view, &rows))) {
            rows = 0;
        }
        serve_read_end(x);
    }
    struct wire_value *result = wire_object(arena);
    (void)wire_add(result, BYTES("version"), wire_string(arena, BYTES(ANP_VERSION)));
    (void)wire_add(result, BYTES("cse-id"), wire_string(arena, self->cse_id));
    (void)wire_add(result, BYTES("cse-name"), wire_string(arena, self->cse_name));
    add_number(result, arena, "uptime-s",
               (uint64_t)((sys_monotonic_usec() - operator->started) / USEC_PER_SEC));
    add_number(result, arena, "resources", rows);
    add_number(result, arena, "resident-bytes", sys_resident_memory());
    add_number(result, arena, "requests-in-flight", counters.in_flight);
    add_number(result, arena, "denied", counters.denied);
    add_number(result, arena, "notifications-sent", counters.outbox_sent);
    add_number(result, arena, "notifications-failed", counters.outbox_failed);
    add_number(result, arena, "notifications-waiting", counters.outbox_waiting);
    return success(arena, result);
}

struct wire_value *operator_answer(struct operator_side *operator, struct bytes line,
                                   struct arena *arena)
{
    struct wire_value *request;
    struct wire_limits limits =
        wire_limits_from(&serve_config_get(serve_worker_serve(operator->worker))->limits);
    if (is_error(wire_decode(WIRE_JSON, line, &limits, arena, &request))) {
        return failure(arena, "one JSON object a line expected");
    }
    struct bytes what = wire_get_string(wire_get(request, BYTES("do")));
    if (bytes_is(what, "status")) {
        return status_answer(operator, arena);
    }
    if (bytes_is(what, "explain")) {
        return explain(operator, request, arena);
    }
    return failure(arena, "do: status or explain expected");
}
