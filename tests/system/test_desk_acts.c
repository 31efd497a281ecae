/*
 * What users of the desk ask for: done at once where it needs no Stripe, by the
 * clerk where it does.  Invariants 1, 8, 9 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"
#include "treasurer.h"

enum { AMOUNT = 15000 };

/* A treasurer and a pending order; with a page of Stripe's that is open. */
struct scene {
	struct stack *stack;
	struct treasurer ruth;
	struct club club;
	char session[SESSION_ID_SIZE];	/* "": none */
};

static void
scene_make(struct stack *stack, struct scene *s)
{
	s->stack = stack;
	s->session[0] = '\0';
	standin_deliver(stack, true);
	treasurer_enter(stack, "treasurer", &s->ruth);
	club_make(stack, AMOUNT, &s->club);
}

static void
scene_open(struct stack *stack, struct scene *s)
{
	scene_make(stack, s);
	club_click_through(stack, s->club.order_id, s->session);
}

static struct desk_act
act_of(const struct scene *s, const char *action)
{
	return treasurer_act(&s->ruth, action, s->club.order_id);
}

static void
assert_logged(const struct scene *s, const char *action, int count)
{
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %lld and action = '%s' and "
	    "actor = '%s'", (long long)s->club.order_id, action,
	    s->ruth.actor), count);
}

static void
status_is(const struct scene *s, const char *status)
{
	club_assert_status(s->stack, s->club.order_id, status);
}

static void
test_cash_at_once(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	act = act_of(&s, "record_payment");
	act.source = "cash";
	act.reference = "box 1";
	act.amount_cents = AMOUNT + 1;
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd are");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd are");
	act.amount_cents = AMOUNT - 10;
	treasurer_looks(&s.ruth, &act, DESK_REFUSED,
	    "the rest could not be paid online");
	act.amount_cents = 5000;
	treasurer_looks(&s.ruth, &act, DESK_DONE, "50.00 of 150.00 usd by");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "50.00 of 150.00 usd by");
	status_is(&s, "pending");
	act.reference = "box 2";
	act.amount_cents = 0;
	treasurer_asks(&s.ruth, &act, DESK_DONE, "100.00 of 150.00 usd");
	status_is(&s, "paid");
	assert_logged(&s, "record payment", 2);
	act = act_of(&s, "unrecord_payment");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "name the reference");
	act.reference = "box 2";
	treasurer_looks(&s.ruth, &act, DESK_DONE, "reference box 2");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "reference box 2");
	status_is(&s, "pending");
	treasurer_leave(&s.ruth);
}

/* The page that the family has before it is ended first, by the clerk. */
static void
test_cash_for_an_open_page(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_open(*state, &s);
	act = act_of(&s, "record_payment");
	act.source = "cheque";
	act.reference = "no. 7";
	treasurer_looks(&s.ruth, &act, DESK_QUEUED, "150.00 of 150.00 usd");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 of 150.00 usd"), DESK_DONE, "reference no. 7");
	status_is(&s, "paid");
	assert_logged(&s, "record payment", 1);
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
	act = act_of(&s, "waive");
	standin_deliver(s.stack, false);
	standin_act(s.stack, s.session, "pay", NULL);
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd: as agreed"), DESK_REFUSED,
	    "the family was quicker: its payment is applied, and the order is "
	    "paid");
	status_is(&s, "paid");
	assert_logged(&s, "waive", 0);
	treasurer_leave(&s.ruth);
}

