/* The filter of a list: a form, and the query of the list's address. */
#ifndef TEAMDUES_DESK_LIST_FILTER_H
#define TEAMDUES_DESK_LIST_FILTER_H

#include <stdbool.h>

#include "base/json.h"
#include "web/request.h"

/* The query's field beside the filter's: the key of the row before. */
#define LIST_AFTER "after"

/* A field of the filter, and of the query. */
struct list_field {
	const char *name;
	const char *label;	/* NULL: not in the form, as the search box */
	bool is_choice;		/* one of the data's choices.NAME, an array of
				 * {value, name}; else it is typed, and shows
				 * typed.NAME where nothing was */
	bool is_day;		/* chosen from a calendar: 2026-05-31 */
	const char *none;	/* what it means to choose none; NULL: "Any" */
};

/* Whether a field means anything beside what is chosen: one that does not is
 * neither shown nor in an address. */
typedef bool list_has_field(const struct params *params, const char *name);

struct list_filter {
	const char *path;	/* of the list */
	const struct list_field *fields;	/* ended by a name of NULL */
	list_has_field *has_field;	/* NULL: all mean something */
	const struct params *params;	/* what is chosen */
};

/* Appends the form, unless no field of it is shown. */
void list_filter_put(struct buf *html, const struct list_filter *filter,
    struct json_node data);

/* Whether anything is asked for but the whole list. */
bool list_filter_is_used(const struct list_filter *filter);

/* Appends the list's address with an ending of its path, what is chosen and,
 * unless NULL, the key that the page begins after. */
void list_filter_put_address(struct buf *html,
    const struct list_filter *filter, const char *ending, const char *after);

#endif
