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

#define COUNT (sizeof(paragraphs) / sizeof(paragraphs[0]))

static void
put(struct buf *out, const struct paragraph *p, const struct mail_copy *copy)
{
	const char *text = copy_text(copy, p->part);

	if (text[0] == '\0')
		return;
	buf_puts(out, text);
	buf_puts(out, p->after);
}

/* What else is to be paid, behind the first. */
static void
put_beside(struct buf *out, const struct mail_copy *copy)
{
	for (copy = copy->beside; copy != NULL; copy = copy->beside)
		for (size_t i = 0; i < COUNT; i++)
			if (copy_is_of_item(paragraphs[i].part))
				put(out, &paragraphs[i], copy);
}

void
render_text(struct buf *out, const struct mail_copy *copy)
{
	for (size_t i = 0; i < COUNT; i++) {
		put(out, &paragraphs[i], copy);
		if (paragraphs[i].part == COPY_EXPIRY)
			put_beside(out, copy);
	}
}
