/*
 * What users of the desk ask for: done at once where it needs no Stripe, by the
 * clerk where it does.  Invariants 1, 8, 9 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "scene.h"
#include "sql.h"

/* 0: all that is left. */
static const char *
cash(int64_t cents, const char *reference)
{
	return act_args("{\"amount_cents\":%lld,\"source\":\"cash\","
	    "\"reference\":\"%s\"}", (long long)cents, reference);
}

static void
test_cash_at_once(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	act = scene_act(&s, "record_payment");
	act.args = cash(SCENE_AMOUNT + 1, "box 1");
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd are");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd are");
	act.args = cash(SCENE_AMOUNT - 10, "box 1");
	treasurer_looks(&s.ruth, &act, DESK_REFUSED,
	    "the rest could not be paid online");
	act.args = "{\"source\":\"cash\",\"received_on\":\"2101-01-01\"}";
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "is still to come");
	act.args = "{\"source\":\"cash\",\"received_on\":\"2001-12-31\"}";
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "than two years ago");
	act.args = cash(5000, "box 1");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "50.00 usd of 150.00 usd "
	    "is recorded as paid in cash (box 1); 100.00 usd is left to pay");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "50.00 usd of 150.00 usd "
	    "is recorded as paid in cash (box 1); 100.00 usd is left to pay");
	scene_assert_status(&s, "pending");
	act.args = "{\"source\":\"transfer\"}";
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "a transfer the bank's");
	/* Cash alone needs no reference, and gets one. */
	act.args = "{\"source\":\"cash\"}";
	treasurer_asks(&s.ruth, &act, DESK_DONE, "100.00 usd of 150.00 usd "
	    "is recorded as paid in cash; nothing is left to pay");
	scene_assert_status(&s, "paid");
	scene_assert_logged(&s, "record payment", 2);
	act = scene_act(&s, "unrecord_payment");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "name the reference");
	act.args = "{\"reference\":\"no. 1\"}";
	treasurer_looks(&s.ruth, &act, DESK_DONE, "100.00 usd, which "
	    "came in cash, is owed again");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "100.00 usd, which "
	    "came in cash, is owed again");
	scene_assert_status(&s, "pending");
	treasurer_leave(&s.ruth);
}

/* The page that the family has before it is ended first, by the clerk. */
static void
test_cash_for_an_open_page(void **state)
{
	struct desk_act act;
	struct scene s;
	char *day;

	scene_open(*state, &s);
	day = sql_text(s.stack, "select (now() - interval '3 days')::date");
	act = scene_act(&s, "record_payment");
	act.args = act_args("{\"source\":\"cheque\",\"reference\":\"no. 7\","
	    "\"received_on\":\"%s\"}", day);
	treasurer_looks(&s.ruth, &act, DESK_QUEUED, "150.00 usd of ");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd of "), DESK_DONE, "paid by cheque (no. 7) on ");
	sql_assert_text(s.stack, day, "select received_on from "
	    "teamdues.recorded_payments where order_id = %lld",
	    (long long)s.club.order_id);
	free(day);
	scene_assert_status(&s, "paid");
	scene_assert_logged(&s, "record payment", 1);
	assert_int_equal(standin_session_count(s.stack, s.club.order_id,
	    "open"), 0);
	treasurer_leave(&s.ruth);
}

/* The family pays while she asks: its money counts, and she is told. */
static void
test_the_family_is_quicker(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_open(*state, &s);
	act = scene_act(&s, "waive");
	standin_deliver(s.stack, false);
	standin_act(s.stack, s.session, "pay", NULL);
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd is not asked for any more: as "
	    "agreed"), DESK_REFUSED,
	    "the family was quicker: its payment is applied, and the order is "
	    "paid");
	scene_assert_status(&s, "paid");
	scene_assert_logged(&s, "waive", 0);
	treasurer_leave(&s.ruth);
}

static void
test_change_and_way_back(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	act = scene_act(&s, "adjust");
	act.args = act_cents(30);
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "Stripe charges 0.50 usd");
	act.args = act_cents(12000);
	treasurer_looks(&s.ruth, &act, DESK_DONE, "120.00 usd instead of "
	    "150.00 usd: as agreed");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "120.00 usd instead of "
	    "150.00 usd: as agreed");
	treasurer_asks(&s.ruth, &act, DESK_DONE, " is 120.00 usd (adjust by ");
	act = scene_act(&s, "reopen");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "neither cancelled nor");
	act = scene_act(&s, "cancel");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "as agreed");
	scene_assert_status(&s, "cancelled");
	act = scene_act(&s, "waive");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, " is cancelled (");
	act = scene_act(&s, "reopen");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "120.00 usd is owed "
	    "again, as before it was taken off");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "120.00 usd is owed "
	    "again, as before it was taken off");
	act = scene_act(&s, "waive");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "120.00 usd is not "
	    "asked for any more: as agreed");
	scene_assert_status(&s, "waived");
	treasurer_leave(&s.ruth);
}

