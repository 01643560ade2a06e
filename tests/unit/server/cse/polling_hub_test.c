/* SPDX-License-Identifier: Apache-2.0
 * Requests and polls find each other, in order and whoever comes first. TS-0004 7.4.22.2.2,
 * 7.4.22.2.5. */
#include "cse_world.h"

#include "server/cse/cse_effects_int.h"

#define CHANNEL BYTES("pch1")

struct seen {
    unsigned fetched, answered, woken;
    char response[32];
    size_t response_len;
};

static void on_fetched(struct cse_parcel *parcel)
{
    ((struct seen *)parcel->user)->fetched += 1;
}

static void on_answered(struct cse_parcel *parcel, struct bytes response)
{
    struct seen *seen = parcel->user;
    seen->answered += 1;
    seen->response_len = response.len;
    if (response.len > 0) {
        memcpy(seen->response, response.ptr, response.len);
    }
}

static void on_wake(struct cse_poll *poll)
{
    ((struct seen *)poll->user)->woken += 1;
}

static struct cse_parcel parcel_of(struct world *world, struct seen *seen, const char *identifier)
{
    return (struct cse_parcel){.channel = CHANNEL,
                               .identifier = bytes_str(identifier),
                               .request = bytes_str(identifier),
                               .worker = world->worker,
                               .fetched = on_fetched,
                               .answered = on_answered,
                               .user = seen};
}

static struct cse_poll poll_of(struct world *world, struct seen *seen)
{
    return (struct cse_poll){
        .channel = CHANNEL, .worker = world->worker, .wake = on_wake, .user = seen};
}

static void take(struct cse_poll *poll, const char *want)
{
    assert_non_null(poll->request);
    assert_true(bytes_is(bytes_of(poll->request, poll->request_len), want));
    mem_free(poll->request);
    poll->request = NULL;
}

static status hub_of(uint64_t queue, struct cse_hub **ret_hub)
{
    struct limits limits;
    limits_init(&limits);
    limits.polling_queue = queue;
    limits.polls_per_channel = 2;
    return cse_hub_new(&limits, ret_hub);
}

static void a_request_waits_for_a_poll(void **state)
{
    struct world *world = *state;
    struct cse_hub *hub;
    struct seen one = {.fetched = 0}, two = {.fetched = 0}, poller = {.fetched = 0};
    world_ok(hub_of(10, &hub));
    struct cse_parcel first = parcel_of(world, &one, "a"), second = parcel_of(world, &two, "b");
    world_ok(cse_hub_send(hub, &first));
    world_ok(cse_hub_send(hub, &second));
    struct cse_poll poll = poll_of(world, &poller);
    world_ok(cse_hub_poll(hub, &poll));
    take(&poll, "a");
    world_turn(world);
    assert_int_equal(one.fetched, 1);
    assert_int_equal(two.fetched, 0);
    assert_true(status_is(cse_hub_answer(hub, CHANNEL, BYTES("b"), BYTES("x")), STATUS_NOT_FOUND));
    world_ok(cse_hub_answer(hub, CHANNEL, BYTES("a"), BYTES("yes")));
    world_turn(world);
    assert_int_equal(one.answered, 1);
    assert_memory_equal(one.response, "yes", 3);
    assert_false(cse_hub_withdraw(hub, &first));
    assert_true(cse_hub_withdraw(hub, &second));
    assert_true(status_is(cse_hub_poll(hub, &poll), STATUS_PENDING));
    assert_true(cse_hub_stop_polling(hub, &poll));
    assert_false(cse_hub_stop_polling(hub, &poll));
    cse_hub_free(hub);
}

static void polls_wait_for_requests(void **state)
{
    struct world *world = *state;
    struct cse_hub *hub;
    struct seen sender = {.fetched = 0}, early = {.fetched = 0}, late = {.fetched = 0};
    world_ok(hub_of(10, &hub));
    struct cse_poll first = poll_of(world, &early), second = poll_of(world, &late);
    assert_true(status_is(cse_hub_poll(hub, &first), STATUS_PENDING));
    assert_true(status_is(cse_hub_poll(hub, &second), STATUS_PENDING));
    struct cse_poll third = poll_of(world, &late); /* limits.polls-per-channel */
    assert_true(status_is(cse_hub_poll(hub, &third), STATUS_OVERLOADED));
    struct cse_parcel parcel = parcel_of(world, &sender, "a");
    world_ok(cse_hub_send(hub, &parcel));
    assert_false(cse_hub_stop_polling(hub, &first));
    world_turn(world);
    assert_int_equal(early.woken, 1);
    assert_int_equal(late.woken, 0);
    take(&first, "a");
    cse_hub_give_back(hub, CHANNEL, BYTES("unknown"));
    cse_hub_give_back(hub, CHANNEL, BYTES("a"));
    world_turn(world);
    assert_int_equal(late.woken, 1);
    take(&second, "a");
    assert_true(cse_hub_withdraw(hub, &parcel));
    cse_hub_free(hub);
}

static void a_full_channel_takes_no_more(void **state)
{
    struct world *world = *state;
    struct cse_hub *hub;
    struct seen seen = {.fetched = 0};
    world_ok(hub_of(1, &hub));
    struct cse_parcel first = parcel_of(world, &seen, "a"), second = parcel_of(world, &seen, "b");
    world_ok(cse_hub_send(hub, &first));
    assert_true(status_is(cse_hub_send(hub, &second), STATUS_OVERLOADED));
    second.channel = BYTES("pch2");
    world_ok(cse_hub_send(hub, &second));
    assert_true(cse_hub_withdraw(hub, &first) && cse_hub_withdraw(hub, &second));
    cse_hub_free(hub);
}

static void everybody_is_told_of_the_end(void **state)
{
    struct world *world = *state;
    struct cse_hub *hub;
    struct seen sender = {.fetched = 0}, poller = {.fetched = 0}, other = {.fetched = 0};
    world_ok(hub_of(10, &hub));
    struct cse_parcel parcel = parcel_of(world, &sender, "a");
    struct cse_poll poll = poll_of(world, &poller);
    world_ok(cse_hub_send(hub, &parcel));
    cse_hub_close(hub, CHANNEL);
    cse_hub_close(hub, CHANNEL);
    world_turn(world);
    assert_int_equal(sender.answered, 1);
    assert_int_equal(sender.response_len, 0);
    assert_true(status_is(cse_hub_poll(hub, &poll), STATUS_PENDING));
    struct cse_parcel fetched = parcel_of(world, &other, "b");
    fetched.channel = BYTES("pch2");
    struct cse_poll fetching = poll_of(world, &other);
    fetching.channel = BYTES("pch2");
    world_ok(cse_hub_send(hub, &fetched));
    world_ok(cse_hub_poll(hub, &fetching));
    take(&fetching, "b");
    cse_hub_free(hub); /* a note to the sender is still under way */
    world_turn(world);
    assert_int_equal(poller.woken, 1);
    assert_null(poll.request);
    assert_int_equal(other.answered, 1);
    assert_int_equal(other.fetched, 0); /* answered, it is no longer there to be told */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CSE_TEST(a_request_waits_for_a_poll),
        CSE_TEST(polls_wait_for_requests),
        CSE_TEST(a_full_channel_takes_no_more),
        CSE_TEST(everybody_is_told_of_the_end),
    };
    return cmocka_run_group_tests_name("polling_hub", tests, NULL, NULL);
}
