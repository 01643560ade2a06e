/* SPDX-License-Identifier: Apache-2.0
 * IPv4 and IPv6 prefixes of accessControlIpAddresses. TS-0004 6.3.5.27 and Table 6.3.2-1,
 * RFC 4632, RFC 4291, RFC 5952. IPv4-mapped IPv6 counts as IPv4 in rules and in requests. */
#include <string.h>

#include "sec/authz/authz_int.h"

#define V4_BITS 32u
#define V6_BITS 128u
#define MAPPED_BITS 96u

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* Decimal without leading zeros, of at most three digits. */
static bool parse_small(struct bytes text, unsigned most, uint8_t *ret_value)
{
    uint64_t value = 0;
    if (text.len == 0 || text.len > 3 || (text.len > 1 && text.ptr[0] == '0') ||
        is_error(bytes_to_u64(text, &value)) || value > most) {
        return false;
    }
    *ret_value = (uint8_t)value;
    return true;
}

static bool parse_v4(struct bytes text, uint8_t ret_ip[4])
{
    struct bytes rest = text;
    for (unsigned i = 0; i < 4; i++) {
        if (rest.ptr == NULL || !parse_small(bytes_cut(&rest, '.'), 255, &ret_ip[i])) {
            return false;
        }
    }
    return rest.ptr == NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_group(struct bytes text, uint8_t ret_pair[2])
{
    unsigned value = 0;
    if (text.len == 0 || text.len > 4) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        int digit = hex_digit(text.ptr[i]);
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (unsigned)digit;
    }
    ret_pair[0] = (uint8_t)(value >> 8);
    ret_pair[1] = (uint8_t)(value & 0xff);
    return true;
}

/* Groups between colons, the last of which may be an IPv4 address. Appends at most 16 octets. */
static bool parse_groups(struct bytes text, bool is_end, uint8_t ip[16], size_t *ret_len)
{
    struct bytes rest = text;
    size_t len = 0;
    while (rest.ptr != NULL && text.len > 0) {
        struct bytes group = bytes_cut(&rest, ':');
        bool is_v4 = is_end && rest.ptr == NULL && bytes_find(group, '.') < group.len;
        size_t size = is_v4 ? 4 : 2;
        if (len + size > 16 ||
            !(is_v4 ? parse_v4(group, ip + len) : parse_group(group, ip + len))) {
            return false;
        }
        len += size;
    }
    *ret_len = len;
    return true;
}

static bool parse_v6(struct bytes text, uint8_t ret_ip[16])
{
    uint8_t head[16] = {0}, tail[16] = {0};
    size_t head_len = 0, tail_len = 0, gap = 0;
    while (gap + 1 < text.len && !(text.ptr[gap] == ':' && text.ptr[gap + 1] == ':')) {
        gap++;
    }
    if (gap + 1 >= text.len) {
        return parse_groups(text, true, ret_ip, &head_len) && head_len == 16;
    }
    if (!parse_groups(bytes_slice(text, 0, gap), false, head, &head_len) ||
        !parse_groups(bytes_from(text, gap + 2), true, tail, &tail_len) ||
        head_len + tail_len > 14) {
        return false;
    }
    memset(ret_ip, 0, 16);
    memcpy(ret_ip, head, head_len);
    memcpy(ret_ip + 16 - tail_len, tail, tail_len);
    return true;
}

/* Octets and bits behind the prefix do not count: they are cleared once, here. */
static void clear_rest(struct authz_prefix *prefix)
{
    for (unsigned bit = prefix->bits; bit < V6_BITS; bit++) {
        prefix->ip[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
    }
}

status authz_prefix_compile_v4(struct bytes text, struct authz_prefix *ret_prefix)
{
    struct bytes suffix = text;
    struct bytes address = bytes_cut(&suffix, '/');
    struct authz_prefix prefix = {.bits = V4_BITS};
    ENSURE(parse_v4(address, prefix.ip) &&
               (suffix.ptr == NULL || parse_small(suffix, V4_BITS, &prefix.bits)),
           BAD_REQUEST, "ipv4 \"%.*s\"", BYTES_FMT(text));
    clear_rest(&prefix);
    *ret_prefix = prefix;
    return OK;
}

status authz_prefix_compile_v6(struct bytes text, struct authz_prefix *ret_prefix)
{
    struct bytes suffix = text;
    struct bytes address = bytes_cut(&suffix, '/');
    struct authz_prefix prefix = {.is_v6 = true, .bits = V6_BITS};
    ENSURE(parse_v6(address, prefix.ip) &&
               (suffix.ptr == NULL || parse_small(suffix, V6_BITS, &prefix.bits)),
           BAD_REQUEST, "ipv6 \"%.*s\"", BYTES_FMT(text));
    if (prefix.bits >= MAPPED_BITS &&
        bytes_equal(bytes_of(prefix.ip, sizeof(mapped)), bytes_of(mapped, sizeof(mapped)))) {
        memmove(prefix.ip, prefix.ip + sizeof(mapped), 4);
        prefix.is_v6 = false;
        prefix.bits = (uint8_t)(prefix.bits - MAPPED_BITS);
    }
    clear_rest(&prefix);
    *ret_prefix = prefix;
    return OK;
}

bool authz_prefix_match(const struct authz_prefix *prefix, const struct sys_address *address)
{
    const uint8_t *ip = address->ip;
    bool is_v6 = address->is_v6;
    if (is_v6 && bytes_equal(bytes_of(ip, sizeof(mapped)), bytes_of(mapped, sizeof(mapped)))) {
        ip += sizeof(mapped);
        is_v6 = false;
    }
    size_t octets = prefix->bits / 8;
    unsigned rest = prefix->bits % 8;
    if (is_v6 != prefix->is_v6 ||
        !bytes_equal(bytes_of(ip, octets), bytes_of(prefix->ip, octets))) {
        return false;
    }
    return rest == 0 || ((ip[octets] ^ prefix->ip[octets]) >> (8 - rest)) == 0;
}
