/* SPDX-License-Identifier: Apache-2.0
 * get, ls, discover: what reads. */
#include "app/cli/cli_int.h"

/* A RETRIEVE with the query parameters that the options ask for. */
static status retrieve(struct cli_session *session, const struct cli_options *options,
                       const char *result_content, struct prim_call **ret_call)
{
    struct arena *arena = cli_session_arena(session);
    struct prim_call *call = cli_call_new(session, PRIM_RETRIEVE, options->words[1]);
    ENSURE(call != NULL, NO_MEMORY, "request");
    const struct {
        const char *name;
        struct bytes value;
    } parameters[] = {
        {"rcn",
         options->result_content.len > 0 ? options->result_content : bytes_str(result_content)},
        {"atrl", options->attributes},
        {"lvl", options->level},
        {"lim", options->limit},
        {"ofst", options->offset},
    };
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (parameters[i].value.len > 0) {
            TRY(prim_request_set(&call->request, bytes_str(parameters[i].name), parameters[i].value,
                                 arena));
        }
    }
    *ret_call = call;
    return OK;
}

static enum cli_exit complain(status result)
{
    const struct status_note *note = status_note_get();
    cli_complain("%s", note->code == result.code ? note->text : status_text(result));
    return CLI_USAGE;
}

static struct bytes with_plus(struct bytes list, struct arena *arena)
{
    struct bytes copy = arena_dup(arena, list);
    char *text = arena_chars(arena, copy.len + 1);
    for (size_t i = 0; text != NULL && i < copy.len; i++) {
        text[i] = copy.ptr[i] == ',' ? '+' : copy.ptr[i];
    }
    return text == NULL ? BYTES_NONE : bytes_of(text, copy.len);
}

enum cli_exit cli_get(const struct cli_options *options)
{
    struct cli_session *session;
    struct prim_call *call;
    struct cli_options asked = *options;
    enum cli_exit exit = CLI_USAGE;
    if (is_error(cli_session_open(options, &session))) {
        return complain(ERROR(SYSTEM));
    }
    if (options->attributes.len > 0) {
        asked.attributes = with_plus(options->attributes, cli_session_arena(session));
    }
    status result = retrieve(session, &asked, "", &call);
    if (is_ok(result)) {
        cli_call_run(session, call);
        exit = cli_call_outcome(session, call);
        if (exit == CLI_DONE) {
            cli_print_content(options, call->response.content);
        }
    } else {
        exit = complain(result);
    }
    cli_session_close(session);
    return exit;
}

/* {"m2m:rrl":{"rrf":[{"nm":..,"typ":..,"val":..}]}}: one line each. */
static void print_references(const struct cli_options *options, const struct wire_value *content)
{
    const struct wire_value *list = wire_get(wire_get(content, BYTES("m2m:rrl")), BYTES("rrf"));
    if (options->raw) {
        cli_print_content(options, content);
        return;
    }
    for
        WIRE_EACH(reference, list)
        {
            uint32_t number = (uint32_t)wire_get_int(wire_get(reference, BYTES("typ")), 0);
            const struct type_resource *type = type_by_number(number);
            struct bytes name = wire_get_string(wire_get(reference, BYTES("nm")));
            struct bytes id = wire_get_string(wire_get(reference, BYTES("val")));
            cli_print(options->color ? "\033[36m%-22s\033[0m %-28.*s %.*s\n"
                                     : "%-22s %-28.*s %.*s\n",
                      type == NULL ? "?" : type->name, BYTES_FMT(name), BYTES_FMT(id));
        }
}

enum cli_exit cli_ls(const struct cli_options *options)
{
    struct cli_session *session;
    struct prim_call *call;
    struct cli_options asked = *options;
    enum cli_exit exit = CLI_USAGE;
    asked.level = BYTES("1");
    asked.attributes = BYTES_NONE;
    if (is_error(cli_session_open(options, &session))) {
        return complain(ERROR(SYSTEM));
    }
    status result = retrieve(session, &asked, "6", &call);
    if (is_ok(result)) {
        cli_call_run(session, call);
        exit = cli_call_outcome(session, call);
        if (exit == CLI_DONE) {
            print_references(options, call->response.content);
            if (call->response.content_offset > 0) {
                cli_print("(more: --offset %llu)\n",
                          (unsigned long long)call->response.content_offset);
            }
        }
    } else {
        exit = complain(result);
    }
    cli_session_close(session);
    return exit;
}

static status discovery(struct cli_session *session, const struct cli_options *options,
                        struct prim_call **ret_call)
{
    struct arena *arena = cli_session_arena(session);
    struct prim_call *call;
    TRY(retrieve(session, options, "", &call));
    struct prim_request *request = &call->request;
    TRY(prim_request_set(request, BYTES("fu"), BYTES("1"), arena));
    for (size_t i = 0; i < options->label_count; i++) {
        TRY(prim_request_set(request, BYTES("lbl"), options->labels[i], arena));
    }
    if (options->types.len > 0) {
        const struct type_resource *type = cli_type_of(options->types);
        ENSURE(type != NULL, BAD_REQUEST, "no resource type is called %.*s",
               BYTES_FMT(options->types));
        struct bytes number = arena_printf(arena, "%u", type->number);
        TRY(prim_request_set(request, BYTES("ty"), number, arena));
    }
    for (size_t i = 2; i < options->word_count; i++) {
        struct bytes value = options->words[i];
        struct bytes name = bytes_cut(&value, '=');
        ENSURE(value.ptr != NULL, BAD_REQUEST, "%.*s is not name=value",
               BYTES_FMT(options->words[i]));
        TRY(prim_request_set(request, name, value, arena));
    }
    *ret_call = call;
    return OK;
}

enum cli_exit cli_discover(const struct cli_options *options)
{
    struct cli_session *session;
    struct prim_call *call;
    enum cli_exit exit = CLI_USAGE;
    if (is_error(cli_session_open(options, &session))) {
        return complain(ERROR(SYSTEM));
    }
    status result = discovery(session, options, &call);
    if (is_ok(result)) {
        cli_call_run(session, call);
        exit = cli_call_outcome(session, call);
        const struct wire_value *list = wire_get(call->response.content, BYTES("m2m:uril"));
        if (exit == CLI_DONE && (options->raw || list == NULL)) {
            cli_print_content(options, call->response.content);
        } else if (exit == CLI_DONE) {
            for
                WIRE_EACH(id, list)
                {
                    cli_print("%.*s\n", BYTES_FMT(wire_get_string(id)));
                }
        }
    } else {
        exit = complain(result);
    }
    cli_session_close(session);
    return exit;
}
