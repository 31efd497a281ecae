/*
 * Deciding who is mailed.  A mail is queued in the transaction of the decision,
 * so that a decision that is undone mails nobody; one mail of a kind for an
 * order or player on a day is a unique constraint, and no caller has to look
 * first.
 */
#include "store/mail_queue.h"

#include "store/db.h"

static const struct statement first_payment_players = {
	.name = "first_payment_players",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.first_payment_players($1::bigint, $2::text,\n"
	"    $3::boolean) x"
};

/*
 * Not repeated: with `again` a second call queues a second copy, and without it
 * the rows would call every family mailed already.
 */
static const struct statement first_payments_queue = {
	.name = "first_payments_queue",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 5,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.once = true,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.queue_first_payments($1::jsonb, $2::text,\n"
	"    $3::boolean, $4::text, $5::boolean) x"
};

/* Not repeated: the second call would report that all were mailed today. */
static const struct statement tournament_queue = {
	.name = "tournament_queue",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 5,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.once = true,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.queue_tournament($1::bigint, $2::text, $3::text,\n"
	"    $4::text, $5::boolean) x"
};

/* Not repeated, for the same reason. */
static const struct statement reminders_queue = {
	.name = "reminders_queue",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.once = true,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.queue_first_payment_reminders($1::text, $2::text,\n"
	"    $3::boolean) x"
};

/* Repeated without harm: at most one such mail a day is queued. */
static const struct statement replaced_link_queue = {
	.name = "replaced_link_queue",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.queue_replaced_link($1::bigint, $2::text) as email_id"
};

static const struct statement emails_list = {
	.name = "emails_list",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select email_id, batch_id, player_id, recipient, kind, state,\n"
	"        attempts, last_error, sent_at\n"
	"    from teamdues.email_overview\n"
	"    where email_id > coalesce($1::bigint, 0)\n"
	"    order by email_id\n"
	"    limit $2::bigint) x"
};

static const struct statement batch_states = {
	.name = "batch_states",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select state, count(*) as count\n"
	"    from teamdues.email_overview\n"
	"    where batch_id = $1::bigint\n"
	"    group by state) x"
};

/*
 * Only failed mails have a row here, so that the list is short even for a batch
 * to every family.
 */
static const struct statement batch_failures = {
	.name = "batch_failures",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select email_id, player_id, last_error as reason\n"
	"    from teamdues.email_overview\n"
	"    where batch_id = $1::bigint and state = 'failed'\n"
	"    order by email_id) x"
};

/*
 * Queued and failed mails are each counted by an index of their own: nearly all
 * mails are sent ones, and those are not read.
 */
static const struct statement outbox_look = {
	.name = "outbox_look",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select count(*) as queued,\n"
	"    (select count(*)\n"
	"    from teamdues.email_overview\n"
	"    where state = 'failed'\n"
	"    and created_at > now() - make_interval(days => $1::integer))\n"
	"        as failed,\n"
	"    coalesce(extract(epoch from now() - min(created_at))::bigint, 0)\n"
	"        as oldest_s\n"
	"from teamdues.email_overview\n"
	"where state = 'queued'"
};

const struct statement *const store_mail_queue_statements[] = {
	&first_payment_players, &first_payments_queue, &tournament_queue,
	&reminders_queue, &replaced_link_queue, &emails_list, &batch_states,
	&batch_failures, &outbox_look, NULL
};

enum status
store_first_payment_players(struct store *store, int64_t player_id,
    const struct mail_request *request, store_row *each, void *context,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = {
	    player_id == 0 ? NULL : db_i64(id, player_id), request->zone,
	    db_bool(request->again) };

	return db_each(store, &first_payment_players, argv, each, context,
	    err);
}

enum status
store_queue_first_payments(struct store *store, const struct buf *rows,
    const struct mail_request *request, store_row *each, void *context,
    struct err *err)
{
	const char *const argv[] = { buf_str(rows), request->zone,
	    db_bool(request->again), request->actor, db_bool(request->batch) };
	enum status st = buf_check(rows, "the list of mails", err);

	return st != ST_OK ? st : db_each(store, &first_payments_queue, argv,
	    each, context, err);
}

enum status
store_queue_tournament(struct store *store, int64_t tournament_id,
    const char *kind, const struct mail_request *request, bool commit,
    store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, tournament_id), kind,
	    request->zone, request->actor, db_bool(commit) };

	return db_each(store, &tournament_queue, argv, each, context, err);
}

enum status
store_queue_reminders(struct store *store, const struct mail_request *request,
    bool commit, store_row *each, void *context, struct err *err)
{
	const char *const argv[] = { request->zone, request->actor,
	    db_bool(commit) };

	return db_each(store, &reminders_queue, argv, each, context, err);
}

enum status
store_queue_replaced_link(struct store *store, int64_t order_id,
    const char *zone, bool *is_queued, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), zone };
	int64_t email_id = 0;
	enum status st = db_get_i64(store, &replaced_link_queue, argv,
	    &email_id, err);

	*is_queued = email_id != 0;
	return st;
}

enum status
store_emails(struct store *store, store_row *each, void *context,
    struct err *err)
{
	static const char *const keys[] = { "email_id", NULL };
	const char *argv[2] = { NULL };

	return db_pages(store, &emails_list, argv, keys, each, context, err);
}

enum status
store_batch_states(struct store *store, int64_t batch_id, store_row *each,
    void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, batch_id) };

	return db_each(store, &batch_states, argv, each, context, err);
}

enum status
store_batch_failures(struct store *store, int64_t batch_id, store_row *each,
    void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, batch_id) };

	return db_each(store, &batch_failures, argv, each, context, err);
}

enum status
store_outbox_figures(struct store *store, int days,
    struct outbox_figures *figures, struct err *err)
{
	char text[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(text, days) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &outbox_look, argv, &r, err);
	if (st == ST_OK) {
		figures->queued = row_i64(r, 0, "queued");
		figures->failed = row_i64(r, 0, "failed");
		figures->oldest_s = row_i64(r, 0, "oldest_s");
	}
	PQclear(r);
	return st;
}
