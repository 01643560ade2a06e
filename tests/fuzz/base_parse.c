/* SPDX-License-Identifier: Apache-2.0
 * The parsers of base from any bytes: numbers, timestamps, durations, UTF-8. TS-0004 6.3.3. */
#include <math.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(struct bytes text)
{
    int64_t usec, again;
    char written[TIMESTAMP_SIZE];
    if (is_ok(timestamp_parse(text, &usec))) {
        must(timestamp_format(usec, true, written) == 22);
        must(is_ok(timestamp_parse(bytes_str(written), &again)) && again == usec);
        must(bytes_starts_with(bytes_str(written), bytes_slice(text, 0, 15)));
    }
    if (is_ok(timestamp_parse_abs_rel(text, 1700000000 * USEC_PER_SEC, &usec))) {
        must(timestamp_format(usec, false, written) == 15);
        must(is_ok(timestamp_parse(bytes_str(written), &again)));
        must(usec - again >= 0 && usec - again < USEC_PER_SEC);
    }
    if (is_ok(duration_parse(text, &usec))) {
        must(usec >= 0);
    }
}

static void check_numbers(struct bytes text)
{
    uint64_t u;
    int64_t i;
    double d;
    struct buf out;
    buf_init(&out, 100);
    if (is_ok(bytes_to_u64(text, &u))) {
        uint64_t again;
        buf_add_u64(&out, u);
        must(is_ok(bytes_to_u64(buf_bytes(&out), &again)) && again == u);
    }
    buf_clear(&out);
    if (is_ok(bytes_to_i64(text, &i))) {
        int64_t again;
        buf_add_i64(&out, i);
        must(is_ok(bytes_to_i64(buf_bytes(&out), &again)) && again == i);
    }
    if (is_ok(bytes_to_double(text, &d))) {
        must(isfinite(d));
    }
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size), rest = text;
    size_t pieces = 0;
    check_time(text);
    check_numbers(text);
    while (rest.ptr != NULL) { /* a cut loses nothing but the separators */
        pieces += bytes_cut(&rest, ',').len + 1;
    }
    must(pieces == size + 1 || text.ptr == NULL);
    if (bytes_is_utf8(text)) { /* and so is every beginning that ends before a character */
        for (size_t i = 0; i < size && i < 64; i++) {
            bool inside = (data[i] & 0xc0) == 0x80;
            must(bytes_is_utf8(bytes_slice(text, 0, i)) == !inside);
        }
    }
    must(bytes_trim(text).len <= size);
    return 0;
}
