/* All acts of the desk. */
#ifndef TEAMDUES_DESK_ACTS_H
#define TEAMDUES_DESK_ACTS_H

#include "desk/act_kind.h"

/*
 * The kind of an action; NULL: no page has it.  The same may be asked of an
 * order and of a payment: it is rather of those whose first field is in args.
 */
const struct act_kind *acts_find(const char *action, struct json_node args);

/* The same of a request, as store_desk_request gives it. */
const struct act_kind *acts_of_request(struct json_node data);

#endif
