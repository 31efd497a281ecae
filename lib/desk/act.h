/*
 * The one way an act of the desk goes.  A first POST shows what would happen,
 * to whom, and whether anybody is mailed, with one button; the same fields with
 * `confirm=yes` do it, and lead to the request's page.  What is wrong with a
 * field stands beside it, and what was typed stays.  A page that has become
 * old, a session that has ended meanwhile and a viewer are answered here.
 */
#ifndef TEAMDUES_DESK_ACT_H
#define TEAMDUES_DESK_ACT_H

#include "desk/act_form.h"

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
	const char *title;	/* of its page, and of the button that leads
				 * there: "Refund" */
	const char *text;	/* what it does and whom it mails, in sentences
				 */
	const char *button;	/* that does it: "Give it back" */
	const char *undo;	/* the action that takes it back; NULL: none */
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

/* The same, folded behind the act's title and explained. */
void act_put_details(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data);

/*
 * Answers a GET of the path of one of kinds by the page on which the act
 * begins; the query names what it is about.
 */
NODISCARD enum status act_get(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err);

/* Answers a POST to the path of one of kinds; context is the struct app. */
NODISCARD enum status act_post(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err);

#endif
