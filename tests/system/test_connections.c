/*
 * The connections of a program to a database that hangs, breaks or is slow:
 * nobody waits longer than the limit that he was given, and nobody is
 * forgotten.
 */
#define _GNU_SOURCE	/* gettid */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_a_backend_that_hangs),
		SYSTEM_TEST(test_limits_of_the_server),
		cmocka_unit_test_setup_teardown(
		    test_a_hot_statement_is_planned_once, hot_setup,
		    hot_teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_hot_statement_that_is_never_there, hot_setup,
		    hot_teardown),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
