/* SPDX-License-Identifier: Apache-2.0
 * <container>, <contentInstance>, <latest>, <oldest>. TS-0004 7.4.6, 7.4.7, 7.4.27, 7.4.28. */
#include "cse_world.h"

static void make_box(struct world *world, const char *more)
{
    char body[256];
    (void)snprintf(body, sizeof(body), "{'m2m:cnt':{'rn':'box'%s}}", more);
    create_one(world, "CAdmin", "cse-in", TYPE_CONTAINER, body, 2001);
}

static void put(struct world *world, const char *content, unsigned rsc)
{
    char body[128];
    (void)snprintf(body, sizeof(body), "{'m2m:cin':{'con':'%s'}}", content);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE, body, rsc);
}

static void see(struct world *world, const char *to, const char *name, const char *json)
{
    struct ask *ask = ask_do(world, PRIM_RETRIEVE, "CAdmin", to, NULL, 2000);
    const struct wire_value *resource = wire_only_member(ask->call.response.content);
    char member[32];
    (void)snprintf(member, sizeof(member), "%.*s", BYTES_FMT(resource->name));
    answer_is(ask, member, name, json);
    ask_free(ask);
}

/* CLAUSE("TS-0004 7.4.7.2.1") */
static void it_holds_so_many(void **state)
{
    struct world *world = *state;
    make_box(world, ",'mni':3,'mbs':10");
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/la", NULL, 4004);
    put(world, "12345678901", 5207);
    for (int i = 0; i < 5; i++) {
        char text[8];
        (void)snprintf(text, sizeof(text), "v%d", i);
        put(world, text, 2001);
        char number[8];
        (void)snprintf(number, sizeof(number), "%d", i + 1);
        see(world, "cse-in/box/la", "st", number);
    }
    see(world, "cse-in/box", "cni", "3");
    see(world, "cse-in/box", "cbs", "6");
    see(world, "cse-in/box", "st", "5");
    see(world, "cse-in/box/ol", "con", "'v2'");
    see(world, "cse-in/box/la", "con", "'v4'");
    see(world, "cse-in/box/la", "cs", "2");
    put(world, "1234567890", 2001); /* fills it alone */
    see(world, "cse-in/box", "cni", "1");
    see(world, "cse-in/box", "cbs", "10");
    see(world, "cse-in/box/ol", "con", "'1234567890'");
}

static void an_empty_container_by_rule(void **state)
{
    make_box(*state, ",'mni':0");
    put(*state, "x", 5207);
    create_one(*state, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'mni':-1}}", 4000);
    create_one(*state, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'mbs':'many'}}", 4000);
    create_one(*state, "CAdmin", "cse-in", TYPE_CONTAINER, "{'m2m:cnt':{'cni':1}}", 4000);
}

/* CLAUSE("TS-0004 7.4.6.2.1") */
static void the_configuration_bounds_it(void **state)
{
    struct world *world = *state;
    cse_close(world);
    world->config.limits.instances_per_container = 2;
    cse_open(world);
    make_box(world, ",'mni':50");
    see(world, "cse-in/box", "mni", "2");
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'mni':70}}", 2004);
    see(world, "cse-in/box", "mni", "2");
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'mni':null}}", 2004);
    put(world, "a", 2001);
    put(world, "b", 2001);
    put(world, "c", 2001);
    see(world, "cse-in/box", "cni", "2");
    see(world, "cse-in/box", "mni", NULL);
}

static void lower_limits_trim_it(void **state)
{
    struct world *world = *state;
    make_box(world, "");
    put(world, "a", 2001);
    put(world, "b", 2001);
    put(world, "c", 2001);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'mni':2}}", 2004);
    see(world, "cse-in/box", "cni", "2");
    see(world, "cse-in/box/ol", "con", "'b'");
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'mbs':1}}", 2004);
    see(world, "cse-in/box", "cni", "1");
    see(world, "cse-in/box/ol", "con", "'c'");
}

