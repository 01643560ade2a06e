/* SPDX-License-Identifier: Apache-2.0
 * Memory that ends at any moment: every allocation of every request fails once. The answer is an
 * error or a success, never half of one, and the same request works when there is memory again.
 * TS-0004 7.3.3.13. */
#include "flow.h"

static const struct {
    const char *request;
    uint16_t rsc;
} story[] = {
    {"{'op':1,'fr':'Cm','to':'cse-in','ty':2,"
     "'pc':{'m2m:ae':{'rn':'m','api':'Nflow','rr':false,'srv':['3']}}}",
     2001},
    {"{'op':1,'fr':'CAdmin','to':'cse-in','ty':1,'pc':{'m2m:acp':{'rn':'p','pv':{'acr':[{"
     "'acor':['Cm'],'acop':63,'acco':[{'actw':['* * * * * * *']}]}]},"
     "'pvs':{'acr':[{'acor':['Cm'],'acop':63}]}}}}",
     2001},
    {"{'op':1,'fr':'Cm','to':'cse-in/m','ty':3,"
     "'pc':{'m2m:cnt':{'rn':'c','mni':2,'lbl':['a','b:c'],'acpi':['cse-in/p']}}}",
     2001},
    {"{'op':1,'fr':'Cm','to':'cse-in/m/c','ty':23,'pc':{'m2m:sub':{'rn':'s',"
     "'nu':['http://n/'],'enc':{'net':[1,3,4]}}}}",
     2001},
    {"{'op':1,'fr':'Cm','to':'cse-in/m/c','ty':4,'pc':{'m2m:cin':{'con':'1','lbl':['x']}}}", 2001},
    {"{'op':1,'fr':'Cm','to':'cse-in/m/c','ty':4,'pc':{'m2m:cin':{'con':'2'}}}", 2001},
    {"{'op':1,'fr':'Cm','to':'cse-in/m/c','ty':4,'pc':{'m2m:cin':{'con':'3'}}}", 2001},
    {"{'op':2,'fr':'Cm','to':'cse-in/m/c/la'}", 2000},
    {"{'op':2,'fr':'Cm','to':'cse-in/m','rcn':4}", 2000},
    {"{'op':2,'fr':'Cm','to':'cse-in/m','rcn':5}", 2000},
    {"{'op':2,'fr':'Cm','to':'cse-in/m/c','pc':{'m2m:atrl':['rn','cni']}}", 2000},
    {"{'op':2,'fr':'Cm','to':'cse-in/m','fc':{'fu':1,'lbl':['a'],'ty':[3],'lvl':3,"
     "'clbl':['x'],'lbq':'b EQ c'}}",
     2000},
    {"{'op':3,'fr':'Cm','to':'cse-in/m/c','pc':{'m2m:cnt':{'lbl':['d'],'mbs':1000}}}", 2004},
    {"{'op':1,'fr':'Cm','to':'cse-in/m','ty':9,"
     "'pc':{'m2m:grp':{'rn':'g','mt':3,'mnm':3,'mid':['cse-in/m/c']}}}",
     2001},
    {"{'op':2,'fr':'Cm','to':'cse-in/m/g/fopt/la'}", 2000},
    {"{'op':1,'fr':'Cm','to':'cse-in/m','ty':15,'pc':{'m2m:pch':{'rn':'pch'}}}", 2001},
    {"{'op':2,'fr':'Cm','to':'cse-in/m/c','rt':{'rtv':1}}", 1001},
    {"{'op':3,'fr':'Cm','to':'cse-in/m/c','rt':{'rtv':2,'nu':['http://n/']},"
     "'pc':{'m2m:cnt':{'mbs':2000}}}",
     1002},
    {"{'op':4,'fr':'Cm','to':'cse-in/m/c/ol'}", 2002},
    {"{'op':4,'fr':'Cm','to':'cse-in/m/c','rcn':8}", 2002},
    {"{'op':4,'fr':'Cm','to':'cse-in/m'}", 2002},
};

#define MOST 20000 /* allocations of the whole story */

/* How many allocations are left until the one that fails; 0: it has failed. Switches it off. */
static unsigned left_of(unsigned nth)
{
    unsigned left = 0;
    bool failed = false;
    while (left < nth && !failed) {
        void *probe = mem_alloc(1);
        failed = probe == NULL;
        mem_free(probe);
        left++;
    }
    mem_fail_after(0);
    return failed ? left : 0;
}

static uint16_t answer(struct flow *flow, const char *request, unsigned *nth)
{
    struct flow_call *call = flow_send(flow, "%s", request);
    mem_fail_after(*nth);
    flow_run_until_idle(flow);
    *nth = left_of(*nth);
    return flow_response(call)->rsc;
}

/* The story with the nth allocation failing; false when it has fewer. */
static bool tell(struct flow *flow, unsigned nth)
{
    struct flow_endpoint *host = flow_listen(flow, "http://n/");
    unsigned left = nth;
    for (size_t i = 0; i < ARRAY_LEN(story); i++) {
        bool could_fail = left > 0;
        uint16_t rsc = answer(flow, story[i].request, &left);
        if (rsc / 1000 == 5 && could_fail && left == 0) {
            rsc = answer(flow, story[i].request, &left); /* as if it had never been */
        }
        flow_advance(flow, SECONDS);
        if (rsc != story[i].rsc) {
            fail_msg("allocation %u: %s: %u", nth, story[i].request, rsc);
        }
    }
    /* the sender may have been hit, and has caught up */
    flow_advance(flow, 10 * MINUTES);
    assert_true(flow_received(host) >= 5); /* 3 instances, an update, a deletion */
    return left == 0;
}

static void every_allocation_fails_once(void **state)
{
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        assert_true(nth < MOST);
        failed = tell(*state, nth);
        (void)flow_end(state);
        (void)flow_begin(state);
    }
}

/* limits.request-memory: a request that needs more is refused, and has done nothing. */
static void requests_have_a_limit(void **state)
{
    struct flow *flow = *state;
    (void)flow_listen(flow, "http://n/");
    for (size_t i = 0; i < ARRAY_LEN(story); i++) {
        uint16_t rsc = 0;
        for (size_t limit = 64; rsc != story[i].rsc; limit += 64) {
            unsigned none = 0;
            flow_limit_memory(flow, limit);
            rsc = answer(flow, story[i].request, &none);
            if (rsc != story[i].rsc && rsc / 1000 != 5) {
                fail_msg("%zu octets: %s: %u", limit, story[i].request, rsc);
            }
            assert_true(limit < 1 << 20);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOW_TEST(every_allocation_fails_once),
        FLOW_TEST(requests_have_a_limit),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
