/* How the sending of a mail ends. */
#ifndef TEAMDUES_MAIL_SMTP_END_H
#define TEAMDUES_MAIL_SMTP_END_H

/* Of a line of the server's, terminated. */
enum { SMTP_TEXT_SIZE = 512 };

/* What became of a mail. */
enum smtp_end {
	SMTP_SENT,		/* the server has taken it */
	SMTP_TEMPORARY,		/* not taken: 4xx, no connection, too slow */
	SMTP_PERMANENT,		/* not taken: 5xx to this mail or recipient */
	SMTP_REFUSED,		/* not taken: 5xx about us (sender, account,
				 * quota, relay, policy).  This mail and the
				 * others should wait */
	SMTP_MISCONFIGURED,	/* not taken, and none will be until a person
				 * acts: credentials, STARTTLS, certificate, a
				 * server that does not serve us.  All mails
				 * should wait, and the log has an error */
	SMTP_UNKNOWN,		/* the final dot may have been sent, but no
				 * answer came: the server may have it */
	SMTP_END_MAX
};

#endif
