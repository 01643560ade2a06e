/* SPDX-License-Identifier: Apache-2.0
 * A key and a certificate that it signs itself: for a first try and for tests. RFC 5280. */
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>

#include "tls/tls_int.h"

enum { HOST_MOST = 253, BEFORE_SECONDS = 300, DAYS = 397, SERIAL_SIZE = 16 };

static status checked(const char *what, int error)
{
    return error < 0 ? tls_failure(what, error) : OK;
}

static bool is_host(struct bytes host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '.' || c == '-' || c == ':' || c == '*')) {
            return false;
        }
    }
    return host.len > 0 && host.len <= HOST_MOST;
}

/* An IP address stands as one, anything else as a DNS name. */
static status add_host(gnutls_x509_crt_t certificate, struct bytes host)
{
    char text[HOST_MOST + 1];
    unsigned char ip[16];
    must(is_host(host));
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    if (inet_pton(AF_INET, text, ip) == 1) {
        return checked("certificate",
                       gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, ip,
                                                            4, GNUTLS_FSAN_APPEND));
    }
    if (inet_pton(AF_INET6, text, ip) == 1) {
        return checked("certificate",
                       gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, ip,
                                                            16, GNUTLS_FSAN_APPEND));
    }
    return checked("certificate",
                   gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, text,
                                                        (unsigned)host.len, GNUTLS_FSAN_APPEND));
}

static status fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                   const struct tls_self_signed *wish)
{
    unsigned char serial[SERIAL_SIZE];
    sys_random(serial, sizeof(serial));
    serial[0] &= 0x7f; /* RFC 5280 4.1.2.2: positive */
    time_t now = (time_t)(wish->now_usec / USEC_PER_SEC);
    struct bytes subject = wish->hosts[0];
    TRY(checked("certificate", gnutls_x509_crt_set_version(certificate, 3)));
    TRY(checked("certificate", gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial))));
    TRY(checked("certificate",
                gnutls_x509_crt_set_activation_time(certificate, now - BEFORE_SECONDS)));
    TRY(checked("certificate",
                gnutls_x509_crt_set_expiration_time(certificate, now + (time_t)DAYS * 24 * 3600)));
    TRY(checked("certificate", gnutls_x509_crt_set_dn_by_oid(
                                   certificate, GNUTLS_OID_X520_COMMON_NAME, 0, subject.ptr,
                                   (unsigned)(subject.len < 64 ? subject.len : 64))));
    for (size_t i = 0; i < wish->host_count; i++) {
        TRY(add_host(certificate, wish->hosts[i]));
    }
    TRY(checked("certificate", gnutls_x509_crt_set_key(certificate, key)));
    TRY(checked("certificate", gnutls_x509_crt_set_basic_constraints(certificate, 1, 0)));
    TRY(checked("certificate",
                gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE |
                                                               GNUTLS_KEY_KEY_CERT_SIGN)));
    TRY(checked("certificate",
                gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0)));
    return checked("signing",
                   gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0));
}

static status add_pem(struct buf *out, gnutls_datum_t *pem, int error)
{
    TRY(checked("PEM", error));
    buf_add(out, bytes_of(pem->data, pem->size));
    wipe(pem->data, pem->size);
    gnutls_free(pem->data);
    return buf_check(out);
}

static status write_out(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                        struct buf *key_pem, struct buf *certificate_pem)
{
    gnutls_datum_t pem = {NULL, 0};
    TRY(add_pem(certificate_pem, &pem,
                gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem)));
    int error =
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
    return add_pem(key_pem, &pem, error);
}

status tls_self_signed_make(const struct tls_self_signed *wish, struct buf *key_pem,
                            struct buf *certificate_pem)
{
    ENSURE(wish->host_count > 0, CONFIG, "a certificate needs a host name");
    for (size_t i = 0; i < wish->host_count; i++) {
        ENSURE(is_host(wish->hosts[i]), CONFIG, "no host name: %.*s",
               BYTES_FMT(bytes_slice(wish->hosts[i], 0, 80)));
    }
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t certificate = NULL;
    status made = checked("key", gnutls_x509_privkey_init(&key));
    if (is_ok(made)) {
        made = checked(
            "key", gnutls_x509_privkey_generate(
                       key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    }
    if (is_ok(made)) {
        made = checked("certificate", gnutls_x509_crt_init(&certificate));
    }
    if (is_ok(made)) {
        made = fill(certificate, key, wish);
    }
    if (is_ok(made)) {
        made = write_out(certificate, key, key_pem, certificate_pem);
    }
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    return made;
}
