/* SPDX-License-Identifier: Apache-2.0
 * The descriptors of resource types, expanded from def/<type>.def, def/announced_types.def and
 * def/virtual_types.def. TS-0001 9.6, TS-0004 7.4, Annex D. */
#include "type/type_int.h"

/* Words of the columns. */
#define C TYPE_OP_CREATE
#define R TYPE_OP_RETRIEVE
#define U TYPE_OP_UPDATE
#define D TYPE_OP_DELETE
#define N TYPE_OP_NOTIFY
#define OPS_CRUD (C | R | U | D)
#define OPS_CRUDN (C | R | U | D | N)
#define OPS_CRD (C | R | D)
#define OPS_RUD (R | U | D)
#define OPS_RD (R | D)
#define OPS_RN (R | N)
#define OPS_R (R)
#define OPS_U (U)
#define OPS_D (D)
#define IN_CSE TYPE_CSE_IN
#define ALL_CSES (TYPE_CSE_IN | TYPE_CSE_MN | TYPE_CSE_ASN)

#define ATTR_ROW(attribute, type, form, card, create, update, announce, release, initial)          \
    {ATTR_##attribute, TYPE_FORM_##form(type), TYPE_##card, TYPE_##create,                         \
     TYPE_##update,    TYPE_##announce,        release,     initial},

/* Each pass over the files says what opens and closes the table of a type; announced forms are of
 * their original's shape. */
#define RESOURCE(id, number, name, member, operations, cses, storage, behaviour, announced,        \
                 release, clause)                                                                  \
    OPEN(id, announced)
#define SPECIALIZATION(id, definition, name, member, most, announced, release, clause)             \
    OPEN(id, announced)
#define ANNOUNCED(id, original, number, name, member, release) OPEN(id, NOT_ANNOUNCED)
#define ANNOUNCED_SPECIALIZATION(id, original, definition, name, member, release)

/* ---- attributes_<id>[]: rows as they stand in the file ---- */
#define UNIVERSAL ROW
#define COMMON ROW
#define ATTR ROW
#define CHILD(id, child, most, fixed_name)

#define OPEN(id, announced) static const struct type_attr attributes_##id[] = {
#define ROW(id, attribute, long_name, short_name, type, form, card, create, update, announce,      \
            release, initial)                                                                      \
    ATTR_ROW(attribute, type, form, card, create, update, announce, release, initial)
#define END(id)                                                                                    \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef ROW
#undef END

/* ---- ROW_<id>__<attribute>: its place; rows_<id>[]: from attribute identity to place + 1 ---- */
#define OPEN(id, announced)                                                                        \
    enum row_##id                                                                                  \
    {
#define ROW(id, attribute, long_name, short_name, type, form, card, create, update, announce,      \
            release, initial)                                                                      \
    ROW_##id##__##attribute,
#define END(id)                                                                                    \
    ROWS_##id                                                                                      \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef ROW
#undef END

