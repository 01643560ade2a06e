/* SPDX-License-Identifier: Apache-2.0
 * The parts of a request into the request primitive. TS-0009 6.2.1, 6.4, 6.5. */
#include "bind/http/http_int.h"

static const char *const text_reason = "a header field is not UTF-8 text";

static struct bytes keep(struct http_exchange *x, struct bytes value)
{
    if (!bytes_is_utf8(value)) {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 0, text_reason);
        return BYTES_NONE;
    }
    struct bytes copy = arena_dup(x->arena, value);
    if (copy.ptr == NULL) {
        http_exchange_refuse(x, STATUS_NO_MEMORY, 0, "out of memory");
    }
    return copy;
}

static void accept_notification_uris(struct http_exchange *x, struct bytes value)
{
    struct prim_request *request = &x->call.request;
    struct bytes copy = keep(x, value);
    if (copy.ptr == NULL) {
        return;
    }
    if (is_error(http_list_split(copy, '&', x->arena, &request->notification_uris))) {
        http_exchange_refuse(x, STATUS_NO_MEMORY, 0, "out of memory");
        return;
    }
    request->has_notification_uris = request->notification_uris.count > 0;
}

/* A field whose text has a form of its own: a time, a number, a list. */
static void accept_typed(struct http_exchange *x, const char *short_name, struct bytes value)
{
    status set = prim_request_set_header(&x->call.request, bytes_str(short_name), value, x->arena);
    if (is_error(set)) {
        http_exchange_refuse(x, set.code, 0, "a header field has no valid value");
    }
}

static void accept_expect(struct http_exchange *x, struct bytes value)
{
    if (bytes_equal_nocase(value, BYTES("100-continue"))) {
        x->wants_continue = true;
    } else {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 417, "the expectation cannot be met");
        x->keep_alive = false; /* whether its body follows is not known */
    }
}

static void accept_content_type(struct http_exchange *x, struct bytes value)
{
    if (is_error(http_content_type_accept(value, &x->call.request))) {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 0, "ty in Content-Type is no resource type");
    }
}

/* RFC 9112 6.1: we read chunked only. llhttp minds the framing; this minds the spelling. */
static void accept_transfer_encoding(struct http_exchange *x, struct bytes value)
{
    if (!bytes_equal_nocase(value, BYTES("chunked"))) {
        http_exchange_refuse(x, STATUS_NOT_IMPLEMENTED, 501, "this transfer coding is not known");
        x->keep_alive = false;
    }
}

/* Fields that are one parameter each: by the short name of one with a form of its own, or by its
 * place in the request when any text will do. */
static const struct {
    const char *short_name;
    size_t place;
} parameters[HTTP_HEADER_COUNT] = {
    [HTTP_M2M_ORIGIN] = {NULL, offsetof(struct prim_request, from)},
    [HTTP_M2M_RI] = {NULL, offsetof(struct prim_request, request_identifier)},
    [HTTP_M2M_RVI] = {NULL, offsetof(struct prim_request, release_version)},
    [HTTP_M2M_GID] = {NULL, offsetof(struct prim_request, group_request_identifier)},
    [HTTP_M2M_VSI] = {NULL, offsetof(struct prim_request, vendor_information)},
    [HTTP_M2M_OT] = {"ot", 0},
    [HTTP_M2M_RST] = {"rset", 0},
    [HTTP_M2M_RET] = {"rqet", 0},
    [HTTP_M2M_OET] = {"oet", 0},
    [HTTP_M2M_EC] = {"ec", 0},
};

static void accept_other(struct http_exchange *x, enum http_header header, struct bytes value)
{
    switch (header) {
    case HTTP_ACCEPT:
        http_accept_add(&x->accept, value);
        break;
    case HTTP_CONTENT_TYPE:
        accept_content_type(x, value);
        break;
    case HTTP_TRANSFER_ENCODING:
        accept_transfer_encoding(x, value);
        break;
    case HTTP_EXPECT:
        accept_expect(x, value);
        break;
    case HTTP_ORIGIN:
        x->origin = keep(x, value);
        break;
    case HTTP_AUTHORIZATION:
        http_authorization_accept(keep(x, value), x->arena, &x->call.request);
        break;
    case HTTP_M2M_RTU:
        accept_notification_uris(x, value);
        break;
    case HTTP_M2M_AS:
        x->call.request.has_authorization_signature = true;
        break;
    case HTTP_OTHER:
    case HTTP_HOST:
    case HTTP_CONTENT_LENGTH:
    case HTTP_CONTENT_LOCATION:
    case HTTP_M2M_ORIGIN:
    case HTTP_M2M_RI:
    case HTTP_M2M_RVI:
    case HTTP_M2M_RSC:
    case HTTP_M2M_GID:
    case HTTP_M2M_OT:
    case HTTP_M2M_RST:
    case HTTP_M2M_RET:
    case HTTP_M2M_OET:
    case HTTP_M2M_EC:
    case HTTP_M2M_VSI:
    case HTTP_M2M_CTS:
    case HTTP_M2M_CTO:
    case HTTP_HEADER_COUNT:
        break;
    }
}

