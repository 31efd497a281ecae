/* The variables that a gateway gives with a request. */
#ifndef TEAMDUES_WEB_ENVIRONMENT_H
#define TEAMDUES_WEB_ENVIRONMENT_H

/* environment: NAME=value, NULL-ended, or NULL.  Gives NULL for a variable that
 * is not in it. */
const char *environment_get(char *const *environment, const char *name);

#endif
