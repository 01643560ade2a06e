/* SPDX-License-Identifier: Apache-2.0
 * Client and server of the binding against each other: primitives that survive the journey, pooled
 * connections, deadlines, refusals. TS-0009. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bind/http/http.h"

static struct sys_loop *loop;
static struct http_server *server;
static struct http_client *client;
static struct tls_context *server_tls, *client_tls;
static struct prim_link answers;
static struct limits limits;
static unsigned served, cancelled, done_count, done_wanted;
static struct prim_request seen;                            /* the latest, as it arrived */
static void (*inspect)(const struct prim_request *request); /* or NULL */
static char folder[] = "/tmp/anp_client_test.XXXXXX";

static const struct prim_self self = {
    .sp_id = {"//sp.example", 12}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

/* ---- the serving side ---- */
static void finish(void *user)
{
    struct prim_call *call = user;
    call->done(call);
}

static struct prim_call *held; /* "never": until cancelled */

static void serve(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    served++;
    seen = call->request;
    if (inspect != NULL) {
        inspect(&call->request);
    }
    call->response.rsc = 2000;
    call->response.request_identifier = call->request.request_identifier;
    call->response.release_version = call->request.release_version;
    call->response.content = call->request.content;
    if (bytes_ends_with(call->request.to, BYTES("never"))) {
        held = call;
        return;
    }
    if (bytes_ends_with(call->request.to, BYTES("fields"))) {
        call->response.rsc = 4103;
        call->response.from = BYTES("/id-in");
        call->response.originating_timestamp = BYTES("20260101T000000");
        call->response.result_expiration = BYTES("20270101T000000");
        call->response.vendor_information = BYTES("v");
        call->response.event_category = 3;
        call->response.has_content_status = true;
        call->response.content_status = 1;
        call->response.content_offset = 9;
    }
    assert_true(is_ok(loop->post(loop, finish, call)));
}

static void stop_serving(struct prim_link *link, struct prim_call *call)
{
    (void)link;
    cancelled++;
    assert_true(is_ok(loop->post(loop, finish, call)));
}

/* ---- the asking side ---- */
struct question {
    struct prim_call call;
    struct arena *arena;
    unsigned done;
    bool inside; /* send has not returned */
};

static void question_done(struct prim_call *call)
{
    struct question *question = call->user;
    assert_false(question->inside);
    assert_int_equal(question->done, 0);
    question->done++;
    if (++done_count == done_wanted) {
        sys_loop_stop(loop);
    }
}

static char url_text[128];

static struct bytes url(const char *path, bool tls)
{
    int length = snprintf(url_text, sizeof(url_text), "%s://127.0.0.1:%u%s", tls ? "https" : "http",
                          (unsigned)http_server_port(server), path);
    return bytes_of(url_text, (size_t)length);
}

static void question_init(struct question *question, enum prim_operation operation, const char *to)
{
    *question = (struct question){.arena = arena_new(1 << 20)};
    assert_non_null(question->arena);
    question->call.arena = question->arena;
    question->call.done = question_done;
    question->call.user = question;
    prim_request_init(&question->call.request);
    question->call.request.operation = operation;
    question->call.request.to = bytes_str(to);
    question->call.request.from = BYTES("CAdmin");
    question->call.request.request_identifier = BYTES("r-1");
    question->call.request.release_version = BYTES("3");
    question->call.destination = url("", server_tls != NULL);
}

static void send(struct question *question)
{
    struct prim_link *link = http_client_link(client);
    question->inside = true;
    link->send(link, &question->call);
    question->inside = false;
}

/* The link has answered, not the binding. */
static void assert_answered(const struct question *question, uint16_t rsc)
{
    if (is_error(question->call.transport) || question->call.response.rsc != rsc) {
        struct bytes text = wire_get_string(wire_only_member(question->call.response.content));
        print_message("%s, %u: %.*s (%s)\n", status_name(question->call.transport),
                      (unsigned)question->call.response.rsc, BYTES_FMT(text),
                      status_note_get()->text);
    }
    assert_true(is_ok(question->call.transport));
    assert_int_equal(question->call.response.rsc, rsc);
}

static void ask(struct question *question)
{
    done_count = 0;
    done_wanted = 1;
    send(question);
    sys_loop_run(loop);
    assert_int_equal(question->done, 1);
}

static void question_fini(struct question *question)
{
    arena_free(question->arena);
}

static void open_all(bool tls)
{
    served = cancelled = 0;
    held = NULL;
    inspect = NULL;
    limits_init(&limits);
    assert_true(is_ok(sys_loop_open(&loop)));
    struct http_server_config config = {.address = {.ip = {127, 0, 0, 1}},
                                        .tls = tls ? server_tls : NULL,
                                        .limits = &limits,
                                        .self = &self};
    answers = (struct prim_link){serve, stop_serving, NULL};
    assert_true(is_ok(http_server_open(loop, &answers, &config, &server)));
    assert_true(is_ok(http_client_open(loop, client_tls, &limits, &client)));
}

static int setup(void **state)
{
    (void)state;
    open_all(false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    http_client_close(client);
    http_server_close(server);
    sys_loop_close(loop);
    return 0;
}

/* TS-0009 6.4.7, 6.4.8, 6.4.10 to 6.4.16, 6.4.19, 6.4.22, 6.4.23: there and back again */
static void inspect_the_create(const struct prim_request *request)
{
    assert_true(bytes_is(request->to, "cse-in/meter"));
    assert_true(bytes_is(request->from, "CAdmin"));
    assert_true(bytes_is(request->request_identifier, "r-1"));
    assert_true(bytes_is(request->release_version, "3"));
    assert_true(bytes_is(request->group_request_identifier, "g-1"));
    assert_true(bytes_is(request->notification_uris.items[0], "http://a/x"));
    assert_true(bytes_is(request->notification_uris.items[1], "http://b/y"));
    assert_true(bytes_is(request->tokens.items[0], "a.b.c"));
    assert_true(bytes_is(request->tokens.items[1], "d.e.f"));
    assert_true(bytes_is(request->originating_timestamp, "20260101T000000"));
    assert_true(bytes_is(request->request_expiration, "20270101T000000"));
    assert_true(bytes_is(request->result_expiration, "60000"));
    assert_true(bytes_is(request->operation_execution_time, "20260101T000001"));
    assert_true(bytes_is(request->vendor_information, "v 1"));
}

static void a_create_arrives_whole(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_CREATE, "cse-in/meter");
    struct prim_request *request = &question.call.request;
    static const struct bytes uris[] = {{"http://a/x", 10}, {"http://b/y", 10}};
    static const struct bytes tokens[] = {{"a.b.c", 5}, {"d.e.f", 5}};
    request->has_resource_type = true;
    request->resource_type = 4;
    request->content = wire_object(question.arena);
    assert_non_null(
        wire_add(wire_add(request->content, BYTES("m2m:cin"), wire_object(question.arena)),
                 BYTES("con"), wire_string(question.arena, BYTES("21 °C"))));
    request->response_type = PRIM_BLOCKING;
    request->has_notification_uris = true;
    request->notification_uris = (struct prim_texts){uris, 2};
    request->tokens = (struct prim_texts){tokens, 2};
    request->result_content = PRIM_RCN_NOTHING;
    request->originating_timestamp = BYTES("20260101T000000");
    request->request_expiration = BYTES("20270101T000000");
    request->result_expiration = BYTES("60000");
    request->operation_execution_time = BYTES("20260101T000001");
    request->event_category = 4;
    request->group_request_identifier = BYTES("g-1");
    request->vendor_information = BYTES("v 1");
    inspect = inspect_the_create;
    ask(&question);
    assert_answered(&question, 2000);
    assert_true(wire_equal(question.call.response.content, request->content));
    assert_int_equal(seen.operation, PRIM_CREATE);
    assert_int_equal(seen.resource_type, 4);
    assert_int_equal(seen.result_content, PRIM_RCN_NOTHING);
    assert_int_equal(seen.response_type, PRIM_BLOCKING);
    assert_int_equal(seen.notification_uris.count, 2);
    assert_int_equal(seen.tokens.count, 2);
    assert_int_equal(seen.event_category, 4);
    question_fini(&question);
}

static void a_discovery_arrives_whole(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_RETRIEVE, "//sp.example/id-in/-/a b");
    struct prim_request *request = &question.call.request;
    static const struct bytes labels[] = {{"key:value", 9}, {"k&x", 3}};
    static const uint32_t types[] = {2, 3};
    request->filter.present = true;
    request->filter.filter_usage = 1;
    request->filter.labels = (struct prim_texts){labels, 2};
    request->filter.resource_types = (struct prim_numbers){types, 2};
    request->filter.limit = 20;
    request->filter.level = 3;
    request->desired_identifier_result_type = 2;
    struct prim_attribute_condition condition = {BYTES("cr"), NULL};
    condition.value = wire_string(question.arena, BYTES("C a"));
    request->filter.attributes = (struct prim_attribute_conditions){&condition, 1};
    ask(&question);
    assert_answered(&question, 2000);
    assert_int_equal(seen.operation, PRIM_RETRIEVE);
    assert_int_equal(seen.filter.filter_usage, 1);
    assert_int_equal(seen.filter.labels.count, 2);
    assert_int_equal(seen.filter.resource_types.count, 2);
    assert_int_equal(seen.filter.limit, 20);
    assert_int_equal(seen.filter.level, 3);
    assert_int_equal(seen.filter.attributes.count, 1);
    assert_int_equal(seen.desired_identifier_result_type, 2);
    question_fini(&question);
}

