/* SPDX-License-Identifier: Apache-2.0
 * What the sub-commands of antipolis share: options, a session with a CSE, output. */
#ifndef APP_CLI_CLI_INT_H
#define APP_CLI_CLI_INT_H

#include "prim/prim.h"

/* Exit codes: what went wrong, for scripts. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_FAILED = 1,      /* another error of the CSE, or of this program */
    CLI_USAGE = 2,       /* wrong arguments */
    CLI_DENIED = 3,      /* 4101, 4103, 4106, 4107, 5105, 5205 */
    CLI_NOT_FOUND = 4,   /* 4004 */
    CLI_UNREACHABLE = 5, /* no answer from the CSE or the operator socket */
    CLI_CONFLICT = 6     /* 4105, 4117, 4124 */
};

enum { CLI_WORDS = 32 };

struct cli_options {
    struct bytes url;        /* of the CSE, "http://127.0.0.1:8080" */
    struct bytes originator; /* From */
    struct bytes trust;      /* PEM file of certification authorities, or empty: the system's */
    struct bytes release;    /* rvi */
    struct bytes socket;     /* operator socket */
    int64_t timeout_usec;
    bool color;
    bool raw; /* compact JSON, one line */
    /* of single commands; absent or empty unless given */
    struct bytes name, attributes, result_content, labels[CLI_WORDS], types, level, limit, offset,
        child_type, address, time, listen, format;
    size_t label_count;
    bool authenticated;
    bool once;
    uint64_t count, parallel, size;
    /* the words that are no options */
    struct bytes words[CLI_WORDS];
    size_t word_count;
};

/* Reads argv behind the program's name; prints what is wrong. CLI_DONE or CLI_USAGE. */
enum cli_exit cli_options_parse(int argc, char **argv, struct cli_options *ret_options,
                                bool *ret_help);

/* A connection to one CSE, used one request after the other or many at once. */
struct cli_session;
status cli_session_open(const struct cli_options *options, struct cli_session **ret_session);
void cli_session_close(struct cli_session *session); /* accepts NULL */
struct sys_loop *cli_session_loop(struct cli_session *session);
struct arena *cli_session_arena(struct cli_session *session);
/* A call with From, rqi, rvi and destination set; to is CSE-relative, SP-relative or absolute. */
struct prim_call *cli_call_new(struct cli_session *session, enum prim_operation operation,
                               struct bytes to);
/* Sends it and waits. call->transport tells whether an answer came. */
void cli_call_run(struct cli_session *session, struct prim_call *call);
/* Sends it; call->done is called later on the loop. */
void cli_call_send(struct cli_session *session, struct prim_call *call);
/* CLI_DONE, or prints the failure and gives the exit code that fits. */
enum cli_exit cli_call_outcome(const struct cli_session *session, const struct prim_call *call);
/* Prints the content as the options say. */
void cli_print_content(const struct cli_options *options, const struct wire_value *content);
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A JSON object, "-" for standard input, or name=value words: the attributes of a resource. */
status cli_attributes(const struct bytes *words, size_t count, struct arena *arena,
                      struct wire_value **ret_attributes);
/* "container", "cnt", "m2m:cnt" or 3. NULL when unknown. */
const struct type_resource *cli_type_of(struct bytes word);

struct cli_command {
    const char *name;
    const char *arguments;
    const char *purpose;
    size_t words_least, words_most; /* words behind the command's name */
    enum cli_exit (*run)(const struct cli_options *options);
    const char *help; /* options of the command */
};
extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

enum cli_exit cli_get(const struct cli_options *options);
enum cli_exit cli_ls(const struct cli_options *options);
enum cli_exit cli_tree(const struct cli_options *options);
enum cli_exit cli_create(const struct cli_options *options);
enum cli_exit cli_update(const struct cli_options *options);
enum cli_exit cli_delete(const struct cli_options *options);
enum cli_exit cli_discover(const struct cli_options *options);
enum cli_exit cli_watch(const struct cli_options *options);
enum cli_exit cli_explain(const struct cli_options *options);
enum cli_exit cli_status(const struct cli_options *options);
enum cli_exit cli_creds(const struct cli_options *options);
enum cli_exit cli_bench(const struct cli_options *options);
enum cli_exit cli_types(const struct cli_options *options);

#endif
