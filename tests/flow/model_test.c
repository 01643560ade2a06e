/* SPDX-License-Identifier: Apache-2.0
 * Containers against a model of a few lines: thousands of random requests, expirations and restarts
 * must answer as the model says, count as it counts, and keep its order. TS-0004 7.4.6, 7.4.7. */
#include <string.h>

#include "flow.h"

#define CONTAINERS 5
#define INSTANCES 64
#define STEPS 4000

struct instance {
    int64_t number; /* its content begins with it */
    int64_t size;
    int64_t et; /* 0: outlives the test */
};
struct container {
    bool exists;
    int64_t mni, mbs; /* -1: none */
    int64_t st, count;
    struct instance instances[INSTANCES]; /* oldest first */
};
struct model {
    struct flow *flow;
    uint64_t random;
    int64_t next_number;
    struct container containers[CONTAINERS];
};

static uint32_t dice(struct model *m, uint32_t sides)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return (uint32_t)(m->random >> 32) % sides;
}

/* ---- the model ---- */
static int64_t octets(const struct container *c)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < c->count; i++) {
        sum += c->instances[i].size;
    }
    return sum;
}

static void take_out(struct container *c, int64_t index)
{
    c->count--;
    memmove(&c->instances[index], &c->instances[index + 1],
            (size_t)(c->count - index) * sizeof c->instances[0]);
}

static void make_room(struct container *c)
{
    while (c->count > 0 &&
           ((c->mni >= 0 && c->count > c->mni) || (c->mbs >= 0 && octets(c) > c->mbs))) {
        take_out(c, 0);
    }
}

static void expire(struct model *m)
{
    for (unsigned k = 0; k < CONTAINERS; k++) {
        struct container *c = &m->containers[k];
        for (int64_t i = c->count - 1; i >= 0; i--) {
            if (c->instances[i].et != 0 && c->instances[i].et <= flow_now(m->flow)) {
                take_out(c, i);
            }
        }
    }
}

/* ---- requests, each with what the model says ---- */
static int64_t any_limit(struct model *m, uint32_t most)
{
    return dice(m, 2) == 0 ? -1 : 1 + (int64_t)dice(m, most);
}

static const char *limit_text(int64_t limit, char text[24])
{
    size_t at = 24;
    text[--at] = '\0';
    if (limit < 0) {
        return "null";
    }
    do {
        text[--at] = (char)('0' + limit % 10);
        limit /= 10;
    } while (limit > 0);
    return text + at;
}

static void create_container(struct model *m, unsigned k)
{
    struct container *c = &m->containers[k];
    (void)flow_expect(m->flow, c->exists ? 4105 : 2001,
                      "{'op':1,'fr':'Ca','to':'Ca','ty':3,'rcn':0,'pc':{'m2m:cnt':{'rn':'c%u'}}}",
                      k);
    if (!c->exists) {
        *c = (struct container){.exists = true, .mni = -1, .mbs = -1};
    }
}

static void delete_container(struct model *m, unsigned k)
{
    struct container *c = &m->containers[k];
    (void)flow_expect(m->flow, c->exists ? 2002 : 4004, "{'op':4,'fr':'Ca','to':'cse-in/Ca/c%u'}",
                      k);
    c->exists = false;
    c->count = 0;
}

static void update_container(struct model *m, unsigned k)
{
    struct container *c = &m->containers[k];
    int64_t mni = any_limit(m, 12), mbs = any_limit(m, 200);
    char mni_text[24], mbs_text[24];
    (void)flow_expect(m->flow, c->exists ? 2004 : 4004,
                      "{'op':3,'fr':'Ca','to':'cse-in/Ca/c%u','rcn':0,"
                      "'pc':{'m2m:cnt':{'mni':%s,'mbs':%s}}}",
                      k, limit_text(mni, mni_text), limit_text(mbs, mbs_text));
    if (c->exists) {
        c->mni = mni;
        c->mbs = mbs;
        c->st++;
        make_room(c);
    }
}

