/* SPDX-License-Identifier: Apache-2.0
 * The request primitive as an HTTP request, head and body in one buffer. TS-0009 6.2, 6.4, 6.5. */
#include "bind/http/client_int.h"

/* TS-0009 Table 6.2.1-1 */
static const char *const methods[] = {
    [PRIM_NO_OPERATION] = NULL, [PRIM_CREATE] = "POST",   [PRIM_RETRIEVE] = "GET",
    [PRIM_UPDATE] = "PUT",      [PRIM_DELETE] = "DELETE", [PRIM_NOTIFY] = "POST",
};

/* A value of the query: lists are joined by '+'. */
static void add_value(struct buf *out, const struct wire_value *value)
{
    switch (value->kind) {
    case WIRE_STRING:
        http_percent_encode(out, value->string, "/:@!$'()*,;");
        break;
    case WIRE_ARRAY:
        for
            WIRE_EACH(item, value)
            {
                if (item->kind != WIRE_ARRAY) { /* flat lists only: depth ends here */
                    add_value(out, item);
                }
                if (item->next != NULL) {
                    buf_add_char(out, '+');
                }
            }
        break;
    case WIRE_NULL:
    case WIRE_BOOL:
    case WIRE_INT:
    case WIRE_UINT:
    case WIRE_REAL:
    case WIRE_OBJECT:
        wire_encode(WIRE_JSON, value, out); /* numbers and booleans look the same in a query */
        break;
    }
}

static void add_pair(struct buf *out, char *separator, struct bytes name,
                     const struct wire_value *value)
{
    buf_add_char(out, *separator);
    *separator = '&';
    http_percent_encode(out, name, ".");
    buf_add_char(out, '=');
    add_value(out, value);
}

/* atr, catr, patr: name and value become the pair, with the prefix of TS-0009 Table 6.2.2.2-1. */
static bool add_conditions(struct buf *out, char *separator, const struct wire_value *member)
{
    const char *prefix = bytes_is(member->name, "atr")    ? ""
                         : bytes_is(member->name, "catr") ? "c."
                         : bytes_is(member->name, "patr") ? "p."
                                                          : NULL;
    if (prefix == NULL) {
        return false;
    }
    for
        WIRE_EACH(item, member)
        {
            const struct wire_value *value = wire_get(item, BYTES("val"));
            if (value != NULL) {
                buf_add_char(out, *separator);
                *separator = '&';
                buf_add_str(out, prefix);
                http_percent_encode(out, wire_get_string(wire_get(item, BYTES("nm"))), "");
                buf_add_char(out, '=');
                add_value(out, value);
            }
        }
    return true;
}

static void add_filter(struct buf *out, char *separator, const struct wire_value *filter)
{
    for
        WIRE_EACH(member, filter)
        {
            if (!add_conditions(out, separator, member)) {
                add_pair(out, separator, member->name, member);
            }
        }
}

