/*
 * `teamdues refund`: money goes back once, never more than came, never while a
 * bank disputes it, and the books move as soon as Stripe says so.  Invariants 1
 * and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"

struct paid {
	struct club club;
	char order[WORD_SIZE];
	char session[SESSION_ID_SIZE];
	char intent[SESSION_ID_SIZE];
};

static void
paid_make(struct stack *stack, struct paid *p)
{
	standin_deliver(stack, true);
	paid_session(stack, &p->club, p->session);
	word_of(p->order, p->club.order_id);
	events_arrive(stack);
	club_assert_status(stack, p->club.order_id, "paid");
	intent_of(stack, p->session, p->intent);
}

static void
assert_given(struct stack *stack, const char *intent, int count,
    int64_t cents)
{
	int64_t sum;

	assert_int_equal(standin_refund_count(stack, intent, &sum), count);
	assert_int_equal(sum, cents);
}

static void
run_says(struct stack *stack, int code, const char *part,
    const char *const *words)
{
	struct run run;

	command_run(stack, &run, code, NULL, words);
	assert_holds(code == 0 || code == 3 ? run.output : run.errors, part);
	run_clear(&run);
}

static void
unmoved_says(struct stack *stack, int code, const char *part,
    const char *const *words)
{
	struct run run;

	books_unmoved(stack, &run, code, words);
	assert_holds(code == 0 || code == 3 ? run.output : run.errors, part);
	run_clear(&run);
}

static void
test_parts_and_the_rest(void **state)
{
	struct stack *stack = *state;
	struct paid p;

	paid_make(stack, &p);
	unmoved_says(stack, 3, "Would refund: 20.00 usd of order ",
	    WORDS("refund", p.order, "--amount", "20.00"));
	assert_given(stack, p.intent, 0, 0);
	run_says(stack, 0, "Done: refund: 20.00 usd of pi_",
	    WORDS("refund", p.order, "--amount", "20.00", "--reason",
	    "rained off", "--commit"));
	events_arrive(stack);
	club_assert_status(stack, p.club.order_id, "partially_refunded");
	run_says(stack, 3, "110.00 usd stay; 20.00 usd went back before",
	    WORDS("refund", p.order, "--amount", "20.00"));
	run_says(stack, 0, " is succeeded",
	    WORDS("refund", p.order, "--amount", "20.00", "--commit"));
	unmoved_says(stack, 1, "refused: only 110.00 usd of order ",
	    WORDS("refund", p.order, "--amount", "110.01", "--commit"));
	run_says(stack, 0, "Done: refund: 110.00 usd of pi_",
	    WORDS("refund", p.order, "--commit"));
	events_arrive(stack);
	assert_given(stack, p.intent, 3, 15000);
	club_assert_status(stack, p.club.order_id, "refunded");
	unmoved_says(stack, 0, "Nothing to do: all of order ",
	    WORDS("refund", p.order, "--commit"));
	unmoved_says(stack, 0, "Nothing to do: all of order ",
	    WORDS("refund", "--amount", "1", p.order, "--commit"));
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %s and action = 'refund'",
	    p.order), 3);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %s and detail like "
	    "'20.00 usd of pi_%%: rained off'", p.order), 1);
}

/* The books know what Stripe made, and know of nothing else. */
static void
test_known_before_its_event(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct paid p;

	paid_make(stack, &p);
	standin_deliver(stack, false);
	run_says(stack, 0, "Done: refund", WORDS("refund", p.order,
	    "--amount", "20", "--commit"));
	club_assert_status(stack, p.club.order_id, "partially_refunded");
	refund(stack, p.session, 1000, id);
	/* Stripe knows, though the books do not. */
	unmoved_says(stack, 1, "refused: only 120.00 usd",
	    WORDS("refund", p.order, "--amount", "120.01", "--commit"));
	reconcile_heals(stack, "");
	sql_assert_text(stack, "3000", "select refunded_cents from "
	    "teamdues.orders where order_id = %s", p.order);
	assert_given(stack, p.intent, 2, 3000);
}

