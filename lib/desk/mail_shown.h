/* A mail before it is decided: made as the mailer would make it now. */
#ifndef TEAMDUES_DESK_MAIL_SHOWN_H
#define TEAMDUES_DESK_MAIL_SHOWN_H

#include "base/json_out.h"
#include "desk/visit.h"
#include "store/outgoing.h"

/* Which mail. */
struct mail_shown {
	const char *kind;	/* as the database names it */
	int64_t player_id;
	int64_t order_id;	/* 0: it is of none */
	const char *facts;	/* a JSON object */
};

/* Writes the member `mail`: {to, subject, lines: [{line}]}, of count mails that
 * go as one, OUTGOING_MOST at most.  ST_NOT_FOUND: no such player;
 * ST_UNAUTHENTICATED. */
NODISCARD enum status mail_show(struct visit *visit,
    const struct mail_shown *shown, size_t count, struct json_out *json,
    struct err *err);

/* Appends data's `mail` under such a heading; nothing where it has none. */
void mail_put_shown(struct buf *html, struct json_node data,
    const char *heading);

#endif
