/*
 * An alarm has no fixed parts as a family's mail has (copy.h): its paragraphs
 * are what watch has to say.  Both bodies have the same paragraphs.
 */
#include "mail/alarm.h"

#include <string.h>

enum { BODY_MAX = 16 * 1024 };

static void
put_text(struct buf *text, const char *const *paragraphs)
{
	for (; *paragraphs != NULL; paragraphs++) {
		buf_puts(text, *paragraphs);
		buf_puts(text, "\n\n");
	}
}

static void
put_html(struct buf *html, const char *const *paragraphs)
{
	buf_puts(html, "<!DOCTYPE html>\n<html lang=\"en\">\n"
	    "<meta charset=\"utf-8\">\n<title>teamdues</title>\n"
	    "<body style=\"font:17px/1.55 system-ui,sans-serif\">\n");
	for (; *paragraphs != NULL; paragraphs++) {
		buf_puts(html, "<p>");
		buf_put_html(html, *paragraphs, strlen(*paragraphs));
		buf_puts(html, "</p>\n");
	}
	buf_puts(html, "</body>\n</html>\n");
}

enum status
alarm_compose(struct buf *out, const struct message *envelope,
    const char *const *paragraphs, struct err *err)
{
	struct message message = *envelope;
	struct buf text = BUF_INIT(BODY_MAX);
	struct buf html = BUF_INIT(BODY_MAX);
	enum status st;

	put_text(&text, paragraphs);
	put_html(&html, paragraphs);
	st = buf_check(&text, "the mail's text", err);
	if (st == ST_OK)
		st = buf_check(&html, "the mail's HTML", err);
	message.text = buf_str(&text);
	message.html = buf_str(&html);
	if (st == ST_OK)
		st = message_put(out, &message, err);
	buf_clear(&html);
	buf_clear(&text);
	return st;
}
