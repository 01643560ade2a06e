/* SPDX-License-Identifier: Apache-2.0
 * The C side of the differential test: reads lines of JSON {"rules":..,"requests":[..]}, writes one
 * line for each request: "<verdict> <rule> <predicates>" (verdict 0 or 1, the permitting rule or -,
 * the first false predicate of each rule as a digit, 0 when it permits), or "E <status>" when the
 * rules do not compile. TS-0003 7.1.5. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sec/authz/authz.h"

#define MAX_ITEMS 64

static const struct prim_self self = {
    .sp_id = {"//antipolis.example", 19}, .cse_id = {"/id-in", 6}, .cse_name = {"cse-in", 6}};

static struct prim_texts texts_of(const struct wire_value *array, struct bytes *items)
{
    size_t count = 0;
    for
        WIRE_EACH(element, array)
        {
            must(count < MAX_ITEMS);
            items[count++] = wire_get_string(element);
        }
    return (struct prim_texts){items, count};
}

static double number_of(const struct wire_value *value)
{
    return wire_is(value, WIRE_REAL) ? value->real : (double)wire_get_int(value, 0);
}

static unsigned nibble(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* 8 or 32 hexadecimal digits */
static void read_address(struct bytes hex, struct authz_facts *facts)
{
    if (hex.ptr == NULL) {
        return;
    }
    must(hex.len == 8 || hex.len == 32);
    facts->has_address = true;
    facts->address.is_v6 = hex.len == 32;
    for (size_t i = 0; i < hex.len / 2; i++) {
        facts->address.ip[i] = (uint8_t)(nibble(hex.ptr[2 * i]) << 4 | nibble(hex.ptr[2 * i + 1]));
    }
}

/* [["id", known, ["member", ..]], ..] */
static void read_groups(const struct wire_value *array, struct arena *arena,
                        struct authz_facts *facts)
{
    size_t count = 0;
    struct authz_group *groups = ARENA_ARRAY(arena, struct authz_group, MAX_ITEMS);
    must(groups != NULL);
    for
        WIRE_EACH(element, array)
        {
            must(count < MAX_ITEMS && element->count == 3);
            struct bytes *members = ARENA_ARRAY(arena, struct bytes, MAX_ITEMS);
            must(members != NULL);
            groups[count].id = wire_get_string(element->first);
            groups[count].known = wire_get_int(element->first->next, 0) != 0;
            groups[count].members = texts_of(element->last, members);
            count++;
        }
    facts->groups = groups;
    facts->group_count = count;
}

static struct authz_facts read_facts(const struct wire_value *request, struct arena *arena,
                                     struct bytes *roles)
{
    const struct wire_value *location = wire_get(request, BYTES("loc"));
    struct authz_facts facts = {
        .originator = wire_get_string(wire_get(request, BYTES("o"))),
        .authenticated = wire_get_int(wire_get(request, BYTES("a")), 0) != 0,
        .operation = (uint32_t)wire_get_int(wire_get(request, BYTES("op")), 0),
        .time = wire_get_int(wire_get(request, BYTES("t")), 0),
        .country = wire_get_string(wire_get(request, BYTES("cc"))),
        .target_type = (uint32_t)wire_get_int(wire_get(request, BYTES("ty")), 0),
        .target_definition = wire_get_string(wire_get(request, BYTES("def"))),
        .child_type = (uint32_t)wire_get_int(wire_get(request, BYTES("ch")), 0),
        .roles = texts_of(wire_get(request, BYTES("roles")), roles),
    };
    if (location != NULL) {
        facts.has_location = true;
        facts.latitude = number_of(location->first);
        facts.longitude = number_of(location->last);
    }
    read_address(wire_get_string(wire_get(request, BYTES("ip"))), &facts);
    if (wire_get(request, BYTES("groups")) != NULL) {
        read_groups(wire_get(request, BYTES("groups")), arena, &facts);
    }
    return facts;
}

static void answer(const struct authz_rules *rules, const struct authz_facts *facts)
{
    struct authz_decision decision = authz_decide(rules, facts);
    if (decision.verdict == AUTHZ_PERMIT) {
        printf("1 %zu ", decision.rule);
    } else {
        printf("0 - ");
    }
    for (size_t i = 0; i < authz_rules_count(rules); i++) {
        putchar('0' + (int)authz_explain_rule(rules, i, facts));
    }
    putchar('\n');
}

static void answer_line(struct bytes line, const struct limits *limits, struct arena *arena)
{
    struct wire_limits bounds = wire_limits_from(limits);
    struct wire_value *document = NULL;
    must(is_ok(wire_decode(WIRE_JSON, line, &bounds, arena, &document)));
    const struct authz_rules *rules = NULL;
    status s =
        authz_rules_compile(wire_get(document, BYTES("rules")), &self, limits, arena, &rules);
    for
        WIRE_EACH(request, wire_get(document, BYTES("requests")))
        {
            if (is_error(s)) {
                printf("E %s\n", status_name(s));
                continue;
            }
            struct bytes roles[MAX_ITEMS];
            struct authz_facts facts = read_facts(request, arena, roles);
            answer(rules, &facts);
        }
    (void)fflush(stdout);
}

int main(void)
{
    struct limits limits;
    limits_init(&limits);
    struct arena *arena = arena_new(1 << 24);
    must(arena != NULL);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t len = getline(&line, &size, stdin); len > 0; len = getline(&line, &size, stdin)) {
        answer_line(bytes_of(line, (size_t)len), &limits, arena);
        arena_reset(arena);
    }
    free(line);
    arena_free(arena);
    return 0;
}
