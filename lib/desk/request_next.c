/* The database is asked whether the act can still be done: others may have been
 * quicker. */
#include "desk/request_next.h"

#include "desk/act.h"
#include "desk/acts.h"
#include "desk/frame.h"
#include "desk/money.h"

/* Whether the act that is called so, if any, can follow, by this user. */
static enum status
read_next(struct visit *visit, struct json_node args, const char *action,
    const struct act_kind **next, struct err *err)
{
	bool is = false;
	enum status st;

	*next = action != NULL ? acts_find(action, args) : NULL;
	if (*next == NULL)
		return ST_OK;
	st = act_is_allowed(visit, *next, args, &is, err);
	/* A viewer looks, and is offered nothing. */
	if (st == ST_DENIED || (st == ST_OK && !is)) {
		*next = NULL;
		st = ST_OK;
	}
	return st;
}

/* What was taken back stands in the form; it may have been another family's. */
static void
put_again(struct buf *html, struct visit *visit, const struct act_kind *again,
    struct json_node args)
{
	buf_puts(html, "<h2>Record it again</h2>\n");
	act_put_form(html, visit, again, args);
	buf_puts(html, "<form class=\"filter\" action=\"/desk/families\">\n"
	    "<div><label for=\"other\">Or for another family</label>\n"
	    "<input id=\"other\" name=\"q\" required></div>\n"
	    "<button>Find it</button>\n</form>\n");
}

/* Of a payment's acts: what of it is left to use, or another that waits. */
static void
put_waiting(struct buf *html, struct json_node next)
{
	bool is_left = json_exists(json_at(next, "amount_cents"));

	if (!json_exists(next))
		return;
	buf_puts(html, "<p><a href=\"/desk/unmatched/payment?payment=");
	frame_put_member(html, next, "payment");
	if (is_left) {
		buf_puts(html, "\">Next: use the ");
		desk_put_money(html, next, "amount_cents", "");
		buf_puts(html, " that is left</a></p>\n");
	} else {
		buf_puts(html, "\">Next that waits (");
		frame_put_member(html, next, "count");
		buf_puts(html, ")</a></p>\n");
	}
}

enum status
request_put_next(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	const struct act_kind *kind = acts_of_request(data);
	struct json_node args = json_at(data, "undo");
	const struct act_kind *undo = NULL, *again = NULL;
	enum status st = ST_OK;

	if (kind == NULL)
		return ST_OK;
	if (frame_is_writer(data))
		put_waiting(html, json_at(data, "next"));
	st = read_next(visit, args, kind->undo, &undo, err);
	if (st == ST_OK)
		st = read_next(visit, args, kind->again, &again, err);
	if (st == ST_OK && undo != NULL)
		act_put_undo(html, visit, kind, undo, args);
	if (st == ST_OK && again != NULL)
		put_again(html, visit, again, args);
	return st;
}
