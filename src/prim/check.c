/* SPDX-License-Identifier: Apache-2.0
 * Whether the parameters of a request go with its operation and with each other. TS-0004 7.2.1.1,
 * 7.3.2.1; TS-0001 Table 8.1.2-1. */
#include "prim/prim_int.h"

/* TS-0001 Table 8.1.2-1: which result content each operation may ask for, a bit by value. */
#define RCN(value) (1u << PRIM_RCN_##value)
static const uint32_t result_contents[PRIM_NOTIFY + 1] = {
    [PRIM_CREATE] = RCN(NOTHING) | RCN(ATTRIBUTES) | RCN(ADDRESS) | RCN(ADDRESS_ATTRIBUTES) |
                    RCN(MODIFIED_ATTRIBUTES),
    [PRIM_RETRIEVE] = RCN(ATTRIBUTES) | RCN(ATTRIBUTES_CHILDREN) |
                      RCN(ATTRIBUTES_CHILD_REFERENCES) | RCN(CHILD_REFERENCES) | RCN(ORIGINAL) |
                      RCN(CHILDREN) | RCN(SEMANTIC_CONTENT),
    [PRIM_UPDATE] = RCN(NOTHING) | RCN(ATTRIBUTES) | RCN(MODIFIED_ATTRIBUTES),
    [PRIM_DELETE] = RCN(NOTHING) | RCN(ATTRIBUTES) | RCN(ATTRIBUTES_CHILDREN) |
                    RCN(ATTRIBUTES_CHILD_REFERENCES) | RCN(CHILD_REFERENCES) | RCN(CHILDREN),
    [PRIM_NOTIFY] = 0,
};
/* Its last column: RETRIEVE with filterUsage "discovery". */
static const uint32_t discovery_contents = RCN(CHILD_REFERENCES);

static status check_presence(const struct prim_request *request)
{
    const struct prim_parameters *parameters = &prim_request_parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct prim_parameter *row = &parameters->rows[i];
        if (row->kind == PRIM_KIND_UNSUPPORTED) {
            continue;
        }
        bool is_present = prim_value_is_present(row, request);
        switch (row->presence[request->operation]) {
        case TYPE_NP:
            ENSURE(!is_present, BAD_REQUEST, "%s does not go with %s", row->long_name,
                   prim_operation_name(request->operation));
            break;
        case TYPE_M:
            ENSURE(is_present, BAD_REQUEST, "%s without %s",
                   prim_operation_name(request->operation), row->long_name);
            break;
        case TYPE_O:
            break;
        }
    }
    return OK;
}

static status check_text(const struct prim_parameter *row, struct bytes text)
{
    int64_t usec;
    if (row->kind == PRIM_KIND_TIMESTAMP) {
        ENSURE(is_ok(timestamp_parse(text, &usec)), BAD_REQUEST, "%s is not a timestamp",
               row->long_name);
    } else if (row->kind == PRIM_KIND_ABS_REL) {
        ENSURE(is_ok(timestamp_parse_abs_rel(text, 0, &usec)), BAD_REQUEST,
               "%s is neither a timestamp nor milliseconds", row->long_name);
    }
    ENSURE(prim_is_text(text), BAD_REQUEST, "%s has a control character", row->long_name);
    return OK;
}

/* Texts that bindings have put in place themselves: they reach logs and other bindings' headers. */
static status check_texts(const struct prim_request *request)
{
    const struct prim_parameters *parameters = &prim_request_parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct prim_parameter *row = &parameters->rows[i];
        if (row->kind != PRIM_KIND_TEXT && row->kind != PRIM_KIND_TIMESTAMP &&
            row->kind != PRIM_KIND_ABS_REL) {
            continue;
        }
        const struct bytes *text =
            (const struct bytes *)(const void *)((const char *)request + row->offset);
        if (text->len > 0) {
            TRY(check_text(row, *text));
        }
    }
    return OK;
}

static bool is_discovery(const struct prim_request *request)
{
    return request->filter.filter_usage == 1 || request->filter.filter_usage == 3;
}

