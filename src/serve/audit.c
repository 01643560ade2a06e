/* SPDX-License-Identifier: Apache-2.0
 * Records for the operator: one line a request, one record a decision, each failure once. */
#include "serve/serve_int.h"

static struct log_field text_field(const char *name, struct bytes text)
{
    return (struct log_field){name, text.ptr != NULL ? text : BYTES("-"), 0};
}

static struct log_field number_field(const char *name, int64_t number)
{
    return (struct log_field){name, BYTES_NONE, number};
}

/* Who was refused for saying that name; who was believed, at debug. */
void serve_audit_identity(struct exchange *x, status verdict)
{
    const struct prim_request *request = &x->call->request;
    bool believed = is_ok(verdict);
    enum log_level level = believed ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
    if (!log_is_on(level)) {
        return;
    }
    struct log_field fields[] = {
        text_field("originator", request->from),
        text_field("verdict", believed ? BYTES("accept") : BYTES("refuse")),
        text_field("status", bytes_str(status_name(verdict))),
        text_field("request", request->request_identifier),
        text_field("binding", bytes_str(x->call->peer.binding)),
        number_field("authenticated", x->who.authenticated),
        number_field("connection", (int64_t)x->call->peer.connection),
    };
    struct log_record record = {level, "audit.authentication", NULL, fields, ARRAY_LEN(fields)};
    log_write(&record);
}

/* Denials always; permissions of changes at info, of reads at debug. */
void serve_audit_decision(struct exchange *x, status verdict)
{
    const struct prim_request *request = &x->call->request;
    bool permits = is_ok(verdict);
    enum log_level level = LOG_LEVEL_INFO;
    if (permits && !serve_changes(x)) {
        level = LOG_LEVEL_DEBUG;
    }
    if (!log_is_on(level)) {
        return;
    }
    struct log_field fields[] = {
        text_field("originator", x->who.absolute),
        text_field("target", x->target.row.path),
        text_field("operation", bytes_str(prim_operation_name(request->operation))),
        text_field("verdict", permits ? BYTES("permit") : BYTES("deny")),
        text_field("policy", x->deciding_policy),
        text_field("stage", bytes_str(x->deciding_stage)),
        text_field("request", request->request_identifier),
        number_field("authenticated", x->who.authenticated),
        number_field("connection", (int64_t)x->call->peer.connection),
    };
    struct log_record record = {level, "audit.decision", NULL, fields, ARRAY_LEN(fields)};
    log_write(&record);
}

static enum log_level level_of(status failure)
{
    switch (status_kind(failure)) {
    case STATUS_KIND_PEER:
        return LOG_LEVEL_DEBUG;
    case STATUS_KIND_ATTACK:
        return LOG_LEVEL_WARN;
    case STATUS_KIND_US:
    case STATUS_KIND_ENVIRONMENT:
        return LOG_LEVEL_ERROR;
    }
    return LOG_LEVEL_ERROR;
}

void serve_log_failure(struct exchange *x, status failure)
{
    enum log_level level = level_of(failure);
    if (!log_is_on(level)) {
        return;
    }
    const struct status_note *note = status_note_get();
    bool fits = note->code == failure.code;
    struct log_field fields[] = {
        text_field("request", x->call->request.request_identifier),
        text_field("stage", bytes_str(serve_stage_name(x->stage))),
        text_field("status", bytes_str(status_name(failure))),
        text_field("why", fits ? bytes_str(note->text) : BYTES("")),
        text_field("file", fits ? bytes_str(note->file) : BYTES("")),
        number_field("line", fits ? note->line : 0),
    };
    struct log_record record = {level, "failure", NULL, fields, ARRAY_LEN(fields)};
    log_write(&record);
}

void serve_log_request(struct exchange *x)
{
    if (!log_is_on(LOG_LEVEL_INFO)) {
        return;
    }
    const struct prim_request *request = &x->call->request;
    struct log_field fields[] = {
        text_field("op", bytes_str(prim_operation_name(request->operation))),
        text_field("to", request->to),
        text_field("from", request->from),
        text_field("rqi", request->request_identifier),
        number_field("rsc", x->call->response.rsc),
        number_field("usec", serve_now(x->worker) - x->received),
        text_field("binding", bytes_str(x->call->peer.binding)),
        number_field("connection", (int64_t)x->call->peer.connection),
    };
    struct log_record record = {LOG_LEVEL_INFO, "request", NULL, fields, ARRAY_LEN(fields)};
    log_write(&record);
}
