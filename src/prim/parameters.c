/* SPDX-License-Identifier: Apache-2.0
 * The rows of parameters.def as tables, and what is done with all rows of a struct. TS-0004 6.4,
 * 7.2.1, 8.4.2. */
#include "prim/prim_int.h"

#define PLACE_BODY PRIM_IN_BODY
#define PLACE_HEADER PRIM_IN_HEADER
#define PLACE_QUERY PRIM_IN_QUERY

static const struct prim_parameter request_rows[] = {
#define REQUEST(field, has, long_text, short_text, kind_, min_, max_, none_, c, r, u, d, n, text,  \
                release_)                                                                          \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .place = PLACE_##text,                                                                     \
        .offset = offsetof(struct prim_request, field),                                            \
        .has_offset = offsetof(struct prim_request, has),                                          \
        .min = (min_),                                                                             \
        .max = (max_),                                                                             \
        .none = (none_),                                                                           \
        .presence = {TYPE_NP, TYPE_##c, TYPE_##r, TYPE_##u, TYPE_##d, TYPE_##n},                   \
        .release = (release_),                                                                     \
    },
#define REQUEST_OTHER(long_text, short_text, kind_, release_)                                      \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .place = PRIM_IN_HEADER,                                                                   \
        .release = (release_),                                                                     \
    },
#define RESPONSE(...)
#define RESPONSE_OTHER(...)
#define FILTER(...)
#define FILTER_OTHER(...)
#include "prim/parameters.def"
#undef REQUEST
#undef REQUEST_OTHER
#undef RESPONSE
#undef RESPONSE_OTHER
#undef FILTER
#undef FILTER_OTHER
};

static const struct prim_parameter response_rows[] = {
#define RESPONSE(field, has, long_text, short_text, kind_, min_, max_, none_, release_)            \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .offset = offsetof(struct prim_response, field),                                           \
        .has_offset = offsetof(struct prim_response, has),                                         \
        .min = (min_),                                                                             \
        .max = (max_),                                                                             \
        .none = (none_),                                                                           \
        .release = (release_),                                                                     \
    },
#define RESPONSE_OTHER(long_text, short_text, kind_, release_)                                     \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .release = (release_),                                                                     \
    },
#define REQUEST(...)
#define REQUEST_OTHER(...)
#define FILTER(...)
#define FILTER_OTHER(...)
#include "prim/parameters.def"
#undef REQUEST
#undef REQUEST_OTHER
#undef RESPONSE
#undef RESPONSE_OTHER
#undef FILTER
#undef FILTER_OTHER
};

static const struct prim_parameter filter_rows[] = {
#define FILTER(field, long_text, short_text, kind_, min_, max_, none_, release_)                   \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .place = PRIM_IN_QUERY,                                                                    \
        .offset = offsetof(struct prim_filter, field),                                             \
        .has_offset = offsetof(struct prim_filter, field),                                         \
        .min = (min_),                                                                             \
        .max = (max_),                                                                             \
        .none = (none_),                                                                           \
        .release = (release_),                                                                     \
    },
#define FILTER_OTHER(long_text, short_text, kind_, release_)                                       \
    {                                                                                              \
        .short_name = {(short_text), sizeof(short_text) - 1},                                      \
        .long_name = (long_text),                                                                  \
        .kind = PRIM_KIND_##kind_,                                                                 \
        .place = PRIM_IN_QUERY,                                                                    \
        .release = (release_),                                                                     \
    },
#define REQUEST(...)
#define REQUEST_OTHER(...)
#define RESPONSE(...)
#define RESPONSE_OTHER(...)
#include "prim/parameters.def"
#undef REQUEST
#undef REQUEST_OTHER
#undef RESPONSE
#undef RESPONSE_OTHER
#undef FILTER
#undef FILTER_OTHER
};

const struct prim_parameters prim_request_parameters = {request_rows, ARRAY_LEN(request_rows)};
const struct prim_parameters prim_response_parameters = {response_rows, ARRAY_LEN(response_rows)};
const struct prim_parameters prim_filter_parameters = {filter_rows, ARRAY_LEN(filter_rows)};

const struct prim_parameter *prim_parameter_find(const struct prim_parameters *parameters,
                                                 struct bytes short_name)
{
    for (size_t i = 0; i < parameters->count; i++) {
        if (bytes_equal(parameters->rows[i].short_name, short_name)) {
            return &parameters->rows[i];
        }
    }
    return NULL;
}

status prim_parameters_decode(const struct prim_parameters *parameters,
                              const struct wire_value *object, struct arena *arena, void *record)
{
    ENSURE(wire_is(object, WIRE_OBJECT), BAD_REQUEST, "not an object");
    for (const struct wire_value *member = object->first; member != NULL; member = member->next) {
        const struct prim_parameter *row = prim_parameter_find(parameters, member->name);
        ENSURE(row != NULL, BAD_REQUEST, "no parameter is called \"%.*s\"",
               BYTES_FMT(bytes_slice(member->name, 0, 40)));
        TRY(prim_value_from_json(row, member, arena, record));
    }
    return OK;
}

struct wire_value *prim_parameters_encode(const struct prim_parameters *parameters,
                                          const void *record, struct arena *arena)
{
    struct wire_value *object = wire_object(arena);
    for (size_t i = 0; object != NULL && i < parameters->count; i++) {
        const struct prim_parameter *row = &parameters->rows[i];
        if (!prim_value_is_encoded(row) || !prim_value_is_present(row, record)) {
            continue;
        }
        if (wire_add(object, row->short_name, prim_value_to_json(row, record, arena)) == NULL) {
            return NULL;
        }
    }
    return object;
}
