/*
 * The connections of a program to a database that hangs, breaks or is slow:
 * nobody waits longer than the limit that he was given, and nobody is
 * forgotten.
 */
#define _GNU_SOURCE	/* gettid */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/secret.h"
#include "process.h"
#include "sql.h"
#include "store/connections.h"
#include "store/db.h"
#include "store/exchange.h"

enum {
	SHORT_MS = 200,
	GRACE_MS = 2000,	/* of lib/store/exchange.c */
	NUMBER_SIZE = 24,
	LARGE = 4 * 1024 * 1024,
};

static const char name[] = "test_connections";

static const struct statement whoami = {
	.name = "whoami", .columns = 1, .shape = SHAPE_ONE_ROW,
	.sql = "select pg_backend_pid() as pid"
};

static const struct statement nap = {
	.name = "nap", .params = 1, .columns = 1, .shape = SHAPE_ONE_ROW,
	.sql = "select pg_sleep($1::float)"
};

static const struct statement measure = {
	.name = "measure", .params = 1, .columns = 1, .shape = SHAPE_ONE_ROW,
	.sql = "select length($1::text) as length"
};

static const struct statement setting = {
	.name = "setting", .params = 1, .columns = 1, .shape = SHAPE_ONE_ROW,
	.sql = "select current_setting($1::text) as value"
};

static const struct statement hot = {
	.name = "hot", .columns = 1, .shape = SHAPE_ONE_ROW, .is_hot = true,
	.sql = "select value from test_connections.hot"
};

struct bench {
	struct secret url;
	struct store *store;	/* as a program has it */
	struct store *brief;	/* with short limits */
};

static void
bench_open(struct stack *stack, struct bench *bench)
{
	struct err err;

	sql_url_of(stack, "webhook", &bench->url);
	assert_int_equal(store_open(&bench->url, name, 1, &bench->store,
	    &err), ST_OK);
	assert_int_equal(store_open_beside(bench->store, 1, SHORT_MS, SHORT_MS,
	    &bench->brief, &err), ST_OK);
}

static void
bench_close(struct bench *bench)
{
	store_close(bench->brief);
	store_close(bench->store);
	secret_clear(&bench->url);
}

static pid_t
backend_of(struct store *store)
{
	PGresult *result = NULL;
	struct err err;
	pid_t pid;

	assert_int_equal(db_run(store, &whoami, NULL, &result, &err), ST_OK);
	pid = (pid_t)row_i64(result, 0, "pid");
	PQclear(result);
	return pid;
}

static void
assert_given_up(struct store *store, const struct statement *statement,
    const char *argument)
{
	int64_t start_ms = monotonic_ms();
	PGresult *result = NULL;
	struct err err;

	assert_int_equal(db_run(store, statement, &argument, &result, &err),
	    ST_DB);
	assert_null(result);
	assert_non_null(strstr(err.msg, "no answer in"));
	/* And not tried again, which would have worked. */
	assert_true(monotonic_ms() - start_ms >= SHORT_MS + GRACE_MS);
}

/* What is sent is more than the socket holds: sending it must not wait. */
static void
test_a_backend_that_hangs(void **state)
{
	char *large = calloc(1, LARGE + 1);
	const char *const arguments[] = { "1", large };
	struct stack *stack = *state;
	struct bench bench = { .store = NULL };

	assert_non_null(large);
	memset(large, 'x', LARGE);
	bench_open(stack, &bench);
	for (int i = 0; i < 2; i++) {
		pid_t pid = backend_of(bench.brief);

		process_stop(pid);
		assert_given_up(bench.brief, &measure, arguments[i]);
		assert_int_not_equal(backend_of(bench.brief), pid);
		assert_int_equal(kill(pid, SIGCONT), 0);
		WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
		    "pg_stat_activity where pid = %d", pid) == 0);
	}
	bench_close(&bench);
	free(large);
}

/* It hears us, and asks for a long time who we are. */
static void
test_a_server_that_is_silent(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	char folder[STACK_PATH_SIZE];
	struct store *store = NULL;
	struct secret url = { NULL, 0 };
	char text[2 * STACK_PATH_SIZE];
	PGresult *result = NULL;
	struct err err;

	stack_path(*state, "state/temporary", folder);
	snprintf(address.sun_path, sizeof(address.sun_path),
	    "%.80s/.s.PGSQL.1", folder);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	snprintf(text, sizeof(text), "postgresql:///x?host=%s&port=1", folder);
	assert_int_equal(secret_set(&url, text, strlen(text), &err), ST_OK);
	assert_int_equal(store_open(&url, name, 1, &store, &err), ST_OK);
	assert_int_equal(db_run(store, &whoami, NULL, &result, &err), ST_DB);
	assert_non_null(strstr(err.msg, "timeout expired"));
	store_close(store);
	secret_clear(&url);
	close(listener);
	unlink(address.sun_path);
}

static void
assert_setting(struct store *store, const char *of, const char *value)
{
	PGresult *result = NULL;
	struct err err;

	assert_int_equal(db_run(store, &setting, &of, &result, &err), ST_OK);
	assert_string_equal(row_text(result, 0, "value"), value);
	PQclear(result);
}

