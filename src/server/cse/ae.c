/* SPDX-License-Identifier: Apache-2.0
 * <AE>: registration. TS-0004 7.4.5, TS-0001 10.2.2.2, 7.2 (AE-ID stems). */
#include "server/cse/cse_effects_int.h"
#include "server/cse/cse_int.h"

#define STEM_RANDOM 10 /* octets; 80 bits, so that nobody guesses one */
#define REGISTRATIONS BYTES("registrations")

enum wish { FULL_STEM, ANY_STEM };

/* What From asks for: a stem, or one of our choice that begins with letter. */
static enum wish wish_of(const struct exchange *x, char *ret_letter)
{
    struct bytes from = x->call->request.from;
    *ret_letter = 'C';
    if (from.len == 0) {
        return ANY_STEM;
    }
    *ret_letter = from.ptr[0];
    return from.len == 1 ? ANY_STEM : FULL_STEM;
}

static status check_app_id(const struct exchange *x)
{
    struct bytes api = type_get_string(x->representation, ATTR_APP_ID);
    ENSURE(api.len > 1 && (api.ptr[0] == 'r' || api.ptr[0] == 'R' || api.ptr[0] == 'N'),
           BAD_REQUEST, "api begins with neither R nor N");
    return OK;
}

/* An AE that is still there, or another resource, stands in the way of a stem. */
static status check_stem(struct exchange *x, struct bytes stem)
{
    struct store_row row;
    /* the administrator's is the first start's alone: its rights wait in the policies */
    ENSURE(!bytes_equal(stem, serve_config_get(x->serve)->administrator),
           ORIGINATOR_HAS_ALREADY_REGISTERED, "%.*s is the administrator", BYTES_FMT(stem));
    status got = store_get(x->view, stem, x->arena, &row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(got);
    bool expired = row.et != 0 && row.et <= x->now;
    ENSURE(expired && row.type == TYPE_AE, ORIGINATOR_HAS_ALREADY_REGISTERED, "%.*s is registered",
           BYTES_FMT(stem));
    return OK;
}

static status check_create(struct exchange *x)
{
    char letter;
    ENSURE(x->who.kind != PRIM_ID_CSE, OPERATION_NOT_ALLOWED, "a CSE registers no AE");
    TRY(check_app_id(x));
    if (wish_of(x, &letter) == FULL_STEM) {
        TRY(check_stem(x, x->call->request.from));
    }
    return OK;
}

static struct bytes new_stem(struct exchange *x, char letter)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t random[STEM_RANDOM];
    char text[1 + STEM_RANDOM] = {letter};
    sys_random(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++) {
        text[1 + i] = digits[random[i] % 32];
    }
    return arena_dup(x->arena, bytes_of(text, sizeof(text)));
}

/* ---- the number of registrations, bounded by configuration ---- */

static status count_registrations(struct exchange *x, uint64_t *ret_count)
{
    struct bytes text;
    status got = store_value_get(x->view, REGISTRATIONS, x->arena, &text);
    if (status_is(got, STATUS_NOT_FOUND)) {
        *ret_count = 0;
        return OK;
    }
    TRY(got);
    return bytes_to_u64(text, ret_count);
}

static status set_registrations(struct exchange *x, uint64_t count)
{
    struct bytes text = arena_printf(x->arena, "%llu", (unsigned long long)count);
    ENSURE(text.ptr != NULL, NO_MEMORY, "registrations");
    return store_value_put(x->view, REGISTRATIONS, text);
}

/* An expired registration that nobody has collected yet gives its stem back. */
static status take_over(struct exchange *x, struct bytes stem)
{
    struct store_row row;
    status got = store_get(x->view, stem, x->arena, &row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return OK;
    }
    TRY(got);
    struct serve_resource old = {.row = row, .type = type_by_number(row.type)};
    return serve_delete_internal(x, &old, false);
}

static status on_create(struct exchange *x)
{
    char letter;
    struct bytes stem = x->call->request.from;
    if (wish_of(x, &letter) == ANY_STEM) {
        stem = new_stem(x, letter);
    } else {
        TRY(take_over(x, stem));
    }
    uint64_t count;
    TRY(count_registrations(x, &count));
    ENSURE(count < serve_config_get(x->serve)->limits.registrations, OVERLOADED,
           "%llu AEs are registered", (unsigned long long)count);
    TRY(set_registrations(x, count + 1));
    struct wire_value *id = wire_string(x->arena, stem);
    ENSURE(stem.ptr != NULL && id != NULL && type_set(x->representation, ATTR_AE_ID, id) != NULL,
           NO_MEMORY, "registration");
    x->assigned_ri = stem;
    /* the new AE owns its <AE>, whoever asked */
    enum prim_id_kind kind;
    return prim_id_canonical(stem, &serve_config_get(x->serve)->self, x->arena, &kind, &x->owner);
}

static status on_delete(struct exchange *x, struct serve_resource *resource)
{
    uint64_t count;
    (void)resource;
    TRY(count_registrations(x, &count));
    return count > 0 ? set_registrations(x, count - 1) : OK;
}

struct wire_value *cse_ae_attributes(struct exchange *x, struct bytes stem, const char *app_id)
{
    struct arena *arena = x->arena;
    struct wire_value *attributes = wire_object(arena);
    struct wire_value *versions = wire_array(arena);
    const struct prim_texts *releases = &serve_config_get(x->serve)->release_versions;
    for (size_t i = 0; i < releases->count; i++) {
        wire_push(versions, wire_string(arena, releases->items[i]));
    }
    if (wire_add(attributes, type_attr_short(ATTR_APP_ID), wire_string(arena, bytes_str(app_id))) ==
            NULL ||
        wire_add(attributes, type_attr_short(ATTR_AE_ID), wire_string(arena, stem)) == NULL ||
        wire_add(attributes, type_attr_short(ATTR_REQUEST_REACHABILITY), wire_bool(arena, false)) ==
            NULL ||
        wire_add(attributes, type_attr_short(ATTR_SUPPORTED_RELEASE_VERSIONS), versions) == NULL) {
        return NULL;
    }
    return attributes;
}

const struct serve_ops cse_ae_ops = {
    .type = TYPE_AE,
    .check_create = check_create,
    .on_create = on_create,
    .on_delete = on_delete,
    .on_notify = cse_ae_notify,
    .cancelled = cse_ae_cancelled,
};
