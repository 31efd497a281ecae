/* What may be done about mails: to send them, again, or not at all. */
#ifndef TEAMDUES_DESK_MAIL_ACTS_H
#define TEAMDUES_DESK_MAIL_ACTS_H

#include "desk/act.h"

/* Ended by a path of NULL; by their places here. */
enum { MAIL_SEND, MAIL_RETRY, MAIL_DROP };

extern const struct act_kind mail_acts[];

#endif
