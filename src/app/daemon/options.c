/* SPDX-License-Identifier: Apache-2.0
 * antipolisd's arguments: which file, what overrides it, what to do. */
#include "app/daemon/options_int.h"

#include <stdio.h>

static void print_help(void)
{
    (void)fputs(
        "usage: antipolisd --config FILE [--store DIR] [--set KEY=VALUE ...] [--check-config]\n"
        "       antipolisd --print-defaults | --version | --help\n\n"
        "  --config FILE     the configuration (YAML)\n"
        "  --store DIR       folder of the store, in place of store.directory\n"
        "  --set KEY=VALUE   override a key; entries of a list are numbered from 0:\n"
        "                    --set listeners.0.address=127.0.0.1:8081\n"
        "  --check-config    report every error with its line, and exit\n"
        "  --print-defaults  every key with its default and explanation\n",
        stdout);
}

static void print_defaults(void)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    config_print_defaults(&out);
    struct bytes text = buf_bytes(&out);
    (void)fwrite(text.ptr, 1, text.len, stdout);
    buf_fini(&out);
}

/* The options that print something and are done. */
static bool prints(struct bytes word)
{
    if (bytes_is(word, "--help") || bytes_is(word, "-h")) {
        print_help();
    } else if (bytes_is(word, "--version")) {
        (void)printf("antipolisd %s\n", ANP_VERSION);
    } else if (bytes_is(word, "--print-defaults")) {
        print_defaults();
    } else {
        return false;
    }
    return true;
}

/* "--name VALUE" or "--name=VALUE"; absent when the value is missing. */
static struct bytes value_of(int argc, char **argv, int *at, struct bytes *name)
{
    struct bytes value = bytes_str(argv[*at]);
    *name = bytes_cut(&value, '=');
    if (value.ptr == NULL && *at + 1 < argc) {
        *at += 1;
        value = bytes_str(argv[*at]);
    }
    return value;
}

static enum options_action usage(const char *why, struct bytes word)
{
    (void)fprintf(stderr, "antipolisd: %s %.*s; --help explains\n", why, BYTES_FMT(word));
    return OPTIONS_EXIT_USAGE;
}

/* The file first, whatever the order of the arguments, so that overrides win. */
static enum options_action read_words(int argc, char **argv, struct config *config,
                                      struct bytes *path, bool only_file)
{
    enum options_action action = OPTIONS_RUN;
    for (int at = 1; at < argc; at++) {
        struct bytes word = bytes_str(argv[at]), name;
        if (bytes_is(word, "--check-config")) {
            action = OPTIONS_CHECK;
            continue;
        }
        if (prints(word)) {
            return OPTIONS_EXIT_OK;
        }
        struct bytes value = value_of(argc, argv, &at, &name);
        bool is_file = bytes_is(name, "--config");
        if (!is_file && !bytes_is(name, "--store") && !bytes_is(name, "--set")) {
            return usage("unknown argument", word);
        }
        if (value.ptr == NULL) {
            return usage("a value is missing behind", name);
        }
        if (only_file && is_file) {
            *path = value;
        } else if (!only_file && bytes_is(name, "--store")) {
            config_set(config, BYTES("store.directory"), value, 0);
        } else if (!only_file && bytes_is(name, "--set")) {
            config_override(config, value);
        }
    }
    return action;
}

enum options_action options_read(int argc, char **argv, struct config *config,
                                 struct bytes *ret_path)
{
    struct bytes path = BYTES_NONE;
    enum options_action action = read_words(argc, argv, config, &path, true);
    if (action == OPTIONS_EXIT_OK || action == OPTIONS_EXIT_USAGE) {
        return action;
    }
    if (path.ptr == NULL) {
        return usage("which configuration?", BYTES("--config FILE is missing"));
    }
    config_read(config, path);
    (void)read_words(argc, argv, config, &path, false);
    config_check(config);
    *ret_path = path;
    return action;
}
