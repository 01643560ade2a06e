/* SPDX-License-Identifier: Apache-2.0
 * antipolisd: reads the configuration and runs the daemon. */
#include <stdio.h>

#include "app/daemon/daemon_int.h"
#include "app/daemon/log_sink_int.h"
#include "app/daemon/options_int.h"

static void print_errors(const struct config *config, struct bytes path)
{
    struct buf out;
    buf_init(&out, 65536);
    config_print_errors(config, path, &out);
    struct bytes text = buf_bytes(&out);
    (void)fwrite(text.ptr, 1, text.len, stderr);
    buf_fini(&out);
}

static int run(struct config *config)
{
    struct log_sink sink = {bytes_is(config->log_format, "json")};
    log_set_sink(log_sink_write, &sink, log_level_of(config->log_level));
    status result = daemon_run(config);
    log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
    if (is_error(result)) {
        const struct status_note *note = status_note_get();
        (void)fprintf(stderr, "antipolisd: %s: %s\n", status_text(result),
                      note->code == result.code ? note->text : "");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct config *config;
    struct bytes path = BYTES_NONE;
    int exit_code = 0;
    sys_files_private();
    mem_keep_freed();
    if (is_error(config_new(&config))) {
        (void)fputs("antipolisd: out of memory\n", stderr);
        return 1;
    }
    enum options_action action = options_read(argc, argv, config, &path);
    if (action == OPTIONS_EXIT_USAGE) {
        exit_code = 2;
    } else if (action != OPTIONS_EXIT_OK && config->error_count > 0) {
        print_errors(config, path);
        exit_code = 2;
    } else if (action == OPTIONS_RUN) {
        exit_code = run(config);
    }
    config_free(config);
    return exit_code;
}
