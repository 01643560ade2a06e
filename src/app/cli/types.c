/* SPDX-License-Identifier: Apache-2.0
 * types: the descriptors, for people. */
#include "app/cli/cli_int.h"

static const char *const presence_names[] = {"NP", "O", "M"};
static const char *const announce_names[] = {"NA", "OA", "MA"};

static void print_list(void)
{
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        cli_print("%6u  %-14s %-36s %s\n", type->number, type->member == NULL ? "" : type->member,
                  type->name,
                  type->behaviour == TYPE_BEHAVIOUR_IMPLEMENTED ? "" : "(not implemented: 5001)");
    }
}

static void print_type(const struct type_resource *type)
{
    cli_print("%s (%u, %s), %s\n\n%-34s %-6s %-28s %-4s %-6s %-6s %s\n", type->name, type->number,
              type->member == NULL ? "virtual" : type->member, type->clause, "attribute", "short",
              "data type", "mult", "create", "update", "announced");
    for (uint32_t i = 0; i < type->attribute_count; i++) {
        const struct type_attr *attribute = &type->attributes[i];
        struct bytes name = type_attr_long(attribute->id),
                     short_name = type_attr_short(attribute->id);
        cli_print("%-34.*s %-6.*s %-28s %-4s %-6s %-6s %s\n", BYTES_FMT(name),
                  BYTES_FMT(short_name), type_data_name(attribute->data),
                  attribute->card == TYPE_ONE ? "1" : "0..1", presence_names[attribute->create],
                  presence_names[attribute->update], announce_names[attribute->announce]);
    }
    cli_print("\nchildren:");
    for (uint32_t i = 0; i < type->child_count; i++) {
        const struct type_resource *child = type_by_number(type->children[i].type);
        cli_print(" %s", child == NULL ? "?" : child->name);
    }
    cli_print("\n");
}

enum cli_exit cli_types(const struct cli_options *options)
{
    if (options->word_count == 1) {
        print_list();
        return CLI_DONE;
    }
    const struct type_resource *type = cli_type_of(options->words[1]);
    if (type == NULL) {
        cli_complain("no resource type is called %.*s", BYTES_FMT(options->words[1]));
        return CLI_USAGE;
    }
    print_type(type);
    return CLI_DONE;
}
