/* SPDX-License-Identifier: Apache-2.0
 * The representation against the type's table, then the type's hook. TS-0004 7.3.3.3, 7.3.3.4:
 * step Recv-6.4. What depends on the request alone is checked once, on the loop; what depends on
 * stored facts is checked again on the writer. */
#include "serve/serve_int.h"

static uint8_t newest_release(const struct serve_config *config)
{
    uint8_t newest = 2;
    for (size_t i = 0; i < config->release_versions.count; i++) {
        struct bytes text = config->release_versions.items[i];
        uint64_t number;
        if (is_ok(bytes_to_u64(bytes_slice(text, 0, 1), &number)) && number > newest &&
            number < 10) {
            newest = (uint8_t)number;
        }
    }
    return newest;
}

static struct type_options options_of(const struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    bool first_release =
        request->release_version.len == 0 || bytes_is(request->release_version, "1");
    return (struct type_options){
        .release = newest_release(&x->serve->config),
        .accept_missing_srv = x->serve->config.accept_missing_rvi && first_release,
    };
}

/* ---- what both operations ask ---- */

static status check_expiration(const struct exchange *x)
{
    struct bytes text = type_get_string(x->representation, ATTR_EXPIRATION_TIME);
    if (text.ptr == NULL) {
        return OK;
    }
    int64_t et;
    ENSURE(is_ok(timestamp_parse(text, &et)), BAD_REQUEST, "et does not parse");
    ENSURE(et > x->now, BAD_REQUEST, "et has passed");
    return OK;
}

/* Links to policies of this CSE lead to policies; a typing error must not lock its author out. */
static status check_links(struct exchange *x)
{
    const struct wire_value *ids = type_get(x->representation, ATTR_ACCESS_CONTROL_POLICY_IDS);
    if (!wire_is(ids, WIRE_ARRAY)) {
        return OK;
    }
    ENSURE(ids->count > 0, BAD_REQUEST, "acpi is empty");
    ENSURE(ids->count <= x->serve->config.limits.acpi_entries, BAD_REQUEST,
           "more than %u policies linked", (unsigned)x->serve->config.limits.acpi_entries);
    for
        WIRE_EACH(id, ids)
        {
            struct prim_address address;
            struct serve_found found;
            TRY(prim_address_parse(wire_get_string(id), &x->serve->config.self, x->arena,
                                   &address));
            if (!address.ours) {
                continue;
            }
            status result = serve_find(x, &address, &found);
            ENSURE(!status_is(result, STATUS_NOT_FOUND), BAD_REQUEST, "acpi names nothing: %.*s",
                   BYTES_FMT(wire_get_string(id)));
            TRY(result);
            ENSURE(found.virtual_type == NULL && serve_is_policy(found.resource.type), BAD_REQUEST,
                   "acpi names no policy: %.*s", BYTES_FMT(wire_get_string(id)));
        }
    return OK;
}

static status refuse_list(const struct exchange *x, enum type_attr_id id)
{
    const struct wire_value *list = type_get(x->representation, id);
    ENSURE(!wire_is(list, WIRE_ARRAY) || list->count == 0, NOT_IMPLEMENTED, "%.*s",
           BYTES_FMT(type_attr_long(id)));
    return OK;
}

static status check_common(struct exchange *x)
{
    TRY(check_expiration(x));
    TRY(refuse_list(x, ATTR_ANNOUNCE_TO));
    TRY(refuse_list(x, ATTR_DYNAMIC_AUTHORIZATION_CONSULTATION_IDS));
    const struct wire_value *labels = type_get(x->representation, ATTR_LABELS);
    ENSURE(labels == NULL || labels->count <= x->serve->config.limits.labels, BAD_REQUEST,
           "more than %u labels", (unsigned)x->serve->config.limits.labels);
    return check_links(x);
}

/* ---- CREATE ---- */