#define OPEN(id, announced) static const uint8_t rows_##id[ATTR_COUNT] = {
#define ROW(id, attribute, long_name, short_name, type, form, card, create, update, announce,      \
            release, initial)                                                                      \
    [ATTR_##attribute] = ROW_##id##__##attribute + 1,
#define END(id)                                                                                    \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef ROW
#undef END
#undef UNIVERSAL
#undef COMMON
#undef ATTR

/* ---- announced forms: a head of common attributes (TS-0004 Table 6.3.6-2), then every MA and OA
 * row of the original (TS-0001 9.6.26.1). Whether an MA attribute must stand in a CREATE depends
 * on the original, which the receiver does not see: optional here. ---- */
#define HEAD_FRONT(X, id)                                                                          \
    X(id, RESOURCE_NAME, RESOURCE_NAME, SCALAR, ONE, NP, NP, 1)                                    \
    X(id, RESOURCE_TYPE, RESOURCE_TYPE, SCALAR, ONE, NP, NP, 1)                                    \
    X(id, RESOURCE_ID, ID, SCALAR, ONE, NP, NP, 1)                                                 \
    X(id, PARENT_ID, NH_URI, SCALAR, ONE, NP, NP, 1)                                               \
    X(id, CREATION_TIME, TIMESTAMP, SCALAR, ONE, NP, NP, 1)                                        \
    X(id, LAST_MODIFIED_TIME, TIMESTAMP, SCALAR, ONE, NP, NP, 1)                                   \
    X(id, LABELS, LABELS, SCALAR, OPTIONAL, O, O, 1)
#define HEAD_POLICY(X, id) X(id, ACCESS_CONTROL_POLICY_IDS, ACP_TYPE, SCALAR, ONE, O, O, 1)
#define HEAD_BACK(X, id)                                                                           \
    X(id, EXPIRATION_TIME, TIMESTAMP, SCALAR, ONE, M, O, 1)                                        \
    X(id, LINK, ANY_URI, SCALAR, ONE, M, O, 1)
#define HEAD_CONSULTATION(X, id)                                                                   \
    X(id, DYNAMIC_AUTHORIZATION_CONSULTATION_IDS, ANY_URI, LIST, OPTIONAL, O, O, 2)
#define HEAD_NOT_ANNOUNCED(X, id)
#define HEAD_ANNOUNCED_SUBORDINATE(X, id) HEAD_FRONT(X, id) HEAD_BACK(X, id)
#define HEAD_ANNOUNCED_REGULAR(X, id)                                                              \
    HEAD_FRONT(X, id) HEAD_POLICY(X, id) HEAD_BACK(X, id) HEAD_CONSULTATION(X, id)

#define HEAD_NUMBER(id, attribute, type, form, card, create, update, release)                      \
    ANNC_##id##__##attribute,
#define HEAD_ROW(id, attribute, type, form, card, create, update, release)                         \
    ATTR_ROW(attribute, type, form, card, create, update, NA, release, NULL)
#define HEAD_INDEX(id, attribute, type, form, card, create, update, release)                       \
    [ATTR_##attribute] = ANNC_##id##__##attribute + 1,

#define UNIVERSAL(id, attribute, long_name, short_name, type, form, card, create, update,          \
                  announce, release, initial)
#define COMMON UNIVERSAL
#define ATTR(id, attribute, long_name, short_name, type, form, card, create, update, announce,     \
             release, initial)                                                                     \
    KEEP_##announce(id, attribute, type, form, card, release)
#define KEEP_NA(id, attribute, type, form, card, release)
#define KEEP_OA KEEP_MA

