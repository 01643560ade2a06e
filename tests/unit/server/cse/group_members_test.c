/* SPDX-License-Identifier: Apache-2.0
 * What a member identifier stands for, and which members a group keeps. TS-0004 7.4.13.2.1. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

static void build(struct world *world)
{
    register_ae(world, "Cone");
    create_one(world, "Cone", "Cone", TYPE_CONTAINER, "{'m2m:cnt':{'rn':'box'}}", 2001);
    create_one(world, "Cone", "Cone", TYPE_GROUP, "{'m2m:grp':{'rn':'g','mt':3,'mnm':5,'mid':[]}}",
               2001);
    create_one(world, "Cone", "Cone", TYPE_GROUP, "{'m2m:grp':{'rn':'h','mnm':5,'mid':[]}}", 2001);
}

static struct bytes below_ae(struct exchange *x, const char *rest)
{
    struct serve_resource ae;
    world_ok(serve_resource_find(x, BYTES("Cone"), &ae));
    return arena_printf(x->arena, "%.*s/%s", BYTES_FMT(ae.row.path), rest);
}

static void members_are_found(void **state)
{
    struct world *world = *state;
    build(world);
    struct exchange *x;
    struct cse_member member;
    bool remote = true;
    world_ok(serve_read_begin(world->worker, &x));
    world_ok(cse_member_find(x, below_ae(x, "box"), &member, &remote));
    assert_int_equal(member.resource.row.type, TYPE_CONTAINER);
    assert_null(member.virtual_type);
    assert_false(remote);
    world_ok(cse_member_find(x, below_ae(x, "box/la"), &member, &remote));
    assert_int_equal(member.virtual_type->number, TYPE_LATEST);
    world_ok(cse_member_find(x, below_ae(x, "g/fopt/la/x"), &member, &remote));
    assert_int_equal(member.resource.row.type, TYPE_GROUP);
    assert_int_equal(member.virtual_type->number, TYPE_FAN_OUT_POINT);
    assert_true(bytes_is(member.rest, "la/x"));
    assert_true(
        status_is(cse_member_find(x, below_ae(x, "box/lala"), &member, &remote), STATUS_NOT_FOUND));
    assert_true(
        status_is(cse_member_find(x, BYTES("nothing"), &member, &remote), STATUS_NOT_FOUND));
    assert_false(remote);
    assert_true(
        status_is(cse_member_find(x, BYTES("/id-other/a"), &member, &remote), STATUS_NOT_FOUND));
    assert_true(remote);
    assert_true(cse_same_address(x, BYTES("cse-in/a"), BYTES("/id-in/cse-in/a")));
    assert_true(cse_same_address(x, BYTES("-/a"), BYTES("cse-in/a")));
    assert_false(cse_same_address(x, BYTES("cse-in/a"), BYTES("/id-other/cse-in/a")));
    assert_false(cse_same_address(x, BYTES("cse-in/a"), BYTES("cse-in/b")));
    serve_read_end(x);
}

/* mt, csy, spty: what is left of all kinds of members, or the error. */
static const struct kept {
    const char *attributes;
    enum status_code code;
    unsigned count;
    int64_t type;
    bool validated;
} kept[] = {
    {"{'mnm':9,'mid':['%s/box','%s','%s/nothing']}", STATUS_OK, 3, 0, true},
    {"{'mt':3,'mnm':9,'mid':['%s/box','%s','%s/nothing']}", STATUS_OK, 1, 3, true},
    {"{'mt':3,'mnm':9,'csy':3,'mid':['%s/box','%s']}", STATUS_OK, 2, 0, true},
    {"{'mt':3,'mnm':9,'csy':2,'mid':['%s/box','%s']}", STATUS_GROUP_MEMBER_TYPE_INCONSISTENT, 0, 0,
     false},
    {"{'mt':3,'mnm':9,'csy':2,'mid':['%s/box','%s/g/fopt']}", STATUS_OK, 2, 3, true},
    {"{'mt':3,'mnm':9,'mid':['%s/h/fopt']}", STATUS_OK, 0, 3, true},
    {"{'mt':9,'mnm':9,'mid':['%s/g','%s/h','%s/g/fopt']}", STATUS_OK, 2, 9, true},
    {"{'mt':3,'mnm':9,'mid':['%s/g/fopt/la']}", STATUS_OK, 1, 3, false},
    {"{'mt':3,'mnm':9,'mid':['/id-other/a','%s/box']}", STATUS_OK, 2, 3, false},
    {"{'mt':20002,'mnm':9,'mid':['%s/box/la','%s/box/ol']}", STATUS_OK, 1, 20002, true},
    {"{'mnm':1,'mid':['%s/box','%s/box','/id-in/%s/box']}", STATUS_OK, 1, 0, true},
    {"{'mnm':1,'mid':['%s/box','%s']}", STATUS_MAX_NUMBER_OF_MEMBER_EXCEEDED, 0, 0, false},
    {"{'mnm':1,'mid':['%s/box#lbl']}", STATUS_BAD_REQUEST, 0, 0, false},
};

static struct wire_value *with_path(struct exchange *x, const char *form)
{
    struct serve_resource ae;
    struct buf text;
    buf_init(&text, 4096);
    world_ok(serve_resource_find(x, BYTES("Cone"), &ae));
    for (const char *at = form; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 's') {
            buf_add(&text, ae.row.path);
            at++;
        } else {
            buf_add_char(&text, *at);
        }
    }
    buf_add_char(&text, '\0');
    struct wire_value *value = ask_json(x->arena, text.ptr);
    buf_fini(&text);
    return value;
}

static void members_are_kept_or_not(void **state)
{
    struct world *world = *state;
    build(world);
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        struct exchange *x;
        struct cse_members members;
        world_ok(serve_read_begin(world->worker, &x));
        status checked = cse_members_check(x, with_path(x, kept[i].attributes), &members);
        if (!status_is(checked, kept[i].code)) {
            fail_msg("%s: %s", kept[i].attributes, status_name(checked));
        }
        if (is_ok(checked) &&
            (members.ids->count != kept[i].count || members.member_type != kept[i].type ||
             members.validated != kept[i].validated)) {
            fail_msg("%s: %u of type %d", kept[i].attributes, members.ids->count,
                     (int)members.member_type);
        }
        serve_read_end(x);
    }
}

static void types_are_told_to_readers_only(void **state)
{
    struct world *world = *state;
    build(world);
    struct exchange *x;
    struct cse_members members;
    world_ok(serve_read_begin(world->worker, &x));
    struct wire_value *attributes = with_path(x, "{'mt':3,'mnm':9,'mid':['%s/box']}");
    x->who = (struct auth_context){.claimed = BYTES("Ctwo"),
                                   .kind = PRIM_ID_AE_C,
                                   .absolute = BYTES("//antipolis.example/id-in/Ctwo")};
    assert_true(
        status_is(cse_members_check(x, attributes, &members), STATUS_RECEIVER_HAS_NO_PRIVILEGE));
    serve_read_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(members_are_found),
        CSE_TEST(members_are_kept_or_not),
        CSE_TEST(types_are_told_to_readers_only),
    };
    return cmocka_run_group_tests_name("group_members", tests, NULL, NULL);
}