static bool stands_in_query(struct bytes name)
{
    static const char *const names[] = {"rp",    "rcn", "da",  "drt", "rids", "tids",
                                        "ltids", "tqi", "sqi", "asi", "auri"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (bytes_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* TS-0009 6.2.2.2 */
static status add_query(const struct prim_call *call, char separator, struct buf *out)
{
    const struct prim_request *request = &call->request;
    const struct wire_value *object = prim_request_encode(request, call->arena);
    ENSURE(object != NULL, NO_MEMORY, "request");
    for
        WIRE_EACH(member, object)
        {
            if (bytes_is(member->name, "rt")) {
                const struct wire_value *value = wire_get(member, BYTES("rtv"));
                add_pair(out, &separator, member->name, value != NULL ? value : member);
            } else if (bytes_is(member->name, "fc")) {
                add_filter(out, &separator, member);
            } else if (stands_in_query(member->name)) {
                add_pair(out, &separator, member->name, member);
            }
        }
    struct bytes attribute = request->to;
    (void)bytes_cut(&attribute, '#');
    for (size_t i = 0; i < request->attribute_list.count; i++) {
        if (i == 0) {
            buf_add_char(out, separator);
            buf_add(out, BYTES("atrl="));
        } else {
            buf_add_char(out, '+');
        }
        http_percent_encode(out, request->attribute_list.items[i], "");
    }
    if (request->attribute_list.count == 0 && attribute.ptr != NULL) {
        buf_add_char(out, separator);
        buf_add(out, BYTES("atrl="));
        http_percent_encode(out, attribute, "");
    }
    return OK;
}

/* A notification goes to its URL as that stands; a request for a resource goes below it. */
static bool has_own_target(const struct prim_request *request, const struct http_url *url)
{
    bool is_whole = request->operation == PRIM_NOTIFY && url->path.len > 1;
    return request->to.len == 0 || bytes_contains(request->to, BYTES("://")) || is_whole;
}

static status add_request_line(const struct prim_call *call, const struct http_url *url,
                               struct buf *out)
{
    const struct prim_request *request = &call->request;
    ENSURE(request->operation != PRIM_NO_OPERATION, BAD_REQUEST, "a request without operation");
    buf_add_str(out, methods[request->operation]);
    buf_add_char(out, ' ');
    char separator = '?';
    if (has_own_target(request, url)) {
        buf_add(out, url->path.len > 0 ? url->path : BYTES("/"));
    } else {
        buf_add(out, bytes_ends_with(url->path, BYTES("/"))
                         ? bytes_slice(url->path, 0, url->path.len - 1)
                         : url->path);
        http_path_add(out, request->to);
    }
    if (url->query.ptr != NULL) {
        buf_add_char(out, separator);
        separator = '&';
        buf_add(out, url->query);
    }
    TRY(add_query(call, separator, out));
    buf_add(out, BYTES(" HTTP/1.1\r\n"));
    return OK;
}

static status add_field(struct buf *out, enum http_header header, struct bytes value)
{
    ENSURE(http_is_field_value(value), BAD_REQUEST, "a parameter with a control character");
    http_header_add(out, header, value);
    return OK;
}

static status add_list(struct buf *out, const char *name, struct prim_texts list, char separator)
{
    if (list.count == 0) {
        return OK;
    }
    buf_add_str(out, name);
    for (size_t i = 0; i < list.count; i++) {
        ENSURE(http_is_field_value(list.items[i]), BAD_REQUEST, "a control character in a list");
        buf_add_char(out, i == 0 ? ' ' : separator);
        buf_add(out, list.items[i]);
    }
    buf_add(out, BYTES("\r\n"));
    return OK;
}

/* TS-0009 6.4 */
static status add_fields(const struct prim_request *request, struct buf *out)
{
    TRY(add_field(out, HTTP_M2M_ORIGIN, request->from));
    TRY(add_field(out, HTTP_M2M_RI, request->request_identifier));
    TRY(add_field(out, HTTP_M2M_RVI, request->release_version));
    TRY(add_field(out, HTTP_M2M_GID, request->group_request_identifier));
    TRY(add_field(out, HTTP_M2M_OT, request->originating_timestamp));
    TRY(add_field(out, HTTP_M2M_RST, request->result_expiration));
    TRY(add_field(out, HTTP_M2M_RET, request->request_expiration));
    TRY(add_field(out, HTTP_M2M_OET, request->operation_execution_time));
    TRY(add_field(out, HTTP_M2M_VSI, request->vendor_information));
    if (request->event_category != 0) {
        http_header_add_number(out, HTTP_M2M_EC, request->event_category);
    }
    TRY(add_list(out, "X-M2M-RTU:", request->notification_uris, '&'));
    return add_list(out, "Authorization:", request->tokens, '+');
}

static enum prim_format format_of(const struct prim_call *call, const struct http_url *url)
{
    struct bytes hint = call->content_format_hint.len > 0 ? call->content_format_hint : url->format;
    if (bytes_is(hint, "xml")) {
        return PRIM_XML;
    }
    if (bytes_is(hint, "cbor")) {
        return PRIM_CBOR;
    }
    enum prim_format format = hint.len > 0 ? prim_format_of(hint) : call->request.format;
    return format == PRIM_FORMAT_NONE ? PRIM_JSON : format;
}

status http_request_compose(const struct prim_call *call, const struct http_url *url,
                            struct buf *body, struct buf *out)
{
    const struct prim_request *request = &call->request;
    enum prim_format format = format_of(call, url);
    buf_clear(body);
    buf_clear(out);
    TRY(add_request_line(call, url, out));
    http_header_add(out, HTTP_HOST, url->authority);
    TRY(add_fields(request, out));
    http_header_add(
        out, HTTP_ACCEPT,
        bytes_str(prim_media_type(request->accept_given ? request->accept[0] : format)));
    bool has_body = request->content != NULL && request->operation != PRIM_RETRIEVE &&
                    request->operation != PRIM_DELETE;
    if (has_body) {
        TRY(prim_content_encode(format, request->content, call->arena, body));
        TRY(buf_check(body));
    }
    if (has_body || request->operation == PRIM_CREATE) {
        buf_add(out, BYTES("Content-Type: "));
        buf_add_str(out, prim_media_type(format));
        if (request->operation == PRIM_CREATE && request->has_resource_type) {
            buf_add(out, BYTES(";ty="));
            buf_add_u64(out, request->resource_type);
        }
        buf_add(out, BYTES("\r\n"));
    }
    if (has_body || request->operation != PRIM_RETRIEVE) {
        http_header_add_number(out, HTTP_CONTENT_LENGTH, body->len);
    }
    buf_add(out, BYTES("\r\n"));
    buf_add(out, buf_bytes(body));
    return buf_check(out);
}