static void
test_change_of_an_open_page(void **state)
{
	static const char *const actions[] = { "adjust", "waive", "cancel" };
	static const char *const statuses[] = { "pending", "waived",
	    "cancelled" };

	for (int i = 0; i < 3; i++) {
		struct desk_act act;
		struct scene s;

		scene_open(*state, &s);
		act = scene_act(&s, actions[i]);
		act.args = i == 0 ? act_cents(12000) : NULL;
		treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act,
		    DESK_QUEUED, "as agreed"), DESK_DONE, "as agreed");
		scene_assert_status(&s, statuses[i]);
		assert_int_equal(standin_session_count(s.stack,
		    s.club.order_id, "open"), 0);
		scene_assert_logged(&s, actions[i], 1);
		treasurer_leave(&s.ruth);
	}
}

static void
test_attach_and_detach(void **state)
{
	struct desk_act act;
	struct stray stray;
	struct scene s;

	scene_open(*state, &s);
	stray_of(s.stack, &s.club, SCENE_AMOUNT, &stray);
	act = scene_act(&s, "attach");
	act.args = act_payment("evt_unknown");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "no payment stands under");
	act.args = act_payment(stray.event_id);
	treasurer_looks(&s.ruth, &act, DESK_QUEUED, "150.00 usd from ");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd from "), DESK_DONE, " pays ");
	scene_assert_status(&s, "paid");
	scene_assert_logged(&s, "attach", 1);
	act = scene_act(&s, "detach");
	act.args = act_payment(stray.event_id);
	treasurer_looks(&s.ruth, &act, DESK_DONE, " no more");
	treasurer_asks(&s.ruth, &act, DESK_DONE, " no more");
	scene_assert_status(&s, "pending");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "attached to no order");
	/* No page is open now: at once. */
	act = scene_act(&s, "attach");
	act.args = act_payment(stray.event_id);
	treasurer_asks(&s.ruth, &act, DESK_DONE, " pays ");
	scene_assert_status(&s, "paid");
	treasurer_leave(&s.ruth);
}

static void
test_dismiss_and_way_back(void **state)
{
	struct desk_act act;
	struct stray stray;
	struct scene s;

	scene_make(*state, &s);
	stray_make(s.stack, 3100, NULL, NULL, &stray);
	act = treasurer_act(&s.ruth, "dismiss", 0);
	act.args = act_args("{\"payment\":\"%s\",\"not_ours\":true}",
	    stray.event_id);
	treasurer_looks(&s.ruth, &act, DESK_DONE, "as agreed");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "as agreed");
	assert_null(unmatched_row(s.stack, stray.event_id));
	act = treasurer_act(&s.ruth, "undismiss", 0);
	act.args = act_payment(stray.event_id);
	treasurer_asks(&s.ruth, &act, DESK_DONE, "what ");
	json_object_put(unmatched_row(s.stack, stray.event_id));
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "nobody has dismissed it");
	treasurer_leave(&s.ruth);
}

static void
test_remind(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	act = scene_act(&s, "remind");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "; it asks for 150.00 usd");
	treasurer_asks(&s.ruth, &act, DESK_DONE, " now; it asks for 150.00 "
	    "usd");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "mailed today already");
	WAIT_UNTIL(20, sql_int(s.stack, "select count(*) from teamdues.emails "
	    "where order_id = %lld and kind = 'tournament' and state = 'sent'",
	    (long long)s.club.order_id) == 1);
	scene_assert_logged(&s, "mail tournament", 1);
	treasurer_asks(&s.ruth, &(struct desk_act){ .session = s.ruth.session,
	    .action = "waive", .order_id = s.club.order_id, .reason = "x",
	    .zone = "UTC", .currency = "usd" }, DESK_DONE, "x");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "waived");
	treasurer_leave(&s.ruth);
}

static void
scene_paid(struct stack *stack, struct scene *s,
    char intent[SESSION_ID_SIZE])
{
	scene_open(stack, s);
	standin_act(stack, s->session, "pay", NULL);
	events_arrive(stack);
	scene_assert_status(s, "paid");
	intent_of(stack, s->session, intent);
}

