#include "billing/repair/suggest.h"

#include "billing/facts/fetched_facts.h"
#include "billing/repair/paced_reader.h"
#include "store/suggest.h"

enum { ITEMS_MAX = 64 * 1024 * 1024 };

struct list {
	struct buf items;
	bool livemode;
};

/*
 * A paced_reader_object.  A session that is not paid, or cannot be read, is no
 * payment to suggest an order for.
 */
static enum status
take_session(void *context, struct json_node json, struct err *err)
{
	struct list *list = context;
	struct stripe_session session;
	struct fact_item item;
	enum status st = ST_OK;

	if (!stripe_session_is_paid(json))
		return ST_OK;
	if (stripe_session_parse(json, &session, err) == ST_OK &&
	    fact_from_session(&session, list->livemode, &item)) {
		if (list->items.len == 0)
			buf_putc(&list->items, '[');
		fact_item_put(&list->items, &item);
		st = buf_check(&list->items, "the list of sessions", err);
	}
	stripe_session_clear(&session);
	return st;
}

/*
 * All sessions are compared with all orders in one statement: which order is
 * the likely one depends on the others.
 */
enum status
suggest_sessions(struct app *app, int64_t tournament_id,
    store_row *each, void *context, struct err *err)
{
	struct paced_reader reader = { .stripe = app->stripe };
	struct list list = {
		.items = BUF_INIT(ITEMS_MAX),
		.livemode = config_livemode(&app->config),
	};
	int64_t since = 0;
	enum status st;

	st = store_tournament_since(app->store, tournament_id, &since,
	    err);
	if (st == ST_OK)
		st = paced_reader_each_session(&reader, since, take_session,
		    &list, err);
	if (st == ST_OK) {
		buf_puts(&list.items, list.items.len == 0 ? "[]" : "]");
		st = buf_check(&list.items, "the list of sessions", err);
	}
	if (st == ST_OK)
		st = store_suggest(app->store, buf_str(&list.items),
		    tournament_id, each, context, err);
	buf_clear(&list.items);
	return st;
}
