/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

static status put(struct store_view *view, void *user)
{
    return store_value_put(view, BYTES("name"), *(struct bytes *)user);
}

static status remove_it(struct store_view *view, void *user)
{
    (void)user;
    return store_value_remove(view, BYTES("name"));
}

static void values_stay(void **state)
{
    struct fixture *f = *state;
    struct bytes value, first = BYTES("one"), second = BYTES("\0two"), empty = BYTES("");
    assert_status(store_value_get(f->view, BYTES("name"), f->arena, &value), NOT_FOUND);
    assert_ok(in_job(f, put, &first));
    assert_ok(store_value_get(f->view, BYTES("name"), f->arena, &value));
    assert_bytes(value, "one");
    assert_ok(in_job(f, put, &second));
    fixture_reopen(f);
    assert_ok(store_value_get(f->view, BYTES("name"), f->arena, &value));
    assert_true(bytes_equal(value, second));
    assert_ok(in_job(f, put, &empty));
    assert_ok(store_value_get(f->view, BYTES("name"), f->arena, &value));
    assert_int_equal(value.len, 0);
    assert_ok(in_job(f, remove_it, NULL));
    assert_status(store_value_get(f->view, BYTES("name"), f->arena, &value), NOT_FOUND);
    assert_ok(in_job(f, remove_it, NULL)); /* nothing to remove is fine */
}

int main(void)
{
    const struct CMUnitTest tests[] = {FIXTURE_TEST(values_stay)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
