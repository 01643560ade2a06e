/* SPDX-License-Identifier: Apache-2.0
 * IPv4, IPv6 and points of access. */
#define CLAUSE "TS-0004 6.3.3"
#include "type_test.h"

static void run(bool (*syntax)(struct bytes), const char *const *texts, bool fits)
{
    for (; *texts != NULL; texts++) {
        if (syntax(bytes_str(*texts)) != fits) {
            fail_msg("\"%s\" %s", *texts, fits ? "should fit" : "should not fit");
        }
    }
}

static void ipv4(void **state)
{
    (void)state;
    static const char *const good[] = {
        "0.0.0.0", "122.77.12.1", "10.125.0.0/16", "255.255.255.255/32", "0.0.0.0/0", NULL};
    static const char *const bad[] = {
        "",           "1.2.3",    "1.2.3.4.5",  "256.1.1.1",  "1.2.3.04", "1.2.3.",      "1..2.3",
        "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/01", "a.b.c.d",  "1.2.3.4/8/8", " 1.2.3.4",
        "1.2.3.4 ",   NULL};
    run(syntax_ipv4, good, true);
    run(syntax_ipv4, bad, false);
}

static void ipv6(void **state)
{
    (void)state;
    static const char *const good[] = {"::",
                                       "::/0",
                                       "::1",
                                       "1::",
                                       "Fadf:ddd0::/32",
                                       "abcd:ffff:abb0:aaaa::/64",
                                       "1:2:3:4:5:6:7:8",
                                       "1:2:3:4:5:6:7::",
                                       "::ffff:192.0.2.1",
                                       "1:2:3:4:5:6:192.0.2.1",
                                       "2001:db8::1/128",
                                       NULL};
    static const char *const bad[] = {"",
                                      ":",
                                      ":::",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1::2::3",
                                      "12345::",
                                      "g::",
                                      "::1/129",
                                      "::1/",
                                      "1:2:3:4:5:6:7:8::",
                                      "192.0.2.1",
                                      "::192.0.2.256",
                                      "192.0.2.1::",
                                      "1:",
                                      ":1",
                                      "::1 ",
                                      "fe80::1%eth0",
                                      NULL};
    run(syntax_ipv6, good, true);
    run(syntax_ipv6, bad, false);
}

static void points_of_access(void **state)
{
    (void)state;
    static const char *const good[] = {"http://172.25.0.10:8080/xyz",
                                       "coap://m2m.sp.com:5683",
                                       "mqtt://172.25.0.10:1883",
                                       "ws://10.222.254.26:80",
                                       "HTTPS://[2001:db8::1]:443/a",
                                       "coaps+tcp://h",
                                       NULL};
    static const char *const bad[] = {"",          "http",      "http:/h",    "://h",
                                      "http://",   "http:///",  "http://:80", "http://a b",
                                      "1http://h", "h ttp://h", NULL};
    run(syntax_point_of_access, good, true);
    run(syntax_point_of_access, bad, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(ipv4), TEST(ipv6), TEST(points_of_access)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
