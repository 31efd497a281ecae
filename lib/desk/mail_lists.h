/* The lists of the mails' page: what was sent at once, and single mails. */
#ifndef TEAMDUES_DESK_MAIL_LISTS_H
#define TEAMDUES_DESK_MAIL_LISTS_H

#include "desk/list.h"

extern const struct list batch_list;
extern const struct list mail_list;

#endif
