/*
 * The mails go straight to the SMTP server and not through the outbox: they
 * must get out when the mailer or the outbox is what is wrong.  The database
 * decides which cause is due, and remembers what was mailed.
 */
#include "alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "mail/alarm.h"
#include "mail/smtp.h"
#include "store/notice.h"

enum { LINE_MAX_LEN = 1024, ID_RANDOM_LEN = 12 };

/* One cause's mail, the same for each address. */
struct alarm_mail {
	char subject[LINE_MAX_LEN];
	char seen[LINE_MAX_LEN];
	char mend[LINE_MAX_LEN];
	const char *paragraphs[6];
};

static void
fill_mail(struct alarm_mail *mail, const struct config *config,
    enum cause cause, const struct notice *notice, enum alarm alarm)
{
	const struct cause_words *words = cause_words(cause);
	struct buf subject = BUF_FIXED(mail->subject);
	struct buf seen = BUF_FIXED(mail->seen);
	struct buf mend = BUF_FIXED(mail->mend);
	const char **next = mail->paragraphs;

	buf_putf(&subject, "%s: %s%s",
	    config_text(config, SETTING_CLUB_NAME),
	    alarm == ALARM_OVER ? "over: " : alarm == ALARM_STILL ? "still: "
	    : "", words->title);
	buf_putf(&seen, "Seen now (%s): %s.", words->name, notice->text);
	buf_putf(&mend, "To do, for who looks after the server: %s.  The page "
	    "runbook/%s says more.", words->mend, words->page);
	/*
	 * A mail that says that something is over must not tell anybody to do
	 * something.
	 */
	if (alarm == ALARM_OVER) {
		*next++ = "This is over; nothing has to be done any more.";
	} else {
		*next++ = words->meaning;
	}
	*next++ = mail->seen;
	if (alarm != ALARM_OVER)
		*next++ = mail->mend;
	*next = NULL;
}

/*
 * Random, because there is no row in the outbox whose id could make the
 * Message-ID unique (RFC 5322, 3.6.4).
 */
static enum status
put_message_id(struct buf *id, const char *from, struct err *err)
{
	unsigned char bytes[ID_RANDOM_LEN];
	const char *at = strrchr(from, '@');
	enum status st = crypto_random(bytes, sizeof(bytes), err);

	if (st != ST_OK)
		return st;
	buf_puts(id, "alarm.");
	buf_put_hex(id, bytes, sizeof(bytes));
	buf_puts(id, at != NULL ? at : "@localhost");
	return buf_check(id, "the Message-ID", err);
}

static enum status
send_to(struct smtp *smtp, const struct config *config,
    const struct alarm_mail *mail, const char *to, struct err *err)
{
	const char *from = config_text(config, SETTING_MAIL_FROM);
	struct buf message = BUF_INIT(MESSAGE_MAX);
	char id_text[400];
	struct buf id = BUF_FIXED(id_text);
	/*
	 * Anything that does not reach the server's answer counts as not sent.
	 */
	struct smtp_reply reply = { .end = SMTP_PERMANENT };
	enum status st = put_message_id(&id, from, err);

	if (st == ST_OK)
		st = alarm_compose(&message, &(struct message){
			.from = from,
			.from_name = config_text(config, SETTING_CLUB_NAME),
			.to = to,
			.subject = mail->subject,
			.date = clock_now_s(),
			.message_id = id_text,
		}, mail->paragraphs, err);
	if (st == ST_OK)
		st = smtp_send(smtp, &(struct smtp_mail){ .from = from,
		    .to = to, .message = &message }, &reply, err);
	if (st == ST_OK && reply.end != SMTP_SENT)
		st = err_set(err, ST_UPSTREAM, "%s: %s", to, reply.text);
	buf_clear(&message);
	return st;
}

/*
 * The alarm counts as mailed once one address has accepted it.  Otherwise one
 * mistyped address would repeat the mail to all the others on every run.
 */
static enum status
send_to_all(struct smtp *smtp, const struct config *config,
    const struct alarm_mail *mail, struct err *err)
{
	enum status st = ST_OK;
	size_t sent = 0;

	for (size_t i = 0; i < config->mail_alert_count; i++) {
		st = send_to(smtp, config, mail,
		    secret_bytes(&config->mail_alerts[i]), err);
		if (st == ST_OK)
			sent++;
		else
			fprintf(stderr, "%s\n", err->msg);
	}
	return sent > 0 ? ST_OK : st;
}

static void
print_due(enum cause cause, const struct notice *notice, enum alarm alarm)
{
	static const char *const words[] = {
		[ALARM_NONE] = "",
		[ALARM_BEGIN] = "wrong",
		[ALARM_STILL] = "still wrong",
		[ALARM_OVER] = "over",
	};

	printf("%s: %s: %s\n", cause_words(cause)->name, words[alarm],
	    notice->text);
}

/*
 * Only a failure is an alarm: a warning, such as one refused signature among
 * accepted events, is for the doctor's reader.  The alarm is noted after it was
 * mailed, so that a run that is killed between the two mails again rather than
 * never.
 */
static enum status
tell_one(struct invocation *invocation, struct smtp *smtp, enum cause cause,
    const struct notice *notice, struct err *err)
{
	const char *name = cause_words(cause)->name;
	struct alarm_mail mail;
	enum alarm alarm;
	enum status st;

	st = store_alarm_due(invocation->app.store, name,
	    notice->verdict == VERDICT_FAIL, &alarm, err);
	if (st != ST_OK || alarm == ALARM_NONE)
		return st;
	print_due(cause, notice, alarm);
	/*
	 * A dry run, or no MAIL_ALERTS: what is due is printed, and stays due.
	 */
	if (smtp == NULL)
		return ST_OK;
	fill_mail(&mail, &invocation->app.config, cause, notice, alarm);
	st = send_to_all(smtp, &invocation->app.config, &mail, err);
	if (st == ST_OK)
		st = store_alarm_mailed(invocation->app.store, name, alarm,
		    err);
	return st;
}

enum status
alarm_tell(struct invocation *invocation, const struct notices *notices,
    bool commit, struct err *err)
{
	const struct config *config = &invocation->app.config;
	struct smtp *smtp = NULL;
	enum status result = ST_OK;
	enum status st = ST_OK;

	if (commit && config->mail_alert_count > 0)
		st = smtp_open(config, &smtp, err);
	if (st != ST_OK)
		return st;
	/* A cause that cannot be mailed now must not silence the others. */
	for (enum cause cause = 0; cause < CAUSE_MAX; cause++) {
		struct err why;

		/*
		 * A check that could not be made proves neither that a cause
		 * has begun nor that it is over.
		 */
		if (notices->of[cause].verdict == VERDICT_UNKNOWN)
			continue;
		st = tell_one(invocation, smtp, cause, &notices->of[cause],
		    &why);
		if (st != ST_OK) {
			result = st;
			*err = why;
		}
	}
	smtp_close(smtp);
	return result;
}
