/* SPDX-License-Identifier: Apache-2.0
 * Entries of accessControlOriginators: what each stands for, and whom it matches.
 * TS-0003 7.1.3 with Table 7.1.3-2, TS-0001 9.6.2.1, TS-0004 Table 7.3.3.15-1. Wildcards are read
 * from entries of the forms of a CSE-ID or an AE-ID only; everywhere else they match nobody. */
#include "sec/authz/authz_int.h"

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* TS-0001 7.1.14: name@fqdn, the domain in lower case */
static bool is_role_id(struct bytes text)
{
    struct bytes domain = text;
    struct bytes name = bytes_cut(&domain, '@');
    if (name.len == 0 || domain.len == 0) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-') {
            return false;
        }
    }
    for (size_t i = 0; i < domain.len; i++) {
        char c = domain.ptr[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper || (!is_alphanumeric(c) && c != '.' && c != '-')) {
            return false;
        }
    }
    return true;
}

/* path is what follows the first '/' of an SP-relative identifier: "cse", "Sstem" and "cse/Cstem"
 * name an entity, so does a stem whose first letter is a wildcard; other paths name a resource. */
static bool is_entity_path(struct bytes path)
{
    struct bytes rest = path;
    struct bytes first = bytes_cut(&rest, '/');
    if (first.len == 0) {
        return false;
    }
    if (rest.ptr == NULL) {
        return true;
    }
    bool is_stem = rest.len > 0 && (rest.ptr[0] == 'C' || rest.ptr[0] == '*');
    return is_stem && bytes_find(rest, '/') == rest.len;
}

static bool is_entity(struct bytes entry)
{
    if (bytes_starts_with(entry, BYTES("//"))) {
        struct bytes path = bytes_from(entry, 2);
        return bytes_cut(&path, '/').len > 0 && is_entity_path(path);
    }
    if (entry.ptr[0] == '/') {
        return is_entity_path(bytes_from(entry, 1));
    }
    bool is_stem = entry.ptr[0] == 'C' || entry.ptr[0] == 'S';
    return is_stem && bytes_find(entry, '/') == entry.len;
}

static enum authz_originator_kind classify(struct bytes entry)
{
    bool has_wildcard = bytes_find(entry, '*') < entry.len;
    if (entry.len == 0) {
        return AUTHZ_NOBODY;
    }
    if (bytes_is(entry, "all")) {
        return AUTHZ_EVERYBODY;
    }
    if (bytes_find(entry, '@') < entry.len) {
        return is_role_id(entry) ? AUTHZ_ROLE : AUTHZ_NOBODY;
    }
    if (is_entity(entry)) {
        return has_wildcard ? AUTHZ_PATTERN : AUTHZ_ENTITY;
    }
    if (has_wildcard) {
        return AUTHZ_NOBODY;
    }
    if (bytes_starts_with(entry, BYTES("//"))) {
        struct bytes fqdn = bytes_from(entry, 2);
        if (fqdn.len == 0 || fqdn.ptr[0] == '/') {
            return AUTHZ_NOBODY;
        }
        return bytes_find(fqdn, '/') == fqdn.len ? AUTHZ_DOMAIN : AUTHZ_GROUP;
    }
    return AUTHZ_GROUP;
}

static status compile_text(const struct authz_compiler *compiler, struct bytes text,
                           struct authz_originator *originator)
{
    originator->text = arena_dup(compiler->arena, text);
    ENSURE(originator->text.ptr != NULL, NO_MEMORY, "acor entry");
    return OK;
}

/* Absolute against the Hosting CSE's own scope. An identifier that no originator can have is kept
 * as one that matches nobody. */
static status compile_entity(const struct authz_compiler *compiler, struct bytes entry,
                             struct authz_originator *originator)
{
    enum prim_id_kind kind = PRIM_ID_INVALID;
    struct bytes absolute = BYTES_NONE;
    status s =
        originator->kind == AUTHZ_PATTERN
            ? prim_pattern_canonical(entry, compiler->self, compiler->arena, &kind, &absolute)
            : prim_id_canonical(entry, compiler->self, compiler->arena, &kind, &absolute);
    if (status_is(s, STATUS_NO_MEMORY)) {
        return s;
    }
    if (is_error(s) || (kind != PRIM_ID_AE_C && kind != PRIM_ID_AE_S && kind != PRIM_ID_CSE)) {
        originator->kind = AUTHZ_NOBODY;
        return OK;
    }
    return compile_text(compiler, absolute, originator);
}

