/* SPDX-License-Identifier: Apache-2.0
 * explain and status: questions to the daemon's operator socket. */
#include "app/cli/cli_int.h"

enum { ANSWER_MOST = 16 << 20 };

struct talk {
    struct sys_loop *loop;
    struct sys_stream *stream;
    struct buf question, answer;
    bool answered;
};

static void on_open(void *user)
{
    struct talk *talk = user;
    if (is_error(talk->stream->ops->write(talk->stream, buf_bytes(&talk->question)))) {
        talk->stream->ops->close(talk->stream);
    }
}

static void on_read(void *user, struct bytes data)
{
    struct talk *talk = user;
    buf_add(&talk->answer, data);
    struct bytes so_far = buf_bytes(&talk->answer);
    if (is_error(buf_check(&talk->answer)) || bytes_find(so_far, '\n') < so_far.len) {
        talk->answered = is_ok(buf_check(&talk->answer));
        talk->stream->ops->close(talk->stream);
    }
}

static void on_close(void *user, status why)
{
    struct talk *talk = user;
    (void)why.code;
    sys_loop_stop(talk->loop);
}

static void on_timeout(void *user)
{
    struct talk *talk = user;
    sys_loop_stop(talk->loop);
}

/* One question, one answer. */
static status ask(const struct cli_options *options, struct talk *talk)
{
    static const struct sys_stream_events events = {on_open, on_read, NULL, on_close};
    TRY(sys_loop_open(&talk->loop));
    status result = sys_connect_unix(talk->loop, options->socket, &events, talk, &talk->stream);
    if (is_ok(result)) {
        (void)talk->loop->timer_start(talk->loop, options->timeout_usec, on_timeout, talk);
        sys_loop_run(talk->loop);
    }
    sys_loop_close(talk->loop);
    TRY(result);
    ENSURE(talk->answered, TARGET_NOT_REACHABLE, "no answer from %.*s", BYTES_FMT(options->socket));
    return OK;
}

static enum cli_exit show(const struct cli_options *options, struct bytes text, struct arena *arena,
                          void (*print)(const struct cli_options *, const struct wire_value *))
{
    static const struct wire_limits limits = {.depth = 64, .members = 65536, .values = 1000000};
    struct wire_value *answer;
    if (is_error(wire_decode(WIRE_JSON, bytes_trim(text), &limits, arena, &answer))) {
        cli_complain("the daemon's answer does not parse");
        return CLI_FAILED;
    }
    if (!wire_get_bool(wire_get(answer, BYTES("ok")), false)) {
        struct bytes why = wire_get_string(wire_get(answer, BYTES("error")));
        cli_complain("%.*s", BYTES_FMT(why));
        return CLI_FAILED;
    }
    print(options, wire_get(answer, BYTES("result")));
    return CLI_DONE;
}

static enum cli_exit question(const struct cli_options *options, const struct wire_value *request,
                              struct arena *arena,
                              void (*print)(const struct cli_options *, const struct wire_value *))
{
    struct talk talk = {0};
    enum cli_exit exit = CLI_UNREACHABLE;
    buf_init(&talk.question, 65536);
    buf_init(&talk.answer, ANSWER_MOST);
    if (request != NULL) {
        wire_encode(WIRE_JSON, request, &talk.question);
        buf_add_char(&talk.question, '\n');
    }
    if (is_ok(ask(options, &talk))) {
        struct bytes line = buf_bytes(&talk.answer);
        exit = show(options, bytes_slice(line, 0, bytes_find(line, '\n')), arena, print);
    } else {
        cli_complain("%s (is antipolisd running, and may you open its socket?)",
                     status_note_get()->text);
    }
    buf_fini(&talk.question);
    buf_fini(&talk.answer);
    return exit;
}

static void add_text(struct wire_value *object, struct arena *arena, const char *name,
                     struct bytes text)
{
    if (text.len > 0) {
        (void)wire_add(object, bytes_str(name), wire_string(arena, text));
    }
}

enum cli_exit cli_explain(const struct cli_options *options)
{
    struct arena *arena = arena_new(ANSWER_MOST);
    if (arena == NULL) {
        return CLI_FAILED;
    }
    struct wire_value *request = wire_object(arena);
    add_text(request, arena, "do", BYTES("explain"));
    add_text(request, arena, "originator", options->words[1]);
    add_text(request, arena, "operation", options->words[2]);
    add_text(request, arena, "to", options->words[3]);
    add_text(request, arena, "address", options->address);
    add_text(request, arena, "time", options->time);
    (void)wire_add(request, BYTES("authenticated"), wire_bool(arena, options->authenticated));
    if (options->child_type.len > 0) {
        const struct type_resource *type = cli_type_of(options->child_type);
        if (type == NULL) {
            cli_complain("no resource type is called %.*s", BYTES_FMT(options->child_type));
            arena_free(arena);
            return CLI_USAGE;
        }
        (void)wire_add(request, BYTES("child-type"), wire_int(arena, type->number));
    }
    enum cli_exit exit = question(options, request, arena, cli_print_content);
    arena_free(arena);
    return exit;
}

enum cli_exit cli_status(const struct cli_options *options)
{
    struct arena *arena = arena_new(ANSWER_MOST);
    if (arena == NULL) {
        return CLI_FAILED;
    }
    struct wire_value *request = wire_object(arena);
    add_text(request, arena, "do", BYTES("status"));
    enum cli_exit exit = question(options, request, arena, cli_print_content);
    arena_free(arena);
    return exit;
}
