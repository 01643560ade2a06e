/* SPDX-License-Identifier: Apache-2.0
 * Asks for the yes or no and enforces it; the only place that does. Which rules govern a resource:
 * TS-0001 9.6.1.3.2, TS-0003 7.1.3, TS-0004 7.3.3.15. Refusal is the default. */
#include "serve/serve_int.h"

static struct bytes definition_of(const struct exchange *x, const struct serve_resource *resource)
{
    if (resource->type->definition == 0) {
        return BYTES_NONE;
    }
    return arena_printf(x->arena, "%u", (unsigned)resource->type->definition);
}

void serve_facts(struct exchange *x, const struct auth_context *who,
                 struct serve_resource *resource, struct authz_facts *ret_facts)
{
    struct authz_facts facts = {
        .originator = who->absolute,
        .authenticated = who->authenticated,
        .time = x->received,
        .target_type = resource->type->number,
        .target_definition = definition_of(x, resource),
    };
    if (who->peer != NULL && who->peer->has_address) {
        facts.has_address = true;
        facts.address = who->peer->address;
    }
    *ret_facts = facts;
}

status serve_governing_find(struct exchange *x, struct serve_resource *resource,
                            struct serve_governing *ret_governing)
{
    struct serve_governing governing = {.policy_ids = NULL};
    struct serve_resource here = *resource;
    for (uint64_t i = 0; i <= x->serve->config.limits.path_depth; i++) {
        governing.governed = here.row.ri;
        if (serve_is_policy(here.type)) {
            governing.own_policy = here.row.ri;
            break;
        }
        if (type_find(here.type, ATTR_ACCESS_CONTROL_POLICY_IDS) != NULL) {
            TRY(serve_resource_read(x, &here));
            const struct wire_value *ids =
                type_get(here.attributes, ATTR_ACCESS_CONTROL_POLICY_IDS);
            if (wire_is(ids, WIRE_ARRAY) && ids->count > 0) {
                governing.policy_ids = ids;
                break;
            }
            if (x->serve->config.default_policy == SERVE_DEFAULT_CREATOR) {
                governing.owner = here.row.originator;
                break;
            }
        }
        if (here.row.parent_id == 0) {
            break;
        }
        struct serve_resource parent;
        TRY(serve_resource_parent(x, &here, &parent));
        here = parent;
    }
    if (here.row.id == resource->row.id) {
        *resource = here; /* keep what was decoded */
    }
    *ret_governing = governing;
    return OK;
}

/* ---- one policy ---- */

static struct serve_decision_memo *memo_slot(struct serve_policy *policy,
                                             const struct authz_facts *facts)
{
    uint64_t hash = bytes_hash(facts->originator) + facts->operation * UINT64_C(31) +
                    facts->child_type * UINT64_C(7) + facts->target_type;
    return &policy->memos[hash % SERVE_MEMO_SLOTS];
}

static bool memo_fits(const struct serve_decision_memo *memo, const struct authz_facts *facts,
                      bool self)
{
    return memo->used && memo->self == self && memo->operation == facts->operation &&
           memo->child_type == facts->child_type && memo->target_type == facts->target_type &&
           memo->authenticated == facts->authenticated &&
           bytes_equal(bytes_of(memo->originator, memo->originator_len), facts->originator);
}

/* Verdicts that rest on nothing but the originator, the operation and the types are kept with the
 * policy; they fall with it. */
