/*
 * What may be done to a tournament at the desk.  Each has a page of its own,
 * its path with the tournament in the query.
 */
#ifndef TEAMDUES_DESK_TOURNAMENT_ACTS_H
#define TEAMDUES_DESK_TOURNAMENT_ACTS_H

#include "desk/act.h"

extern const struct act_kind tournament_acts[];

#endif
