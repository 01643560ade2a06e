/* SPDX-License-Identifier: Apache-2.0
 * The frame of the flow tests: a CSE in this process with a fake clock, a fake loop and a fake
 * network around the real pipeline and the real store. Nothing sleeps, nothing opens a socket.
 *
 * Requests and answers are written in the JSON form of TS-0004 8.4, with ' for ". Everything that
 * a function returns lives until flow_end. */
#ifndef TESTS_FLOW_FLOW_H
#define TESTS_FLOW_FLOW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/cse/cse.h"

#define SECONDS USEC_PER_SEC
#define MINUTES (60 * SECONDS)

struct flow;

/* ---- life: cmocka set-up and tear-down of one test ---- */
/* A CSE "/id-in" named "cse-in" of "//antipolis.example", administrator CAdmin, at
 * 20260101T120000 (a Thursday), store in a fresh folder. *state is the struct flow. */
int flow_begin(void **state);
int flow_end(void **state);
#define FLOW_TEST(function) cmocka_unit_test_setup_teardown(function, flow_begin, flow_end)

/* Stops the CSE in order and starts it again on the same store. */
void flow_restart(struct flow *flow);
/* The same with another configuration: change is called on the one of before. */
void flow_restart_with(struct flow *flow, void (*change)(struct serve_config *config));
struct serve_worker *flow_worker(struct flow *flow);

/* ---- time ---- */
int64_t flow_now(const struct flow *flow);
/* m2m:timestamp of usec from now. */
const char *flow_time(struct flow *flow, int64_t usec);
/* Everything that is due happens, in order; then time stands still again. */
void flow_run_until_idle(struct flow *flow);
void flow_advance(struct flow *flow, int64_t usec);

/* ---- requests ---- */
/* What the next requests' peer looks like; unassociated on a listener that admits such, from
 * 127.0.0.1, to begin with. */
struct prim_peer *flow_peer(struct flow *flow);

/* Most octets of memory that each of the next requests may use; 0: as configured. */
void flow_limit_memory(struct flow *flow, size_t size);

struct flow_call;
/* Sends a request primitive written like printf's format; rqi and rvi are filled in. */
struct flow_call *flow_send(struct flow *flow, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool flow_is_answered(const struct flow_call *call);
const struct prim_response *flow_response(const struct flow_call *call); /* answered it must be */
void flow_cancel(struct flow *flow, struct flow_call *call);

/* Sends, runs until idle, expects an answer with that status code; the content, or NULL. */
const struct wire_value *flow_expect(struct flow *flow, uint16_t rsc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* CREATE with short arguments; the representation in the answer. Expects 2001. */
const struct wire_value *flow_create(struct flow *flow, const char *from, const char *to,
                                     unsigned type, const char *content, ...)
    __attribute__((format(printf, 5, 6)));
/* Registers an AE with that stem, rr false; and with a point of access, rr true. */
void flow_register(struct flow *flow, const char *stem);
void flow_register_at(struct flow *flow, const char *stem, const char *url);
/* A policy below to that gives the originators these operations, made by the administrator; its
 * CSE-relative ri. */
const char *flow_policy(struct flow *flow, const char *name, const char *originators,
                        unsigned operations);

/* ---- looking into contents; path: member names and indexes joined by '/' ---- */
const struct wire_value *flow_find(const struct wire_value *content, const char *path);
/* Fail the test when it is not there, or not that. */
const char *flow_text(const struct wire_value *content, const char *path);
int64_t flow_number(const struct wire_value *content, const char *path);
void flow_expect_text(const struct wire_value *content, const char *path, const char *want);
void flow_expect_number(const struct wire_value *content, const char *path, int64_t want);
void flow_expect_absent(const struct wire_value *content, const char *path);
size_t flow_count(const struct wire_value *content, const char *path); /* members or elements */

/* ---- the network: who listens under a URL, and what it answers ---- */
struct flow_endpoint;
/* Everything sent to a URL that begins so. Answers 2000 to begin with. */
struct flow_endpoint *flow_listen(struct flow *flow, const char *url);
/* rsc and content of the answers from now on. */
void flow_answer(struct flow_endpoint *endpoint, uint16_t rsc, const char *content);
void flow_be_silent(struct flow_endpoint *endpoint);        /* takes requests, never answers */
void flow_be_unreachable(struct flow_endpoint *endpoint);   /* nobody is there */
size_t flow_received(const struct flow_endpoint *endpoint); /* not taken yet */
/* The oldest request primitive that was received; fails the test when there is none. */
const struct wire_value *flow_take(struct flow_endpoint *endpoint);
/* URL that the request last taken was sent to. */
const char *flow_taken_url(const struct flow_endpoint *endpoint);
void flow_expect_quiet(const struct flow_endpoint *endpoint);

#endif
