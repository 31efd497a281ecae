/* Searched name by name: a request has a few dozen variables, and a program
 * asks for few of them. */
#include "web/environment.h"

#include <stddef.h>
#include <string.h>

const char *
environment_get(char *const *environment, const char *name)
{
	size_t len = strlen(name);

	if (environment == NULL)
		return NULL;
	for (char *const *at = environment; *at != NULL; at++)
		if (strncmp(*at, name, len) == 0 && (*at)[len] == '=')
			return *at + len + 1;
	return NULL;
}
