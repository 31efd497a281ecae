/* The page that takes a roster: the file, what it would change, the button. */
#ifndef TEAMDUES_DESK_ROSTER_PAGE_H
#define TEAMDUES_DESK_ROSTER_PAGE_H

#include "desk/act.h"

/* One: the import, whose form is this page's own. */
extern const struct act_kind roster_acts[];

struct roster_page {
	struct json_node data;	/* as store_desk_rosters gives them */
	const char *file_name;	/* "": nobody knows it */
	const char *text;	/* of the file, to be sent again; NULL: there is
				 * none that could be imported or mended */
	const char *fault;	/* why not all of it is taken; NULL: it is */
	struct json_node bad;	/* the first lines that are wrong: {line,
				 * reason} */
	const char *refused;	/* why it was not imported just now; or NULL */
};

/* Appends all below the title. */
void roster_page_put(struct buf *html, struct visit *visit,
    const struct roster_page *page);

#endif
