/* SPDX-License-Identifier: Apache-2.0
 * Compiled access control policies, the groups that they name, and who is registered, kept by each
 * thread until a commit touches any of it. TS-0003 7.1.3, 7.1.4. */
#include "serve/serve_int.h"

#define POLICIES_MAX 4096
#define POLICIES_OCTETS ((size_t)64 << 20) /* of all together: whoever writes large ones */
#define REGISTERED_MAX 65536
#define POLICY_MEMORY (4u * 1024u * 1024u)
#define REGISTERED_MEMORY (8u * 1024u * 1024u)

struct registered {
    int64_t et;
};

struct serve_policies {
    uint64_t version;
    struct map *by_id; /* struct serve_policy * */
    size_t octets;     /* of their arenas */
    struct map *registered;
    struct arena *registered_arena;
};

bool serve_is_policy(const struct type_resource *type)
{
    return type_find(type, ATTR_SELF_PRIVILEGES) != NULL;
}

/* Policies; groups that rules may name; AEs that groups may name and that identify asks for. */
bool serve_is_policy_input(const struct type_resource *type)
{
    return serve_is_policy(type) || type_find(type, ATTR_MEMBER_IDS) != NULL ||
           type_find(type, ATTR_AE_ID) != NULL || type_find(type, ATTR_CSE_ID) != NULL;
}

status serve_policies_new(struct serve_policies **ret_policies)
{
    struct serve_policies *policies = mem_alloc(sizeof(*policies));
    ENSURE(policies != NULL, NO_MEMORY, "policies");
    policies->by_id = map_new(POLICIES_MAX);
    policies->registered = map_new(REGISTERED_MAX);
    policies->registered_arena = arena_new(REGISTERED_MEMORY);
    if (policies->by_id == NULL || policies->registered == NULL ||
        policies->registered_arena == NULL) {
        serve_policies_free(policies);
        FAIL(NO_MEMORY, "policies");
    }
    *ret_policies = policies;
    return OK;
}

static void policy_free(struct serve_policy *policy)
{
    if (policy != NULL) {
        arena_free(policy->arena);
        mem_free(policy->memos);
        mem_free(policy);
    }
}

static void drop_policy(void *user, struct bytes key, void *value)
{
    struct serve_policies *policies = user;
    const struct serve_policy *policy = value;
    policies->octets -= arena_used(policy->arena);
    policy_free(value);
    map_remove(policies->by_id, key);
}

static void drop_registered(void *user, struct bytes key, void *value)
{
    (void)value;
    map_remove(user, key);
}

void serve_policies_clear(struct serve_policies *policies)
{
    map_each(policies->by_id, drop_policy, policies);
    map_each(policies->registered, drop_registered, policies->registered);
    arena_reset(policies->registered_arena);
}

void serve_policies_free(struct serve_policies *policies)
{
    if (policies == NULL) {
        return;
    }
    if (policies->by_id != NULL) {
        map_each(policies->by_id, drop_policy, policies);
    }
    map_free(policies->by_id);
    map_free(policies->registered);
    arena_free(policies->registered_arena);
    mem_free(policies);
}

void serve_policies_refresh(struct serve_policies *policies, uint64_t version)
{
    if (policies->version != version) {
        serve_policies_clear(policies);
        policies->version = version;
    }
}

struct serve_policies *serve_policies_of(struct exchange *x)
{
    return x->in_job ? x->serve->writer_policies : x->worker->policies;
}

/* ---- groups that rules name ---- */

/* The absolute identifier behind a member: an AE's is its resource identifier, a CSE's its CSE-ID;
 * one that is hosted elsewhere stands for itself. Absent when it is neither. */
static struct bytes member_identity(struct exchange *x, struct bytes member, struct arena *arena)
{
    const struct prim_self *self = &x->serve->config.self;
    struct serve_resource resource;
    struct bytes id = member;
    if (is_ok(serve_resource_find(x, member, &resource))) {
        if (is_error(serve_resource_read(x, &resource))) {
            return BYTES_NONE;
        }
        id = type_get_string(resource.attributes, ATTR_AE_ID);
        if (id.ptr == NULL) {
            id = type_get_string(resource.attributes, ATTR_CSE_ID);
        }
    } else if (!bytes_starts_with(member, BYTES("/"))) {
        return BYTES_NONE; /* not here, and nowhere else */
    }
    enum prim_id_kind kind;
    struct bytes absolute;
    if (id.len == 0 || is_error(prim_id_canonical(id, self, arena, &kind, &absolute))) {
        return BYTES_NONE;
    }
    return absolute;
}

/* A group that cannot be read matches nobody; nor does one past its time, collected or not. */
static status resolve_group(struct exchange *x, struct serve_policy *policy,
                            struct authz_group *group)
{
    struct arena *arena = policy->arena;
    struct serve_resource resource;
    if (is_error(serve_resource_find(x, group->id, &resource))) {
        return OK;
    }
    int64_t et = resource.row.et;
    if (et != 0 && (policy->stale_at == 0 || et < policy->stale_at)) {
        policy->stale_at = et;
    }
    TRY(serve_resource_read(x, &resource));
    const struct wire_value *members = type_get(resource.attributes, ATTR_MEMBER_IDS);
    if (!wire_is(members, WIRE_ARRAY)) {
        return OK;
    }
    struct bytes *items = ARENA_ARRAY(arena, struct bytes, members->count + 1);
    ENSURE(items != NULL, NO_MEMORY, "group members");
    size_t count = 0;
    for
        WIRE_EACH(member, members)
        {
            struct bytes identity = member_identity(x, wire_get_string(member), arena);
            if (identity.len > 0) {
                items[count] = arena_dup(arena, identity);
                ENSURE(items[count].ptr != NULL, NO_MEMORY, "group members");
                count += 1;
            }
        }
    group->known = true;
    group->members = (struct prim_texts){.items = items, .count = count};
    return OK;
}

