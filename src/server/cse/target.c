/* SPDX-License-Identifier: Apache-2.0
 * Notification targets: resource identifiers and URLs with a serialization indicator.
 * TS-0004 7.4.8.1 (notificationURI), TS-0001 9.6.8. */
#include "server/cse/cse_effects_int.h"

struct serialization {
    const char *ct;
    enum prim_format format;
};
static const struct serialization serializations[] = {
    {"json", PRIM_JSON},
    {"cbor", PRIM_CBOR},
    {"xml", PRIM_XML},
};

static bool is_url(struct bytes text)
{
    size_t colon = bytes_find(text, ':');
    if (colon == 0 || !bytes_starts_with(bytes_from(text, colon), BYTES("://"))) {
        return false;
    }
    for (size_t i = 0; i < colon; i++) {
        char c = text.ptr[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
        if (!good) {
            return false;
        }
    }
    return true;
}

enum prim_format cse_format_of(struct bytes serialization)
{
    for (size_t i = 0; i < ARRAY_LEN(serializations); i++) {
        if (bytes_is(serialization, serializations[i].ct)) {
            return serializations[i].format;
        }
    }
    return prim_format_of(serialization);
}

status cse_target_parse(struct bytes text, struct cse_target *ret_target)
{
    struct cse_target target = {.uri = text, .is_url = is_url(text)};
    size_t equals = bytes_find_last(text, '=');
    if (equals >= 3 && equals < text.len) {
        struct bytes key = bytes_slice(text, equals - 3, 3);
        if (bytes_is(key, "?ct") || bytes_is(key, "&ct")) {
            target.ct = bytes_from(text, equals + 1);
            target.uri = bytes_slice(text, 0, equals - 3);
        }
    }
    if (target.ct.ptr != NULL && bytes_find(target.ct, '/') == target.ct.len) {
        target.format = cse_format_of(target.ct);
    }
    ENSURE(target.ct.ptr == NULL || target.format != PRIM_FORMAT_NONE, BAD_REQUEST,
           "unknown serialization %.*s", BYTES_FMT(target.ct));
    ENSURE(target.uri.len > 0, BAD_REQUEST, "empty notification target");
    *ret_target = target;
    return OK;
}

status cse_target_check(struct exchange *x, struct bytes text)
{
    const struct serve_config *config = serve_config_get(x->serve);
    ENSURE(text.len <= config->limits.header_size, BAD_REQUEST, "notification target too long");
    struct cse_target target;
    TRY(cse_target_parse(text, &target));
    if (target.is_url) {
        return OK;
    }
    struct prim_address address;
    TRY(prim_address_parse(target.uri, &config->self, x->arena, &address));
    ENSURE(address.attribute.ptr == NULL, BAD_REQUEST, "an attribute is no notification target");
    return OK;
}

bool cse_id_is(struct exchange *x, struct bytes id, const struct auth_context *who)
{
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    enum prim_id_kind kind;
    struct bytes absolute;
    if (who->absolute.len == 0) {
        return false;
    }
    if (is_ok(prim_id_canonical(id, self, x->arena, &kind, &absolute)) &&
        bytes_equal(absolute, who->absolute)) {
        return true;
    }
    struct serve_resource resource;
    if (is_error(serve_resource_find(x, id, &resource)) || resource.row.type != TYPE_AE ||
        is_error(serve_resource_read(x, &resource))) {
        return false;
    }
    struct bytes ae_id = type_get_string(resource.attributes, ATTR_AE_ID);
    return is_ok(prim_id_canonical(ae_id, self, x->arena, &kind, &absolute)) &&
           bytes_equal(absolute, who->absolute);
}

status cse_may_notify(struct exchange *x, const struct auth_context *who, struct bytes text)
{
    struct cse_target target;
    struct serve_resource entity;
    TRY(cse_target_parse(text, &target));
    if (who->internal || target.is_url || cse_id_is(x, target.uri, who)) {
        return OK;
    }
    status found = serve_resource_find(x, target.uri, &entity);
    if (status_is(found, STATUS_NOT_FOUND)) {
        return OK; /* nobody there to be disturbed */
    }
    TRY(found);
    struct authz_decision decision = x->decision;
    status allowed = serve_authorize(x, who, &entity, TYPE_OP_NOTIFY, 0);
    x->decision = decision;
    return allowed;
}

struct bytes cse_sp_relative(const struct exchange *x, struct bytes ri)
{
    const struct prim_self *self = &serve_config_get(x->serve)->self;
    return arena_printf(x->arena, "%.*s/%.*s", BYTES_FMT(self->cse_id), BYTES_FMT(ri));
}

status cse_row_dup(struct exchange *x, const struct store_row *row, struct store_row *ret_row)
{
    struct store_row copy = *row;
    struct bytes *texts[] = {&copy.ri,   &copy.parent_ri,  &copy.rn,
                             &copy.path, &copy.originator, &copy.body};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i]->ptr != NULL) {
            *texts[i] = arena_dup(x->arena, *texts[i]);
            ENSURE(texts[i]->ptr != NULL, NO_MEMORY, "copy of a row");
        }
    }
    *ret_row = copy;
    return OK;
}

struct collecting {
    struct exchange *x;
    struct serve_resource *items;
    size_t count, room;
    status failed;
};

static bool collect(void *user, const struct store_row *row)
{
    struct collecting *c = user;
    if (row->et != 0 && row->et <= c->x->now) {
        return true; /* past its time, not yet collected */
    }
    if (c->count == c->room) {
        size_t room = c->room == 0 ? 4 : c->room * 2;
        struct serve_resource *items = ARENA_ARRAY(c->x->arena, struct serve_resource, room);
        if (items == NULL) {
            c->failed = ERROR(NO_MEMORY);
            return false;
        }
        for (size_t i = 0; i < c->count; i++) {
            items[i] = c->items[i];
        }
        c->items = items;
        c->room = room;
    }
    struct serve_resource *item = &c->items[c->count];
    *item = (struct serve_resource){.type = type_by_number(row->type)};
    c->failed = cse_row_dup(c->x, row, &item->row);
    c->count += is_ok(c->failed);
    return is_ok(c->failed);
}

status cse_children_read(struct exchange *x, int64_t parent_id, uint32_t type, uint64_t limit,
                         struct cse_children *ret_children)
{
    struct collecting c = {.x = x, .failed = OK};
    struct store_children query = {
        .parent_id = parent_id, .type = type, .limit = limit, .with_body = true};
    TRY(store_each_child(x->view, &query, collect, &c));
    TRY(c.failed);
    for (size_t i = 0; i < c.count; i++) {
        TRY(serve_resource_read(x, &c.items[i]));
    }
    *ret_children = (struct cse_children){.items = c.items, .count = c.count};
    return OK;
}
