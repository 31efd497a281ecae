/* The shell of the HTML pages that programs render themselves. */
#ifndef TEAMDUES_WEB_PAGE_H
#define TEAMDUES_WEB_PAGE_H

#include <stdbool.h>

#include "base/buf.h"

/* A small drawing above the title, which shows at a glance what happened. */
enum page_mark {
	PAGE_MARK_NONE,
	PAGE_MARK_TICK,		/* this is settled */
	PAGE_MARK_CLOCK,	/* wait, there is nothing to do */
	PAGE_MARK_NOTE,		/* this is so, and nothing went wrong */
	PAGE_MARK_ALERT,	/* this did not work */
	PAGE_MARK_MAX
};

struct page {
	const char *site_name;	/* shown on top; NULL: just a way home */
	const char *title;	/* <title> and <h1> */
	enum page_mark mark;
	const char *const *paragraphs;	/* text, escaped here; NULL-ended */
	const char *link;	/* a way on, and its words; NULL: none */
	const char *link_text;
	const char *contact;	/* the club's; NULL: not said */
	const char *note;	/* small print at the end; NULL: none */
	bool is_for_staff;	/* looks as the treasurer's desk, markless */
};

/*
 * Appends a whole document that uses /style.css (staff: /desk.css), /icon.svg
 * and nothing else; it looks as the pages that nginx serves itself
 * (nginx/html).
 */
void page_put(struct buf *html, const struct page *page);

/* The parts, for a program that writes the middle itself. */
void page_put_head(struct buf *html, const char *site_name, const char *title);
/* elements: more for <head>, as HTML. */
void page_put_head_with(struct buf *html, const char *site_name,
    const char *title, const char *elements);
void page_put_foot(struct buf *html);

#endif
