/* SPDX-License-Identifier: Apache-2.0
 * Counters as Prometheus text (exposition format 0.0.4). */
#include "app/daemon/operator_side_int.h"

static void metric(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP antipolis_%s %s\n# TYPE antipolis_%s %s\n", name, help, name, type);
}

static void plain(struct buf *out, const char *name, const char *type, const char *help,
                  uint64_t value)
{
    metric(out, name, type, help);
    buf_printf(out, "antipolis_%s %llu\n", name, (unsigned long long)value);
}

void operator_metrics(struct operator_side *operator, struct buf * out)
{
    struct serve_counters counters;
    serve_counters_read(serve_worker_serve(operator->worker), &counters);
    metric(out, "requests_total", "counter", "requests received, by operation");
    for (unsigned i = PRIM_CREATE; i <= PRIM_NOTIFY; i++) {
        buf_printf(out, "antipolis_requests_total{operation=\"%s\"} %llu\n",
                   prim_operation_name((enum prim_operation)i),
                   (unsigned long long)counters.requests[i]);
    }
    metric(out, "responses_total", "counter", "responses sent, by class of response status code");
    for (unsigned i = 1; i < ARRAY_LEN(counters.responses_by_class); i++) {
        buf_printf(out, "antipolis_responses_total{class=\"%uxxx\"} %llu\n", i,
                   (unsigned long long)counters.responses_by_class[i]);
    }
    plain(out, "denied_total", "counter", "requests that access control refused", counters.denied);
    plain(out, "requests_in_flight", "gauge", "requests being served", counters.in_flight);
    plain(out, "notifications_sent_total", "counter", "notifications delivered",
          counters.outbox_sent);
    plain(out, "notifications_failed_total", "counter", "notification attempts that failed",
          counters.outbox_failed);
    plain(out, "notifications_waiting", "gauge", "notifications in the outbox",
          counters.outbox_waiting);
    plain(out, "resident_memory_bytes", "gauge", "resident memory", sys_resident_memory());
}