static void
assert_given(const struct scene *s, const char *intent, int count,
    int64_t cents)
{
	int64_t sum;

	assert_int_equal(standin_refund_count(s->stack, intent, &sum), count);
	assert_int_equal(sum, cents);
}

static void
test_refund(void **state)
{
	char intent[SESSION_ID_SIZE];
	struct desk_act act;
	struct scene s;

	scene_paid(*state, &s, intent);
	act = scene_act(&s, "refund");
	act.args = act_cents(SCENE_AMOUNT + 1);
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd is");
	act.args = act_cents(2000);
	treasurer_looks(&s.ruth, &act, DESK_QUEUED,
	    "20.00 usd goes back, and 130.00 usd stays");
	/* Two are meant: two forms. */
	for (int i = 0; i < 2; i++)
		treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act,
		    DESK_QUEUED, "20.00 usd goes back"), DESK_DONE,
		    "20.00 usd goes back the way it came, within 5 to 10 days");
	events_arrive(s.stack);
	scene_assert_status(&s, "partially_refunded");
	assert_given(&s, intent, 2, 4000);
	scene_assert_logged(&s, "refund", 2);
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %lld and action = 'refund' "
	    "and detail like '20.00 usd of pi_%%: as agreed'",
	    (long long)s.club.order_id), 2);
	json_object_put(control(s.stack, "payment_intents", intent, "dispute",
	    "{}"));
	events_arrive(s.stack);
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "the payment is disputed");
	treasurer_leave(&s.ruth);
}

/* What Stripe alone knows is found when the clerk asks it. */
static void
test_refund_of_a_stray_and_late_news(void **state)
{
	char intent[SESSION_ID_SIZE];
	struct desk_act act;
	struct scene s;

	scene_paid(*state, &s, intent);
	standin_deliver(s.stack, false);
	json_object_put(control(s.stack, "payment_intents", intent, "dispute",
	    "{}"));
	act = scene_act(&s, "refund");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd goes back, and nothing stays"), DESK_REFUSED,
	    "disputed at Stripe");
	assert_given(&s, intent, 0, 0);
	scene_assert_status(&s, "paid");
	act = scene_act(&s, "ask_stripe");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "Stripe is asked"), DESK_DONE,
	    "what was missing is in the books now; the order is disputed");
	scene_assert_status(&s, "disputed");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "Stripe is asked"), DESK_DONE, "the books agree");
	act = treasurer_act(&s.ruth, "refund", 0);
	act.args = act_payment("cs_nothing");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "there is no such payment");
	treasurer_leave(&s.ruth);
}

/* Of a payment that is no order's. */
static void
test_refund_of_a_payment(void **state)
{
	char shop[SESSION_ID_SIZE], intent[SESSION_ID_SIZE];
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	shop_session(s.stack, "&mode=payment", shop);
	standin_act(s.stack, shop, "pay", NULL);
	events_arrive(s.stack);
	intent_of(s.stack, shop, intent);
	act = treasurer_act(&s.ruth, "refund", 0);
	act.args = act_payment(shop);
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    " goes back"), DESK_DONE, "within 5 to 10 days");
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.payments where session_id = '%s' and place = 'settled'",
	    shop), 1);
	treasurer_leave(&s.ruth);
}

/* The page that comes before says that the order will not be owed. */
static void
test_reopened_with_what_came(void **state)
{
	char form[HTTP_VALUE_SIZE], late[SESSION_ID_SIZE];
	struct scene s;

	scene_make(*state, &s);
	struct desk_act act = scene_act(&s, "cancel");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "off the list");
	named_form(s.stack, s.club.order_id, form);
	shop_session(s.stack, form, late);
	standin_act(s.stack, late, "pay", NULL);
	events_arrive(s.stack);
	scene_assert_status(&s, "cancelled");
	act = scene_act(&s, "reopen");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "; with what came for it "
	    "before, it is paid");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "before, it is paid");
	scene_assert_status(&s, "paid");
	treasurer_leave(&s.ruth);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_cash_at_once),
		RECONCILE_TEST(test_cash_for_an_open_page),
		RECONCILE_TEST(test_the_family_is_quicker),
		RECONCILE_TEST(test_change_and_way_back),
		RECONCILE_TEST(test_change_of_an_open_page),
		RECONCILE_TEST(test_attach_and_detach),
		RECONCILE_TEST(test_dismiss_and_way_back),
		RECONCILE_TEST(test_remind),
		RECONCILE_TEST(test_refund),
		RECONCILE_TEST(test_refund_of_a_stray_and_late_news),
		RECONCILE_TEST(test_refund_of_a_payment),
		RECONCILE_TEST(test_reopened_with_what_came),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