static void
test_one_that_fails_later(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct json_object *row;
	struct paid p;
	char *found;

	paid_make(stack, &p);
	json_object_put(standin_call(stack, "POST", "settings",
	    "{\"refund_status\":\"pending\"}"));
	run_says(stack, 0, " is pending", WORDS("refund", p.order,
	    "--amount", "20", "--commit"));
	events_arrive(stack);
	run_says(stack, 3, "20.00 usd went back before, of which 20.00 usd "
	    "are pending", WORDS("refund", p.order));
	found = sql_text(stack, "select refund_id from teamdues.refund_facts "
	    "where payment_intent_id = '%s'", p.intent);
	snprintf(id, sizeof(id), "%s", found);
	free(found);
	assert_null(unmatched_row(stack, id));
	json_object_put(control(stack, "refunds", id, "fail", "{}"));
	events_arrive(stack);
	club_assert_status(stack, p.club.order_id, "paid");
	row = unmatched_row(stack, id);
	assert_member_holds(row, "outcome", "failed refund");
	assert_member_holds(row, "player_name", p.club.name);
	json_object_put(row);
	run_says(stack, 0, "\nteamdues_failed_refunds 1\n", WORDS("metrics"));
	run_says(stack, 0, "Done: dismiss", WORDS("unmatched", "dismiss", id,
	    "--reason", "given back in cash", "--commit"));
	assert_null(unmatched_row(stack, id));
	run_says(stack, 0, "Done: reopen", WORDS("unmatched", "reopen", id,
	    "--commit"));
	/* The same amount is given back again: another refund. */
	run_says(stack, 0, "Done: refund", WORDS("refund", p.order,
	    "--amount", "20", "--commit"));
	events_arrive(stack);
	assert_null(unmatched_row(stack, id));
	assert_given(stack, p.intent, 2, 4000);
}

static void
test_never_while_disputed(void **state)
{
	struct stack *stack = *state;
	struct json_object *dispute;
	struct paid p;

	paid_make(stack, &p);
	standin_deliver(stack, false);
	dispute = control(stack, "payment_intents", p.intent, "dispute",
	    "{\"amount\":4000}");
	/* Stripe knows of it, the books do not. */
	unmoved_says(stack, 1, "refused: the payment is disputed at Stripe",
	    WORDS("refund", p.order, "--commit"));
	standin_deliver(stack, true);
	events_arrive(stack);
	club_assert_status(stack, p.club.order_id, "disputed");
	unmoved_says(stack, 1, "refused: the payment is disputed: answer it",
	    WORDS("refund", p.order, "--amount", "1"));
	json_object_put(control(stack, "disputes", json_text_at(dispute,
	    "id"), "close", "{\"status\":\"won\"}"));
	json_object_put(dispute);
	events_arrive(stack);
	run_says(stack, 3, "Would refund: 150.00 usd",
	    WORDS("refund", p.order));
	assert_given(stack, p.intent, 0, 0);
}

static void
test_what_did_not_come_through_stripe(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;

	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	unmoved_says(stack, 1, "refused: no payment through Stripe counts",
	    WORDS("refund", order, "--commit"));
	run_says(stack, 0, "Done: record", WORDS("order", "record-payment",
	    order, "--source", "cash", "--reference", "box", "--commit"));
	unmoved_says(stack, 1, " was paid by cash, not through Stripe",
	    WORDS("refund", order, "--commit"));
	unmoved_says(stack, 1, "no such order: 999999999",
	    WORDS("refund", "999999999"));
	run_says(stack, 2, "--amount", WORDS("refund", order, "--amount",
	    "0"));
}

