/* `teamdues import sessions --suggest`: the list that it then reads. */
#ifndef TEAMDUES_COMMAND_SUGGEST_FILE_H
#define TEAMDUES_COMMAND_SUGGEST_FILE_H

#include "kit/invocation.h"

/* Writes it to standard output, as CSV unless --json was given; what is left
 * out, and why, is told beside it. */
NODISCARD enum status suggest_file(struct invocation *invocation,
    struct err *err);

#endif
