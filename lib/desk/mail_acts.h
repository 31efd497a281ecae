/* What may be done about mails: to send them, again, or not at all. */
#ifndef TEAMDUES_DESK_MAIL_ACTS_H
#define TEAMDUES_DESK_MAIL_ACTS_H

#include "desk/act.h"

/* Ended by a path of NULL; by their places here. */
enum { MAIL_SEND, MAIL_RETRY, MAIL_DROP };

extern const struct act_kind mail_acts[];

/* Appends how many would be reminded of a bill that they have not had, and the
 * way to mail it; nothing where there are none.  data is send_read()'s. */
void mail_put_unbilled(struct buf *html, struct json_node data);

#endif
