/* The life of a program: settings, connections, serving, and giving back. */
#ifndef TEAMDUES_ENDPOINT_RUN_H
#define TEAMDUES_ENDPOINT_RUN_H

#include "app/app.h"
#include "web/service.h"

/*
 * Serves routes with a struct app as their context, on THREADS threads or
 * this many; beside them, where the needs say so, ends stray sessions.  Returns
 * what main returns.
 */
int endpoint_run(const struct app_needs *needs, const struct route *routes,
    int threads);

#endif
