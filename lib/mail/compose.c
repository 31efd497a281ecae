/*
 * Both bodies come from one copy, so that a family whose program shows the text
 * reads the same amount and link as one whose program shows the HTML.
 */
#include "mail/compose.h"

#include "mail/render.h"
#include "mail/several.h"

enum status
mail_compose(struct buf *out, const struct message *envelope,
    const struct mail_facts *facts, size_t count, struct err *err)
{
	struct mail_copy copy;
	enum status st = copy_fill_several(&copy, facts, count, err);

	if (st == ST_OK)
		st = mail_compose_copy(out, envelope, &copy, err);
	copy_clear(&copy);
	return st;
}

enum status
mail_compose_copy(struct buf *out, const struct message *envelope,
    const struct mail_copy *copy, struct err *err)
{
	struct message message = *envelope;
	struct buf text = BUF_INIT(RENDER_MAX);
	struct buf html = BUF_INIT(RENDER_MAX);
	/* Checked before rendering: a part that did not fit would be left out
	 * of a mail that looks complete. */
	enum status st = copy_check(copy, err);

	if (st != ST_OK)
		goto out;
	render_text(&text, copy);
	render_html(&html, copy);
	st = buf_check(&text, "the mail's text", err);
	if (st == ST_OK)
		st = buf_check(&html, "the mail's HTML", err);
	if (st != ST_OK)
		goto out;
	if (message.from_name == NULL)
		message.from_name = copy_text(copy, COPY_CLUB);
	message.subject = copy_text(copy, COPY_SUBJECT);
	message.text = buf_str(&text);
	message.html = buf_str(&html);
	st = message_put(out, &message, err);
out:
	buf_clear(&html);
	buf_clear(&text);
	return st;
}
