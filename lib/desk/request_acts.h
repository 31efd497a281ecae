/* What may be done about a request that failed. */
#ifndef TEAMDUES_DESK_REQUEST_ACTS_H
#define TEAMDUES_DESK_REQUEST_ACTS_H

#include "desk/act.h"

/* Ended by a path of NULL; by their places here. */
enum { REQUEST_PUT_AWAY, REQUEST_BRING_BACK };

extern const struct act_kind request_acts[];

#endif
