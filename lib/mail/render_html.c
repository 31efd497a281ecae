/*
 * The HTML: one column of blocks that any mail program can show.  The styles
 * are in the elements, because some programs drop the style sheet; the sheet
 * overrules them in dark mode and on narrow screens.
 */
#include <stddef.h>
#include <string.h>

#include "mail/render.h"

#define FONT "font-family:system-ui,-apple-system,'Segoe UI',Roboto," \
	"'Noto Sans','Liberation Sans',Helvetica,Arial,sans-serif;"
#define TEXT "margin:0 0 18px;font-size:17px;line-height:1.55;"

static const char sheet[] =
	"<style>\n"
	":root { color-scheme: light dark;"
	" supported-color-schemes: light dark; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  .paper { background-color: #151a17 !important; }\n"
	"  .sheet { background-color: #1d2420 !important;"
	" border-color: #343d37 !important; }\n"
	"  .sheet, .ink { color: #ecefe9 !important; }\n"
	"  .soft { color: #a7b1a9 !important; }\n"
	"  .club { color: #7cc9a0 !important; }\n"
	"  .sum { border-color: #343d37 !important; }\n"
	"  .pay { background-color: #7cc9a0 !important;"
	" color: #10241a !important; }\n"
	"}\n"
	"@media (max-width: 480px) {\n"
	"  .page { padding: 20px 12px 28px !important; }\n"
	"  .sheet { padding: 26px 20px 10px !important; }\n"
	"  .pay { display: block !important; }\n"
	"}\n"
	"</style>\n";

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" "
	"content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta name=\"supported-color-schemes\" content=\"light dark\">\n";

/* The HTML before and after each part, in the order in which they are shown.  A
 * part that is empty is left out with both. */
static const struct block {
	enum copy_part part;
	const char *before;
	const char *after;
} blocks[] = {
	{ COPY_SUBJECT, "<title>", "</title>\n" },
	{ COPY_CLUB,
	    "</head>\n<body class=\"paper\" style=\"margin:0;padding:0;"
	    "background-color:#faf8f4;\">\n"
	    "<div class=\"paper page\" style=\"padding:32px 16px 40px;"
	    "background-color:#faf8f4;" FONT "\">\n"
	    "<div style=\"max-width:560px;margin:0 auto;\">\n"
	    "<p class=\"club\" style=\"margin:0 0 16px;font-size:17px;"
	    "line-height:1.4;font-weight:600;color:#1c6b45;\">", "</p>\n" },
	{ COPY_HEADING,
	    "<div class=\"sheet\" style=\"padding:36px 40px 18px;"
	    "background-color:#ffffff;border:1px solid #e2ddd2;"
	    "border-radius:12px;color:#1f2621;overflow-wrap:break-word;"
	    "word-wrap:break-word;\">\n"
	    "<h1 class=\"ink\" style=\"margin:0 0 20px;font-size:27px;"
	    "line-height:1.2;font-weight:700;letter-spacing:-0.3px;"
	    "color:#1f2621;\">", "</h1>\n" },
	{ COPY_GREETING, "<p style=\"" TEXT "\">", "</p>\n" },
	{ COPY_INTRO, "<p style=\"" TEXT "\">", "</p>\n" },
	{ COPY_LABEL,
	    "<div class=\"sum\" style=\"margin:0 0 18px;padding:16px 0 14px;"
	    "border-top:1px solid #e2ddd2;border-bottom:1px solid #e2ddd2;\">\n"
	    "<p class=\"soft\" style=\"margin:0;font-size:15px;"
	    "line-height:1.4;color:#5a635c;\">", "</p>\n" },
	{ COPY_AMOUNT,
	    "<p class=\"ink\" style=\"margin:2px 0 0;font-size:32px;"
	    "line-height:1.2;font-weight:700;letter-spacing:-0.5px;"
	    "color:#1f2621;\">", "</p>\n</div>\n" },
	{ COPY_EXPLANATION, "<p style=\"" TEXT "\">", "</p>\n" },
	{ COPY_LINK,
	    "<p style=\"margin:24px 0 18px;\">"
	    "<a class=\"pay\" href=\"",
	    "\" style=\"display:inline-block;padding:14px 32px;"
	    "background-color:#1c6b45;border-radius:8px;color:#ffffff;"
	    "font-size:17px;line-height:1.3;font-weight:600;"
	    "text-align:center;text-decoration:none;\">" },
	{ COPY_ACTION, "", "</a></p>\n" },
	{ COPY_EXPIRY,
	    "<p class=\"soft\" style=\"margin:0 0 18px;font-size:15px;"
	    "line-height:1.5;color:#5a635c;\">", "</p>\n" },
	{ COPY_CLOSING,
	    "<p class=\"soft\" style=\"margin:0 0 18px;font-size:15px;"
	    "line-height:1.5;color:#5a635c;\">", "</p>\n" },
};

#define COUNT (sizeof(blocks) / sizeof(blocks[0]))

static void
put(struct buf *out, const struct block *block, const struct mail_copy *copy)
{
	const char *text = copy_text(copy, block->part);

	if (text[0] == '\0')
		return;
	buf_puts(out, block->before);
	/* Every part is escaped, the link in its attribute, too: names are
	 * whatever somebody typed. */
	buf_put_html(out, text, strlen(text));
	buf_puts(out, block->after);
}

/* What else is to be paid, behind the first. */
static void
put_beside(struct buf *out, const struct mail_copy *copy)
{
	for (copy = copy->beside; copy != NULL; copy = copy->beside)
		for (size_t i = 0; i < COUNT; i++)
			if (copy_is_of_item(blocks[i].part))
				put(out, &blocks[i], copy);
}

void
render_html(struct buf *out, const struct mail_copy *copy)
{
	buf_puts(out, head);
	buf_puts(out, sheet);
	for (size_t i = 0; i < COUNT; i++) {
		put(out, &blocks[i], copy);
		if (blocks[i].part == COPY_EXPIRY)
			put_beside(out, copy);
	}
	buf_puts(out, "</div>\n</div>\n</div>\n</body>\n</html>\n");
}
