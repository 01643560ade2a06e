/* SPDX-License-Identifier: Apache-2.0
 * Noise: tens of thousands of requests thrown together from the tables of types, attributes and
 * parameters. Every one is answered, none with a failure of ours, and the CSE is whole afterwards.
 * TS-0004 7.2.2.2, 7.3.3.13. */
#include "flow_int.h"

#define REQUESTS 12000

struct noise {
    struct flow *flow;
    uint64_t random;
    struct arena *arena; /* of the request that is being made */
};

static uint32_t dice(struct noise *n, uint32_t sides)
{
    n->random ^= n->random << 13;
    n->random ^= n->random >> 7;
    n->random ^= n->random << 17;
    return (uint32_t)(n->random >> 32) % sides;
}

#define PICK(n, array) ((array)[dice((n), (uint32_t)ARRAY_LEN(array))])

static const char *const originators[] = {"Ca", "Ca", "Ca", "Ca", "Ca",     "Ca",    "Ca",
                                          "Ca", "Ca", "Ca", "Cb", "CAdmin", "C",     "S",
                                          "Cx", "Sz", "*",  "",   "/mn",    "/id-in"};
static const char *const places[] = {
    "cse-in",
    "cse-in/Ca",
    "cse-in/Ca/a",
    "cse-in/Ca/a/b",
    "cse-in/Ca/a/la",
    "cse-in/Ca/a/ol",
    "cse-in/Ca/a/b/c",
    "cse-in/Ca/s",
    "cse-in/Ca/a/s",
    "cse-in/Ca/g",
    "cse-in/Ca/g/fopt",
    "cse-in/Ca/g/fopt/la",
    "cse-in/Ca/pch",
    "cse-in/Ca/pch/pcu",
    "cse-in/Cb",
    "cse-in/p",
    "-/Ca",
    "Ca",
    "id-in",
    "/id-in/-/Ca",
    "//antipolis.example/id-in/Cb",
    "cse-in/n",
    "cse-in/n/m",
    "cse-in/Ca/a#lbl",
    "/mn/x",
    "cse-in/Cx",
    "cse-in/Cx/a",
    "acpAdmin",
    "cse-in/acpAdmin",
};
static const char *const names[] = {"a", "b", "c", "s", "g", "p", "n", "m", "pch", "la", "x y"};
static const char *const values[] = {
    "null",
    "true",
    "false",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "1.5",
    "64",
    "4294967296",
    "\"\"",
    "\"a\"",
    "\"Ca\"",
    "\"Cb\"",
    "\"cse-in/p\"",
    "\"cse-in/Ca/a\"",
    "\"20260101T120005\"",
    "\"20990101T000000\"",
    "\"PT5S\"",
    "\"3\"",
    "\"text/plain:0\"",
    "\"http://n/\"",
    "\"* * * * * * *\"",
    "\"N1\"",
    "[]",
    "[\"a\"]",
    "[\"a\",\"b\"]",
    "[1,2,3]",
    "[\"Cb\",\"Ca\"]",
    "[\"cse-in/Ca/a\",\"cse-in/Cb\"]",
    "[\"http://n/\"]",
    "[\"Ca\"]",
    "[\"3\",\"2a\"]",
    "[\"cse-in/p\"]",
    "{}",
    "{\"net\":[1,3]}",
    "{\"net\":[3,4],\"chty\":[3,4]}",
    "{\"num\":2}",
    "{\"mnn\":1,\"tww\":\"PT5S\"}",
    "{\"acr\":[{\"acor\":[\"all\"],\"acop\":63}]}",
    "{\"acr\":[{\"acor\":[\"Ca\",\"CAdmin\"],\"acop\":63}]}",
    "{\"acr\":[]}",
};
/* What is right for each type, to begin with. */
static const struct {
    uint32_t type;
    const char *member, *attributes;
} contents[] = {
    {1, "m2m:acp",
     "{\"pv\":{\"acr\":[{\"acor\":[\"Ca\",\"Cb\"],\"acop\":63}]},"
     "\"pvs\":{\"acr\":[{\"acor\":[\"Ca\",\"CAdmin\"],\"acop\":63}]}}"},
    {2, "m2m:ae", "{\"api\":\"N1\",\"rr\":false,\"srv\":[\"3\"]}"},
    {2, "m2m:ae", "{\"api\":\"N1\",\"rr\":true,\"srv\":[\"3\"],\"poa\":[\"http://n/\"]}"},
    {3, "m2m:cnt", "{}"},
    {3, "m2m:cnt", "{\"mni\":3,\"lbl\":[\"a\"]}"},
    {4, "m2m:cin", "{\"con\":\"x\"}"},
    {4, "m2m:cin", "{\"con\":\"xyz\",\"lbl\":[\"a\"]}"},
    {9, "m2m:grp", "{\"mt\":0,\"mnm\":5,\"mid\":[\"cse-in/Ca/a\",\"cse-in/Cb\"]}"},
    {9, "m2m:grp", "{\"mt\":3,\"mnm\":5,\"mid\":[\"cse-in/Ca/a\",\"cse-in/Ca/a/b\"]}"},
    {13, "m2m:bat", "{\"mgd\":1006,\"btl\":5,\"bts\":1}"},
    {14, "m2m:nod", "{\"ni\":\"n1\"}"},
    {15, "m2m:pch", "{}"},
    {17, "m2m:req", "{}"},
    {23, "m2m:sub", "{\"nu\":[\"http://n/\"]}"},
    {23, "m2m:sub", "{\"nu\":[\"Ca\"],\"enc\":{\"net\":[1,2,3,4]},\"bn\":{\"num\":2}}"},
    {28, "m2m:fcnt", "{\"cnd\":\"x\"}"},
};
static const char *const updates[] = {
    "{\"lbl\":[\"b\"]}",         "{\"lbl\":null}", "{\"mni\":1}", "{\"et\":\"20260101T121000\"}",
    "{\"acpi\":[\"cse-in/p\"]}", "{\"acpi\":null}"};
