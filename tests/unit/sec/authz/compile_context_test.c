/* SPDX-License-Identifier: Apache-2.0
 * What a context may say. TS-0003 7.1.3, TS-0004 6.3.5.27. */
#include "authz_testing.h"

static void expect(const char *contexts, enum status_code code)
{
    status s =
        compile_rule_of(arena_printf(arena, "'acor':['all'],'acop':63,'acco':%s", contexts).ptr);
    if (s.code != code) {
        fail_msg("%s gives %s: %s", contexts, status_name(s), status_note_get()->text);
    }
}

static void accepted(void **state)
{
    (void)state;
    CLAUSE("TS-0003 7.1.3");
    expect("[{}]", STATUS_OK);
    expect("[{'actw':['* * * * * * *','0 0 0 * * * *']}]", STATUS_OK);
    expect("[{'acip':{'ipv4':['10.0.0.0/8']}}]", STATUS_OK);
    expect("[{'acip':{'ipv6':['fd00::/8']}}]", STATUS_OK);
    expect("[{'acip':{'ipv4':[],'ipv6':[]}}]", STATUS_OK);
    expect("[{'aclr':{'accr':[48.2,16.3,5000]}},{'aclr':{'accc':['AT']}}]", STATUS_OK);
    expect("[{'actw':['* * * * * * *'],'acip':{'ipv4':['::1']}}]", STATUS_BAD_REQUEST);
}

static void refused(void **state)
{
    (void)state;
    CLAUSE("TS-0004 6.3.5.27");
    static const char *const bad[] = {
        "{}",
        "null",
        "[]",
        "'any'",
        "[[]]",
        "[null]",
        "[{'actw':[]}]",
        "[{'actw':'* * * * * * *'}]",
        "[{'actw':[7]}]",
        "[{'actw':['* * * * * *']}]",
        "[{'acip':{}}]",
        "[{'acip':[]}]",
        "[{'acip':['10.0.0.0/8']}]",
        "[{'acip':{'ipv4':'10.0.0.0/8'}}]",
        "[{'acip':{'ipv4':[10]}}]",
        "[{'acip':{'ipv4':['10.0.0.0/8'],'ipv5':[]}}]",
        "[{'acip':{'ipv6':['10.0.0.0/8']}}]",
        "[{'acip':null}]",
        "[{'aclr':null}]",
        "[{'x':1}]",
        "[{'actw':['* * * * * * *'],'x':1}]",
        "[{},{'x':1}]",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        expect(bad[i], STATUS_BAD_REQUEST);
    }
}

static void later_releases(void **state)
{
    (void)state;
    expect("[{'acui':['user']}]", STATUS_NOT_IMPLEMENTED);
    expect("[{'acec':{'sbjt':'con','optr':1,'thld':1}}]", STATUS_NOT_IMPLEMENTED);
    expect("[{'acl':3}]", STATUS_NOT_IMPLEMENTED);
}

static void a_member_given_twice(void **state)
{
    (void)state;
    struct wire_value *set =
        parse("{'acr':[{'acor':['all'],'acop':2,'acco':[{'aclr':{'accc':['AT']}}]}]}");
    struct wire_value *context = wire_get(set->first->first, BYTES("acco"))->first;
    wire_add(context, BYTES("aclr"), parse("{'accc':['DE']}"));
    const struct authz_rules *rules = NULL;
    assert_status(authz_rules_compile(set, &self, &limits, arena, &rules), STATUS_BAD_REQUEST);
}

static void limits_hold(void **state)
{
    (void)state;
    limits.acp_entries = 2;
    expect("[{'actw':['* * * * * * *','* * * * * * *','* * * * * * *']}]", STATUS_LIMIT);
    expect("[{'acip':{'ipv4':['1.1.1.1','1.1.1.1','1.1.1.1']}}]", STATUS_LIMIT);
    expect("[{'acip':{'ipv6':['::1','::1','::1']}}]", STATUS_LIMIT);
    expect("[{'acip':{'ipv4':['1.1.1.1','1.1.1.1'],'ipv6':['::1','::2']}}]", STATUS_OK);
    expect("[{'aclr':{'accc':['AT','AT','AT']}}]", STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(accepted),    CASE(refused), CASE(later_releases), CASE(a_member_given_twice),
        CASE(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