static void
test_change_and_way_back(void **state)
{
	struct desk_act act;
	struct scene s;

	scene_make(*state, &s);
	act = act_of(&s, "adjust");
	act.amount_cents = 30;
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "Stripe charges 0.50 usd");
	act.amount_cents = 12000;
	treasurer_looks(&s.ruth, &act, DESK_DONE, "150.00 to 120.00 usd");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "150.00 to 120.00 usd");
	treasurer_asks(&s.ruth, &act, DESK_DONE, " is 120.00 usd (adjust by ");
	act = act_of(&s, "reopen");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "neither cancelled nor");
	act = act_of(&s, "cancel");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "as agreed");
	status_is(&s, "cancelled");
	act = act_of(&s, "waive");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, " is cancelled (");
	act = act_of(&s, "reopen");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "which was cancelled");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "which was cancelled");
	act = act_of(&s, "waive");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "120.00 usd: as agreed");
	status_is(&s, "waived");
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
		act = act_of(&s, actions[i]);
		act.amount_cents = i == 0 ? 12000 : 0;
		treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act,
		    DESK_QUEUED, "as agreed"), DESK_DONE, "as agreed");
		status_is(&s, statuses[i]);
		assert_int_equal(standin_session_count(s.stack,
		    s.club.order_id, "open"), 0);
		assert_logged(&s, actions[i], 1);
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
	stray_of(s.stack, &s.club, AMOUNT, &stray);
	act = act_of(&s, "attach");
	act.payment = "evt_unknown";
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "no payment stands under");
	act.payment = stray.event_id;
	treasurer_looks(&s.ruth, &act, DESK_QUEUED, "150.00 usd of pi_");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd of pi_"), DESK_DONE, "to order ");
	status_is(&s, "paid");
	assert_logged(&s, "attach", 1);
	act = act_of(&s, "detach");
	act.payment = stray.event_id;
	treasurer_looks(&s.ruth, &act, DESK_DONE, "from order ");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "from order ");
	status_is(&s, "pending");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "attached to no order");
	/* No page is open now: at once. */
	act = act_of(&s, "attach");
	act.payment = stray.event_id;
	treasurer_asks(&s.ruth, &act, DESK_DONE, "to order ");
	status_is(&s, "paid");
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
	act.payment = stray.event_id;
	act.is_not_ours = true;
	treasurer_looks(&s.ruth, &act, DESK_DONE, "as agreed");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "as agreed");
	assert_null(unmatched_row(s.stack, stray.event_id));
	act = treasurer_act(&s.ruth, "undismiss", 0);
	act.payment = stray.event_id;
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
	act = act_of(&s, "remind");
	treasurer_looks(&s.ruth, &act, DESK_DONE, "150.00 usd asked of ");
	treasurer_asks(&s.ruth, &act, DESK_DONE, "150.00 usd asked of ");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "mailed today already");
	WAIT_UNTIL(20, sql_int(s.stack, "select count(*) from teamdues.emails "
	    "where order_id = %lld and kind = 'reminder' and state = 'sent'",
	    (long long)s.club.order_id) == 1);
	assert_logged(&s, "mail reminder", 1);
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
	status_is(s, "paid");
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
	act = act_of(&s, "refund");
	act.amount_cents = AMOUNT + 1;
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "only 150.00 usd are");
	act.amount_cents = 2000;
	treasurer_looks(&s.ruth, &act, DESK_QUEUED,
	    "20.00 usd go back, and 130.00 usd stay");
	/* Two are meant: two forms. */
	for (int i = 0; i < 2; i++)
		treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act,
		    DESK_QUEUED, "20.00 usd go back"), DESK_DONE,
		    " is succeeded; the order changes when Stripe says so");
	events_arrive(s.stack);
	status_is(&s, "partially_refunded");
	assert_given(&s, intent, 2, 4000);
	assert_logged(&s, "refund", 2);
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
	act = act_of(&s, "refund");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "150.00 usd go back, and 0.00 usd stay"), DESK_REFUSED,
	    "disputed at Stripe");
	assert_given(&s, intent, 0, 0);
	status_is(&s, "paid");
	act = act_of(&s, "ask_stripe");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "Stripe is asked"), DESK_DONE,
	    "what was missing is in the books now; the order is disputed");
	status_is(&s, "disputed");
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "Stripe is asked"), DESK_DONE, "nothing was missing");
	act = treasurer_act(&s.ruth, "refund", 0);
	act.payment = "cs_nothing";
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
	act.payment = shop;
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    " go back"), DESK_DONE, " is succeeded");
	events_arrive(s.stack);
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.payments where session_id = '%s' and place = 'settled'",
	    shop), 1);
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
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
