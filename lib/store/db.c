#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/db.h"
#include "store/connections.h"

enum {
	TAKE_TIMEOUT_MS = 10000,
	IDLE_MS = 60000,
	TRIES_MAX = STORE_CONNECTIONS_MAX + 1,
	PAUSE_NS = 20000000,
};

struct store {
	const char *receipt_zone;
	struct connections *connections;
};

enum status
store_open(const struct secret *url, const char *name, int connections_max,
    struct store **store, struct err *err)
{
	struct store *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return err_set(err, ST_NOMEM, "no memory for a store");
	st = connections_new(url, name, connections_max, &s->connections, err);
	if (st != ST_OK) {
		free(s);
		return st;
	}
	*store = s;
	return ST_OK;
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

/* PostgreSQL's codes by class (manual, appendix "PostgreSQL Error Codes"). */
static const struct sqlstate {
	const char *prefix;
	enum status st;
	bool again;		/* at once: the transaction left no trace */
} sqlstates[] = {
	{ "23505", ST_DUPLICATE, false },
	{ "23", ST_BAD_INPUT, false },
	{ "22", ST_BAD_INPUT, false },
	{ "40", ST_DB, true },
	{ "08", ST_DB, false },
	{ "53", ST_DB, false },
	{ "55", ST_DB, false },
	{ "57", ST_DB, false },
	{ "58", ST_DB, false },
	{ "25006", ST_DB, false },
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

/* Whoever sent the value may read this: it shows no SQL. */
static enum status
refuse_value(const PGresult *result, enum status st, const char *code,
    struct err *err)
{
	const char *constraint = PQresultErrorField(result,
	    PG_DIAG_CONSTRAINT_NAME);

	return err_set(err, st, "a value was refused (%s)",
	    constraint != NULL ? constraint : code);
}

/* Sets err from a failed result; *again says whether to try it once more. */
static enum status
fail(PGconn *connection, const PGresult *result,
    const struct statement *statement, bool *again, struct err *err)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result,
	    PG_DIAG_MESSAGE_PRIMARY);
	const struct sqlstate *s;

	if (PQstatus(connection) == CONNECTION_BAD || code == NULL) {
		*again = !statement->once;
		return err_set(err, ST_DB, "%s: connection lost: %s",
		    statement->name, PQerrorMessage(connection));
	}
	s = classify(code);
	*again = s->again;
	if (s->st == ST_BAD_INPUT || s->st == ST_DUPLICATE)
		return refuse_value(result, s->st, code, err);
	return err_set(err, s->st, "%s: %s (%s)", statement->name,
	    text != NULL ? text : "", code);
}

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

/* On this connection, once. */
static enum status
run_on(PGconn *connection, const struct statement *statement,
    const char *const *argv, PGresult **result, bool *again, struct err *err)
{
	enum status st;

	*again = false;
	*result = PQexecParams(connection, statement->sql, statement->params,
	    NULL, argv, NULL, NULL, 0);
	if (PQresultStatus(*result) == PGRES_TUPLES_OK)
		st = check_shape(*result, statement, err);
	else
		st = fail(connection, *result, statement, again, err);
	if (st != ST_OK) {
		PQclear(*result);
		*result = NULL;
	}
	return st;
}

enum status
db_run_on(PGconn *connection, const struct statement *statement,
    const char *const *argv, PGresult **result, struct err *err)
{
	bool again;

	return run_on(connection, statement, argv, result, &again, err);
}

static enum status
run_once(struct store *store, const struct statement *statement,
    const char *const *argv, PGresult **result, bool *again, struct err *err)
{
	PGconn *connection = NULL;
	enum status st;

	*again = false;
	st = connections_take(store->connections,
	    clock_monotonic_ms() + TAKE_TIMEOUT_MS, &connection, err);
	if (st != ST_OK)
		return st;
	st = run_on(connection, statement, argv, result, again, err);
	connections_give(store->connections, connection);
	return st;
}

/*
 * A server that restarted leaves the pool full of dead connections; after as
 * many tries a fresh one is opened, or the server is away and that fails.
 */
enum status
db_run(struct store *store, const struct statement *statement,
    const char *const *argv, PGresult **result, struct err *err)
{
	struct timespec pause = { 0, PAUSE_NS };
	bool again = true;
	enum status st = ST_BUG;

	*result = NULL;
	for (int i = 0; again && i < TRIES_MAX; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		st = run_once(store, statement, argv, result, &again, err);
	}
	if (st == ST_OK)
		*err = (struct err){ ST_OK, "" };	/* of an earlier try */
	return st;
}

enum status
db_each(struct store *store, const struct statement *statement,
    const char *const *argv, store_row *each, void *context, struct err *err)
{
	PGresult *result = NULL;
	enum status st;

	st = db_run(store, statement, argv, &result, err);
	for (int i = 0; st == ST_OK && i < PQntuples(result); i++) {
		struct json_object *row = NULL;

		st = json_parse(PQgetvalue(result, i, 0),
		    (size_t)PQgetlength(result, i, 0), &row, err);
		if (st == ST_OK)
			st = each(context, row, err);
		json_object_put(row);
	}
	PQclear(result);
	return st;
}

const char *
row_text(const PGresult *result, int row, const char *column)
{
	int field = PQfnumber(result, column);

	return field < 0 ? "" : PQgetvalue(result, row, field);
}

int64_t
row_i64(const PGresult *result, int row, const char *column)
{
	return strtoll(row_text(result, row, column), NULL, 10);
}

bool
row_bool(const PGresult *result, int row, const char *column)
{
	return row_text(result, row, column)[0] == 't';
}

bool
row_is_null(const PGresult *result, int row, const char *column)
{
	int field = PQfnumber(result, column);

	return field < 0 || PQgetisnull(result, row, field);
}

void
row_copy(char *out, size_t size, const PGresult *result, const char *column)
{
	const char *text = row_text(result, 0, column);
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}
