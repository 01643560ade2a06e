/* SPDX-License-Identifier: Apache-2.0
 * What the tool prints, and how an answer becomes an exit code. */
#include <stdarg.h>
#include <stdio.h>

#include "app/cli/cli_session_int.h"

enum { OUTPUT_MOST = 64 << 20 };

void cli_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stdout, format, arguments);
    va_end(arguments);
}

void cli_complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("antipolis: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputs("\n", stderr);
    va_end(arguments);
}

void cli_print_content(const struct cli_options *options, const struct wire_value *content)
{
    struct buf out;
    if (content == NULL) {
        return;
    }
    buf_init(&out, OUTPUT_MOST);
    if (options->raw) {
        wire_encode(WIRE_JSON, content, &out);
    } else {
        wire_encode_pretty(content, options->color, &out);
    }
    if (is_ok(buf_check(&out))) {
        struct bytes text = buf_bytes(&out);
        (void)fwrite(text.ptr, 1, text.len, stdout);
        if (text.len == 0 || text.ptr[text.len - 1] != '\n') {
            (void)fputc('\n', stdout);
        }
        (void)fflush(stdout);
    } else {
        cli_complain("the answer is too large to print");
    }
    buf_fini(&out);
}

static const struct exit_row {
    uint16_t rsc;
    enum cli_exit exit;
} exit_rows[] = {
    {4101, CLI_DENIED},   {4103, CLI_DENIED},   {4106, CLI_DENIED},      {4107, CLI_DENIED},
    {5105, CLI_DENIED},   {5205, CLI_DENIED},   {4004, CLI_NOT_FOUND},   {4105, CLI_CONFLICT},
    {4117, CLI_CONFLICT}, {4124, CLI_CONFLICT}, {5103, CLI_UNREACHABLE},
};

static const char *rsc_name(uint16_t rsc)
{
    for (int code = STATUS_OK; code < STATUS_COUNT; code++) {
        status s = {(enum status_code)code};
        if (status_rsc(s) == rsc) {
            return status_name(s);
        }
    }
    return "?";
}

enum cli_exit cli_call_outcome(const struct cli_session *session, const struct prim_call *call)
{
    if (is_error(call->transport)) {
        cli_complain("no answer from %.*s: %s", BYTES_FMT(session->options->url),
                     status_text(call->transport));
        return CLI_UNREACHABLE;
    }
    if (call->response.rsc < 4000) {
        return CLI_DONE;
    }
    struct bytes why = wire_get_string(wire_get(call->response.content, BYTES("m2m:dbg")));
    cli_complain("%u %s%s%.*s", call->response.rsc, rsc_name(call->response.rsc),
                 why.len > 0 ? ": " : "", BYTES_FMT(why));
    for (size_t i = 0; i < ARRAY_LEN(exit_rows); i++) {
        if (exit_rows[i].rsc == call->response.rsc) {
            return exit_rows[i].exit;
        }
    }
    return CLI_FAILED;
}
