/* SPDX-License-Identifier: Apache-2.0
 * A search under way, shared by the files that find rows for it. */
#ifndef STORE_SQLITE_SEARCH_INT_H
#define STORE_SQLITE_SEARCH_INT_H

#include "store/sqlite/sqlite_int.h"

enum { SQLITE_TYPE_SLOTS = 8 };

/* Where the rows come from. */
enum sqlite_plan {
    PLAN_ENTRIES,  /* the entries of each key */
    PLAN_TYPES,    /* the nodes of the types, and instances by walking */
    PLAN_WALK,     /* everything below the root of the search */
    PLAN_CHILDREN, /* one level of it */
};

struct search {
    struct store_view *view;
    const struct store_search *wanted;
    store_visit_fn *visit;
    void *user;
    struct buf text; /* holds the bounds */
    struct bytes from, before;
    size_t root_depth;
    enum sqlite_plan plan;
    size_t key;         /* PLAN_ENTRIES: the one of any_keys that is being looked for */
    bool is_whole_tree; /* every row but the root lies below */
    bool has_instances; /* wanted types may be kept as instances */
    bool stopped;
    uint64_t looks; /* rows looked at */
    status failed;
};

/* search.c: offers all rows of the query to the visitor. */
status sqlite_search_visit(struct search *search, struct sqlite_query *query);
size_t sqlite_search_depth(struct bytes path);
/* search_plan.c */
status sqlite_search_choose(struct search *search);
/* search_walk.c */
status sqlite_search_walk(struct search *search);
status sqlite_search_children(struct search *search);
status sqlite_search_instances(struct search *search); /* by walking */
/* search_index.c */
status sqlite_search_entries(struct search *search);
status sqlite_search_types(struct search *search);

#endif
