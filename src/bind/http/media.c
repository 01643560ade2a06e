/* SPDX-License-Identifier: Apache-2.0
 * Content-Type and Accept. TS-0009 6.4.2, 6.4.3; TS-0004 6.7; RFC 9110 12.5.1. */
#include "bind/http/http_int.h"

status http_content_type_accept(struct bytes value, struct prim_request *request)
{
    struct bytes rest = value;
    struct bytes media = bytes_trim(bytes_cut(&rest, ';'));
    request->format = prim_format_of(media);
    while (rest.ptr != NULL) {
        struct bytes text = bytes_trim(bytes_cut(&rest, ';'));
        struct bytes number = text;
        struct bytes name = bytes_cut(&number, '=');
        if (!bytes_equal_nocase(name, BYTES("ty"))) {
            continue;
        }
        uint64_t type = 0;
        TRY(bytes_to_u64(bytes_trim(number), &type));
        ENSURE(!request->has_resource_type && type <= UINT32_MAX, BAD_REQUEST, "ty");
        request->has_resource_type = true;
        request->resource_type = (uint32_t)type;
    }
    return OK;
}

/* "0.5" as 500; a weight that does not parse counts as 0: it was no wish. */
static uint16_t weight_of(struct bytes parameters)
{
    struct bytes rest = parameters;
    while (rest.ptr != NULL) {
        struct bytes value = bytes_trim(bytes_cut(&rest, ';'));
        struct bytes name = bytes_cut(&value, '=');
        if (!bytes_equal_nocase(bytes_trim(name), BYTES("q"))) {
            continue;
        }
        double weight = 0;
        if (is_error(bytes_to_double(bytes_trim(value), &weight)) ||
            !(weight >= 0 && weight <= 1)) {
            return 0;
        }
        return (uint16_t)(weight * 1000);
    }
    return 1000;
}

static void add_format(struct http_accept *accept, enum prim_format format, uint16_t weight,
                       bool vendor)
{
    for (size_t i = 0; i < accept->count; i++) {
        if (accept->formats[i] == format) {
            accept->is_vendor[i] =
                accept->is_vendor[i] && vendor; /* the plain name is welcome too */
            if (weight > accept->weights[i]) {
                accept->weights[i] = weight;
            }
            return;
        }
    }
    accept->formats[accept->count] = format;
    accept->weights[accept->count] = weight;
    accept->is_vendor[accept->count] = vendor;
    accept->count++;
}

void http_accept_add(struct http_accept *accept, struct bytes value)
{
    accept->given = true;
    struct bytes rest = value;
    while (rest.ptr != NULL) {
        struct bytes parameters = bytes_cut(&rest, ',');
        struct bytes media = bytes_trim(bytes_cut(&parameters, ';'));
        uint16_t weight = weight_of(parameters);
        if (bytes_is(media, "*/*") || bytes_equal_nocase(media, BYTES("application/*"))) {
            accept->any = weight > accept->any ? weight : accept->any;
            continue;
        }
        enum prim_format format = prim_format_of(media);
        if (format != PRIM_FORMAT_NONE) {
            add_format(accept, format, weight, bytes_starts_with(media, BYTES("application/vnd.")));
        }
    }
}

status http_accept_decide(const struct http_accept *accept, struct prim_request *request)
{
    if (!accept->given) {
        return OK;
    }
    uint16_t left[3] = {0};
    for (size_t i = 0; i < accept->count; i++) {
        left[i] = accept->weights[i];
    }
    size_t wishes = 0;
    for (size_t round = 0; round < accept->count; round++) {
        size_t best = 0;
        for (size_t i = 1; i < accept->count; i++) {
            best = left[i] > left[best] ? i : best;
        }
        if (left[best] == 0 || left[best] < accept->any) {
            break; /* what follows is no better than anything */
        }
        request->accept[wishes++] = accept->formats[best];
        left[best] = 0;
    }
    request->accept_given = wishes > 0;
    ENSURE(wishes > 0 || accept->any > 0, NOT_ACCEPTABLE, "nothing acceptable is written here");
    return OK;
}

bool http_accept_is_vendor(const struct http_accept *accept, enum prim_format format)
{
    for (size_t i = 0; i < accept->count; i++) {
        if (accept->formats[i] == format) {
            return accept->is_vendor[i];
        }
    }
    return false;
}

static const char *const vendor_types[4][4] = {
    [PRIM_JSON] = {"application/vnd.onem2m-res+json", "application/vnd.onem2m-ntfy+json",
                   "application/vnd.onem2m-preq+json", "application/vnd.onem2m-prsp+json"},
    [PRIM_CBOR] = {"application/vnd.onem2m-res+cbor", "application/vnd.onem2m-ntfy+cbor",
                   "application/vnd.onem2m-preq+cbor", "application/vnd.onem2m-prsp+cbor"},
    [PRIM_XML] = {"application/vnd.onem2m-res+xml", "application/vnd.onem2m-ntfy+xml",
                  "application/vnd.onem2m-preq+xml", "application/vnd.onem2m-prsp+xml"},
};

struct bytes http_media_type(enum prim_format format, const struct wire_value *content, bool vendor)
{
    if (!vendor || format == PRIM_FORMAT_NONE) {
        return bytes_str(prim_media_type(format));
    }
    const struct wire_value *member = wire_only_member(content);
    struct bytes name = member == NULL ? BYTES_NONE : member->name;
    size_t kind = 0;
    if (bytes_is(name, "m2m:sgn") || bytes_is(name, "m2m:agn")) {
        kind = 1;
    } else if (bytes_is(name, "m2m:rqp")) {
        kind = 2;
    } else if (bytes_is(name, "m2m:rsp")) {
        kind = 3;
    }
    return bytes_str(vendor_types[format][kind]);
}
