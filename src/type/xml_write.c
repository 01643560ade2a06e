/* SPDX-License-Identifier: Apache-2.0
 * A tree in JSON form as an XML document: lists become blank-separated text, members stand in the
 * order of the schema, which is that of the .def files. TS-0004 8.3.1. */
#include "type/type_int.h"

/* XML attributes: resourceName of a resource, those of child references and management links.
 * TS-0004 6.3.5.24, 6.3.5.29, 6.3.6. Elsewhere these names are elements: see as_element. */
static const char *const xml_attributes[] = {"rn", "nm", "typ", "spty", NULL};

#define LIST_TEXT_MOST (1u << 20)

struct writer {
    struct arena *arena;
    unsigned depth;
    bool cannot; /* the value cannot be said in XML; else NULL means no memory */
};

static struct wire_value *write_data(struct writer *writer, const struct type_data *data,
                                     const struct wire_value *value);
static struct wire_value *write_resource(struct writer *writer, const struct type_resource *type,
                                         const struct wire_value *value);

/* Every function here returns a new tree, or NULL when there is no memory or by this. */
static struct wire_value *cannot(struct writer *writer)
{
    writer->cannot = true;
    return NULL;
}

static struct wire_value *copy_scalar(struct writer *writer, const struct wire_value *value)
{
    if (value->kind == WIRE_OBJECT || value->kind == WIRE_ARRAY) {
        return cannot(writer);
    }
    struct wire_value *copy = wire_null(writer->arena);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *value;
    copy->name = BYTES_NONE;
    copy->next = NULL;
    return copy;
}

/* A scalar whose name is in xml_attributes but which is an element hides in an array of one. */
static struct wire_value *as_element(struct writer *writer, struct bytes name,
                                     struct wire_value *value)
{
    if (value == NULL || value->kind == WIRE_OBJECT || value->kind == WIRE_ARRAY) {
        return value;
    }
    for (size_t i = 0; xml_attributes[i] != NULL; i++) {
        if (bytes_is(name, xml_attributes[i])) {
            struct wire_value *array = wire_array(writer->arena);
            return array == NULL || wire_push(array, value) == NULL ? NULL : array;
        }
    }
    return value;
}

static bool is_one_word(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
    }
    return true;
}

/* false when an item holds a blank: it would read as two. */
static bool add_item(const struct wire_value *item, struct buf *text)
{
    if (item->kind == WIRE_STRING) {
        buf_add(text, item->string);
        return item->string.len > 0 && is_one_word(item->string);
    }
    wire_encode(WIRE_JSON, item, text);
    return item->kind != WIRE_OBJECT && item->kind != WIRE_ARRAY && item->kind != WIRE_NULL;
}

/* An empty list is a blank: an empty element would be NULL. */
static struct wire_value *write_list(struct writer *writer, const struct wire_value *value)
{
    struct buf text;
    bool fits = value->kind == WIRE_ARRAY;
    buf_init(&text, LIST_TEXT_MOST);
    for (const struct wire_value *item = fits ? value->first : NULL; item != NULL && fits;
         item = item->next) {
        if (item != value->first) {
            buf_add_char(&text, ' ');
        }
        fits = add_item(item, &text);
    }
    struct wire_value *result = NULL;
    if (!fits || text.failed == STATUS_LIMIT) {
        (void)cannot(writer);
    } else if (is_ok(buf_check(&text))) {
        struct bytes joined = text.len == 0 ? BYTES(" ") : buf_bytes(&text);
        joined = arena_dup(writer->arena, joined);
        result = joined.ptr == NULL ? NULL : wire_string(writer->arena, joined);
    }
    buf_fini(&text);
    return result;
}

static struct wire_value *write_items(struct writer *writer, const struct type_data *data,
                                      const struct wire_value *value)
{
    if (value->kind != WIRE_ARRAY) {
        return cannot(writer);
    }
    struct wire_value *array = wire_array(writer->arena);
    for (const struct wire_value *item = value->first; item != NULL && array != NULL;
         item = item->next) {
        struct wire_value *element = write_data(writer, data->item, item);
        array = element == NULL || wire_push(array, element) == NULL ? NULL : array;
    }
    return array;
}

static struct wire_value *write_any(struct writer *writer, const struct wire_value *value)
{
    if (value->kind == WIRE_ARRAY) {
        return write_items(writer, TYPE_FORM_ARRAY(ANY_TYPE), value);
    }
    if (value->kind != WIRE_OBJECT) {
        return copy_scalar(writer, value);
    }
    struct wire_value *object = wire_object(writer->arena);
    for (const struct wire_value *member = value->first; member != NULL && object != NULL;
         member = member->next) {
        struct wire_value *copy = write_data(writer, TYPE_FORM_SCALAR(ANY_TYPE), member);
        copy = as_element(writer, member->name, copy);
        object = wire_add(object, member->name, copy) == NULL ? NULL : object;
    }
    return object;
}

/* A resource, a wrapper, or something that we know nothing of. */
static struct wire_value *write_content_member(struct writer *writer,
                                               const struct wire_value *member)
{
    const struct type_data *wrapper = type_wrapper_by_member(member->name);
    if (wrapper != NULL) {
        return write_data(writer, wrapper, member);
    }
    const struct type_resource *type = type_by_member(member->name);
    if (type == NULL || member->kind == WIRE_NULL) {
        return write_any(writer, member);
    }
    if (member->kind == WIRE_OBJECT) {
        return write_resource(writer, type, member);
    }
    if (member->kind != WIRE_ARRAY) {
        return cannot(writer);
    }
    struct wire_value *array = wire_array(writer->arena);
    for (const struct wire_value *item = member->first; item != NULL && array != NULL;
         item = item->next) {
        struct wire_value *element = write_resource(writer, type, item);
        array = element == NULL || wire_push(array, element) == NULL ? NULL : array;
    }
    return array;
}

