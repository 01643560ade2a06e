/* SPDX-License-Identifier: Apache-2.0
 * Addresses and identifiers from any bytes: what parses keeps its promises. TS-0004 6.2. */
#include "prim/prim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_address(struct bytes to, const struct prim_self *self, struct arena *arena)
{
    struct prim_address address;
    if (is_error(prim_address_parse(to, self, arena, &address))) {
        return;
    }
    must(address.local.len <= to.len + self->cse_name.len);
    must(bytes_find(address.local, '#') == address.local.len);
    must(!bytes_starts_with(address.local, BYTES("/")));
    must(!bytes_ends_with(address.local, BYTES("/")));
    must(!bytes_contains(address.local, BYTES("//")));
    must(!bytes_contains(address.local, BYTES("..")) || bytes_contains(to, BYTES("..")));
    must(!address.ours || address.local.len == 0 || address.local.ptr[0] != '-');
    /* what is ours parses to itself again */
    struct prim_address again;
    if (address.ours && address.local.len > 0) {
        must(is_ok(prim_address_parse(address.local, self, arena, &again)));
        must(bytes_equal(again.local, address.local));
        must(again.is_structured == address.is_structured);
    }
}

static void check_id(struct bytes id, const struct prim_self *self, struct arena *arena)
{
    enum prim_id_kind kind, again_kind;
    struct bytes absolute, again;
    if (is_error(prim_id_canonical(id, self, arena, &kind, &absolute))) {
        return;
    }
    must(kind != PRIM_ID_INVALID);
    must(bytes_find(absolute, '*') == absolute.len);
    must(bytes_starts_with(absolute, BYTES("//")));
    must(is_ok(prim_id_canonical(absolute, self, arena, &again_kind, &again)));
    must(bytes_equal(again, absolute));
    /* every identifier is a pattern that means itself */
    must(is_ok(prim_pattern_canonical(id, self, arena, &again_kind, &again)));
    must(bytes_equal(again, absolute));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct prim_self self = {.sp_id = BYTES("//antipolis.example"),
                                   .cse_id = BYTES("/id-in"),
                                   .cse_name = BYTES("cse-in")};
    struct bytes input = bytes_of(data, size);
    struct arena *arena = arena_new(1 << 16);
    if (arena != NULL) {
        check_address(input, &self, arena);
        check_id(input, &self, arena);
    }
    arena_free(arena);
    return 0;
}
