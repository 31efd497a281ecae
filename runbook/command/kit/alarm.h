/* Mailing MAIL_ALERTS what is wrong, and what is no longer. */
#ifndef TEAMDUES_COMMAND_ALARM_H
#define TEAMDUES_COMMAND_ALARM_H

#include "notice.h"

/*
 * Prints the mail that is due for each cause; with commit also sends it and
 * records that it was sent.  At most one mail an hour says that a cause began;
 * it is repeated once a day, and one mail says that it is over.  ST_UPSTREAM:
 * nobody could be mailed; the next run tries again.
 */
NODISCARD enum status alarm_tell(struct invocation *invocation,
    const struct notices *notices, bool commit, struct err *err);

#endif
