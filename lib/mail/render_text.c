/*
 * The plain text: a paragraph for each part that is not empty.  The link is
 * alone on its line, because mail programs take a sign behind it for a part of
 * it.
 */
#include <stddef.h>

#include "mail/render.h"

static const struct paragraph {
	enum copy_part part;
	const char *after;
} paragraphs[] = {
	{ COPY_HEADING, "\n\n" },
	{ COPY_GREETING, "\n\n" },
	{ COPY_INTRO, "\n\n" },
	{ COPY_LABEL, ": " },
	{ COPY_AMOUNT, "\n\n" },
	{ COPY_EXPLANATION, "\n\n" },
	{ COPY_ACTION, ":\n\n" },
	{ COPY_LINK, "\n\n" },
	{ COPY_EXPIRY, "\n\n" },
	{ COPY_CLOSING, "\n\n" },
	{ COPY_CLUB, "\n" },
};

void
render_text(struct buf *out, const struct mail_copy *copy)
{
	for (size_t i = 0; i < sizeof(paragraphs) / sizeof(paragraphs[0]);
	    i++) {
		const char *text = copy_text(copy, paragraphs[i].part);

		if (text[0] == '\0')
			continue;
		buf_puts(out, text);
		buf_puts(out, paragraphs[i].after);
	}
}
