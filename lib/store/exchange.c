/*
 * libpq without blocking: send, wait by poll until the deadline, read.  When
 * the time is over no cancel is sent: PQcancel connects anew and waits, without
 * a limit, for the very server that does not answer, and a server that is only
 * slow ends the statement by its own statement_timeout.
 */
#include "store/exchange.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

enum { PREPARED_NAME_SIZE = 64 };	/* as PostgreSQL keeps it */

/*
 * How much longer than statement_timeout is waited for: the server's own
 * refusal names the statement's limit and leaves the connection usable, so it
 * should come first.
 */
enum { GRACE_MS = 2000 };

/* 0: the operator's command, which an operator can interrupt. */
static int64_t
deadline_of(int statement_ms)
{
	if (statement_ms == 0)
		return INT64_MAX;
	return clock_monotonic_ms() + statement_ms + GRACE_MS;
}

/* What poll takes: -1 for a deadline that never comes. */
static int
left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_monotonic_ms();

	if (deadline_ms == INT64_MAX)
		return -1;
	return left > 0 ? (int)left : 0;
}

/*
 * False when the deadline has passed.  POLLIN always, also while sending: a
 * server that has filled its buffer towards us reads nothing before we read.
 */
static bool
wait_for(const PGconn *connection, bool writes, int64_t deadline_ms)
{
	struct pollfd fd = {
		.fd = PQsocket(connection),
		.events = (short)(POLLIN | (writes ? POLLOUT : 0)),
	};
	int ready;

	do
		ready = poll(&fd, 1, left_ms(deadline_ms));
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/*
 * Sends what is not sent yet and reads until a result is complete.  False when
 * the deadline has passed or the connection is lost.
 */
static bool
await_result(PGconn *connection, int64_t deadline_ms)
{
	for (;;) {
		int unsent = PQflush(connection);

		if (unsent < 0)
			return false;
		if (unsent == 0 && PQisBusy(connection) == 0)
			return true;
		if (!wait_for(connection, unsent > 0, deadline_ms) ||
		    PQconsumeInput(connection) == 0)
			return false;
	}
}

/*
 * PQgetResult has to be called until it gives NULL, else the connection counts
 * as busy; of several results ("begin; set ...") the last one says whether all
 * went well, since the server stops at the first failure.
 */
static PGresult *
last_result(PGconn *connection, int64_t deadline_ms)
{
	PGresult *last = NULL;

	while (await_result(connection, deadline_ms)) {
		PGresult *next = PQgetResult(connection);

		if (next == NULL)
			return last;
		PQclear(last);
		last = next;
	}
	PQclear(last);
	return NULL;
}

static bool
has_code(const PGresult *result, const char *code)
{
	const char *has = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return has != NULL && strcmp(has, code) == 0;
}

/*
 * Whether the failure says only that the prepared statement is gone: 26000
 * (invalid_sql_statement_name) behind a pooler, or 0A000
 * (feature_not_supported), which is PostgreSQL's answer when a migration has
 * changed the columns of the result ("cached plan must not change result
 * type").
 */
static bool
is_not_there(const PGresult *result)
{
	return has_code(result, "26000") || has_code(result, "0A000");
}

/*
 * A name with a hash of the text, so that two versions of a program behind one
 * pooler do not run each other's statement.  FNV-1a, which needs no library; a
 * collision would need two texts under one name.
 */
static const char *
prepared_name(const struct statement *statement,
    char text[PREPARED_NAME_SIZE])
{
	struct buf name = buf_over(text, PREPARED_NAME_SIZE);
	uint32_t hash = 2166136261;	/* FNV-1a */

	for (const char *at = statement->sql; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619;
	buf_putf(&name, "%s.%08x", statement->name, hash);
	return buf_str(&name);
}

/* NULL when it could not even be sent; the connection says why. */
static PGresult *
execute(PGconn *connection, const char *name,
    const struct statement *statement, const struct arguments *arguments,
    int64_t deadline_ms)
{
	if (PQsendQueryPrepared(connection, name, statement->params,
	    arguments->values, arguments->lengths, arguments->formats, 0) ==
	    0)
		return NULL;
	return last_result(connection, deadline_ms);
}

/*
 * True when it is prepared now or was before: 42P05
 * (duplicate_prepared_statement) comes from a pooler whose server connection
 * has it from another client.
 */
static bool
prepare(PGconn *connection, const char *name,
    const struct statement *statement, int64_t deadline_ms)
{
	PGresult *result = NULL;
	bool done;

	if (PQsendPrepare(connection, name, statement->sql, 0, NULL) != 0)
		result = last_result(connection, deadline_ms);
	done = PQresultStatus(result) == PGRES_COMMAND_OK ||
	    has_code(result, "42P05");
	PQclear(result);
	return done;
}

static PGresult *
run_plain(PGconn *connection, const struct statement *statement,
    const struct arguments *arguments, int64_t deadline_ms)
{
	if (PQsendQueryParams(connection, statement->sql, statement->params,
	    NULL, arguments->values, arguments->lengths, arguments->formats,
	    0) == 0)
		return NULL;
	return last_result(connection, deadline_ms);
}

/*
 * By name first, which is one round trip in the usual case.  What cannot be
 * prepared is run unprepared at last, so that its failure is the statement's
 * own.
 */
static PGresult *
run_hot(PGconn *connection, const struct statement *statement,
    const struct arguments *arguments, int64_t deadline_ms)
{
	char text[PREPARED_NAME_SIZE];
	const char *name = prepared_name(statement, text);
	PGresult *result = execute(connection, name, statement, arguments,
	    deadline_ms);

	if (!is_not_there(result))
		return result;
	PQclear(result);
	if (prepare(connection, name, statement, deadline_ms)) {
		result = execute(connection, name, statement, arguments,
		    deadline_ms);
		if (!is_not_there(result))
			return result;
		PQclear(result);
	}
	return run_plain(connection, statement, arguments, deadline_ms);
}

PGresult *
exchange_statement(PGconn *connection, const struct statement *statement,
    const struct arguments *arguments, int statement_ms)
{
	int64_t deadline_ms = deadline_of(statement_ms);

	if (statement->is_hot)
		return run_hot(connection, statement, arguments, deadline_ms);
	return run_plain(connection, statement, arguments, deadline_ms);
}

PGresult *
exchange_command(PGconn *connection, const char *sql, int statement_ms)
{
	int64_t deadline_ms = deadline_of(statement_ms);

	if (PQsendQuery(connection, sql) == 0)
		return NULL;
	return last_result(connection, deadline_ms);
}

/*
 * A connection that broke is not OK; one that is OK and still active was given
 * up because of the time.
 */
bool
exchange_is_late(const PGconn *connection)
{
	return PQstatus(connection) == CONNECTION_OK &&
	    PQtransactionStatus(connection) == PQTRANS_ACTIVE;
}
