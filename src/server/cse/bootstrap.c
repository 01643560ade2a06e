/* SPDX-License-Identifier: Apache-2.0
 * The first start makes the CSEBase, the administrator's policy and the administrator's <AE>; every
 * start brings what the CSEBase says of itself up to date. Decisions 11: the administrator acts
 * through an ordinary policy. TS-0001 9.6.3. */
#include "server/cse/cse_int.h"

#define POLICY_NAME BYTES("acpAdmin")
#define ADMIN_APP_ID "N.antipolis.administrator"
#define ALL_OPERATIONS 63
/* 9999-12-31T23:59:59: what the first start makes does not expire. */
#define NEVER (INT64_C(253402300799) * USEC_PER_SEC)

static bool add(struct wire_value *object, enum type_attr_id id, struct wire_value *value)
{
    return wire_add(object, type_attr_short(id), value) != NULL;
}

static struct wire_value *texts_array(struct arena *arena, const struct prim_texts *texts)
{
    struct wire_value *array = wire_array(arena);
    for (size_t i = 0; i < texts->count; i++) {
        if (wire_push(array, wire_string(arena, texts->items[i])) == NULL) {
            return NULL;
        }
    }
    return array;
}

static struct wire_value *supported_types(struct arena *arena)
{
    struct wire_value *array = wire_array(arena);
    uint32_t last = 0;
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        bool counts = type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED &&
                      type->storage != TYPE_STORAGE_NONE && type == type_by_number(type->number);
        if (counts && type->number != last) {
            last = type->number;
            if (wire_push(array, wire_int(arena, last)) == NULL) {
                return NULL;
            }
        }
    }
    return array;
}

static int64_t cse_type_of(enum type_cse_bit kind)
{
    switch (kind) {
    case TYPE_CSE_IN:
        return 1;
    case TYPE_CSE_MN:
        return 2;
    case TYPE_CSE_ASN:
        return 3;
    }
    return 1;
}

static status base_attributes(struct exchange *x, struct wire_value **ret_attributes)
{
    const struct serve_config *config = serve_config_get(x->serve);
    static const struct bytes formats[] = {{"json", 4}, {"cbor", 4}, {"xml", 3}};
    const struct prim_texts serializations = {.items = formats, .count = ARRAY_LEN(formats)};
    struct arena *arena = x->arena;
    struct wire_value *attributes = wire_object(arena);
    bool good =
        attributes != NULL &&
        add(attributes, ATTR_CSE_TYPE, wire_int(arena, cse_type_of(config->cse_kind))) &&
        add(attributes, ATTR_CSE_ID, wire_string(arena, config->self.cse_id)) &&
        add(attributes, ATTR_SUPPORTED_RESOURCE_TYPE, supported_types(arena)) &&
        add(attributes, ATTR_POINT_OF_ACCESS, texts_array(arena, &config->points_of_access)) &&
        add(attributes, ATTR_CONTENT_SERIALIZATION, texts_array(arena, &serializations)) &&
        add(attributes, ATTR_SUPPORTED_RELEASE_VERSIONS,
            texts_array(arena, &config->release_versions));
    ENSURE(good, NO_MEMORY, "CSEBase");
    *ret_attributes = attributes;
    return OK;
}

static status insert(struct exchange *x, const struct store_new *wanted,
                     const struct wire_value *attributes, struct store_row *ret_row)
{
    struct store_new row = *wanted;
    struct buf buf;
    row.ct = row.lt = x->now;
    row.state_tag = row.size = -1;
    buf_init(&buf, serve_config_get(x->serve)->limits.arena_size);
    wire_encode(WIRE_CBOR, attributes, &buf);
    status result = buf_check(&buf);
    if (is_ok(result)) {
        row.body = buf_bytes(&buf);
        result = store_insert(x->view, &row, x->arena, ret_row);
    }
    buf_fini(&buf);
    return result;
}

/* The same below the CSEBase, found by discovery like any other. */
static status insert_below(struct exchange *x, const struct store_new *wanted,
                           struct wire_value *attributes, struct store_row *ret_row)
{
    struct serve_resource made = {.type = type_by_number(wanted->type)};
    TRY(insert(x, wanted, attributes, &made.row));
    TRY(serve_update_internal(x, &made, attributes, false)); /* writes the keys */
    *ret_row = made.row;
    return OK;
}

/* ---- CSEBase ---- */

static status make_base(struct exchange *x, struct serve_resource *ret_base)
{
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    struct store_new row = {
        .ri = bytes_from(self->cse_id, 1), .rn = self->cse_name, .type = TYPE_CSE_BASE};
    struct serve_resource base = {.type = type_by_number(TYPE_CSE_BASE)};
    TRY(base_attributes(x, &base.attributes));
    status made = insert(x, &row, base.attributes, &base.row);
    ENSURE(!status_is(made, STATUS_CONFLICT), CONFIG,
           "the store belongs to a CSE of another name; use another folder or restore the names");
    TRY(made);
    *ret_base = base;
    return OK;
}