static const char *const parameters[] = {
    "\"rcn\":0",
    "\"rcn\":1",
    "\"rcn\":2",
    "\"rcn\":3",
    "\"rcn\":4",
    "\"rcn\":5",
    "\"rcn\":6",
    "\"rcn\":7",
    "\"rcn\":8",
    "\"rcn\":9",
    "\"drt\":2",
    "\"rt\":{\"rtv\":1}",
    "\"rt\":{\"rtv\":2,\"nu\":[\"http://n/\"]}",
    "\"rt\":{\"rtv\":2}",
    "\"rt\":{\"rtv\":4}",
    "\"rqet\":\"1000\"",
    "\"rset\":\"5000\"",
    "\"oet\":\"2000\"",
    "\"rp\":\"60000\"",
    "\"fc\":{\"fu\":1}",
    "\"fc\":{\"fu\":1,\"lbl\":[\"a\"]}",
    "\"fc\":{\"lvl\":1}",
    "\"fc\":{\"fu\":1,\"atr\":[{\"nm\":\"rn\",\"val\":\"*a*\"}],\"lim\":2}",
    "\"fc\":{\"fu\":1,\"ty\":[3,4],\"arp\":\"la\"}",
    "\"fc\":{\"cra\":\"20260101T000000\"}",
    "\"fc\":{\"fu\":1,\"clbl\":[\"a\"],\"fo\":2,\"pty\":[2]}",
    "\"fc\":{\"lim\":1,\"ofst\":2}",
    "\"fc\":{\"fu\":1,\"lbq\":\"a EQ b\"}",
    "\"gid\":\"g1\"",
    "\"ec\":4",
    "\"vsi\":\"v\"",
    "\"grtm\":[\"cse-in/Cb\"]",
    "\"pc\":{\"m2m:atrl\":[\"rn\",\"lbl\"]}",
};

static struct wire_value *parsed(const struct noise *n, const char *text)
{
    static const struct wire_limits limits = {.depth = 8, .members = 20, .values = 100};
    struct wire_value *made = NULL;
    flow_status_ok(wire_decode(WIRE_JSON, bytes_str(text), &limits, n->arena, &made));
    return made;
}

/* A good content with some of its attributes, or any attributes, changed to anything. */
static struct wire_value *content(struct noise *n, uint32_t *ret_type)
{
    size_t chosen = dice(n, ARRAY_LEN(contents));
    const struct type_resource *type = type_by_member(bytes_str(contents[chosen].member));
    struct wire_value *attributes = parsed(n, contents[chosen].attributes);
    *ret_type = contents[chosen].type;
    if (dice(n, 2) == 0) {
        (void)wire_set(attributes, BYTES("rn"), wire_string(n->arena, bytes_str(PICK(n, names))));
    }
    uint32_t changes = dice(n, 3) == 0 ? 1 + dice(n, 3) : 0;
    for (uint32_t i = 0; type != NULL && i < changes; i++) {
        const struct type_attr *attr = &type->attributes[dice(n, type->attribute_count)];
        (void)wire_set(attributes, type_attr_short(attr->id), parsed(n, PICK(n, values)));
    }
    struct wire_value *made = wire_object(n->arena);
    (void)wire_add(made, bytes_str(contents[chosen].member), attributes);
    return made;
}

static void add_text(const struct noise *n, struct wire_value *request, const char *name,
                     const char *text)
{
    (void)wire_set(request, bytes_str(name), wire_string(n->arena, bytes_str(text)));
}

