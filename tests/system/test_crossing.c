/*
 * A rule and a payment that cross: whoever commits first, the payment stands as
 * the rule says, and the books are sound.  Invariant 2.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "play.h"
#include "sql.h"

enum { AMOUNT = 15000 };

struct dismissal {
	struct stack *stack;
	struct stray stray;
};

static void *
dismiss(void *context)
{
	struct dismissal *d = context;
	struct run run;

	COMMAND(d->stack, &run, 0, "unmatched", "dismiss", d->stray.event_id,
	    "--reason", "web shop", "--not-ours", "--like", "payment_link",
	    "--commit");
	run_clear(&run);
	return NULL;
}

static void
do_on(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(connection));
	PQclear(result);
}

/* Records the event, in the connection's transaction. */
static void
record_on(PGconn *connection, struct json_object *event)
{
	struct json_object *items = json_object_new_array();
	const char *values[2];
	PGresult *result;

	json_object_array_add(items, play_item(event));
	values[0] = json_object_to_json_string(items);
	values[1] = json_object_to_json_string(event);
	result = PQexecParams(connection, "select outcome from "
	    "teamdues.record_events($1::jsonb, array[$2::text], null)", 2,
	    NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(connection));
	assert_string_equal(PQgetvalue(result, 0, 0), "unmatched");
	PQclear(result);
	json_object_put(items);
}

static void
test_rule_made_while_a_payment_comes(void **state)
{
	struct dismissal d = { .stack = *state };
	PGconn *connection = sql_connect(d.stack);
	char link[UNIQUE_SIZE], id[UNIQUE_SIZE];
	struct json_object *session, *event;
	pthread_t thread;

	unique_name("plink_", link);
	unique_name("cs_", id);
	stray_make(d.stack, AMOUNT, "payment_link", link, &d.stray);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "payment_link", link);
	event = event_about("checkout.session.completed", session);
	do_on(connection, "begin");
	record_on(connection, event);
	assert_int_equal(pthread_create(&thread, NULL, dismiss, &d), 0);
	WAIT_UNTIL(20, sql_int(d.stack, "select count(*) from "
	    "pg_stat_activity where application_name = 'teamdues' and "
	    "wait_event_type = 'Lock'") == 1);
	do_on(connection, "commit");
	pthread_join(thread, NULL);
	PQfinish(connection);
	assert_int_equal(sql_int(d.stack, "select count(*) from "
	    "teamdues.payments where session_id in ('%s', '%s') and place = "
	    "'foreign'", id, d.stray.session_id), 2);
	json_object_put(event);
	json_object_put(session);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_rule_made_while_a_payment_comes),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
