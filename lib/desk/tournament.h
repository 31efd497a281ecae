/* Who is in a tournament, and how their orders stand. */
#ifndef TEAMDUES_DESK_TOURNAMENT_H
#define TEAMDUES_DESK_TOURNAMENT_H

#include "desk/list.h"

extern const struct list tournament_list;

#endif
