/*
 * What the acts of the desk are: each with its path, its fields, what it says
 * before it is done and what takes it back; and how one begins on a page.
 */
#ifndef TEAMDUES_DESK_ACT_KIND_H
#define TEAMDUES_DESK_ACT_KIND_H

#include "desk/act_form.h"

enum { ACT_SEEN_SIZE = 72 };

/* What acts of one sort are about. */
struct act_subject {
	/*
	 * Reads it, with the `user` who is signed in.  A `seen` that it has is
	 * compared with that of the page which was acted on; the members of an
	 * `args` that it has go with the request.  params are the form's.
	 */
	enum status (*read)(struct visit *visit, const struct params *params,
	    struct json_doc *doc, struct err *err);
	/* Appends what it is, and to whom the act happens; may be NULL. */
	void (*put)(struct buf *html, struct json_node data);
	const char *back;	/* its page; one that ends in "=" gets the value
				 * of the form's first field */
	const char *back_text;
};

struct act_kind {
	const char *path;	/* where its form is sent; NULL ends a list */
	const char *action;	/* of the request: store/desk_requests.h */
	const struct act_subject *subject;
	const char *title;	/* of its page, and of what leads there:
				 * "Give money back" */
	const char *text;	/* what it does and whom it mails, in sentences
				 */
	const char *button;	/* that does it: "Give it back" */
	const char *undo;	/* the action that takes it back; NULL: none */
	const char *undo_text;	/* the button that leads there; NULL: "Undo" */
	const char *again;	/* the action that does anew what this one took
				 * back; NULL: none */
	const char *made;	/* the page of what it makes, which gets its
				 * key; NULL: it makes nothing */
	const struct act_field *fields;
	size_t count;
};

/* The kind of a request's action; NULL when kinds has none of it. */
const struct act_kind *act_find(const struct act_kind *kinds,
    const char *action);

/* Whether data's list `possible` has the act's action. */
bool act_is_possible(struct json_node data, const struct act_kind *kind);

/* Appends the address of the page that an act began on; data has the value of
 * its form's first field. */
void act_put_back(struct buf *html, const struct act_kind *kind,
    struct json_node data);

/*
 * Appends the form that an act begins with.  data has the values that its
 * fields begin with, and `seen`, as the subject's data has it.
 */
void act_put_form(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data);

/* The same as one quiet button, which shows what would be done. */
void act_put_button(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data, const char *text);

/* That button, of the act undo that takes the one of kind back: the page that
 * it leads to asks whether to undo, unless the kind has a text of its own. */
void act_put_undo(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const struct act_kind *undo,
    struct json_node data);

/* The same, folded behind the act's title and explained. */
void act_put_details(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data);

/* For act.c: the button that leads to it; what tells it that an act takes
 * another back; what a page's data has `seen`, "" for none; all of a form up to
 * its fields, and with them. */
extern const char act_next[];
extern const char act_undo_field[];
void act_read_seen(struct json_node data, char seen[ACT_SEEN_SIZE]);
void act_begin_form(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const char *seen);
void act_put_fields(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const struct act_form *form,
    const char *button);

#endif
