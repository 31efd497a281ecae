/*
 * The one place where a statement is run: checks rows and columns, translates
 * SQLSTATEs, and decides what is tried again.  A statement is repeated only
 * where the first try left no trace (class 40: rolled back by the server) or
 * where the statement may run twice (`once` is false) and the connection broke
 * at once.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/connections.h"
#include "store/db.h"
#include "store/exchange.h"

enum {
	/*
	 * Longer than a statement may take: who waits gets a connection of
	 * somebody who is only slow.
	 */
	TAKE_TIMEOUT_MS = 10000,
	IDLE_MS = 60000,
	/*
	 * Every connection of the pool may be dead, and then one more try opens
	 * a fresh one.
	 */
	TRIES_MAX = STORE_CONNECTIONS_MAX + 1,
	/* 20 ms, in which the other side of a deadlock can commit. */
	PAUSE_NS = 20000000,
	/*
	 * A connection that broke later than this may have broken because of
	 * the statement.
	 */
	LOST_SOON_MS = 1000,
};

struct store {
	struct database database;
	const char *receipt_zone;
	struct connections *connections;
};

static enum status
open_store(const struct database *database, int connections_max,
    struct store **store, struct err *err)
{
	struct store *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return err_set(err, ST_NOMEM, "no memory for a store");
	s->database = *database;
	st = connections_new(&s->database, connections_max, &s->connections,
	    err);
	if (st != ST_OK) {
		free(s);
		return st;
	}
	*store = s;
	return ST_OK;
}

enum status
store_open(const struct secret *url, const char *name, int connections_max,
    struct store **store, struct err *err)
{
	const struct database database = { url, name, STATEMENT_MS, LOCK_MS };

	return open_store(&database, connections_max, store, err);
}

/* The receipts' zone is copied, so it must be set on the first store before. */
enum status
store_open_beside(const struct store *store, int connections_max,
    int statement_ms, int lock_ms, struct store **beside, struct err *err)
{
	struct database database = store->database;

	enum status st;

	database.statement_ms = statement_ms;
	database.lock_ms = lock_ms;
	st = open_store(&database, connections_max, beside, err);
	if (st == ST_OK)
		(*beside)->receipt_zone = store->receipt_zone;
	return st;
}

void
store_lift_time_limit(struct store *store)
{
	store->database.statement_ms = 0;
}

void
store_queue_receipts(struct store *store, const char *zone)
{
	store->receipt_zone = zone;
}

const char *
store_receipt_zone(const struct store *store)
{
	return store->receipt_zone;
}

void
store_tick(struct store *store)
{
	connections_close_idle(store->connections, IDLE_MS);
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	connections_free(store->connections);
	free(store);
}

const char *
db_i64(char text[I64_TEXT_SIZE], int64_t value)
{
	struct buf b = buf_over(text, I64_TEXT_SIZE);

	buf_put_i64(&b, value);
	return text;
}

const char *
db_bool(bool value)
{
	return value ? "true" : "false";
}

/*
 * PostgreSQL's codes by class (manual, appendix "PostgreSQL Error Codes").  The
 * first prefix that fits holds, so that a single code precedes its class and ""
 * is last.
 */
static const struct sqlstate {
	const char *prefix;
	enum status st;
	bool again;		/* at once: the transaction left no trace */
} sqlstates[] = {
	{ "23505", ST_DUPLICATE, false },
	{ "23", ST_BAD_INPUT, false },
	{ "22", ST_BAD_INPUT, false },
	{ "40", ST_DB_BUSY, true },
	{ "08", ST_DB, false },
	{ "53", ST_DB, false },
	{ "55P03", ST_DB_BUSY, false },		/* lock_timeout */
	{ "55", ST_DB, false },
	{ "57014", ST_DB_BUSY, false },		/* statement_timeout */
	{ "57", ST_DB, false },
	{ "58", ST_DB, false },
	{ "25006", ST_DB, false },
	{ "42883", ST_DB, false },	/* an upgrade is under way */
	{ "TD401", ST_UNAUTHENTICATED, false },	/* desk_sign_in.sql */
	{ "TD403", ST_DENIED, false },
	{ "XX000", ST_BUG, true },	/* or was, this very moment */
	{ "", ST_BUG, false },
};

