/* What `teamdues doctor` asks the mail server, and how the outbox does. */
#include <inttypes.h>

#include "doctor.h"
#include "mail/smtp.h"
#include "store/mail.h"

enum { FAILED_DAYS = 30, LATE_S = 15 * 60 };

/* Greets, takes TLS and logs in as the mailer does; no mail is sent. */
void
doctor_check_smtp(struct doctor *doctor)
{
	const struct config *config = &doctor->invocation->config;
	const char *url = config_text(config, SETTING_SMTP_URL);
	struct smtp *smtp = NULL;
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

void
doctor_check_outbox(struct doctor *doctor)
{
	struct store *store = doctor->invocation->store;
	struct outbox_sight sight;
	struct err err;

	/* What keeps the question from being asked was reported above. */
	if (store == NULL
	    || store_look_at_outbox(store, FAILED_DAYS, &sight, &err) != ST_OK)
		return;
	if (sight.oldest_s > LATE_S)
		doctor_report(doctor, VERDICT_WARN, "outbox",
		    "is `teamdues mailer` running?  Its log and "
		    "`teamdues email list` say more",
		    "%" PRId64 " mails wait, one of them for %" PRId64
		    " minutes", sight.queued, sight.oldest_s / 60);
	else
		doctor_report(doctor, VERDICT_OK, "outbox", NULL,
		    "%" PRId64 " mails wait", sight.queued);
	if (sight.failed > 0)
		doctor_report(doctor, VERDICT_WARN, "outbox",
		    "`teamdues email list` says why; mend the cause, then "
		    "`teamdues email retry --all`", "%" PRId64 " mails failed in "
		    "the last %d days", sight.failed, FAILED_DAYS);
}
