/* SPDX-License-Identifier: Apache-2.0
 * Identifiers of AEs, CSEs and service providers: their kind and their absolute form.
 * TS-0001 7.2, TS-0004 6.2.3. */
#include "prim/prim_int.h"

/* An identifier taken apart; absent parts are to be filled from the process's own. */
struct id_parts {
    enum prim_id_kind kind;
    struct bytes sp_id;  /* "//sp" */
    struct bytes cse_id; /* "/cse" */
    struct bytes stem;   /* "Cabc" */
};

/* Pattern characters count as ordinary ones when a rule is read, and as errors otherwise. */
static bool is_part(struct bytes text, size_t max, bool pattern)
{
    if (!pattern) {
        return prim_is_run(text, max);
    }
    if (text.len == 0 || text.len > max) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '*' && !prim_is_tail(bytes_slice(text, i, 1), 1)) {
            return false;
        }
    }
    return text.ptr[0] == '*' || prim_is_run(bytes_slice(text, 0, 1), 1);
}

static bool is_stem(struct bytes text, size_t max, bool pattern)
{
    if (text.len < 2 || text.len > max || (text.ptr[0] != 'C' && text.ptr[0] != 'S')) {
        return false;
    }
    return pattern ? is_part(text, max, true) : prim_is_tail(bytes_from(text, 1), max);
}

static bool is_sp(struct bytes domain, size_t max, bool pattern)
{
    return pattern ? is_part(domain, max, true) : prim_is_domain(domain, max);
}

/* What follows the SP-ID, leading '/' included: "/cse", "/Sstem", "/cse/Cstem". */
static status split_sp_relative(struct bytes text, const struct prim_self *self, bool pattern,
                                struct id_parts *parts)
{
    size_t max = prim_identifier_size(self);
    struct bytes rest = bytes_from(text, 1);
    struct bytes first = bytes_cut(&rest, '/');
    ENSURE(is_part(first, max, pattern), BAD_REQUEST, "identifier is not well formed");
    struct bytes first_with_slash = bytes_slice(text, 0, first.len + 1);
    if (rest.ptr == NULL) {
        bool is_me = bytes_equal(first_with_slash, self->cse_id);
        if (!is_me && is_stem(first, max, pattern) && first.ptr[0] == 'S') {
            parts->kind = PRIM_ID_AE_S;
            parts->stem = first;
        } else {
            parts->kind = PRIM_ID_CSE;
            parts->cse_id = first_with_slash;
        }
        return OK;
    }
    bool any = pattern && rest.len > 0 && rest.ptr[0] == '*' && is_part(rest, max, true);
    ENSURE(any || (is_stem(rest, max, pattern) && rest.ptr[0] == 'C'), BAD_REQUEST,
           "behind a CSE-ID only a C stem may stand");
    parts->kind = PRIM_ID_AE_C;
    parts->cse_id = first_with_slash;
    parts->stem = rest;
    return OK;
}

static status split(struct bytes id, const struct prim_self *self, bool pattern,
                    struct id_parts *parts)
{
    size_t max = prim_identifier_size(self);
    *parts = (struct id_parts){0};
    ENSURE(id.len > 0 && id.len <= 3 * max, BAD_REQUEST, "identifier is empty or too long");
    if (id.ptr[0] != '/') {
        ENSURE(is_stem(id, max, pattern), BAD_REQUEST, "not an AE-ID-Stem");
        parts->kind = id.ptr[0] == 'C' ? PRIM_ID_AE_C : PRIM_ID_AE_S;
        parts->stem = id;
        return OK;
    }
    if (!bytes_starts_with(id, BYTES("//"))) {
        return split_sp_relative(id, self, pattern, parts);
    }
    struct bytes behind = bytes_from(id, 2);
    size_t slash = bytes_find(behind, '/');
    ENSURE(is_sp(bytes_slice(behind, 0, slash), max, pattern), BAD_REQUEST,
           "M2M-SP-ID is not a domain name in lower case");
    parts->sp_id = bytes_slice(id, 0, slash + 2);
    if (slash == behind.len) {
        parts->kind = PRIM_ID_SP;
        return OK;
    }
    return split_sp_relative(bytes_from(behind, slash), self, pattern, parts);
}

static char *put(char *at, struct bytes b)
{
    if (b.len > 0) {
        memcpy(at, b.ptr, b.len);
    }
    return at + b.len;
}

static status join(struct bytes id, const struct id_parts *parts, const struct prim_self *self,
                   struct arena *arena, struct bytes *ret_absolute)
{
    if (parts->sp_id.ptr != NULL) {
        *ret_absolute = id; /* is absolute already */
        return OK;
    }
    bool has_cse = parts->kind != PRIM_ID_AE_S;
    struct bytes cse = parts->cse_id.ptr != NULL ? parts->cse_id : self->cse_id;
    size_t size =
        self->sp_id.len + (has_cse ? cse.len : 0) + (parts->stem.len > 0 ? parts->stem.len + 1 : 0);
    char *text = arena_chars(arena, size);
    ENSURE(text != NULL, NO_MEMORY, "identifier of %zu octets", size);
    char *at = put(text, self->sp_id);
    if (has_cse) {
        at = put(at, cse);
    }
    if (parts->stem.len > 0) {
        at = put(at, BYTES("/"));
        at = put(at, parts->stem);
    }
    *ret_absolute = bytes_of(text, (size_t)(at - text));
    return OK;
}

status prim_id_canonical(struct bytes id, const struct prim_self *self, struct arena *arena,
                         enum prim_id_kind *ret_kind, struct bytes *ret_absolute)
{
    struct id_parts parts;
    TRY(split(id, self, false, &parts));
    TRY(join(id, &parts, self, arena, ret_absolute));
    *ret_kind = parts.kind;
    return OK;
}

status prim_pattern_canonical(struct bytes pattern, const struct prim_self *self,
                              struct arena *arena, enum prim_id_kind *ret_kind,
                              struct bytes *ret_absolute)
{
    struct id_parts parts;
    TRY(split(pattern, self, true, &parts));
    TRY(join(pattern, &parts, self, arena, ret_absolute));
    *ret_kind = parts.kind;
    return OK;
}
