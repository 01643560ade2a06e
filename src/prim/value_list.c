/* SPDX-License-Identifier: Apache-2.0
 * Values that are lists. In a query the members are joined by '+', which form decoding turns into
 * a blank; a repeated name appends. TS-0004 6.3.2, 8.4.2; TS-0009 6.2.2.2. */
#include "prim/prim_int.h"

static bool is_separator(char c)
{
    return c == '+' || c == ' ';
}

/* Cuts the next member off *rest; false when none is left. Empty members do not count. */
static bool next_piece(struct bytes *rest, struct bytes *ret_piece)
{
    size_t begin = 0;
    while (begin < rest->len && is_separator(rest->ptr[begin])) {
        begin++;
    }
    size_t end = begin;
    while (end < rest->len && !is_separator(rest->ptr[end])) {
        end++;
    }
    *ret_piece = bytes_slice(*rest, begin, end - begin);
    *rest = bytes_from(*rest, end);
    return ret_piece->len > 0;
}

static size_t count_pieces(struct bytes text)
{
    size_t count = 0;
    struct bytes piece;
    while (next_piece(&text, &piece)) {
        count++;
    }
    return count;
}

/* ---- texts ---- */
static bool texts_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return ((const struct prim_texts *)field)->count > 0;
}

/* Room for more members behind those that are there. */
static status texts_grow(struct prim_texts *texts, size_t more, struct arena *arena,
                         struct bytes **ret_items)
{
    struct bytes *items = ARENA_ARRAY(arena, struct bytes, texts->count + more);
    ENSURE(items != NULL, NO_MEMORY, "list of %zu texts", texts->count + more);
    if (texts->count > 0) {
        memcpy(items, texts->items, texts->count * sizeof items[0]);
    }
    *ret_items = items;
    return OK;
}

static status texts_from_json(const struct prim_parameter *row, const struct wire_value *value,
                              struct arena *arena, void *field)
{
    struct bytes *items;
    struct prim_texts texts = {0};
    ENSURE(wire_is(value, WIRE_ARRAY), BAD_REQUEST, "%s is not an array", row->long_name);
    TRY(texts_grow(&texts, (size_t)value->count + 1, arena, &items));
    for (const struct wire_value *element = value->first; element != NULL;
         element = element->next) {
        ENSURE(wire_is(element, WIRE_STRING) && prim_is_text(element->string), BAD_REQUEST,
               "%s has a member that is no text", row->long_name);
        items[texts.count++] = element->string;
    }
    *(struct prim_texts *)field = (struct prim_texts){.items = items, .count = texts.count};
    return OK;
}

static status texts_from_text(const struct prim_parameter *row, struct bytes text,
                              struct arena *arena, void *field)
{
    struct prim_texts *texts = field;
    struct bytes *items, piece;
    size_t more = count_pieces(text);
    ENSURE(more > 0, BAD_REQUEST, "%s is empty", row->long_name);
    struct bytes rest = arena_dup(arena, text);
    ENSURE(rest.ptr != NULL, NO_MEMORY, "%s", row->long_name);
    TRY(texts_grow(texts, more, arena, &items));
    size_t count = texts->count;
    while (next_piece(&rest, &piece)) {
        items[count++] = piece;
    }
    *texts = (struct prim_texts){.items = items, .count = count};
    return OK;
}

static struct wire_value *texts_to_json(const struct prim_parameter *row, const void *field,
                                        struct arena *arena)
{
    (void)row;
    const struct prim_texts *texts = field;
    struct wire_value *array = wire_array(arena);
    for (size_t i = 0; array != NULL && i < texts->count; i++) {
        if (wire_push(array, wire_string(arena, texts->items[i])) == NULL) {
            return NULL;
        }
    }
    return array;
}

