/* SPDX-License-Identifier: Apache-2.0
 * Expressions over labels of the form key or key:value. TS-0004 7.3.3.17.16. */
#include "serve/serve_int.h"

enum query_verb { HAS_KEY, NOT_KEY, EQUALS, DIFFERS, IN, NOT_IN };

struct query {
    enum query_verb verb;
    struct bytes key, value; /* value: of EQUALS and DIFFERS, or the list between the brackets */
};

static bool cut_word(struct bytes *rest, struct bytes *ret_word)
{
    *rest = bytes_trim(*rest);
    if (rest->len == 0) {
        return false;
    }
    size_t end = bytes_find(*rest, ' ');
    *ret_word = bytes_slice(*rest, 0, end);
    *rest = bytes_trim(bytes_from(*rest, end));
    return true;
}

static status parse_verb(struct bytes verb, struct bytes rest, struct query *query)
{
    static const struct {
        const char *word;
        enum query_verb verb;
    } verbs[] = {{"EQ", EQUALS}, {"NE", DIFFERS}, {"IN", IN}, {"NI", NOT_IN}};
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (bytes_is(verb, verbs[i].word)) {
            query->verb = verbs[i].verb;
            query->value = rest;
            break;
        }
        ENSURE(i + 1 < ARRAY_LEN(verbs), BAD_REQUEST, "labels query: %.*s", BYTES_FMT(verb));
    }
    ENSURE(rest.len > 0, BAD_REQUEST, "labels query without a value");
    if (query->verb == IN || query->verb == NOT_IN) {
        ENSURE(rest.len >= 2 && rest.ptr[0] == '(' && rest.ptr[rest.len - 1] == ')', BAD_REQUEST,
               "labels query without a list");
        query->value = bytes_slice(rest, 1, rest.len - 2);
    }
    return OK;
}

static status parse(struct bytes text, struct query *ret_query)
{
    struct query query = {.verb = HAS_KEY};
    struct bytes rest = text, first, verb;
    ENSURE(cut_word(&rest, &first), BAD_REQUEST, "empty labels query");
    query.key = first;
    if (bytes_is(first, "NT") && rest.len > 0) {
        query.verb = NOT_KEY;
        query.key = rest;
        ENSURE(bytes_find(rest, ' ') == rest.len, BAD_REQUEST, "labels query: NT takes one key");
    } else if (cut_word(&rest, &verb)) {
        TRY(parse_verb(verb, rest, &query));
    } else if (bytes_find(first, ':') < first.len) {
        size_t colon = bytes_find(first, ':');
        query.verb = EQUALS;
        query.key = bytes_slice(first, 0, colon);
        query.value = bytes_from(first, colon + 1);
    }
    *ret_query = query;
    return OK;
}

static bool in_list(struct bytes list, struct bytes value)
{
    while (list.ptr != NULL) {
        if (bytes_equal(bytes_trim(bytes_cut(&list, ',')), value)) {
            return true;
        }
    }
    return false;
}

static bool evaluate(const struct query *query, const struct wire_value *labels)
{
    bool key_seen = false, pair_seen = false, hit = false;
    for
        WIRE_EACH(label, labels)
        {
            struct bytes text = wire_get_string(label);
            size_t colon = bytes_find(text, ':');
            if (!bytes_equal(bytes_slice(text, 0, colon), query->key)) {
                continue;
            }
            key_seen = true;
            if (colon == text.len) {
                continue;
            }
            pair_seen = true;
            struct bytes value = bytes_from(text, colon + 1);
            bool list = query->verb == IN || query->verb == NOT_IN;
            hit = hit || (list ? in_list(query->value, value) : bytes_equal(query->value, value));
        }
    switch (query->verb) {
    case HAS_KEY:
        return key_seen;
    case NOT_KEY:
        return !key_seen;
    case EQUALS:
    case IN:
        return hit;
    case DIFFERS:
    case NOT_IN:
        return pair_seen && !hit;
    }
    return false;
}

/* The next expression of a comma-separated list; commas inside brackets belong to it. */
static struct bytes cut_expression(struct bytes *rest)
{
    int depth = 0;
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        depth += c == '(' ? 1 : 0;
        depth -= c == ')' ? 1 : 0;
        if (c == ',' && depth == 0) {
            struct bytes expression = bytes_slice(*rest, 0, i);
            *rest = bytes_from(*rest, i + 1);
            return expression;
        }
    }
    struct bytes expression = *rest;
    *rest = BYTES_NONE;
    return expression;
}

status serve_labels_query_check(struct bytes text)
{
    struct query query;
    while (text.ptr != NULL) {
        TRY(parse(cut_expression(&text), &query));
    }
    return OK;
}

bool serve_labels_query_match(struct bytes text, const struct wire_value *labels)
{
    struct query query;
    while (text.ptr != NULL) {
        if (is_ok(parse(cut_expression(&text), &query)) && evaluate(&query, labels)) {
            return true;
        }
    }
    return false;
}
