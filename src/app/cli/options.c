/* SPDX-License-Identifier: Apache-2.0
 * Arguments and environment of the tool. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/cli/cli_int.h"

enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_NUMBER, OPTION_LABEL, OPTION_SECONDS };

static const struct option_row {
    const char *name;
    enum option_kind kind;
    size_t offset;
} option_rows[] = {
    {"--url", OPTION_TEXT, offsetof(struct cli_options, url)},
    {"--as", OPTION_TEXT, offsetof(struct cli_options, originator)},
    {"--trust", OPTION_TEXT, offsetof(struct cli_options, trust)},
    {"--release", OPTION_TEXT, offsetof(struct cli_options, release)},
    {"--socket", OPTION_TEXT, offsetof(struct cli_options, socket)},
    {"--timeout", OPTION_SECONDS, offsetof(struct cli_options, timeout_usec)},
    {"--raw", OPTION_FLAG, offsetof(struct cli_options, raw)},
    {"--name", OPTION_TEXT, offsetof(struct cli_options, name)},
    {"--attributes", OPTION_TEXT, offsetof(struct cli_options, attributes)},
    {"--rcn", OPTION_TEXT, offsetof(struct cli_options, result_content)},
    {"--label", OPTION_LABEL, 0},
    {"--type", OPTION_TEXT, offsetof(struct cli_options, types)},
    {"--level", OPTION_TEXT, offsetof(struct cli_options, level)},
    {"--limit", OPTION_TEXT, offsetof(struct cli_options, limit)},
    {"--offset", OPTION_TEXT, offsetof(struct cli_options, offset)},
    {"--child-type", OPTION_TEXT, offsetof(struct cli_options, child_type)},
    {"--address", OPTION_TEXT, offsetof(struct cli_options, address)},
    {"--time", OPTION_TEXT, offsetof(struct cli_options, time)},
    {"--authenticated", OPTION_FLAG, offsetof(struct cli_options, authenticated)},
    {"--listen", OPTION_TEXT, offsetof(struct cli_options, listen)},
    {"--once", OPTION_FLAG, offsetof(struct cli_options, once)},
    {"--count", OPTION_NUMBER, offsetof(struct cli_options, count)},
    {"--parallel", OPTION_NUMBER, offsetof(struct cli_options, parallel)},
    {"--size", OPTION_NUMBER, offsetof(struct cli_options, size)},
};

static struct bytes from_environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return bytes_str(value != NULL && value[0] != '\0' ? value : otherwise);
}

static void defaults(struct cli_options *options)
{
    *options = (struct cli_options){
        .timeout_usec = 10 * USEC_PER_SEC, .count = 1000, .parallel = 8, .size = 100};
    options->url = from_environment("ANTIPOLIS_URL", "http://127.0.0.1:8080");
    options->originator = from_environment("ANTIPOLIS_AS", "");
    options->trust = from_environment("ANTIPOLIS_TRUST", "");
    options->socket = from_environment("ANTIPOLIS_SOCKET", "/var/lib/antipolis/operator.sock");
    options->release = BYTES("3");
    options->listen = BYTES("127.0.0.1:0");
    const char *no_color = getenv("NO_COLOR");
    options->color = isatty(STDOUT_FILENO) == 1 && (no_color == NULL || no_color[0] == '\0');
}

static bool value_set(struct cli_options *options, const struct option_row *row, struct bytes value)
{
    char *field = (char *)options + row->offset;
    uint64_t number;
    switch (row->kind) {
    case OPTION_TEXT:
        *(struct bytes *)(void *)field = value;
        return true;
    case OPTION_FLAG:
        *(bool *)(void *)field = true;
        return true;
    case OPTION_NUMBER:
        return is_ok(bytes_to_u64(value, (uint64_t *)(void *)field));
    case OPTION_LABEL:
        if (options->label_count == ARRAY_LEN(options->labels)) {
            return false;
        }
        options->labels[options->label_count++] = value;
        return true;
    case OPTION_SECONDS:
        if (is_error(bytes_to_u64(value, &number)) || number == 0 || number > 86400) {
            return false;
        }
        *(int64_t *)(void *)field = (int64_t)number * USEC_PER_SEC;
        return true;
    }
    return false;
}

static const struct option_row *row_of(struct bytes name)
{
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
        if (bytes_is(name, option_rows[i].name)) {
            return &option_rows[i];
        }
    }
    return NULL;
}

/* One "--name value", "--name=value" or "--flag"; moves *at over what it used. */
static bool option(int argc, char **argv, int *at, struct cli_options *options)
{
    struct bytes value = bytes_str(argv[*at]);
    struct bytes name = bytes_cut(&value, '=');
    const struct option_row *row = row_of(name);
    if (row == NULL) {
        cli_complain("unknown option %.*s", BYTES_FMT(name));
        return false;
    }
    if (row->kind != OPTION_FLAG && value.ptr == NULL) {
        if (*at + 1 == argc) {
            cli_complain("%s needs a value", row->name);
            return false;
        }
        *at += 1;
        value = bytes_str(argv[*at]);
    }
    if (!value_set(options, row, value)) {
        cli_complain("%s: bad value %.*s", row->name, BYTES_FMT(value));
        return false;
    }
    return true;
}

enum cli_exit cli_options_parse(int argc, char **argv, struct cli_options *ret_options,
                                bool *ret_help)
{
    bool words_only = false;
    defaults(ret_options);
    *ret_help = false;
    for (int at = 1; at < argc; at++) {
        struct bytes word = bytes_str(argv[at]);
        bool is_option = !words_only && word.len > 1 && word.ptr[0] == '-';
        if (is_option && bytes_is(word, "--")) {
            words_only = true;
        } else if (is_option && (bytes_is(word, "--help") || bytes_is(word, "-h"))) {
            *ret_help = true;
        } else if (is_option) {
            if (!option(argc, argv, &at, ret_options)) {
                return CLI_USAGE;
            }
        } else if (ret_options->word_count == CLI_WORDS) {
            cli_complain("too many arguments");
            return CLI_USAGE;
        } else {
            ret_options->words[ret_options->word_count++] = word;
        }
    }
    return CLI_DONE;
}