static void
test_limits_of_the_server(void **state)
{
	const char *const second = "1";
	struct bench bench = { .store = NULL };
	struct store *lifted = NULL;
	PGresult *result = NULL;
	struct err err;

	bench_open(*state, &bench);
	assert_setting(bench.store, "statement_timeout", "8s");
	assert_setting(bench.store, "lock_timeout", "5s");
	assert_int_equal(db_run(bench.brief, &nap, &second, &result, &err),
	    ST_DB_BUSY);
	assert_non_null(strstr(err.msg, "57014"));
	/* A limit of the server's leaves the connection as it was. */
	assert_setting(bench.brief, "statement_timeout", "200ms");

	assert_int_equal(store_open(&bench.url, name, 1, &lifted, &err),
	    ST_OK);
	store_lift_time_limit(lifted);
	assert_setting(lifted, "statement_timeout", "0");
	assert_setting(lifted, "lock_timeout", "5s");
	store_close(lifted);
	bench_close(&bench);
}

static PGconn *
connect_alone(struct stack *stack)
{
	const char *text = stack_setting(stack, "OWNER_DATABASE_URL");
	struct secret url = { NULL, 0 };
	PGconn *connection = NULL;
	struct err err;

	assert_int_equal(secret_set(&url, text, strlen(text), &err), ST_OK);
	assert_int_equal(connection_open(&(const struct database){ &url, name,
		STATEMENT_MS, LOCK_MS }, &connection, &err), ST_OK);
	secret_clear(&url);
	return connection;
}

static void
assert_value(PGconn *connection, const char *value)
{
	const struct arguments none = { NULL, NULL, NULL };
	PGresult *result = exchange_statement(connection, &hot, &none,
	    STATEMENT_MS);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQresultErrorMessage(result));
	assert_string_equal(PQgetvalue(result, 0, 0), value);
	PQclear(result);
}

static void
command(PGconn *connection, const char *sql)
{
	PGresult *result = exchange_command(connection, sql, STATEMENT_MS);

	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	PQclear(result);
}

/* How often hot was prepared there, and how often executed since. */
static void
assert_prepared(PGconn *connection, const char *counts)
{
	PGresult *result = PQexec(connection, "select count(*) || ' ' || "
	    "coalesce(sum(generic_plans + custom_plans), 0) "
	    "from pg_prepared_statements where name like 'hot.%'");

	assert_string_equal(PQgetvalue(result, 0, 0), counts);
	PQclear(result);
}

static void
make_hot(struct stack *stack, const char *value)
{
	sql_run(stack, "drop view if exists test_connections.hot");
	sql_run(stack, "create view test_connections.hot as select %s "
	    "as value", value);
}

static int
hot_setup(void **state)
{
	sql_run(*state, "create schema test_connections");
	return 0;
}

static int
hot_teardown(void **state)
{
	sql_run(*state, "drop schema test_connections cascade");
	return 0;
}

static void
test_a_hot_statement_is_planned_once(void **state)
{
	struct stack *stack = *state;
	PGconn *connection = connect_alone(stack);

	make_hot(stack, "1");
	assert_value(connection, "1");
	assert_value(connection, "1");
	assert_prepared(connection, "1 2");
	/* A pooler's other server, or one that was told to forget. */
	command(connection, "deallocate all");
	assert_value(connection, "1");
	assert_prepared(connection, "1 1");
	/* The same name stands for other columns by now. */
	make_hot(stack, "text 'changed'");
	assert_value(connection, "changed");
	assert_value(connection, "changed");
	assert_prepared(connection, "1 1");
	PQfinish(connection);
}

/*
 * Each time it is another server that meets us, as behind a pooler: the first
 * two do not know the statement, and the third is told it as a whole.
 */
static void
test_a_hot_statement_that_is_never_there(void **state)
{
	struct stack *stack = *state;
	PGconn *connection = connect_alone(stack);

	sql_run(stack, "create sequence test_connections.tries");
	sql_run(stack, "create function test_connections.try() "
	    "returns bigint language plpgsql as $$ declare n bigint := "
	    "nextval('test_connections.tries'); begin if n %% 2 = 1 then "
	    "raise exception 'not here' using errcode = '26000'; end if; "
	    "return n; end $$");
	make_hot(stack, "test_connections.try()");
	/* Prepared, and not there; then as a whole. */
	assert_value(connection, "2");
	/* Not there; prepared already, and there. */
	assert_value(connection, "4");
	PQfinish(connection);
}

/* One thread that wants a connection. */
struct taker {
	struct connections *connections;
	PGconn *connection;
	pthread_t thread;
	atomic_int tid;
	enum status st;
};

static void *
take_run(void *context)
{
	struct taker *taker = context;
	struct err err;

	taker->tid = gettid();
	taker->st = connections_take(taker->connections, monotonic_ms() + 8000,
	    &taker->connection, &err);
	return NULL;
}

static void
take_begin(struct connections *connections, struct taker *taker)
{
	taker->connections = connections;
	taker->connection = NULL;
	taker->tid = 0;
	assert_int_equal(pthread_create(&taker->thread, NULL, take_run,
	    taker), 0);
}

static void
take_end(struct taker *taker, enum status st)
{
	pthread_join(taker->thread, NULL);
	assert_int_equal(taker->st, st);
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
	struct bench bench = { .store = NULL };
	struct connections *connections = NULL;
	struct taker first;
	struct taker second;
	struct taker failed;
	struct taker waiting;
	int refused = refusals(stack);
	struct err err;

	bench_open(stack, &bench);
	assert_int_equal(connections_new(&(const struct database){
		&bench.url, name, SHORT_MS, SHORT_MS }, 2, &connections,
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
	bench_close(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_a_backend_that_hangs),
		SYSTEM_TEST(test_a_server_that_is_silent),
		SYSTEM_TEST(test_limits_of_the_server),
		cmocka_unit_test_setup_teardown(
		    test_a_hot_statement_is_planned_once, hot_setup,
		    hot_teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_hot_statement_that_is_never_there, hot_setup,
		    hot_teardown),
		SYSTEM_TEST(test_a_place_that_falls_free),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
