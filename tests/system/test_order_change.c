/*
 * What the treasurer decides about an order: cancelled, adjusted, paid by other
 * means; and money that comes all the same.  Invariants 1, 4, 5 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

/* An order with a session open at Stripe. */
struct clicked {
	struct club club;
	char order[WORD_SIZE];
	char session_id[SESSION_ID_SIZE];
};

static void
clicked_make(struct stack *stack, struct clicked *c)
{
	club_make(stack, AMOUNT, &c->club);
	word_of(c->order, c->club.order_id);
	club_click_through(stack, c->club.order_id, c->session_id);
}

/*
 * The end of a session is an event, too, and the list names a payment by its
 * newest one: here it must not come between.
 */
static void
hold_events_back(struct stack *stack)
{
	standin_deliver(stack, false);
}

/* The payment of the order's session all the same, as Stripe tells of it. */
static void
deliver_late(struct stack *stack, const struct clicked *c,
    char event_id[UNIQUE_SIZE])
{
	struct json_object *session = session_paid(c->session_id, AMOUNT);
	struct json_object *event = event_about("checkout.session.completed",
	    session);

	webhook_expect_event(stack, event, "review");
	snprintf(event_id, UNIQUE_SIZE, "%s", json_text_at(event, "id"));
	json_object_put(event);
	json_object_put(session);
}

static void
test_cancel_ends_the_session(void **state)
{
	struct stack *stack = *state;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	books_unmoved(stack, &run, 3, WORDS("order", "cancel", c.order,
	    "--reason", "moved away"));
	assert_holds(run.output, c.session_id);
	run_clear(&run);
	assert_int_equal(standin_session_count(stack, c.club.order_id,
	    "open"), 1);

	COMMAND(stack, &run, 0, "order", "cancel", c.order, "--reason",
	    "moved away", "--commit");
	assert_holds(run.output, "Done: cancel: moved away");
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "cancelled");
	assert_int_equal(standin_session_count(stack, c.club.order_id,
	    "open"), 0);
	books_unmoved(stack, &run, 0, WORDS("order", "cancel", c.order,
	    "--reason", "again", "--commit"));
	assert_holds(run.output, "Nothing to do: order ");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("order", "adjust", c.order,
	    "--amount", "10", "--reason", "x", "--commit"));
	assert_holds(run.errors, " is cancelled");
	run_clear(&run);
}

/* Never silently paid nor given back: a person has both choices. */
static void
test_late_money_for_a_cancelled_order(void **state)
{
	struct stack *stack = *state;
	char event_id[UNIQUE_SIZE];
	struct json_object *row;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	hold_events_back(stack);
	COMMAND(stack, &run, 0, "order", "cancel", c.order, "--reason", "x",
	    "--commit");
	run_clear(&run);
	deliver_late(stack, &c, event_id);
	club_assert_status(stack, c.club.order_id, "cancelled");
	row = unmatched_row(stack, event_id);
	assert_member_holds(row, "reason", "was cancelled");
	assert_member_holds(row, "advice", "attach it to order");
	assert_member_holds(row, "advice", "refund it at Stripe");
	json_object_put(row);
	COMMAND(stack, &run, 0, "unmatched", "attach", event_id, c.order,
	    "--commit");
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "paid");
}

/* Stripe was quicker: what it took is applied, and nothing is cancelled. */
static void
test_complete_session_stops_the_command(void **state)
{
	struct stack *stack = *state;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	standin_deliver(stack, false);
	standin_act(stack, c.session_id, "pay", NULL);
	club_assert_status(stack, c.club.order_id, "pending");
	COMMAND(stack, &run, 1, "order", "cancel", c.order, "--reason", "x",
	    "--commit");
	assert_holds(run.errors, "turned out complete and was applied; the "
	    "order is paid");
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "paid");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %s", c.order), 0);

	clicked_make(stack, &c);
	standin_act(stack, c.session_id, "bank", NULL);
	COMMAND(stack, &run, 1, "order", "adjust", c.order, "--amount", "10",
	    "--reason", "x", "--commit");
	assert_holds(run.errors, "the order is processing");
	run_clear(&run);
}

/* A failed call to Stripe changes nothing (invariant 8). */
static void
test_trouble_at_stripe_stops_the_command(void **state)
{
	struct stack *stack = *state;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/checkout/"
	    "sessions/:id/expire\",\"count\":0,\"status\":402}");
	books_unmoved(stack, &run, 1, WORDS("order", "cancel", c.order,
	    "--reason", "x", "--commit"));
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "pending");
}

/* The family is charged what the treasurer said (invariant 5). */
static void
test_adjusted_amount_is_charged(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	books_unmoved(stack, &run, 3, WORDS("order", "adjust", c.order,
	    "--amount", "120.00", "--reason", "sibling"));
	assert_holds(run.output, "150.00 to 120.00 usd: sibling");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("order", "adjust", c.order,
	    "--amount", "0.10", "--reason", "x", "--commit"));
	assert_holds(run.errors, "Stripe charges $0.50 or more");
	run_clear(&run);
	COMMAND(stack, &run, 0, "order", "adjust", c.order, "--amount",
	    "120.00", "--reason", "sibling", "--commit");
	run_clear(&run);
	books_unmoved(stack, &run, 0, WORDS("order", "adjust", c.order,
	    "--amount", "120", "--reason", "again", "--commit"));
	run_clear(&run);

	club_click_through(stack, c.club.order_id, id);
	assert_string_not_equal(id, c.session_id);
	assert_int_equal(standin_session_count(stack, c.club.order_id,
	    "open"), 1);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %s and status = 'paid' "
	    "and amount_cents = 12000", c.order) == 1);
	books_unmoved(stack, &run, 1, WORDS("order", "adjust", c.order,
	    "--amount", "10", "--reason", "x", "--commit"));
	assert_holds(run.errors, " is paid");
	run_clear(&run);
}

