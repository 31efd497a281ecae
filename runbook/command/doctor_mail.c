/*
 * What `teamdues doctor` checks at the mail server: everything up to the point
 * where a mail would be handed over.
 */
#include "doctor.h"
#include "mail/smtp.h"

/*
 * Connects, starts TLS and logs in as the mailer does; no mail is sent, so that
 * the doctor can be run at any time.
 */
void
doctor_check_smtp(struct doctor *doctor)
{
	const struct config *config = &doctor->invocation->app.config;
	const char *url = config_text(config, SETTING_SMTP_URL);
	struct smtp *smtp = NULL;
	/* If the server is never reached, the advice is about the network. */
	struct smtp_reply reply = { .end = SMTP_TEMPORARY };
	struct err err;
	enum status st;

	if (url == NULL)
		return;
	st = smtp_open(config, &smtp, &err);
	if (st == ST_OK)
		st = smtp_check(smtp, &reply, &err);
	if (st == ST_OK && reply.end == SMTP_SENT)
		doctor_report(doctor, VERDICT_OK, "smtp", NULL,
		    "%s would take mails%s", url,
		    config_text(config, SETTING_SMTP_USER) != NULL
		    ? " of SMTP_USER" : "");
	else
		doctor_report(doctor, VERDICT_FAIL, "smtp",
		    reply.end == SMTP_MISCONFIGURED
		    ? "mend SMTP_USER, SMTP_PASSWORD or the server's TLS"
		    : "can this host reach SMTP_URL, and does it answer?",
		    "%s: %s", url, st == ST_OK ? reply.text : err.msg);
	smtp_close(smtp);
}
