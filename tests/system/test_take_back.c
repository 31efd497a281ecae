/*
 * The ways back from what a person has decided, the order that is let go, and
 * the one that is paid in parts.  Invariants 1, 2, 5, 8 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

/* An order, and its id as a word. */
struct owed {
	struct club club;
	char order[WORD_SIZE];
};

static void
owed_make(struct stack *stack, struct owed *o)
{
	club_make(stack, AMOUNT, &o->club);
	word_of(o->order, o->club.order_id);
}

static void
done(struct stack *stack, const char *const *words)
{
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	assert_holds(run.output, "Done: ");
	assert_holds(run.errors, "info act ");
	run_clear(&run);
}

static void
refused(struct stack *stack, const char *why, const char *const *words)
{
	struct run run;

	books_unmoved(stack, &run, 1, words);
	assert_holds(run.errors, why);
	run_clear(&run);
}

static void
would(struct stack *stack, const char *what, const char *const *words)
{
	struct run run;

	books_unmoved(stack, &run, 3, words);
	assert_holds(run.output, what);
	run_clear(&run);
}

static void
assert_left(struct stack *stack, const struct owed *o, int64_t paid_cents,
    int64_t left_cents)
{
	assert_int_equal(sql_int(stack, "select paid_cents from "
	    "teamdues.order_overview where order_id = %s", o->order),
	    paid_cents);
	assert_int_equal(sql_int(stack, "select left_cents from "
	    "teamdues.order_overview where order_id = %s", o->order),
	    left_cents);
}

/* The link leads to Stripe again, and the acts stay to be read. */
static void
test_cancelled_order_is_reopened(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct owed o;

	owed_make(stack, &o);
	refused(stack, "is pending, neither cancelled nor waived",
	    WORDS("order", "reopen", o.order, "--commit"));
	done(stack, WORDS("order", "cancel", o.order, "--reason", "moved",
	    "--commit"));
	would(stack, "Would reopen: 150.00 usd of order ", WORDS("order",
	    "reopen", o.order, "--reason", "stays"));
	done(stack, WORDS("order", "reopen", o.order, "--reason", "stays",
	    "--commit"));
	club_assert_status(stack, o.club.order_id, "pending");
	club_click_through(stack, o.club.order_id, id);
	sql_assert_text(stack, "cancel, reopen", "select string_agg(action, "
	    "', ' order by audit_id) from teamdues.audit_log "
	    "where order_id = %s", o.order);
}

/* The player was entered again meanwhile: one order is enough. */
static void
test_reopening_beside_another_order_is_refused(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	done(stack, WORDS("order", "cancel", o.order, "--reason", "x",
	    "--commit"));
	sql_run(stack, "insert into teamdues.orders (player_id, product_id, "
	    "kind, tournament_id, amount_cents, currency) select player_id, "
	    "product_id, kind, tournament_id, amount_cents, currency "
	    "from teamdues.orders where order_id = %s", o.order);
	refused(stack, "the player has another order for the same",
	    WORDS("order", "reopen", o.order, "--commit"));
	refused(stack, "the player has another order for the same",
	    WORDS("order", "reopen", o.order));
}

static void
test_bounced_cheque_is_owed_again(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	refused(stack, "has no such recorded payment", WORDS("order",
	    "unrecord-payment", o.order, "--commit"));
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cheque", "--reference", "no. 12", "--commit"));
	club_assert_status(stack, o.club.order_id, "paid");
	would(stack, "Would unrecord: 150.00 usd by cheque, reference no. 12: "
	    "bounced", WORDS("order", "unrecord-payment", o.order, "--reason",
	    "bounced"));
	done(stack, WORDS("order", "unrecord-payment", o.order, "--reason",
	    "bounced", "--commit"));
	club_assert_status(stack, o.club.order_id, "pending");
	assert_left(stack, &o, 0, AMOUNT);
	/* The same cheque again is no repetition. */
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cheque", "--reference", "no. 12", "--commit"));
	club_assert_status(stack, o.club.order_id, "paid");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.recorded_payments where order_id = %s", o.order), 2);
}

/* What is attached to the wrong child goes to the right one. */
static void
test_payment_is_detached(void **state)
{
	struct stack *stack = *state;
	struct stray stray;
	struct owed wrong, right;

	owed_make(stack, &wrong);
	owed_make(stack, &right);
	stray_of(stack, &right.club, AMOUNT, &stray);
	refused(stack, "attached to no order", WORDS("unmatched", "detach",
	    stray.event_id, "--commit"));
	done(stack, WORDS("unmatched", "attach", stray.event_id, wrong.order,
	    "--anyway", "--commit"));
	would(stack, "from order ", WORDS("unmatched", "detach",
	    stray.session_id));
	done(stack, WORDS("unmatched", "detach", stray.event_id, "--commit"));
	club_assert_status(stack, wrong.club.order_id, "pending");
	done(stack, WORDS("unmatched", "attach", stray.event_id, right.order,
	    "--commit"));
	club_assert_paid_by(stack, right.club.order_id, stray.intent_id);
	refused(stack, "no payment stands under", WORDS("unmatched", "detach",
	    "evt_nobodys", "--commit"));
}

