/* The shell of the HTML pages that programs render themselves. */
#ifndef TEAMDUES_WEB_PAGE_H
#define TEAMDUES_WEB_PAGE_H

#include "base/buf.h"

struct page {
	const char *site_name;	/* shown on top; NULL: none */
	const char *title;	/* <title> and <h1> */
	const char *const *paragraphs;	/* text, escaped here; NULL-ended */
	const char *link_url;	/* NULL: no link */
	const char *link_text;
};

/* Appends a whole document that uses /style.css and nothing else. */
void page_put(struct buf *html, const struct page *page);

/* The parts, for a program that fills the middle itself. */
void page_put_head(struct buf *html, const char *site_name, const char *title);
/* elements: more for <head>, as HTML. */
void page_put_head_with(struct buf *html, const char *site_name,
    const char *title, const char *elements);
void page_put_foot(struct buf *html);

#endif
