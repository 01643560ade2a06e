/* SPDX-License-Identifier: Apache-2.0
 * [mgmtObj] specialisations: stored and validated; the member name and mgmtDefinition say the same.
 * TS-0004 7.4.15, TS-0001 9.6.15. */
#include "server/cse/cse_int.h"

static status check_create(struct exchange *x)
{
    int64_t definition = type_get_int(x->representation, ATTR_MGMT_DEFINITION, -1);
    ENSURE(definition == (int64_t)x->new_type->definition, BAD_REQUEST,
           "mgmtDefinition %lld in a %s", (long long)definition, x->new_type->member);
    bool has_schema = type_get(x->representation, ATTR_MGMT_SCHEMA) != NULL;
    ENSURE(has_schema == (definition == 0), BAD_REQUEST,
           "mgmtSchema goes with mgmtDefinition 0 alone");
    return OK;
}

const struct serve_ops cse_mgmt_obj_ops = {.type = TYPE_MGMT_OBJ, .check_create = check_create};
