/* Whom a mailing would go to, and who would be left out. */
#ifndef TEAMDUES_DESK_SEND_LIST_H
#define TEAMDUES_DESK_SEND_LIST_H

#include "desk/list.h"

extern const struct list send_list;

#endif
