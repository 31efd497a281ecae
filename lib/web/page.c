#include "web/page.h"

#include <string.h>

static void
put_text(struct buf *html, const char *text)
{
	buf_put_html(html, text, strlen(text));
}

void
page_put_head_with(struct buf *html, const char *site_name,
    const char *title, const char *elements)
{
	buf_puts(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>");
	put_text(html, title);
	if (site_name != NULL) {
		buf_puts(html, " - ");
		put_text(html, site_name);
	}
	buf_puts(html, "</title>\n");
	buf_puts(html, elements);
	buf_puts(html,
	    "<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n");
	if (site_name != NULL) {
		buf_puts(html, "<header><p>");
		put_text(html, site_name);
		buf_puts(html, "</p></header>\n");
	}
	buf_puts(html, "<main>\n<h1>");
	put_text(html, title);
	buf_puts(html, "</h1>\n");
}

void
page_put_head(struct buf *html, const char *site_name, const char *title)
{
	page_put_head_with(html, site_name, title, "");
}

void
page_put_foot(struct buf *html)
{
	buf_puts(html, "</main>\n"
	    "<footer><p><a href=\"/\">Home page</a></p></footer>\n"
	    "</body>\n</html>\n");
}

void
page_put(struct buf *html, const struct page *page)
{
	page_put_head(html, page->site_name, page->title);
	for (size_t i = 0; page->paragraphs != NULL &&
	    page->paragraphs[i] != NULL; i++) {
		buf_puts(html, "<p>");
		put_text(html, page->paragraphs[i]);
		buf_puts(html, "</p>\n");
	}
	if (page->link_url != NULL) {
		buf_puts(html, "<p><a href=\"");
		put_text(html, page->link_url);
		buf_puts(html, "\">");
		put_text(html, page->link_text != NULL ? page->link_text :
		    page->link_url);
		buf_puts(html, "</a></p>\n");
	}
	page_put_foot(html);
}