static struct authz_decision decide_kept(struct serve_policy *policy, struct authz_facts *facts,
                                         bool self)
{
    struct serve_decision_memo *memo = memo_slot(policy, facts);
    bool keepable =
        facts->originator.len <= SERVE_ORIGINATOR_MAX && facts->target_definition.len == 0;
    if (keepable && memo_fits(memo, facts, self)) {
        return memo->decision;
    }
    facts->groups = self ? policy->self_groups : policy->groups;
    facts->group_count = self ? policy->self_group_count : policy->group_count;
    struct authz_decision decision =
        authz_decide(self ? policy->self_privileges : policy->privileges, facts);
    if (keepable && !decision.depends_on_time && !decision.depends_on_context) {
        *memo = (struct serve_decision_memo){.used = true,
                                             .self = self,
                                             .operation = facts->operation,
                                             .child_type = facts->child_type,
                                             .target_type = facts->target_type,
                                             .authenticated = facts->authenticated,
                                             .originator_len = facts->originator.len,
                                             .decision = decision};
        memcpy(memo->originator, facts->originator.ptr, facts->originator.len);
    }
    return decision;
}

static status ask_policy(struct exchange *x, struct bytes id, struct authz_facts *facts, bool self)
{
    struct serve_policy *policy;
    TRY(serve_policy_get(x, id, &policy));
    if (!policy->found || (policy->et != 0 && policy->et <= x->now)) {
        return OK; /* gone: grants nothing */
    }
    struct authz_decision decision = decide_kept(policy, facts, self);
    if (decision.verdict == AUTHZ_PERMIT) {
        x->decision = decision;
        x->deciding_policy = arena_dup(x->arena, policy->ri);
    }
    return OK;
}

static status ask_policies(struct exchange *x, const struct wire_value *ids,
                           struct authz_facts *facts, bool self)
{
    for
        WIRE_EACH(id, ids)
        {
            if (x->decision.verdict == AUTHZ_PERMIT) {
                break;
            }
            if (wire_is(id, WIRE_STRING)) {
                TRY(ask_policy(x, id->string, facts, self));
            }
        }
    return OK;
}

/* ---- decisions ---- */

static void forget_decision(struct exchange *x, const char *stage)
{
    x->decision = (struct authz_decision){.verdict = AUTHZ_DENY};
    x->deciding_policy = BYTES_NONE;
    x->deciding_stage = stage;
}

static status verdict(const struct exchange *x, const struct auth_context *who)
{
    ENSURE(x->decision.verdict == AUTHZ_PERMIT, ORIGINATOR_HAS_NO_PRIVILEGE, "%.*s: %s",
           BYTES_FMT(who->claimed), x->deciding_stage);
    return OK;
}

static status ask_governing(struct exchange *x, const struct auth_context *who,
                            struct serve_resource *resource, struct authz_facts *facts)
{
    struct serve_governing governing;
    TRY(serve_governing_find(x, resource, &governing));
    if (governing.own_policy.len > 0) {
        forget_decision(x, "selfPrivileges");
        return ask_policy(x, governing.own_policy, facts, true);
    }
    if (governing.policy_ids != NULL) {
        forget_decision(x, "privileges");
        return ask_policies(x, governing.policy_ids, facts, false);
    }
    forget_decision(x, governing.owner.len > 0 ? "creator" : "no policy");
    if (governing.owner.len > 0 && bytes_equal(governing.owner, who->absolute)) {
        x->decision.verdict = AUTHZ_PERMIT;
    }
    return OK;
}

status serve_authorize(struct exchange *x, const struct auth_context *who,
                       struct serve_resource *resource, uint32_t operation, uint32_t child_type)
{
    forget_decision(x, "internal");
    if (who->internal) {
        x->decision.verdict = AUTHZ_PERMIT;
        return OK;
    }
    const struct serve_ops *ops = serve_ops_of(x->serve, resource->type);
    if (ops != NULL && ops->authorize != NULL) {
        forget_decision(x, "rule of the type");
        TRY(ops->authorize(x, who, resource, operation, child_type));
        x->decision.verdict = AUTHZ_PERMIT;
        return OK;
    }
    struct authz_facts facts;
    serve_facts(x, who, resource, &facts);
    facts.operation = operation;
    facts.child_type = child_type;
    TRY(ask_governing(x, who, resource, &facts));
    return verdict(x, who);
}

