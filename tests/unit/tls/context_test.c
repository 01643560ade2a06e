/* SPDX-License-Identifier: Apache-2.0
 * Contexts from files, and self-signed certificates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tls/tls.h"

static char folder[] = "/tmp/anp_context_test.XXXXXX";
static char certificate_path[64], key_path[64], other_path[64];

static status make(struct bytes host, struct buf *key, struct buf *certificate)
{
    struct tls_self_signed wish = {&host, 1, sys_now(&sys_clock_real)};
    return tls_self_signed_make(&wish, key, certificate);
}

static int setup(void **state)
{
    (void)state;
    struct buf key, certificate;
    buf_init(&key, 65536);
    buf_init(&certificate, 65536);
    if (mkdtemp(folder) == NULL || is_error(make(BYTES("localhost"), &key, &certificate))) {
        return -1;
    }
    (void)snprintf(certificate_path, sizeof(certificate_path), "%s/c", folder);
    (void)snprintf(key_path, sizeof(key_path), "%s/k", folder);
    (void)snprintf(other_path, sizeof(other_path), "%s/o", folder);
    bool written =
        is_ok(sys_file_write(bytes_str(certificate_path), buf_bytes(&certificate), 0600)) &&
        is_ok(sys_file_write(bytes_str(key_path), buf_bytes(&key), 0600)) &&
        is_ok(sys_file_write(bytes_str(other_path), BYTES("nothing of use"), 0600));
    buf_fini(&key);
    buf_fini(&certificate);
    return written ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(certificate_path);
    (void)unlink(key_path);
    (void)unlink(other_path);
    return rmdir(folder);
}

static void servers(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *key;
        enum status_code code;
    } rows[] = {
        {certificate_path, key_path, STATUS_OK},
        {key_path, certificate_path, STATUS_CONFIG},
        {other_path, key_path, STATUS_CONFIG},
        {certificate_path, other_path, STATUS_CONFIG},
        {"/nowhere", key_path, STATUS_SYSTEM},
        {certificate_path, "/nowhere", STATUS_SYSTEM},
        {certificate_path, "/dev/zero", STATUS_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tls_context *context = NULL;
        status made = tls_server_context_new(bytes_str(rows[i].certificate), bytes_str(rows[i].key),
                                             &context);
        assert_int_equal(made.code, rows[i].code);
        assert_int_equal(context != NULL, is_ok(made));
        tls_context_free(context);
    }
}

static void clients(void **state)
{
    (void)state;
    struct tls_context *context = NULL;
    assert_true(is_ok(tls_client_context_new(bytes_str(certificate_path), &context)));
    tls_context_free(context);
    context = NULL;
    assert_int_equal(tls_client_context_new(bytes_str(other_path), &context).code, STATUS_CONFIG);
    assert_int_equal(tls_client_context_new(BYTES("/nowhere"), &context).code, STATUS_SYSTEM);
    assert_null(context);
}

static void hosts_are_checked(void **state)
{
    (void)state;
    struct buf key, certificate;
    buf_init(&key, 65536);
    buf_init(&certificate, 65536);
    static const char *const bad[] = {"", "a b", "a\nb", "caf\xc3\xa9", "a/b", "a,CN=b"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(make(bytes_str(bad[i]), &key, &certificate).code, STATUS_CONFIG);
    }
    struct tls_self_signed nobody = {NULL, 0, 0};
    assert_int_equal(tls_self_signed_make(&nobody, &key, &certificate).code, STATUS_CONFIG);
    assert_int_equal(key.len, 0);
    assert_true(is_ok(make(BYTES("::1"), &key, &certificate)));
    assert_true(bytes_starts_with(buf_bytes(&certificate), BYTES("-----BEGIN CERTIFICATE-----")));
    assert_true(bytes_starts_with(buf_bytes(&key), BYTES("-----BEGIN PRIVATE KEY-----")));
    buf_fini(&key);
    buf_fini(&certificate);
}

static void no_memory(void **state)
{
    (void)state;
    struct tls_context *context = NULL;
    for (unsigned n = 1; n < 4; n++) {
        mem_fail_after(n);
        status made =
            tls_server_context_new(bytes_str(certificate_path), bytes_str(key_path), &context);
        mem_fail_after(0);
        assert_int_equal(made.code, STATUS_NO_MEMORY);
        assert_null(context);
    }
    tls_context_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers),
        cmocka_unit_test(clients),
        cmocka_unit_test(hosts_are_checked),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
