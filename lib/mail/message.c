/*
 * A pure function of the message: date, Message-ID and boundary come from the
 * caller's row, so that a mail that is sent a second time has the same bytes,
 * and a server that has both can see that they are one.
 */
#include "mail/message.h"

#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/email.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/quoted_printable.h"

enum {
	TEXT_MAX = 1000,	/* characters of a name or a subject */
	BOUNDARY_DIGITS = 32,
	TOKEN_MAX = 1024,
};

static enum status
check_address(const char *what, const char *address, struct err *err)
{
	struct err why;

	if (address == NULL)
		return err_set(err, ST_BAD_INPUT, "%s: missing", what);
	if (email_check(address, strlen(address), &why) == ST_OK)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "%s: %s", what, why.msg);
}

static enum status
check_text(const char *what, const char *text, struct err *err)
{
	if (text == NULL)
		return ST_OK;
	return text_check(what, text, strlen(text), TEXT_MAX, err);
}

static enum status
check_addresses(const struct message *message, struct err *err)
{
	enum status st = check_address("From", message->from, err);

	if (st == ST_OK)
		st = check_address("To", message->to, err);
	if (st == ST_OK && message->reply_to != NULL)
		st = check_address("Reply-To", message->reply_to, err);
	/* A Message-ID has the form of an address, and one that is malformed
	 * could end the header. */
	if (st == ST_OK)
		st = check_address("Message-ID", message->message_id, err);
	return st;
}

static enum status
check_texts(const struct message *message, struct err *err)
{
	enum status st = check_text("the sender's name", message->from_name,
	    err);

	if (st == ST_OK)
		st = check_text("the recipient's name", message->to_name,
		    err);
	if (st == ST_OK && (message->subject == NULL ||
	    message->subject[0] == '\0'))
		st = err_set(err, ST_BAD_INPUT, "Subject: missing");
	if (st == ST_OK)
		st = check_text("Subject", message->subject, err);
	return st;
}

/* In English whatever the locale (RFC 5322, section 3.3), and in UTC, so
 * strftime() is of no use. */
static enum status
put_date(struct buf *out, int64_t unix_s, struct err *err)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = unix_s;
	struct tm tm;

	/* RFC 5322, section 3.3: a year has four digits and is 1900 or
	 * later. */
	if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < 0 ||
	    tm.tm_year > 9999 - 1900)
		return err_set(err, ST_BAD_INPUT, "Date: no such time");
	buf_putf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return ST_OK;
}

/*
 * A mailto address (RFC 2369): a person at the club reads it.  One-click
 * unsubscribing (RFC 8058) is for bulk mail; these ask for one family's
 * payment.
 */
static void
put_unsubscribe(struct buf *out, const char *address)
{
	char storage[TOKEN_MAX];
	struct buf token = BUF_FIXED(storage);
	const char *at = strchr(address, '@');

	buf_puts(&token, "<mailto:");
	buf_put_urlenc(&token, address, (size_t)(at - address));
	buf_puts(&token, at);
	buf_puts(&token, "?subject=unsubscribe>");
	header_put_token(out, "List-Unsubscribe", buf_str(&token));
}

static enum status
put_headers(struct buf *out, const struct message *message, struct err *err)
{
	char storage[TOKEN_MAX];
	struct buf id = BUF_FIXED(storage);
	enum status st = put_date(out, message->date, err);

	if (st != ST_OK)
		return st;
	buf_puts(&id, "<");
	buf_puts(&id, message->message_id);
	buf_puts(&id, ">");
	header_put_mailbox(out, "From", message->from_name, message->from);
	if (message->reply_to != NULL)
		header_put_mailbox(out, "Reply-To", NULL, message->reply_to);
	header_put_mailbox(out, "To", message->to_name, message->to);
	header_put_text(out, "Subject", message->subject);
	header_put_token(out, "Message-ID", buf_str(&id));
	put_unsubscribe(out, message->reply_to != NULL ? message->reply_to
	    : message->from);
	/* RFC 3834: programs that answer mail leave such a mail alone. */
	buf_puts(out, "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n");
	return ST_OK;
}

static void
put_part(struct buf *out, const char *boundary, const char *type,
    const char *body)
{
	buf_putf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", boundary,
	    type);
	quoted_printable_put(out, body);
	buf_puts(out, "\r\n");
}

/*
 * The boundary is made of the Message-ID, so that a mail that is rendered again
 * is the same.  "=_" cannot be in quoted-printable text, so no body can end its
 * part early.
 */
static enum status
put_bodies(struct buf *out, const struct message *message, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];
	char storage[TOKEN_MAX];
	struct buf boundary = BUF_FIXED(storage);
	enum status st = crypto_sha256_hex(message->message_id,
	    strlen(message->message_id), hex, err);

	if (st != ST_OK)
		return st;
	buf_puts(&boundary, "=_");
	buf_put(&boundary, hex, BOUNDARY_DIGITS);
	buf_putf(out, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n\r\n", buf_str(&boundary));
	/* The best version is the last one (RFC 2046, section 5.1.4). */
	put_part(out, buf_str(&boundary), "text/plain", message->text);
	put_part(out, buf_str(&boundary), "text/html", message->html);
	buf_putf(out, "--%s--\r\n", buf_str(&boundary));
	return ST_OK;
}

enum status
message_put(struct buf *out, const struct message *message, struct err *err)
{
	enum status st = check_addresses(message, err);

	if (st == ST_OK)
		st = check_texts(message, err);
	if (st == ST_OK)
		st = put_headers(out, message, err);
	if (st == ST_OK)
		st = put_bodies(out, message, err);
	if (st == ST_OK)
		st = buf_check(out, "the mail", err);
	return st;
}