/* TS-0009 6.4.7, 6.4.8, 6.4.12, 6.4.13, 6.4.16, 6.4.17, 6.4.20 to 6.4.23 */
static void answers_come_back_whole(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_RETRIEVE, "fields");
    ask(&question);
    const struct prim_response *response = &question.call.response;
    assert_answered(&question, 4103);
    assert_true(bytes_is(response->from, "/id-in"));
    assert_true(bytes_is(response->request_identifier, "r-1"));
    assert_true(bytes_is(response->release_version, "3"));
    assert_true(bytes_is(response->originating_timestamp, "20260101T000000"));
    assert_true(bytes_is(response->result_expiration, "20270101T000000"));
    assert_true(bytes_is(response->vendor_information, "v"));
    assert_int_equal(response->event_category, 3);
    assert_true(response->has_content_status);
    assert_int_equal(response->content_status, 1);
    assert_int_equal(response->content_offset, 9);
    question_fini(&question);
}

/* More calls at once than connections; all use few of them. */
static void many_share_few_connections(void **state)
{
    (void)state;
    enum { MANY = 200 };
    struct question *questions = test_calloc(MANY, sizeof(*questions));
    done_count = 0;
    done_wanted = MANY;
    for (int i = 0; i < MANY; i++) {
        question_init(&questions[i], PRIM_RETRIEVE, "x");
        send(&questions[i]);
    }
    sys_loop_run(loop);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(questions[i].done, 1);
        assert_true(is_ok(questions[i].call.transport));
        question_fini(&questions[i]);
    }
    test_free(questions);
    struct http_server_counters counters;
    http_server_counters_read(server, &counters);
    assert_in_range(counters.connections_accepted, 1, 16);
    assert_int_equal(served, MANY);
}

