/* SPDX-License-Identifier: Apache-2.0
 * The one result type. TS-0004 6.6.3 (response status codes). */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

enum status_code {
    STATUS_OK = 0,
#define STATUS(name, rsc, kind, text) STATUS_##name,
#include "base/status.def"
#undef STATUS
    STATUS_COUNT
};

/* Whose doing a failure is; chooses log level and how much a peer is told. */
enum status_kind {
    STATUS_KIND_PEER,        /* the peer asked for something it cannot have */
    STATUS_KIND_US,          /* a defect or exhausted memory here */
    STATUS_KIND_ENVIRONMENT, /* disk, network, configuration */
    STATUS_KIND_ATTACK       /* looks like an attempt to deceive */
};

#if defined(__clang__)
#define STATUS_MUST_USE __attribute__((warn_unused_result))
#else
#define STATUS_MUST_USE
#endif

/* A result. Never ignored: clang refuses to build a caller that drops one. */
typedef struct STATUS_MUST_USE status {
    enum status_code code;
} status;

#define OK ((status){STATUS_OK})
#define ERROR(name) ((status){STATUS_##name})

static inline bool is_ok(status s)
{
    return s.code == STATUS_OK;
}

static inline bool is_error(status s)
{
    return s.code != STATUS_OK;
}

static inline bool status_is(status s, enum status_code code)
{
    return s.code == code;
}

/* Name ("NOT_FOUND"), response status code (4004), kind and operator's text of a status.
 * OK gives "OK", 2000, PEER, "ok". The strings are static. */
const char *status_name(status s);
uint16_t status_rsc(status s);
enum status_kind status_kind(status s);
const char *status_text(status s);

/* The per-thread note that FAIL and ENSURE leave: where and why, for the operator's log only.
 * It never steers control flow and never reaches a peer. */
struct status_note {
    enum status_code code;
    const char *file; /* static */
    int line;
    char text[200];
};

/* Borrow this thread's latest note; valid until the next FAIL on this thread. Never NULL. */
const struct status_note *status_note_get(void);

/* Used by FAIL; returns the status of code. */
status status_fail(enum status_code code, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Leave with an error and a note. The code is returned as a constant, so that compilers see that it
 * is not OK. */
#define FAIL(name, ...)                                                                            \
    do {                                                                                           \
        (void)status_fail(STATUS_##name, __FILE__, __LINE__, __VA_ARGS__);                         \
        return ERROR(name);                                                                        \
    } while (0)

/* What a packet, a file or a driver can cause. */
#define ENSURE(condition, name, ...)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            FAIL(name, __VA_ARGS__);                                                               \
        }                                                                                          \
    } while (0)

#define TRY(expression)                                                                            \
    do {                                                                                           \
        status try_status_ = (expression);                                                         \
        if (is_error(try_status_)) {                                                               \
            return try_status_;                                                                    \
        }                                                                                          \
    } while (0)

/* For the rare place where a failure changes nothing; say why beside it. */
#define IGNORE_STATUS(expression)                                                                  \
    do {                                                                                           \
        status ignored_status_ = (expression);                                                     \
        (void)ignored_status_;                                                                     \
    } while (0)

/* What only we can cause. Stays in release builds; aborts. */
_Noreturn void must_fail(const char *expression, const char *file, int line);
#define must(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))

#define CLEANUP(function) __attribute__((cleanup(function)))
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
