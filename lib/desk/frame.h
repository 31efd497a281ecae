/*
 * What every page of the desk is in: the club's name, the way to the other
 * pages, who is signed in; and what the browser may do with it.  Nothing of a
 * page is kept by the browser, and nothing in it is run that does not come from
 * /desk.js.
 */
#ifndef TEAMDUES_DESK_FRAME_H
#define TEAMDUES_DESK_FRAME_H

#include "base/json.h"
#include "desk/visit.h"

/* Twice what a page should weigh. */
enum { FRAME_PAGE_MAX = 512 * 1024 };

struct frame {
	struct visit *visit;
	const char *title;	/* <title> and <h1> */
	struct json_node user;	/* of the page's data; none: signed out */
	const char *elements;	/* more for <head>, as HTML; NULL: none */
	const char *search;	/* what stands in the search box; NULL: "" */
	bool is_answer;		/* of a form: the keyboard goes on in <main>,
				 * past what each page begins with */
};

/* Appends all up to and with the title. */
void frame_begin(struct buf *html, const struct frame *frame);

/* Appends the end, and answers.  Sets the browser's cookie where it is due. */
NODISCARD enum status frame_end(struct buf *html, const struct frame *frame,
    int http, struct response *response, struct err *err);

/* A page of a few sentences, and one way on. */
struct frame_words {
	const char *const *paragraphs;	/* text, escaped here; NULL-ended */
	const char *link;		/* path; NULL: none */
	const char *link_text;
};

NODISCARD enum status frame_answer(const struct frame *frame,
    const struct frame_words *words, int http, struct response *response,
    struct err *err);

/* Whether the desk has a page at a path, which may be followed by a query. */
bool frame_has_page(const char *path);

/* Whether the user of a page's data may change something. */
bool frame_is_writer(struct json_node data);

/* Text, escaped, and that of a member of a row; nothing for none or null. */
void frame_put_text(struct buf *html, const char *text);
void frame_put_member(struct buf *html, struct json_node row,
    const char *member);

/* The same of text that a line may end in: behind an address's @ and dots. */
void frame_put_breakable(struct buf *html, const char *text, size_t length);

/* A line of a list of facts (<dl class="facts">); none for null. */
void frame_put_fact(struct buf *html, struct json_node row,
    const char *name, const char *member);

#endif
