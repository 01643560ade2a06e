/* SPDX-License-Identifier: Apache-2.0
 * Texts that name a place: point of access, IPv4, IPv6 with prefixes. TS-0004 6.3.3, RFC 4632,
 * RFC 4291 2.2, RFC 5952. */
#include "type/type_int.h"

/* Decimal without leading zeros (RFC 6943 3.1.1: octal readings differ), at most max. */
static bool is_number_up_to(struct bytes text, uint64_t max)
{
    uint64_t value;
    if (text.len == 0 || text.len > 3 || (text.len > 1 && text.ptr[0] == '0')) {
        return false;
    }
    return is_ok(bytes_to_u64(text, &value)) && value <= max;
}

static bool is_ipv4_address(struct bytes text)
{
    struct bytes rest = text;
    for (int i = 0; i < 4; i++) {
        if (rest.ptr == NULL || !is_number_up_to(bytes_cut(&rest, '.'), 255)) {
            return false;
        }
    }
    return rest.ptr == NULL;
}

bool syntax_ipv4(struct bytes text)
{
    struct bytes prefix = text;
    struct bytes address = bytes_cut(&prefix, '/');
    return is_ipv4_address(address) && (prefix.ptr == NULL || is_number_up_to(prefix, 32));
}

static bool is_group(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!is_hex) {
            return false;
        }
    }
    return text.len >= 1 && text.len <= 4;
}

/* Groups between colons; the last may be an IPv4 address. Empty text: none. ret_count is the
 * number of 16-bit groups. */
static bool count_groups(struct bytes text, bool may_end_in_ipv4, unsigned *ret_count)
{
    struct bytes rest = text;
    unsigned count = 0;
    while (rest.ptr != NULL && text.len > 0 && count <= 8) {
        struct bytes group = bytes_cut(&rest, ':');
        if (rest.ptr == NULL && may_end_in_ipv4 && is_ipv4_address(group)) {
            count += 2;
        } else if (is_group(group)) {
            count++;
        } else {
            return false;
        }
    }
    *ret_count = count;
    return rest.ptr == NULL || text.len == 0;
}

static bool is_ipv6_address(struct bytes text)
{
    size_t gap = text.len;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] == ':' && text.ptr[i + 1] == ':') {
            gap = i;
            break;
        }
    }
    unsigned before = 0;
    unsigned after = 0;
    if (gap == text.len) {
        return text.len > 0 && count_groups(text, true, &before) && before == 8;
    }
    /* "::" stands for at least one group and stands once: a second one fails as an empty group. */
    return count_groups(bytes_slice(text, 0, gap), false, &before) &&
           count_groups(bytes_from(text, gap + 2), true, &after) && before + after <= 7;
}

bool syntax_ipv6(struct bytes text)
{
    struct bytes prefix = text;
    struct bytes address = bytes_cut(&prefix, '/');
    return is_ipv6_address(address) && (prefix.ptr == NULL || is_number_up_to(prefix, 128));
}

/* scheme "://" host [":" port] ["/" path], no blank. Which schemes can be reached is for the
 * sender; what stands behind the host is for the binding of the scheme. */
bool syntax_point_of_access(struct bytes text)
{
    size_t colon = bytes_find(text, ':');
    if (colon == 0 || !bytes_starts_with(bytes_from(text, colon), BYTES("://"))) {
        return false;
    }
    for (size_t i = 0; i < colon; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter && (i == 0 || !is_other)) {
            return false;
        }
    }
    struct bytes rest = bytes_from(text, colon + 3);
    return rest.len > 0 && rest.ptr[0] != '/' && rest.ptr[0] != ':' && syntax_uri(rest);
}
