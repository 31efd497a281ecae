/*
 * Each trust level has its own role: what a role's programs run works under
 * that role, and PostgreSQL itself refuses the rest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sql.h"
#include "store/db.h"

enum { PLAN_SIZE = 16384, ARGUMENTS_SIZE = 512 };

static const struct {
	const char *name;
	unsigned mask;
} roles[] = {
	{ "webhook", ROLE_WEBHOOK }, { "checkout", ROLE_CHECKOUT },
	{ "public", ROLE_PUBLIC }, { "admin", ROLE_ADMIN },
	{ "mailer", ROLE_MAILER }, { "operator", ROLE_OPERATOR },
	{ "desk", ROLE_DESK }, { "clerk", ROLE_CLERK },
};

enum { ROLES_COUNT = sizeof(roles) / sizeof(roles[0]) };

static const char refused[] = "42501";	/* insufficient_privilege */

/* The SQLSTATE of a statement, "" when it works; static until the next. */
static const char *
state_of(PGconn *connection, const char *statement)
{
	static char state[8];
	PGresult *result = PQexec(connection, statement);
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	snprintf(state, sizeof(state), "%s", code != NULL ? code : "");
	PQclear(result);
	return state;
}

/*
 * Preparing checks that everything is there, and only planning an execution
 * checks that it may be used; nothing is executed.
 */
static const char *
state_of_plan(PGconn *connection, const struct statement *statement)
{
	char text[PLAN_SIZE];
	char arguments[ARGUMENTS_SIZE] = "";
	const char *state;

	snprintf(text, sizeof(text), "prepare tried as %s", statement->sql);
	state = state_of(connection, text);
	if (state[0] != '\0')
		return state;
	for (int i = 0; i < statement->params; i++)
		strcat(arguments, i == 0 ? "(null" : ", null");
	if (statement->params > 0)
		strcat(arguments, ")");
	snprintf(text, sizeof(text), "explain execute tried%s", arguments);
	state = state_of(connection, text);
	PQclear(PQexec(connection, "deallocate tried"));
	return state;
}

/* Whether a statement of the role's names it: "teamdues.NAME" and no longer. */
static bool
is_named(unsigned mask, const char *name)
{
	size_t len = strlen(name);

	for (size_t t = 0; store_statements[t] != NULL; t++) {
		for (size_t i = 0; store_statements[t][i] != NULL; i++) {
			const struct statement *s = store_statements[t][i];
			const char *at = s->sql;

			while ((s->roles & mask) != 0 &&
			    (at = strstr(at, name)) != NULL) {
				at += len;
				if (*at == '\0' || strchr(
				    "abcdefghijklmnopqrstuvwxyz_", *at) == NULL)
					return true;
			}
		}
	}
	return false;
}

/* Whether all that the statement names is the role's by other statements. */
static bool
is_all_named(unsigned mask, const struct statement *statement)
{
	static const char schema[] = "teamdues.";
	const char *at = statement->sql;
	char name[PLAN_SIZE];

	while ((at = strstr(at, schema)) != NULL) {
		size_t len = strlen(schema);

		len += strspn(at + len, "abcdefghijklmnopqrstuvwxyz_");
		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		if (!is_named(mask, name))
			return false;
		at += len;
	}
	return true;
}

static void
try_statement(PGconn *connection, size_t role,
    const struct statement *statement)
{
	bool is_theirs = (statement->roles & roles[role].mask) != 0;
	const char *state = state_of_plan(connection, statement);

	if (is_theirs && state[0] != '\0')
		fail_msg("teamdues_%s cannot run %s: %s", roles[role].name,
		    statement->name, state);
	if (!is_theirs && strcmp(state, refused) != 0 &&
	    !is_all_named(roles[role].mask, statement))
		fail_msg("teamdues_%s may run %s: \"%s\"", roles[role].name,
		    statement->name, state);
}

static void
test_each_statement_under_each_role(void **state)
{
	int count = 0;

	for (size_t role = 0; role < ROLES_COUNT; role++) {
		PGconn *connection = sql_connect_as(*state, roles[role].name);

		for (size_t t = 0; store_statements[t] != NULL; t++) {
			const struct statement *const *at = store_statements[t];

			for (; *at != NULL; at++, count++)
				try_statement(connection, role, *at);
		}
		PQfinish(connection);
	}
	assert_true(count > 10 * ROLES_COUNT);
}

