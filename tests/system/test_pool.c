/*
 * Several threads that want connections at once, and a server that has room for
 * few, says nothing, or refuses.
 */
#define _GNU_SOURCE	/* gettid */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/secret.h"
#include "process.h"
#include "sql.h"
#include "store/connections.h"

enum { LIMIT_MS = 200, NUMBER_SIZE = 24 };

static const char name[] = "test_pool";

/* The test itself is the server, in state/temporary.  path: its socket's. */
static int
listen_as_server(struct stack *stack, char path[STACK_PATH_SIZE])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	stack_path(stack, "state/temporary/.s.PGSQL.5432", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%.107s", path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	return listener;
}

/* The URL of the webhook's role, at another server's socket. */
static void
set_url_at(struct stack *stack, const char *at, struct secret *url)
{
	char folder[STACK_PATH_SIZE];
	char text[4 * STACK_PATH_SIZE];
	struct err err;

	stack_path(stack, at, folder);
	sql_url_of(stack, "webhook", url);
	snprintf(text, sizeof(text), "%s&host=%s", secret_bytes(url), folder);
	secret_clear(url);
	assert_int_equal(secret_set(url, text, strlen(text), &err), ST_OK);
}

/* One thread that wants a connection. */
struct taker {
	struct connections *connections;
	PGconn *connection;
	int64_t deadline_ms;
	pthread_t thread;
	atomic_int tid;
	atomic_bool is_done;
	enum status st;
	struct err err;
};

static void *
take_run(void *context)
{
	struct taker *taker = context;

	taker->tid = gettid();
	taker->st = connections_take(taker->connections, taker->deadline_ms,
	    &taker->connection, &taker->err);
	taker->is_done = true;
	return NULL;
}

static void
take_until(struct connections *connections, int64_t wait_ms,
    struct taker *taker)
{
	taker->connections = connections;
	taker->deadline_ms = monotonic_ms() + wait_ms;
	taker->connection = NULL;
	taker->tid = 0;
	taker->is_done = false;
	assert_int_equal(pthread_create(&taker->thread, NULL, take_run,
	    taker), 0);
}

static void
take_begin(struct connections *connections, struct taker *taker)
{
	take_until(connections, 8000, taker);
}

static void
take_end(struct taker *taker, enum status st)
{
	pthread_join(taker->thread, NULL);
	assert_int_equal(taker->st, st);
}

/*
 * It hears us, and asks for a long time who we are: nobody asks it again when
 * there is no time left.
 */
