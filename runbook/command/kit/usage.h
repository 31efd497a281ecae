/* Usage, made of the commands' own tables. */
#ifndef TEAMDUES_COMMAND_USAGE_H
#define TEAMDUES_COMMAND_USAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "invocation.h"

/* One command with its parameters, a line each. */
void usage_command(FILE *file, const struct command *command);

/* Whether word is the first word, or words, of the command's name. */
bool usage_is_about(const struct command *command, const char *word);

/* The line of each command that is about word; "": of all.  files: the arrays
 * of commands, ended by NULL. */
void usage_commands(FILE *file, const struct command *const *files,
    const char *word);

#endif
