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
#include "mail/smtp_end.h"

struct smtp;

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

/* Sends one mail; ST_OK means that reply says how it ended.  ST_BAD_INPUT: an
 * address is malformed, and nothing was sent; ST_NOMEM. */
NODISCARD enum status smtp_send(struct smtp *smtp,
    const struct smtp_mail *mail, struct smtp_reply *reply,
    struct err *err);

/* Sends no mail: greets the server, takes TLS and logs in as smtp_send does,
 * and asks for nothing.  SMTP_SENT: it would take a mail.  ST_NOMEM. */
NODISCARD enum status smtp_check(struct smtp *smtp,
    struct smtp_reply *reply, struct err *err);

/* QUIT, and frees smtp.  NULL is harmless. */
void smtp_close(struct smtp *smtp);

#endif
