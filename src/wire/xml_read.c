/* SPDX-License-Identifier: Apache-2.0
 * XML into a tree, on expat. XML 1.0, Namespaces in XML 1.0; TS-0004 8.3. A document type, and with
 * it every entity of one's own, is refused before anything of it is read. */
#include <expat.h>
#include <limits.h>
#include <string.h>

#include "wire/wire_int.h"

#define NAMESPACE_ONEM2M "http://www.onem2m.org/xml/protocols"
#define NAMESPACE_XSI "http://www.w3.org/2001/XMLSchema-instance"
#define SEPARATOR '\n' /* in no namespace name; expat writes URI, local name, prefix with it */

/* An element that is open. */
struct element {
    struct wire_value *value; /* NULL kind until an attribute or child comes */
    bool has_children;        /* elements, not attributes */
};

struct xml {
    XML_Parser parser;
    struct arena *arena;
    struct wire_limits limits;
    struct element *elements; /* limits.depth of them; the first is the wrapping object */
    uint32_t depth;           /* elements in use */
    uint32_t values;
    struct buf text; /* of the innermost element, since its last child */
    status failed;   /* of a handler */
};

static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    return true;
}

/* A handler failed: remember why and stop. */
static void stop(struct xml *xml, status failed)
{
    if (is_ok(xml->failed)) {
        xml->failed = failed;
        (void)XML_StopParser(xml->parser, XML_FALSE);
    }
}

/* "m2m:name", "prefix:name" or "name" out of expat's triplet. */
static status make_name(struct arena *arena, const char *triplet, struct bytes *ret_name)
{
    struct bytes rest = bytes_str(triplet);
    struct bytes first = bytes_cut(&rest, SEPARATOR);
    if (rest.ptr == NULL) { /* no namespace */
        *ret_name = arena_dup(arena, first);
    } else {
        struct bytes local = bytes_cut(&rest, SEPARATOR);
        struct bytes prefix = rest;
        if (prefix.ptr == NULL) { /* the default namespace: written without a prefix */
            *ret_name = arena_dup(arena, local);
        } else {
            prefix = bytes_is(first, NAMESPACE_ONEM2M) ? BYTES("m2m") : prefix;
            *ret_name = arena_printf(arena, "%.*s:%.*s", BYTES_FMT(prefix), BYTES_FMT(local));
        }
    }
    ENSURE(ret_name->ptr != NULL, NO_MEMORY, "XML name");
    return OK;
}

/* A new member of the innermost element. */
static status add_member(struct xml *xml, const char *triplet, struct wire_value **ret_value)
{
    struct bytes name;
    struct wire_value *parent = xml->elements[xml->depth - 1].value;
    ENSURE(xml->values < xml->limits.values, LIMIT, "more than %u values", xml->limits.values);
    ENSURE(parent->count < xml->limits.members, LIMIT, "more than %u members", xml->limits.members);
    TRY(make_name(xml->arena, triplet, &name));
    struct wire_value *value = wire_null(xml->arena);
    ENSURE(value != NULL, NO_MEMORY, "XML value");
    xml->values++;
    parent->kind = WIRE_OBJECT;
    (void)wire_add(parent, name, value);
    *ret_value = value;
    return OK;
}

static status add_attribute(struct xml *xml, const char *triplet, const char *text)
{
    struct wire_value *value;
    struct bytes prefix = BYTES(NAMESPACE_XSI "\n");
    if (bytes_starts_with(bytes_str(triplet), prefix)) {
        return OK; /* hints for schema processors, no data */
    }
    TRY(add_member(xml, triplet, &value));
    value->kind = WIRE_STRING;
    value->string = arena_dup(xml->arena, bytes_str(text));
    ENSURE(value->string.ptr != NULL, NO_MEMORY, "XML attribute");
    return OK;
}

static status begin_element(struct xml *xml, const char *triplet, const char *const *attributes)
{
    struct wire_value *value;
    struct element *parent = &xml->elements[xml->depth - 1];
    ENSURE(is_blank(buf_bytes(&xml->text)), SYNTAX, "text beside elements");
    buf_clear(&xml->text);
    ENSURE(xml->depth < xml->limits.depth, LIMIT, "nested deeper than %u", xml->limits.depth);
    parent->has_children = true;
    TRY(add_member(xml, triplet, &value));
    xml->elements[xml->depth++] = (struct element){.value = value};
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        TRY(add_attribute(xml, attributes[i], attributes[i + 1]));
    }
    return OK;
}

