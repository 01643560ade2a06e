/* SPDX-License-Identifier: Apache-2.0
 * <CSEBase>. TS-0004 7.4.3, 7.3.3.9.2. */
#include "cse_world.h"

/* CLAUSE("TS-0004 7.4.3") */
static void it_says_what_it_is(void **state)
{
    struct ask *ask = ask_do(*state, PRIM_RETRIEVE, "CAdmin", "/id-in", NULL, 2000);
    answer_is(ask, "m2m:cb", "csi", "'/id-in'");
    answer_is(ask, "m2m:cb", "cst", "1");
    answer_is(ask, "m2m:cb", "pi", "''");
    answer_is(ask, "m2m:cb", "rn", "'cse-in'");
    answer_is(ask, "m2m:cb", "ri", "'id-in'");
    answer_is(ask, "m2m:cb", "srv", "['2a','3','4']");
    answer_is(ask, "m2m:cb", "poa", "['http://127.0.0.1:8080']");
    answer_is(ask, "m2m:cb", "ctm", "'20231114T221320'");
    answer_is(ask, "m2m:cb", "et", NULL);
    const struct wire_value *srt = answer_at(ask, "m2m:cb", "srt");
    bool container = false, flex = false;
    for
        WIRE_EACH(type, srt)
        {
            container = container || wire_get_int(type, 0) == TYPE_CONTAINER;
            flex = flex || wire_get_int(type, 0) == TYPE_FLEX_CONTAINER;
        }
    assert_true(container);
    assert_false(flex); /* no behaviour yet */
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.4.3.2") */
static void it_is_only_retrieved(void **state)
{
    ask_one(*state, PRIM_UPDATE, "CAdmin", "cse-in", "{'m2m:cb':{'lbl':['a']}}", 4005);
    ask_one(*state, PRIM_DELETE, "CAdmin", "cse-in", NULL, 4005);
    create_one(*state, "CAdmin", "cse-in", TYPE_CSE_BASE, "{'m2m:cb':{'csi':'/x'}}", 4005);
    ask_one(*state, PRIM_RETRIEVE, "CNobody", "cse-in", NULL, 4106);
    register_ae(*state, "COther");
    ask_one(*state, PRIM_RETRIEVE, "COther", "cse-in", NULL, 4103);
}

/* CLAUSE("TS-0004 7.3.3.9.2") */
static void it_consumes_notifications(void **state)
{
    ask_one(*state, PRIM_NOTIFY, "CAdmin", "/id-in", "{'m2m:sgn':{'vrq':true,'sur':'x'}}", 2000);
    ask_one(*state, PRIM_NOTIFY, "CAdmin", "/id-in", "{'m2m:seci':{'sit':5}}", 5001);
    ask_one(*state, PRIM_NOTIFY, "CAdmin", "/id-in", NULL, 4000);
    register_ae(*state, "COther");
    ask_one(*state, PRIM_NOTIFY, "COther", "/id-in", "{'m2m:sgn':{'vrq':true,'sur':'x'}}", 4103);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(it_says_what_it_is),
        CSE_TEST(it_is_only_retrieved),
        CSE_TEST(it_consumes_notifications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