/* ---- media types: "+json" at their end is no separator ---- */
static status media_from_text(const struct prim_parameter *row, struct bytes text,
                              struct arena *arena, void *field)
{
    struct prim_texts *texts = field;
    struct bytes *items, piece;
    struct bytes copy = arena_dup(arena, text);
    ENSURE(copy.ptr != NULL, NO_MEMORY, "%s", row->long_name);
    struct bytes rest = copy;
    TRY(texts_grow(texts, count_pieces(text) + 1, arena, &items));
    size_t count = texts->count;
    while (next_piece(&rest, &piece)) {
        bool continues = bytes_find(piece, '/') == piece.len && count > texts->count &&
                         piece.ptr == items[count - 1].ptr + items[count - 1].len + 1;
        if (continues) {
            struct bytes *before = &items[count - 1];
            copy = arena_printf(arena, "%.*s+%.*s", BYTES_FMT(*before), BYTES_FMT(piece));
            ENSURE(copy.ptr != NULL, NO_MEMORY, "%s", row->long_name);
            *before = copy;
        } else {
            items[count++] = piece;
        }
    }
    ENSURE(count > texts->count, BAD_REQUEST, "%s is empty", row->long_name);
    *texts = (struct prim_texts){.items = items, .count = count};
    return OK;
}

/* ---- numbers ---- */
static bool numbers_is_present(const struct prim_parameter *row, const void *field)
{
    (void)row;
    return ((const struct prim_numbers *)field)->count > 0;
}

static status numbers_from_json(const struct prim_parameter *row, const struct wire_value *value,
                                struct arena *arena, void *field)
{
    size_t count = 0;
    ENSURE(wire_is(value, WIRE_ARRAY), BAD_REQUEST, "%s is not an array", row->long_name);
    uint32_t *items = ARENA_ARRAY(arena, uint32_t, (size_t)value->count + 1);
    ENSURE(items != NULL, NO_MEMORY, "%s", row->long_name);
    for (const struct wire_value *element = value->first; element != NULL;
         element = element->next) {
        int64_t number = wire_get_int(element, -1);
        ENSURE(number >= row->min && number <= row->max, BAD_REQUEST,
               "%s has a member that is out of range", row->long_name);
        items[count++] = (uint32_t)number;
    }
    *(struct prim_numbers *)field = (struct prim_numbers){.items = items, .count = count};
    return OK;
}

static status numbers_from_text(const struct prim_parameter *row, struct bytes text,
                                struct arena *arena, void *field)
{
    struct prim_numbers *numbers = field;
    struct bytes piece;
    size_t more = count_pieces(text);
    ENSURE(more > 0, BAD_REQUEST, "%s is empty", row->long_name);
    uint32_t *items = ARENA_ARRAY(arena, uint32_t, numbers->count + more);
    ENSURE(items != NULL, NO_MEMORY, "%s", row->long_name);
    if (numbers->count > 0) {
        memcpy(items, numbers->items, numbers->count * sizeof items[0]);
    }
    size_t count = numbers->count;
    while (next_piece(&text, &piece)) {
        uint64_t number;
        ENSURE(is_ok(bytes_to_u64(piece, &number)) && number >= (uint64_t)row->min &&
                   number <= (uint64_t)row->max,
               BAD_REQUEST, "%s has a member that is no number in range", row->long_name);
        items[count++] = (uint32_t)number;
    }
    *numbers = (struct prim_numbers){.items = items, .count = count};
    return OK;
}

static struct wire_value *numbers_to_json(const struct prim_parameter *row, const void *field,
                                          struct arena *arena)
{
    (void)row;
    const struct prim_numbers *numbers = field;
    struct wire_value *array = wire_array(arena);
    for (size_t i = 0; array != NULL && i < numbers->count; i++) {
        if (wire_push(array, wire_int(arena, numbers->items[i])) == NULL) {
            return NULL;
        }
    }
    return array;
}

const struct prim_kind_ops prim_texts_ops = {.is_present = texts_is_present,
                                             .from_json = texts_from_json,
                                             .from_text = texts_from_text,
                                             .to_json = texts_to_json,
                                             .repeats = true};
const struct prim_kind_ops prim_media_ops = {.is_present = texts_is_present,
                                             .from_json = texts_from_json,
                                             .from_text = media_from_text,
                                             .to_json = texts_to_json,
                                             .repeats = true};
const struct prim_kind_ops prim_numbers_ops = {.is_present = numbers_is_present,
                                               .from_json = numbers_from_json,
                                               .from_text = numbers_from_text,
                                               .to_json = numbers_to_json,
                                               .repeats = true};
