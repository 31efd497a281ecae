/*
 * A claim locks a mail's row and marks it as sent in a transaction that stays
 * open; then the mail is sent; then only the commit is left.  A mailer that
 * dies before the commit leaves the mail unsent in the books.
 */
#include "billing/mailing/mailer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/entry_token.h"
#include "base/log.h"
#include "billing/mailing/outgoing_facts.h"
#include "mail/compose.h"
#include "mail/sign_in.h"
#include "mail/smtp.h"
#include "store/mail_send.h"

enum {
	MESSAGE_ID_MAX = 400,
	RETRY_FIRST_S = 300,
	RETRY_MOST_S = 6 * 3600,
	GIVE_UP_S = 3 * 24 * 3600,
	ENTRY_RETRY_S = 10,	/* its link lasts for minutes */
	REFUSALS_MAX = 17,	/* as many such pauses fill GIVE_UP_S */
};

struct mailer {
	const struct config *config;
	struct outbox *outbox;
	struct smtp *smtp;
};

enum status
mailer_open(const struct config *config, struct mailer **mailer,
    struct err *err)
{
	struct mailer *m = calloc(1, sizeof(*m));
	enum status st;

	if (m == NULL)
		return err_set(err, ST_NOMEM, "no memory for the mailer");
	m->config = config;
	st = outbox_open(config_secret(config, SETTING_DATABASE_URL),
	    config_text(config, SETTING_CLUB_TIMEZONE), &m->outbox, err);
	if (st == ST_OK)
		st = smtp_open(config, &m->smtp, err);
	if (st != ST_OK) {
		mailer_close(m);
		return st;
	}
	*mailer = m;
	return ST_OK;
}

void
mailer_close(struct mailer *mailer)
{
	if (mailer == NULL)
		return;
	smtp_close(mailer->smtp);
	outbox_close(mailer->outbox);
	free(mailer);
}

/*
 * The same for a mail's order or player, kind, day and copy: if a mail arrives
 * twice, its reader can tell so by the id.
 */
static void
put_message_id(const struct mailer *mailer, const struct outgoing *mail,
    struct buf *id)
{
	const char *from = config_text(mailer->config, SETTING_MAIL_FROM);
	const char *at = strrchr(from, '@');

	/*
	 * At most 64 bytes may precede the @ (RFC 5321, 4.5.3.1): eleven of the
	 * installation's id keep two installations apart.
	 */
	buf_putf(id, "%s.%s%" PRId64 ".%s.%d.%.11s%s", mail->kind,
	    mail->order_id != 0 ? "order" : "player",
	    mail->order_id != 0 ? mail->order_id : mail->player_id, mail->day,
	    mail->copy, mail->installation_id, at != NULL ? at : "@localhost");
}

/* From kind and facts to bytes; several mails of a family become one. */
static enum status
compose(const struct mailer *mailer, const struct outgoing_group *group,
    struct buf *message, struct err *err)
{
	char id_text[MESSAGE_ID_MAX];
	struct buf id = BUF_FIXED(id_text);
	struct outgoing_facts facts;
	struct message envelope = {
		.from = config_text(mailer->config, SETTING_MAIL_FROM),
		.to = group->mail[0].recipient,
		.reply_to = config_text(mailer->config, SETTING_MAIL_REPLY_TO),
		.date = clock_now_s(),
	};
	enum status st;

	put_message_id(mailer, &group->mail[0], &id);
	envelope.message_id = buf_str(&id);
	st = outgoing_facts_read(mailer->config, group, &facts, err);
	if (st == ST_OK) {
		envelope.to_name = facts.of[0].parent_name;
		st = mail_compose(message, &envelope, facts.of, group->count,
		    err);
	}
	outgoing_facts_clear(&facts);
	return st;
}

