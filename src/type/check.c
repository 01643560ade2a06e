/* SPDX-License-Identifier: Apache-2.0
 * The attributes of a CREATE and of an UPDATE against the table of their type. TS-0004 7.3.3.3
 * (CREATE), 7.3.3.4 (UPDATE), 7.4.1.1 (columns); TS-0001 9.6.1.3.2 (expirationTime). */
#include "type/type_int.h"

/* Room for a bit for each row of the largest type. */
#define MOST_ROWS 128

/* The row of a member, or BAD_REQUEST: not listed in the table, or younger than the release. */
static status find_row(const struct type_resource *type, const struct wire_value *member,
                       const struct type_options *options, const struct type_attr **ret_row)
{
    const struct type_attr *row = type_find_short(type, member->name);
    ENSURE(row != NULL && row->release <= options->release, BAD_REQUEST, "%.*s: no attribute of %s",
           BYTES_FMT(member->name), type->name);
    *ret_row = row;
    return OK;
}

static status check_type(const struct type_resource *type, const struct wire_value *resource,
                         const struct type_options *options)
{
    ENSURE(type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED, NOT_IMPLEMENTED, "%s is not implemented",
           type->name);
    ENSURE(type->release <= options->release, BAD_REQUEST, "%s is younger than the release",
           type->name);
    ENSURE(type->storage != TYPE_STORAGE_NONE, BAD_REQUEST, "%s has no representation", type->name);
    ENSURE(wire_is(resource, WIRE_OBJECT), BAD_REQUEST, "%s is not an object", type->name);
    return OK;
}

/* mgmtDefinition says which specialisation it is, and so does the member name: both must say the
 * same. A self-defined object (0) is described by a schema of its own, which we do not fetch.
 * TS-0004 7.4.15.1, Annex D. */
static status check_definition(const struct type_resource *type, const struct wire_value *value)
{
    int64_t definition = wire_get_int(value, -1);
    ENSURE(definition == (int64_t)type->definition, BAD_REQUEST, "mgd: not that of %s", type->name);
    ENSURE(definition != 0, NOT_IMPLEMENTED, "mgd: self-defined objects are not implemented");
    return OK;
}

static status check_created(const struct type_resource *type, const struct type_attr *row,
                            const struct wire_value *value, const struct type_options *options)
{
    struct bytes name = type_attr_short(row->id);
    ENSURE(row->create != TYPE_NP, BAD_REQUEST, "%.*s: not allowed in a CREATE", BYTES_FMT(name));
    if (row->id == ATTR_CREATOR) { /* asks for the attribute; the value is ours to set */
        ENSURE(value->kind == WIRE_NULL, BAD_REQUEST, "cr: only null may stand in a CREATE");
        return OK;
    }
    ENSURE(value->kind != WIRE_NULL, BAD_REQUEST, "%.*s: null in a CREATE", BYTES_FMT(name));
    TRY(type_check_data(row->data, value, name, options->release));
    return row->id == ATTR_MGMT_DEFINITION ? check_definition(type, value) : OK;
}

static status check_missing(const struct type_resource *type, const uint64_t *seen,
                            const struct type_options *options)
{
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *row = &type->attributes[i];
        if (row->create != TYPE_M || row->release > options->release) {
            continue;
        }
        if (row->id == ATTR_SUPPORTED_RELEASE_VERSIONS && options->accept_missing_srv) {
            continue;
        }
        ENSURE((seen[i / 64] >> (i % 64) & 1) != 0, BAD_REQUEST, "%.*s: missing in a CREATE of %s",
               BYTES_FMT(type_attr_short(row->id)), type->name);
    }
    return OK;
}

status type_check_create(const struct type_resource *type, const struct wire_value *resource,
                         const struct type_options *options)
{
    uint64_t seen[MOST_ROWS / 64] = {0};
    TRY(check_type(type, resource, options));
    must(type->attribute_count <= MOST_ROWS);
    for (const struct wire_value *member = resource->first; member != NULL; member = member->next) {
        const struct type_attr *row;
        TRY(find_row(type, member, options, &row));
        TRY(check_created(type, row, member, options));
        size_t index = (size_t)(row - type->attributes);
        seen[index / 64] |= UINT64_C(1) << (index % 64);
    }
    return check_missing(type, seen, options);
}

/* null deletes what may be absent. Of expirationTime it asks for a new value (TS-0001 9.6.1.3.2).
 */
static status check_deleted(const struct type_attr *row)
{
    ENSURE(row->card == TYPE_OPTIONAL || row->id == ATTR_EXPIRATION_TIME, BAD_REQUEST,
           "%.*s: cannot be deleted", BYTES_FMT(type_attr_short(row->id)));
    return OK;
}

status type_check_update(const struct type_resource *type, const struct wire_value *resource,
                         const struct type_options *options)
{
    TRY(check_type(type, resource, options));
    for (const struct wire_value *member = resource->first; member != NULL; member = member->next) {
        const struct type_attr *row;
        TRY(find_row(type, member, options, &row));
        struct bytes name = type_attr_short(row->id);
        ENSURE(row->update != TYPE_NP, BAD_REQUEST, "%.*s: not allowed in an UPDATE",
               BYTES_FMT(name));
        if (member->kind == WIRE_NULL) {
            TRY(check_deleted(row));
        } else {
            TRY(type_check_data(row->data, member, name, options->release));
        }
    }
    return OK;
}