static struct wire_value *make(struct noise *n)
{
    static const int64_t operations[] = {1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5};
    struct wire_value *request = wire_object(n->arena);
    int64_t operation = PICK(n, operations);
    uint32_t type;
    (void)wire_add(request, BYTES("op"), wire_int(n->arena, operation));
    add_text(n, request, "fr", PICK(n, originators));
    add_text(n, request, "to", PICK(n, places));
    if (operation == PRIM_NOTIFY) {
        (void)wire_set(request, BYTES("pc"), parsed(n, "{\"m2m:sgn\":{\"sur\":\"x\"}}"));
    } else if (operation == PRIM_CREATE || operation == PRIM_UPDATE || dice(n, 50) == 0) {
        struct wire_value *made = content(n, &type);
        if (operation == PRIM_UPDATE && dice(n, 2) == 0) {
            struct wire_value *update = wire_object(n->arena);
            (void)wire_add(update, made->first->name, parsed(n, PICK(n, updates)));
            made = update;
        }
        (void)wire_set(request, BYTES("pc"), made);
        if (operation == PRIM_CREATE) {
            (void)wire_set(request, BYTES("ty"), wire_int(n->arena, type));
        }
    }
    for (uint32_t more = dice(n, 4) == 0 ? 1 + dice(n, 2) : 0; more > 0; more--) {
        const char *text = arena_printf(n->arena, "{%s}", PICK(n, parameters)).ptr;
        const struct wire_value *member = parsed(n, text)->first;
        struct wire_value *copy = wire_dup(n->arena, member);
        (void)wire_set(request, member->name, copy);
    }
    return request;
}

/* ---- the test ---- */
static void check_answer(const struct flow_call *call, const struct wire_value *request)
{
    const struct prim_response *response = flow_response(call);
    if (response->rsc == 5000 || response->rsc < 1000 || response->rsc > 6999) {
        struct buf out;
        buf_init(&out, 1 << 16);
        wire_encode(WIRE_JSON, request, &out);
        print_error("%.*s\n", BYTES_FMT(buf_bytes(&out)));
        fail_msg("answered %u: %s", response->rsc, status_note_get()->text);
    }
}

/* What noise has deleted grows again; what is there answers that it is. */
static void replant(struct flow *flow)
{
    static const char *const seeds[] = {
        "{'op':1,'fr':'Ca','to':'cse-in','ty':2,"
        "'pc':{'m2m:ae':{'rn':'Ca','api':'Nx','rr':true,'srv':['3'],'poa':['http://n/']}}}",
        "{'op':1,'fr':'Cb','to':'cse-in','ty':2,"
        "'pc':{'m2m:ae':{'rn':'Cb','api':'Nx','rr':false,'srv':['3']}}}",
        "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':3,'pc':{'m2m:cnt':{'rn':'a','lbl':['a']}}}",
        "{'op':1,'fr':'Ca','to':'cse-in/Ca/a','ty':3,'pc':{'m2m:cnt':{'rn':'b'}}}",
        "{'op':1,'fr':'Ca','to':'cse-in/Ca/a','ty':23,"
        "'pc':{'m2m:sub':{'rn':'s','nu':['http://n/'],'enc':{'net':[1,2,3,4]}}}}",
        "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':9,"
        "'pc':{'m2m:grp':{'rn':'g','mt':0,'mnm':5,'mid':['cse-in/Ca/a','cse-in/Ca/a/b']}}}",
        "{'op':1,'fr':'Ca','to':'cse-in/Ca','ty':15,'pc':{'m2m:pch':{'rn':'pch'}}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
        (void)flow_send(flow, "%s", seeds[i]);
        flow_run_until_idle(flow);
    }
}

static void some_requests(struct noise *n, unsigned count)
{
    enum { WAITING = 64 };
    struct flow_call *waiting[WAITING];
    size_t waits = 0;
    struct buf text;
    buf_init(&text, 1 << 16);
    for (unsigned i = 0; i < count; i++) {
        struct prim_request decoded;
        arena_reset(n->arena);
        const struct wire_value *request = make(n);
        if (is_error(prim_request_decode(request, n->arena, &decoded))) {
            continue;
        }
        buf_clear(&text);
        wire_encode(WIRE_JSON, request, &text);
        struct flow_call *call = flow_send(n->flow, "%.*s", BYTES_FMT(buf_bytes(&text)));
        flow_run_until_idle(n->flow);
        if (flow_is_answered(call)) {
            check_answer(call, request);
        } else if (waits < WAITING) {
            waiting[waits++] = call;
        }
        if (i % 30 == 0) {
            replant(n->flow);
        }
        if (dice(n, 40) == 0) {
            flow_advance(n->flow, (int64_t)dice(n, 4000) * USEC_PER_MSEC);
        }
    }
    buf_fini(&text);
    flow_advance(n->flow, 5 * MINUTES);
    for (size_t i = 0; i < waits; i++) {
        assert_true(flow_is_answered(waiting[i]));
    }
}

static void no_noise_breaks_it(void **state)
{
    struct noise n = {.random = 88172645463325252u, .arena = arena_new(1 << 22)};
    for (unsigned made = 0; made < REQUESTS; made += 1000) {
        n.flow = *state;
        (void)flow_listen(n.flow, "http://n/");
        some_requests(&n, 1000);
        if (made % 3000 == 0) {
            flow_restart(n.flow);
        }
        flow_register(n.flow, "Cend"); /* a new life is possible */
        (void)flow_expect(n.flow, 2000, "{'op':2,'fr':'Cend','to':'Cend','rcn':5}");
        (void)flow_end(state);
        (void)flow_begin(state);
    }
    arena_free(n.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {FLOW_TEST(no_noise_breaks_it)};
    return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}
