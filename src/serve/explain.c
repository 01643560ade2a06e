/* SPDX-License-Identifier: Apache-2.0
 * The whole decision about a request that would be made, for the operator alone: which rules
 * govern, and for each rule the predicate that failed or that it permits. TS-0003 7.1.3 to 7.1.5.
 */
#include "serve/serve_int.h"

struct explanation {
    struct exchange *x;
    const struct serve_question *question;
    struct arena *arena; /* of the answer */
    struct wire_value *object;
    struct authz_facts facts;
    bool permitted;
    bool failed; /* no memory */
};

/* ---- building ---- */

static void put(struct explanation *e, struct wire_value *object, const char *name,
                struct wire_value *value)
{
    e->failed = wire_add(object, bytes_str(name), value) == NULL || e->failed;
}

static struct wire_value *text(const struct explanation *e, struct bytes value)
{
    struct bytes copy = arena_dup(e->arena, value.ptr != NULL ? value : BYTES(""));
    return copy.ptr != NULL ? wire_string(e->arena, copy) : NULL;
}

static const char *operation_name(uint32_t operation)
{
    switch (operation) {
    case TYPE_OP_CREATE:
        return "CREATE";
    case TYPE_OP_RETRIEVE:
        return "RETRIEVE";
    case TYPE_OP_UPDATE:
        return "UPDATE";
    case TYPE_OP_DELETE:
        return "DELETE";
    case TYPE_OP_NOTIFY:
        return "NOTIFY";
    case TYPE_OP_DISCOVERY:
        return "DISCOVERY";
    }
    return "";
}

/* ---- policies ---- */

static void explain_rules(struct explanation *e, const struct serve_policy *policy, bool self,
                          struct wire_value *into)
{
    const struct authz_rules *rules = self ? policy->self_privileges : policy->privileges;
    struct wire_value *list = wire_array(e->arena);
    e->facts.groups = self ? policy->self_groups : policy->groups;
    e->facts.group_count = self ? policy->self_group_count : policy->group_count;
    for (size_t i = 0; i < authz_rules_count(rules); i++) {
        enum authz_predicate failed = authz_explain_rule(rules, i, &e->facts);
        bool permits = failed == AUTHZ_PREDICATE_NONE;
        struct wire_value *rule = wire_object(e->arena);
        put(e, rule, "rule", wire_int(e->arena, (int64_t)i));
        put(e, rule, "permits", wire_bool(e->arena, permits));
        if (!permits) {
            put(e, rule, "failed", text(e, bytes_str(authz_predicate_name(failed))));
        }
        e->failed = wire_push(list, rule) == NULL || e->failed;
        e->permitted = e->permitted || permits;
    }
    put(e, into, "rules", list);
}

static status explain_policy(struct explanation *e, struct bytes id, bool self,
                             struct wire_value *list)
{
    struct serve_policy *policy;
    TRY(serve_policy_get(e->x, id, &policy));
    struct wire_value *entry = wire_object(e->arena);
    bool expired = policy->found && policy->et != 0 && policy->et <= e->x->now;
    put(e, entry, "id", text(e, id));
    put(e, entry, "set", text(e, self ? BYTES("selfPrivileges") : BYTES("privileges")));
    put(e, entry, "state",
        text(e, !policy->found ? BYTES("not found")
                : expired      ? BYTES("expired")
                               : BYTES("valid")));
    if (policy->found && !expired) {
        put(e, entry, "ri", text(e, policy->ri));
        explain_rules(e, policy, self, entry);
    }
    e->failed = wire_push(list, entry) == NULL || e->failed;
    return OK;
}

