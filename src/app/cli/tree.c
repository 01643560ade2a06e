/* SPDX-License-Identifier: Apache-2.0
 * tree: draws child references as a tree. TS-0004 7.5.2 (child-resource-references). */
#include <stdlib.h>

#include "app/cli/cli_int.h"

struct node {
    struct bytes path; /* structured address */
    uint32_t type;
};

static int by_path(const void *a, const void *b)
{
    struct bytes left = ((const struct node *)a)->path, right = ((const struct node *)b)->path;
    /* '/' sorts before every other character, so that children follow their parent */
    size_t shorter = left.len < right.len ? left.len : right.len;
    for (size_t i = 0; i < shorter; i++) {
        int x = left.ptr[i] == '/' ? 0 : (unsigned char)left.ptr[i];
        int y = right.ptr[i] == '/' ? 0 : (unsigned char)right.ptr[i];
        if (x != y) {
            return x - y;
        }
    }
    return (left.len > right.len) - (left.len < right.len);
}

static size_t depth_of(struct bytes path)
{
    size_t depth = 0;
    for (size_t i = 0; i < path.len; i++) {
        depth += path.ptr[i] == '/';
    }
    return depth;
}

/* Whether a node of that depth comes again below the same parent. */
static bool has_sibling_after(const struct node *nodes, size_t count, size_t at, size_t depth)
{
    for (size_t i = at + 1; i < count; i++) {
        size_t other = depth_of(nodes[i].path);
        if (other <= depth) {
            return other == depth;
        }
    }
    return false;
}

static void draw(const struct cli_options *options, const struct node *nodes, size_t count,
                 size_t root_depth)
{
    for (size_t i = 0; i < count; i++) {
        size_t depth = depth_of(nodes[i].path);
        const struct type_resource *type = type_by_number(nodes[i].type);
        struct bytes name = bytes_from(nodes[i].path, bytes_find_last(nodes[i].path, '/') + 1);
        for (size_t level = root_depth + 1; level < depth; level++) {
            cli_print(has_sibling_after(nodes, count, i, level) ? "│   " : "    ");
        }
        cli_print(has_sibling_after(nodes, count, i, depth) ? "├── " : "└── ");
        cli_print(options->color ? "%.*s \033[36m%s\033[0m\n" : "%.*s (%s)\n", BYTES_FMT(name),
                  type == NULL ? "?" : type->name);
    }
}

static void print_tree(const struct cli_options *options, struct arena *arena,
                       const struct wire_value *content)
{
    const struct wire_value *list = wire_get(wire_get(content, BYTES("m2m:rrl")), BYTES("rrf"));
    size_t most = list == NULL ? 0 : list->count, count = 0;
    struct node *nodes = most == 0 ? NULL : ARENA_ARRAY(arena, struct node, most);
    for
        WIRE_EACH(reference, list)
        {
            if (nodes != NULL && count < most) {
                nodes[count].path = wire_get_string(wire_get(reference, BYTES("val")));
                nodes[count].type = (uint32_t)wire_get_int(wire_get(reference, BYTES("typ")), 0);
                count++;
            }
        }
    cli_print("%.*s\n", BYTES_FMT(options->words[1]));
    if (count > 0) {
        qsort(nodes, count, sizeof(*nodes), by_path);
        size_t shallowest = depth_of(nodes[0].path);
        for (size_t i = 1; i < count; i++) {
            size_t depth = depth_of(nodes[i].path);
            shallowest = depth < shallowest ? depth : shallowest;
        }
        draw(options, nodes, count, shallowest - (shallowest > 0));
    }
}

enum cli_exit cli_tree(const struct cli_options *options)
{
    struct cli_session *session;
    status result = cli_session_open(options, &session);
    if (is_error(result)) {
        cli_complain("%s", status_text(result));
        return CLI_FAILED;
    }
    struct arena *arena = cli_session_arena(session);
    struct prim_call *call = cli_call_new(session, PRIM_RETRIEVE, options->words[1]);
    enum cli_exit exit = CLI_USAGE;
    if (call == NULL ||
        is_error(prim_request_set(&call->request, BYTES("rcn"), BYTES("6"), arena)) ||
        (options->level.len > 0 &&
         is_error(prim_request_set(&call->request, BYTES("lvl"), options->level, arena)))) {
        cli_complain("%s", status_note_get()->text);
    } else {
        cli_call_run(session, call);
        exit = cli_call_outcome(session, call);
        if (exit == CLI_DONE && options->raw) {
            cli_print_content(options, call->response.content);
        } else if (exit == CLI_DONE) {
            print_tree(options, arena, call->response.content);
            if (call->response.content_offset > 0) {
                cli_print("(not all: the CSE limits an answer's size)\n");
            }
        }
    }
    cli_session_close(session);
    return exit;
}
