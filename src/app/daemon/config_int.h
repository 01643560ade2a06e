/* SPDX-License-Identifier: Apache-2.0
 * The daemon's configuration: one YAML file, overridden by --set key=value. */
#ifndef APP_DAEMON_CONFIG_INT_H
#define APP_DAEMON_CONFIG_INT_H

#include "serve/serve.h"

enum { CONFIG_LISTENERS = 16, CONFIG_ERRORS = 32 };

/* One entry of "listeners". */
struct config_listener {
    bool used;
    struct bytes address;     /* "127.0.0.1:8080" */
    struct bytes certificate; /* PEM file; with private_key: TLS */
    struct bytes private_key;
    bool allow_unprotected;    /* plain HTTP, or originators without association, beyond loopback */
    bool allow_unassociated;   /* originators may come without a security association */
    struct bytes cors_origins; /* comma-separated, empty: none */
    unsigned line;
};

struct config_texts {
    struct bytes items[16];
    size_t count;
    bool is_default;
};

struct config_error {
    unsigned line; /* 0: from the command line, or of no line */
    struct bytes text;
};

struct config {
    struct arena *arena;
#define CONFIG_TYPE_TEXT struct bytes
#define CONFIG_TYPE_FLAG bool
#define CONFIG_TYPE_NUMBER uint64_t
#define CONFIG_TYPE_TEXTS struct config_texts
#define CONFIG_KEY(kind, field, key, default_value, text) CONFIG_TYPE_##kind field;
#include "app/daemon/config.def"
#undef CONFIG_KEY
    struct limits limits;
    struct config_listener listeners[CONFIG_LISTENERS];
    struct config_error errors[CONFIG_ERRORS];
    size_t error_count;
};

/* All defaults. NO_MEMORY. */
status config_new(struct config **ret_config);
void config_free(struct config *config); /* accepts NULL */
/* One key from the file (line > 0) or the command line (line 0). Errors are collected. */
void config_set(struct config *config, struct bytes key, struct bytes value, unsigned line);
void config_error_add(struct config *config, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Reads a YAML file. Errors are collected with their lines. */
void config_read(struct config *config, struct bytes path);
/* "key=value" of --set. */
void config_override(struct config *config, struct bytes assignment);
/* What no single key shows: rule 1 of the product, identifiers, files. Errors are collected. */
void config_check(struct config *config);
/* Commented YAML with every key and its default. */
void config_print_defaults(struct buf *out);
/* "file:line: text" lines. */
void config_print_errors(const struct config *config, struct bytes path, struct buf *out);
/* Fills the server's configuration; borrows from config. */
status config_serve(struct config *config, struct serve_config *ret_serve);
bool config_listener_is_tls(const struct config_listener *listener);

#endif
