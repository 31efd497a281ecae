/*
 * The pool.  One mutex guards the slots, and nothing is done under it that can
 * wait: a connection is opened, and a broken one closed, outside it, so that a
 * thread that has what it needs never waits for a host that does not answer.  A
 * lent slot belongs to one thread until it gives the connection back.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/condition.h"
#include "store/act_log.h"
#include "store/connections.h"

enum { OPTIONS_SIZE = 256 };

struct slot {
	PGconn *connection;
	int64_t idle_since_ms;
	bool lent;
};

struct connections {
	const struct database *database;
	int max;
	unsigned int tries;	/* to open one, so far */
	unsigned int refused_alone;	/* of these, with no other beside it */
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct slot slots[];
};

/*
 * Limits go to the server, because only the server can end a statement.  A
 * store without a limit (statement_ms 0, the operator's command) makes the
 * server look every 5 s whether the client is still there, so that an
 * interrupted command does not leave its statement running. jit is off because
 * compiling takes seconds and our statements are look-ups by key.
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
 * dbname comes last and is expanded, and libpq lets the later value of a
 * keyword hold: what the URL says overrides these defaults.  With several hosts
 * in the URL libpq looks for the one that takes writes: a standby is no use to
 * us.  A host that is gone is noticed after 3 s while connecting, later by the
 * kernel's own question after 10 s of silence or by 15 s without an
 * acknowledgement.
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
	/* The database reports each act of a person by a notice (act_log.h). */
	PQsetNoticeReceiver(*connection, act_log_receive, NULL);
	/*
	 * A blocking PQsend* waits without a limit for a server that reads
	 * nothing.
	 */
	(void)PQsetnonblocking(*connection, 1);
	return ST_OK;
}

enum status
connections_new(const struct database *database, int max,
    struct connections **connections, struct err *err)
{
	struct connections *p;

	p = calloc(1, sizeof(*p) + (size_t)max * sizeof(p->slots[0]));
	if (p == NULL || !condition_init(&p->given)) {
		free(p);
		return err_set(err, ST_NOMEM, "no memory for a pool");
	}
	p->database = database;
	p->max = max;
	pthread_mutex_init(&p->lock, NULL);
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

/*
 * Whether anybody works with a connection or is just opening one, and so will
 * call connections_give or broadcast: only then is waiting of any use.
 */
static bool
is_any_lent(const struct connections *connections)
{
	for (int i = 0; i < connections->max; i++)
		if (connections->slots[i].lent)
			return true;
	return false;
}

/*
 * With the lock held; false when the deadline has passed.  A wakeup may be
 * spurious or come at the deadline, so that the clock decides.
 */
static bool
wait_for_one(struct connections *connections, int64_t deadline_ms)
{
	return condition_wait(&connections->given, &connections->lock,
	    deadline_ms) || clock_monotonic_ms() < deadline_ms;
}

/*
 * With the lock held, but not while it connects: a dead host must not stop
 * those who can go on.
 */
static enum status
open_slot(struct connections *connections, struct slot *slot,
    PGconn **connection, struct err *err)
{
	bool is_alone = !is_any_lent(connections);
	unsigned int tries = ++connections->tries;
	enum status st;

	slot->lent = true;
	pthread_mutex_unlock(&connections->lock);
	st = connection_open(connections->database, connection, err);
	pthread_mutex_lock(&connections->lock);
	slot->connection = *connection;
	if (st == ST_OK)
		return ST_OK;
	slot->lent = false;
	if (is_alone && connections->tries == tries)
		connections->refused_alone++;
	/* A slot is empty again, and any of those who wait may open it. */
	pthread_cond_broadcast(&connections->given);
	return st;
}

/*
 * When the server has no room for another connection while others of ours are
 * in use or just being opened, it is enough to wait for one of these: each
 * thread tries once, since a further try would only cost the server a further
 * refusal.  But where there is room for one, some who come at once are all
 * refused.  Then, nobody having one, they try again one by one, until one was
 * refused although it was alone.  Nobody begins that after the deadline, as a
 * host that says nothing takes as long again.
 */
enum status
connections_take(struct connections *connections, int64_t deadline_ms,
    PGconn **connection, struct err *err)
{
	enum status st = ST_OK;
	unsigned int refused_alone;
	int tries = 0;

	*connection = NULL;
	pthread_mutex_lock(&connections->lock);
	refused_alone = connections->refused_alone;
	while (*connection == NULL) {
		struct slot *slot = find_slot(connections);
		bool is_left = tries > 0 && !is_any_lent(connections);

		if (slot != NULL && slot->connection != NULL) {
			slot->lent = true;
			*connection = slot->connection;
		} else if (is_left && (tries > 1 ||
		    connections->refused_alone != refused_alone ||
		    clock_monotonic_ms() >= deadline_ms)) {
			break;
		} else if (slot != NULL && (tries == 0 || is_left)) {
			tries++;
			st = open_slot(connections, slot, connection, err);
		} else if (!wait_for_one(connections, deadline_ms)) {
			st = err_set(err, ST_DB,
			    "no database connection came free in time");
			break;
		}
	}
	pthread_mutex_unlock(&connections->lock);
	return *connection != NULL ? ST_OK : st;
}

/*
 * A statement that was given up may still be under way, and its result would be
 * taken for the answer to the next statement.
 */
static bool
is_fit_for_another(const PGconn *connection)
{
	return PQstatus(connection) == CONNECTION_OK &&
	    PQtransactionStatus(connection) == PQTRANS_IDLE;
}

/*
 * A connection serves any thread that waits, so that one is woken.  An empty
 * slot only serves a thread that has not yet failed to open a connection, and
 * the signal could reach one that has: all are woken then.
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

/*
 * PQfinish under the lock is harmless here: over an idle connection it sends a
 * few bytes and waits for no answer.
 */
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
