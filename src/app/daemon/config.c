/* SPDX-License-Identifier: Apache-2.0
 * Keys and their values: the table, setting by name, errors. */
#include "app/daemon/config_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum config_kind { CONFIG_TEXT, CONFIG_FLAG, CONFIG_NUMBER, CONFIG_TEXTS };

struct config_row {
    enum config_kind kind;
    const char *key;
    const char *default_value;
    const char *text;
    size_t offset;
};

static const struct config_row rows[] = {
#define CONFIG_KEY(kind, field, key, default_value, text)                                          \
    {CONFIG_##kind, key, default_value, text, offsetof(struct config, field)},
#include "app/daemon/config.def"
#undef CONFIG_KEY
};

/* The members of one listener. */
static const struct listener_row {
    enum config_kind kind;
    const char *key;
    const char *text;
    size_t offset;
} listener_rows[] = {
    {CONFIG_TEXT, "address", "host address and port, e.g. 127.0.0.1:8080 or [::]:8443",
     offsetof(struct config_listener, address)},
    {CONFIG_TEXT, "certificate", "PEM file of the server certificate and its chain: makes it HTTPS",
     offsetof(struct config_listener, certificate)},
    {CONFIG_TEXT, "private-key", "PEM file of its private key",
     offsetof(struct config_listener, private_key)},
    {CONFIG_FLAG, "allow-unassociated",
     "serve originators that no security association proves (default false: 4107)",
     offsetof(struct config_listener, allow_unassociated)},
    {CONFIG_FLAG, "allow-unprotected",
     "open plain HTTP or unproved originators beyond loopback (default false: refused)",
     offsetof(struct config_listener, allow_unprotected)},
    {CONFIG_TEXT, "cors-origins", "web origins that browsers may call from, separated by commas",
     offsetof(struct config_listener, cors_origins)},
};

void config_error_add(struct config *config, unsigned line, const char *format, ...)
{
    char text[256];
    va_list arguments;
    if (config->error_count == CONFIG_ERRORS) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    struct config_error *error = &config->errors[config->error_count++];
    error->line = line;
    error->text = arena_dup(config->arena, bytes_str(text));
}

static bool flag_parse(struct bytes value, bool *ret_flag)
{
    *ret_flag = bytes_is(value, "true");
    return *ret_flag || bytes_is(value, "false");
}

/* A list from the command line or a default is one text with commas; from the file each entry
 * comes alone. */
static void texts_add(struct config *config, struct config_texts *texts, struct bytes value,
                      unsigned line)
{
    if (texts->is_default) {
        *texts = (struct config_texts){0};
    }
    struct bytes rest = value;
    while (rest.len > 0) {
        struct bytes item = bytes_trim(bytes_cut(&rest, ','));
        if (texts->count == ARRAY_LEN(texts->items)) {
            config_error_add(config, line, "at most %zu entries", ARRAY_LEN(texts->items));
            return;
        }
        texts->items[texts->count++] = arena_dup(config->arena, item);
    }
}

static void value_set(struct config *config, enum config_kind kind, char *field, struct bytes key,
                      struct bytes value, unsigned line)
{
    switch (kind) {
    case CONFIG_TEXT: {
        struct bytes text = arena_dup(config->arena, value);
        memcpy(field, &text, sizeof(text));
        return;
    }
    case CONFIG_FLAG:
        if (!flag_parse(value, (bool *)(void *)field)) {
            config_error_add(config, line, "%.*s: true or false expected", BYTES_FMT(key));
        }
        return;
    case CONFIG_NUMBER:
        if (is_error(bytes_to_u64(value, (uint64_t *)(void *)field))) {
            config_error_add(config, line, "%.*s: a number expected", BYTES_FMT(key));
        }
        return;
    case CONFIG_TEXTS:
        texts_add(config, (struct config_texts *)(void *)field, value, line);
        return;
    }
}

/* "listeners.<index>.<member>" */
static bool listener_set(struct config *config, struct bytes key, struct bytes value, unsigned line)
{
    struct bytes rest = key;
    uint64_t index;
    if (!bytes_is(bytes_cut(&rest, '.'), "listeners")) {
        return false;
    }
    struct bytes number = bytes_cut(&rest, '.');
    if (is_error(bytes_to_u64(number, &index)) || index >= CONFIG_LISTENERS) {
        config_error_add(config, line, "listeners: a list of at most %d entries expected",
                         CONFIG_LISTENERS);
        return true;
    }
    struct config_listener *listener = &config->listeners[index];
    listener->used = true;
    listener->line = line;
    for (size_t i = 0; i < ARRAY_LEN(listener_rows); i++) {
        if (bytes_is(rest, listener_rows[i].key)) {
            value_set(config, listener_rows[i].kind, (char *)listener + listener_rows[i].offset,
                      key, value, line);
            return true;
        }
    }
    config_error_add(config, line, "a listener has no member %.*s", BYTES_FMT(rest));
    return true;
}

static bool limit_set(struct config *config, struct bytes key, struct bytes value, unsigned line)
{
    uint64_t number;
    if (!bytes_starts_with(key, BYTES("limits."))) {
        return false;
    }
    if (is_error(bytes_to_u64(value, &number))) {
        config_error_add(config, line, "%.*s: a number expected", BYTES_FMT(key));
    } else if (is_error(limits_set(&config->limits, bytes_from(key, 7), number))) {
        config_error_add(config, line, "no limit is called %.*s", BYTES_FMT(key));
    }
    return true;
}

void config_set(struct config *config, struct bytes key, struct bytes value, unsigned line)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (bytes_is(key, rows[i].key)) {
            value_set(config, rows[i].kind, (char *)config + rows[i].offset, key, value, line);
            return;
        }
    }
    if (!limit_set(config, key, value, line) && !listener_set(config, key, value, line)) {
        config_error_add(config, line, "no key is called %.*s", BYTES_FMT(key));
    }
}

