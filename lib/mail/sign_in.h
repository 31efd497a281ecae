/* The mail that brings a user of the desk the link to sign in. */
#ifndef TEAMDUES_MAIL_SIGN_IN_H
#define TEAMDUES_MAIL_SIGN_IN_H

#include "base/buf.h"
#include "base/status.h"
#include "mail/message.h"

/* All text is UTF-8 of one line. */
struct sign_in_facts {
	const char *club_name;
	const char *contact;	/* how the club is reached */
	const char *name;	/* of the user */
	const char *link;
};

/*
 * Appends the message: envelope's addresses, names (from_name NULL: the
 * club's), date and Message-ID; the words are the link's.  ST_BAD_INPUT: a fact
 * is missing, or is not one line of UTF-8; statuses as of message_put.
 */
NODISCARD enum status sign_in_compose(struct buf *out,
    const struct message *envelope, const struct sign_in_facts *facts,
    struct err *err);

#endif