static void
test_dismissal_is_taken_back(void **state)
{
	struct stack *stack = *state;
	struct json_object *row;
	struct stray stray;

	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	refused(stack, "nobody has dismissed it", WORDS("unmatched", "reopen",
	    stray.event_id, "--commit"));
	for (int i = 0; i < 2; i++) {
		done(stack, WORDS("unmatched", "dismiss", stray.event_id,
		    "--reason", "mistaken", "--commit"));
		assert_null(unmatched_row(stack, stray.event_id));
		would(stack, "dismissed: mistaken", WORDS("unmatched",
		    "reopen", stray.event_id));
		done(stack, WORDS("unmatched", "reopen", stray.event_id,
		    "--commit"));
		row = unmatched_row(stack, stray.event_id);
		assert_member_holds(row, "outcome", "unmatched");
		json_object_put(row);
	}
	refused(stack, "nothing stands under", WORDS("unmatched", "reopen",
	    "evt_nobodys", "--commit"));
}

static void
assert_page(struct stack *stack, const struct owed *o, const char *part)
{
	struct http_answer answer;

	club_click(stack, o->club.order_id, &answer);
	assert_int_equal(answer.status, 200);
	assert_holds(answer.body, part);
	http_answer_clear(&answer);
}

/* Its link says so, its session is ended, and it can be taken back. */
static void
test_waived_order_owes_nothing(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct json_object *rows;
	struct owed o;
	struct run run;

	owed_make(stack, &o);
	club_click_through(stack, o.club.order_id, id);
	would(stack, "Would waive: 150.00 usd: hardship", WORDS("order",
	    "waive", o.order, "--reason", "hardship"));
	done(stack, WORDS("order", "waive", o.order, "--reason", "hardship",
	    "--commit"));
	club_assert_status(stack, o.club.order_id, "waived");
	assert_left(stack, &o, 0, 0);
	assert_int_equal(standin_session_count(stack, o.club.order_id,
	    "open"), 0);
	assert_page(stack, &o, "Nothing is owed");
	books_unmoved(stack, &run, 0, WORDS("order", "waive", o.order,
	    "--reason", "again", "--commit"));
	assert_holds(run.output, "is waived (waive by ");
	run_clear(&run);
	refused(stack, " is waived (waive by ", WORDS("order", "cancel",
	    o.order, "--reason", "x", "--commit"));
	COMMAND(stack, &run, 0, "orders", "--status", "waived", "--json");
	rows = json_tokener_parse(run.output);
	assert_true(json_object_array_length(rows) > 0);
	json_object_put(rows);
	run_clear(&run);
	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "teamdues_orders{status=\"waived\"} ");
	run_clear(&run);
	done(stack, WORDS("order", "reopen", o.order, "--commit"));
	club_assert_status(stack, o.club.order_id, "pending");
	club_click_through(stack, o.club.order_id, id);
}

/* Of one that was paid in part the rest is, and the link says both. */
static void
test_rest_is_waived(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cash", "--reference", "desk", "--amount", "50", "--commit"));
	done(stack, WORDS("order", "waive", o.order, "--reason", "hardship",
	    "--commit"));
	club_assert_status(stack, o.club.order_id, "waived");
	assert_page(stack, &o, "You have paid $50.00, and the club has waived "
	    "the rest.");
}

static void
pay_session(struct stack *stack, const char *session_id, int64_t cents,
    const char *outcome)
{
	struct json_object *session = session_paid(session_id, cents);

	webhook_expect(stack, session, outcome);
	json_object_put(session);
}

/* Never silently kept: nothing was owed. */
static void
test_late_money_for_a_waived_order(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct owed o;

	owed_make(stack, &o);
	club_click_through(stack, o.club.order_id, id);
	done(stack, WORDS("order", "waive", o.order, "--reason", "x",
	    "--commit"));
	pay_session(stack, id, AMOUNT, "review");
	club_assert_status(stack, o.club.order_id, "waived");
	sql_assert_text(stack, "was waived: reopen order", "select right("
	    "reason, 10) || ': ' || left(advice, 12) from "
	    "teamdues.unmatched_overview where session_id = '%s'", id);
	done(stack, WORDS("order", "reopen", o.order, "--commit"));
	club_assert_status(stack, o.club.order_id, "paid");
}

