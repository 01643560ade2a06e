/* SPDX-License-Identifier: Apache-2.0
 * Content formats: media types, and a body to and from the JSON form. TS-0004 6.7, 8.1 to 8.5. */
#include "prim/prim_int.h"

static const struct {
    struct bytes media_type;
    enum prim_format format;
} media_types[] = {
    {BYTES("application/json"), PRIM_JSON},
    {BYTES("application/cbor"), PRIM_CBOR},
    {BYTES("application/xml"), PRIM_XML},
    {BYTES("application/vnd.onem2m-res+json"), PRIM_JSON},
    {BYTES("application/vnd.onem2m-res+cbor"), PRIM_CBOR},
    {BYTES("application/vnd.onem2m-res+xml"), PRIM_XML},
    {BYTES("application/vnd.onem2m-ntfy+json"), PRIM_JSON},
    {BYTES("application/vnd.onem2m-ntfy+cbor"), PRIM_CBOR},
    {BYTES("application/vnd.onem2m-ntfy+xml"), PRIM_XML},
    {BYTES("application/vnd.onem2m-preq+json"), PRIM_JSON},
    {BYTES("application/vnd.onem2m-preq+cbor"), PRIM_CBOR},
    {BYTES("application/vnd.onem2m-preq+xml"), PRIM_XML},
    {BYTES("application/vnd.onem2m-prsp+json"), PRIM_JSON},
    {BYTES("application/vnd.onem2m-prsp+cbor"), PRIM_CBOR},
    {BYTES("application/vnd.onem2m-prsp+xml"), PRIM_XML},
};

enum prim_format prim_format_of(struct bytes media_type)
{
    struct bytes name = bytes_trim(bytes_slice(media_type, 0, bytes_find(media_type, ';')));
    for (size_t i = 0; i < ARRAY_LEN(media_types); i++) {
        if (bytes_equal_nocase(media_types[i].media_type, name)) {
            return media_types[i].format;
        }
    }
    return PRIM_FORMAT_NONE;
}

const char *prim_media_type(enum prim_format format)
{
    switch (format) {
    case PRIM_JSON:
        return "application/json";
    case PRIM_CBOR:
        return "application/cbor";
    case PRIM_XML:
        return "application/xml";
    case PRIM_FORMAT_NONE:
        break;
    }
    return "application/octet-stream";
}

/* A peer learns BAD_REQUEST for every way in which a body can fail to be what it says. */
static status decode_tree(enum prim_format format, struct bytes body,
                          const struct wire_limits *limits, struct arena *arena,
                          struct wire_value **ret_content)
{
    switch (format) {
    case PRIM_JSON:
        return wire_decode(WIRE_JSON, body, limits, arena, ret_content);
    case PRIM_CBOR:
        return wire_decode(WIRE_CBOR, body, limits, arena, ret_content);
    case PRIM_XML:
        TRY(wire_xml_decode(body, limits, arena, ret_content));
        return type_from_xml(*ret_content, arena);
    case PRIM_FORMAT_NONE:
        break;
    }
    FAIL(UNSUPPORTED_MEDIA_TYPE, "content in no known format");
}

status prim_content_decode(enum prim_format format, struct bytes body, const struct limits *limits,
                           struct arena *arena, struct wire_value **ret_content)
{
    struct wire_limits wire = wire_limits_from(limits);
    struct wire_value *content = NULL;
    ENSURE(body.len <= limits->body_size, LIMIT, "body of %zu octets", body.len);
    status result = decode_tree(format, body, &wire, arena, &content);
    if (status_is(result, STATUS_SYNTAX) || status_is(result, STATUS_TRUNCATED)) {
        return ERROR(BAD_REQUEST); /* the note is the reader's */
    }
    TRY(result);
    ENSURE(wire_only_member(content) != NULL, BAD_REQUEST, "content is no object with one member");
    *ret_content = content;
    return OK;
}

status prim_content_encode(enum prim_format format, const struct wire_value *content,
                           struct arena *arena, struct buf *out)
{
    switch (format) {
    case PRIM_JSON:
        wire_encode(WIRE_JSON, content, out);
        return buf_check(out);
    case PRIM_CBOR:
        wire_encode(WIRE_CBOR, content, out);
        return buf_check(out);
    case PRIM_XML:
        TRY(type_to_xml(content, arena, out));
        return buf_check(out);
    case PRIM_FORMAT_NONE:
        break;
    }
    FAIL(NOT_ACCEPTABLE, "content in no known format");
}
