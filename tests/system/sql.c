#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "sql.h"

enum { STATEMENT_SIZE = 8192, STATE_SIZE = 8 };

PGconn *
sql_connect(struct stack *stack)
{
	PGconn *connection = PQconnectdb(stack_setting(stack,
	    "OWNER_DATABASE_URL"));

	if (PQstatus(connection) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(connection));
	PQclear(PQexec(connection, "set client_min_messages = warning"));
	return connection;
}

__attribute__((format(printf, 2, 0)))
static PGresult *
run(struct stack *stack, const char *format, va_list args)
{
	char statement[STATEMENT_SIZE];
	int len = vsnprintf(statement, sizeof(statement), format, args);

	assert_in_range(len, 1, sizeof(statement) - 1);
	if (stack->owner == NULL)
		stack->owner = sql_connect(stack);
	return PQexec(stack->owner, statement);
}

__attribute__((format(printf, 2, 0)))
static PGresult *
run_well(struct stack *stack, const char *format, va_list args)
{
	PGresult *result = run(stack, format, args);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		fail_msg("%s: %s", format, PQresultErrorMessage(result));
	return result;
}

static char *
only_text(const PGresult *result)
{
	char *text;

	text = strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	assert_non_null(text);
	return text;
}

void
sql_run(struct stack *stack, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	PQclear(run_well(stack, format, args));
	va_end(args);
}

void
sql_run_file(struct stack *stack, const char *path)
{
	char *statements = stack_read_file(path);
	PGresult *result;

	if (stack->owner == NULL)
		stack->owner = sql_connect(stack);
	result = PQexec(stack->owner, statements);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", path, PQresultErrorMessage(result));
	PQclear(result);
	free(statements);
}

int64_t
sql_int(struct stack *stack, const char *format, ...)
{
	PGresult *result;
	int64_t value;
	va_list args;

	va_start(args, format);
	result = run_well(stack, format, args);
	va_end(args);
	if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0))
		fail_msg("no value for: %s", format);
	value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return value;
}

char *
sql_text(struct stack *stack, const char *format, ...)
{
	PGresult *result;
	char *text;
	va_list args;

	va_start(args, format);
	result = run_well(stack, format, args);
	va_end(args);
	text = only_text(result);
	PQclear(result);
	return text;
}

void
sql_assert_text(struct stack *stack, const char *expected,
    const char *format, ...)
{
	PGresult *result;
	char *text;
	va_list args;

	va_start(args, format);
	result = run_well(stack, format, args);
	va_end(args);
	text = only_text(result);
	PQclear(result);
	assert_string_equal(text, expected);
	free(text);
}

const char *
sql_state_of(struct stack *stack, const char *format, ...)
{
	static char state[STATE_SIZE];
	PGresult *result;
	const char *code;
	va_list args;

	va_start(args, format);
	result = run(stack, format, args);
	va_end(args);
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	snprintf(state, sizeof(state), "%s", code != NULL ? code : "");
	PQclear(result);
	return state;
}

PGconn *
sql_connect_as(struct stack *stack, const char *role)
{
	PGconn *connection = sql_connect(stack);
	char statement[STATEMENT_SIZE];
	PGresult *result;

	snprintf(statement, sizeof(statement),
	    "set session authorization teamdues_%s", role);
	result = PQexec(connection, statement);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s", PQresultErrorMessage(result));
	PQclear(result);
	return connection;
}

void
sql_url_of(struct stack *stack, const char *role, struct secret *url)
{
	char name[STACK_PATH_SIZE];
	char path[STACK_PATH_SIZE];
	struct err err;
	char *text;

	snprintf(name, sizeof(name), "state/settings/%s/DATABASE_URL", role);
	stack_path(stack, name, path);
	text = stack_read_file(path);
	assert_int_equal(secret_set(url, text, strcspn(text, "\n"), &err),
	    ST_OK);
	free(text);
}

void
sql_disconnect(struct stack *stack)
{
	PQfinish(stack->owner);
	stack->owner = NULL;
}