/* The type, and whether it may stand below the target (7.3.3.3, first paragraphs). */
static status check_new_type(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    const struct type_resource *type = type_by_number(request->resource_type);
    ENSURE(type != NULL, BAD_REQUEST, "no type %u", (unsigned)request->resource_type);
    x->new_type = type;
    ENSURE((type->operations & TYPE_OP_CREATE) != 0, OPERATION_NOT_ALLOWED,
           "%s is not created through the API", type->name);
    ENSURE((type->cse_kinds & (unsigned)x->serve->config.cse_kind) != 0, OPERATION_NOT_ALLOWED,
           "%s does not live on this kind of CSE", type->name);
    if (type_find_child(x->target.type, type->number) == NULL) {
        ENSURE(type->number != TYPE_SUBSCRIPTION, TARGET_NOT_SUBSCRIBABLE, "%s",
               x->target.type->name);
        ENSURE(type->behaviour != TYPE_BEHAVIOUR_NONE, NOT_IMPLEMENTED, "%s", type->name);
        FAIL(INVALID_CHILD_RESOURCE_TYPE, "%s below %s", type->name, x->target.type->name);
    }
    ENSURE(type->behaviour != TYPE_BEHAVIOUR_NONE, NOT_IMPLEMENTED, "%s", type->name);
    return OK;
}

/* The member names the type, for abstract types the specialisation. */
static status check_member(struct exchange *x)
{
    const struct prim_request *request = &x->call->request;
    const struct wire_value *member = wire_only_member(request->content);
    ENSURE(wire_is(member, WIRE_OBJECT), BAD_REQUEST, "no representation");
    const struct type_resource *type = type_by_member(member->name);
    ENSURE(type != NULL && type->number == request->resource_type, BAD_REQUEST,
           "%.*s is not of type %u", BYTES_FMT(member->name), (unsigned)request->resource_type);
    ENSURE(type->behaviour != TYPE_BEHAVIOUR_NONE, NOT_IMPLEMENTED, "%s", type->name);
    x->new_type = type;
    x->representation = wire_dup(x->arena, member);
    ENSURE(x->representation != NULL, NO_MEMORY, "representation");
    x->representation->name = BYTES_NONE;
    return OK;
}

struct place_search {
    const struct exchange *x;
    bool found;
};

static bool find_any(void *user, const struct store_row *row)
{
    struct place_search *search = user;
    search->found = search->found || !serve_has_expired(search->x, row);
    return !search->found;
}

/* A child of which there may be one, and names that are fixed (child tables). */
static status check_place(struct exchange *x)
{
    const struct type_child *child = type_find_child(x->target.type, x->new_type->number);
    const struct wire_value *name = type_get(x->representation, ATTR_RESOURCE_NAME);
    struct bytes rn = wire_get_string(name);
    if (child->fixed_name != NULL) {
        ENSURE(name == NULL || bytes_is(rn, child->fixed_name), BAD_REQUEST, "the name is %s",
               child->fixed_name);
    }
    if (name != NULL) {
        ENSURE(prim_is_resource_name(rn) && rn.len <= x->serve->config.limits.identifier_size,
               BAD_REQUEST, "rn is no resource name");
        ENSURE(type_virtual_child(x->target.type, rn) == NULL, CONFLICT, "%.*s is reserved",
               BYTES_FMT(rn));
    }
    if (!child->many) {
        struct place_search search = {x, false};
        struct store_children query = {.parent_id = x->target.row.id, .type = x->new_type->number};
        TRY(store_each_child(x->view, &query, find_any, &search));
        ENSURE(!search.found, CONFLICT, "there is a %s already", x->new_type->name);
    }
    uint64_t depth = 1;
    for (size_t i = 0; i < x->target.row.path.len; i++) {
        depth += x->target.row.path.ptr[i] == '/';
    }
    ENSURE(depth < x->serve->config.limits.path_depth, BAD_REQUEST, "tree too deep");
    return OK;
}

