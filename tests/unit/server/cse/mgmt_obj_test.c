/* SPDX-License-Identifier: Apache-2.0
 * <node> and [mgmtObj]. TS-0004 7.4.15, 7.4.18. */
#include "cse_world.h"

static int set_up(void **state)
{
    cse_set_up(state);
    create_one(*state, "CAdmin", "cse-in", TYPE_NODE, "{'m2m:nod':{'rn':'n','ni':'1.2.3'}}", 2001);
    return 0;
}

/* TS-0004 7.4.15.2, 7.4.18.2 */
static void each_says_what_it_is(void **state)
{
    struct world *world = *state;
    struct ask *ask = ask_create(world, "CAdmin", "cse-in/n", TYPE_MGMT_OBJ,
                                 "{'m2m:fwr':{'rn':'f','mgd':1001,'vr':'1','fwn':'boot',"
                                 "'url':'http://x','ud':false}}",
                                 2001);
    answer_is(ask, "m2m:fwr", "ty", "13");
    answer_is(ask, "m2m:fwr", "mgd", "1001");
    ask_free(ask);
    ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/n/f", NULL, 2000);
    answer_is(ask, "m2m:fwr", "fwn", "'boot'");
    ask_free(ask);
    ask = ask_do(world, PRIM_UPDATE, "CAdmin", "cse-in/n/f", "{'m2m:fwr':{'vr':'2'}}", 2004);
    answer_is(ask, "m2m:fwr", "vr", "'2'");
    ask_free(ask);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/n/f", "{'m2m:swr':{'vr':'2'}}", 4000);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/n/f", "{'m2m:fwr':{'mgd':1002}}", 4000);
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/n", NULL);
    ask->call.request.result_content = PRIM_RCN_CHILD_REFERENCES;
    ask_expect(ask, 2000);
    answer_is(ask, "m2m:rrl", "rrf", "[{'nm':'f','typ':13,'val':'cse-in/n/f','spty':1001}]");
    ask_free(ask);
}

/* TS-0004 7.4.15.1, 7.4.18.1 */
static void what_does_not_fit(void **state)
{
    create_one(*state, "CAdmin", "cse-in/n", TYPE_MGMT_OBJ,
               "{'m2m:fwr':{'mgd':1002,'vr':'1','fwn':'b','url':'http://x','ud':false}}", 4000);
    create_one(*state, "CAdmin", "cse-in/n", TYPE_MGMT_OBJ, "{'m2m:fwr':{'mgd':1001}}", 4000);
    create_one(*state, "CAdmin", "cse-in/n", TYPE_MGMT_OBJ, "{'m2m:nod':{'ni':'1'}}", 4000);
    create_one(*state, "CAdmin", "cse-in", TYPE_MGMT_OBJ,
               "{'m2m:fwr':{'mgd':1001,'vr':'1','fwn':'b','url':'http://x','ud':false}}", 4108);
    create_one(*state, "CAdmin", "cse-in", TYPE_NODE, "{'m2m:nod':{'rn':'m'}}", 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_says_what_it_is, set_up, cse_tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit, set_up, cse_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