static void
test_a_server_that_is_silent(void **state)
{
	char path[STACK_PATH_SIZE];
	int listener = listen_as_server(*state, path);
	struct connections *connections = NULL;
	struct secret url = { NULL, 0 };
	struct taker takers[2];
	struct err err;

	set_url_at(*state, "state/temporary", &url);
	assert_int_equal(connections_new(&(const struct database){
		&url, name, LIMIT_MS, LIMIT_MS }, 2, &connections, &err),
	    ST_OK);
	for (int i = 0; i < 2; i++)
		take_until(connections, 1000, &takers[i]);
	for (int i = 0; i < 2; i++) {
		take_end(&takers[i], ST_DB);
		assert_int_equal(close(accept(listener, NULL, NULL)), 0);
	}
	/* The other one may have waited for it. */
	assert_true(strstr(takers[0].err.msg, "timeout expired") != NULL ||
	    strstr(takers[1].err.msg, "timeout expired") != NULL);
	assert_int_equal(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(accept(listener, NULL, NULL), -1);
	connections_free(connections);
	secret_clear(&url);
	close(listener);
	unlink(path);
}

static int64_t
open_connections(struct stack *stack)
{
	return sql_int(stack, "select count(*) from pg_stat_activity where "
	    "application_name = '%s'", name);
}

/* How often a connection was refused for want of room. */
static int
refusals(struct stack *stack)
{
	return stack_count_logged(stack, "postgresql",
	    "too many connections for role");
}

static void
limit_role(struct stack *stack, int connections)
{
	sql_run(stack, "alter role teamdues_webhook connection limit %d",
	    connections);
}

static void
break_connection(struct stack *stack, PGconn *connection)
{
	char number[NUMBER_SIZE];

	snprintf(number, sizeof(number), "%d", PQbackendPID(connection));
	sql_run(stack, "select pg_terminate_backend(%s, 5000)", number);
	PQclear(PQexec(connection, "select 1"));
	assert_int_equal(PQstatus(connection), CONNECTION_BAD);
}

/*
 * Whoever waits without having failed to open one gets the place of a
 * connection that broke, also when somebody waits before him who has.
 */
static void
test_a_place_that_falls_free(void **state)
{
	struct stack *stack = *state;
	struct connections *connections = NULL;
	struct secret url = { NULL, 0 };
	struct taker first;
	struct taker second;
	struct taker failed;
	struct taker waiting;
	int refused = refusals(stack);
	struct err err;

	sql_url_of(stack, "webhook", &url);
	assert_int_equal(connections_new(&(const struct database){
		&url, name, LIMIT_MS, LIMIT_MS }, 2, &connections,
	    &err), ST_OK);
	limit_role(stack, 1);
	take_begin(connections, &first);
	take_end(&first, ST_OK);
	/* It may open no second one, and waits for the first. */
	take_begin(connections, &failed);
	WAIT_UNTIL(10, refusals(stack) > refused &&
	    thread_is_asleep(failed.tid));
	limit_role(stack, 2);
	take_begin(connections, &second);
	take_end(&second, ST_OK);
	take_begin(connections, &waiting);
	WAIT_UNTIL(10, thread_is_asleep(waiting.tid));
	break_connection(stack, first.connection);
	connections_give(connections, first.connection);
	take_end(&waiting, ST_OK);
	assert_int_equal(open_connections(stack), 2);

	connections_give(connections, waiting.connection);
	take_end(&failed, ST_OK);
	connections_give(connections, failed.connection);
	connections_give(connections, second.connection);
	connections_free(connections);
	limit_role(stack, -1);
	secret_clear(&url);
}

/*
 * Where a role may have one connection, two who ask at once are each counted
 * against the other, and both refused: one asks again, and both are served.
 */
static void
test_two_who_refuse_each_other(void **state)
{
	struct stack *stack = *state;
	struct connections *connections = NULL;
	struct secret url = { NULL, 0 };
	struct taker takers[2];
	char real[STACK_PATH_SIZE];
	char path[STACK_PATH_SIZE];
	int listener = listen_as_server(stack, path);
	int served[2];
	struct err err;
	int first;

	set_url_at(stack, "state/temporary", &url);
	assert_int_equal(connections_new(&(const struct database){
		&url, name, LIMIT_MS, LIMIT_MS }, 2, &connections, &err),
	    ST_OK);
	for (int i = 0; i < 2; i++) {
		take_begin(connections, &takers[i]);
		served[i] = accept(listener, NULL, NULL);
		assert_true(served[i] >= 0);
	}
	unlink(path);
	stack_path(stack, "state/socket/.s.PGSQL.5432", real);
	assert_int_equal(symlink(real, path), 0);
	for (int i = 0; i < 2; i++)
		close(served[i]);
	close(listener);
	WAIT_UNTIL(10, takers[0].is_done || takers[1].is_done);
	first = takers[0].is_done ? 0 : 1;
	take_end(&takers[first], ST_OK);
	connections_give(connections, takers[first].connection);
	take_end(&takers[1 - first], ST_OK);
	connections_give(connections, takers[1 - first].connection);

	unlink(path);
	connections_free(connections);
	secret_clear(&url);
}

/* Who is refused alone asks no second time. */
static void
test_no_room(void **state)
{
	struct stack *stack = *state;
	struct connections *connections = NULL;
	struct secret url = { NULL, 0 };
	int refused = refusals(stack);
	struct taker taker;
	struct err err;

	sql_url_of(stack, "webhook", &url);
	assert_int_equal(connections_new(&(const struct database){
		&url, name, LIMIT_MS, LIMIT_MS }, 2, &connections, &err),
	    ST_OK);
	limit_role(stack, 0);
	take_begin(connections, &taker);
	take_end(&taker, ST_DB);
	limit_role(stack, -1);
	assert_int_equal(refusals(stack), refused + 1);
	connections_free(connections);
	secret_clear(&url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_a_server_that_is_silent),
		SYSTEM_TEST(test_a_place_that_falls_free),
		SYSTEM_TEST(test_two_who_refuse_each_other),
		SYSTEM_TEST(test_no_room),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