/* An order that two payments paid in parts: the newest goes back first. */
static void
test_two_payments(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	char order[WORD_SIZE];
	struct club club;

	standin_deliver(stack, true);
	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	run_says(stack, 0, "Done: record", WORDS("order", "record-payment",
	    order, "--source", "cheque", "--reference", "c1", "--amount",
	    "50", "--commit"));
	club_click_through(stack, club.order_id, first);
	standin_act(stack, first, "pay", NULL);
	events_arrive(stack);
	run_says(stack, 0, "Done: unrecord", WORDS("order",
	    "unrecord-payment", order, "--reason", "bounced", "--commit"));
	club_assert_status(stack, club.order_id, "pending");
	/* Stripe's times are of whole seconds. */
	json_object_put(standin_call(stack, "POST", "clock",
	    "{\"advance_seconds\":2}"));
	club_click_through(stack, club.order_id, second);
	standin_act(stack, second, "pay", NULL);
	events_arrive(stack);
	club_assert_status(stack, club.order_id, "paid");
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"nth\":2,\"status\":402}");
	run_says(stack, 1, " is succeeded; then: Stripe answered 402",
	    WORDS("refund", order, "--amount", "120", "--commit"));
	run_says(stack, 0, "Done: refund: 70.00 usd of ", WORDS("refund",
	    order, "--amount", "70", "--commit"));
	events_arrive(stack);
	intent_of(stack, second, second);
	assert_given(stack, second, 1, 5000);
	intent_of(stack, first, first);
	assert_given(stack, first, 1, 7000);
	run_says(stack, 0, "Done: refund: 30.00 usd of ", WORDS("refund",
	    order, "--commit"));
	assert_given(stack, first, 2, 10000);
}

/* Stripe refuses, breaks off, or says the same refusal again a day long. */
static void
test_trouble_at_stripe(void **state)
{
	struct stack *stack = *state;
	struct paid p;

	paid_make(stack, &p);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"status\":402}");
	unmoved_says(stack, 1, "402", WORDS("refund", p.order, "--commit"));
	assert_given(stack, p.intent, 0, 0);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"drop\":\"after\",\"nth\":2}");
	run_says(stack, 0, "Done: refund: 150.00", WORDS("refund", p.order,
	    "--commit"));
	standin_mend(stack);
	assert_given(stack, p.intent, 1, 15000);

	paid_make(stack, &p);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"status\":500}");
	unmoved_says(stack, 1, "see there whether the money went back",
	    WORDS("refund", p.order, "--commit"));
	standin_mend(stack);
	assert_given(stack, p.intent, 0, 0);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/refunds\","
	    "\"status\":403}");
	unmoved_says(stack, 1, "403", WORDS("refund", p.order, "--commit"));
	assert_given(stack, p.intent, 0, 0);
}

/* Two people give the same back at the same moment: it is one refund. */
static void
test_the_same_twice_at_once(void **state)
{
	struct stack *stack = *state;
	char line[512];
	struct paid p;
	struct run run;

	paid_make(stack, &p);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds\","
	    "\"delay_ms\":2000}");
	snprintf(line, sizeof(line), "\"$0\" refund %s --amount 20 --commit & "
	    "\"$0\" refund %s --amount 20 --commit; wait", p.order, p.order);
	command_shell(stack, &run, 0, line);
	run_clear(&run);
	events_arrive(stack);
	assert_given(stack, p.intent, 1, 2000);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %s and action = 'refund'",
	    p.order), 1);
}

/*
 * Who pays more than a fee gets the rest back, and what is left pays it; but
 * never beside other money.
 */
