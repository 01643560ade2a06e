/* SPDX-License-Identifier: Apache-2.0
 * IPv4 and IPv6 prefixes. TS-0004 6.3.5.27, TS-0003 7.1.3. */
#include "authz_testing.h"

static struct sys_address v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct sys_address){.ip = {a, b, c, d}, .port = 4711};
}

static struct sys_address v6(const uint8_t ip[16])
{
    struct sys_address address = {.is_v6 = true, .port = 4711};
    memcpy(address.ip, ip, 16);
    return address;
}

static bool in_v4(const char *text, struct sys_address address)
{
    struct authz_prefix prefix;
    assert_status(authz_prefix_compile_v4(bytes_str(text), &prefix), STATUS_OK);
    return authz_prefix_match(&prefix, &address);
}

static bool in_v6(const char *text, struct sys_address address)
{
    struct authz_prefix prefix;
    assert_status(authz_prefix_compile_v6(bytes_str(text), &prefix), STATUS_OK);
    return authz_prefix_match(&prefix, &address);
}

static void ipv4(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.27");
    assert_true(in_v4("10.0.0.0/8", v4(10, 255, 1, 2)));
    assert_false(in_v4("10.0.0.0/8", v4(11, 0, 0, 0)));
    assert_true(in_v4("10.9.9.9/8", v4(10, 0, 0, 1))); /* bits behind the prefix do not count */
    assert_true(in_v4("192.168.7.1", v4(192, 168, 7, 1)));
    assert_false(in_v4("192.168.7.1", v4(192, 168, 7, 2)));
    assert_true(in_v4("192.168.7.1/32", v4(192, 168, 7, 1)));
    assert_true(in_v4("192.168.7.0/31", v4(192, 168, 7, 1)));
    assert_false(in_v4("192.168.7.0/31", v4(192, 168, 7, 2)));
    assert_true(in_v4("172.16.0.0/12", v4(172, 31, 255, 255)));
    assert_false(in_v4("172.16.0.0/12", v4(172, 32, 0, 0)));
    assert_true(in_v4("0.0.0.0/0", v4(255, 255, 255, 255)));
    assert_true(in_v4("128.0.0.0/1", v4(200, 1, 1, 1)));
    assert_false(in_v4("128.0.0.0/1", v4(127, 1, 1, 1)));
}

static void ipv6(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.27");
    const uint8_t local[16] = {0xfd, 0, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const uint8_t one[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    assert_true(in_v6("fd00::/8", v6(local)));
    assert_true(in_v6("FD00:1234::1", v6(local)));
    assert_true(in_v6("fd00:1234:0:0:0:0:0:1/128", v6(local)));
    assert_true(in_v6("fd00:1234:0:0:0:0:0.0.0.1", v6(local)));
    assert_true(in_v6("fd00:1234::0.0.0.1", v6(local)));
    assert_false(in_v6("fd00:1234::2", v6(local)));
    assert_true(in_v6("fd00:1230::/29", v6(local)));
    assert_false(in_v6("fd00:1238::/29", v6(local)));
    assert_false(in_v6("fe00::/8", v6(local)));
    assert_true(in_v6("::1", v6(one)));
    assert_true(in_v6("::/0", v6(local)));
    assert_false(in_v6("::", v6(one)));
    assert_true(in_v6("::/127", v6(one)));
    assert_true(in_v6("1:2:3:4:5:6:7::/16",
                      v6((const uint8_t[16]){0, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9})));
}

static void mapped_addresses_are_ipv4(void **state)
{
    (void)state;
    const uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3};
    assert_true(in_v4("10.0.0.0/8", v6(mapped)));
    assert_false(in_v4("11.0.0.0/8", v6(mapped)));
    assert_true(in_v6("::ffff:10.0.0.0/104", v4(10, 9, 9, 9)));
    assert_true(in_v6("::ffff:a01:203", v4(10, 1, 2, 3)));
    assert_true(in_v6("::ffff:10.1.2.3", v6(mapped)));
    assert_true(in_v6("::ffff:0:0/96", v4(1, 2, 3, 4)));
    assert_false(in_v6("::ffff:10.0.0.0/104", v4(11, 9, 9, 9)));
    /* a shorter prefix is one of IPv6 and holds no IPv4 address */
    assert_false(in_v6("::/0", v4(10, 1, 2, 3)));
    assert_false(in_v6("::/0", v6(mapped)));
    assert_false(in_v6("::ffff:0:0/95", v4(10, 1, 2, 3)));
    /* the families do not mix */
    const uint8_t alike[16] = {10, 1, 2, 3};
    assert_false(in_v4("10.1.2.3", v6(alike)));
    assert_false(in_v6("a01:203::/32", v4(10, 1, 2, 3)));
    assert_false(in_v4("0.0.0.0/0", v6(alike)));
}

static void refusals(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.27");
    static const char *const bad_v4[] = {
        "",          "10",          "10.0.0",       "10.0.0.0.0",
        "10.0.0.",   ".10.0.0.0",   "10..0.0",      "256.0.0.0",
        "10.0.0.a",  "10.0.0.0/",   "10.0.0.0/33",  "10.0.0.0/-1",
        "010.0.0.0", "10.0.0.0/08", "10.0.0.0/8/8", " 10.0.0.0",
        "10.0.0.0 ", "0x0a.0.0.0",  "::1",          "10.0.0.0/255.0.0.0",
        "*",         "10.*.*.*",    "1000.0.0.0"};
    static const char *const bad_v6[] = {"",
                                         ":",
                                         ":::",
                                         "1::2::3",
                                         "1:2:3:4:5:6:7",
                                         "1:2:3:4:5:6:7:8:9",
                                         "1:2:3:4:5:6:7:8::",
                                         "::1:2:3:4:5:6:7:8",
                                         "12345::",
                                         "g::",
                                         "::1/129",
                                         "::1/",
                                         "::1/-1",
                                         "::1/064",
                                         "fe80::1%eth0",
                                         "1.2.3.4",
                                         "::1.2.3",
                                         "::1.2.3.256",
                                         "1.2.3.4::",
                                         "::1.2.3.4:5",
                                         "1:2:3:4:5:6:7:1.2.3.4",
                                         ":1::",
                                         "::1:",
                                         " ::1",
                                         "[::1]",
                                         "1:2:3:4:5:6:7:",
                                         ":1:2:3:4:5:6:7:8"};
    struct authz_prefix prefix;
    for (size_t i = 0; i < ARRAY_LEN(bad_v4); i++) {
        if (is_ok(authz_prefix_compile_v4(bytes_str(bad_v4[i]), &prefix))) {
            fail_msg("ipv4 \"%s\" is accepted", bad_v4[i]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(bad_v6); i++) {
        if (is_ok(authz_prefix_compile_v6(bytes_str(bad_v6[i]), &prefix))) {
            fail_msg("ipv6 \"%s\" is accepted", bad_v6[i]);
        }
    }
    assert_status(authz_prefix_compile_v4(BYTES_NONE, &prefix), STATUS_BAD_REQUEST);
    assert_status(authz_prefix_compile_v6(BYTES_NONE, &prefix), STATUS_BAD_REQUEST);
    assert_status(authz_prefix_compile_v4(BYTES("1.2.3.4\0"), &prefix), STATUS_BAD_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(ipv4),
        CASE(ipv6),
        CASE(mapped_addresses_are_ipv4),
        CASE(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
