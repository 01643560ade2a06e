/* SPDX-License-Identifier: Apache-2.0
 * What no single key shows: identifiers, listeners, and that nothing unprotected opens beyond
 * loopback unless the configuration says so by name. TS-0001 7.2, TS-0004 6.2.3. */
#include "app/daemon/config_int.h"

static bool is_sp_domain(struct bytes text)
{
    if (text.len == 0 || text.len > 253) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!fits) {
            return false;
        }
    }
    return text.ptr[0] != '.' && text.ptr[text.len - 1] != '.';
}

static void check_identifiers(struct config *config)
{
    struct bytes id = config->cse_id;
    if (id.len < 2 || id.ptr[0] != '/' || !prim_is_resource_name(bytes_from(id, 1))) {
        config_error_add(config, 0, "cse.id: \"/\" and a name expected, not %.*s", BYTES_FMT(id));
    }
    if (!prim_is_resource_name(config->cse_name)) {
        config_error_add(config, 0, "cse.name: %.*s is no resource name",
                         BYTES_FMT(config->cse_name));
    }
    if (!is_sp_domain(config->sp_id)) {
        config_error_add(config, 0, "cse.sp-id: a domain name in lower case expected, not %.*s",
                         BYTES_FMT(config->sp_id));
    }
    struct bytes admin = config->administrator;
    bool is_stem = admin.len >= 2 && (admin.ptr[0] == 'C' || admin.ptr[0] == 'S');
    if (!is_stem || !prim_is_resource_name(admin)) {
        config_error_add(config, 0, "access.administrator: an AE-ID (C... or S...) expected");
    }
}

static void check_choice(struct config *config, const char *key, struct bytes value,
                         const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (bytes_is(value, choices[i])) {
            return;
        }
    }
    config_error_add(config, 0, "%s: %.*s is none of its values", key, BYTES_FMT(value));
}

static void check_choices(struct config *config)
{
    static const char *const policies[] = {"creator", "parent", NULL};
    static const char *const levels[] = {"error", "warn", "info", "debug", NULL};
    static const char *const formats[] = {"text", "json", NULL};
    static const char *const releases[] = {"1", "2", "2a", "3", "4", NULL};
    check_choice(config, "access.default-policy", config->default_policy, policies);
    check_choice(config, "log.level", config->log_level, levels);
    check_choice(config, "log.format", config->log_format, formats);
    for (size_t i = 0; i < config->release_versions.count; i++) {
        check_choice(config, "cse.release-versions", config->release_versions.items[i], releases);
    }
    if (config->workers == 0 || config->workers > 64) {
        config_error_add(config, 0, "cse.workers: 1 to 64 expected");
    }
    if (config->expiry_interval_ms < 100 || config->expiry_interval_ms > 3600000) {
        config_error_add(config, 0, "cse.expiry-interval-ms: 100 to 3600000 expected");
    }
    if (config->release_versions.count == 0) {
        config_error_add(config, 0, "cse.release-versions: at least one expected");
    }
    for (size_t i = 0; i < limit_row_count; i++) {
        if (limits_get(&config->limits, &limit_rows[i]) == 0) {
            config_error_add(config, 0, "limits.%s: zero would refuse everything",
                             limit_rows[i].key);
        }
    }
}

/* Rule 1 of the product: secure by default. */
static void check_listener(struct config *config, const struct config_listener *listener)
{
    struct sys_address address;
    if (is_error(sys_address_parse(listener->address, &address))) {
        config_error_add(config, listener->line,
                         "address: host address and port expected, not \"%.*s\"",
                         BYTES_FMT(listener->address));
        return;
    }
    if ((listener->certificate.len > 0) != (listener->private_key.len > 0)) {
        config_error_add(config, listener->line, "certificate and private-key go together");
    }
    if (sys_address_is_loopback(&address) || listener->allow_unprotected) {
        return;
    }
    if (!config_listener_is_tls(listener)) {
        config_error_add(config, listener->line,
                         "%.*s is plain HTTP beyond loopback: give it a certificate, or say "
                         "allow-unprotected: true",
                         BYTES_FMT(listener->address));
    } else if (listener->allow_unassociated) {
        config_error_add(config, listener->line,
                         "%.*s serves unproved originators beyond loopback: only with "
                         "allow-unprotected: true",
                         BYTES_FMT(listener->address));
    }
}

static void check_operator(struct config *config)
{
    struct sys_address address;
    if (config->operator_listen.len == 0) {
        return;
    }
    if (is_error(sys_address_parse(config->operator_listen, &address))) {
        config_error_add(config, 0, "operator.listen: host address and port expected");
    } else if (!sys_address_is_loopback(&address)) {
        config_error_add(config, 0,
                         "operator.listen: only a loopback address; put a proxy that "
                         "knows its callers in front");
    }
}

void config_check(struct config *config)
{
    check_identifiers(config);
    check_choices(config);
    check_operator(config);
    for (size_t i = 0; i < CONFIG_LISTENERS; i++) {
        if (config->listeners[i].used) {
            check_listener(config, &config->listeners[i]);
        }
    }
}

static struct prim_texts texts_view(const struct config_texts *texts)
{
    return (struct prim_texts){texts->items, texts->count};
}

status config_serve(struct config *config, struct serve_config *ret_serve)
{
    struct serve_config serve = {.cse_kind = TYPE_CSE_IN};
    serve.self.cse_id = config->cse_id;
    serve.self.cse_name = config->cse_name;
    serve.self.sp_id = arena_printf(config->arena, "//%.*s", BYTES_FMT(config->sp_id));
    ENSURE(serve.self.sp_id.ptr != NULL, NO_MEMORY, "configuration");
    serve.self.identifier_size = config->limits.identifier_size;
    serve.self.path_depth = config->limits.path_depth;
    serve.limits = config->limits;
    serve.default_policy =
        bytes_is(config->default_policy, "parent") ? SERVE_DEFAULT_PARENT : SERVE_DEFAULT_CREATOR;
    serve.hide_existence = config->hide_existence;
    serve.accept_missing_rvi = config->accept_missing_rvi;
    serve.release_versions = texts_view(&config->release_versions);
    serve.points_of_access = texts_view(&config->points_of_access);
    serve.administrator = config->administrator;
    serve.expiry_interval_usec = (int64_t)config->expiry_interval_ms * USEC_PER_MSEC;
    *ret_serve = serve;
    return OK;
}
