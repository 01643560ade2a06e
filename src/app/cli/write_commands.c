/* SPDX-License-Identifier: Apache-2.0
 * create, update, delete: what changes. */
#include "app/cli/cli_int.h"

static enum cli_exit complain(const char *otherwise)
{
    const struct status_note *note = status_note_get();
    cli_complain("%s", note->text[0] != '\0' ? note->text : otherwise);
    return CLI_USAGE;
}

/* Sends, prints what came back, closes. */
static enum cli_exit finish(struct cli_session *session, const struct cli_options *options,
                            struct prim_call *call)
{
    cli_call_run(session, call);
    enum cli_exit exit = cli_call_outcome(session, call);
    if (exit == CLI_DONE) {
        cli_print_content(options, call->response.content);
    }
    cli_session_close(session);
    return exit;
}

static enum cli_exit give_up(struct cli_session *session)
{
    enum cli_exit exit = complain("bad arguments");
    cli_session_close(session);
    return exit;
}

/* The content {"m2m:cnt":{attributes}}; NULL when something is wrong. */
static struct wire_value *content_of(struct bytes member, struct wire_value *attributes,
                                     struct arena *arena)
{
    struct wire_value *content = wire_object(arena);
    return wire_add(content, member, attributes) == NULL ? NULL : content;
}

enum cli_exit cli_create(const struct cli_options *options)
{
    struct cli_session *session;
    struct wire_value *attributes = NULL;
    const struct type_resource *type = cli_type_of(options->words[2]);
    if (type == NULL) {
        cli_complain("no resource type is called %.*s", BYTES_FMT(options->words[2]));
        return CLI_USAGE;
    }
    if (is_error(cli_session_open(options, &session))) {
        return complain("no memory");
    }
    struct arena *arena = cli_session_arena(session);
    struct prim_call *call = cli_call_new(session, PRIM_CREATE, options->words[1]);
    status parsed = cli_attributes(options->words + 3, options->word_count - 3, arena, &attributes);
    if (call == NULL || is_error(parsed)) {
        return give_up(session);
    }
    if (options->name.len > 0) {
        (void)type_set(attributes, ATTR_RESOURCE_NAME, wire_string(arena, options->name));
    }
    call->request.has_resource_type = true;
    call->request.resource_type = type->number;
    call->request.format = PRIM_JSON;
    call->request.content = content_of(bytes_str(type->member), attributes, arena);
    return finish(session, options, call);
}

/* The member name of an UPDATE's content is the target's type: asks for it first. */
static enum cli_exit type_of_target(struct cli_session *session, const struct cli_options *options,
                                    struct bytes *ret_member)
{
    struct prim_call *call = cli_call_new(session, PRIM_RETRIEVE, options->words[1]);
    if (call == NULL) {
        return complain("no memory");
    }
    cli_call_run(session, call);
    enum cli_exit exit = cli_call_outcome(session, call);
    const struct wire_value *resource = wire_only_member(call->response.content);
    if (exit == CLI_DONE && resource == NULL) {
        cli_complain("the target does not show its type");
        return CLI_FAILED;
    }
    if (exit == CLI_DONE) {
        *ret_member = resource->name;
    }
    return exit;
}

enum cli_exit cli_update(const struct cli_options *options)
{
    struct cli_session *session;
    struct wire_value *attributes = NULL;
    struct bytes member;
    if (is_error(cli_session_open(options, &session))) {
        return complain("no memory");
    }
    struct arena *arena = cli_session_arena(session);
    if (is_error(cli_attributes(options->words + 2, options->word_count - 2, arena, &attributes))) {
        return give_up(session);
    }
    enum cli_exit exit = type_of_target(session, options, &member);
    struct prim_call *call =
        exit == CLI_DONE ? cli_call_new(session, PRIM_UPDATE, options->words[1]) : NULL;
    if (call == NULL) {
        cli_session_close(session);
        return exit == CLI_DONE ? CLI_FAILED : exit;
    }
    call->request.format = PRIM_JSON;
    call->request.content = content_of(member, attributes, arena);
    return finish(session, options, call);
}

enum cli_exit cli_delete(const struct cli_options *options)
{
    struct cli_session *session;
    if (is_error(cli_session_open(options, &session))) {
        return complain("no memory");
    }
    struct prim_call *call = cli_call_new(session, PRIM_DELETE, options->words[1]);
    return call == NULL ? give_up(session) : finish(session, options, call);
}
