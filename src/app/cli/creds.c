/* SPDX-License-Identifier: Apache-2.0
 * creds: a key and a self-signed certificate for an HTTPS listener. */
#include <unistd.h>

#include "app/cli/cli_int.h"
#include "tls/tls.h"

enum { PEM_MOST = 65536, PATH_MOST = 4096 };

/* Refuses to overwrite: a lost key cannot be brought back. */
static status write_new(struct bytes directory, const char *name, struct bytes content,
                        unsigned mode)
{
    struct buf path;
    buf_init(&path, PATH_MOST);
    buf_printf(&path, "%.*s/%s", BYTES_FMT(directory), name);
    status result = buf_check(&path);
    if (is_ok(result) && access(path.ptr, F_OK) == 0) {
        result = status_fail(STATUS_CONFLICT, __FILE__, __LINE__, "%s exists already", path.ptr);
    }
    if (is_ok(result)) {
        result = sys_file_write(buf_bytes(&path), content, mode);
    }
    if (is_ok(result)) {
        cli_print("%s\n", path.ptr);
    }
    buf_fini(&path);
    return result;
}

static status make(const struct cli_options *options, struct buf *key, struct buf *certificate)
{
    struct tls_self_signed wish = {.hosts = options->words + 2,
                                   .host_count = options->word_count - 2,
                                   .now_usec = sys_now(&sys_clock_real)};
    TRY(tls_self_signed_make(&wish, key, certificate));
    TRY(sys_make_directory(options->words[1], 0700));
    TRY(write_new(options->words[1], "server.key", buf_bytes(key), 0600));
    return write_new(options->words[1], "server.crt", buf_bytes(certificate), 0644);
}

enum cli_exit cli_creds(const struct cli_options *options)
{
    struct buf key, certificate;
    buf_init(&key, PEM_MOST);
    buf_init(&certificate, PEM_MOST);
    status result = make(options, &key, &certificate);
    if (key.ptr != NULL) {
        wipe(key.ptr, key.cap);
    }
    buf_fini(&key);
    buf_fini(&certificate);
    if (is_error(result)) {
        cli_complain("%s", status_note_get()->text);
        return status_is(result, STATUS_CONFLICT) ? CLI_CONFLICT : CLI_FAILED;
    }
    return CLI_DONE;
}