static status check_create(struct exchange *x)
{
    TRY(check_new_type(x));
    TRY(check_member(x));
    if (!x->in_job) {
        struct type_options options = options_of(x);
        TRY(type_check_create(x->new_type, x->representation, &options));
    }
    TRY(check_common(x));
    TRY(check_place(x));
    const struct serve_ops *ops = serve_ops_of(x->serve, x->new_type);
    return ops != NULL && ops->check_create != NULL ? ops->check_create(x) : OK;
}

/* ---- UPDATE ---- */

struct later_child {
    const struct exchange *x;
    int64_t et;
    uint64_t left;
    bool found;
};

static bool find_later(void *user, const struct store_row *row)
{
    struct later_child *search = user;
    search->found = !serve_has_expired(search->x, row) && (row->et == 0 || row->et > search->et);
    search->left -= 1;
    return !search->found && search->left > 0;
}

/* et may not come before that of a child (7.3.3.4). */
static status check_earlier_expiration(struct exchange *x)
{
    struct bytes text = type_get_string(x->representation, ATTR_EXPIRATION_TIME);
    int64_t et = 0;
    if (text.ptr == NULL || !x->in_job || is_error(timestamp_parse(text, &et)) ||
        (x->target.row.et != 0 && et >= x->target.row.et)) {
        return OK;
    }
    struct later_child search = {
        .x = x, .et = et, .left = x->serve->config.limits.discovery_visits};
    struct store_children query = {.parent_id = x->target.row.id};
    TRY(store_each_child(x->view, &query, find_later, &search));
    ENSURE(!search.found, BAD_REQUEST, "a child expires later");
    return OK;
}

static status check_update(struct exchange *x)
{
    const struct wire_value *member = wire_only_member(x->call->request.content);
    ENSURE(wire_is(member, WIRE_OBJECT), BAD_REQUEST, "no representation");
    ENSURE(bytes_is(member->name, x->target.type->member), BAD_REQUEST, "the target is a %s",
           x->target.type->name);
    x->representation = wire_dup(x->arena, member);
    ENSURE(x->representation != NULL, NO_MEMORY, "representation");
    x->representation->name = BYTES_NONE;
    if (!x->in_job) {
        struct type_options options = options_of(x);
        TRY(type_check_update(x->target.type, x->representation, &options));
        /* TS-0001 9.6.1.3.2: links to policies change alone */
        ENSURE(type_get(x->representation, ATTR_ACCESS_CONTROL_POLICY_IDS) == NULL ||
                   x->representation->count == 1,
               BAD_REQUEST, "acpi is updated together with others");
    }
    TRY(check_common(x));
    TRY(check_earlier_expiration(x));
    const struct serve_ops *ops = serve_ops_of(x->serve, x->target.type);
    return ops != NULL && ops->check_update != NULL ? ops->check_update(x) : OK;
}

static status check_delete(struct exchange *x)
{
    const struct serve_ops *ops = serve_ops_of(x->serve, x->target.type);
    return ops != NULL && ops->check_delete != NULL ? ops->check_delete(x) : OK;
}

/* ---- NOTIFY ---- */

/* One of the notification data objects, as its data type says (Table 7.5.1.1-2). */
static status check_notify(const struct exchange *x)
{
    static const char *const objects[] = {"m2m:sgn", "m2m:agn", "m2m:rsp", "m2m:seci"};
    const struct wire_value *member = wire_only_member(x->call->request.content);
    ENSURE(member != NULL, BAD_REQUEST, "NOTIFY without content");
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        if (bytes_is(member->name, objects[i])) {
            return type_check_value(type_wrapper_by_member(member->name), member);
        }
    }
    FAIL(BAD_REQUEST, "NOTIFY with %.*s", BYTES_FMT(member->name));
}

status serve_check_content(struct exchange *x)
{
    switch (x->call->request.operation) {
    case PRIM_CREATE:
        return check_create(x);
    case PRIM_UPDATE:
        return check_update(x);
    case PRIM_DELETE:
        return check_delete(x);
    case PRIM_NOTIFY:
        return check_notify(x);
    case PRIM_RETRIEVE:
    case PRIM_NO_OPERATION:
        return OK;
    }
    return OK;
}
