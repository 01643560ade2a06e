/* SPDX-License-Identifier: Apache-2.0
 * The answer: code and content by rcn. TS-0004 7.3.3.12, 7.3.3.13, 7.5.2; TS-0001 8.1.2, 8.1.3. */
#include "serve/serve_int.h"

/* ---- errors ---- */

static status shown_failure(const struct exchange *x)
{
    bool tells = status_is(x->failure, STATUS_NOT_FOUND) ||
                 (x->target.row.id != 0 && (status_is(x->failure, STATUS_OPERATION_NOT_ALLOWED) ||
                                            status_is(x->failure, STATUS_NOT_IMPLEMENTED)));
    bool undecided = x->deciding_stage == NULL; /* refused before anybody asked for the right */
    bool hides = x->serve->config.hide_existence && tells && undecided && x->address.ours;
    return hides ? ERROR(ORIGINATOR_HAS_NO_PRIVILEGE) : x->failure; /* decisions 8 */
}

static void respond_failure(struct exchange *x)
{
    struct prim_response *response = &x->call->response;
    status failure = shown_failure(x);
    struct wire_value *content = wire_object(x->arena);
    struct wire_value *reason = wire_string(x->arena, bytes_str(status_text(failure)));
    response->rsc = status_rsc(failure);
    if (wire_add(content, BYTES("m2m:dbg"), reason) != NULL) {
        response->content = content;
    }
}

/* ---- rcn 9 ---- */

static bool equals_request(const struct wire_value *requested, const struct wire_value *value)
{
    const struct wire_value *wanted = wire_get(requested, value->name);
    return wanted != NULL && wire_equal(wanted, value);
}

/* What the request did not say, or said differently (TS-0001 8.1.2, modified-attributes). */
static status modified_attributes(struct exchange *x, const struct wire_value *after,
                                  struct wire_value **ret_modified)
{
    const struct wire_value *requested = wire_only_member(x->call->request.content);
    struct wire_value *modified = wire_object(x->arena);
    ENSURE(modified != NULL, NO_MEMORY, "modified attributes");
    for
        WIRE_EACH(member, after)
        {
            const struct wire_value *old = wire_get(x->before, member->name);
            bool changed = old == NULL || !wire_equal(old, member) ||
                           wire_get(requested, member->name) != NULL;
            if (changed && !equals_request(requested, member)) {
                ENSURE(wire_add(modified, member->name, wire_dup(x->arena, member)) != NULL,
                       NO_MEMORY, "modified attributes");
            }
        }
    for
        WIRE_EACH(member, x->before)
        {
            if (wire_get(after, member->name) == NULL &&
                !wire_is(wire_get(requested, member->name), WIRE_NULL)) {
                ENSURE(wire_add(modified, member->name, wire_null(x->arena)) != NULL, NO_MEMORY,
                       "modified attributes");
            }
        }
    *ret_modified = modified;
    return OK;
}

/* ---- content ---- */

static struct wire_value *address_content(struct exchange *x)
{
    struct wire_value *content = wire_object(x->arena);
    struct wire_value *uri = wire_string(x->arena, x->created.row.path);
    return wire_add(content, BYTES("m2m:uri"), uri) != NULL ? content : NULL;
}

static struct wire_value *address_and_attributes(struct exchange *x, struct wire_value *shown)
{
    struct wire_value *content = wire_object(x->arena);
    struct wire_value *wrapper = serve_wrap(x, x->created.type, shown);
    struct wire_value *uri = wire_string(x->arena, x->created.row.path);
    if (wire_add(wrapper, BYTES("uri"), uri) == NULL ||
        wire_add(content, BYTES("m2m:rce"), wrapper) == NULL) {
        return NULL;
    }
    return content;
}

static status changed_content(struct exchange *x, enum prim_result_content rcn,
                              struct serve_resource *resource, struct wire_value **ret_content)
{
    struct wire_value *shown;
    *ret_content = NULL;
    TRY(serve_resource_represent(x, resource, &shown));
    if (rcn == PRIM_RCN_MODIFIED_ATTRIBUTES) {
        TRY(modified_attributes(x, shown, &shown));
        x->changed_by_us = shown;
        if (shown->count == 0) {
            return OK;
        }
    }
    *ret_content = rcn == PRIM_RCN_ADDRESS_ATTRIBUTES ? address_and_attributes(x, shown)
                                                      : serve_wrap(x, resource->type, shown);
    ENSURE(*ret_content != NULL, NO_MEMORY, "content");
    return OK;
}

static status content_of(struct exchange *x, struct wire_value **ret_content)
{
    const struct prim_request *request = &x->call->request;
    enum prim_result_content rcn = request->result_content;
    *ret_content = NULL;
    if (x->has_result) {
        *ret_content = x->result;
        return OK;
    }
    bool creates = request->operation == PRIM_CREATE;
    if ((!creates && request->operation != PRIM_UPDATE) || rcn == PRIM_RCN_NOTHING) {
        return OK;
    }
    if (creates && rcn == PRIM_RCN_ADDRESS) {
        *ret_content = address_content(x);
        ENSURE(*ret_content != NULL, NO_MEMORY, "content");
        return OK;
    }
    return changed_content(x, rcn, creates ? &x->created : &x->target, ret_content);
}

static enum prim_format format_of(const struct prim_request *request)
{
    for (size_t i = 0; i < ARRAY_LEN(request->accept); i++) {
        if (request->accept[i] != PRIM_FORMAT_NONE) {
            return request->accept[i];
        }
    }
    return request->format != PRIM_FORMAT_NONE ? request->format : PRIM_JSON;
}

static status respond_success(struct exchange *x)
{
    struct prim_response *response = &x->call->response;
    response->rsc = x->rsc;
    if (x->call->request.operation == PRIM_CREATE && x->created.row.id != 0) {
        response->content_location = x->created.row.path;
    }
    if (x->partial) {
        response->has_content_status = true;
        response->content_status = 1;
        response->content_offset = x->next_offset;
    }
    /* a hook that forwarded a request may have put the whole answer into the response */
    if (response->content == NULL) {
        TRY(content_of(x, &response->content));
    }
    return OK;
}

status serve_respond(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    struct prim_response *response = &x->call->response;
    /* a job that only tells of a RETRIEVE may fail; the answer stands */
    if (is_error(x->failure) && x->rsc != 0 && !serve_changes(x)) {
        x->failure = OK;
    }
    if (is_ok(x->failure)) {
        status composed = respond_success(x);
        /* what is durable is not denied: its answer can do without content (Table 7.2.1.2-1) */
        x->failure = serve_changes(x) ? OK : composed;
    }
    if (is_error(x->failure)) {
        response->content = NULL;
        response->has_content_status = false;
        response->content_offset = 0;
        respond_failure(x);
    }
    response->request_identifier = request->request_identifier;
    if (request->release_version.len > 0 && !bytes_is(request->release_version, "1")) {
        response->release_version = request->release_version;
    }
    if (x->result_deadline != 0) {
        response->result_expiration = request->result_expiration;
    }
    response->format = format_of(request);
    return OK;
}
