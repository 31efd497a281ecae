/*
 * Yesterday's backup is restored, and the books follow Stripe: every payment is
 * back, and nobody is mailed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "reconcile.h"
#include "sql.h"

enum { FAMILIES = 6, TRIES = 20 };

/* The database's URL as superuser, of another database of the cluster. */
static PGconn *
connect_elsewhere(struct stack *stack)
{
	char url[HTTP_VALUE_SIZE];
	const char *whole = stack_setting(stack, "OWNER_DATABASE_URL");
	const char *name = strstr(whole, "/teamdues?");
	PGconn *connection;

	assert_non_null(name);
	snprintf(url, sizeof(url), "%.*s/postgres%s", (int)(name - whole),
	    whole, name + strlen("/teamdues"));
	connection = PQconnectdb(url);
	assert_int_equal(PQstatus(connection), CONNECTION_OK);
	return connection;
}

static bool
works(PGconn *connection, const char *statement)
{
	PGresult *result = PQexec(connection, statement);
	ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* The programs come back at once: again, until none is quicker. */
static void
run_alone(struct stack *stack, const char *statement)
{
	PGconn *connection = connect_elsewhere(stack);
	bool is_done = false;

	sql_disconnect(stack);
	for (int i = 0; i < TRIES && !is_done; i++) {
		assert_true(works(connection, "select pg_terminate_backend(pid)"
		    " from pg_stat_activity where datname = 'teamdues'"));
		is_done = works(connection, statement);
	}
	if (!is_done)
		fail_msg("%s: %s", statement, PQerrorMessage(connection));
	PQfinish(connection);
}

/* As pg_dump, and some time later pg_restore. */
static void
back_up(struct stack *stack)
{
	run_alone(stack, "create database yesterday template teamdues");
}

static void
restore(struct stack *stack)
{
	run_alone(stack, "drop database if exists lost");
	run_alone(stack, "alter database teamdues rename to lost");
	run_alone(stack, "alter database yesterday rename to teamdues");
}

static int64_t
paid_orders(struct stack *stack)
{
	return sql_int(stack, "select count(*) from teamdues.orders where "
	    "status = 'paid'");
}

/* Everybody who paid has a receipt by now. */
static void
pay_all(struct stack *stack, char sessions[FAMILIES][SESSION_ID_SIZE])
{
	for (int i = 0; i < FAMILIES; i++)
		standin_act(stack, sessions[i], "pay", NULL);
	WAIT_UNTIL(20, paid_orders(stack) == FAMILIES);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), FAMILIES);
	json_object_put(catcher_call(stack, "DELETE", "messages", NULL));
}

static void
test_restored_from_a_backup(void **state)
{
	struct stack *stack = *state;
	char sessions[FAMILIES][SESSION_ID_SIZE];
	struct club clubs[FAMILIES];
	struct run run;

	for (int i = 0; i < FAMILIES; i++)
		open_session(stack, &clubs[i], sessions[i]);
	back_up(stack);
	pay_all(stack, sessions);
	restore(stack);
	assert_int_equal(paid_orders(stack), 0);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_holds(run.output, "6 differences: done\n");
	run_clear(&run);
	assert_int_equal(paid_orders(stack), FAMILIES);
	for (int i = 0; i < FAMILIES; i++)
		club_assert_leads_to_paid_page(stack, clubs[i].order_id);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.emails"), 0);
}

/* The tournament's pay link, to the one family in it. */
static void
ask(struct stack *stack, const struct club *club)
{
	char tournament[WORD_SIZE];
	struct run run;

	COMMAND(stack, &run, 0, "email", "blast", "--tournament",
	    word_of(tournament, club->tournament_id), "--commit");
	run_clear(&run);
}

/*
 * Mails that waited when the backup was made wait again, though they have gone
 * since: who has paid is not asked again, and a person takes the others back.
 */
static void
test_mails_that_waited_at_the_backup(void **state)
{
	struct stack *stack = *state;
	char sessions[2][SESSION_ID_SIZE];
	char mail[WORD_SIZE];
	struct club clubs[2];
	struct run run;

	for (int i = 0; i < 2; i++) {
		open_session(stack, &clubs[i], sessions[i]);
		ask(stack, &clubs[i]);
	}
	back_up(stack);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 2);
	standin_act(stack, sessions[0], "pay", NULL);
	WAIT_UNTIL(20, sql_int(stack, "select count(*) from teamdues.orders "
	    "where order_id = %lld and status = 'paid'",
	    (long long)clubs[0].order_id) == 1);
	json_object_put(catcher_call(stack, "DELETE", "messages", NULL));
	restore(stack);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	run_clear(&run);
	word_of(mail, sql_int(stack, "select email_id from teamdues.emails "
	    "where state = 'queued' and order_id = %lld",
	    (long long)clubs[1].order_id));
	COMMAND(stack, &run, 0, "email", "drop", mail);
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.emails where state = 'dropped' and order_id = %lld",
	    (long long)clubs[0].order_id), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_restored_from_a_backup),
		MAIL_TEST(test_mails_that_waited_at_the_backup),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