/* What the table says of a statement, the statement must be. */
static void
test_statements_are_as_declared(void **state)
{
	PGconn *connection = sql_connect(*state);

	for (size_t t = 0; store_statements[t] != NULL; t++) {
		for (size_t i = 0; store_statements[t][i] != NULL; i++) {
			const struct statement *s = store_statements[t][i];
			PGresult *result;

			PQclear(PQprepare(connection, s->name, s->sql, 0,
			    NULL));
			result = PQdescribePrepared(connection, s->name);
			if (PQresultStatus(result) != PGRES_COMMAND_OK ||
			    PQnparams(result) != s->params ||
			    PQnfields(result) != s->columns)
				fail_msg("%s: %d parameters, %d columns %s",
				    s->name, PQnparams(result),
				    PQnfields(result),
				    PQresultErrorMessage(result));
			PQclear(result);
		}
	}
	PQfinish(connection);
}

/*
 * No role may call for an endpoint that none of its programs opens.  Functions
 * that views call are their readers' to call.
 */
static void
test_no_grant_is_superfluous(void **state)
{
	struct stack *stack = *state;
	PGconn *connection = sql_connect(stack);
	char statement[PLAN_SIZE];

	for (size_t role = 0; role < ROLES_COUNT; role++) {
		PGresult *result;

		snprintf(statement, sizeof(statement),
		    "select format('teamdues.%%s', proname) from pg_proc "
		    "where pronamespace = 'teamdues'::regnamespace and "
		    "has_function_privilege('teamdues_%s', oid, 'execute') "
		    "and not exists (select from pg_depend d join pg_rewrite r "
		    "on r.oid = d.objid where d.refobjid = pg_proc.oid) "
		    "union select format('teamdues.%%s', relname) from "
		    "pg_class where relnamespace = 'teamdues'::regnamespace "
		    "and relkind = 'v' and has_table_privilege('teamdues_%s', "
		    "oid, 'select')", roles[role].name, roles[role].name);
		result = PQexec(connection, statement);
		assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
		for (int i = 0; i < PQntuples(result); i++)
			if (!is_named(roles[role].mask,
			    PQgetvalue(result, i, 0)))
				fail_msg("teamdues_%s may use %s and never "
				    "does", roles[role].name,
				    PQgetvalue(result, i, 0));
		PQclear(result);
	}
	PQfinish(connection);
}

static void
assert_table_refused(PGconn *connection, const char *role, const char *table,
    const char *column)
{
	static const struct {
		const char *verb;
		const char *then;
		const char *end;
	} forms[] = {
		{ "select * from", "where", "is null" },
		{ "insert into", "(", ") values (null)" },
		{ "update", "set", "= null" },
		{ "delete from", "where", "is null" },
		{ "truncate", "--", "" },
		{ "copy", "(", ") to stdout" },
	};
	char statement[PLAN_SIZE];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(statement, sizeof(statement),
		    "%s teamdues.%s %s %s %s", forms[i].verb, table,
		    forms[i].then, column, forms[i].end);
		if (strcmp(state_of(connection, statement), refused) != 0)
			fail_msg("teamdues_%s is not refused: %s", role,
			    statement);
	}
}

static void
test_no_role_can_touch_a_table(void **state)
{
	PGconn *owner = sql_connect(*state);
	PGresult *tables = PQexec(owner, "select distinct on (c.relname) "
	    "c.relname, a.attname from pg_class c join pg_attribute a on "
	    "a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and "
	    "a.attidentity = '' and a.attgenerated = '' "
	    "where c.relkind = 'r' and "
	    "c.relnamespace = 'teamdues'::regnamespace "
	    "order by c.relname, a.attnum");

	assert_true(PQntuples(tables) >= 12);
	for (size_t role = 0; role < ROLES_COUNT; role++) {
		PGconn *connection = sql_connect_as(*state, roles[role].name);

		for (int i = 0; i < PQntuples(tables); i++)
			assert_table_refused(connection, roles[role].name,
			    PQgetvalue(tables, i, 0),
			    PQgetvalue(tables, i, 1));
		assert_string_equal(state_of(connection,
		    "create table teamdues.mine (a int)"), refused);
		assert_string_equal(state_of(connection,
		    "set role teamdues_owner"), refused);
		PQfinish(connection);
	}
	PQclear(tables);
	PQfinish(owner);
}

