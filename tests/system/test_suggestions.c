/*
 * Whom a payment without an order seems to belong to: the view goes there by
 * indexes, one way at a time.  Here it is asked once more, plainly, of every
 * order for every payment, on random books; both must say the same.
 */
#include <stdlib.h>

#include "sql.h"

static void
run(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s", PQerrorMessage(connection));
	PQclear(result);
}

static int
count(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	int number;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(connection));
	number = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return number;
}

/* No facts bear the random rows out: they are undone. */
static void
test_suggestions_are_the_plain_ones(void **state)
{
	PGconn *connection = sql_connect(*state);
	char *books = stack_read_file("tests/system/suggestions.sql");

	run(connection, "begin");
	run(connection, books);
	assert_int_equal(count(connection, "select count(*) from plain p "
	    "full join ours o using (session_id) "
	    "where (p.order_id, p.player_name, p.parent_email) "
	    "is distinct from (o.order_id, o.player_name, o.parent_email)"), 0);
	/* Each way was taken, or the books would not have asked much. */
	assert_int_equal(count(connection, "select count(*) from ("
	    "select p.way from plain p where p.way is not null "
	    "group by p.way having count(*) >= 10) x"), 5);
	run(connection, "rollback");
	PQfinish(connection);
	free(books);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suggestions_are_the_plain_ones),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
