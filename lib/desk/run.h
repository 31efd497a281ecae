/* The life of a program of the desk, and its way on. */
#ifndef TEAMDUES_DESK_RUN_H
#define TEAMDUES_DESK_RUN_H

#include "desk/visit.h"
#include "endpoint/run.h"

/* Serves routes with a struct app as their context; name is the program's
 * ("desk/order").  Returns what main returns. */
int desk_run(const char *name, const struct route *routes);

/* 303 to a path of ours. */
NODISCARD enum status desk_redirect(const struct visit *visit,
    const char *path, struct response *response, struct err *err);

#endif
