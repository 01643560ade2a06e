/* SPDX-License-Identifier: Apache-2.0
 * Network addresses and their text. RFC 4291 2.2, RFC 5952. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sys/sys_int.h"

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* IPv4 in its IPv6 clothes is IPv4 to us: one address, one spelling. */
static void set_v6(struct sys_address *address, const uint8_t ip[16])
{
    if (bytes_equal(bytes_of(ip, 12), bytes_of(mapped_prefix, 12))) {
        memcpy(address->ip, ip + 12, 4);
        return;
    }
    address->is_v6 = true;
    memcpy(address->ip, ip, 16);
}

status sys_address_parse(struct bytes text, struct sys_address *ret_address)
{
    struct sys_address address = {0};
    bool bracketed = text.len > 0 && text.ptr[0] == '[';
    size_t colon = bytes_find_last(text, ':');
    ENSURE(colon < text.len, SYNTAX, "an address needs a port");
    struct bytes host = bytes_slice(text, 0, colon);
    if (bracketed) {
        ENSURE(host.len > 2 && host.ptr[host.len - 1] == ']', SYNTAX, "']' is missing");
        host = bytes_slice(host, 1, host.len - 2);
    }
    char host_text[INET6_ADDRSTRLEN + 1];
    ENSURE(host.len > 0 && host.len < sizeof(host_text), SYNTAX, "no IP address");
    ENSURE(bytes_find(host, '\0') == host.len, SYNTAX, "no IP address");
    memcpy(host_text, host.ptr, host.len);
    host_text[host.len] = '\0';
    uint8_t ip[16];
    ENSURE(inet_pton(bracketed ? AF_INET6 : AF_INET, host_text, ip) == 1, SYNTAX,
           "%s is no IP address", host_text);
    if (bracketed) {
        set_v6(&address, ip);
    } else {
        memcpy(address.ip, ip, 4);
    }
    uint64_t port = 0;
    TRY(bytes_to_u64(bytes_from(text, colon + 1), &port));
    ENSURE(port <= UINT16_MAX, SYNTAX, "port %llu is too large", (unsigned long long)port);
    address.port = (uint16_t)port;
    *ret_address = address;
    return OK;
}

size_t sys_address_format(const struct sys_address *address, char ret_text[SYS_ADDRESS_SIZE])
{
    char ip[INET6_ADDRSTRLEN];
    must(inet_ntop(address->is_v6 ? AF_INET6 : AF_INET, address->ip, ip, sizeof(ip)) != NULL);
    int length = snprintf(ret_text, SYS_ADDRESS_SIZE, address->is_v6 ? "[%s]:%u" : "%s:%u", ip,
                          (unsigned)address->port);
    return (size_t)length;
}

bool sys_address_is_loopback(const struct sys_address *address)
{
    static const uint8_t one[16] = {[15] = 1};
    return address->is_v6 ? bytes_equal(bytes_of(address->ip, 16), bytes_of(one, 16))
                          : address->ip[0] == 127;
}

void sys_address_to_os(const struct sys_address *address, struct sockaddr_storage *ret_os)
{
    *ret_os = (struct sockaddr_storage){0};
    if (address->is_v6) {
        struct sockaddr_in6 *os = (struct sockaddr_in6 *)ret_os;
        os->sin6_family = AF_INET6;
        os->sin6_port = htons(address->port);
        memcpy(&os->sin6_addr, address->ip, 16);
    } else {
        struct sockaddr_in *os = (struct sockaddr_in *)ret_os;
        os->sin_family = AF_INET;
        os->sin_port = htons(address->port);
        memcpy(&os->sin_addr, address->ip, 4);
    }
}

void sys_address_from_os(const struct sockaddr *os, struct sys_address *ret_address)
{
    *ret_address = (struct sys_address){0};
    if (os->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)os;
        ret_address->port = ntohs(v6->sin6_port);
        set_v6(ret_address, v6->sin6_addr.s6_addr);
    } else if (os->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)os;
        ret_address->port = ntohs(v4->sin_port);
        memcpy(ret_address->ip, &v4->sin_addr, 4);
    }
}
