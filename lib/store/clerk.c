/*
 * A request is claimed in two transactions.  The first one marks it as begun
 * and commits, so that a clerk that dies while it does the request is seen by
 * its successor; the second one holds the row's lock while Stripe is asked.
 * The lock ends with the connection, so a killed clerk gives the request back
 * at once.
 */
#include "store/clerk.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/connections.h"
#include "store/db.h"
#include "store/exchange.h"

static const struct statement request_claim = {
	.name = "request_claim",
	.roles = ROLE_CLERK | ROLE_OPERATOR,
	.params = 0,
	.columns = 8,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "request that is due",
	.sql =
	"select request_id, form_id, actor, action, order_id, args, reason,\n"
	"    attempts\n"
	"from teamdues.claim_request()"
};

/*
 * The attempts say which claim is meant: between the two transactions another
 * clerk may have claimed the same request, and its number is higher then.
 */
static const struct statement request_hold = {
	.name = "request_hold",
	.roles = ROLE_CLERK | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.hold_request($1::bigint, $2::integer) as is_held"
};

/*
 * Not repeated on another connection: the lock, which proves that the request
 * is ours to finish, is gone with the first one.
 */
static const struct statement request_finish = {
	.name = "request_finish",
	.roles = ROLE_CLERK | ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.finish_request($1::bigint, $2::text, $3::text,\n"
	"    $4::integer)"
};

static const struct statement payments_said = {
	.name = "payments_said",
	.roles = ROLE_CLERK | ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.payments_said($1::jsonb, $2::text, $3::text)"
};

const struct statement *const store_clerk_statements[] = {
	&request_claim, &request_hold, &request_finish, &payments_said, NULL
};

struct request_queue {
	struct database database;
	PGconn *connection;	/* NULL: not open */
};

enum status
request_queue_open(const struct secret *url, struct request_queue **queue,
    struct err *err)
{
	struct request_queue *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return err_set(err, ST_NOMEM, "no memory for a queue");
	q->database = (struct database){ url, "teamdues clerk",
	    STATEMENT_MS, LOCK_MS };
	*queue = q;
	return ST_OK;
}

/* PQfinish ends the transaction, and with it the lock. */
void
request_queue_let_go(struct request_queue *queue)
{
	PQfinish(queue->connection);
	queue->connection = NULL;
}

void
request_queue_close(struct request_queue *queue)
{
	if (queue == NULL)
		return;
	request_queue_let_go(queue);
	free(queue);
}

/* For begin and commit, which give no rows and so do not fit db_run_on. */
static enum status
command(struct request_queue *queue, const char *sql, struct err *err)
{
	PGresult *result = exchange_command(queue->connection, sql,
	    STATEMENT_MS);
	enum status st = ST_OK;

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		st = err_set(err, ST_DB, "%s: %s", sql,
		    PQerrorMessage(queue->connection));
	PQclear(result);
	return st;
}

static enum status
read_request(const PGresult *r, struct queued_request *request,
    struct err *err)
{
	const char *text = row_text(r, 0, "args");
	struct json_doc doc = { .text = NULL };
	struct json_node args;
	/* An absent `anyway` is the usual case, and means no. */
	struct err ignored;
	enum status st = json_parse(text, strlen(text), &doc, err);

	args = json_root(&doc);
	request->request_id = row_i64(r, 0, "request_id");
	row_copy(request->form_id, sizeof(request->form_id), r, "form_id");
	row_copy(request->actor, sizeof(request->actor), r, "actor");
	row_copy(request->action, sizeof(request->action), r, "action");
	request->order_id = row_i64(r, 0, "order_id");
	row_copy(request->reason, sizeof(request->reason), r, "reason");
	request->attempts = (int)row_i64(r, 0, "attempts");
	request->amount_cents = json_i64_or_0(args, "amount_cents");
	if (json_get_bool(args, "anyway", &request->is_anyway, &ignored)
	    != ST_OK)
		request->is_anyway = false;
	if (st == ST_OK)
		st = json_get_text_or_empty(args, "payment", request->payment,
		    sizeof(request->payment), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(args, "source", request->source,
		    sizeof(request->source), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(args, "reference",
		    request->reference, sizeof(request->reference), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(args, "received_on",
		    request->received_on, sizeof(request->received_on), err);
	json_clear(&doc);
	/*
	 * The database wrote the text, so that unreadable text is no fault of
	 * the user's.
	 */
	return st == ST_BAD_INPUT ? err->st = ST_BUG : st;
}

/*
 * Commits that the request is begun before anything is done for it: a clerk
 * that dies later has then counted its attempt.  Outside a transaction, so that
 * each statement commits by itself.
 */
static enum status
mark(struct request_queue *queue, struct queued_request *request,
    struct err *err)
{
	PGresult *r = NULL;
	enum status st = ST_OK;

	if (queue->connection == NULL)
		st = connection_open(&queue->database, &queue->connection,
		    err);
	if (st == ST_OK)
		st = db_run_on(queue->connection, &request_claim, NULL, &r,
		    err);
	if (st == ST_OK)
		st = read_request(r, request, err);
	PQclear(r);
	return st;
}

/*
 * Takes the row's lock for as long as the calls to Stripe take.  The
 * connection's own limit for an idle transaction is 30 s (connections.c), less
 * than a few retries at Stripe need; 15 minutes are more than all of them can
 * take, and still end a clerk that hangs.
 */
static enum status
hold(struct request_queue *queue, const struct queued_request *request,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	char attempts[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, request->request_id),
	    db_i64(attempts, request->attempts) };
	PGresult *r = NULL;
	enum status st;

	st = command(queue, "begin; set local"
	    " idle_in_transaction_session_timeout = '15min'", err);
	if (st == ST_OK)
		st = db_run_on(queue->connection, &request_hold, argv, &r,
		    err);
	if (st == ST_OK && !row_bool(r, 0, "is_held"))
		st = err_set(err, ST_DB_BUSY, "another clerk has request %s",
		    id);
	PQclear(r);
	return st;
}

/*
 * After any failure the connection is closed: a transaction of unknown state
 * must not be used for the next request.  ST_NOT_FOUND leaves no transaction
 * behind.
 */
enum status
request_queue_claim(struct request_queue *queue,
    struct queued_request *request, struct err *err)
{
	enum status st = mark(queue, request, err);

	if (st == ST_OK)
		st = hold(queue, request, err);
	if (st != ST_OK && st != ST_NOT_FOUND)
		request_queue_let_go(queue);
	return st;
}

/*
 * If the commit's answer is lost the request may be finished or not.  Either is
 * safe: a request that is claimed again is compared with the audit log first
 * (claim_request in sql/functions/clerk.sql).
 */
enum status
request_queue_finish(struct request_queue *queue,
    const struct queued_request *request, const struct request_end *end,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	char wait_s[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, request->request_id),
	    end->state, end->words, db_i64(wait_s, end->wait_s) };
	PGresult *r = NULL;
	enum status st;

	st = db_run_on(queue->connection, &request_finish, argv, &r, err);
	if (st == ST_OK)
		st = command(queue, "commit", err);
	if (st != ST_OK)
		request_queue_let_go(queue);
	PQclear(r);
	return st;
}

enum status
store_payments_said(struct store *store, const char *sessions, const char *of,
    const char *zone, char words[PAYMENTS_SAID_SIZE], struct err *err)
{
	const char *const argv[] = { sessions, of, zone };

	return db_get_text(store, &payments_said, argv, words,
	    PAYMENTS_SAID_SIZE, err);
}
