/* SPDX-License-Identifier: Apache-2.0
 * An HTTP response into the response primitive. TS-0009 6.3, 6.4. */
#include "bind/http/client_int.h"

static int stop(struct http_reply *reply, status why)
{
    reply->failed = why;
    return HPE_USER;
}

static int on_message_begin(llhttp_t *parser)
{
    struct http_reply *reply = parser->data;
    if (reply->is_complete) { /* an answer that nobody asked for */
        return stop(reply, ERROR(BAD_REQUEST));
    }
    http_span_clear(&reply->span);
    reply->any = true;
    reply->header = HTTP_OTHER;
    return HPE_OK;
}

static int on_piece(llhttp_t *parser, const char *at, size_t length)
{
    struct http_reply *reply = parser->data;
    reply->head_size += length;
    if (reply->head_size > reply->limits->header_size) {
        return stop(reply, ERROR(LIMIT));
    }
    if (!http_span_add(&reply->span, bytes_of(at, length), reply->data)) {
        return stop(reply, ERROR(BAD_REQUEST));
    }
    return HPE_OK;
}

static int on_field_complete(llhttp_t *parser)
{
    struct http_reply *reply = parser->data;
    reply->header = http_header_find(reply->span.text);
    http_span_clear(&reply->span);
    if (++reply->header_count > reply->limits->header_count) {
        return stop(reply, ERROR(LIMIT));
    }
    return HPE_OK;
}

static void keep(struct http_reply *reply, struct bytes value, struct bytes *ret_field)
{
    if (bytes_is_utf8(value)) {
        *ret_field = arena_dup(reply->call->arena, value);
    }
}

static uint64_t number(struct bytes value)
{
    uint64_t result = 0;
    return is_ok(bytes_to_u64(value, &result)) ? result : 0;
}

static void accept_field(struct http_reply *reply, struct bytes value)
{
    struct prim_response *response = &reply->call->response;
    switch (reply->header) {
    case HTTP_M2M_RSC:
        reply->rsc = number(value);
        break;
    case HTTP_CONTENT_TYPE:
        reply->format = prim_format_of(bytes_slice(value, 0, bytes_find(value, ';')));
        break;
    case HTTP_M2M_RI:
        keep(reply, value, &response->request_identifier);
        break;
    case HTTP_M2M_RVI:
        keep(reply, value, &response->release_version);
        break;
    case HTTP_M2M_ORIGIN:
        keep(reply, value, &response->from);
        break;
    case HTTP_M2M_OT:
        keep(reply, value, &response->originating_timestamp);
        break;
    case HTTP_M2M_RST:
        keep(reply, value, &response->result_expiration);
        break;
    case HTTP_M2M_VSI:
        keep(reply, value, &response->vendor_information);
        break;
    case HTTP_M2M_EC:
        response->event_category = (uint32_t)(number(value) & UINT32_MAX);
        break;
    case HTTP_M2M_CTS:
        response->has_content_status = true;
        response->content_status = (uint32_t)(number(value) & UINT32_MAX);
        break;
    case HTTP_M2M_CTO:
        response->content_offset = number(value);
        break;
    case HTTP_CONTENT_LOCATION:
        keep(reply, value, &response->content_location);
        break;
    case HTTP_OTHER:
    case HTTP_HOST:
    case HTTP_ACCEPT:
    case HTTP_CONTENT_LENGTH:
    case HTTP_TRANSFER_ENCODING:
    case HTTP_EXPECT:
    case HTTP_ORIGIN:
    case HTTP_AUTHORIZATION:
    case HTTP_M2M_GID:
    case HTTP_M2M_RTU:
    case HTTP_M2M_RET:
    case HTTP_M2M_OET:
    case HTTP_M2M_AS:
    case HTTP_HEADER_COUNT:
        break;
    }
}