/* What was said against a payment was the amount: now it is the order's. */
static void
test_adjusting_to_what_was_paid(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct clicked c;
	struct run run;
	char id[UNIQUE_SIZE];

	club_make(stack, AMOUNT, &c.club);
	word_of(c.order, c.club.order_id);
	unique_name("cs_test_", id);
	session = session_paid(id, 12000);
	club_name_order(stack, session, c.club.order_id);
	webhook_expect(stack, session, "review");
	COMMAND(stack, &run, 0, "order", "adjust", c.order, "--amount", "120",
	    "--reason", "agreed", "--commit");
	run_clear(&run);
	club_assert_paid_by(stack, c.club.order_id, json_text_at(session,
	    "payment_intent"));
	json_object_put(session);
}

/* A debit that came to nothing is no reason to keep an order. */
static void
test_cancel_after_a_failed_debit(void **state)
{
	struct stack *stack = *state;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	standin_act(stack, c.session_id, "bank", NULL);
	standin_act(stack, c.session_id, "fail", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.session_facts where session_id = '%s' and fact = "
	    "'failed'", c.session_id) == 1);
	club_assert_status(stack, c.club.order_id, "pending");
	COMMAND(stack, &run, 0, "order", "cancel", c.order, "--reason", "x",
	    "--commit");
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "cancelled");
}

static void
test_recorded_payment_then_an_online_one(void **state)
{
	struct stack *stack = *state;
	char event_id[UNIQUE_SIZE];
	struct json_object *row;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	hold_events_back(stack);
	books_unmoved(stack, &run, 3, WORDS("order", "record-payment",
	    c.order, "--source", "cheque", "--reference", "no. 12"));
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("order", "record-payment",
	    c.order, "--source", "cheque"));
	assert_holds(run.errors, "a cheque needs its number");
	run_clear(&run);
	COMMAND(stack, &run, 0, "order", "record-payment", c.order,
	    "--source", "cheque", "--reference", "no. 12", "--commit");
	assert_holds(run.output, "150.00 usd by cheque, reference no. 12");
	run_clear(&run);
	club_assert_status(stack, c.club.order_id, "paid");
	sql_assert_text(stack, "cheque", "select payment_source from "
	    "teamdues.orders where order_id = %s", c.order);
	books_unmoved(stack, &run, 0, WORDS("order", "record-payment",
	    c.order, "--source", "cheque", "--reference", "no. 12",
	    "--commit"));
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("order", "record-payment",
	    c.order, "--source", "cash", "--commit"));
	run_clear(&run);

	deliver_late(stack, &c, event_id);
	club_assert_status(stack, c.club.order_id, "paid");
	row = unmatched_row(stack, event_id);
	assert_member_holds(row, "reason", "already paid by other means");
	assert_member_holds(row, "advice", "refund this one at Stripe");
	json_object_put(row);
}

static void
test_show_tells_the_whole_story(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct json_object *sessions;
	struct clicked c;
	struct run run;

	clicked_make(stack, &c);
	standin_act(stack, c.session_id, "decline", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.payment_failures where order_id = %s", c.order) == 1);
	COMMAND(stack, &run, 0, "order", "adjust", c.order, "--amount", "99",
	    "--reason", "late entry", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 0, "order", "show", c.order);
	assert_holds(run.output, "$99.00\n");
	assert_holds(run.output, "\nsessions\n");
	assert_holds(run.output, c.session_id);
	assert_holds(run.output, "\ntimeline\n");
	assert_holds(run.output, "declined");
	assert_holds(run.output, "150.00 to 99.00 usd: late entry");
	run_clear(&run);
	rows = command_rows(stack, 1, 0, WORDS("order", "show", c.order,
	    "--json"));
	sessions = json_object_object_get(json_object_array_get_idx(rows, 0),
	    "sessions");
	assert_int_equal(json_object_array_length(sessions), 1);
	json_object_put(rows);
	COMMAND(stack, &run, 1, "order", "show", "999999999");
	assert_holds(run.errors, "no such order");
	run_clear(&run);
	COMMAND(stack, &run, 1, "order", "cancel", "999999999", "--reason",
	    "x", "--commit");
	assert_holds(run.errors, "no such order");
	run_clear(&run);
	COMMAND(stack, &run, 2, "order", "cancel", "0", "--reason", "x");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_cancel_ends_the_session),
		BOOKS_TEST(test_late_money_for_a_cancelled_order),
		BOOKS_TEST(test_complete_session_stops_the_command),
		BOOKS_TEST(test_trouble_at_stripe_stops_the_command),
		BOOKS_TEST(test_adjusted_amount_is_charged),
		BOOKS_TEST(test_adjusting_to_what_was_paid),
		BOOKS_TEST(test_cancel_after_a_failed_debit),
		BOOKS_TEST(test_recorded_payment_then_an_online_one),
		BOOKS_TEST(test_show_tells_the_whole_story),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