/* The link asks for the rest, and the order is paid with that. */
static void
test_order_is_paid_in_parts(void **state)
{
	struct stack *stack = *state;
	char old[SESSION_ID_SIZE], id[SESSION_ID_SIZE];
	struct owed o;

	owed_make(stack, &o);
	club_click_through(stack, o.club.order_id, old);
	refused(stack, "only 150.00 usd are left to pay", WORDS("order",
	    "record-payment", o.order, "--source", "cash", "--reference",
	    "desk", "--amount", "151", "--commit"));
	refused(stack, "the rest could not be paid online", WORDS("order",
	    "record-payment", o.order, "--source", "cash", "--reference",
	    "desk", "--amount", "149.90", "--commit"));
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cash", "--reference", "desk", "--amount", "50", "--commit"));
	club_assert_status(stack, o.club.order_id, "pending");
	assert_left(stack, &o, 5000, 10000);
	refused(stack, "is paid in part", WORDS("order", "cancel", o.order,
	    "--reason", "x", "--commit"));

	club_click_through(stack, o.club.order_id, id);
	assert_string_not_equal(id, old);
	assert_int_equal(sql_int(stack, "select amount_cents from "
	    "teamdues.checkout_sessions where session_id = '%s'", id), 10000);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %s and status = 'paid'",
	    o.order) == 1);
	assert_left(stack, &o, AMOUNT, 0);

	/* The cash turns out false: that part is owed again, and no other. */
	done(stack, WORDS("order", "unrecord-payment", o.order, "--commit"));
	club_assert_status(stack, o.club.order_id, "pending");
	assert_left(stack, &o, 10000, 5000);
	club_click_through(stack, o.club.order_id, id);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %s and status = 'paid'",
	    o.order) == 1);
	assert_int_equal(club_payment_count(stack, o.club.order_id), 2);
}

/* Cash came meanwhile: the whole amount, in a page that something else made, is
 * more than is left, and a person must see it. */
static void
test_more_than_is_left(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct http_answer answer;
	char id[UNIQUE_SIZE], customer[UNIQUE_SIZE];
	struct owed o;

	owed_make(stack, &o);
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cash", "--reference", "desk", "--amount", "50", "--commit"));
	club_remember_customer(stack, &o.club, customer);
	unique_name("cs_", id);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "customer", customer);
	json_set_text(session, "metadata.order_id", o.order);
	webhook_expect(stack, session, "review");
	json_object_put(session);
	club_assert_status(stack, o.club.order_id, "pending");
	assert_left(stack, &o, 5000, 10000);
	sql_assert_text(stack, "adjust order", "select left(advice, 12) from "
	    "teamdues.unmatched_overview where session_id = '%s' and reason "
	    "like '%%only 100.00 are left'", id);
	club_click(stack, o.club.order_id, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "Pay anyway");
	http_answer_clear(&answer);
	/* The cash was not there after all. */
	done(stack, WORDS("order", "unrecord-payment", o.order, "--commit"));
	club_assert_status(stack, o.club.order_id, "paid");
	assert_left(stack, &o, AMOUNT, 0);
}

/* What is left is judged once: twice the part is more than the whole. */
static void
test_part_that_leaves_nearly_as_much(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cash", "--reference", "desk", "--amount", "74.90", "--commit"));
	assert_left(stack, &o, 7490, 7510);
}

/* Which of several is meant must be said. */
static void
test_one_of_several_is_taken_back(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cash", "--reference", "May", "--amount", "50", "--commit"));
	done(stack, WORDS("order", "record-payment", o.order, "--source",
	    "cheque", "--reference", "no. 3", "--commit"));
	club_assert_status(stack, o.club.order_id, "paid");
	refused(stack, "name the reference, one of May, no. 3",
	    WORDS("order", "unrecord-payment", o.order, "--commit"));
	done(stack, WORDS("order", "unrecord-payment", o.order, "--reference",
	    "no. 3", "--commit"));
	assert_left(stack, &o, 5000, 10000);
	/* What is left can be let go; what was paid stays. */
	done(stack, WORDS("order", "waive", o.order, "--reason", "enough",
	    "--commit"));
	club_assert_status(stack, o.club.order_id, "waived");
	assert_left(stack, &o, 5000, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_cancelled_order_is_reopened),
		BOOKS_TEST(test_reopening_beside_another_order_is_refused),
		BOOKS_TEST(test_bounced_cheque_is_owed_again),
		BOOKS_TEST(test_payment_is_detached),
		BOOKS_TEST(test_dismissal_is_taken_back),
		BOOKS_TEST(test_waived_order_owes_nothing),
		BOOKS_TEST(test_rest_is_waived),
		BOOKS_TEST(test_late_money_for_a_waived_order),
		BOOKS_TEST(test_order_is_paid_in_parts),
		BOOKS_TEST(test_more_than_is_left),
		BOOKS_TEST(test_part_that_leaves_nearly_as_much),
		BOOKS_TEST(test_one_of_several_is_taken_back),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
