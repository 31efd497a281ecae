/* Usage, generated from the table of commands. */
#ifndef TEAMDUES_COMMAND_USAGE_H
#define TEAMDUES_COMMAND_USAGE_H

#include <stdio.h>

#include "command.h"

/* One command with its parameters, a line each. */
void usage_command(FILE *file, const struct command *command);

/* The line of each command whose name begins with prefix, at a word. */
void usage_commands(FILE *file, const struct command *const *commands,
    const char *prefix);

#endif
