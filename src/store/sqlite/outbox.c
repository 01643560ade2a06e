/* SPDX-License-Identifier: Apache-2.0
 * Messages that wait to be sent, in order within their queue. A row for each queue knows its
 * oldest message and its length, so that neither is searched for. */
#include "store/sqlite/sqlite_int.h"

static status change_queue(struct store_view *view, enum sqlite_sql which, struct bytes queue)
{
    SQLITE_QUERY query = sqlite_query_begin(view, which);
    sqlite_bind_text(&query, queue);
    return sqlite_query_change(&query);
}

static status set_head(struct store_view *view, struct bytes queue, int64_t head, int64_t due)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_queue_set_head);
    sqlite_bind_text(&query, queue);
    sqlite_bind_int(&query, head);
    sqlite_bind_int(&query, due);
    return sqlite_query_change(&query);
}

/* The queue's oldest message and length. NOT_FOUND when it is empty. */
static status get_queue(struct store_view *view, struct bytes queue, int64_t *ret_head,
                        uint64_t *ret_count)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_queue_get);
    sqlite_bind_text(&query, queue);
    TRY(sqlite_query_one(&query));
    *ret_head = sqlite_at_int(&query, 0);
    *ret_count = (uint64_t)sqlite_at_int(&query, 1);
    return OK;
}

static status write_message(struct store_view *view, const struct store_message *message,
                            int64_t id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_insert);
    sqlite_bind_int(&query, id);
    sqlite_bind_text(&query, message->queue);
    sqlite_bind_int(&query, message->due);
    sqlite_bind_int(&query, message->attempts);
    sqlite_bind_blob(&query, message->body);
    return sqlite_query_change(&query);
}

status store_outbox_add(struct store_view *view, const struct store_message *message,
                        int64_t *ret_id)
{
    int64_t id;
    TRY(sqlite_number_take(view, &id));
    TRY(write_message(view, message, id));
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_queue_add);
    sqlite_bind_text(&query, message->queue);
    sqlite_bind_int(&query, id);
    sqlite_bind_int(&query, message->due);
    TRY(sqlite_query_change(&query));
    if (ret_id != NULL) {
        *ret_id = id;
    }
    return OK;
}

status store_outbox_count(struct store_view *view, struct bytes queue, uint64_t *ret_count)
{
    int64_t head;
    status result = get_queue(view, queue, &head, ret_count);
    if (status_is(result, STATUS_NOT_FOUND)) {
        *ret_count = 0;
        return OK;
    }
    return result;
}

static status advance_head(struct store_view *view, struct bytes queue)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_first);
    sqlite_bind_text(&query, queue);
    TRY(sqlite_query_one(&query));
    return set_head(view, queue, sqlite_at_int(&query, 0), sqlite_at_int(&query, 1));
}

static status remove_message(struct store_view *view, struct bytes queue, int64_t id)
{
    int64_t head;
    uint64_t count;
    TRY(get_queue(view, queue, &head, &count));
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_delete);
    sqlite_bind_int(&query, id);
    TRY(sqlite_query_change(&query));
    if (count == 1) {
        return change_queue(view, SQL_queue_delete, queue);
    }
    TRY(change_queue(view, SQL_queue_shrink, queue));
    return id == head ? advance_head(view, queue) : OK;
}

status store_outbox_drop_oldest(struct store_view *view, struct bytes queue)
{
    int64_t head;
    uint64_t count;
    TRY(get_queue(view, queue, &head, &count));
    return remove_message(view, queue, head);
}

/* The queue of a message lives as long as the query. */
static status find_message(struct sqlite_query *query, int64_t id, struct bytes *ret_queue)
{
    sqlite_bind_int(query, id);
    TRY(sqlite_query_one(query));
    *ret_queue = sqlite_at_bytes(query, 0);
    return OK;
}

status store_outbox_remove(struct store_view *view, int64_t id)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_get);
    struct bytes queue;
    TRY(find_message(&query, id, &queue));
    return remove_message(view, queue, id);
}

status store_outbox_remove_queue(struct store_view *view, struct bytes queue)
{
    TRY(change_queue(view, SQL_outbox_delete_queue, queue));
    return change_queue(view, SQL_queue_delete, queue);
}

status store_outbox_retry(struct store_view *view, int64_t id, int64_t due, uint32_t attempts)
{
    SQLITE_QUERY found = sqlite_query_begin(view, SQL_outbox_get);
    struct bytes queue;
    int64_t head;
    uint64_t count;
    TRY(find_message(&found, id, &queue));
    TRY(get_queue(view, queue, &head, &count));
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_set);
    sqlite_bind_int(&query, id);
    sqlite_bind_int(&query, due);
    sqlite_bind_int(&query, attempts);
    TRY(sqlite_query_change(&query));
    return id == head ? set_head(view, queue, id, due) : OK;
}

status store_outbox_each_due(struct store_view *view, int64_t now, uint64_t limit,
                             bool (*visit)(void *user, const struct store_message *message),
                             void *user)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_due);
    bool is_row = false;
    sqlite_bind_int(&query, now);
    sqlite_bind_int(&query, limit == 0 || limit > INT64_MAX ? -1 : (int64_t)limit);
    TRY(sqlite_query_step(&query, &is_row));
    while (is_row) {
        struct store_message message = {.id = sqlite_at_int(&query, 0),
                                        .queue = sqlite_at_bytes(&query, 1),
                                        .due = sqlite_at_int(&query, 2),
                                        .attempts = (uint32_t)sqlite_at_int(&query, 3),
                                        .body = sqlite_at_bytes(&query, 4)};
        if (!visit(user, &message)) {
            break;
        }
        TRY(sqlite_query_step(&query, &is_row));
    }
    return OK;
}

status store_outbox_next_due(struct store_view *view, int64_t *ret_due)
{
    SQLITE_QUERY query = sqlite_query_begin(view, SQL_outbox_next_due);
    TRY(sqlite_query_one(&query));
    *ret_due = sqlite_at_null(&query, 0) ? 0 : sqlite_at_int(&query, 0);
    return OK;
}
