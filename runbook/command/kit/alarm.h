/* Mailing MAIL_ALERTS what is wrong, and what is no longer. */
#ifndef TEAMDUES_COMMAND_ALARM_H
#define TEAMDUES_COMMAND_ALARM_H

#include "notice.h"

/*
 * Says of each cause what is due, and with commit mails it and remembers that.
 * At most one mail an hour says of a cause that it began; it is said again once
 * a day, and once when it is over.  ST_UPSTREAM: nobody could be mailed; the
 * next run tries again.
 */
NODISCARD enum status alarm_tell(struct invocation *invocation,
    const struct notices *notices, bool commit, struct err *err);

#endif
