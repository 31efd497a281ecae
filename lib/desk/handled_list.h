/* The list of what was done about payments, with the rules for those that are
 * not ours. */
#ifndef TEAMDUES_DESK_HANDLED_LIST_H
#define TEAMDUES_DESK_HANDLED_LIST_H

#include "desk/list.h"

extern const struct list handled_list;

#endif
