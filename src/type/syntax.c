/* SPDX-License-Identifier: Apache-2.0
 * Texts that XML Schema and oneM2M define: names, identifiers, encodings. Written out by hand, one
 * pass each. TS-0004 6.2.3, 6.3.2, 6.3.3. */
#include "type/type_int.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

/* Octets of UTF-8 sequences count as printable. */
static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* The only thing that a string cannot hold is NUL: XML has no such character. */
bool syntax_string(struct bytes text)
{
    return bytes_find(text, '\0') == text.len;
}

/* xs:token, and not empty: no tab or line end, no blank at the ends, no two in a row. */
bool syntax_token(struct bytes text)
{
    char before = ' ';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_control(c) || (c == ' ' && before == ' ')) {
            return false;
        }
        before = c;
    }
    return before != ' ';
}

/* Not empty, no blank. */
static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_control(text.ptr[i]) || text.ptr[i] == ' ') {
            return false;
        }
    }
    return text.len > 0;
}

/* Names are ASCII in oneM2M: letter or underscore first. */
bool syntax_nc_name(struct bytes text)
{
    if (text.len == 0 || !(is_letter(text.ptr[0]) || text.ptr[0] == '_')) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        if (!is_name_char(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* resource-name = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-" / "." / "_") */
bool syntax_resource_name(struct bytes text)
{
    if (text.len == 0 || !(is_letter(text.ptr[0]) || is_digit(text.ptr[0]))) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        if (!is_name_char(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* Which identifier stands in an m2m:ID is for its reader: any scope, CSE-ID, AE-ID or resource. */
bool syntax_id(struct bytes text)
{
    return is_word(text);
}

/* An IRI reference as far as XML Schema checks one: no blank, no delimiter that IRIs exclude. */
bool syntax_uri(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_control(c) || c == ' ' || c == '<' || c == '>' || c == '"' || c == '\\' ||
            c == '^' || c == '`') {
            return false;
        }
    }
    return text.len > 0;
}

bool syntax_urn(struct bytes text)
{
    return text.len > 4 && bytes_equal_nocase(bytes_slice(text, 0, 4), BYTES("urn:")) &&
           syntax_uri(text);
}

bool syntax_timestamp(struct bytes text)
{
    int64_t usec;
    return is_ok(timestamp_parse(text, &usec));
}

/* type "/" subtype, parameters allowed. */
bool syntax_media_type(struct bytes text)
{
    size_t slash = bytes_find(text, '/');
    return slash > 0 && slash + 1 < text.len && syntax_token(text);
}

/* mediaType ":" encodingType [":" contentSecurity], the numbers of 6.3.4.2.28 and 6.3.4.2.38. */
bool syntax_content_info(struct bytes text)
{
    struct bytes rest = text;
    struct bytes media_type = bytes_cut(&rest, ':');
    struct bytes encoding = bytes_cut(&rest, ':');
    if (media_type.len == 0 || !syntax_token(media_type)) {
        return false;
    }
    if (encoding.len != 1 || encoding.ptr[0] < '0' || encoding.ptr[0] > '2') {
        return false;
    }
    return rest.ptr == NULL || (rest.len == 1 && rest.ptr[0] >= '0' && rest.ptr[0] <= '5');
}

/* ISO 3166-1 alpha-2 */
bool syntax_country_code(struct bytes text)
{
    return text.len == 2 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' && text.ptr[1] >= 'A' &&
           text.ptr[1] <= 'Z';
}

/* Role-ID and Token-ID: name "@" fully qualified domain name in lower case. */
bool syntax_name_at_domain(struct bytes text)
{
    struct bytes domain = text;
    struct bytes name = bytes_cut(&domain, '@');
    for (size_t i = 0; i < name.len; i++) {
        if (!is_name_char(name.ptr[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < domain.len; i++) {
        char c = domain.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-' && c != '.') {
            return false;
        }
    }
    return name.len > 0 && domain.len > 0;
}

static bool is_base64url(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return true;
}

/* count parts joined by dots; bit i of filled says that part i must not be empty. */
static bool is_compact(struct bytes text, unsigned count, unsigned filled)
{
    struct bytes rest = text;
    for (unsigned i = 0; i < count; i++) {
        if (rest.ptr == NULL) {
            return false;
        }
        struct bytes part = bytes_cut(&rest, '.');
        if (!is_base64url(part) || (part.len == 0 && (filled & (1u << i)) != 0)) {
            return false;
        }
    }
    return rest.ptr == NULL;
}

/* Header, payload (may be detached), signature. */
bool syntax_jws(struct bytes text)
{
    return is_compact(text, 3, 1u | 4u);
}

/* Header, key (empty when the key is direct), vector, ciphertext, tag. */
bool syntax_jwe(struct bytes text)
{
    return is_compact(text, 5, 1u | 8u);
}

bool syntax_jwt(struct bytes text)
{
    return syntax_jws(text) || syntax_jwe(text);
}

bool syntax_hex(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
            return false;
        }
    }
    return text.len % 2 == 0;
}

/* RFC 4648 clause 4: groups of four, at most two '=' at the end. */
bool syntax_base64(struct bytes text)
{
    size_t len = text.len;
    if (len % 4 != 0) {
        return false;
    }
    if (len > 0 && text.ptr[len - 1] == '=') {
        len -= text.ptr[len - 2] == '=' ? 2 : 1;
    }
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '/') {
            return false;
        }
    }
    return true;
}

/* "2a" is Release 2 as amended; absent versions are not this function's matter. */
bool syntax_release_version(struct bytes text)
{
    if (text.len == 2) {
        return text.ptr[0] == '2' && text.ptr[1] == 'a';
    }
    return text.len == 1 && text.ptr[0] >= '1' && text.ptr[0] <= '5';
}

bool syntax_serialization(struct bytes text)
{
    return bytes_is(text, "json") || bytes_is(text, "xml") || bytes_is(text, "cbor");
}