static void deadlines_hold(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_RETRIEVE, "never");
    question.call.deadline = sys_now(loop->clock) + 50000;
    ask(&question);
    assert_int_equal(question.call.transport.code, STATUS_REQUEST_TIMEOUT);
    question_fini(&question);
    question_init(&question, PRIM_RETRIEVE, "x"); /* already over */
    question.call.deadline = 1;
    ask(&question);
    assert_int_equal(question.call.transport.code, STATUS_REQUEST_TIMEOUT);
    question_fini(&question);
}

static void cancel_now(void *user)
{
    struct question *question = user;
    struct prim_link *link = http_client_link(client);
    link->cancel(link, &question->call);
    link->cancel(link, &question->call);
    assert_int_equal(question->done, 0);
}

static void cancelling_is_told_to_the_server(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_RETRIEVE, "never");
    assert_non_null(loop->timer_start(loop, 30000, cancel_now, &question));
    ask(&question);
    assert_int_equal(question.call.transport.code, STATUS_CANCELLED);
    question_fini(&question);
    assert_non_null(loop->timer_start(loop, 30000, (void (*)(void *))sys_loop_stop, loop));
    sys_loop_run(loop);
    assert_int_equal(cancelled, 1);
}

static void closing_ends_calls(void **state)
{
    (void)state;
    struct question questions[20];
    done_count = 0;
    done_wanted = 20;
    for (int i = 0; i < 20; i++) { /* some wait for a connection */
        question_init(&questions[i], PRIM_RETRIEVE, "x/never");
        send(&questions[i]);
    }
    http_client_close(client);
    sys_loop_run(loop);
    client = NULL;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(questions[i].done, 1);
        assert_int_equal(questions[i].call.transport.code, STATUS_CANCELLED);
        question_fini(&questions[i]);
    }
}