/* What the configuration says now; links to policies stay. */
static status refresh_base(struct exchange *x, struct serve_resource *base)
{
    struct wire_value *attributes;
    TRY(base_attributes(x, &attributes));
    TRY(serve_resource_read(x, base));
    ENSURE(bytes_equal(type_get_string(base->attributes, ATTR_CSE_ID),
                       type_get_string(attributes, ATTR_CSE_ID)),
           CONFIG, "the store belongs to the CSE %.*s",
           BYTES_FMT(type_get_string(base->attributes, ATTR_CSE_ID)));
    for
        WIRE_EACH(kept, base->attributes)
        {
            if (wire_get(attributes, kept->name) == NULL) {
                ENSURE(wire_add(attributes, kept->name, wire_dup(x->arena, kept)) != NULL,
                       NO_MEMORY, "CSEBase");
            }
        }
    if (wire_equal(attributes, base->attributes)) {
        return OK;
    }
    return serve_update_internal(x, base, attributes, true);
}

static status find_base(struct exchange *x, struct serve_resource *ret_base)
{
    struct serve_resource base = {.type = type_by_number(TYPE_CSE_BASE)};
    status got =
        store_get_by_path(x->view, serve_config_get(x->serve)->self.cse_name, x->arena, &base.row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        return make_base(x, ret_base);
    }
    TRY(got);
    TRY(refresh_base(x, &base));
    *ret_base = base;
    return OK;
}

/* ---- administrator ---- */

static struct wire_value *one_rule(struct arena *arena, struct bytes originator)
{
    struct wire_value *rules = wire_object(arena);
    struct wire_value *list = wire_add(rules, BYTES("acr"), wire_array(arena));
    struct wire_value *rule = wire_push(list, wire_object(arena));
    struct wire_value *who = wire_add(rule, BYTES("acor"), wire_array(arena));
    if (wire_push(who, wire_string(arena, originator)) == NULL ||
        wire_add(rule, BYTES("acop"), wire_int(arena, ALL_OPERATIONS)) == NULL) {
        return NULL;
    }
    return rules;
}

static status make_policy(struct exchange *x, const struct serve_resource *base,
                          struct bytes administrator, struct store_row *ret_row)
{
    struct wire_value *attributes = wire_object(x->arena);
    ENSURE(attributes != NULL &&
               add(attributes, ATTR_PRIVILEGES, one_rule(x->arena, administrator)) &&
               add(attributes, ATTR_SELF_PRIVILEGES, one_rule(x->arena, administrator)),
           NO_MEMORY, "policy");
    struct store_new row = {.parent_id = base->row.id,
                            .ri_prefix = BYTES("acp"),
                            .rn = POLICY_NAME,
                            .type = TYPE_ACCESS_CONTROL_POLICY,
                            .et = NEVER,
                            .originator = administrator};
    return insert_below(x, &row, attributes, ret_row);
}

static struct wire_value *link_to(struct exchange *x, struct bytes policy)
{
    struct wire_value *links = wire_array(x->arena);
    return wire_push(links, wire_string(x->arena, policy)) != NULL ? links : NULL;
}

static status link_base(struct exchange *x, struct serve_resource *base, struct bytes policy)
{
    TRY(serve_resource_read(x, base));
    struct wire_value *attributes = wire_dup(x->arena, base->attributes);
    ENSURE(attributes != NULL &&
               type_set(attributes, ATTR_ACCESS_CONTROL_POLICY_IDS, link_to(x, policy)) != NULL,
           NO_MEMORY, "CSEBase");
    return serve_update_internal(x, base, attributes, true);
}

static status make_administrator(struct exchange *x, const struct serve_resource *base,
                                 struct bytes absolute, struct bytes policy)
{
    struct bytes stem = serve_config_get(x->serve)->administrator;
    struct store_row row;
    status got = store_get(x->view, stem, x->arena, &row);
    if (!status_is(got, STATUS_NOT_FOUND)) {
        return got;
    }
    struct wire_value *attributes = cse_ae_attributes(x, stem, ADMIN_APP_ID);
    ENSURE(attributes != NULL &&
               add(attributes, ATTR_ACCESS_CONTROL_POLICY_IDS, link_to(x, policy)),
           NO_MEMORY, "administrator");
    struct store_new wanted = {.parent_id = base->row.id,
                               .ri = stem,
                               .rn = stem,
                               .type = TYPE_AE,
                               .et = NEVER,
                               .originator = absolute};
    return insert_below(x, &wanted, attributes, &row);
}

static status bootstrap(struct exchange *x, void *user)
{
    const struct serve_config *config = serve_config_get(x->serve);
    struct serve_resource base;
    struct store_row policy;
    (void)user;
    TRY(find_base(x, &base));
    if (config->administrator.len == 0) {
        return OK;
    }
    enum prim_id_kind kind;
    struct bytes absolute;
    TRY(prim_id_canonical(config->administrator, &config->self, x->arena, &kind, &absolute));
    ENSURE(kind == PRIM_ID_AE_C || kind == PRIM_ID_AE_S, CONFIG, "the administrator is no AE-ID");
    status got = store_get_child(x->view, base.row.id, POLICY_NAME, x->arena, &policy);
    if (status_is(got, STATUS_NOT_FOUND)) {
        TRY(make_policy(x, &base, absolute, &policy));
        TRY(link_base(x, &base, policy.ri));
    } else {
        TRY(got);
    }
    return make_administrator(x, &base, absolute, policy.ri);
}

status cse_bootstrap(struct serve *serve)
{
    return serve_run_now(serve, bootstrap, NULL);
}
