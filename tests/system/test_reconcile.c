/*
 * What reconcile heals when no event ever came: each difference between
 * Stripe's record and ours is found, changes nothing until --commit, and is
 * gone after it (invariants 1, 2, 3 and 8).
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"

enum { LINE_SIZE = 512 };

/* "order N: BEFORE -> AFTER, $150.00, ID: WHY" */
static void
mends_order(struct stack *stack, const struct club *club, const char *change,
    const char *session_id, const char *why)
{
	char line[LINE_SIZE];

	snprintf(line, sizeof(line), "order %lld: %s, $150.00, %s: %s\n",
	    (long long)club->order_id, change, session_id, why);
	reconcile_mends(stack, line);
}

/* Paid, and in the books. */
static void
paid_and_known(struct stack *stack, struct club *club,
    char id[SESSION_ID_SIZE])
{
	paid_session(stack, club, id);
	reconcile_heals(stack, "pending -> paid");
	club_assert_status(stack, club->order_id, "paid");
}

/* Older than thirty days is as good as never sent: no event is read. */
static void
test_paid_there_and_pending_here(void **state)
{
	struct stack *stack = *state;
	struct json_object *requests;
	char intent[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_session(stack, &club, id);
	json_object_put(standin_call(stack, "POST", "wipe_events", "{}"));
	mends_order(stack, &club, "pending -> paid", id, "paid at Stripe");
	intent_of(stack, id, intent);
	club_assert_paid_by(stack, club.order_id, intent);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.stripe_events where session_id = '%s'", id), 0);
	requests = standin_requests(stack, &(struct standin_query){ "GET",
	    "/v1/events", NULL, 0 });
	assert_int_equal(json_object_array_length(requests), 0);
	json_object_put(requests);
}

/* Events that come after all say nothing new. */
static void
test_late_events_are_duplicates(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	standin_deliver(stack, true);
	events_arrive(stack);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.stripe_events where session_id = '%s' and disposition = "
	    "'duplicate'", id), 1);
	club_assert_status(stack, club.order_id, "paid");
	reconcile_is_done(stack);
}

/* And what an event has told is no difference. */
static void
test_what_events_told_is_no_difference(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, true);
	paid_session(stack, &club, id);
	events_arrive(stack);
	club_assert_status(stack, club.order_id, "paid");
	reconcile_is_done(stack);
}