static status check_result_content(const struct prim_request *request)
{
    enum prim_result_content rcn = request->result_content;
    if (rcn == PRIM_RCN_ABSENT) {
        return OK;
    }
    uint32_t allowed =
        is_discovery(request) ? discovery_contents : result_contents[request->operation];
    ENSURE(rcn <= PRIM_RCN_SEMANTIC_CONTENT && (allowed >> rcn & 1u) != 0, BAD_REQUEST,
           "result content %u does not go with %s%s", (unsigned)rcn,
           prim_operation_name(request->operation), is_discovery(request) ? " (discovery)" : "");
    return OK;
}

static status check_response_type(const struct prim_request *request)
{
    enum prim_response_type type = request->response_type;
    ENSURE(type <= PRIM_NO_RESPONSE, BAD_REQUEST, "no response type %u", (unsigned)type);
    ENSURE(!request->has_notification_uris || type == PRIM_NON_BLOCKING_ASYNCH, BAD_REQUEST,
           "notification URIs go with response type nonBlockingRequestAsynch only");
    ENSURE(type != PRIM_NO_RESPONSE, NOT_IMPLEMENTED, "response type noResponse");
    return OK;
}

static status check_relative_path(struct bytes path)
{
    struct bytes rest = path;
    while (rest.ptr != NULL) {
        struct bytes segment = bytes_cut(&rest, '/');
        ENSURE(bytes_is(segment, "..") || prim_is_resource_name(segment), BAD_REQUEST,
               "applyRelativePath is not a relative path");
    }
    return OK;
}

static status check_filter(const struct prim_request *request)
{
    const struct prim_filter *filter = &request->filter;
    ENSURE(!is_discovery(request) || request->operation == PRIM_RETRIEVE, BAD_REQUEST,
           "discovery goes with RETRIEVE only");
    ENSURE(filter->level < 0 || request->operation == PRIM_RETRIEVE, BAD_REQUEST,
           "level goes with RETRIEVE only");
    TRY(check_relative_path(filter->apply_relative_path));
    ENSURE(filter->filter_usage != 3, NOT_IMPLEMENTED, "discovery on demand");
    ENSURE(!filter->has_semantics, NOT_IMPLEMENTED, "semantics filter");
    ENSURE(!filter->has_content_filter, NOT_IMPLEMENTED, "content filter");
    return OK;
}

/* To#name, or a list of names (7.3.3.6): of RETRIEVE, and instead of any other choice of content.
 */
static status check_partial_retrieve(const struct prim_request *request)
{
    bool has_fragment = bytes_find(request->to, '#') < request->to.len;
    bool has_list = request->attribute_list.count > 0;
    if (!has_fragment && !has_list) {
        ENSURE(request->operation != PRIM_RETRIEVE || request->content == NULL, BAD_REQUEST,
               "content of a RETRIEVE is an attribute list or nothing");
        return OK;
    }
    ENSURE(request->operation == PRIM_RETRIEVE, BAD_REQUEST,
           "attributes are named with RETRIEVE only");
    ENSURE(!(has_fragment && has_list), BAD_REQUEST, "attributes named in To and in a list");
    ENSURE(request->content == NULL, BAD_REQUEST, "attributes named beside other content");
    ENSURE(!is_discovery(request), BAD_REQUEST, "attributes named with discovery");
    ENSURE(request->result_content == PRIM_RCN_ABSENT ||
               request->result_content == PRIM_RCN_ATTRIBUTES,
           BAD_REQUEST, "attributes named with result content %u",
           (unsigned)request->result_content);
    return OK;
}

status prim_request_check(const struct prim_request *request)
{
    ENSURE(request->operation >= PRIM_CREATE && request->operation <= PRIM_NOTIFY, BAD_REQUEST,
           "no operation");
    ENSURE(request->to.len > 0, BAD_REQUEST, "To is empty");
    ENSURE(request->request_identifier.len > 0, BAD_REQUEST, "no request identifier");
    TRY(check_presence(request));
    TRY(check_texts(request));
    TRY(check_result_content(request));
    TRY(check_response_type(request));
    if (request->filter.present) {
        TRY(check_filter(request));
    }
    TRY(check_partial_retrieve(request));
    ENSURE(request->result_content != PRIM_RCN_SEMANTIC_CONTENT, NOT_IMPLEMENTED,
           "semantic content");
    ENSURE(!request->semantic_query_indicator, NOT_IMPLEMENTED, "semantic query");
    return OK;
}