static void bad_destinations_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        enum status_code code;
    } rows[] = {
        {"", STATUS_BAD_REQUEST},
        {"ftp://127.0.0.1/", STATUS_BAD_REQUEST},
        {"http://", STATUS_BAD_REQUEST},
        {"http://user@127.0.0.1/", STATUS_BAD_REQUEST},
        {"http://127.0.0.1:0/", STATUS_BAD_REQUEST},
        {"http://127.0.0.1:99999/", STATUS_BAD_REQUEST},
        {"http://127.0.0.1/a b", STATUS_BAD_REQUEST},
        {"http://127.0.0.1/a\r\nX: y", STATUS_BAD_REQUEST},
        {"http://[::1/", STATUS_BAD_REQUEST},
        {"http://127.0.0.1:1/", STATUS_TARGET_NOT_REACHABLE},
        {"http://no-such-host.invalid/", STATUS_TARGET_NOT_REACHABLE},
        {"https://127.0.0.1:1/", STATUS_TARGET_NOT_REACHABLE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct question question;
        question_init(&question, PRIM_RETRIEVE, "x");
        question.call.destination = bytes_str(rows[i].url);
        ask(&question);
        if (question.call.transport.code != rows[i].code) {
            print_message("%s: %s\n", rows[i].url, status_name(question.call.transport));
        }
        assert_int_equal(question.call.transport.code, rows[i].code);
        question_fini(&question);
    }
    struct question question; /* a value that would add a header line */
    question_init(&question, PRIM_RETRIEVE, "x");
    question.call.request.from = BYTES("CAdmin\r\nX-M2M-Origin: CEvil");
    ask(&question);
    assert_int_equal(question.call.transport.code, STATUS_BAD_REQUEST);
    question_fini(&question);
    assert_int_equal(served, 0);
}

static void notifications_go_to_their_url(void **state)
{
    (void)state;
    struct question question;
    question_init(&question, PRIM_NOTIFY, "CAE1");
    question.call.destination = url("/sink/here?ct=cbor", false);
    question.call.request.content = wire_object(question.arena);
    assert_non_null(
        wire_add(question.call.request.content, BYTES("m2m:sgn"), wire_object(question.arena)));
    ask(&question);
    assert_answered(&question, 2000);
    assert_true(seen.format == PRIM_CBOR);
    assert_int_equal(seen.operation, PRIM_NOTIFY);
    question_fini(&question);
}