static status end_element(struct xml *xml)
{
    struct element *element = &xml->elements[xml->depth - 1];
    struct bytes text = buf_bytes(&xml->text);
    struct wire_value *value = element->value;
    if (element->has_children || (value->kind == WIRE_OBJECT && is_blank(text))) {
        ENSURE(is_blank(text), SYNTAX, "text beside elements");
    } else if (text.len > 0) {
        if (value->kind == WIRE_OBJECT) { /* has attributes */
            TRY(add_member(xml, "val", &value));
        }
        value->kind = WIRE_STRING;
        value->string = arena_dup(xml->arena, text);
        ENSURE(value->string.ptr != NULL, NO_MEMORY, "XML text");
    }
    buf_clear(&xml->text);
    xml->depth--;
    return OK;
}

static void XMLCALL on_begin(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = user;
    status result = begin_element(xml, name, attributes);
    if (is_error(result)) {
        stop(xml, result);
    }
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct xml *xml = user;
    (void)name;
    status result = is_ok(xml->failed) ? end_element(xml) : OK; /* <a/>: begin may have failed */
    if (is_error(result)) {
        stop(xml, result);
    }
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length)
{
    struct xml *xml = user;
    buf_add(&xml->text, bytes_of(text, (size_t)length));
    status result = buf_check(&xml->text);
    if (is_error(result)) {
        stop(xml, result);
    }
}

static void refuse(struct xml *xml, const char *what)
{
    stop(xml, status_fail(STATUS_SYNTAX, __FILE__, __LINE__, "XML with %s", what));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    refuse(user, "a document type");
}

static void XMLCALL on_instruction(void *user, const XML_Char *target, const XML_Char *data)
{
    (void)target, (void)data;
    refuse(user, "a processing instruction");
}

static void XMLCALL on_declaration(void *user, const XML_Char *version, const XML_Char *encoding,
                                   int standalone)
{
    (void)standalone;
    if (version != NULL && !bytes_is(bytes_str(version), "1.0")) {
        refuse(user, "a version other than 1.0");
    }
    if (encoding != NULL && !bytes_equal_nocase(bytes_str(encoding), BYTES("UTF-8"))) {
        refuse(user, "an encoding other than UTF-8");
    }
}

static status parse(struct xml *xml, struct bytes input)
{
    XML_SetUserData(xml->parser, xml);
    XML_SetReturnNSTriplet(xml->parser, XML_TRUE);
    XML_SetElementHandler(xml->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    XML_SetProcessingInstructionHandler(xml->parser, on_instruction);
    XML_SetXmlDeclHandler(xml->parser, on_declaration);
    if (XML_Parse(xml->parser, input.ptr, (int)input.len, XML_TRUE) == XML_STATUS_OK) {
        return xml->failed; /* OK, too, when the very last handler failed */
    }
    TRY(xml->failed);
    enum XML_Error code = XML_GetErrorCode(xml->parser);
    ENSURE(code != XML_ERROR_NO_MEMORY, NO_MEMORY, "XML parser");
    ENSURE(code != XML_ERROR_NO_ELEMENTS && code != XML_ERROR_UNCLOSED_TOKEN &&
               code != XML_ERROR_PARTIAL_CHAR && code != XML_ERROR_UNCLOSED_CDATA_SECTION,
           TRUNCATED, "XML ends too early");
    FAIL(SYNTAX, "XML: %s", XML_ErrorString(code));
}

status wire_xml_decode(struct bytes input, const struct wire_limits *limits, struct arena *arena,
                       struct wire_value **ret_value)
{
    static const XML_Memory_Handling_Suite memory = {mem_alloc, mem_resize, mem_free};
    struct xml xml = {.arena = arena, .limits = *limits, .failed = OK, .values = 1};
    ENSURE(input.len < INT_MAX, LIMIT, "XML of %zu octets", input.len);
    ENSURE(bytes_is_utf8(input), SYNTAX, "XML is not UTF-8");
    ENSURE(limits->depth > 0 && limits->values > 0, LIMIT, "no depth allowed");
    xml.limits.depth = limits->depth > WIRE_DEPTH_MOST ? WIRE_DEPTH_MOST : limits->depth;
    struct wire_value *root = wire_object(arena);
    xml.elements = ARENA_ARRAY(arena, struct element, xml.limits.depth);
    ENSURE(root != NULL && xml.elements != NULL, NO_MEMORY, "XML elements");
    xml.elements[xml.depth++].value = root;
    xml.parser = XML_ParserCreate_MM("UTF-8", &memory, (char[]){SEPARATOR, '\0'});
    ENSURE(xml.parser != NULL, NO_MEMORY, "XML parser");
    buf_init(&xml.text, input.len);
    status result = parse(&xml, bytes_slice(input, 0, input.len));
    XML_ParserFree(xml.parser);
    buf_fini(&xml.text);
    TRY(result);
    *ret_value = root;
    return OK;
}
