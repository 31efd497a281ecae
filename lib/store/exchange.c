/*
 * No cancel is asked for when the time is over: PQcancel waits, without a
 * limit, for the very server that does not answer, and a server that is only
 * slow ends the statement by its own statement_timeout.
 */
#include "store/exchange.h"

#include <errno.h>
#include <poll.h>

#include "base/clock.h"

/* What the server's own time limit is given to arrive. */
enum { GRACE_MS = 2000 };

static int64_t
deadline_of(int statement_ms)
{
	if (statement_ms == 0)
		return INT64_MAX;
	return clock_monotonic_ms() + statement_ms + GRACE_MS;
}

/* -1, as poll has it, for a deadline that never comes. */
static int
left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_monotonic_ms();

	if (deadline_ms == INT64_MAX)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* False when the deadline has passed. */
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

/* Sends what is not sent yet and reads until a result is there, or the end. */
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

PGresult *
exchange_statement(PGconn *connection, const struct statement *statement,
    const char *const *argv, int statement_ms)
{
	int64_t deadline_ms = deadline_of(statement_ms);

	if (PQsendQueryParams(connection, statement->sql, statement->params,
	    NULL, argv, NULL, NULL, 0) == 0)
		return NULL;
	return last_result(connection, deadline_ms);
}

PGresult *
exchange_command(PGconn *connection, const char *sql, int statement_ms)
{
	int64_t deadline_ms = deadline_of(statement_ms);

	if (PQsendQuery(connection, sql) == 0)
		return NULL;
	return last_result(connection, deadline_ms);
}

bool
exchange_is_late(const PGconn *connection)
{
	return PQstatus(connection) == CONNECTION_OK
	    && PQtransactionStatus(connection) == PQTRANS_ACTIVE;
}
