/* SPDX-License-Identifier: Apache-2.0
 * Credentials and policy of one side of TLS. TS-0003 10.2.3 (suites), RFC 7525bis. */
#include "tls/tls_int.h"

/* TLS 1.3 and 1.2 only; forward secrecy always; authenticated encryption first. The one CBC suite
 * is the one that TS-0003 10.2.3.2 makes mandatory for certificates. No SHA-1 anywhere. */
static const char priority_text[] =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2"
    ":+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:+AES-128-CCM:+AES-128-CBC:+AEAD:+SHA256"
    ":+ECDHE-ECDSA:+ECDHE-RSA"
    ":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"
    ":+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512"
    ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384"
    ":+SIGN-EDDSA-ED25519:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384"
    ":+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512"
    ":+COMP-NULL:+CTYPE-SRV-X509:+CTYPE-CLI-X509:%SERVER_PRECEDENCE:%PROFILE_MEDIUM";

enum { FILE_MOST = 1 << 20 };

status tls_failure(const char *what, int error)
{
    ENSURE(error != GNUTLS_E_MEMORY_ERROR, NO_MEMORY, "%s", what);
    FAIL(SYSTEM, "%s: %s", what, gnutls_strerror(error));
}

void tls_context_free(struct tls_context *context)
{
    if (context == NULL) {
        return;
    }
    if (context->ticket_key.data != NULL) {
        wipe(context->ticket_key.data, context->ticket_key.size);
        gnutls_free(context->ticket_key.data);
    }
    if (context->priority != NULL) {
        gnutls_priority_deinit(context->priority);
    }
    if (context->credentials != NULL) {
        gnutls_certificate_free_credentials(context->credentials);
    }
    mem_free(context);
}

static status context_init(struct tls_context *context)
{
    int error = gnutls_certificate_allocate_credentials(&context->credentials);
    if (error < 0) {
        return tls_failure("TLS credentials", error);
    }
    error = gnutls_priority_init(&context->priority, priority_text, NULL);
    return error < 0 ? tls_failure("TLS priorities", error) : OK;
}

static status load_pair(struct tls_context *context, struct bytes certificate, struct bytes key)
{
    gnutls_datum_t certificate_pem = {(unsigned char *)(uintptr_t)certificate.ptr,
                                      (unsigned)certificate.len};
    gnutls_datum_t key_pem = {(unsigned char *)(uintptr_t)key.ptr, (unsigned)key.len};
    int error = gnutls_certificate_set_x509_key_mem2(context->credentials, &certificate_pem,
                                                     &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    ENSURE(error >= 0, CONFIG, "certificate and key: %s", gnutls_strerror(error));
    error = gnutls_session_ticket_key_generate(&context->ticket_key);
    return error < 0 ? tls_failure("TLS tickets", error) : OK;
}

static status load_server(struct tls_context *context, struct bytes certificate_file,
                          struct bytes key_file)
{
    TRY(context_init(context));
    context->is_server = true;
    struct buf certificate, key;
    buf_init(&certificate, 2 * FILE_MOST);
    buf_init(&key, 2 * FILE_MOST);
    status loaded = sys_file_read(certificate_file, FILE_MOST, &certificate);
    if (is_ok(loaded)) {
        loaded = sys_file_read(key_file, FILE_MOST, &key);
    }
    if (is_ok(loaded)) {
        loaded = load_pair(context, buf_bytes(&certificate), buf_bytes(&key));
    }
    if (key.ptr != NULL) {
        wipe(key.ptr, key.cap);
    }
    buf_fini(&key);
    buf_fini(&certificate);
    return loaded;
}

static status load_client(struct tls_context *context, struct bytes ca_file)
{
    TRY(context_init(context));
    if (ca_file.ptr == NULL) {
        int count = gnutls_certificate_set_x509_system_trust(context->credentials);
        ENSURE(count >= 0, SYSTEM, "the system's authorities: %s", gnutls_strerror(count));
        return OK;
    }
    struct buf authorities;
    buf_init(&authorities, 2 * FILE_MOST);
    status loaded = sys_file_read(ca_file, FILE_MOST, &authorities);
    int count = 0;
    if (is_ok(loaded)) {
        gnutls_datum_t pem = {(unsigned char *)authorities.ptr, (unsigned)authorities.len};
        count =
            gnutls_certificate_set_x509_trust_mem(context->credentials, &pem, GNUTLS_X509_FMT_PEM);
    }
    buf_fini(&authorities);
    TRY(loaded);
    ENSURE(count > 0, CONFIG, "no authority in %.*s", BYTES_FMT(ca_file));
    return OK;
}

static status finish(struct tls_context *context, status loaded, struct tls_context **ret_context)
{
    if (is_error(loaded)) {
        tls_context_free(context);
        return loaded;
    }
    *ret_context = context;
    return OK;
}

status tls_server_context_new(struct bytes certificate_file, struct bytes key_file,
                              struct tls_context **ret_context)
{
    struct tls_context *context = mem_alloc(sizeof(*context));
    ENSURE(context != NULL, NO_MEMORY, "TLS context");
    return finish(context, load_server(context, certificate_file, key_file), ret_context);
}

status tls_client_context_new(struct bytes ca_file, struct tls_context **ret_context)
{
    struct tls_context *context = mem_alloc(sizeof(*context));
    ENSURE(context != NULL, NO_MEMORY, "TLS context");
    return finish(context, load_client(context, ca_file), ret_context);
}