void http_request_header(struct http_exchange *x, enum http_header header, struct bytes value)
{
    uint32_t bit = UINT32_C(1) << header;
    if (http_header_once(header) && (x->seen & bit) != 0) {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 0, "a header field is repeated");
        return;
    }
    x->seen |= bit;
    if (parameters[header].short_name != NULL) {
        accept_typed(x, parameters[header].short_name, value);
    } else if (parameters[header].place != 0) {
        struct bytes *field =
            (struct bytes *)(void *)((char *)&x->call.request + parameters[header].place);
        *field = keep(x, value);
    } else {
        accept_other(x, header, value);
    }
}

/* TS-0009 Table 6.2.1-1 */
static void choose_operation(struct http_exchange *x)
{
    struct prim_request *request = &x->call.request;
    switch (x->method) {
    case HTTP_POST:
        request->operation = request->has_resource_type ? PRIM_CREATE : PRIM_NOTIFY;
        return;
    case HTTP_GET:
        request->operation = PRIM_RETRIEVE;
        break;
    case HTTP_PUT:
        request->operation = PRIM_UPDATE;
        break;
    case HTTP_DELETE:
        request->operation = PRIM_DELETE;
        break;
    case HTTP_OPTIONS:
        if (http_cors_allows(x->server, x->origin)) {
            x->is_preflight = true;
            return;
        }
        http_exchange_refuse(x, STATUS_OPERATION_NOT_ALLOWED, 0, "the method is not used here");
        break;
    default: /* of llhttp's many methods */
        x->is_head = x->method == HTTP_HEAD;
        http_exchange_refuse(x, STATUS_OPERATION_NOT_ALLOWED, 0, "the method is not used here");
        break;
    }
    request->has_resource_type = false; /* ty belongs to CREATE */
    request->resource_type = 0;
}

void http_request_head(struct http_exchange *x)
{
    choose_operation(x);
    if ((x->seen & (UINT32_C(1) << HTTP_HOST)) == 0) {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 0, "Host is missing");
    }
    status accepted = http_accept_decide(&x->accept, &x->call.request);
    if (is_error(accepted)) {
        http_exchange_refuse(x, accepted.code, 0, NULL);
    }
}

static void accept_body(struct http_exchange *x)
{
    struct prim_request *request = &x->call.request;
    struct bytes body = buf_bytes(&x->body);
    if (body.len == 0) {
        request->format = PRIM_FORMAT_NONE;
        return;
    }
    if (request->operation == PRIM_RETRIEVE || request->operation == PRIM_DELETE) {
        http_exchange_refuse(x, STATUS_BAD_REQUEST, 0, "this method has no body");
        return;
    }
    if (request->format == PRIM_FORMAT_NONE) {
        http_exchange_refuse(x, STATUS_UNSUPPORTED_MEDIA_TYPE, 0,
                             "the Content-Type is missing or not known");
        return;
    }
    status decoded = prim_content_decode(request->format, body, x->server->config.limits, x->arena,
                                         &request->content);
    if (is_error(decoded)) {
        http_exchange_refuse(x, decoded.code, 0, "the body does not parse");
    }
}

void http_request_finish(struct http_exchange *x)
{
    if (x->is_preflight || is_error(x->refused)) {
        return;
    }
    status target = http_target_accept(x->target, &x->call.request, x->arena);
    if (is_error(target)) {
        http_exchange_refuse(x, target.code, 0, "the path or query is not valid");
        return;
    }
    accept_body(x);
    struct prim_request *request = &x->call.request;
    if (request->from.len == 0) {
        request->from = BYTES_NONE; /* empty means absent: TS-0009 6.4.7 */
    }
}
