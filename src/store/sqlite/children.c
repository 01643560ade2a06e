/* SPDX-License-Identifier: Apache-2.0
 * Direct children, page by page: tree nodes first, then instances. */
#include "store/sqlite/sqlite_int.h"

struct page {
    const struct store_children *children;
    uint64_t skip, left; /* left: how many more to visit */
    store_visit_fn *visit;
    void *user;
    bool stopped;
};

static bool visit_counted(void *user, const struct store_row *row)
{
    struct page *page = user;
    page->left--;
    if (!page->visit(page->user, row)) {
        page->stopped = true;
    }
    return !page->stopped && page->left > 0;
}

static enum sqlite_sql nodes_statement(const struct store_children *children)
{
    if (children->type == 0) {
        return children->newest_first ? SQL_child_down : SQL_child_up;
    }
    return children->newest_first ? SQL_child_type_down : SQL_child_type_up;
}

static status visit_part(struct store_view *view, enum sqlite_sql which, struct page *page)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_int(&query, page->children->parent_id);
    if (which == SQL_child_up || which == SQL_child_down) {
        query.next++; /* has no type */
    } else {
        sqlite_bind_int(&query, page->children->type);
    }
    sqlite_bind_int(&query, page->left > INT64_MAX ? -1 : (int64_t)page->left);
    sqlite_bind_int(&query, (int64_t)page->skip);
    sqlite_bind_body_wanted(&query, page->children->with_body);
    return sqlite_rows_visit(&query, visit_counted, page, NULL);
}

/* How many of the rows to skip are nodes. */
static status count_nodes(struct store_view *view, const struct page *page, uint64_t *ret_count)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_child_count);
    sqlite_bind_int(&query, page->children->parent_id);
    sqlite_bind_int(&query, page->children->type);
    sqlite_bind_int(&query, (int64_t)page->skip);
    TRY(sqlite_query_one(&query));
    *ret_count = (uint64_t)sqlite_at_int(&query, 0);
    return OK;
}

/* Whether children of the wanted type may be instances; a walk over a million of them finds out
 * slowly. */
static status may_be_instances(struct store_view *view, uint32_t type, bool *ret_may)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_instance_types);
    bool is_row = false;
    *ret_may = type == 0;
    TRY(sqlite_query_step(&query, &is_row));
    while (is_row && !*ret_may) {
        *ret_may = sqlite_at_int(&query, 0) == type;
        TRY(sqlite_query_step(&query, &is_row));
    }
    return OK;
}

status store_each_child(struct store_view *view, const struct store_children *children,
                        store_visit_fn *visit, void *user)
{
    struct page page = {.children = children,
                        .skip = children->offset > INT64_MAX ? INT64_MAX : children->offset,
                        .left = children->limit == 0 ? UINT64_MAX : children->limit,
                        .visit = visit,
                        .user = user};
    TRY(visit_part(view, nodes_statement(children), &page));
    if (page.stopped || page.left == 0) {
        return OK;
    }
    bool may;
    TRY(may_be_instances(view, children->type, &may));
    if (!may) {
        return OK;
    }
    if (page.skip > 0) {
        uint64_t nodes;
        TRY(count_nodes(view, &page, &nodes));
        page.skip -= nodes;
    }
    return visit_part(
        view, children->newest_first ? SQL_child_instances_down : SQL_child_instances_up, &page);
}
