#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/connections.h"
#include "store/told.h"

enum { OPTIONS_SIZE = 256 };

struct slot {
	PGconn *connection;
	int64_t idle_since_ms;
	bool lent;
};

struct connections {
	const struct database *database;
	int max;
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct slot slots[];
};

/*
 * Without a limit nothing but its client ends a statement: it ends with one
 * that was interrupted.  Compiling a statement (jit) takes seconds for what is
 * many look-ups by key, none of them worth a compiler.
 */
static void
put_options(struct buf *options, const struct database *database)
{
	buf_putf(options, "-c timezone=UTC -c jit=off -c lock_timeout=%d"
	    " -c statement_timeout=%d"
	    " -c idle_in_transaction_session_timeout=30s",
	    database->lock_ms, database->statement_ms);
	if (database->statement_ms == 0)
		buf_puts(options, " -c client_connection_check_interval=5s");
}

/*
 * Defaults come first: what the URL says about the same keyword holds.  A
 * standby is no use to us, and with several hosts libpq looks for the primary.
 */
enum status
connection_open(const struct database *database, PGconn **connection,
    struct err *err)
{
	char text[OPTIONS_SIZE];
	struct buf options = BUF_FIXED(text);
	const char *const keywords[] = { "connect_timeout",
	    "target_session_attrs", "client_encoding", "application_name",
	    "keepalives_idle", "tcp_user_timeout", "options", "dbname", NULL };
	const char *const values[] = { "3", "read-write", "UTF8",
	    database->name, "10", "15000", text, secret_bytes(database->url),
	    NULL };

	put_options(&options, database);
	*connection = PQconnectdbParams(keywords, values, 1);
	if (*connection == NULL)
		return err_set(err, ST_NOMEM, "no memory for a connection");
	if (PQstatus(*connection) != CONNECTION_OK) {
		err_set(err, ST_DB, "cannot connect to the database: %s",
		    PQerrorMessage(*connection));
		PQfinish(*connection);
		*connection = NULL;
		return ST_DB;
	}
	PQsetNoticeReceiver(*connection, told_receive, NULL);
	/* Else sending waits, without a limit, for a server that reads
	 * nothing. */
	(void)PQsetnonblocking(*connection, 1);
	return ST_OK;
}

enum status
connections_new(const struct database *database, int max,
    struct connections **connections, struct err *err)
{
	pthread_condattr_t attributes;
	struct connections *p;

	p = calloc(1, sizeof(*p) + (size_t)max * sizeof(p->slots[0]));
	if (p == NULL)
		return err_set(err, ST_NOMEM, "no memory for a pool");
	p->database = database;
	p->max = max;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->given, &attributes);
	pthread_condattr_destroy(&attributes);
	*connections = p;
	return ST_OK;
}

/* An open connection that nobody has, else an empty slot, else NULL. */
static struct slot *
find_slot(struct connections *connections)
{
	struct slot *empty = NULL;

	for (int i = 0; i < connections->max; i++) {
		struct slot *slot = &connections->slots[i];

		if (slot->lent)
			continue;
		if (slot->connection != NULL)
			return slot;
		if (empty == NULL)
			empty = slot;
	}
	return empty;
}

/* Somebody works with a connection, or is just opening one. */
static bool
is_any_lent(const struct connections *connections)
{
	for (int i = 0; i < connections->max; i++)
		if (connections->slots[i].lent)
			return true;
	return false;
}

/* With the lock held; false when the deadline has passed. */
static bool
wait_for_one(struct connections *connections, int64_t deadline_ms)
{
	struct timespec until = { deadline_ms / 1000,
	    (deadline_ms % 1000) * 1000000 };

	return pthread_cond_timedwait(&connections->given, &connections->lock,
	    &until) == 0 ||
	    clock_monotonic_ms() < deadline_ms;
}

/*
 * Connecting happens outside the lock: a dead host must not stop those who can
 * go on.  When the server has no room for another connection while others of
 * ours are in use or just being opened, it is enough to wait for one of these.
 */
enum status
connections_take(struct connections *connections, int64_t deadline_ms,
    PGconn **connection, struct err *err)
{
	enum status st = ST_OK;
	bool may_open = true;

	*connection = NULL;
	pthread_mutex_lock(&connections->lock);
	while (*connection == NULL) {
		struct slot *slot = find_slot(connections);

		if (slot != NULL && slot->connection != NULL) {
			slot->lent = true;
			*connection = slot->connection;
		} else if (slot != NULL && may_open) {
			slot->lent = true;
			pthread_mutex_unlock(&connections->lock);
			st = connection_open(connections->database,
			    connection, err);
			pthread_mutex_lock(&connections->lock);
			slot->connection = *connection;
			slot->lent = *connection != NULL;
			may_open = false;
			/* Who waited for this one has to look again. */
			if (st != ST_OK)
				pthread_cond_broadcast(&connections->given);
		} else if (!may_open && !is_any_lent(connections)) {
			break;
		} else if (!wait_for_one(connections, deadline_ms)) {
			st = err_set(err, ST_DB,
			    "no database connection came free in time");
			break;
		}
	}
	pthread_mutex_unlock(&connections->lock);
	return *connection != NULL ? ST_OK : st;
}

/* What is still under way over it would be taken for the next answer. */
static bool
is_fit_for_another(const PGconn *connection)
{
	return PQstatus(connection) == CONNECTION_OK &&
	    PQtransactionStatus(connection) == PQTRANS_IDLE;
}

/*
 * A connection serves whoever waits, but an empty place only those who have not
 * failed to open one: then all look.
 */
void
connections_give(struct connections *connections, PGconn *connection)
{
	bool is_fit = is_fit_for_another(connection);

	pthread_mutex_lock(&connections->lock);
	for (int i = 0; i < connections->max; i++) {
		struct slot *slot = &connections->slots[i];

		if (slot->connection != connection)
			continue;
		slot->lent = false;
		slot->idle_since_ms = clock_monotonic_ms();
		if (!is_fit)
			slot->connection = NULL;
	}
	if (is_fit)
		pthread_cond_signal(&connections->given);
	else
		pthread_cond_broadcast(&connections->given);
	pthread_mutex_unlock(&connections->lock);
	if (!is_fit)
		PQfinish(connection);
}

void
connections_close_idle(struct connections *connections, int64_t idle_ms)
{
	int64_t before_ms = clock_monotonic_ms() - idle_ms;

	pthread_mutex_lock(&connections->lock);
	for (int i = 0; i < connections->max; i++) {
		struct slot *slot = &connections->slots[i];

		if (slot->lent || slot->connection == NULL ||
		    slot->idle_since_ms > before_ms)
			continue;
		PQfinish(slot->connection);
		slot->connection = NULL;
	}
	pthread_mutex_unlock(&connections->lock);
}

void
connections_free(struct connections *connections)
{
	if (connections == NULL)
		return;
	for (int i = 0; i < connections->max; i++)
		PQfinish(connections->slots[i].connection);
	pthread_cond_destroy(&connections->given);
	pthread_mutex_destroy(&connections->lock);
	free(connections);
}
