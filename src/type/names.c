/* SPDX-License-Identifier: Apache-2.0
 * Attribute names: identity to names and back. TS-0004 8.2.3. */
#include "type/type_int.h"

#include <string.h>

static const struct bytes short_names[ATTR_COUNT] = {
#define ATTR_NAME(id, long_name, short_name) [ATTR_##id] = {short_name, sizeof(short_name) - 1},
#include "type/def/attribute_names.def"
#undef ATTR_NAME
};

static const struct bytes long_names[ATTR_COUNT] = {
#define ATTR_NAME(id, long_name, short_name) [ATTR_##id] = {long_name, sizeof(long_name) - 1},
#include "type/def/attribute_names.def"
#undef ATTR_NAME
};

/* Short names are at most eight octets, so one number holds one. Open addressing, half empty. */
#define SLOTS 1024u
static struct {
    uint64_t packed;
    uint16_t id;
} slots[SLOTS];
_Static_assert(ATTR_COUNT * 2 <= SLOTS, "the table of short names is more than half full");

static uint64_t pack(struct bytes name)
{
    uint64_t packed = 0;
    if (name.len == 0 || name.len > sizeof(packed)) {
        return 0;
    }
    memcpy(&packed, name.ptr, name.len);
    return packed;
}

static size_t slot_of(uint64_t packed)
{
    return (size_t)((packed * UINT64_C(0x9e3779b97f4a7c15)) >> 54);
}
_Static_assert(SLOTS == 1u << (64 - 54), "slot_of yields one of SLOTS");

/* Built before main, then only read: safe on every thread. */
__attribute__((constructor)) static void fill_slots(void)
{
    for (size_t id = 1; id < ATTR_COUNT; id++) {
        uint64_t packed = pack(short_names[id]);
        must(packed != 0);
        size_t slot = slot_of(packed);
        while (slots[slot].packed != 0) {
            must(slots[slot].packed != packed);
            slot = (slot + 1) % SLOTS;
        }
        slots[slot].packed = packed;
        slots[slot].id = (uint16_t)id;
    }
}

struct bytes type_attr_short(enum type_attr_id id)
{
    return short_names[id];
}

struct bytes type_attr_long(enum type_attr_id id)
{
    return long_names[id];
}

enum type_attr_id type_attr_by_short(struct bytes short_name)
{
    uint64_t packed = pack(short_name);
    if (packed == 0) {
        return ATTR_NONE;
    }
    for (size_t slot = slot_of(packed); slots[slot].packed != 0; slot = (slot + 1) % SLOTS) {
        /* A name that ends in NUL packs like the one without: the length tells them apart. */
        if (slots[slot].packed == packed && short_names[slots[slot].id].len == short_name.len) {
            return (enum type_attr_id)slots[slot].id;
        }
    }
    return ATTR_NONE;
}
