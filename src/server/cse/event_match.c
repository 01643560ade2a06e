/* SPDX-License-Identifier: Apache-2.0
 * Does an event match eventNotificationCriteria? TS-0004 7.5.1.2.2 step 1.0, TS-0001 Table
 * 9.6.8-3. */
#include "server/cse/cse_effects_int.h"

/* A member that may be one number or a list of them. */
static bool has_number(const struct wire_value *value, int64_t number)
{
    if (wire_is(value, WIRE_ARRAY)) {
        WIRE_FOR_EACH (item, value) {
            if (wire_get_int(item, -1) == number) {
                return true;
            }
        }
        return false;
    }
    return wire_get_int(value, -1) == number;
}

bool cse_criteria_has_monitor(const struct wire_value *enc)
{
    return wire_get(enc, BYTES("om")) != NULL;
}

bool cse_criteria_names(const struct wire_value *enc, enum cse_event_type type)
{
    const struct wire_value *net = wire_get(enc, BYTES("net"));
    if (net == NULL) {
        return type == CSE_UPDATE && !cse_criteria_has_monitor(enc);
    }
    return has_number(net, type);
}

/* One attribute of the list is among the changed ones; names are short or long. */
static bool touches(const struct wire_value *list, const struct wire_value *modified)
{
    WIRE_FOR_EACH (item, list) {
        struct bytes name = wire_get_string(item);
        WIRE_FOR_EACH (member, modified) {
            if (bytes_equal(name, member->name)) {
                return true;
            }
        }
        for (unsigned id = 1; id < ATTR_COUNT; id++) {
            if (bytes_equal(type_attr_long(id), name) &&
                wire_get(modified, type_attr_short(id)) != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* Scope that the event type itself gives: child types, attributes. */
static bool in_scope(const struct wire_value *enc, const struct cse_event *event)
{
    const struct wire_value *types = wire_get(enc, BYTES("chty"));
    const struct wire_value *attributes = wire_get(enc, BYTES("atr"));
    switch (event->type) {
    case CSE_CHILD_CREATE:
    case CSE_CHILD_DELETE:
        return types == NULL || has_number(types, event->subject->row.type);
    case CSE_UPDATE:
    case CSE_BLOCKING_UPDATE:
        return attributes == NULL || touches(attributes, event->modified);
    case CSE_NO_EVENT:
    case CSE_DELETE:
    case CSE_RETRIEVE_MISSING:
    case CSE_TRIGGER:
    case CSE_MISSING_DATA:
        return true;
    }
    return false;
}

enum row_value { ROW_CT, ROW_LT, ROW_ET, ROW_STATE_TAG, ROW_SIZE };
enum relation { BELOW, ABOVE, AT_LEAST };

struct condition {
    const char *tag;
    enum row_value value;
    enum relation relation;
};
/* TS-0001 Table 9.6.8-3, in its order */
static const struct condition conditions[] = {
    {"crb", ROW_CT, BELOW},   {"cra", ROW_CT, ABOVE},        {"ms", ROW_LT, ABOVE},
    {"us", ROW_LT, BELOW},    {"sts", ROW_STATE_TAG, BELOW}, {"stb", ROW_STATE_TAG, ABOVE},
    {"exb", ROW_ET, BELOW},   {"exa", ROW_ET, ABOVE},        {"sza", ROW_SIZE, AT_LEAST},
    {"szb", ROW_SIZE, BELOW},
};

/* false: the resource has no such attribute. */
static bool value_of(const struct store_row *row, enum row_value which, int64_t *ret_value)
{
    switch (which) {
    case ROW_CT:
        *ret_value = row->ct;
        return true;
    case ROW_LT:
        *ret_value = row->lt;
        return true;
    case ROW_ET:
        *ret_value = row->et;
        return row->et != 0;
    case ROW_STATE_TAG:
        *ret_value = row->state_tag;
        return row->state_tag >= 0;
    case ROW_SIZE:
        *ret_value = row->size;
        return row->size >= 0;
    }
    return false;
}

static bool holds(const struct condition *condition, const struct wire_value *wanted,
                  const struct store_row *row)
{
    int64_t limit = wire_get_int(wanted, 0);
    if (wire_is(wanted, WIRE_STRING) && is_error(timestamp_parse(wanted->string, &limit))) {
        return false;
    }
    int64_t value;
    if (!value_of(row, condition->value, &value)) {
        return false;
    }
    switch (condition->relation) {
    case BELOW:
        return value < limit;
    case ABOVE:
        return value > limit;
    case AT_LEAST:
        return value >= limit;
    }
    return false;
}

static bool conditions_hold(const struct wire_value *enc, const struct store_row *row)
{
    bool any_wanted = false;
    bool is_or = wire_get_int(wire_get(enc, BYTES("fo")), 1) == 2;
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
        const struct wire_value *wanted = wire_get(enc, bytes_str(conditions[i].tag));
        if (wanted == NULL) {
            continue;
        }
        any_wanted = true;
        bool good = holds(&conditions[i], wanted, row);
        if (good == is_or) {
            return good; /* one true ends OR, one false ends AND */
        }
    }
    return !any_wanted || !is_or;
}

bool cse_criteria_match(const struct wire_value *enc, const struct cse_event *event)
{
    if (event->operation == 0 && !cse_criteria_names(enc, event->type)) {
        return false;
    }
    return in_scope(enc, event) && conditions_hold(enc, &event->subject->row);
}

bool cse_criteria_monitors(struct exchange *x, const struct wire_value *enc, uint32_t operation,
                           const struct auth_context *who)
{
    /* TS-0004 6.3.4.2.29: sums of 1 create, 2 retrieve, 4 update, 8 delete, 16 notify */
    int64_t bit = operation >= 1 && operation <= 5 ? INT64_C(1) << (operation - 1) : 0;
    WIRE_FOR_EACH (monitor, wire_get(enc, BYTES("om"))) {
        const struct wire_value *operations = wire_get(monitor, BYTES("ops"));
        const struct wire_value *originator = wire_get(monitor, BYTES("or"));
        bool right_operation = operations == NULL || (wire_get_int(operations, 0) & bit) != 0;
        bool right_originator =
            originator == NULL || cse_id_is(x, wire_get_string(originator), who);
        if (right_operation && right_originator && (operations != NULL || originator != NULL)) {
            return true;
        }
    }
    return false;
}
