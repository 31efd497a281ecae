/*
 * A whole message of RFC 5322, multipart/alternative, as it is given to SMTP:
 * CRLF line ends, 7 bits, lines of at most 78 bytes (a signed link of a header
 * or an address may be longer).  A pure function: the same bytes for the same
 * message, the boundary too.
 */
#ifndef TEAMDUES_MAIL_MESSAGE_H
#define TEAMDUES_MAIL_MESSAGE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum { MESSAGE_MAX = 512 * 1024 };

struct message {
	const char *from;
	const char *from_name;	/* NULL or "": the address alone */
	const char *to;
	const char *to_name;	/* the same */
	const char *reply_to;	/* NULL: none */
	const char *subject;
	int64_t date;		/* Unix seconds; written in UTC */
	const char *message_id;	/* "a.b@domain", without < and > */
	const char *text;	/* bodies: UTF-8, LF line ends */
	const char *html;
};

/*
 * Appends the message.  ST_BAD_INPUT: an address, a name, the subject or the
 * Message-ID has something that a header must not have (a control character,
 * above all), or the whole is larger than out holds; ST_NOMEM.
 */
NODISCARD enum status message_put(struct buf *out,
    const struct message *message, struct err *err);

#endif