/* CLAUSE("TS-0004 7.4.7.2.2"), 7.4.7.2.4, 7.4.27.2.2 */
static void retrieval_can_be_disabled(void **state)
{
    struct world *world = *state;
    make_box(world, ",'disr':true");
    struct ask *ask = ask_create(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE,
                                 "{'m2m:cin':{'con':'x','rn':'i'}}", 2001);
    ask_free(ask);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/i", NULL, 4005);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/la", NULL, 4005);
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/ol", NULL, 4005);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box/i", NULL, 4005);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box/la", NULL, 4005);
    ask = ask_new(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box", NULL);
    ask->call.request.result_content = PRIM_RCN_CHILDREN;
    ask_expect(ask, 2000);
    answer_is(ask, "m2m:cnt", "m2m:cin", NULL);
    ask_free(ask);
    see(world, "cse-in/box", "cni", "1");
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box", "{'m2m:cnt':{'disr':false}}", 2004);
    see(world, "cse-in/box", "cni", "0");
    ask_one(world, PRIM_RETRIEVE, "CAdmin", "cse-in/box/la", NULL, 4004);
}

/* CLAUSE("TS-0004 7.4.7.2.1"), e */
static void instances_age(void **state)
{
    struct world *world = *state;
    make_box(world, ",'mia':60");
    struct ask *ask = ask_create(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE,
                                 "{'m2m:cin':{'con':'x'}}", 2001);
    answer_is(ask, "m2m:cin", "et", "'20231114T221420'");
    ask_free(ask);
    world_advance(world, 59 * USEC_PER_SEC);
    put(world, "y", 2001);
    see(world, "cse-in/box/ol", "con", "'x'");
    world_advance(world, 5 * USEC_PER_SEC);
    see(world, "cse-in/box/ol", "con", "'y'");
    see(world, "cse-in/box", "cni", "1");
    world_advance(world, 60 * USEC_PER_SEC);
    see(world, "cse-in/box", "cni", "0");
}

static void expired_instances_are_passed_over(void **state)
{
    struct world *world = *state;
    cse_worker_stop(world->worker); /* nobody collects */
    make_box(world, "");
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE,
               "{'m2m:cin':{'con':'a','et':'20231114T221330'}}", 2001);
    put(world, "b", 2001);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE,
               "{'m2m:cin':{'con':'c','et':'20231114T221330'}}", 2001);
    see(world, "cse-in/box/la", "con", "'c'");
    world_advance(world, 20 * USEC_PER_SEC);
    see(world, "cse-in/box/la", "con", "'b'");
    see(world, "cse-in/box/ol", "con", "'b'");
}

/* CLAUSE("TS-0004 7.4.7.2.3"), 7.4.27.2.3 */
static void instances_do_not_change(void **state)
{
    struct world *world = *state;
    make_box(world, "");
    put(world, "a", 2001);
    ask_one(world, PRIM_UPDATE, "CAdmin", "cse-in/box/la", "{'m2m:cin':{'lbl':['x']}}", 4005);
    ask_one(world, PRIM_NOTIFY, "CAdmin", "cse-in/box/la", "{'m2m:sgn':{}}", 4005);
    create_one(world, "CAdmin", "cse-in/box/la", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':'x'}}",
               4005);
    create_one(world, "CAdmin", "cse-in/box", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'la'}}", 4105);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box/la", NULL, 2002);
    ask_one(world, PRIM_DELETE, "CAdmin", "cse-in/box/ol", NULL, 4004);
    see(world, "cse-in/box", "cni", "0");
}

static void content_may_be_anything(void **state)
{
    make_box(*state, "");
    create_one(*state, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'con':{'a':1}}}",
               2001);
    see(*state, "cse-in/box/la", "con", "{'a':1}");
    see(*state, "cse-in/box/la", "cs", "7");
    create_one(*state, "CAdmin", "cse-in/box", TYPE_CONTENT_INSTANCE, "{'m2m:cin':{'lbl':['a']}}",
               4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(it_holds_so_many),
        CSE_TEST(an_empty_container_by_rule),
        CSE_TEST(the_configuration_bounds_it),
        CSE_TEST(lower_limits_trim_it),
        CSE_TEST(retrieval_can_be_disabled),
        CSE_TEST(instances_age),
        CSE_TEST(expired_instances_are_passed_over),
        CSE_TEST(instances_do_not_change),
        CSE_TEST(content_may_be_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