/* With the login and the password that the program itself is given. */
static void
test_the_webhook_s_own_login(void **state)
{
	struct stack *stack = *state;
	char path[STACK_PATH_SIZE];
	PGconn *connection;
	char *url;

	stack_path(stack, "state/settings/webhook/DATABASE_URL", path);
	url = stack_read_file(path);
	url[strcspn(url, "\n")] = '\0';
	connection = PQconnectdb(url);
	assert_int_equal(PQstatus(connection), CONNECTION_OK);
	assert_string_equal(PQuser(connection), "teamdues_webhook");
	assert_string_equal(state_of(connection,
	    "select * from teamdues.parents"), refused);
	assert_string_equal(state_of(connection,
	    "select teamdues.record_answers('[]', null)"), refused);
	assert_string_equal(state_of(connection,
	    "select * from teamdues.order_overview"), refused);
	assert_string_equal(state_of(connection,
	    "select * from teamdues.record_events('[]', '{}', null)"), "");
	PQfinish(connection);
	free(url);
}

/* Nobody, the owner included, changes what was said. */
static void
test_facts_are_append_only(void **state)
{
	struct stack *stack = *state;
	static const char *const tables[] = { "stripe_events", "payments",
	    "session_facts" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		char *column = sql_text(stack, "select attname from "
		    "pg_attribute where attrelid = 'teamdues.%s'::regclass "
		    "and attnum = 1", tables[i]);

		assert_string_equal(sql_state_of(stack, "update teamdues.%s "
		    "set %s = %s", tables[i], column, column), refused);
		assert_string_equal(sql_state_of(stack,
		    "delete from teamdues.%s", tables[i]), refused);
		assert_string_equal(sql_state_of(stack,
		    "truncate teamdues.%s cascade", tables[i]), refused);
		free(column);
	}
	assert_string_equal(sql_state_of(stack,
	    "update teamdues.parents set phone = phone"), "");
}

static void
test_the_owner_and_its_functions(void **state)
{
	struct stack *stack = *state;

	assert_int_equal(sql_int(stack, "select count(*) from pg_roles where "
	    "rolname = 'teamdues_owner' and not rolcanlogin and not rolsuper"),
	    1);
	assert_int_equal(sql_int(stack, "select count(*) from pg_roles where "
	    "rolname like 'teamdues_%%' and (rolsuper or rolcreaterole or "
	    "rolcreatedb or rolbypassrls)"), 0);
	sql_assert_text(stack, "", "select string_agg(oid::regclass::text, "
	    "', ') from pg_class where relnamespace = 'teamdues'::regnamespace "
	    "and pg_get_userbyid(relowner) <> 'teamdues_owner'");
	sql_assert_text(stack, "", "select string_agg(proname, ', ') from "
	    "pg_proc where pronamespace = 'teamdues'::regnamespace and "
	    "pg_get_userbyid(proowner) <> 'teamdues_owner'");
	/* Whoever owns its search_path owns a SECURITY DEFINER function. */
	sql_assert_text(stack, "", "select string_agg(proname, ', ') from "
	    "pg_proc where pronamespace = 'teamdues'::regnamespace and "
	    "prosecdef and not coalesce(proconfig @> "
	    "'{\"search_path=teamdues, pg_temp\"}', false)");
	assert_true(sql_int(stack, "select count(*) from pg_proc where "
	    "pronamespace = 'teamdues'::regnamespace and prosecdef") > 5);
}

/* A comment on every table and column: it is the data dictionary. */
static void
test_everything_is_described(void **state)
{
	sql_assert_text(*state, "", "select string_agg(format('%%s.%%s', "
	    "c.relname, a.attname), ', ') from pg_class c left join "
	    "pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not "
	    "a.attisdropped where c.relnamespace = 'teamdues'::regnamespace "
	    "and c.relkind = 'r' and col_description(c.oid, a.attnum) is null");
	sql_assert_text(*state, "", "select string_agg(relname, ', ') from "
	    "pg_class where relnamespace = 'teamdues'::regnamespace and "
	    "relkind in ('r', 'v') and obj_description(oid, 'pg_class') is "
	    "null");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_each_statement_under_each_role),
		SYSTEM_TEST(test_statements_are_as_declared),
		SYSTEM_TEST(test_no_grant_is_superfluous),
		SYSTEM_TEST(test_no_role_can_touch_a_table),
		SYSTEM_TEST(test_the_webhook_s_own_login),
		SYSTEM_TEST(test_facts_are_append_only),
		SYSTEM_TEST(test_the_owner_and_its_functions),
		SYSTEM_TEST(test_everything_is_described),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