static void put(struct model *m, unsigned k)
{
    static const char filling[] = "........................................";
    struct container *c = &m->containers[k];
    int64_t number = m->next_number++;
    unsigned size = 6 + dice(m, sizeof filling);
    int64_t life = dice(m, 3) == 0 ? (1 + (int64_t)dice(m, 30)) * SECONDS : 0;
    const char *et = life == 0 ? "20260601T000000" : flow_time(m->flow, life);
    uint16_t rsc = !c->exists ? 4004 : c->mbs >= 0 && size > c->mbs ? 5207 : 2001;
    (void)flow_expect(m->flow, rsc,
                      "{'op':1,'fr':'Ca','to':'cse-in/Ca/c%u','ty':4,'rcn':0,"
                      "'pc':{'m2m:cin':{'con':'%06lld%.*s','et':'%s'}}}",
                      k, (long long)number, (int)size - 6, filling, et);
    if (rsc == 2001) {
        assert_true(c->count < INSTANCES);
        c->instances[c->count++] = (struct instance){
            .number = number, .size = size, .et = life == 0 ? 0 : flow_now(m->flow) + life};
        c->st++;
        make_room(c);
        if (c->count == INSTANCES) {
            delete_container(m, k); /* large enough */
        }
    }
}

static void look(struct model *m, unsigned k, bool newest)
{
    const struct container *c = &m->containers[k];
    const char *name = newest ? "la" : "ol";
    const struct wire_value *got = flow_expect(
        m->flow, c->count > 0 ? 2000 : 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c%u/%s'}", k, name);
    if (c->count > 0) {
        const struct instance *want = &c->instances[newest ? c->count - 1 : 0];
        uint64_t number;
        struct bytes content = bytes_str(flow_text(got, "m2m:cin/con"));
        assert_true(is_ok(bytes_to_u64(bytes_slice(content, 0, 6), &number)));
        assert_int_equal(number, want->number);
        flow_expect_number(got, "m2m:cin/cs", want->size);
    }
}

static void remove_end(struct model *m, unsigned k, bool newest)
{
    struct container *c = &m->containers[k];
    (void)flow_expect(m->flow, c->count > 0 ? 2002 : 4004,
                      "{'op':4,'fr':'Ca','to':'cse-in/Ca/c%u/%s'}", k, newest ? "la" : "ol");
    if (c->count > 0) {
        take_out(c, newest ? c->count - 1 : 0);
    }
}

static void compare(struct model *m, unsigned k)
{
    const struct container *c = &m->containers[k];
    const struct wire_value *got =
        flow_expect(m->flow, c->exists ? 2000 : 4004, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c%u'}", k);
    if (c->exists) {
        flow_expect_number(got, "m2m:cnt/cni", c->count);
        flow_expect_number(got, "m2m:cnt/cbs", octets(c));
        flow_expect_number(got, "m2m:cnt/st", c->st);
        got = flow_expect(m->flow, 2000, "{'op':2,'fr':'Ca','to':'cse-in/Ca/c%u','rcn':6}", k);
        assert_int_equal(flow_count(got, "m2m:rrl/rrf"), c->count);
    }
}

static void step(struct model *m)
{
    unsigned k = dice(m, CONTAINERS);
    uint32_t what = dice(m, 100);
    if (what < 45) {
        put(m, k);
    } else if (what < 60) {
        look(m, k, what % 2 == 0);
    } else if (what < 70) {
        remove_end(m, k, what % 2 == 0);
    } else if (what < 80) {
        compare(m, k);
    } else if (what < 86) {
        update_container(m, k);
    } else if (what < 93) {
        create_container(m, k);
    } else if (what < 94) {
        delete_container(m, k);
    } else {
        flow_advance(m->flow, (int64_t)dice(m, 12) * SECONDS);
        expire(m);
        if (what == 99 && dice(m, 4) == 0) {
            flow_restart(m->flow);
            expire(m);
        }
    }
}

static void as_the_model_says(void **state)
{
    static const uint64_t seeds[] = {88172645463325252u, 362436069362436069u};
    for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
        struct model m = {.flow = *state, .random = seeds[i]};
        flow_register(m.flow, "Ca");
        for (unsigned n = 0; n < STEPS; n++) {
            step(&m);
        }
        for (unsigned k = 0; k < CONTAINERS; k++) {
            compare(&m, k);
        }
        (void)flow_end(state);
        (void)flow_begin(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {FLOW_TEST(as_the_model_says)};
    return cmocka_run_group_tests_name("TS-0004 7.4.7", tests, NULL, NULL);
}