static struct wire_value *write_struct(struct writer *writer, const struct type_data *data,
                                       const struct wire_value *value)
{
    if (value->kind != WIRE_OBJECT) {
        return cannot(writer);
    }
    struct wire_value *object = wire_object(writer->arena);
    for (uint32_t i = 0; i < data->member_count && object != NULL; i++) {
        const struct type_member *row = &data->members[i];
        const struct wire_value *member = wire_get(value, row->name);
        if (member == NULL) {
            continue;
        }
        struct wire_value *copy = write_data(writer, row->data, member);
        copy = row->place == TYPE_PLACE_ELEMENT ? as_element(writer, row->name, copy) : copy;
        object = wire_add(object, row->name, copy) == NULL ? NULL : object;
    }
    for (const struct wire_value *member = value->first; member != NULL && object != NULL;
         member = member->next) {
        if (type_member_find(data, member->name) == NULL) {
            struct wire_value *copy = write_content_member(writer, member);
            copy = as_element(writer, member->name, copy);
            object = wire_add(object, member->name, copy) == NULL ? NULL : object;
        }
    }
    return object;
}

static struct wire_value *write_data(struct writer *writer, const struct type_data *data,
                                     const struct wire_value *value)
{
    struct wire_value *result = NULL;
    if (value->kind == WIRE_NULL) {
        return wire_null(writer->arena);
    }
    if (writer->depth >= TYPE_DEPTH_MAX) {
        return cannot(writer);
    }
    writer->depth++;
    switch (data->kind) {
    case TYPE_KIND_LIST:
        result = write_list(writer, value);
        break;
    case TYPE_KIND_ARRAY:
        result = write_items(writer, data, value);
        break;
    case TYPE_KIND_STRUCT:
        result = write_struct(writer, data, value);
        break;
    case TYPE_KIND_ANY:
        result = write_any(writer, value);
        break;
    case TYPE_KIND_ANY_SCALAR:
    case TYPE_KIND_TEXT:
    case TYPE_KIND_BOOLEAN:
    case TYPE_KIND_INTEGER:
    case TYPE_KIND_UNSIGNED:
    case TYPE_KIND_REAL:
    case TYPE_KIND_TIME:
    case TYPE_KIND_EVENT_CATEGORY:
    case TYPE_KIND_ENUM:
    case TYPE_KIND_FLAGS:
        result = copy_scalar(writer, value);
        break;
    }
    writer->depth--;
    return result;
}

/* Attributes in the order of the table, then whatever else there is: children, references. */
static struct wire_value *write_resource(struct writer *writer, const struct type_resource *type,
                                         const struct wire_value *value)
{
    if (value->kind != WIRE_OBJECT || writer->depth >= TYPE_DEPTH_MAX) {
        return cannot(writer);
    }
    struct wire_value *object = wire_object(writer->arena);
    writer->depth++;
    for (uint32_t i = 0; i < type->attribute_count && object != NULL; i++) {
        const struct type_attr *row = &type->attributes[i];
        const struct wire_value *member = type_get(value, row->id);
        if (member == NULL) {
            continue;
        }
        struct wire_value *copy = write_data(writer, row->data, member);
        if (row->id != ATTR_RESOURCE_NAME) {
            copy = as_element(writer, type_attr_short(row->id), copy);
        }
        object = wire_add(object, type_attr_short(row->id), copy) == NULL ? NULL : object;
    }
    for (const struct wire_value *member = value->first; member != NULL && object != NULL;
         member = member->next) {
        if (type_find_short(type, member->name) != NULL) {
            continue;
        }
        bool is_reference = bytes_equal(member->name, type_child_reference_name);
        struct wire_value *copy = is_reference
                                      ? write_data(writer, type_child_reference_data, member)
                                      : write_content_member(writer, member);
        copy = as_element(writer, member->name, copy);
        object = wire_add(object, member->name, copy) == NULL ? NULL : object;
    }
    writer->depth--;
    return object;
}

status type_to_xml(const struct wire_value *root, struct arena *arena, struct buf *out)
{
    struct writer writer = {.arena = arena};
    const struct wire_value *only = wire_only_member(root);
    ENSURE(only != NULL, INTERNAL_SERVER_ERROR, "content without its one member");
    struct wire_value *document = wire_object(arena);
    struct wire_value *copy = write_content_member(&writer, only);
    ENSURE(!writer.cannot, NOT_ACCEPTABLE, "%.*s cannot be written as XML", BYTES_FMT(only->name));
    ENSURE(wire_add(document, only->name, copy) != NULL, NO_MEMORY, "XML tree");
    wire_xml_encode(document, xml_attributes, out);
    status written = buf_check(out);
    if (status_is(written, STATUS_NO_MEMORY) || status_is(written, STATUS_LIMIT)) {
        return written;
    }
    ENSURE(is_ok(written), NOT_ACCEPTABLE, "%.*s holds what XML cannot carry",
           BYTES_FMT(only->name));
    return OK;
}
