/* SPDX-License-Identifier: Apache-2.0
 * Group request identifiers that were seen, each with its target: a fan-out that comes round again
 * is refused. TS-0004 7.3.3.2. Two generations; a pair is kept for one to two periods, shorter only
 * when somebody sends very many: he must not stop the group requests of others, and how deep a
 * fan-out goes is bounded elsewhere (limits.fanout-depth). */
#include "serve/serve_int.h"

#define PAIRS_MAX 65536

struct serve_group_seen {
    struct map *young, *old;
    int64_t period, turned;
};

struct serve_group_seen *serve_group_seen_new(int64_t period)
{
    struct serve_group_seen *seen = mem_alloc(sizeof(*seen));
    if (seen == NULL) {
        return NULL;
    }
    seen->period = period;
    seen->young = map_new(PAIRS_MAX);
    seen->old = map_new(PAIRS_MAX);
    if (seen->young == NULL || seen->old == NULL) {
        serve_group_seen_free(seen);
        return NULL;
    }
    return seen;
}

void serve_group_seen_free(struct serve_group_seen *seen)
{
    if (seen != NULL) {
        map_free(seen->young);
        map_free(seen->old);
        mem_free(seen);
    }
}

static status turn(struct serve_group_seen *seen, int64_t now)
{
    struct map *fresh = map_new(PAIRS_MAX);
    ENSURE(fresh != NULL, NO_MEMORY, "group request identifiers");
    map_free(seen->old);
    seen->old = seen->young;
    seen->young = fresh;
    seen->turned = now;
    return OK;
}

status serve_group_seen_add(struct serve_group_seen *seen, struct bytes pair, int64_t now)
{
    int64_t since = now - seen->turned;
    if (since > seen->period) {
        TRY(turn(seen, now));
    }
    if (since > 2 * seen->period) { /* the young ones were too old as well */
        TRY(turn(seen, now));
    }
    ENSURE(map_get(seen->young, pair) == NULL && map_get(seen->old, pair) == NULL,
           GROUP_REQUEST_IDENTIFIER_EXISTS, "seen before");
    if (map_count(seen->young) >= PAIRS_MAX) {
        TRY(turn(seen, now));
    }
    return map_put(seen->young, pair, seen);
}
