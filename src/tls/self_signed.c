/* SPDX-License-Identifier: Apache-2.0
 * A key and a self-signed certificate for a listener: for a first try and for tests. RFC 5280. */
#include "tls/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

enum { DAYS_VALID = 397, SERIAL_SIZE = 16, NAME_MOST = 253 };

/* One subject alternative name: an IP address or a DNS name. */
static int add_host(gnutls_x509_crt_t certificate, struct bytes host)
{
    char text[NAME_MOST + 4];
    struct sys_address address;
    bool is_v6 = bytes_find(host, ':') < host.len;
    struct buf with_port;
    buf_init(&with_port, sizeof(text) + 8);
    buf_printf(&with_port, is_v6 ? "[%.*s]:1" : "%.*s:1", BYTES_FMT(host));
    status parsed = sys_address_parse(buf_bytes(&with_port), &address);
    buf_fini(&with_port);
    if (is_ok(parsed)) {
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address.ip,
                                                    address.is_v6 ? 16 : 4, GNUTLS_FSAN_APPEND);
    }
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, host.ptr,
                                                (unsigned)host.len, GNUTLS_FSAN_APPEND);
}

static int fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                const struct tls_self_signed *wish)
{
    unsigned char serial[SERIAL_SIZE];
    int64_t begin = wish->now_usec / USEC_PER_SEC;
    sys_random(serial, sizeof(serial));
    serial[0] &= 0x7f; /* positive */
    int result = gnutls_x509_crt_set_version(certificate, 3);
    result |= gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
    result |= gnutls_x509_crt_set_activation_time(certificate, begin - 300);
    result |= gnutls_x509_crt_set_expiration_time(certificate, begin + DAYS_VALID * 86400L);
    result |= gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                            wish->hosts[0].ptr, (unsigned)wish->hosts[0].len);
    for (size_t i = 0; i < wish->host_count; i++) {
        result |= add_host(certificate, wish->hosts[i]);
    }
    result |= gnutls_x509_crt_set_key(certificate, key);
    result |= gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    result |= gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    result |= gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
    return result | gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
}

static int export_pem(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, struct buf *key_pem,
                      struct buf *certificate_pem)
{
    gnutls_datum_t text = {NULL, 0};
    int result = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text);
    if (result == 0) {
        buf_add(certificate_pem, bytes_of(text.data, text.size));
        gnutls_free(text.data);
    }
    text = (gnutls_datum_t){NULL, 0};
    result |=
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &text);
    if (text.data != NULL) {
        buf_add(key_pem, bytes_of(text.data, text.size));
        wipe(text.data, text.size);
        gnutls_free(text.data);
    }
    return result;
}

status tls_self_signed_make(const struct tls_self_signed *wish, struct buf *key_pem,
                            struct buf *certificate_pem)
{
    gnutls_x509_crt_t certificate = NULL;
    gnutls_x509_privkey_t key = NULL;
    ENSURE(wish->host_count > 0, CONFIG, "a certificate needs a host name");
    for (size_t i = 0; i < wish->host_count; i++) {
        ENSURE(wish->hosts[i].len > 0 && wish->hosts[i].len <= NAME_MOST, CONFIG,
               "%.*s is no host name", BYTES_FMT(wish->hosts[i]));
    }
    int result = gnutls_x509_crt_init(&certificate) | gnutls_x509_privkey_init(&key);
    if (result == 0) {
        result = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    }
    if (result == 0) {
        result = fill(certificate, key, wish);
    }
    if (result == 0) {
        result = export_pem(certificate, key, key_pem, certificate_pem);
    }
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    ENSURE(result == 0, SYSTEM, "the certificate could not be made");
    TRY(buf_check(key_pem));
    return buf_check(certificate_pem);
}
