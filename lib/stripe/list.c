/*
 * Pages are asked for by the last id of the page before (docs: api/pagination),
 * so that objects that are created meanwhile move nothing out of sight.
 */
#include "stripe/list.h"

enum { PATH_MAX_LEN = 2048, LIMIT_MAX = 100 };

static enum status
put_path(struct buf *path, const struct stripe_listing *listing,
    struct err *err)
{
	const char *after = listing->starting_after;

	if (listing->limit < 1 || listing->limit > LIMIT_MAX)
		return err_set(err, ST_BUG, "a page of %d", listing->limit);
	if (after != NULL && !stripe_id_ok(after))
		return err_set(err, ST_BAD_INPUT, "starting_after is no id");
	buf_putf(path, "%s?limit=%d", listing->path, listing->limit);
	if (listing->created_from > 0) {
		buf_puts(path, "&created[gte]=");
		buf_put_i64(path, listing->created_from);
	}
	if (after != NULL)
		buf_putf(path, "&starting_after=%s", after);
	if (listing->filter != NULL)
		buf_putf(path, "&%s", listing->filter);
	return buf_check(path, "the list's path", err);
}

enum status
stripe_list(struct stripe *stripe, const struct stripe_listing *listing,
    int64_t deadline_ms, struct json_doc *page, struct err *err)
{
	struct buf path = BUF_INIT(PATH_MAX_LEN);
	struct stripe_reply reply = { .http = 0 };
	enum status st;

	*page = (struct json_doc){ .text = NULL };
	st = put_path(&path, listing, err);
	if (st == ST_OK)
		st = stripe_get(stripe, buf_str(&path), deadline_ms, page,
		    &reply, err);
	/* A restricted key may not read all lists; callers say so and go on
	 * without this one. */
	if (st == ST_UPSTREAM && reply.http == 403)
		st = err->st = ST_DENIED;
	/* Without this check an answer of another shape would look like an
	 * empty list, and reconcile would find nothing amiss. */
	if (st == ST_OK && !json_is(json_at(json_root(page), "data"),
	    JSON_ARRAY)) {
		json_clear(page);
		st = err_set(err, ST_UPSTREAM, "Stripe's list %s has no data",
		    listing->path);
	}
	buf_clear(&path);
	return st;
}