static enum status
compose_entry(const struct mailer *mailer, const struct outgoing_entry *entry,
    struct buf *message, struct err *err)
{
	const char *from = config_text(mailer->config, SETTING_MAIL_FROM);
	const char *at = strrchr(from, '@');
	char id_text[MESSAGE_ID_MAX];
	struct buf id = BUF_FIXED(id_text);
	struct buf url = BUF_INIT(STORE_URL_SIZE);
	enum status st;

	buf_putf(&id, "sign_in.%" PRId64 ".%.11s%s", entry->entry_id,
	    entry->installation_id, at != NULL ? at : "@localhost");
	buf_puts(&url, config_text(mailer->config, SETTING_SITE_URL));
	buf_puts(&url, "/desk/enter?token=");
	st = entry_token_put(mailer->config, entry->entry_id,
	    entry->link_expires, &url, err);
	if (st == ST_OK)
		st = sign_in_compose(message, &(const struct message){
			.from = from,
			.to = entry->email,
			.to_name = entry->name,
			.reply_to = config_text(mailer->config,
			    SETTING_MAIL_REPLY_TO),
			.date = clock_now_s(),
			.message_id = buf_str(&id),
		    }, &(const struct sign_in_facts){
			.club_name = config_text(mailer->config,
			    SETTING_CLUB_NAME),
			.contact = config_text(mailer->config,
			    SETTING_CLUB_CONTACT),
			.name = entry->name,
			.link = buf_str(&url),
		    }, err);
	buf_clear(&url);
	return st;
}

/* 5 minutes, doubling to 6 hours. */
static int64_t
retry_wait_s(int attempts)
{
	int64_t wait_s = RETRY_FIRST_S;

	while (attempts-- > 0 && wait_s < RETRY_MOST_S)
		wait_s *= 2;
	return wait_s < RETRY_MOST_S ? wait_s : RETRY_MOST_S;
}

/*
 * Where it is not known whether the server took the mail, a person decides: a
 * family that gets none can be sent another, one that got two cannot be helped.
 */
static bool
is_given_up(const struct outgoing *mail, enum smtp_end end)
{
	/*
	 * A quota may hold a mail back for days before its first try: so the
	 * tries count and not its age.
	 */
	if (end == SMTP_REFUSED)
		return mail->attempts >= REFUSALS_MAX;
	/*
	 * The settings are wrong and no mail is to blame: all wait, and doctor
	 * reports it until a person has mended them.
	 */
	if (end == SMTP_MISCONFIGURED)
		return false;
	return end == SMTP_PERMANENT || end == SMTP_UNKNOWN ||
	    mail->age_s > GIVE_UP_S;
}

static struct outbox_end
end_of(const struct outgoing *mail, const struct smtp_reply *reply)
{
	struct outbox_end end = { "later", reply->text, RETRY_FIRST_S };

	if (reply->end == SMTP_SENT)
		return (struct outbox_end){ "sent", "", 0 };
	if (is_given_up(mail, reply->end))
		end.end = "failed";
	if (reply->end == SMTP_TEMPORARY || reply->end == SMTP_REFUSED)
		end.wait_s = retry_wait_s(mail->attempts);
	return end;
}

static enum status
send_one(struct mailer *mailer, const struct outgoing_group *group,
    struct smtp_reply *reply, struct err *err)
{
	const struct outgoing *mail = &group->mail[0];
	struct buf message = BUF_INIT(MESSAGE_MAX);
	const struct smtp_mail smtp_mail = {
		.from = config_text(mailer->config, SETTING_MAIL_FROM),
		.to = mail->recipient,
		.message = &message,
	};
	struct err why = { ST_OK, "" };
	struct outbox_end end = { "failed", why.msg, 0 };
	enum status st;