static void
assert_refunded(struct stack *stack, const struct club *club, int64_t cents)
{
	assert_int_equal(sql_int(stack, "select refunded_cents from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)club->order_id), cents);
}

static void
test_refunded_there_and_paid_here(void **state)
{
	struct stack *stack = *state;
	char refund_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	refund(stack, id, 4000, refund_id);
	mends_order(stack, &club, "paid -> partially_refunded", id,
	    "refunds at Stripe");
	assert_refunded(stack, &club, 4000);
	refund(stack, id, 11000, refund_id);
	mends_order(stack, &club, "partially_refunded -> refunded", id,
	    "refunds at Stripe");
	assert_refunded(stack, &club, 15000);
	json_object_put(control(stack, "refunds", refund_id, "fail", "{}"));
	mends_order(stack, &club, "refunded -> partially_refunded", id,
	    "refunds at Stripe");
	assert_refunded(stack, &club, 4000);
}

/* One look at a session is enough to learn all that became of it. */
static void
test_all_of_it_at_once(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char form[LINE_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	session = control(stack, "sessions", id, "pay", "{}");
	snprintf(form, sizeof(form), "payment_intent=%s&amount=4000",
	    json_text_at(session, "payment_intent"));
	json_object_put(stripe_do(stack, "/v1/refunds", form));
	json_object_put(session);
	mends_order(stack, &club, "pending -> partially_refunded", id,
	    "paid at Stripe, refunds at Stripe");
	assert_refunded(stack, &club, 4000);
}

static void
dispute(struct stack *stack, const char *session_id,
    char dispute_id[SESSION_ID_SIZE])
{
	char intent[SESSION_ID_SIZE];
	struct json_object *json;

	intent_of(stack, session_id, intent);
	json = control(stack, "payment_intents", intent, "dispute", "{}");
	snprintf(dispute_id, SESSION_ID_SIZE, "%s", json_text_at(json, "id"));
	json_object_put(json);
}

static void
test_dispute_that_is_lost(void **state)
{
	struct stack *stack = *state;
	char dispute_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	dispute(stack, id, dispute_id);
	mends_order(stack, &club, "paid -> disputed", id,
	    "dispute needs_response");
	json_object_put(control(stack, "disputes", dispute_id, "close",
	    "{\"status\":\"lost\"}"));
	mends_order(stack, &club, "disputed -> charged_back", id,
	    "dispute lost");
	json_object_put(control(stack, "disputes", dispute_id,
	    "funds_reinstated", "{}"));
	mends_order(stack, &club, "charged_back -> paid", id, "dispute lost");
}

static void
test_dispute_that_is_won(void **state)
{
	struct stack *stack = *state;
	char dispute_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	dispute(stack, id, dispute_id);
	json_object_put(control(stack, "disputes", dispute_id, "close",
	    "{\"status\":\"won\"}"));
	mends_order(stack, &club, "stays paid", id, "dispute won");
}

static void
test_bank_debit_that_settles(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "bank", NULL);
	mends_order(stack, &club, "pending -> processing", id,
	    "a bank payment is under way");
	standin_act(stack, id, "settle", NULL);
	mends_order(stack, &club, "processing -> paid", id, "paid at Stripe");
}

static void
test_bank_debit_that_fails(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "bank", NULL);
	reconcile_heals(stack, "pending -> processing");
	standin_act(stack, id, "fail", NULL);
	mends_order(stack, &club, "processing -> pending", id,
	    "its bank payment failed");
}

static void
test_session_that_expired(void **state)
{
	struct stack *stack = *state;
	char again[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	reconcile_is_done(stack);
	standin_act(stack, id, "expire", NULL);
	mends_order(stack, &club, "stays pending", id, "expired at Stripe");
	sql_assert_text(stack, "expired", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'", id);
	club_click_through(stack, club.order_id, again);
	assert_string_not_equal(id, again);
}

/* The incident: sessions of ours whose metadata somebody forgot. */
static void
test_stored_session_needs_no_metadata(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "pay", "{\"alter\":{\"metadata\":{},"
	    "\"client_reference_id\":null,\"customer\":null}}");
	mends_order(stack, &club, "pending -> paid", id, "paid at Stripe");
}

/* Nothing ties it to an order: it is put where a person looks, loudly, once. */
static void
test_paid_there_and_unknown_here(void **state)
{
	struct stack *stack = *state;
	char line[LINE_SIZE];
	char id[SESSION_ID_SIZE];
	struct run run;

	shop_session(stack, "&mode=payment", id);
	standin_act(stack, id, "pay", NULL);
	snprintf(line, sizeof(line), "no order: unmatched, $150.00, %s: paid "
	    "at Stripe; session not known, no reference to an order\n", id);
	reconcile_finds(stack, line);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_holds(run.output, line);
	assert_holds(run.errors, "error session id=");
	run_clear(&run);
	sql_assert_text(stack, id, "select event_id from "
	    "teamdues.unmatched_overview where session_id = '%s'", id);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_null(strstr(run.errors, "error"));
	run_clear(&run);
	reconcile_is_done(stack);
}

/* Given back in full it needs nobody any more. */
static void
test_unmatched_payment_that_is_refunded(void **state)
{
	struct stack *stack = *state;
	char refund_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];

	shop_session(stack, "&mode=payment", id);
	standin_act(stack, id, "pay", NULL);
	reconcile_heals(stack, "no order: unmatched");
	refund(stack, id, 15000, refund_id);
	reconcile_mends(stack, "refunds at Stripe; refunded in full\n");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.unmatched_overview where session_id = '%s'", id), 0);
}

/* Another payment for the order, in a session made so much later than now. */
static void
pay_again(struct stack *stack, const struct club *club, int later_s,
    char session_id[SESSION_ID_SIZE])
{
	char text[HTTP_VALUE_SIZE];

	named_form(stack, club->order_id, text);
	shop_session(stack, text, session_id);
	snprintf(text, sizeof(text), "{\"alter\":{\"created\":%lld}}",
	    (long long)now_s() + later_s);
	standin_act(stack, session_id, "pay", text);
}

static void
assert_review(struct stack *stack, const char *session_id)
{
	sql_assert_text(stack, "review", "select outcome from "
	    "teamdues.unmatched_overview where session_id = '%s'",
	    session_id);
}

/* Two payments for one order: a person decides, nothing is taken back. */
static void
test_second_payment_is_under_review(void **state)
{
	struct stack *stack = *state;
	char second[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	pay_again(stack, &club, 60, second);
	reconcile_mends(stack, "is already paid by another payment\n");
	club_assert_status(stack, club.order_id, "paid");
	assert_review(stack, second);
}

/* Found late, but made first: it is the order's, and the other is told of. */
static void
test_earlier_payment_takes_the_order(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char intent[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_and_known(stack, &club, id);
	sql_run(stack, "update teamdues.orders set created_at = created_at - "
	    "interval '1 day' where order_id = %lld",
	    (long long)club.order_id);
	pay_again(stack, &club, -60, first);
	reconcile_mends(stack,
	    "; another payment for it now needs a person\n");
	intent_of(stack, first, intent);
	club_assert_paid_by(stack, club.order_id, intent);
	assert_review(stack, id);
}

static int64_t
count_known(struct stack *stack, const char *session_id)
{
	return sql_int(stack, "select (select count(*) from "
	    "teamdues.payments where session_id = '%s') + (select count(*) "
	    "from teamdues.session_facts where session_id = '%s')",
	    session_id, session_id);
}

/* Other programs on the same account, and what somebody has said to be another
 * club's: quiet, and not even remembered. */
static void
test_foreign_sessions_are_quiet(void **state)
{
	static const char *const forms[] = {
		"&mode=subscription&"
		    "line_items[0][price_data][recurring][interval]=month",
		"&mode=payment&metadata[teamdues]=td_another&"
		    "metadata[order_id]=1",
	};
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct run run;

	COMMAND(stack, &run, 0, "installation", "disown", "td_another",
	    "--commit");
	run_clear(&run);
	for (size_t i = 0; i < 2; i++) {
		shop_session(stack, forms[i], id);
		standin_act(stack, id, "pay", NULL);
		reconcile_is_done(stack);
		assert_int_equal(count_known(stack, id), 0);
	}
	shop_session(stack, "&mode=payment", id);
	standin_act(stack, id, "expire", NULL);
	reconcile_is_done(stack);
	assert_int_equal(count_known(stack, id), 0);
}

/* What a rule of the treasurer's says is remembered, and as quiet. */
static void
test_rule_makes_quiet(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];

	sql_run(stack, "insert into teamdues.foreign_rules (field, value, "
	    "actor) values ('metadata', 'shop_cart', 'test')");
	shop_session(stack, "&mode=payment&metadata[shop_cart]=7", id);
	standin_act(stack, id, "pay", NULL);
	reconcile_heals(stack, ", 0 differences: nothing to do\n");
	sql_assert_text(stack, "foreign", "select place from "
	    "teamdues.payments where session_id = '%s'", id);
	reconcile_is_done(stack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_paid_there_and_pending_here),
		RECONCILE_TEST(test_late_events_are_duplicates),
		RECONCILE_TEST(test_what_events_told_is_no_difference),
		RECONCILE_TEST(test_refunded_there_and_paid_here),
		RECONCILE_TEST(test_all_of_it_at_once),
		RECONCILE_TEST(test_dispute_that_is_lost),
		RECONCILE_TEST(test_dispute_that_is_won),
		RECONCILE_TEST(test_bank_debit_that_settles),
		RECONCILE_TEST(test_bank_debit_that_fails),
		RECONCILE_TEST(test_session_that_expired),
		RECONCILE_TEST(test_stored_session_needs_no_metadata),
		RECONCILE_TEST(test_paid_there_and_unknown_here),
		RECONCILE_TEST(test_unmatched_payment_that_is_refunded),
		RECONCILE_TEST(test_second_payment_is_under_review),
		RECONCILE_TEST(test_earlier_payment_takes_the_order),
		RECONCILE_TEST(test_foreign_sessions_are_quiet),
		RECONCILE_TEST(test_rule_makes_quiet),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
