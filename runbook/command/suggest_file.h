/*
 * `teamdues import sessions --suggest`: writes the list that the command then
 * reads.
 */
#ifndef TEAMDUES_COMMAND_SUGGEST_FILE_H
#define TEAMDUES_COMMAND_SUGGEST_FILE_H

#include "kit/invocation.h"

/*
 * Writes the list to standard output, as CSV unless --json was given; standard
 * error gets each session that is left out, with the reason.
 */
NODISCARD enum status suggest_file(struct invocation *invocation,
    struct err *err);

#endif
