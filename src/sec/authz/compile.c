/* SPDX-License-Identifier: Apache-2.0
 * Access control rules from the wire into constant arrays. TS-0004 6.3.5.26, 6.3.5.27;
 * TS-0001 9.6.2; TS-0003 7.1.3. What a rule may not say is refused, nothing is skipped. */
#include "sec/authz/authz_int.h"

#define ALL_OPERATIONS 63
#define MANAGEMENT_OBJECT 13u
#define FLEX_CONTAINER 28u

status authz_check_list(const struct authz_compiler *compiler, const struct wire_value *value,
                        const char *what)
{
    ENSURE(wire_is(value, WIRE_ARRAY), BAD_REQUEST, "%s is no list", what);
    ENSURE(value->count <= compiler->limits->acp_entries, LIMIT, "%s has %u entries", what,
           value->count);
    return OK;
}

static status compile_originators(struct authz_compiler *compiler, const struct wire_value *value,
                                  struct authz_rule *rule)
{
    TRY(authz_check_list(compiler, value, "acor"));
    struct authz_originator *originators =
        ARENA_ARRAY(compiler->arena, struct authz_originator, value->count);
    ENSURE(originators != NULL, NO_MEMORY, "acor");
    for
        WIRE_EACH(element, value)
        {
            TRY(authz_originator_compile(compiler, element, &originators[rule->originator_count]));
            rule->originator_count++;
        }
    rule->originators = originators;
    return OK;
}

static status compile_operations(struct authz_compiler *compiler, const struct wire_value *value,
                                 struct authz_rule *rule)
{
    (void)compiler;
    int64_t operations = wire_get_int(value, 0);
    ENSURE(operations > 0 && operations <= ALL_OPERATIONS, BAD_REQUEST, "acop is not within 1-63");
    rule->operations = (uint32_t)operations;
    return OK;
}

static status compile_contexts(struct authz_compiler *compiler, const struct wire_value *value,
                               struct authz_rule *rule)
{
    TRY(authz_check_list(compiler, value, "acco"));
    /* An empty list could mean "any context" or "no context": such a rule is not guessed at. */
    ENSURE(value->count > 0, BAD_REQUEST, "acco holds no context");
    struct authz_context *contexts =
        ARENA_ARRAY(compiler->arena, struct authz_context, value->count);
    ENSURE(contexts != NULL, NO_MEMORY, "acco");
    for
        WIRE_EACH(element, value)
        {
            TRY(authz_context_compile(compiler, element, &contexts[rule->context_count]));
            rule->context_count++;
        }
    rule->contexts = contexts;
    return OK;
}

static status get_type(const struct wire_value *value, uint32_t *ret_type)
{
    int64_t type = wire_get_int(value, -1);
    ENSURE(type >= 0 && type <= UINT32_MAX, BAD_REQUEST, "acod holds what is no resource type");
    *ret_type = (uint32_t)type;
    return OK;
}

static status compile_child_types(struct authz_compiler *compiler, const struct wire_value *value,
                                  struct authz_object *object)
{
    TRY(authz_check_list(compiler, value, "chty"));
    uint32_t *types = ARENA_ARRAY(compiler->arena, uint32_t, value->count);
    ENSURE(types != NULL, NO_MEMORY, "chty");
    for
        WIRE_EACH(element, value)
        {
            TRY(get_type(element, &types[object->child_types.count]));
            object->child_types.count++;
        }
    object->child_types.items = types;
    return OK;
}

/* A choice of containerDefinition and mgmtDefinition. */
static status compile_definition(struct authz_compiler *compiler, const struct wire_value *value,
                                 struct authz_object *object)
{
    ENSURE(wire_is(value, WIRE_OBJECT) && value->count == 1, BAD_REQUEST,
           "spty is not one of cnd and mgd");
    const struct wire_value *member = value->first;
    if (bytes_is(member->name, "cnd")) {
        ENSURE(wire_is(member, WIRE_STRING) && member->string.len > 0, BAD_REQUEST, "cnd");
        object->is_container_definition = true;
        object->definition = arena_dup(compiler->arena, member->string);
    } else {
        ENSURE(bytes_is(member->name, "mgd") && wire_get_int(member, 0) > 0, BAD_REQUEST,
               "spty is not one of cnd and mgd");
        object->definition = arena_printf(compiler->arena, "%lld", (long long)member->integer);
    }
    ENSURE(object->definition.ptr != NULL, NO_MEMORY, "spty");
    object->has_definition = true;
    return OK;
}

/* TS-0003 7.1.5: a specialized type comes with its specialization. */
static bool is_specialization_given(const struct authz_object *object)
{
    if (!object->has_type) {
        return true;
    }
    if (object->type == MANAGEMENT_OBJECT) {
        return object->has_definition && !object->is_container_definition;
    }
    if (object->type == FLEX_CONTAINER) {
        return object->has_definition && object->is_container_definition;
    }
    return true;
}