/* ---- over TLS, with a certificate for 127.0.0.1 ---- */
static void write_file(const char *name, const struct buf *content)
{
    char path[128];
    int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(is_ok(sys_file_write(bytes_of(path, (size_t)length), buf_bytes(content), 0600)));
}

static struct bytes path_of(const char *name, char space[128])
{
    int length = snprintf(space, 128, "%s/%s", folder, name);
    return bytes_of(space, (size_t)length);
}

static void make_certificate(const char *host, const char *name)
{
    struct bytes hosts[] = {bytes_str(host)};
    struct tls_self_signed wish = {hosts, 1, sys_now(&sys_clock_real)};
    struct buf key, certificate;
    char file[64];
    buf_init(&key, 65536);
    buf_init(&certificate, 65536);
    assert_true(is_ok(tls_self_signed_make(&wish, &key, &certificate)));
    (void)snprintf(file, sizeof(file), "%s.key", name);
    write_file(file, &key);
    (void)snprintf(file, sizeof(file), "%s.crt", name);
    write_file(file, &certificate);
    buf_fini(&key);
    buf_fini(&certificate);
}

static status ask_over_tls(const char *server_name, const char *trusted)
{
    char certificate[128], key[128], file[64], path[128];
    (void)snprintf(file, sizeof(file), "%s.crt", server_name);
    struct bytes certificate_path = path_of(file, certificate);
    (void)snprintf(file, sizeof(file), "%s.key", server_name);
    assert_true(is_ok(tls_server_context_new(certificate_path, path_of(file, key), &server_tls)));
    (void)snprintf(file, sizeof(file), "%s.crt", trusted);
    assert_true(is_ok(tls_client_context_new(path_of(file, path), &client_tls)));
    open_all(true);
    struct question questions[3];
    status result = OK;
    for (int i = 0; i < 3; i++) { /* the second and third reuse the connection */
        question_init(&questions[i], PRIM_RETRIEVE, "x");
        ask(&questions[i]);
        result = questions[i].call.transport;
        if (is_error(result)) {
            print_message("%s: %s\n", server_name, status_note_get()->text);
        }
        question_fini(&questions[i]);
    }
    if (is_ok(result)) {
        struct http_server_counters counters;
        http_server_counters_read(server, &counters);
        assert_int_equal(counters.connections_accepted, 1);
    }
    http_client_close(client);
    http_server_close(server);
    sys_loop_close(loop);
    tls_context_free(server_tls);
    tls_context_free(client_tls);
    server_tls = client_tls = NULL;
    return result;
}

static void tls_verifies_chain_and_name(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make_certificate("127.0.0.1", "right");
    make_certificate("127.0.0.1", "unknown");
    make_certificate("other.example", "other");
    assert_true(is_ok(ask_over_tls("right", "right")));
    assert_int_equal(served, 3);
    assert_int_equal(ask_over_tls("unknown", "right").code, STATUS_TARGET_NOT_REACHABLE);
    assert_int_equal(ask_over_tls("other", "other").code, STATUS_TARGET_NOT_REACHABLE);
    assert_int_equal(served, 0);
    static const char *const names[] = {"right", "unknown", "other"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char file[64], path[128];
        (void)snprintf(file, sizeof(file), "%s.crt", names[i]);
        (void)unlink(path_of(file, path).ptr);
        (void)snprintf(file, sizeof(file), "%s.key", names[i]);
        (void)unlink(path_of(file, path).ptr);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_create_arrives_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_discovery_arrives_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_come_back_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(many_share_few_connections, setup, teardown),
        cmocka_unit_test_setup_teardown(deadlines_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(cancelling_is_told_to_the_server, setup, teardown),
        cmocka_unit_test_setup_teardown(closing_ends_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_destinations_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(notifications_go_to_their_url, setup, teardown),
        cmocka_unit_test(tls_verifies_chain_and_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