static int on_value_complete(llhttp_t *parser)
{
    struct http_reply *reply = parser->data;
    struct bytes value = bytes_trim(reply->span.text);
    if (value.ptr != NULL && (parser->flags & F_TRAILING) == 0) {
        accept_field(reply, value);
    }
    http_span_clear(&reply->span);
    return HPE_OK;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct http_reply *reply = parser->data;
    if (parser->status_code == 101) { /* nothing was asked to be upgraded */
        return stop(reply, ERROR(BAD_REQUEST));
    }
    parser->upgrade = 0;
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct http_reply *reply = parser->data;
    if (length > reply->limits->body_size - reply->body.len) {
        return stop(reply, ERROR(LIMIT));
    }
    buf_add(&reply->body, bytes_of(at, length));
    return is_ok(buf_check(&reply->body)) ? HPE_OK : stop(reply, ERROR(NO_MEMORY));
}

static int on_message_complete(llhttp_t *parser)
{
    struct http_reply *reply = parser->data;
    if (parser->status_code < 200) { /* RFC 9110 15.2: the answer is still to come */
        return HPE_OK;
    }
    reply->keep_alive = llhttp_should_keep_alive(parser) != 0;
    reply->is_complete = true;
    return HPE_OK;
}

static const llhttp_settings_t settings = {
    .on_message_begin = on_message_begin,
    .on_header_field = on_piece,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_piece,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void http_reply_init(struct http_reply *reply, const struct limits *limits)
{
    *reply = (struct http_reply){.limits = limits};
    llhttp_init(&reply->parser, HTTP_RESPONSE, &settings);
    reply->parser.data = reply;
    buf_init(&reply->span.kept, limits->header_size + 1);
    buf_init(&reply->body, limits->body_size);
    reply->is_complete = true; /* nothing may come before the first request */
}

void http_reply_fini(struct http_reply *reply)
{
    buf_fini(&reply->span.kept);
    buf_fini(&reply->body);
}

void http_reply_start(struct http_reply *reply, struct prim_call *call)
{
    reply->call = call;
    reply->head_size = 0;
    reply->header_count = 0;
    reply->format = PRIM_FORMAT_NONE;
    reply->rsc = 0;
    reply->any = false;
    reply->is_complete = false;
    buf_clear(&reply->body);
}

static status verdict(struct http_reply *reply, llhttp_errno_t error)
{
    if (error == HPE_OK) {
        return OK;
    }
    TRY(reply->failed);
    FAIL(BAD_REQUEST, "the answer is no HTTP: %s", llhttp_errno_name(error));
}

status http_reply_read(struct http_reply *reply, struct bytes data)
{
    reply->data = data;
    TRY(verdict(reply, llhttp_execute(&reply->parser, data.ptr, data.len)));
    ENSURE(http_span_keep(&reply->span, data), NO_MEMORY, "answer");
    return OK;
}

status http_reply_end(struct http_reply *reply)
{
    TRY(verdict(reply, llhttp_finish(&reply->parser)));
    ENSURE(reply->is_complete, CLOSED, "the connection ended before the answer");
    return OK;
}

status http_reply_finish(struct http_reply *reply)
{
    struct prim_call *call = reply->call;
    struct prim_response *response = &call->response;
    bool is_m2m = reply->rsc >= 1000 && reply->rsc <= 9999;
    response->rsc = is_m2m ? (uint16_t)reply->rsc : http_rsc_of(reply->parser.status_code);
    response->format = reply->format;
    if (reply->body.len == 0 || reply->format == PRIM_FORMAT_NONE) {
        return OK;
    }
    struct bytes body = arena_dup(call->arena, buf_bytes(&reply->body));
    ENSURE(body.ptr != NULL, NO_MEMORY, "answer");
    status decoded =
        prim_content_decode(reply->format, body, reply->limits, call->arena, &response->content);
    if (is_error(decoded) && !is_m2m) { /* whatever a plain web server says is no content of ours */
        response->content = NULL;
        return OK;
    }
    ENSURE(is_ok(decoded) || status_is(decoded, STATUS_NO_MEMORY), BAD_REQUEST,
           "the answer's body does not parse");
    return decoded;
}
