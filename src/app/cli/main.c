/* SPDX-License-Identifier: Apache-2.0
 * antipolis: the tool for people. The table of sub-commands, help, version. */
#include <stdio.h>

#include "app/cli/cli_int.h"

const struct cli_command cli_commands[] = {
    {"get", "TARGET", "show a resource", 1, 1, cli_get,
     "  --attributes A,B   only these attributes (short names)\n"
     "  --rcn N            result content (TS-0004 6.3.4.2.7)\n"},
    {"ls", "TARGET", "list the children of a resource", 1, 1, cli_ls,
     "  --limit N          at most N children\n  --offset N         skip\n"},
    {"tree", "TARGET", "draw a resource and everything below it", 1, 1, cli_tree,
     "  --level N          levels to go down\n"},
    {"create", "PARENT TYPE [JSON | NAME=VALUE ...]", "create a resource", 2, CLI_WORDS, cli_create,
     "  --name NAME        resource name\n"
     "  TYPE is a name (container), a short name (cnt) or a number (3).\n"
     "  A value is JSON if it parses as JSON, else text; JSON \"-\" reads standard input.\n"},
    {"update", "TARGET JSON | NAME=VALUE ...", "change attributes; NAME=null deletes one", 2,
     CLI_WORDS, cli_update, ""},
    {"delete", "TARGET", "delete a resource and everything below it", 1, 1, cli_delete, ""},
    {"discover", "TARGET [NAME=VALUE ...]", "find resources below a target", 1, CLI_WORDS,
     cli_discover,
     "  --label L          with this label (may be repeated: any of them)\n"
     "  --type T           of this type\n  --limit N          at most N\n"
     "  NAME=VALUE         whose attribute has this value; * matches any characters\n"},
    {"watch", "TARGET", "print what happens to a resource and its children, until Ctrl-C", 1, 1,
     cli_watch,
     "  --listen ADDRESS   where notifications are received (default 127.0.0.1:0)\n"
     "  --once             stop after the first\n"},
    {"explain", "ORIGINATOR OPERATION TARGET", "why a request is, or would be, allowed or denied",
     3, 3, cli_explain,
     "  --child-type T     for CREATE\n  --address A:P      the request's source\n"
     "  --time T           at this time (20261231T235959)\n"
     "  --authenticated    as if an association had proved the originator\n"
     "  --socket PATH      the daemon's operator socket\n"},
    {"status", "", "how the daemon is doing", 0, 0, cli_status,
     "  --socket PATH      the daemon's operator socket\n"},
    {"creds", "DIRECTORY HOST ...",
     "make a key and a self-signed certificate for an HTTPS listener", 2, CLI_WORDS, cli_creds,
     "  writes server.key and server.crt; refuses to overwrite\n"},
    {"bench", "PARENT get | create", "measure a CSE: requests a second and latencies", 2, 2,
     cli_bench,
     "  --count N          requests in all\n  --parallel N       at once\n"
     "  --size N           octets of content\n"},
    {"types", "[TYPE]", "the resource types and attributes this version knows", 0, 1, cli_types,
     ""},
};
const size_t cli_command_count = ARRAY_LEN(cli_commands);

static void print_help(void)
{
    cli_print("usage: antipolis [OPTION ...] COMMAND ...\n\ncommands:\n");
    for (size_t i = 0; i < cli_command_count; i++) {
        cli_print("  %-9s %s\n", cli_commands[i].name, cli_commands[i].purpose);
    }
    cli_print("\noptions for all commands (and their environment variables):\n"
              "  --url URL        the CSE (ANTIPOLIS_URL; default http://127.0.0.1:8080)\n"
              "  --as AE-ID       the originator (ANTIPOLIS_AS)\n"
              "  --trust FILE     certification authorities for https (ANTIPOLIS_TRUST)\n"
              "  --release R      release version indicator (default 3)\n"
              "  --timeout S      seconds to wait for an answer (default 10)\n"
              "  --raw            compact JSON on one line\n"
              "\nantipolis COMMAND --help says more. A target is a resource identifier:\n"
              "  cse-in/sensor/readings   /id-in/cse-in/...   //sp/id-in/...\n"
              "\nexit codes: 0 done, 1 failed, 2 usage, 3 denied, 4 not found, 5 unreachable, "
              "6 conflict\n");
}

static void print_command_help(const struct cli_command *command)
{
    cli_print("usage: antipolis %s %s\n%s\n%s", command->name, command->arguments, command->purpose,
              command->help);
}

int main(int argc, char **argv)
{
    struct cli_options options;
    bool help;
    if (cli_options_parse(argc, argv, &options, &help) != CLI_DONE) {
        return CLI_USAGE;
    }
    if (options.word_count == 0 || bytes_is(options.words[0], "help")) {
        print_help();
        return help || options.word_count > 0 ? CLI_DONE : CLI_USAGE;
    }
    if (bytes_is(options.words[0], "version")) {
        cli_print("antipolis %s\n", ANP_VERSION);
        return CLI_DONE;
    }
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        if (!bytes_is(options.words[0], command->name)) {
            continue;
        }
        size_t words = options.word_count - 1;
        if (help) {
            print_command_help(command);
            return CLI_DONE;
        }
        if (words < command->words_least || words > command->words_most) {
            cli_complain("usage: antipolis %s %s", command->name, command->arguments);
            return CLI_USAGE;
        }
        return (int)command->run(&options);
    }
    cli_complain("unknown command %.*s; antipolis help lists them", BYTES_FMT(options.words[0]));
    return CLI_USAGE;
}