static status compile_object(struct authz_compiler *compiler, const struct wire_value *value,
                             struct authz_object *object)
{
    const struct wire_value *type = wire_get(value, BYTES("ty"));
    const struct wire_value *definition = wire_get(value, BYTES("spty"));
    unsigned known = 1u + (type != NULL ? 1u : 0u) + (definition != NULL ? 1u : 0u);
    ENSURE(wire_is(value, WIRE_OBJECT) && value->count == known, BAD_REQUEST,
           "acod has other members than ty, spty and chty, or no chty");
    TRY(compile_child_types(compiler, wire_get(value, BYTES("chty")), object));
    if (type != NULL) {
        object->has_type = true;
        TRY(get_type(type, &object->type));
    }
    if (definition != NULL) {
        TRY(compile_definition(compiler, definition, object));
    }
    ENSURE(is_specialization_given(object), BAD_REQUEST, "acod: type %u without its spty",
           object->type);
    return OK;
}

static status compile_objects(struct authz_compiler *compiler, const struct wire_value *value,
                              struct authz_rule *rule)
{
    TRY(authz_check_list(compiler, value, "acod"));
    ENSURE(value->count > 0, BAD_REQUEST, "acod holds nothing");
    struct authz_object *objects = ARENA_ARRAY(compiler->arena, struct authz_object, value->count);
    ENSURE(objects != NULL, NO_MEMORY, "acod");
    for
        WIRE_EACH(element, value)
        {
            TRY(compile_object(compiler, element, &objects[rule->object_count]));
            rule->object_count++;
        }
    rule->objects = objects;
    return OK;
}

static status compile_flag(struct authz_compiler *compiler, const struct wire_value *value,
                           struct authz_rule *rule)
{
    (void)compiler;
    ENSURE(wire_is(value, WIRE_BOOL), BAD_REQUEST, "acaf is no boolean");
    rule->needs_authentication = value->boolean;
    return OK;
}

static status refuse_later_release(struct authz_compiler *compiler, const struct wire_value *value,
                                   struct authz_rule *rule)
{
    (void)compiler;
    (void)rule;
    FAIL(NOT_IMPLEMENTED, "rule member \"%.*s\"", BYTES_FMT(value->name));
}

/* TS-0004 Table 6.3.5.27-1, and members of later releases. */
static const struct {
    const char *name;
    bool is_mandatory;
    status (*compile)(struct authz_compiler *compiler, const struct wire_value *value,
                      struct authz_rule *rule);
} members[] = {
    {"acor", true, compile_originators},   {"acop", true, compile_operations},
    {"acco", false, compile_contexts},     {"acaf", false, compile_flag},
    {"acod", false, compile_objects},      {"aca", false, refuse_later_release},
    {"acui", false, refuse_later_release}, {"acec", false, refuse_later_release},
    {"acl", false, refuse_later_release},
};

static status compile_rule(struct authz_compiler *compiler, const struct wire_value *value,
                           struct authz_rule *rule)
{
    ENSURE(wire_is(value, WIRE_OBJECT), BAD_REQUEST, "acr holds what is no rule");
    uint32_t seen = 0;
    for
        WIRE_EACH(member, value)
        {
            size_t row = 0;
            while (row < ARRAY_LEN(members) && !bytes_is(member->name, members[row].name)) {
                row++;
            }
            ENSURE(row < ARRAY_LEN(members), BAD_REQUEST, "rule has a member \"%.*s\"",
                   BYTES_FMT(member->name));
            ENSURE((seen & 1u << row) == 0, BAD_REQUEST, "rule has \"%s\" twice",
                   members[row].name);
            seen |= 1u << row;
            TRY(members[row].compile(compiler, member, rule));
        }
    for (size_t row = 0; row < ARRAY_LEN(members); row++) {
        ENSURE(!members[row].is_mandatory || (seen & 1u << row) != 0, BAD_REQUEST,
               "rule without \"%s\"", members[row].name);
    }
    return OK;
}

/* The only member of a set is its list of rules, absent when there are none. */
static status check_set(const struct wire_value *set, const struct limits *limits)
{
    ENSURE(wire_is(set, WIRE_OBJECT), BAD_REQUEST, "no set of access control rules");
    if (set->count == 0) {
        return OK;
    }
    ENSURE(set->count == 1 && bytes_is(set->first->name, "acr") && wire_is(set->first, WIRE_ARRAY),
           BAD_REQUEST, "a set of rules has other members than the list acr");
    ENSURE(set->first->count <= limits->acp_rules, LIMIT, "%u rules", set->first->count);
    return OK;
}

status authz_rules_compile(const struct wire_value *set_of_acrs, const struct prim_self *self,
                           const struct limits *limits, struct arena *arena,
                           const struct authz_rules **ret_rules)
{
    TRY(check_set(set_of_acrs, limits));
    const struct wire_value *list = set_of_acrs->first;
    size_t count = list == NULL ? 0 : list->count;
    struct authz_compiler compiler = {.self = self, .limits = limits, .arena = arena};
    struct authz_rules *compiled = ARENA_NEW(arena, struct authz_rules);
    struct authz_rule *rules = ARENA_ARRAY(arena, struct authz_rule, count);
    ENSURE(compiled != NULL && rules != NULL, NO_MEMORY, "rules");
    size_t done = 0;
    for
        WIRE_EACH(element, list)
        {
            TRY(compile_rule(&compiler, element, &rules[done]));
            done++;
        }
    *compiled = (struct authz_rules){
        .count = done,
        .rules = rules,
        .groups = {.items = compiler.groups, .count = compiler.group_count},
    };
    *ret_rules = compiled;
    return OK;
}

size_t authz_rules_count(const struct authz_rules *rules)
{
    return rules->count;
}

struct prim_texts authz_rules_groups(const struct authz_rules *rules)
{
    return rules->groups;
}