static void
test_what_is_left_pays_a_fee(void **state)
{
	char shop[SESSION_ID_SIZE], id[SESSION_ID_SIZE];
	char fee[WORD_SIZE], other[WORD_SIZE], form[HTTP_VALUE_SIZE];
	struct stack *stack = *state;
	struct club cheap, part, whole;

	standin_deliver(stack, true);
	club_make(stack, 8000, &cheap);
	club_make(stack, 10000, &part);
	club_make(stack, 15000, &whole);
	snprintf(form, sizeof(form), "&mode=payment&customer_email="
	    "%s@example.com", whole.name);
	word_of(fee, cheap.order_id);
	word_of(other, part.order_id);
	run_says(stack, 0, "20.00", WORDS("order", "record-payment", other,
	    "--amount", "20", "--source", "cash", "--commit"));
	shop_session(stack, form, shop);
	standin_act(stack, shop, "pay", NULL);
	events_arrive(stack);
	unmoved_says(stack, 1, "refused: paid 150.00, order ",
	    WORDS("unmatched", "attach", shop, fee, "--anyway", "--commit"));
	refund(stack, shop, 7000, id);
	events_arrive(stack);
	unmoved_says(stack, 1, "refused: paid 150.00, order ",
	    WORDS("unmatched", "attach", shop, other, "--anyway",
	    "--commit"));
	run_says(stack, 0, "Done: attach: 80.00 of 150.00 usd of pi_",
	    WORDS("unmatched", "attach", shop, fee, "--anyway", "--commit"));
	sql_assert_text(stack, "partially_refunded 15000 7000 0", "select "
	    "concat_ws(' ', o.status, o.paid_cents, o.refunded_cents, "
	    "teamdues.left_cents(o)) from teamdues.orders o where "
	    "o.order_id = %s", fee);
	run_says(stack, 0, "Done: detach", WORDS("unmatched", "detach", shop,
	    "--commit"));
	club_assert_status(stack, cheap.order_id, "pending");
	/* It is no whole fee any more. */
	word_of(other, whole.order_id);
	unmoved_says(stack, 1, "70.00 usd of it is not here any more, and "
	    "nobody is asked for that (`anyway`", WORDS("unmatched", "attach",
	    shop, other, "--commit"));
}

/* What was on its way back when the rest was used comes again after all. */
static void
test_the_rest_was_used_too_early(void **state)
{
	char shop[SESSION_ID_SIZE], id[SESSION_ID_SIZE], fee[WORD_SIZE];
	struct stack *stack = *state;
	struct json_object *row;
	struct club club;

	standin_deliver(stack, true);
	club_make(stack, 8000, &club);
	word_of(fee, club.order_id);
	shop_session(stack, "&mode=payment", shop);
	standin_act(stack, shop, "pay", NULL);
	events_arrive(stack);
	json_object_put(standin_call(stack, "POST", "settings",
	    "{\"refund_status\":\"pending\"}"));
	refund(stack, shop, 7000, id);
	events_arrive(stack);
	run_says(stack, 0, "Done: attach: 80.00 of 150.00 usd of pi_",
	    WORDS("unmatched", "attach", shop, fee, "--anyway", "--commit"));
	club_assert_status(stack, club.order_id, "partially_refunded");
	json_object_put(control(stack, "refunds", id, "fail", "{}"));
	events_arrive(stack);
	club_assert_status(stack, club.order_id, "paid");
	row = unmatched_row(stack, id);
	assert_member_holds(row, "outcome", "failed refund");
	assert_member_holds(row, "player_name", club.name);
	json_object_put(row);
	run_says(stack, 0, "Done: refund: 70.00 usd of ", WORDS("refund", fee,
	    "--amount", "70", "--commit"));
	assert_null(unmatched_row(stack, id));
	sql_assert_text(stack, "partially_refunded 15000 7000", "select "
	    "concat_ws(' ', o.status, o.paid_cents, o.refunded_cents) from "
	    "teamdues.orders o where o.order_id = %s", fee);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_parts_and_the_rest),
		RECONCILE_TEST(test_known_before_its_event),
		RECONCILE_TEST(test_one_that_fails_later),
		RECONCILE_TEST(test_never_while_disputed),
		RECONCILE_TEST(test_what_did_not_come_through_stripe),
		RECONCILE_TEST(test_two_payments),
		RECONCILE_TEST(test_trouble_at_stripe),
		RECONCILE_TEST(test_the_same_twice_at_once),
		RECONCILE_TEST(test_what_is_left_pays_a_fee),
		RECONCILE_TEST(test_the_rest_was_used_too_early),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
