/* SPDX-License-Identifier: Apache-2.0
 * Response status codes as HTTP statuses and back. TS-0009 6.3.2, 6.4.17. */
#include "bind/http/http_int.h"

static const struct {
    uint16_t rsc, http;
} rows[] = {
#define HTTP_STATUS(rsc, http) {rsc, http},
#include "bind/http/status_map.def"
#undef HTTP_STATUS
};

/* A code without a row goes by its class. */
static const uint16_t by_class[10] = {500, 202, 200, 500, 400, 500, 500, 500, 500, 500};

uint16_t http_status_of(uint16_t rsc)
{
    size_t low = 0, high = ARRAY_LEN(rows);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rows[middle].rsc == rsc) {
            return rows[middle].http;
        }
        if (rows[middle].rsc < rsc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return by_class[rsc / 1000 % 10];
}

/* A peer without X-M2M-RSC: the nearest code that says the same (not every one can be told). */
uint16_t http_rsc_of(unsigned http_status)
{
    if (http_status >= 200 && http_status < 300) {
        return 2000;
    }
    switch (http_status) {
    case 403:
        return 4103;
    case 404:
        return 4004;
    case 405:
        return 4005;
    case 406:
        return 5207;
    case 409:
        return 4105;
    case 415:
        return 4015;
    case 501:
        return 5001;
    case 504:
        return 4008;
    default:
        return http_status >= 500 ? 5000 : 4000;
    }
}