static const struct sqlstate *
classify(const char *code)
{
	const struct sqlstate *s = sqlstates;

	while (strncmp(code, s->prefix, strlen(s->prefix)) != 0)
		s++;
	return s;
}

/*
 * The message may reach whoever sent the value, so that it names the constraint
 * and shows neither SQL nor the value itself.
 */
static enum status
refuse_value(const PGresult *result, enum status st, const char *code,
    struct err *err)
{
	const char *constraint = PQresultErrorField(result,
	    PG_DIAG_CONSTRAINT_NAME);

	return err_set(err, st, "a value was refused (%s)",
	    constraint != NULL ? constraint : code);
}

/* One try of a statement on one connection. */
struct attempt {
	PGconn *connection;
	const struct statement *statement;
	const struct arguments *arguments;
	int statement_ms;
	PGresult *result;
	bool again;		/* it failed in a way that may pass at once */
};

/*
 * A connection that broke at once was dead before the statement, and the next
 * one of the pool may be alive.  One that broke after a while may have died of
 * the statement, and repeating that would take as long again.  A server that
 * did not answer in time is not asked again: the caller has waited long enough.
 */
static enum status
fail_lost(struct attempt *attempt, int64_t took_ms, struct err *err)
{
	const struct statement *statement = attempt->statement;

	if (exchange_is_late(attempt->connection))
		return err_set(err, ST_DB, "%s: no answer in %lld ms",
		    statement->name, (long long)took_ms);
	attempt->again = !statement->once && took_ms < LOST_SOON_MS;
	return err_set(err, ST_DB, "%s: connection lost: %s",
	    statement->name, PQerrorMessage(attempt->connection));
}

/*
 * Sets err from a result that is no success.  No SQLSTATE means that libpq made
 * the result itself: the connection is lost.
 */
