/* SPDX-License-Identifier: Apache-2.0
 * Texts that name times: durations and schedule entries. XML Schema part 2 clause 3.2.6,
 * TS-0004 7.4.9.1 (schedule entries), TS-0001 9.6.9. */
#include "type/type_int.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes digits, then one designator of order that comes after *from; false when there is none.
 * Seconds may have a fraction. */
static bool take_part(struct bytes *rest, const char *order, size_t *from)
{
    size_t i = 0;
    while (i < rest->len && is_digit(rest->ptr[i])) {
        i++;
    }
    size_t whole = i;
    if (whole == 0) {
        return false;
    }
    bool has_fraction = false;
    if (i + 1 < rest->len && rest->ptr[i] == '.' && is_digit(rest->ptr[i + 1])) {
        has_fraction = true;
        i++;
        while (i < rest->len && is_digit(rest->ptr[i])) {
            i++;
        }
    }
    if (i == rest->len) {
        return false;
    }
    for (size_t at = *from; order[at] != '\0'; at++) {
        if (order[at] == rest->ptr[i]) {
            *from = at + 1;
            *rest = bytes_from(*rest, i + 1);
            return !has_fraction || order[at] == 'S';
        }
    }
    return false;
}

/* -?PnYnMnDTnHnMnS with at least one part, and one after a T. */
bool syntax_duration(struct bytes text)
{
    struct bytes rest = text;
    size_t from = 0;
    if (bytes_starts_with(rest, BYTES("-"))) {
        rest = bytes_from(rest, 1);
    }
    if (!bytes_starts_with(rest, BYTES("P")) || rest.len == 1) {
        return false;
    }
    rest = bytes_from(rest, 1);
    while (rest.len > 0 && rest.ptr[0] != 'T') {
        if (!take_part(&rest, "YMD", &from)) {
            return false;
        }
    }
    if (rest.len == 0) {
        return true;
    }
    rest = bytes_from(rest, 1);
    from = 0;
    if (rest.len == 0) {
        return false;
    }
    while (rest.len > 0) {
        if (!take_part(&rest, "HMS", &from)) {
            return false;
        }
    }
    return true;
}

struct field {
    uint64_t least, most;
};

/* second minute hour day-of-month month day-of-week year */
static const struct field schedule_fields[] = {
    {0, 59}, {0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}, {2000, 9999},
};

static bool is_in(struct bytes text, const struct field *field, uint64_t *ret_value)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0 && text.len <= 4 && is_ok(bytes_to_u64(text, ret_value)) &&
           *ret_value >= field->least && *ret_value <= field->most;
}

/* "*", a number, a range "a-b", or one of them (not the number) with a step "/n". */
static bool is_item(struct bytes text, const struct field *field)
{
    static const struct field step_range = {1, 9999};
    struct bytes step = text;
    struct bytes range = bytes_cut(&step, '/');
    uint64_t value;
    if (step.ptr != NULL && !is_in(step, &step_range, &value)) {
        return false;
    }
    if (bytes_is(range, "*")) {
        return true;
    }
    struct bytes high = range;
    struct bytes low = bytes_cut(&high, '-');
    uint64_t first;
    uint64_t last;
    if (!is_in(low, field, &first)) {
        return false;
    }
    if (high.ptr == NULL) {
        return step.ptr == NULL;
    }
    return is_in(high, field, &last) && first <= last;
}

bool syntax_schedule_entry(struct bytes text)
{
    struct bytes rest = text;
    for (size_t i = 0; i < ARRAY_LEN(schedule_fields); i++) {
        if (rest.ptr == NULL) {
            return false;
        }
        struct bytes items = bytes_cut(&rest, ' ');
        while (items.ptr != NULL) {
            if (!is_item(bytes_cut(&items, ','), &schedule_fields[i])) {
                return false;
            }
        }
    }
    return rest.ptr == NULL;
}
