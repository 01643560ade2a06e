/* SPDX-License-Identifier: Apache-2.0
 * Runs a fuzz target without a fuzzer: over every file of the folders given, whole, cut short and
 * changed in ways that are the same on every run. Fails when a folder has no file. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES = 200, FILE_MOST = 1 << 20 };

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* In memory of exactly that size, so that a sanitizer sees each read past the end. */
static void run_one(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    must(copy != NULL);
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* One to four changes: an octet flipped, replaced, doubled or removed, or the end cut off. */
static size_t change(uint8_t *data, size_t size, uint64_t *seed)
{
    static const uint8_t telling[] = "\0\1\x7f\x80\xff\"\\{}[]<>&:,0";
    for (uint64_t count = 1 + random_next(seed) % 4; count > 0 && size > 0; count--) {
        size_t at = random_next(seed) % size;
        switch (random_next(seed) % 5) {
        case 0:
            data[at] ^= (uint8_t)(1U << random_next(seed) % 8);
            break;
        case 1:
            data[at] = telling[random_next(seed) % (sizeof(telling) - 1)];
            break;
        case 2:
            memmove(data + at + 1, data + at, size - at);
            size++;
            break;
        case 3:
            memmove(data + at, data + at + 1, size - at - 1);
            size--;
            break;
        default:
            size = at;
            break;
        }
    }
    return size;
}

static void run_file(const char *path)
{
    static uint8_t data[FILE_MOST], changed[FILE_MOST + 4];
    FILE *file = fopen(path, "rb");
    must(file != NULL);
    size_t size = fread(data, 1, sizeof(data), file);
    must(fclose(file) == 0);
    run_one(data, size);
    uint64_t seed = 0x9e3779b97f4a7c15U + size;
    for (int i = 0; i < CHANGES; i++) {
        memcpy(changed, data, size);
        run_one(changed, change(changed, size, &seed));
    }
}

static size_t run_folder(const char *folder)
{
    size_t count = 0;
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(open_folder); entry != NULL; entry = readdir(open_folder)) {
        char path[4096];
        int length = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        must(length > 0 && (size_t)length < sizeof(path));
        if (entry->d_name[0] != '.') {
            run_file(path);
            count++;
        }
    }
    must(closedir(open_folder) == 0);
    return count;
}

int main(int argument_count, char **arguments)
{
    size_t count = 0;
    for (int i = 1; i < argument_count; i++) {
        size_t of_folder = run_folder(arguments[i]);
        if (of_folder == 0) {
            (void)fprintf(stderr, "no files in %s\n", arguments[i]);
            return 1;
        }
        count += of_folder;
    }
    (void)printf("%zu files, each with %d changes\n", count, (int)CHANGES);
    return count == 0 ? 1 : 0;
}
