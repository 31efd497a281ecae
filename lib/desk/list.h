/*
 * How a list of the desk goes.  Its filter is the query of its address, so that
 * what was found can be kept and sent as a link; a page begins after the key of
 * a row, so that the last is as quick as the first; the sums at its foot are of
 * all that the filter finds; and the same address with `.csv` before the query
 * is all of it as a file.
 */
#ifndef TEAMDUES_DESK_LIST_H
#define TEAMDUES_DESK_LIST_H

#include "desk/act_kind.h"
#include "desk/list_filter.h"
#include "desk/table.h"
#include "desk/visit.h"

enum { LIST_ROWS = 50, LIST_FIELDS_MAX = 8 };

/* What is asked for. */
struct list_query {
	struct visit *visit;
	const struct params *params;	/* the filter, without blanks around */
	const char *after;	/* the key of the row before; NULL: none */
	int64_t limit;
};

struct list {
	const char *path;
	const char *title;	/* where the data have none */
	const struct list_field *fields;	/* ended by a name of NULL */
	list_has_field *has_field;	/* NULL: all mean something */
	int rows;		/* of a page; 0: LIST_ROWS */
	struct desk_table table;
	const struct desk_column *csv;	/* ended by a member of NULL */
	bool csv_has_sums;	/* the file ends with the sums, too */
	/*
	 * Gives {user, title, count, rows: [{key, ...}], sums: [{count,
	 * ...}]}: the rows that the query finds after the key, limit at most,
	 * in an order that the key tells whole; title and sums may be absent,
	 * and count is that of the first sum unless there.  The caller clears
	 * doc.
	 */
	enum status (*read)(const struct list_query *query,
	    struct json_doc *doc, struct err *err);
	/* Whether what the data show is under way, so that the page looks again
	 * by itself; NULL: never. */
	bool (*is_running)(struct json_node data);
	/*
	 * Appends to path the page that is shown instead, where the query asks
	 * for one thing and the data have it; else gives false.  NULL: never.
	 */
	bool (*leads_on)(const struct list_query *query, struct json_node data,
	    struct buf *path);
	/* The act that adds a row, offered above all else; NULL: none. */
	const struct act_kind *add;
	/* Appends what the page says of the whole, above the filter; NULL:
	 * nothing. */
	void (*put_above)(struct buf *html, const struct list_query *query,
	    struct json_node data);
	/* Appends what the filter has chosen leads to, above the list; NULL:
	 * nothing. */
	void (*put_chosen)(struct buf *html, const struct list_query *query,
	    struct json_node data);
	/* Appends what stands below the list; NULL: none. */
	void (*put_below)(struct buf *html, struct json_node data);
	/* Appends a row, in place of the table; NULL: the table. */
	void (*put_row)(struct buf *html, const struct list_query *query,
	    struct json_node row);
};

/*
 * Answers the GET of a list's path, or of that with `.csv`.  A cell of the file
 * is a text of the row's, made harmless to a spreadsheet; DESK_CELL_MONEY is
 * "150.00".  ST_BAD_INPUT names a field that the list does not have.
 */
NODISCARD enum status list_answer(const struct list *list,
    const struct app *app, const struct request *request,
    struct response *response, struct err *err);

#endif
