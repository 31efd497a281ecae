/*
 * A page with a form, described by a table: labels, hints, what was typed and
 * what is wrong with it.  Each note is beside its field and tied to it for
 * people who do not see the page.  Works without script.
 */
#ifndef TEAMDUES_WEB_FORM_PAGE_H
#define TEAMDUES_WEB_FORM_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "web/request.h"

enum form_control {
	FORM_INPUT,
	FORM_SELECT,
	FORM_CHECKBOX,		/* value "yes" */
	FORM_TRAP,		/* for programs that fill in everything: shown
				 * only when it was filled in */
};

/* What a field is, whoever fills it in. */
struct form_field {
	const char *name;	/* of the parameter, and the element's id */
	enum form_control control;
	int characters_max;	/* 0: the browser gets no limit */
	const char *label;
	const char *hint;	/* NULL: none */
	const char *type;	/* an input's: text, email, tel, date */
	const char *autocomplete;	/* NULL: does not apply */
	const char *inputmode;	/* NULL: the type's own */
};

/* What is filled in.  All borrowed. */
struct form_entry {
	const char *value;	/* NULL: nothing */
	const char *fault;	/* what is wrong with it; NULL: nothing */
	const char *const *choices;	/* a select's, NULL-ended */
};

struct form_page {
	const char *site_name;
	const char *title;
	const char *const *paragraphs;	/* NULL-ended */
	const char *action;	/* path */
	bool is_get;		/* hidden and entries become its query */
	const struct form_field *fields;
	const struct form_entry *entries;
	size_t count;		/* of both */
	const struct param *hidden;	/* NULL name ends them; may be NULL */
	const char *button;
};

/* The first entry with a fault, or count. */
size_t form_first_fault(const struct form_page *page);

/* Appends the whole document. */
void form_page_put(struct buf *html, const struct form_page *page);

#endif
