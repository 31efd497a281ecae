/*
 * Sending over SMTP: one kept connection for many mails.  Each mail has one
 * recipient, so that each answer is about one mail.  Nothing is repeated here
 * once the server may have the mail; before that, one lost connection that had
 * been kept from an earlier mail is made anew.
 */
#ifndef TEAMDUES_MAIL_SMTP_H
#define TEAMDUES_MAIL_SMTP_H

#include "base/buf.h"
#include "base/config.h"
#include "base/status.h"

enum { SMTP_TEXT_SIZE = 512 };

struct smtp;

/* What became of a mail. */
enum smtp_end {
	SMTP_SENT,		/* the server has taken it */
	SMTP_TEMPORARY,		/* not taken: 4xx, no connection, too slow */
	SMTP_PERMANENT,		/* not taken: 5xx to this mail or recipient */
	SMTP_REFUSED,		/* not taken: 5xx that speaks of us (sender,
				 * account, quota, relay, policy).  The mail
				 * itself is well: later, and others too */
	SMTP_MISCONFIGURED,	/* not taken, and none will be until a person
				 * acts: credentials, STARTTLS, certificate, a
				 * server that does not serve us.  The mail
				 * itself is well: later, and a loud log */
	SMTP_UNKNOWN,		/* the final dot may have been sent and no
				 * answer was read: taken or not */
	SMTP_END_MAX
};

struct smtp_reply {
	enum smtp_end end;
	int code;			/* the server's last; 0: none */
	char text[SMTP_TEXT_SIZE];	/* the server's last line, or why there
					 * is none; printable ASCII */
};

struct smtp_mail {
	const char *from;		/* addresses of the envelope */
	const char *to;
	const struct buf *message;	/* CRLF line ends */
};

/*
 * Reads SMTP_URL, SMTP_USER and SMTP_PASSWORD of config, which must outlive
 * smtp, and connects to nothing yet.  For one thread at a time; a process that
 * was forked opens its own.  TLS is taken when it is offered, and required
 * unless the host is loopback; certificates are verified against the system's
 * authorities (or SSL_CERT_FILE).  ST_NOMEM; ST_CONFIG.  Free with smtp_close.
 */
NODISCARD enum status smtp_open(const struct config *config,
    struct smtp **smtp, struct err *err);

/*
 * Sends one mail; ST_OK means that reply says what became of it.
 * ST_BAD_INPUT: an address is none, and nothing was sent; ST_NOMEM.
 */
NODISCARD enum status smtp_send(struct smtp *smtp,
    const struct smtp_mail *mail, struct smtp_reply *reply,
    struct err *err);

/*
 * Sends none: greets the server, takes TLS and logs in as smtp_send would, and
 * asks for nothing.  SMTP_SENT: it would take a mail.  ST_NOMEM.
 */
NODISCARD enum status smtp_check(struct smtp *smtp,
    struct smtp_reply *reply, struct err *err);

/* QUIT, and frees smtp.  NULL is harmless. */
void smtp_close(struct smtp *smtp);

#endif