static status explain_governing(struct explanation *e, struct serve_resource *resource)
{
    struct serve_governing governing;
    TRY(serve_governing_find(e->x, resource, &governing));
    struct wire_value *list = wire_array(e->arena);
    put(e, e->object, "governed-by", text(e, governing.governed));
    if (governing.own_policy.len > 0) {
        put(e, e->object, "stage", text(e, BYTES("selfPrivileges")));
        TRY(explain_policy(e, governing.own_policy, true, list));
    } else if (governing.policy_ids != NULL) {
        put(e, e->object, "stage", text(e, BYTES("privileges")));
        for
            WIRE_EACH(id, governing.policy_ids)
            {
                TRY(explain_policy(e, wire_get_string(id), false, list));
            }
    } else {
        bool owned = governing.owner.len > 0;
        put(e, e->object, "stage", text(e, owned ? BYTES("creator") : BYTES("no policy")));
        if (owned) {
            put(e, e->object, "creator", text(e, governing.owner));
        }
        e->permitted = owned && bytes_equal(governing.owner, e->facts.originator);
    }
    put(e, e->object, "policies", list);
    return OK;
}

/* ---- the question ---- */

static status set_facts(struct explanation *e, struct serve_resource *resource,
                        struct auth_context *who)
{
    const struct serve_question *question = e->question;
    const struct prim_self *self = &e->x->serve->config.self;
    *who = (struct auth_context){.claimed = question->originator,
                                 .authenticated = question->authenticated};
    TRY(prim_id_canonical(question->originator, self, e->x->arena, &who->kind, &who->absolute));
    if (question->time != 0) {
        e->x->received = question->time;
    }
    serve_facts(e->x, who, resource, &e->facts);
    e->facts.operation = question->operation;
    e->facts.child_type = question->operation == TYPE_OP_CREATE ? question->child_type : 0;
    e->facts.has_address = question->has_address;
    e->facts.address = question->address;
    return OK;
}

/* A virtual resource is judged like what it stands for: by its parent. */
static status find_target(struct exchange *x, struct bytes to, struct serve_found *ret_found)
{
    struct prim_address address;
    TRY(prim_address_parse(to, &x->serve->config.self, x->arena, &address));
    ENSURE(address.ours, NOT_FOUND, "%.*s is not hosted here", BYTES_FMT(to));
    return serve_find(x, &address, ret_found);
}

static status explain(struct explanation *e)
{
    struct exchange *x = e->x;
    struct serve_found found;
    struct auth_context who;
    TRY(find_target(x, e->question->to, &found));
    TRY(set_facts(e, &found.resource, &who));
    const struct type_resource *type =
        found.virtual_type != NULL ? found.virtual_type : found.resource.type;
    put(e, e->object, "originator", text(e, who.absolute));
    put(e, e->object, "operation", text(e, bytes_str(operation_name(e->question->operation))));
    put(e, e->object, "target", text(e, found.resource.row.path));
    put(e, e->object, "type", text(e, bytes_str(type->name)));
    put(e, e->object, "authenticated", wire_bool(e->arena, who.authenticated));
    const struct serve_ops *ops = serve_ops_of(x->serve, type);
    if (e->question->operation == TYPE_OP_CREATE && e->question->child_type == TYPE_AE) {
        put(e, e->object, "stage", text(e, BYTES("registration")));
        e->permitted = true;
    } else if (ops != NULL && ops->authorize != NULL) {
        put(e, e->object, "stage", text(e, BYTES("rule of the type")));
        e->permitted = is_ok(
            ops->authorize(x, &who, &found.resource, e->question->operation, e->facts.child_type));
    } else {
        TRY(explain_governing(e, &found.resource));
    }
    put(e, e->object, "verdict", text(e, e->permitted ? BYTES("permit") : BYTES("deny")));
    ENSURE(!e->failed, NO_MEMORY, "explanation");
    return OK;
}

status serve_explain(struct serve_worker *worker, const struct serve_question *question,
                     struct arena *arena, struct wire_value **ret_explanation)
{
    struct explanation e = {.question = question, .arena = arena, .object = wire_object(arena)};
    ENSURE(e.object != NULL, NO_MEMORY, "explanation");
    ENSURE(*operation_name(question->operation) != '\0', BAD_REQUEST, "no single operation");
    TRY(serve_read_begin(worker, &e.x));
    status result = explain(&e);
    serve_read_end(e.x);
    if (is_ok(result)) {
        *ret_explanation = e.object;
    }
    return result;
}
