/* SPDX-License-Identifier: Apache-2.0
 * The configuration: keys, overrides, errors with their lines, and that nothing unprotected opens
 * beyond loopback by accident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/daemon/config_int.h"

struct fixture {
    struct config *config;
    char path[64];
};

static void read_text(struct fixture *fixture, const char *text)
{
    (void)snprintf(fixture->path, sizeof(fixture->path), "/tmp/antipolis-config-%d.yaml",
                   (int)getpid());
    assert_true(is_ok(sys_file_write(bytes_str(fixture->path), bytes_str(text), 0600)));
    assert_true(is_ok(config_new(&fixture->config)));
    config_read(fixture->config, bytes_str(fixture->path));
}

static void drop(struct fixture *fixture)
{
    (void)unlink(fixture->path);
    config_free(fixture->config);
}

static void expect_error(const char *text, unsigned line, const char *part)
{
    struct fixture fixture;
    read_text(&fixture, text);
    config_check(fixture.config);
    bool found = false;
    for (size_t i = 0; i < fixture.config->error_count; i++) {
        const struct config_error *error = &fixture.config->errors[i];
        found = found || (error->line == line && bytes_contains(error->text, bytes_str(part)));
    }
    if (!found) {
        struct buf out;
        buf_init(&out, 65536);
        config_print_errors(fixture.config, BYTES("config"), &out);
        print_error("errors: %.*s\n", BYTES_FMT(buf_bytes(&out)));
        buf_fini(&out);
    }
    drop(&fixture);
    assert_true(found);
}

static void defaults_are_sound_and_open_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    read_text(&fixture, "");
    config_check(fixture.config);
    assert_int_equal(fixture.config->error_count, 0);
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        assert_false(fixture.config->listeners[i].used);
    }
    drop(&fixture);
}

static void printed_defaults_read_back_without_error(void **state)
{
    (void)state;
    struct buf out;
    struct fixture fixture;
    buf_init(&out, 1 << 20);
    config_print_defaults(&out);
    buf_add_char(&out, '\0');
    assert_true(is_ok(buf_check(&out)));
    read_text(&fixture, out.ptr);
    config_check(fixture.config);
    assert_int_equal(fixture.config->error_count, 0);
    assert_true(bytes_is(fixture.config->cse_id, "/id-in"));
    drop(&fixture);
    buf_fini(&out);
}

static void keys_lists_listeners_and_limits_are_read(void **state)
{
    (void)state;
    struct fixture fixture;
    read_text(&fixture, "cse:\n  id: /id-x\n  release-versions: [2a, 3]\n"
                        "limits:\n  body-size: 99\n"
                        "listeners:\n  - address: 127.0.0.1:8080\n    allow-unassociated: true\n"
                        "  - address: \"[::1]:8081\"\n");
    config_check(fixture.config);
    assert_int_equal(fixture.config->error_count, 0);
    assert_true(bytes_is(fixture.config->cse_id, "/id-x"));
    assert_int_equal(fixture.config->release_versions.count, 2);
    assert_true(bytes_is(fixture.config->release_versions.items[1], "3"));
    assert_int_equal(fixture.config->limits.body_size, 99);
    assert_true(fixture.config->listeners[0].allow_unassociated);
    assert_false(fixture.config->listeners[1].allow_unassociated);
    assert_false(fixture.config->listeners[2].used);
    drop(&fixture);
}

static void overrides_win_and_replace_lists(void **state)
{
    (void)state;
    struct fixture fixture;
    read_text(&fixture,
              "cse:\n  release-versions: [2a, 3]\nlisteners:\n  - address: 127.0.0.1:1\n");
    config_override(fixture.config, BYTES("cse.release-versions=4"));
    config_override(fixture.config, BYTES("listeners.0.address=127.0.0.1:9"));
    config_override(fixture.config, BYTES("access.hide-existence=true"));
    assert_int_equal(fixture.config->release_versions.count, 1);
    assert_true(bytes_is(fixture.config->release_versions.items[0], "4"));
    assert_true(bytes_is(fixture.config->listeners[0].address, "127.0.0.1:9"));
    assert_true(fixture.config->hide_existence);
    config_override(fixture.config, BYTES("nothing"));
    assert_int_equal(fixture.config->error_count, 1);
    drop(&fixture);
}

static void errors_name_their_line(void **state)
{
    (void)state;
    expect_error("cse:\n  id: /a\n  wrong: 1\n", 3, "no key is called cse.wrong");
    expect_error("cse:\n  id: /a\n  id: /b\n", 3, "stands twice");
    expect_error("limits:\n  body-size: many\n", 2, "a number expected");
    expect_error("limits:\n  nonsense: 1\n", 2, "no limit is called");
    expect_error("access:\n  hide-existence: maybe\n", 2, "true or false");
    expect_error("listeners:\n  - address: 127.0.0.1:80\n    speed: 9\n", 3, "has no member speed");
    expect_error("cse: [\n", 2, "");
    expect_error("a: &x 1\nb: *x\n", 2, "aliases");
    expect_error("just text\n", 1, "keys and values expected");
}

static void values_that_no_cse_could_serve_are_refused(void **state)
{
    (void)state;
    expect_error("cse:\n  id: id-in\n", 0, "cse.id");
    expect_error("cse:\n  id: /a/b\n", 0, "cse.id");
    expect_error("cse:\n  name: a/b\n", 0, "cse.name");
    expect_error("cse:\n  sp-id: Upper.Example\n", 0, "sp-id");
    expect_error("access:\n  administrator: admin\n", 0, "administrator");
    expect_error("access:\n  default-policy: everybody\n", 0, "default-policy");
    expect_error("cse:\n  workers: 0\n", 0, "workers");
    expect_error("cse:\n  release-versions: [9]\n", 0, "release-versions");
    expect_error("limits:\n  connections: 0\n", 0, "zero would refuse");
    expect_error("operator:\n  listen: 0.0.0.0:9180\n", 0, "loopback");
}

static void nothing_unprotected_opens_beyond_loopback(void **state)
{
    (void)state;
    expect_error("listeners:\n  - address: 0.0.0.0:8080\n", 2, "plain HTTP beyond loopback");
    expect_error("listeners:\n  - address: \"[::]:8080\"\n    allow-unassociated: true\n", 3,
                 "plain HTTP beyond loopback");
    expect_error("listeners:\n  - address: 192.0.2.1:8443\n    certificate: a\n    private-key: b\n"
                 "    allow-unassociated: true\n",
                 5, "unproved originators beyond loopback");
    expect_error("listeners:\n  - address: 127.0.0.1:1\n    certificate: a\n", 3, "go together");
    expect_error("listeners:\n  - address: somewhere\n", 2, "host address and port");
}

static void naming_it_opens_it(void **state)
{
    (void)state;
    struct fixture fixture;
    read_text(&fixture, "listeners:\n  - address: 0.0.0.0:8080\n    allow-unprotected: true\n"
                        "  - address: \"[::]:8443\"\n    certificate: a\n    private-key: b\n");
    config_check(fixture.config);
    assert_int_equal(fixture.config->error_count, 0);
    drop(&fixture);
}

static void an_absent_file_is_an_error(void **state)
{
    (void)state;
    struct config *config;
    assert_true(is_ok(config_new(&config)));
    config_read(config, BYTES("/nonexistent/antipolis.yaml"));
    assert_int_equal(config->error_count, 1);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_sound_and_open_nothing),
        cmocka_unit_test(printed_defaults_read_back_without_error),
        cmocka_unit_test(keys_lists_listeners_and_limits_are_read),
        cmocka_unit_test(overrides_win_and_replace_lists),
        cmocka_unit_test(errors_name_their_line),
        cmocka_unit_test(values_that_no_cse_could_serve_are_refused),
        cmocka_unit_test(nothing_unprotected_opens_beyond_loopback),
        cmocka_unit_test(naming_it_opens_it),
        cmocka_unit_test(an_absent_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
