/*
 * The pages have no script and no style of their own, so that the headers of
 * nginx can forbid both (Content-Security-Policy).  All that is not a literal
 * here is escaped.
 */
#include "web/page.h"

#include <string.h>

static void
put_text(struct buf *html, const char *text)
{
	buf_put_html(html, text, strlen(text));
}

static void
put_mark(struct buf *html, enum page_mark mark)
{
	static const char *const drawings[PAGE_MARK_MAX] = {
		[PAGE_MARK_TICK] = "<svg class=\"mark good\" "
		    "viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
		    "<path d=\"M5 12.5l4.5 4.5L19 7\"/></svg>\n",
		[PAGE_MARK_CLOCK] = "<svg class=\"mark\" viewBox=\"0 0 24 24\" "
		    "aria-hidden=\"true\"><path d=\"M12 3a9 9 0 100 18 9 9 0 "
		    "000-18zM12 7v5l3.5 2\"/></svg>\n",
		[PAGE_MARK_NOTE] = "<svg class=\"mark\" viewBox=\"0 0 24 24\" "
		    "aria-hidden=\"true\"><path d=\"M12 10v10M12 5v.5\"/>"
		    "</svg>\n",
		[PAGE_MARK_ALERT] = "<svg class=\"mark alarm\" "
		    "viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
		    "<path d=\"M12 4v10M12 18.5v.5\"/></svg>\n",
	};

	if (mark < PAGE_MARK_MAX && drawings[mark] != NULL)
		buf_puts(html, drawings[mark]);
}

struct look {
	const char *begin;	/* from the style sheet to the club's name */
	const char *end;
};

static const struct look families = {
	.begin = "<link rel=\"stylesheet\" href=\"/style.css\">\n"
	    "</head>\n<body>\n<header><a href=\"/\"><img src=\"/icon.svg\" "
	    "alt=\"\" width=\"40\" height=\"40\">\n",
	.end = "</main>\n<footer><p>Payments go through Stripe. "
	    "The club never sees your card number.</p></footer>\n"
	    "</body>\n</html>\n",
};

/* As lib/desk/frame.c has it for who is not signed in. */
static const struct look desk = {
	.begin = "<link rel=\"stylesheet\" href=\"/desk.css\">\n"
	    "</head>\n<body class=\"outside\">\n<header>\n"
	    "<a class=\"club\" href=\"/desk/\"><img src=\"/icon.svg\" "
	    "alt=\"\" width=\"32\" height=\"32\">",
	.end = "</main>\n</body>\n</html>\n",
};

static void
put_top(struct buf *html, const struct look *look, const char *site_name,
    const char *title, const char *elements)
{
	buf_puts(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>");
	put_text(html, title);
	/* The club's name once: a title may have it already. */
	if (site_name != NULL && strstr(title, site_name) == NULL) {
		buf_puts(html, " - ");
		put_text(html, site_name);
	}
	buf_puts(html, "</title>\n");
	buf_puts(html, elements);
	buf_puts(html, "<link rel=\"icon\" href=\"/icon.svg\" "
	    "type=\"image/svg+xml\">\n");
	buf_puts(html, look->begin);
	put_text(html, site_name != NULL ? site_name : "Home page");
	buf_puts(html, "</a></header>\n<main>\n");
}

static void
put_title(struct buf *html, const char *title)
{
	buf_puts(html, "<h1>");
	put_text(html, title);
	buf_puts(html, "</h1>\n");
}

void
page_put_head(struct buf *html, const char *site_name, const char *title)
{
	page_put_head_with(html, site_name, title, "");
}

void
page_put_head_with(struct buf *html, const char *site_name,
    const char *title, const char *elements)
{
	put_top(html, &families, site_name, title, elements);
	put_title(html, title);
}

void
page_put_foot(struct buf *html)
{
	buf_puts(html, families.end);
}

/* Which kind of link the contact is; NULL where it is neither an e-mail address
 * nor a telephone number. */
static const char *
scheme_of(const char *contact)
{
	const char *at = strchr(contact, '@');

	/* An address with other words around it cannot be a link. */
	if (at != NULL && strpbrk(contact, " ,;:<>\"") == NULL)
		return "mailto:";
	return contact[strspn(contact, "0123456789 +-()./")] == '\0' ? "tel:"
	    : NULL;
}

/* A line that says how the club is reached. */
static void
put_contact(struct buf *html, const char *contact)
{
	const char *scheme = scheme_of(contact);

	buf_puts(html, "<p>How to reach the club: ");
	if (scheme != NULL) {
		buf_puts(html, "<a href=\"");
		buf_puts(html, scheme);
		put_text(html, contact);
		buf_puts(html, "\">");
	}
	put_text(html, contact);
	buf_puts(html, scheme != NULL ? "</a></p>\n" : "</p>\n");
}

void
page_put(struct buf *html, const struct page *page)
{
	const struct look *look = page->is_for_staff ? &desk : &families;

	put_top(html, look, page->site_name, page->title, "");
	if (!page->is_for_staff)
		put_mark(html, page->mark);
	put_title(html, page->title);
	for (size_t i = 0; page->paragraphs != NULL &&
	    page->paragraphs[i] != NULL; i++) {
		buf_puts(html, "<p>");
		put_text(html, page->paragraphs[i]);
		buf_puts(html, "</p>\n");
	}
	if (page->link != NULL) {
		buf_puts(html, "<p><a href=\"");
		put_text(html, page->link);
		buf_puts(html, "\">");
		put_text(html, page->link_text);
		buf_puts(html, "</a></p>\n");
	}
	if (page->contact != NULL)
		put_contact(html, page->contact);
	if (page->note != NULL) {
		buf_puts(html, "<p class=\"note\">");
		put_text(html, page->note);
		buf_puts(html, "</p>\n");
	}
	buf_puts(html, look->end);
}
