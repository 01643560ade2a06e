/* SPDX-License-Identifier: Apache-2.0
 * The parameter To taken apart: scope, structured or not, attribute. TS-0004 6.2.4, TS-0001 9.3.1.
 */
#include "prim/prim_int.h"

/* A resource lies path-depth deep at most; behind a group's fan-out point a path of that depth may
 * follow (TS-0004 7.4.14). */
static size_t most_segments(const struct prim_self *self)
{
    return 2 * prim_path_depth(self);
}

/* "x/y/z": every segment a name; the first may be '-'. */
static status check_segments(struct bytes path, const struct prim_self *self)
{
    size_t max = prim_identifier_size(self);
    size_t depth = 0;
    struct bytes rest = path;
    while (rest.ptr != NULL) {
        struct bytes segment = bytes_cut(&rest, '/');
        bool is_dash = depth == 0 && bytes_is(segment, "-");
        ENSURE(is_dash || prim_is_run(segment, max), BAD_REQUEST,
               "segment %zu of the address is not a resource name", depth);
        depth++;
        ENSURE(depth <= most_segments(self), BAD_REQUEST, "address has too many segments");
    }
    return OK;
}

/* Cuts "#name" off the end. */
static status cut_attribute(struct bytes *to, const struct prim_self *self,
                            struct bytes *ret_attribute)
{
    size_t hash = bytes_find(*to, '#');
    if (hash == to->len) {
        *ret_attribute = BYTES_NONE;
        return OK;
    }
    struct bytes name = bytes_from(*to, hash + 1);
    ENSURE(prim_is_run(name, prim_identifier_size(self)), BAD_REQUEST,
           "no attribute name behind '#'");
    *ret_attribute = name;
    *to = bytes_slice(*to, 0, hash);
    return OK;
}

/* Takes "//sp" and "/cse" from the front; *rest is what is left, without its leading '/'. */
static status cut_scope(struct bytes *rest, const struct prim_self *self,
                        struct prim_address *address)
{
    size_t max = prim_identifier_size(self);
    if (bytes_starts_with(*rest, BYTES("//"))) {
        struct bytes behind = bytes_from(*rest, 2);
        size_t slash = bytes_find(behind, '/');
        ENSURE(prim_is_domain(bytes_slice(behind, 0, slash), max), BAD_REQUEST,
               "M2M-SP-ID is not a domain name in lower case");
        ENSURE(slash < behind.len, BAD_REQUEST, "address without a CSE-ID");
        address->sp_id = bytes_slice(*rest, 0, slash + 2);
        *rest = bytes_from(behind, slash);
    }
    struct bytes behind = bytes_from(*rest, 1);
    size_t slash = bytes_find(behind, '/');
    ENSURE(prim_is_run(bytes_slice(behind, 0, slash), max), BAD_REQUEST,
           "CSE-ID is not well formed");
    address->cse_id = bytes_slice(*rest, 0, slash + 1);
    *rest = slash < behind.len ? bytes_from(behind, slash + 1) : BYTES_NONE;
    return OK;
}

/* Ours: "-" becomes the name of the CSEBase. */
static status set_local(struct bytes rest, const struct prim_self *self, struct arena *arena,
                        struct prim_address *address)
{
    size_t first = bytes_find(rest, '/');
    if (first == 1 && rest.ptr[0] == '-') {
        size_t size = self->cse_name.len + rest.len - 1;
        char *text = arena_chars(arena, size);
        ENSURE(text != NULL, NO_MEMORY, "address of %zu octets", size);
        memcpy(text, self->cse_name.ptr, self->cse_name.len);
        memcpy(text + self->cse_name.len, rest.ptr + 1, rest.len - 1);
        address->local = bytes_of(text, size);
        address->is_structured = true;
        return OK;
    }
    address->local = rest;
    address->is_structured = bytes_equal(bytes_slice(rest, 0, first), self->cse_name);
    return OK;
}

status prim_address_parse(struct bytes to, const struct prim_self *self, struct arena *arena,
                          struct prim_address *ret_address)
{
    struct prim_address address = {0};
    size_t longest = (most_segments(self) + 3) * (prim_identifier_size(self) + 1);
    ENSURE(to.len > 0, BAD_REQUEST, "To is empty");
    ENSURE(to.len <= longest, BAD_REQUEST, "To is too long");
    struct bytes rest = to;
    TRY(cut_attribute(&rest, self, &address.attribute));
    if (rest.len > 1 && rest.ptr[rest.len - 1] == '/') {
        rest = bytes_slice(rest, 0, rest.len - 1);
    }
    ENSURE(rest.len > 0, BAD_REQUEST, "To names no resource");
    if (rest.ptr[0] == '/') {
        TRY(cut_scope(&rest, self, &address));
    }
    if (rest.ptr != NULL) {
        TRY(check_segments(rest, self));
    }
    address.ours = (address.cse_id.ptr == NULL || bytes_equal(address.cse_id, self->cse_id)) &&
                   (address.sp_id.ptr == NULL || bytes_equal(address.sp_id, self->sp_id));
    if (address.ours && rest.len > 0) {
        TRY(set_local(rest, self, arena, &address));
    } else {
        address.local = rest;
    }
    *ret_address = address;
    return OK;
}
