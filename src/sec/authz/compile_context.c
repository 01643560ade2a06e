/* SPDX-License-Identifier: Apache-2.0
 * One entry of accessControlContexts, from the wire. TS-0003 Table 7.1.3-3, TS-0004 6.3.5.27. */
#include "sec/authz/authz_int.h"

static status compile_windows(struct authz_compiler *compiler, const struct wire_value *value,
                              struct authz_context *context)
{
    TRY(authz_check_list(compiler, value, "actw"));
    ENSURE(value->count > 0, BAD_REQUEST, "actw holds no window");
    struct authz_window *windows = ARENA_ARRAY(compiler->arena, struct authz_window, value->count);
    ENSURE(windows != NULL, NO_MEMORY, "actw");
    for
        WIRE_EACH(element, value)
        {
            ENSURE(wire_is(element, WIRE_STRING), BAD_REQUEST, "actw holds what is no text");
            TRY(authz_window_compile(element->string, compiler->arena,
                                     &windows[context->window_count]));
            context->window_count++;
        }
    context->windows = windows;
    context->has_windows = true;
    return OK;
}

typedef status prefix_compile_fn(struct bytes text, struct authz_prefix *ret_prefix);

static status append_prefixes(const struct wire_value *list, prefix_compile_fn *compile,
                              struct authz_prefix *prefixes, uint32_t *count)
{
    for
        WIRE_EACH(element, list)
        {
            ENSURE(wire_is(element, WIRE_STRING), BAD_REQUEST, "acip holds what is no text");
            TRY(compile(element->string, &prefixes[*count]));
            (*count)++;
        }
    return OK;
}

static status compile_addresses(struct authz_compiler *compiler, const struct wire_value *value,
                                struct authz_context *context)
{
    const struct wire_value *v4 = wire_get(value, BYTES("ipv4"));
    const struct wire_value *v6 = wire_get(value, BYTES("ipv6"));
    unsigned known = (v4 != NULL ? 1u : 0u) + (v6 != NULL ? 1u : 0u);
    ENSURE(wire_is(value, WIRE_OBJECT) && known > 0 && value->count == known, BAD_REQUEST,
           "acip has other members than ipv4 and ipv6, or none");
    size_t count = 0;
    if (v4 != NULL) {
        TRY(authz_check_list(compiler, v4, "ipv4"));
        count += v4->count;
    }
    if (v6 != NULL) {
        TRY(authz_check_list(compiler, v6, "ipv6"));
        count += v6->count;
    }
    struct authz_prefix *prefixes = ARENA_ARRAY(compiler->arena, struct authz_prefix, count);
    ENSURE(prefixes != NULL, NO_MEMORY, "acip");
    TRY(append_prefixes(v4, authz_prefix_compile_v4, prefixes, &context->prefix_count));
    TRY(append_prefixes(v6, authz_prefix_compile_v6, prefixes, &context->prefix_count));
    context->prefixes = prefixes;
    context->has_addresses = true;
    return OK;
}

static status compile_region(struct authz_compiler *compiler, const struct wire_value *value,
                             struct authz_context *context)
{
    context->has_region = true;
    return authz_region_compile(compiler, value, &context->region);
}

static status refuse_later_release(struct authz_compiler *compiler, const struct wire_value *value,
                                   struct authz_context *context)
{
    (void)compiler;
    (void)context;
    FAIL(NOT_IMPLEMENTED, "context member \"%.*s\"", BYTES_FMT(value->name));
}

static const struct {
    const char *name;
    status (*compile)(struct authz_compiler *compiler, const struct wire_value *value,
                      struct authz_context *context);
} members[] = {
    {"actw", compile_windows},      {"acip", compile_addresses},    {"aclr", compile_region},
    {"acui", refuse_later_release}, {"acec", refuse_later_release}, {"acl", refuse_later_release},
};

status authz_context_compile(struct authz_compiler *compiler, const struct wire_value *value,
                             struct authz_context *ret_context)
{
    ENSURE(wire_is(value, WIRE_OBJECT), BAD_REQUEST, "acco holds what is no context");
    struct authz_context context = {.has_windows = false};
    uint32_t seen = 0;
    for
        WIRE_EACH(member, value)
        {
            size_t row = 0;
            while (row < ARRAY_LEN(members) && !bytes_is(member->name, members[row].name)) {
                row++;
            }
            ENSURE(row < ARRAY_LEN(members), BAD_REQUEST, "context has a member \"%.*s\"",
                   BYTES_FMT(member->name));
            ENSURE((seen & 1u << row) == 0, BAD_REQUEST, "context has \"%s\" twice",
                   members[row].name);
            seen |= 1u << row;
            TRY(members[row].compile(compiler, member, &context));
        }
    *ret_context = context;
    return OK;
}
