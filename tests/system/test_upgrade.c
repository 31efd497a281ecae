/*
 * An upgrade while families pay: functions are replaced under running programs,
 * and programs of the version before go on until somebody restarts them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/buf.h"
#include "club.h"
#include "command.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000, MIGRATIONS = 3, ITEM_SIZE = 2048 };

struct payers {
	struct stack *stack;
	atomic_bool is_over;
	int paid;
};

/* One after the other, until it is over; each payment must be taken. */
static void *
pay(void *context)
{
	struct payers *payers = context;

	while (!payers->is_over) {
		struct json_object *session;
		char id[UNIQUE_SIZE];
		struct club club;

		club_make(payers->stack, AMOUNT, &club);
		club_store_session(payers->stack, &club, id);
		session = session_paid(id, AMOUNT);
		webhook_expect(payers->stack, session, "applied");
		json_object_put(session);
		payers->paid++;
	}
	return NULL;
}

static void
test_functions_are_replaced_under_load(void **state)
{
	struct payers payers = { .stack = *state };
	struct run run;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, pay, &payers), 0);
	for (int i = 0; i < MIGRATIONS; i++) {
		COMMAND(*state, &run, 0, "migrate");
		assert_holds(run.output, "functions, views and grants are");
		run_clear(&run);
	}
	payers.is_over = true;
	pthread_join(thread, NULL);
	assert_true(payers.paid > 0);
	print_message("%d payments during %d migrations\n", payers.paid,
	    MIGRATIONS);
}

/* What one gives may change; nothing that is granted is lost by it. */
static void
test_a_function_that_gives_another_type(void **state)
{
	struct stack *stack = *state;
	struct run run;

	sql_run(stack, "set role teamdues_owner");
	sql_run(stack, "drop function teamdues.payment_key(text)");
	sql_run(stack, "create function teamdues.payment_key(p_key text) "
	    "returns integer language sql as 'select 1'");
	sql_run(stack, "reset role");
	COMMAND(stack, &run, 0, "migrate");
	run_clear(&run);
	sql_assert_text(stack, "text", "select prorettype::regtype from "
	    "pg_proc where oid = 'teamdues.payment_key(text)'::regprocedure");
	assert_true(sql_int(stack, "select has_function_privilege("
	    "'teamdues_operator', 'teamdues.payment_key(text)', "
	    "'execute')::integer") == 1);
}

/* Marked by the first migration without it, dropped by the next version's. */
static void
test_a_function_that_is_gone_stays_for_a_version(void **state)
{
	struct stack *stack = *state;
	struct run run;

	sql_run(stack, "set role teamdues_owner");
	sql_run(stack, "create function teamdues.old_one() returns integer "
	    "language sql as 'select 1'");
	sql_run(stack, "reset role");
	for (int i = 0; i < 2; i++) {
		COMMAND(stack, &run, 0, "migrate");
		run_clear(&run);
		assert_int_equal(sql_int(stack, "select teamdues.old_one()"),
		    1);
	}
	sql_run(stack, "comment on function teamdues.old_one() is "
	    "'Not used since version 1'");
	COMMAND(stack, &run, 0, "migrate");
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select count(*) from pg_proc where "
	    "proname = 'old_one'"), 0);
}

/* A session's item without its braces. */
static void
put_session(struct buf *b, const char *id, const char *fact)
{
	buf_putf(b, "\"disposition\":\"fact\",\"reason\":\"\",\"session\":{"
	    "\"id\":\"%s\",\"fact\":\"%s\",\"at\":1700000000,"
	    "\"is_our_mode\":true,\"livemode\":false,\"created\":1700000000,"
	    "\"amount_cents\":%d,\"currency\":\"usd\",\"payment_intent\":"
	    "\"pi_%s\",\"keys\":[]}", id, fact, AMOUNT, id);
}

/* As the programs of before version 6 give it to their functions. */
static void
test_items_of_the_version_before(void **state)
{
	struct stack *stack = *state;
	struct buf event = BUF_INIT(ITEM_SIZE);
	struct buf answer = BUF_INIT(ITEM_SIZE);
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_store_session(stack, &club, id);
	buf_putf(&event, "[{\"event\":{\"id\":\"evt_%s\",\"type\":"
	    "\"checkout.session.completed\",\"object_id\":\"%s\","
	    "\"livemode\":\"false\",\"api_version\":\"\",\"created\":"
	    "1700000000,\"payload\":\"{}\"},", id, id);
	put_session(&event, id, "unpaid");
	buf_puts(&event, "}]");
	sql_assert_text(stack, "applied", "select outcome from "
	    "teamdues.record_events('%s'::jsonb, null)", buf_str(&event));
	club_assert_status(stack, club.order_id, "processing");
	sql_assert_text(stack, "{}", "select payload from "
	    "teamdues.stripe_events where event_id = 'evt_%s'", id);
	buf_puts(&answer, "[{");
	put_session(&answer, id, "paid");
	buf_puts(&answer, "}]");
	sql_assert_text(stack, "applied", "select outcome from "
	    "teamdues.record_answers('%s'::jsonb, null)", buf_str(&answer));
	club_assert_status(stack, club.order_id, "paid");
	buf_clear(&answer);
	buf_clear(&event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_functions_are_replaced_under_load),
		SYSTEM_TEST(test_a_function_that_gives_another_type),
		SYSTEM_TEST(test_a_function_that_is_gone_stays_for_a_version),
		SYSTEM_TEST(test_items_of_the_version_before),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
