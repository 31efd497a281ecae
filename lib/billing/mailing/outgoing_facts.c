/*
 * Links are signed here, each time that a mail is composed, so that none is
 * kept in the database.
 */
#include "billing/mailing/outgoing_facts.h"

#include <string.h>

#include "billing/first_payment.h"
#include "billing/pay_link.h"

static enum status
put_order_link(const struct config *config, const struct outgoing *mail,
    struct buf *url, struct err *err)
{
	struct pay_link link = {
		.id = mail->order_id,
		.expires = mail->link_expires,
	};
	enum status st = pay_link_kind_of_order(mail->order_kind, &link.kind,
	    err);

	if (st != ST_OK)
		return st;
	memcpy(link.word, mail->word, sizeof(link.word));
	return pay_link_put(config, &link, url, err);
}

/* A mail that asks for no money has no link. */
static enum status
put_link(const struct config *config, const struct outgoing *mail,
    struct buf *url, struct err *err)
{
	struct first_payment payment = {
		.player_id = mail->player_id,
		.prorate = mail->prorate,
		.amount_cents = mail->amount_cents,
		.expires = mail->link_expires,
	};

	if (mail->link_expires == 0)
		return ST_OK;
	if (mail->order_id != 0)
		return put_order_link(config, mail, url, err);
	memcpy(payment.quoted, mail->quoted, sizeof(payment.quoted));
	memcpy(payment.word, mail->word, sizeof(payment.word));
	return first_payment_link(config, &payment, url, err);
}

static const char *
text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/*
 * Anybody may type any name into the form of a tryout, with a stranger's
 * address: the club must not send that stranger the text.
 */
static const char *
name_unless_tryout(const struct outgoing *mail, const char *name)
{
	return strcmp(mail->kind, "tryout") == 0 ? "" : name;
}

static enum status
read_one(const struct config *config, const struct outgoing *mail,
    struct buf *url, struct mail_facts *facts, struct err *err)
{
	enum status st;

	*facts = (struct mail_facts){
		.club_name = config_text(config, SETTING_CLUB_NAME),
		.contact = config_text(config, SETTING_CLUB_CONTACT),
		.parent_name = name_unless_tryout(mail, mail->parent_name),
		.player_name = name_unless_tryout(mail, mail->player_name),
		.item = text_or_null(mail->item),
		.quoted = text_or_null(mail->quoted),
		.prorate = mail->prorate,
		.amount_cents = mail->amount_cents,
		.currency = mail->currency,
		.last_day = text_or_null(mail->last_day),
		.left_cents = mail->left_cents,
	};
	if (!mail_kind_parse(mail->kind, &facts->kind))
		return err_set(err, ST_BUG, "no mail of kind %s", mail->kind);
	st = put_link(config, mail, url, err);
	if (st == ST_OK && url->len > 0)
		facts->link = buf_str(url);
	return st;
}

enum status
outgoing_facts_read(const struct config *config,
    const struct outgoing_group *group, struct outgoing_facts *facts,
    struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < OUTGOING_MOST; i++)
		facts->url[i] = (struct buf)BUF_INIT(STORE_URL_SIZE);
	for (size_t i = 0; st == ST_OK && i < group->count; i++)
		st = read_one(config, &group->mail[i], &facts->url[i],
		    &facts->of[i], err);
	return st;
}

void
outgoing_facts_clear(struct outgoing_facts *facts)
{
	for (size_t i = 0; i < OUTGOING_MOST; i++)
		buf_clear(&facts->url[i]);
}