void config_override(struct config *config, struct bytes assignment)
{
    struct bytes value = assignment;
    struct bytes key = bytes_cut(&value, '=');
    if (value.ptr == NULL) {
        config_error_add(config, 0, "--set takes key=value, not %.*s", BYTES_FMT(assignment));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) { /* a list given here replaces the file's */
        if (rows[i].kind == CONFIG_TEXTS && bytes_is(key, rows[i].key)) {
            ((struct config_texts *)(void *)((char *)config + rows[i].offset))->is_default = true;
        }
    }
    config_set(config, key, value, 0);
}

status config_new(struct config **ret_config)
{
    struct config *config = mem_alloc(sizeof(*config));
    ENSURE(config != NULL, NO_MEMORY, "configuration");
    config->arena = arena_new(4U << 20);
    if (config->arena == NULL) {
        mem_free(config);
        FAIL(NO_MEMORY, "configuration");
    }
    limits_init(&config->limits);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        config_set(config, bytes_str(rows[i].key), bytes_str(rows[i].default_value), 0);
        if (rows[i].kind == CONFIG_TEXTS) {
            ((struct config_texts *)(void *)((char *)config + rows[i].offset))->is_default = true;
        }
    }
    *ret_config = config;
    return OK;
}

void config_free(struct config *config)
{
    if (config == NULL) {
        return;
    }
    arena_free(config->arena);
    mem_free(config);
}

bool config_listener_is_tls(const struct config_listener *listener)
{
    return listener->certificate.len > 0;
}

/* "  key: value" under its section, each with its explanation above. */
void config_print_defaults(struct buf *out)
{
    struct bytes section = BYTES("");
    buf_add_str(out, "# Antipolis: every key with its default.\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bytes name = bytes_str(rows[i].key);
        struct bytes here = bytes_cut(&name, '.');
        if (!bytes_equal(here, section)) {
            buf_printf(out, "\n%.*s:\n", BYTES_FMT(here));
            section = here;
        }
        const char *quote_open = rows[i].kind == CONFIG_TEXTS ? "[" : "";
        const char *quote_close = rows[i].kind == CONFIG_TEXTS ? "]" : "";
        if (rows[i].kind == CONFIG_TEXT) {
            quote_open = quote_close = "\"";
        }
        buf_printf(out, "  # %s\n  %.*s: %s%s%s\n", rows[i].text, BYTES_FMT(name), quote_open,
                   rows[i].default_value, quote_close);
    }
    buf_add_str(out, "\n# None is open unless it is named here.\nlisteners: []\n");
    buf_add_str(out, "#  members of a listener:\n");
    for (size_t i = 0; i < ARRAY_LEN(listener_rows); i++) {
        buf_printf(out, "#  - %s: %s\n", listener_rows[i].key, listener_rows[i].text);
    }
    buf_add_str(out, "\nlimits:\n");
    for (size_t i = 0; i < limit_row_count; i++) {
        buf_printf(out, "  # %s\n  %s: %llu\n", limit_rows[i].text, limit_rows[i].key,
                   (unsigned long long)limit_rows[i].default_value);
    }
}

void config_print_errors(const struct config *config, struct bytes path, struct buf *out)
{
    for (size_t i = 0; i < config->error_count; i++) {
        const struct config_error *error = &config->errors[i];
        if (error->line > 0) {
            buf_printf(out, "%.*s:%u: %.*s\n", BYTES_FMT(path), error->line,
                       BYTES_FMT(error->text));
        } else {
            buf_printf(out, "%.*s\n", BYTES_FMT(error->text));
        }
    }
}
