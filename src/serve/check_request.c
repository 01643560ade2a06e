/* SPDX-License-Identifier: Apache-2.0
 * First stage: parameters present, allowed, supported, not expired. TS-0004 7.3.2.1, step Recv-1.0.
 */
#include "serve/serve_int.h"

static bool is_listed(const struct prim_texts *texts, struct bytes text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (bytes_equal(texts->items[i], text)) {
            return true;
        }
    }
    return false;
}

static status check_release(const struct exchange *x)
{
    struct bytes rvi = x->call->request.release_version;
    const struct serve_config *config = &x->serve->config;
    if (rvi.len == 0) {
        ENSURE(config->accept_missing_rvi, BAD_REQUEST, "no release version indicator");
        return OK;
    }
    if (bytes_is(rvi, "1") && config->accept_missing_rvi) {
        return OK;
    }
    ENSURE(is_listed(&config->release_versions, rvi), RELEASE_VERSION_NOT_SUPPORTED, "release %.*s",
           BYTES_FMT(rvi));
    return OK;
}

static status parse_time(const struct exchange *x, struct bytes text, const char *name,
                         int64_t *ret_time)
{
    if (is_error(timestamp_parse_abs_rel(text, x->received, ret_time))) {
        FAIL(BAD_REQUEST, "%s does not parse: %.*s", name, BYTES_FMT(text));
    }
    return OK;
}

/* How long a peer may keep a request waiting here, whatever it says of its expiration: one slot of
 * requests-in-flight is gone meanwhile. */
static int64_t longest_wait(const struct limits *limits)
{
    uint64_t longest = limits->request_timeout_ms > limits->polling_wait_ms
                           ? limits->request_timeout_ms
                           : limits->polling_wait_ms;
    return (int64_t)longest * USEC_PER_MSEC;
}

static bool is_blocking(const struct prim_request *request)
{
    return request->response_type != PRIM_NON_BLOCKING_SYNCH &&
           request->response_type != PRIM_NON_BLOCKING_ASYNCH;
}

/* Last: what is compared with the request's own times is as the request says. */
static status bound_waits(struct exchange *x, int64_t begin)
{
    int64_t longest = longest_wait(&x->serve->config.limits);
    ENSURE(x->internal_call || !is_blocking(&x->call->request) ||
               x->execute_at <= x->received + longest,
           BAD_REQUEST, "a blocking request does not wait that long");
    if (x->deadline > begin + longest) {
        x->deadline = begin + longest;
    }
    return OK;
}

/* rqet, rset and oet. Past ones: the request, or its result, comes too late (7.3.3.1). */
static status check_times(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    int64_t patience = (int64_t)x->serve->config.limits.request_timeout_ms * USEC_PER_MSEC;
    x->result_deadline = 0;
    x->execute_at = 0;
    if (request->operation_execution_time.len > 0) {
        TRY(parse_time(x, request->operation_execution_time, "oet", &x->execute_at));
        int64_t longest = (int64_t)x->serve->config.limits.max_expiration_s * USEC_PER_SEC;
        ENSURE(x->execute_at <= x->received + longest, BAD_REQUEST, "oet too far away");
    }
    int64_t begin = x->execute_at > x->received ? x->execute_at : x->received;
    x->deadline = x->call->deadline != 0 ? x->call->deadline : begin + patience;
    if (request->request_expiration.len > 0) {
        TRY(parse_time(x, request->request_expiration, "rqet", &x->deadline));
        ENSURE(x->deadline > x->received, REQUEST_TIMEOUT, "rqet has passed");
        ENSURE(x->deadline > x->execute_at, REQUEST_TIMEOUT, "rqet before oet");
    }
    if (request->result_expiration.len > 0) {
        TRY(parse_time(x, request->result_expiration, "rset", &x->result_deadline));
        ENSURE(x->result_deadline > x->received, REQUEST_TIMEOUT, "rset has passed");
        ENSURE(request->request_expiration.len == 0 || x->result_deadline > x->deadline,
               BAD_REQUEST, "rset is not later than rqet");
        if (request->request_expiration.len == 0 && x->result_deadline < x->deadline) {
            x->deadline = x->result_deadline;
        }
    }
    return bound_waits(x, begin);
}

/* Parameters of functions that this server does not have (7.3.2.1): never ignored. */
static status check_supported(const struct prim_request *request)
{
    ENSURE(request->tokens.count == 0 && request->token_ids.count == 0 &&
               request->local_token_ids.count == 0,
           NOT_IMPLEMENTED, "tokens");
    ENSURE(request->role_ids.count == 0, NOT_IMPLEMENTED, "role ids");
    ENSURE(!request->token_request_indicator, NOT_IMPLEMENTED, "token request indicator");
    ENSURE(!request->semantic_query_indicator, NOT_IMPLEMENTED, "semantic query");
    ENSURE(!request->has_delivery_aggregation || !request->delivery_aggregation, NOT_IMPLEMENTED,
           "delivery aggregation");
    ENSURE(request->result_content != PRIM_RCN_SEMANTIC_CONTENT, NOT_IMPLEMENTED,
           "semantic content");
    return OK;
}

status serve_check_request(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    ENSURE(request->request_identifier.len > 0, BAD_REQUEST, "no request identifier");
    ENSURE(request->operation >= PRIM_CREATE && request->operation <= PRIM_NOTIFY, BAD_REQUEST,
           "no operation");
    ENSURE(!request->accept_given || request->accept[0] != PRIM_FORMAT_NONE, NOT_ACCEPTABLE,
           "no acceptable content format");
    TRY(prim_request_check(request));
    TRY(check_times(x));
    TRY(check_release(x));
    TRY(check_supported(request));
    if (request->operation == PRIM_CREATE) {
        ENSURE(request->has_resource_type, BAD_REQUEST, "CREATE without resource type");
        ENSURE(type_by_number(request->resource_type) != NULL, BAD_REQUEST, "no resource type %u",
               (unsigned)request->resource_type);
        ENSURE(!request->filter.present, BAD_REQUEST, "CREATE with filter criteria");
    }
    if (request->filter.present) {
        TRY(serve_filter_check(&request->filter));
    }
    return prim_address_parse(request->to, &x->serve->config.self, x->arena, &x->address);
}
