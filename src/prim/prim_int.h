/* SPDX-License-Identifier: Apache-2.0
 * What the files of the room prim share. */
#ifndef PRIM_PRIM_INT_H
#define PRIM_PRIM_INT_H

#include <string.h>

#include "prim/prim.h"

/* ---- syntax.c: TS-0004 6.2.3 and 6.2.4 ---- */
/* The repetition "unreserved": a letter or digit, then letters, digits, '-', '.', '_'. */
bool prim_is_run(struct bytes text, size_t max);
/* The tail of an AE-ID-Stem: at least one of those characters. */
bool prim_is_tail(struct bytes text, size_t max);
/* A domain name in lower case. */
bool prim_is_domain(struct bytes text, size_t max);
size_t prim_identifier_size(const struct prim_self *self);
size_t prim_path_depth(const struct prim_self *self);

#endif
