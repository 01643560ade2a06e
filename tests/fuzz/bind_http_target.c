/* SPDX-License-Identifier: Apache-2.0
 * Request-targets, media types and URLs from any bytes: what is accepted can be sent and comes back
 * the same. TS-0009 6.2.2, 6.4.2, 6.4.3. */
#include "bind/http/client_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_target(struct bytes input, struct arena *arena)
{
    struct prim_request request;
    prim_request_init(&request);
    request.operation = PRIM_RETRIEVE;
    if (is_error(http_target_accept(input, &request, arena))) {
        return;
    }
    must(bytes_is_utf8(request.to));
    if (bytes_find(request.to, '#') < request.to.len) {
        return; /* written as %23: goes back as a parameter of its own */
    }
    struct buf path;
    struct prim_request again;
    buf_init(&path, (size_t)1 << 20);
    http_path_add(&path, request.to);
    prim_request_init(&again);
    must(is_ok(http_target_accept(buf_bytes(&path), &again, arena)));
    must(bytes_equal(again.to, request.to));
    buf_fini(&path);
}

static void check_media(struct bytes input)
{
    struct prim_request request;
    struct http_accept accept = {0};
    prim_request_init(&request);
    IGNORE_STATUS(http_content_type_accept(input, &request)); /* must only not misbehave */
    http_accept_add(&accept, input);
    must(accept.count <= ARRAY_LEN(accept.formats));
    if (is_ok(http_accept_decide(&accept, &request)) && request.accept_given) {
        must(request.accept[0] != PRIM_FORMAT_NONE);
    }
}

static void check_url(struct bytes input, struct arena *arena)
{
    struct http_url url;
    if (is_error(http_url_parse(input, arena, &url))) {
        return;
    }
    must(url.host.len > 0 && url.port != 0);
    must(http_is_field_value(url.path) && http_is_field_value(url.query));
    must(bytes_find(url.path, ' ') == url.path.len && bytes_find(url.query, ' ') == url.query.len);
    must(url.path.len == 0 || url.path.ptr[0] == '/');
    must(bytes_find(url.host, '@') == url.host.len && bytes_find(url.host, '/') == url.host.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 22);
    must(arena != NULL);
    struct bytes input = bytes_of(data, size);
    check_target(input, arena);
    check_media(input);
    check_url(input, arena);
    arena_free(arena);
    return 0;
}