status serve_authorize_by(struct exchange *x, const struct auth_context *who,
                          const struct wire_value *policy_ids, struct serve_resource *resource,
                          uint32_t operation, uint32_t child_type)
{
    forget_decision(x, "internal");
    if (who->internal) {
        x->decision.verdict = AUTHZ_PERMIT;
        return OK;
    }
    forget_decision(x, "privileges");
    struct authz_facts facts;
    serve_facts(x, who, resource, &facts);
    facts.operation = operation;
    facts.child_type = child_type;
    TRY(ask_policies(x, policy_ids, &facts, false));
    return verdict(x, who);
}

status serve_authorize_links(struct exchange *x, struct serve_resource *resource)
{
    forget_decision(x, "internal");
    if (x->who.internal) {
        x->decision.verdict = AUTHZ_PERMIT;
        return OK;
    }
    struct authz_facts facts;
    serve_facts(x, &x->who, resource, &facts);
    facts.operation = TYPE_OP_UPDATE;
    struct serve_governing governing;
    TRY(serve_governing_find(x, resource, &governing));
    if (governing.policy_ids != NULL) {
        forget_decision(x, "selfPrivileges");
        TRY(ask_policies(x, governing.policy_ids, &facts, true));
        return verdict(x, &x->who);
    }
    return serve_authorize(x, &x->who, resource, TYPE_OP_UPDATE, 0);
}

/* ---- the stage ---- */

static uint32_t wanted_right(const struct exchange *x)
{
    switch (x->call->request.operation) {
    case PRIM_CREATE:
        return TYPE_OP_CREATE;
    case PRIM_RETRIEVE:
        return serve_is_discovery(x) ? TYPE_OP_DISCOVERY : TYPE_OP_RETRIEVE;
    case PRIM_UPDATE:
        return TYPE_OP_UPDATE;
    case PRIM_DELETE:
        return TYPE_OP_DELETE;
    case PRIM_NOTIFY:
        return TYPE_OP_NOTIFY;
    case PRIM_NO_OPERATION:
        return 0;
    }
    return 0;
}

static bool updates_links(const struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    const struct wire_value *content = wire_only_member(request->content);
    return request->operation == PRIM_UPDATE && x->virtual_type == NULL &&
           type_get(content, ATTR_ACCESS_CONTROL_POLICY_IDS) != NULL;
}

static status decide(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    uint32_t right = wanted_right(x);
    uint32_t child = request->operation == PRIM_CREATE ? request->resource_type : 0;
    if (x->virtual_type != NULL) {
        const struct serve_ops *ops = serve_ops_of(x->serve, x->virtual_type);
        if (ops != NULL && ops->authorize != NULL) {
            forget_decision(x, "rule of the type");
            TRY(ops->authorize(x, &x->who, &x->target, right, child));
            x->decision.verdict = AUTHZ_PERMIT;
            return OK;
        }
    }
    if (updates_links(x)) {
        return serve_authorize_links(x, &x->target);
    }
    return serve_authorize(x, &x->who, &x->target, right, child);
}

/* Requests that step Recv-6.3 does not judge: the registration of an AE (7.4.5.2.1), and discovery,
 * which judges each hit instead (7.3.3.14). NULL for all others. */
static const char *unjudged(const struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    if (x->virtual_type != NULL) {
        return NULL;
    }
    /* anywhere else an <AE> cannot stand, and that is no news to who may not look there */
    bool has_place = x->target.row.parent_id == 0 || !x->serve->config.hide_existence;
    if (request->operation == PRIM_CREATE && request->resource_type == TYPE_AE && has_place) {
        return "registration";
    }
    return serve_is_discovery(x) ? "discovery" : NULL;
}

status serve_authorize_stage(struct exchange *x)
{
    const char *stage = unjudged(x);
    status decided = OK;
    if (stage != NULL) {
        forget_decision(x, stage);
    } else {
        decided = decide(x);
    }
    if (!x->in_job) {
        serve_audit_decision(x, decided);
    }
    return decided;
}