static status compile_group(struct authz_compiler *compiler, struct bytes entry,
                            struct authz_originator *originator)
{
    for (size_t i = 0; i < compiler->group_count; i++) {
        if (bytes_equal(compiler->groups[i], entry)) {
            originator->group = (uint32_t)i;
            originator->text = compiler->groups[i];
            return OK;
        }
    }
    size_t most = compiler->limits->acp_entries;
    ENSURE(compiler->group_count < most, LIMIT, "more than %zu groups in one policy", most);
    if (compiler->groups == NULL) {
        compiler->groups = ARENA_ARRAY(compiler->arena, struct bytes, most);
    }
    originator->text = arena_dup(compiler->arena, entry);
    ENSURE(compiler->groups != NULL && originator->text.ptr != NULL, NO_MEMORY, "acor entry");
    originator->group = (uint32_t)compiler->group_count;
    compiler->groups[compiler->group_count++] = originator->text;
    return OK;
}

status authz_originator_compile(struct authz_compiler *compiler, const struct wire_value *value,
                                struct authz_originator *ret_originator)
{
    ENSURE(wire_is(value, WIRE_STRING), BAD_REQUEST, "acor holds something that is no text");
    struct bytes entry = value->string;
    ENSURE(entry.len <= compiler->limits->identifier_size, LIMIT, "acor entry of %zu octets",
           entry.len);
    struct authz_originator originator = {.kind = classify(entry)};
    switch (originator.kind) {
    case AUTHZ_NOBODY:
    case AUTHZ_EVERYBODY:
        break;
    case AUTHZ_DOMAIN:
        TRY(compile_text(compiler, bytes_from(entry, 2), &originator));
        break;
    case AUTHZ_ENTITY:
    case AUTHZ_PATTERN:
        TRY(compile_entity(compiler, entry, &originator));
        break;
    case AUTHZ_GROUP:
        TRY(compile_group(compiler, entry, &originator));
        break;
    case AUTHZ_ROLE:
        TRY(compile_text(compiler, entry, &originator));
        break;
    }
    *ret_originator = originator;
    return OK;
}

bool authz_pattern_match(struct bytes pattern, struct bytes text)
{
    size_t literal = bytes_find(pattern, '*');
    if (!bytes_equal(bytes_slice(pattern, 0, literal), bytes_slice(text, 0, literal))) {
        return false;
    }
    pattern = bytes_from(pattern, literal);
    text = bytes_from(text, literal);
    while (pattern.ptr != NULL && text.ptr != NULL) {
        struct bytes pattern_segment = bytes_cut(&pattern, '/');
        struct bytes text_segment = bytes_cut(&text, '/');
        if (!bytes_glob(pattern_segment, text_segment)) {
            return false;
        }
    }
    return pattern.ptr == NULL && text.ptr == NULL;
}

/* The domain itself and its sub-domains: "example" holds "//a.example/cse". */
static bool domain_match(struct bytes domain, struct bytes originator)
{
    if (!bytes_starts_with(originator, BYTES("//"))) {
        return false;
    }
    struct bytes path = bytes_from(originator, 2);
    struct bytes fqdn = bytes_cut(&path, '/');
    if (path.len == 0 || !bytes_ends_with(fqdn, domain)) {
        return false;
    }
    return fqdn.len == domain.len || fqdn.ptr[fqdn.len - domain.len - 1] == '.';
}

static bool texts_contain(struct prim_texts texts, struct bytes text)
{
    for (size_t i = 0; i < texts.count; i++) {
        if (bytes_equal(texts.items[i], text)) {
            return true;
        }
    }
    return false;
}

/* A group that is not known, or was not resolved at all, matches nobody. */
static bool group_match(const struct authz_originator *originator, const struct authz_facts *facts)
{
    size_t expected = originator->group;
    if (expected < facts->group_count &&
        bytes_equal(facts->groups[expected].id, originator->text)) {
        return facts->groups[expected].known &&
               texts_contain(facts->groups[expected].members, facts->originator);
    }
    for (size_t i = 0; i < facts->group_count; i++) {
        if (bytes_equal(facts->groups[i].id, originator->text)) {
            return facts->groups[i].known &&
                   texts_contain(facts->groups[i].members, facts->originator);
        }
    }
    return false;
}

bool authz_originator_match(const struct authz_originator *originator,
                            const struct authz_facts *facts)
{
    switch (originator->kind) {
    case AUTHZ_NOBODY:
        return false;
    case AUTHZ_EVERYBODY:
        return true;
    case AUTHZ_DOMAIN:
        return domain_match(originator->text, facts->originator);
    case AUTHZ_ENTITY:
        return bytes_equal(originator->text, facts->originator);
    case AUTHZ_PATTERN:
        return authz_pattern_match(originator->text, facts->originator);
    case AUTHZ_GROUP:
        return group_match(originator, facts);
    case AUTHZ_ROLE:
        return texts_contain(facts->roles, originator->text);
    }
    return false;
}
