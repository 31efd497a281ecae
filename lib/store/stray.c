/*
 * A session is claimed before it is ended at Stripe, so that several hosts that
 * sweep at once each take another one; the claim runs out by itself, so that a
 * host that died loses nothing.
 */
#include "store/stray.h"

#include "store/db.h"

/*
 * Not repeated: the first call may have claimed a session, and the second one
 * would claim another; the first is due again in half a minute.
 */
static const struct statement claim_stray = {
	.name = "claim_stray",
	.roles = ROLE_CHECKOUT | ROLE_CLERK | ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.is_hot = true,
	.sql =
	"select coalesce(teamdues.claim_stray($1::boolean), '')\n"
	"    as session_id"
};

/* For `reconcile`, which takes all of them, one after the other, due or not. */
static const struct statement next_stray = {
	.name = "next_stray",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 3,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "session",
	.sql =
	"select session_id, order_id, status\n"
	"from teamdues.stray_sessions\n"
	"where session_id > $1::text and livemode = $2::boolean\n"
	"order by session_id\n"
	"limit 1"
};

/*
 * A minute is what the sweep may take (invariant 9): an older one means that
 * nobody sweeps, or that Stripe refuses to end it.
 */
static const struct statement stray_count = {
	.name = "stray_count",
	.roles = ROLE_OPERATOR,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select count(*) as count\n"
	"from teamdues.stray_sessions\n"
	"where stray_at < now() - interval '1 minute'"
};

const struct statement *const store_stray_statements[] = {
	&claim_stray, &next_stray, &stray_count, NULL
};

enum status
store_claim_stray(struct store *store, bool livemode,
    char session_id[STORE_ID_SIZE], struct err *err)
{
	const char *const argv[] = { db_bool(livemode) };

	return db_get_text(store, &claim_stray, argv, session_id,
	    STORE_ID_SIZE, err);
}

enum status
store_next_stray(struct store *store, const char *after, bool livemode,
    struct stray *stray, struct err *err)
{
	const char *const argv[] = { after, db_bool(livemode) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &next_stray, argv, &r, err);
	if (st == ST_OK) {
		row_copy(stray->session_id, sizeof(stray->session_id), r,
		    "session_id");
		stray->order_id = row_i64(r, 0, "order_id");
		row_copy(stray->status, sizeof(stray->status), r, "status");
	}
	PQclear(r);
	return st;
}

enum status
store_stray_count(struct store *store, int64_t *count, struct err *err)
{
	return db_get_i64(store, &stray_count, NULL, count, err);
}