#define OPEN(id, announced)                                                                        \
    enum annc_##id                                                                                 \
    {                                                                                              \
        HEAD_##announced(HEAD_NUMBER, id)
#define KEEP_MA(id, attribute, type, form, card, release) ANNC_##id##__##attribute,
#define END(id)                                                                                    \
    ANNC_ROWS_##id                                                                                 \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef KEEP_MA
#undef END

#define OPEN(id, announced)                                                                        \
    __attribute__((unused)) static const struct type_attr annc_attributes_##id[] = {               \
        HEAD_##announced(HEAD_ROW, id)
#define KEEP_MA(id, attribute, type, form, card, release)                                          \
    ATTR_ROW(attribute, type, form, card, O, O, NA, release, NULL)
#define END(id)                                                                                    \
    {                                                                                              \
        .data = NULL                                                                               \
    }                                                                                              \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef KEEP_MA
#undef END

#define OPEN(id, announced)                                                                        \
    __attribute__((unused)) static const uint8_t annc_rows_##id[ATTR_COUNT] = {                    \
        HEAD_##announced(HEAD_INDEX, id)
#define KEEP_MA(id, attribute, type, form, card, release)                                          \
    [ATTR_##attribute] = ANNC_##id##__##attribute + 1,
#define END(id)                                                                                    \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#undef OPEN
#undef KEEP_MA
#undef END
#undef ATTR
#undef CHILD

/* ---- children_<id>[], ended by an empty row; specialisations have those of their type ---- */
#define ATTR UNIVERSAL
#define OPEN(id, announced)                                                                        \
    __attribute__((unused)) static const struct type_child children_##id[] = {
#define CHILD(id, child, most, fixed_name) {TYPE_##child, (most) != 1, fixed_name, most},
#define END(id)                                                                                    \
    {                                                                                              \
        0                                                                                          \
    }                                                                                              \
    }                                                                                              \
    ;
#include "type/def/all_types.def"
#include "type/def/announced_types.def"
#undef OPEN
#undef RESOURCE
#undef SPECIALIZATION
#undef ANNOUNCED
#undef ANNOUNCED_SPECIALIZATION
#undef CHILD
#undef END

/* ---- the descriptors ---- */
#define NUMBER_NOT_ANNOUNCED(number) 0
#define NUMBER_ANNOUNCED_REGULAR(number) 10000 + (number)
#define NUMBER_ANNOUNCED_SUBORDINATE(number) 10000 + (number)
static const uint8_t no_rows[ATTR_COUNT];

#define CHILD(id, child, most, fixed_name)
#define END(id)
#define RESOURCE(id, number_, name_, member_, operations_, cses, storage_, behaviour_, announced_, \
                 release_, clause_)                                                                \
    {.number = number_,                                                                            \
     .name = name_,                                                                                \
     .member = member_,                                                                            \
     .operations = OPS_##operations_,                                                              \
     .cse_kinds = cses,                                                                            \
     .storage = TYPE_STORAGE_##storage_,                                                           \
     .behaviour = TYPE_BEHAVIOUR_##behaviour_,                                                     \
     .attributes = attributes_##id,                                                                \
     .attribute_count = ROWS_##id,                                                                 \
     .rows = rows_##id,                                                                            \
     .children = children_##id,                                                                    \
     .child_count = ARRAY_LEN(children_##id) - 1,                                                  \
     .announced = NUMBER_##announced_(number_),                                                    \
     .release = release_,                                                                          \
     .clause = clause_},
#define SPECIALIZATION(id, definition_, name_, member_, most, announced_, release_, clause_)       \
    {.number = TYPE_MGMT_OBJ,                                                                      \
     .name = name_,                                                                                \
     .member = member_,                                                                            \
     .specialization = #definition_,                                                               \
     .definition = definition_,                                                                    \
     .operations = OPS_CRUD,                                                                       \
     .cse_kinds = ALL_CSES,                                                                        \
     .behaviour = TYPE_BEHAVIOUR_IMPLEMENTED,                                                      \
     .attributes = attributes_##id,                                                                \
     .attribute_count = ROWS_##id,                                                                 \
     .rows = rows_##id,                                                                            \
     .children = children_MGMT_OBJ,                                                                \
     .child_count = ARRAY_LEN(children_MGMT_OBJ) - 1,                                              \
     .most_below_node = most,                                                                      \
     .announced = NUMBER_##announced_(TYPE_MGMT_OBJ),                                              \
     .release = release_,                                                                          \
     .clause = clause_},
#define ANNOUNCED(id, original, number_, name_, member_, release_)                                 \
    {.number = number_,                                                                            \
     .name = name_,                                                                                \
     .member = member_,                                                                            \
     .operations = OPS_CRUD,                                                                       \
     .cse_kinds = ALL_CSES,                                                                        \
     .attributes = annc_attributes_##original,                                                     \
     .attribute_count = ANNC_ROWS_##original,                                                      \
     .rows = annc_rows_##original,                                                                 \
     .children = children_##id,                                                                    \
     .child_count = ARRAY_LEN(children_##id) - 1,                                                  \
     .release = release_,                                                                          \
     .clause = "TS-0004 7.4.26"},
#define ANNOUNCED_SPECIALIZATION(id, original, definition_, name_, member_, release_)              \
    {.number = TYPE_MGMT_OBJ_ANNC,                                                                 \
     .name = name_,                                                                                \
     .member = member_,                                                                            \
     .specialization = #definition_,                                                               \
     .definition = definition_,                                                                    \
     .operations = OPS_CRUD,                                                                       \
     .cse_kinds = ALL_CSES,                                                                        \
     .attributes = annc_attributes_##original,                                                     \
     .attribute_count = ANNC_ROWS_##original,                                                      \
     .rows = annc_rows_##original,                                                                 \
     .children = children_MGMT_OBJ_ANNC,                                                           \
     .child_count = ARRAY_LEN(children_MGMT_OBJ_ANNC) - 1,                                         \
     .release = release_,                                                                          \
     .clause = "TS-0004 7.4.26"},
#define VIRTUAL(id, number_, name_, segment, operations_, behaviour_, release_, clause_)           \
    {.number = number_,                                                                            \
     .name = name_,                                                                                \
     .operations = OPS_##operations_,                                                              \
     .cse_kinds = ALL_CSES,                                                                        \
     .storage = TYPE_STORAGE_NONE,                                                                 \
     .behaviour = TYPE_BEHAVIOUR_##behaviour_,                                                     \
     .virtual_name = segment,                                                                      \
     .rows = no_rows,                                                                              \
     .release = release_,                                                                          \
     .clause = clause_},

const struct type_resource type_resources[] = {
#include "type/def/all_types.def"
#include "type/def/announced_types.def"
#include "type/def/virtual_types.def"
};
const size_t type_resource_table_size = ARRAY_LEN(type_resources);
