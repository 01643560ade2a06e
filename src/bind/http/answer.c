/* SPDX-License-Identifier: Apache-2.0
 * The response primitive as an HTTP response, head and body in one buffer. TS-0009 6.3, 6.4, 6.5.
 */
#include "bind/http/http_int.h"

static enum prim_format choose_format(const struct http_exchange *x)
{
    const struct prim_request *request = &x->call.request;
    if (request->accept_given) {
        return request->accept[0];
    }
    if (x->call.response.format != PRIM_FORMAT_NONE) {
        return x->call.response.format;
    }
    return request->format != PRIM_FORMAT_NONE ? request->format : PRIM_JSON;
}

/* Encodes the content into the server's body buffer; false when it cannot leave like this. */
static bool encode_body(struct http_exchange *x, enum prim_format format)
{
    struct buf *body = &x->server->body;
    buf_clear(body);
    if (x->call.response.content == NULL) {
        return true;
    }
    status encoded = prim_content_encode(format, x->call.response.content, x->arena, body);
    return is_ok(encoded) && is_ok(buf_check(body));
}

static void add_status(struct buf *out, unsigned http_status)
{
    buf_add(out, BYTES("HTTP/1.1 "));
    buf_add_u64(out, http_status);
    buf_add(out, BYTES(" \r\n")); /* no Reason-Phrase: TS-0009 6.3.3 */
}

/* TS-0009 6.4.4: only when the content tells the URI of the created resource. */
static void add_location(const struct prim_response *response, struct buf *out)
{
    const struct wire_value *member = wire_only_member(response->content);
    if (response->content_location.ptr == NULL || member == NULL ||
        !(bytes_is(member->name, "m2m:uri") || bytes_is(member->name, "m2m:rce"))) {
        return;
    }
    buf_add(out, BYTES("Content-Location: "));
    http_path_add(out, response->content_location);
    buf_add(out, BYTES("\r\n"));
}

static void add_fields(const struct prim_response *response, struct buf *out)
{
    http_header_add_number(out, HTTP_M2M_RSC, response->rsc);
    http_header_add(out, HTTP_M2M_RI, response->request_identifier);
    http_header_add(out, HTTP_M2M_RVI, response->release_version);
    http_header_add(out, HTTP_M2M_ORIGIN, response->from);
    http_header_add(out, HTTP_M2M_OT, response->originating_timestamp);
    http_header_add(out, HTTP_M2M_RST, response->result_expiration);
    http_header_add(out, HTTP_M2M_VSI, response->vendor_information);
    if (response->event_category != 0) {
        http_header_add_number(out, HTTP_M2M_EC, response->event_category);
    }
    if (response->has_content_status) {
        http_header_add_number(out, HTTP_M2M_CTS, response->content_status);
    }
    if (response->content_offset != 0) {
        http_header_add_number(out, HTTP_M2M_CTO, response->content_offset);
    }
}

static void add_preflight(struct http_exchange *x, struct buf *out)
{
    add_status(out, 204);
    http_cors_add(x, out);
    buf_add(out, x->keep_alive ? BYTES("\r\n") : BYTES("Connection: close\r\n\r\n"));
}

static void fail(struct http_exchange *x)
{
    const struct prim_request *request = &x->call.request;
    x->call.response = (struct prim_response){.rsc = status_rsc(ERROR(INTERNAL_SERVER_ERROR)),
                                              .request_identifier = request->request_identifier,
                                              .release_version = request->release_version};
    x->http_status = 0;
    buf_clear(&x->server->body);
}

void http_answer_add(struct http_exchange *x, struct buf *out)
{
    if (x->is_preflight && is_ok(x->refused)) {
        add_preflight(x, out);
        return;
    }
    struct prim_response *response = &x->call.response;
    enum prim_format format = choose_format(x);
    if (response->rsc == 0 || !encode_body(x, format)) {
        fail(x);
    }
    unsigned http_status = x->http_status != 0 ? x->http_status : http_status_of(response->rsc);
    struct bytes body = x->is_head ? BYTES_NONE : buf_bytes(&x->server->body);
    add_status(out, http_status);
    add_fields(response, out);
    add_location(response, out);
    http_cors_add(x, out);
    if (http_status == 405) {
        buf_add(out, BYTES("Allow: GET, POST, PUT, DELETE\r\n"));
    } else if (http_status == 503) {
        buf_add(out, BYTES("Retry-After: 1\r\n"));
    }
    if (body.len > 0) {
        bool vendor = http_accept_is_vendor(&x->accept, format);
        http_header_add(out, HTTP_CONTENT_TYPE, http_media_type(format, response->content, vendor));
    }
    if (!x->keep_alive) {
        buf_add(out, BYTES("Connection: close\r\n"));
    }
    http_header_add_number(out, HTTP_CONTENT_LENGTH, body.len);
    buf_add(out, BYTES("\r\n"));
    buf_add(out, body);
}