	*reply = (struct smtp_reply){ .end = SMTP_PERMANENT };
	st = compose(mailer, group, &message, &why);
	if (st == ST_OK)
		st = smtp_send(mailer->smtp, &smtp_mail, reply, &why);
	if (st == ST_OK)
		end = end_of(mail, reply);
	/* Any other failure is the mail's own, and would come again. */
	else if (st == ST_NOMEM)
		end = (struct outbox_end){ "later", why.msg, RETRY_FIRST_S };
	st = outbox_finish(mailer->outbox, group, &end, err);
	for (size_t i = 0; i < group->count; i++)
		log_event(strcmp(end.end, "sent") == 0 ? LOG_INFO : LOG_WARN,
		    "mail", LOG_NUM("email", group->mail[i].email_id),
		    LOG_TEXT("kind", mail->kind), LOG_TEXT("end", end.end),
		    LOG_TEXT("reason", end.error), NULL);
	buf_clear(&message);
	return st;
}

/*
 * Here a second copy does no harm and a missing one keeps a user out: what the
 * server may have taken is sent again, as long as the link is of use.
 */
static struct outbox_end
entry_end_of(const struct smtp_reply *reply)
{
	if (reply->end == SMTP_SENT)
		return (struct outbox_end){ "sent", "", 0 };
	return (struct outbox_end){ reply->end == SMTP_PERMANENT ? "failed"
	    : "later", reply->text, ENTRY_RETRY_S };
}

static enum status
send_entry(struct mailer *mailer, const struct outgoing_entry *entry,
    struct smtp_reply *reply, struct err *err)
{
	struct buf message = BUF_INIT(MESSAGE_MAX);
	const struct smtp_mail smtp_mail = {
		.from = config_text(mailer->config, SETTING_MAIL_FROM),
		.to = entry->email,
		.message = &message,
	};
	struct err why = { ST_OK, "" };
	struct outbox_end end = { "failed", why.msg, 0 };
	enum status st;

	*reply = (struct smtp_reply){ .end = SMTP_PERMANENT };
	st = compose_entry(mailer, entry, &message, &why);
	if (st == ST_OK)
		st = smtp_send(mailer->smtp, &smtp_mail, reply, &why);
	if (st == ST_OK)
		end = entry_end_of(reply);
	st = outbox_finish_entry(mailer->outbox, entry, &end, err);
	log_event(strcmp(end.end, "sent") == 0 ? LOG_INFO : LOG_WARN, "mail",
	    LOG_NUM("entry", entry->entry_id), LOG_TEXT("kind", "sign_in"),
	    LOG_TEXT("end", end.end), LOG_TEXT("reason", end.error), NULL);
	buf_clear(&message);
	return st;
}

/*
 * A user waits at the desk for a link to sign in: those mails go first.
 * ST_NOT_FOUND: nothing is due.
 */
static enum status
send_next(struct mailer *mailer, struct smtp_reply *reply, struct err *err)
{
	struct outgoing_entry entry;
	struct outgoing_group group;
	enum status st;

	st = outbox_claim_entry(mailer->outbox, &entry, err);
	if (st == ST_OK)
		return send_entry(mailer, &entry, reply, err);
	if (st == ST_NOT_FOUND)
		st = outbox_claim(mailer->outbox, &group, err);
	if (st == ST_OK)
		st = send_one(mailer, &group, reply, err);
	return st;
}

enum status
mailer_send_due(struct mailer *mailer, bool (*told_to_stop)(void),
    enum mailer_pause *pause, struct err *err)
{
	struct smtp_reply reply;
	enum status st;

	for (;;) {
		*pause = MAILER_STOPPED;
		if (told_to_stop())
			return ST_OK;
		*pause = MAILER_IDLE;
		st = send_next(mailer, &reply, err);
		if (st == ST_NOT_FOUND)
			return ST_OK;
		*pause = MAILER_IN_TROUBLE;
		if (st != ST_OK)
			return st;
		if (reply.end == SMTP_REFUSED) {
			*pause = MAILER_REFUSED;
			return err_set(err, ST_UPSTREAM,
			    "the mail server refuses us: %s", reply.text);
		}
		if (reply.end == SMTP_MISCONFIGURED)
			return err_set(err, ST_UPSTREAM,
			    "the mail server is of no use: %s", reply.text);
	}
}
