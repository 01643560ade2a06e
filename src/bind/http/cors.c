/* SPDX-License-Identifier: Apache-2.0
 * Cross-origin requests of web pages: refused unless the configuration names their origin.
 * Fetch standard, CORS protocol. */
#include "bind/http/http_int.h"

bool http_cors_allows(const struct http_server *server, struct bytes origin)
{
    for (size_t i = 0; i < server->config.origins.count; i++) {
        if (bytes_equal(server->config.origins.items[i], origin)) {
            return true;
        }
    }
    return false;
}

void http_cors_add(const struct http_exchange *x, struct buf *out)
{
    if (x->server->config.origins.count == 0) {
        return;
    }
    buf_add(out, BYTES("Vary: Origin\r\n"));
    if (!http_cors_allows(x->server, x->origin)) {
        return;
    }
    buf_add(out, BYTES("Access-Control-Allow-Origin: "));
    buf_add(out, x->origin);
    buf_add(out, BYTES("\r\n"));
    if (x->is_preflight) {
        buf_add(out, BYTES("Access-Control-Allow-Methods: GET, POST, PUT, DELETE\r\n"
                           "Access-Control-Allow-Headers: Accept, Authorization, Content-Type, "
                           "X-M2M-Origin, X-M2M-RI, X-M2M-RVI, X-M2M-GID, X-M2M-RTU, X-M2M-OT, "
                           "X-M2M-RST, X-M2M-RET, X-M2M-OET, X-M2M-EC, X-M2M-VSI, X-M2M-AS\r\n"
                           "Access-Control-Max-Age: 600\r\n"));
    } else {
        buf_add(out, BYTES("Access-Control-Expose-Headers: Content-Location, X-M2M-Origin, "
                           "X-M2M-RI, X-M2M-RVI, X-M2M-RSC, X-M2M-OT, X-M2M-RST, X-M2M-EC, "
                           "X-M2M-VSI, X-M2M-CTS, X-M2M-CTO\r\n"));
    }
}
