/*
 * The fields of an act's form: how they look, and the arguments that they
 * become.
 */
#ifndef TEAMDUES_DESK_ACT_FORM_H
#define TEAMDUES_DESK_ACT_FORM_H

#include "base/json.h"
#include "base/json_out.h"
#include "desk/visit.h"

enum act_control {
	ACT_TEXT,
	ACT_MONEY,		/* more than nothing */
	ACT_DATE,		/* YYYY-MM-DD */
	ACT_CHOICE,
	ACT_CHECKBOX,		/* "yes", or not there; "found" where a search
				 * says as much without a tick */
	ACT_HIDDEN,		/* what the act is about; the first field is
				 * what the way back leads to */
};

struct act_choice {
	const char *value;	/* NULL ends them */
	const char *label;
};

struct act_field {
	const char *name;	/* of the parameter */
	enum act_control control;
	bool is_optional;	/* may be left empty */
	int characters_max;	/* of a text; 0: ACT_TEXT_MAX */
	const char *label;
	const char *hint;	/* NULL: none */
	const struct act_choice *choices;	/* NULL: of the page's data, */
	const char *list;	/* there under this name: {value, label};
				 * of a text what is offered, where a page
				 * has it, for all of its forms */
	const char *only_with;	/* a member of the page's data: without it the
				 * field is not offered; NULL: it always is */
	const char *instead;	/* the field after it: just one of the two is
				 * filled in; NULL: it stands alone */
	/* Of a text: NULL when it is good, else a sentence.  May be NULL. */
	const char *(*check)(const char *text);
};

enum { ACT_TEXT_MAX = 200, ACT_FIELDS_MAX = 12 };

struct act_form {
	const struct act_field *fields;
	size_t count;		/* ACT_FIELDS_MAX at most */
	const struct params *params;	/* what was typed; NULL: nothing yet, */
	struct json_node data;	/* the values are the page's own, which also has
				 * the lists of choices; an amount is NAME_cents
				 * there */
	const char *faults[ACT_FIELDS_MAX];	/* NULL: nothing is wrong */
	bool has_focus;		/* its page is there to fill it in: the first
				 * field gets the focus, as a wrong one does */
};

/* Appends every field, or every field as a hidden one.  id, in the names of the
 * elements, tells this form from the page's others. */
void act_form_put(struct buf *html, const struct act_form *form, int id);
void act_form_put_hidden(struct buf *html, const struct act_form *form);

/* Appends data's list, to be offered by the texts of a page whose own data do
 * not have it; nothing where data have none either. */
void act_form_put_list(struct buf *html, struct json_node data,
    const char *list);

/* Appends what was typed, as a list of names and values; amounts are in the
 * currency that data have, or in this one. */
void act_form_put_typed(struct buf *html, const struct act_form *form,
    const char *currency);

/* Whether the form has a field that somebody fills in. */
bool act_form_has_visible(const struct act_form *form);

/* Whether each such field asks why, and nothing else. */
bool act_form_asks_only_why(const struct act_form *form);

/*
 * Writes the members of the request's arguments: each field under its name, an
 * amount as NAME_cents, a checkbox as true; none for an empty field, nor for
 * `order_id` and `reason`, which are the request's own.  After act_form_check
 * (act_fault.h).
 */
void act_form_put_args(const struct act_form *form, struct json_out *json);

#endif