static status resolve_groups(struct exchange *x, const struct authz_rules *rules,
                             struct serve_policy *policy, const struct authz_group **ret_groups,
                             size_t *ret_count)
{
    struct prim_texts names = authz_rules_groups(rules);
    struct authz_group *groups = ARENA_ARRAY(policy->arena, struct authz_group, names.count + 1);
    ENSURE(groups != NULL, NO_MEMORY, "groups");
    for (size_t i = 0; i < names.count; i++) {
        groups[i].id = names.items[i];
        TRY(resolve_group(x, policy, &groups[i]));
    }
    *ret_groups = groups;
    *ret_count = names.count;
    return OK;
}

/* ---- policies ---- */

static status compile(struct exchange *x, struct serve_resource *resource,
                      struct serve_policy *policy)
{
    const struct serve_config *config = &x->serve->config;
    TRY(serve_resource_read(x, resource));
    struct arena *arena = policy->arena;
    /* compiled rules borrow from the stored form, which therefore is copied beside them */
    struct wire_value *pv = wire_dup(arena, type_get(resource->attributes, ATTR_PRIVILEGES));
    struct wire_value *pvs = wire_dup(arena, type_get(resource->attributes, ATTR_SELF_PRIVILEGES));
    policy->ri = arena_dup(arena, resource->row.ri);
    policy->memos = mem_alloc_array(SERVE_MEMO_SLOTS, sizeof(*policy->memos));
    ENSURE(pv != NULL && pvs != NULL && policy->ri.ptr != NULL && policy->memos != NULL, NO_MEMORY,
           "policy");
    TRY(authz_rules_compile(pv, &config->self, &config->limits, arena, &policy->privileges));
    TRY(authz_rules_compile(pvs, &config->self, &config->limits, arena, &policy->self_privileges));
    TRY(resolve_groups(x, policy->privileges, policy, &policy->groups, &policy->group_count));
    TRY(resolve_groups(x, policy->self_privileges, policy, &policy->self_groups,
                       &policy->self_group_count));
    policy->et = resource->row.et;
    policy->found = true;
    return OK;
}

/* What does not lead to a readable policy grants nothing; only exhaustion is an error. */
static status load(struct exchange *x, struct bytes id, struct serve_policy *policy)
{
    struct serve_resource resource;
    status found = serve_resource_find(x, id, &resource);
    if (is_ok(found) && serve_is_policy(resource.type)) {
        found = compile(x, &resource, policy);
    }
    if (status_is(found, STATUS_NO_MEMORY) || status_is(found, STATUS_STORE_FAILED)) {
        return found;
    }
    return OK;
}

status serve_policy_get(struct exchange *x, struct bytes id, struct serve_policy **ret_policy)
{
    struct serve_policies *policies = serve_policies_of(x);
    struct serve_policy *policy = map_get(policies->by_id, id);
    if (policy != NULL && policy->stale_at != 0 && policy->stale_at <= x->now) {
        drop_policy(policies, id, policy);
        policy = NULL;
    }
    if (policy != NULL) {
        *ret_policy = policy;
        return OK;
    }
    if (map_count(policies->by_id) >= POLICIES_MAX || policies->octets >= POLICIES_OCTETS) {
        map_each(policies->by_id, drop_policy, policies);
    }
    policy = mem_alloc(sizeof(*policy));
    ENSURE(policy != NULL, NO_MEMORY, "policy");
    policy->arena = arena_new(POLICY_MEMORY);
    status loaded = policy->arena != NULL ? load(x, id, policy) : ERROR(NO_MEMORY);
    if (is_ok(loaded)) {
        loaded = map_put(policies->by_id, id, policy);
    }
    if (is_error(loaded)) {
        policy_free(policy);
        return loaded;
    }
    policies->octets += arena_used(policy->arena);
    *ret_policy = policy;
    return OK;
}

/* ---- who is registered ---- */

status serve_is_registered(struct exchange *x, struct bytes stem, bool *ret_registered)
{
    struct serve_policies *policies = serve_policies_of(x);
    const struct registered *known = map_get(policies->registered, stem);
    if (known != NULL) {
        *ret_registered = known->et == 0 || known->et > x->now;
        return OK;
    }
    struct store_row row;
    status got = store_get(x->view, stem, x->arena, &row);
    if (status_is(got, STATUS_NOT_FOUND)) {
        *ret_registered = false;
        return OK;
    }
    TRY(got);
    const struct type_resource *type = type_by_number(row.type);
    if (type == NULL || type_find(type, ATTR_AE_ID) == NULL || serve_has_expired(x, &row)) {
        *ret_registered = false;
        return OK;
    }
    struct registered *entry = ARENA_NEW(policies->registered_arena, struct registered);
    if (entry != NULL) {
        entry->et = row.et;
        /* full: the next ones are looked up each time until a change clears the map */
        IGNORE_STATUS(map_put(policies->registered, stem, entry));
    }
    *ret_registered = true;
    return OK;
}
