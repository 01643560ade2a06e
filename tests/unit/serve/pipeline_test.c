/* SPDX-License-Identifier: Apache-2.0
 * The stages in their order, with the generic procedures alone. TS-0004 7.2.2.2. */
#include "serve_tree.h"

/* CLAUSE("TS-0004 7.3.3.5"), 7.3.3.6, 7.3.3.7, 7.3.3.8 */
static void a_resource_lives(void **state)
{
    struct world *world = *state;
    struct ask *ask =
        ask_create(world, "CAdmin", "cse-in", TYPE_CONTAINER,
                   "{'m2m:cnt':{'rn':'box','acpi':['cse-in/acp'],'lbl':['a','b:c']}}", 2001);
    answer_is(ask, "m2m:cnt", "rn", "'box'");
    answer_is(ask, "m2m:cnt", "ty", "3");
    answer_is(ask, "m2m:cnt", "pi", "'id-in'");
    answer_is(ask, "m2m:cnt", "st", "0");
    answer_is(ask, "m2m:cnt", "cni", "0");
    answer_is(ask, "m2m:cnt", "ct", "'20231114T221320'");
    answer_is(ask, "m2m:cnt", "et", "'20241113T221320'");
    ask_free(ask);
    ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 2000);
    answer_is(ask, "m2m:cnt", "lbl", "['a','b:c']");
    ask_free(ask);
    world_advance(world, USEC_PER_SEC);
    ask = ask_do(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'lbl':['z'],'mni':4}}",
                 2004);
    answer_is(ask, "m2m:cnt", "lbl", "['z']");
    answer_is(ask, "m2m:cnt", "st", "1");
    answer_is(ask, "m2m:cnt", "lt", "'20231114T221321'");
    ask_free(ask);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box", NULL, 2002);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL, 4004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(a_resource_lives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