static enum status
fail(struct attempt *attempt, int64_t took_ms, struct err *err)
{
	const char *code = PQresultErrorField(attempt->result,
	    PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(attempt->result,
	    PG_DIAG_MESSAGE_PRIMARY);
	const struct sqlstate *s;

	if (PQstatus(attempt->connection) == CONNECTION_BAD || code == NULL)
		return fail_lost(attempt, took_ms, err);
	s = classify(code);
	attempt->again = s->again;
	if (s->st == ST_BAD_INPUT || s->st == ST_DUPLICATE)
		return refuse_value(attempt->result, s->st, code, err);
	return err_set(err, s->st, "%s: %s (%s)", attempt->statement->name,
	    text != NULL ? text : "", code);
}

/*
 * A statement and its caller can only disagree about columns when the schema is
 * of another version, so ST_BUG.
 */
static enum status
check_shape(const PGresult *result, const struct statement *statement,
    struct err *err)
{
	int rows = PQntuples(result);

	if (PQnfields(result) != statement->columns)
		return err_set(err, ST_BUG, "%s: %d columns, expected %d",
		    statement->name, PQnfields(result), statement->columns);
	if (statement->shape == SHAPE_MAYBE_ROW && rows == 0)
		return err_set(err, ST_NOT_FOUND, "no such %s",
		    statement->noun);
	if (statement->shape != SHAPE_ROWS && rows != 1)
		return err_set(err, ST_BUG, "%s: %d rows, expected one",
		    statement->name, rows);
	return ST_OK;
}

/* On success the caller clears the result. */
static enum status
try_it(struct attempt *attempt, struct err *err)
{
	int64_t started_ms = clock_monotonic_ms();
	enum status st;

	attempt->again = false;
	attempt->result = exchange_statement(attempt->connection,
	    attempt->statement, attempt->arguments, attempt->statement_ms);
	if (PQresultStatus(attempt->result) == PGRES_TUPLES_OK)
		st = check_shape(attempt->result, attempt->statement, err);
	else
		st = fail(attempt, clock_monotonic_ms() - started_ms, err);
	if (st != ST_OK) {
		PQclear(attempt->result);
		attempt->result = NULL;
	}
	return st;
}

/*
 * Never repeated, since the transaction around it is lost with the connection.
 */
enum status
db_run_on(PGconn *connection, const struct statement *statement,
    const char *const *argv, PGresult **result, struct err *err)
{
	const struct arguments arguments = { argv, NULL, NULL };
	struct attempt attempt = { connection, statement, &arguments,
	    STATEMENT_MS, NULL, false };
	enum status st = try_it(&attempt, err);

	*result = attempt.result;
	return st;
}

/* The connection is given back before a pause: others use it meanwhile. */
static enum status
try_in_pool(struct store *store, struct attempt *attempt, struct err *err)
{
	enum status st;

	attempt->again = false;
	st = connections_take(store->connections,
	    clock_monotonic_ms() + TAKE_TIMEOUT_MS, &attempt->connection, err);
	if (st != ST_OK)
		return st;
	st = try_it(attempt, err);
	connections_give(store->connections, attempt->connection);
	return st;
}

/*
 * A server that restarted leaves the pool full of dead connections.  After as
 * many tries as there are connections a fresh one is opened; if the server is
 * away, that fails and ends the tries.
 */
enum status
db_run_arguments(struct store *store, const struct statement *statement,
    const struct arguments *arguments, PGresult **result, struct err *err)
{
	struct attempt attempt = { NULL, statement, arguments,
	    store->database.statement_ms, NULL, true };
	struct timespec pause = { 0, PAUSE_NS };
	enum status st = ST_BUG;

	for (int i = 0; attempt.again && i < TRIES_MAX; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		st = try_in_pool(store, &attempt, err);
	}
	*result = attempt.result;
	if (st == ST_OK)
		*err = (struct err){ ST_OK, "" };	/* of an earlier try */
	return st;
}

enum status
db_run(struct store *store, const struct statement *statement,
    const char *const *argv, PGresult **result, struct err *err)
{
	const struct arguments arguments = { argv, NULL, NULL };

	return db_run_arguments(store, statement, &arguments, result, err);
}

enum status
db_document(struct store *store, const struct statement *statement,
    const char *const *argv, struct json_doc *doc, struct err *err)
{
	PGresult *r = NULL;
	enum status st;

	*doc = (struct json_doc){ .text = NULL };
	st = db_run(store, statement, argv, &r, err);
	if (st != ST_OK)
		goto out;
	st = json_parse_copy(PQgetvalue(r, 0, 0),
	    (size_t)PQgetlength(r, 0, 0), doc, err);
	/* The database made the text: nobody outside sent it. */
	if (st == ST_BAD_INPUT)
		err->st = st = ST_BUG;
out:
	PQclear(r);
	return st;
}

/*
 * A row is parsed when its turn comes, so that one row's tree is held at a
 * time, however many rows the result has.
 */
enum status
db_each(struct store *store, const struct statement *statement,
    const char *const *argv, store_row *each, void *context, struct err *err)
{
	PGresult *result = NULL;
	enum status st;

	st = db_run(store, statement, argv, &result, err);
	for (int i = 0; st == ST_OK && i < PQntuples(result); i++) {
		struct json_doc row;

		st = json_parse(PQgetvalue(result, i, 0),
		    (size_t)PQgetlength(result, i, 0), &row, err);
		if (st == ST_OK)
			st = each(context, json_root(&row), err);
		json_clear(&row);
	}
	PQclear(result);
	return st;
}
