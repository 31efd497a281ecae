/*
 * Money is asked for once: an order that becomes paid by whatever way leaves no
 * page open on which it can be paid again.  Invariants 1 and 9.
 *
 * Each test is the incident: a family has a page of ours open, while it has
 * paid in another session for the same order.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "mailbox.h"
#include "process.h"
#include "sql.h"

/* How long a stray session may be open, and the events about it under way. */
enum { MINUTE_S = 60 };

struct twice {
	struct incident incident;	/* of one order: its session is bare */
	int64_t order_id;
	char order[WORD_SIZE];
	const char *bare;	/* the session that knows of no order */
	char page[SESSION_ID_SIZE];	/* the one of ours */
};

static void
twice_make(struct stack *stack, struct twice *t)
{
	incident_make(stack, 1, &t->incident);
	t->order_id = t->incident.orders[0];
	word_of(t->order, t->order_id);
	t->bare = t->incident.sessions[0];
	club_click_through(stack, t->order_id, t->page);
	standin_deliver(stack, true);
}

/* The bare session is paid, and stands where nobody knows what it is for. */
static void
pay_bare(struct stack *stack, const struct twice *t)
{
	standin_act(stack, t->bare, "pay", NULL);
	WAIT_UNTIL(20, sql_int(stack, "select count(*) from "
	    "teamdues.payments where session_id = '%s' and place = "
	    "'unmatched'", t->bare) == 1);
}

/* What Stripe says to a payer who fills in the page now. */
static void
assert_cannot_be_paid(struct stack *stack, const char *session_id)
{
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;

	assert_at_stripe(stack, session_id, "expired");
	snprintf(url, sizeof(url), "%s/_control/sessions/%s/pay",
	    stack_setting(stack, "STRIPE_API_BASE"), session_id);
	http_send(stack, &(struct http_request){ .method = "POST",
	    .target = url, .headers = { "Content-Type: application/json" },
	    .body = "{}", .len = 2 }, &answer);
	http_assert_status(&answer, 409);
	http_answer_clear(&answer);
}

/* Paid once; the page was ended by whoever acted. */
static void
assert_asked_once(struct stack *stack, struct twice *t)
{
	club_assert_status(stack, t->order_id, "paid");
	assert_cannot_be_paid(stack, t->page);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.payments where matched_order_id = %s", t->order), 1);
	incident_clear(&t->incident);
}

static bool
is_open_here(struct stack *stack, const char *session_id)
{
	return sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where session_id = '%s' and status = "
	    "'open'", session_id) == 1;
}

static void
test_attach_ends_the_page(void **state)
{
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	pay_bare(stack, &t);
	books_unmoved(stack, &run, 3, WORDS("unmatched", "attach", t.bare,
	    t.order));
	assert_holds(run.output, t.page);
	run_clear(&run);
	assert_at_stripe(stack, t.page, "open");
	COMMAND(stack, &run, 0, "unmatched", "attach", t.bare, t.order,
	    "--commit");
	assert_holds(run.output, "Its open session was ended at Stripe.\n");
	run_clear(&run);
	assert_asked_once(stack, &t);
}

/* The family was quicker: its page is the order's, the other one waits on. */
static void
test_complete_page_stops_the_attaching(void **state)
{
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	pay_bare(stack, &t);
	standin_deliver(stack, false);
	standin_act(stack, t.page, "pay", NULL);
	COMMAND(stack, &run, 1, "unmatched", "attach", t.bare, t.order,
	    "--commit");
	assert_holds(run.errors, "turned out complete and was applied; the "
	    "order is paid");
	run_clear(&run);
	sql_assert_text(stack, "unmatched", "select place from "
	    "teamdues.payments where session_id = '%s'", t.bare);
	incident_clear(&t.incident);
}

/* Nothing is attached while the page cannot be ended (invariant 8). */
static void
test_trouble_at_stripe_stops_the_attaching(void **state)
{
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	pay_bare(stack, &t);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/checkout/"
	    "sessions/:id/expire\",\"count\":0,\"status\":402}");
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach", t.bare,
	    t.order, "--commit"));
	run_clear(&run);
	club_assert_status(stack, t.order_id, "pending");
	incident_clear(&t.incident);
}

static void
test_import_ends_the_page(void **state)
{
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	standin_deliver(stack, false);
	standin_act(stack, t.bare, "pay", NULL);
	books_unmoved(stack, &run, 3, WORDS("import", "sessions",
	    t.incident.file));
	assert_holds(run.output, "adopt, end its open session");
	assert_holds(run.output, "paid");
	run_clear(&run);
	assert_at_stripe(stack, t.page, "open");
	incident_import(stack, &t.incident, &run, 0, "--commit");
	assert_holds(run.output, "adopt, end its open session");
	run_clear(&run);
	assert_asked_once(stack, &t);
}

static void
test_recorded_payment_ends_the_page(void **state)
{
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	COMMAND(stack, &run, 0, "order", "record-payment", t.order,
	    "--source", "cash", "--reference", "desk", "--commit");
	run_clear(&run);
	club_assert_status(stack, t.order_id, "paid");
	assert_cannot_be_paid(stack, t.page);
	incident_clear(&t.incident);
}

/* An older session of the order's, taken for expired, was paid after all. */
static void
forget_page(struct stack *stack, struct twice *t, char old[SESSION_ID_SIZE])
{
	snprintf(old, SESSION_ID_SIZE, "%s", t->page);
	sql_run(stack, "update teamdues.checkout_sessions set status = "
	    "'expired' where session_id = '%s'", old);
	club_click_through(stack, t->order_id, t->page);
	assert_string_not_equal(old, t->page);
}

static void
test_regenerate_ends_the_page(void **state)
{
	char old[SESSION_ID_SIZE];
	struct stack *stack = *state;
	struct twice t;
	struct run run;

	twice_make(stack, &t);
	forget_page(stack, &t, old);
	standin_deliver(stack, false);
	standin_act(stack, old, "pay", NULL);
	incident_regenerate(stack, &t.incident, &run, 0, WORDS("--commit"));
	run_clear(&run);
	assert_asked_once(stack, &t);
}

/* A script's session that names the order as ours do. */
static void
named_session(struct stack *stack, const struct twice *t,
    char id[SESSION_ID_SIZE])
{
	char form[HTTP_VALUE_SIZE];

	named_form(stack, strtoll(t->order, NULL, 10), form);
	shop_session(stack, form, id);
}

/* The clerk, which does the same each second, holds still meanwhile. */
static void
test_reconcile_ends_the_page(void **state)
{
	char named[SESSION_ID_SIZE];
	struct stack *stack = *state;
	struct twice t;

	assert_int_equal(kill(program_pid(stack, "clerk"), SIGSTOP), 0);
	twice_make(stack, &t);
	named_session(stack, &t, named);
	standin_deliver(stack, false);
	standin_act(stack, named, "pay", NULL);
	reconcile_heals(stack, t.page);
	assert_int_equal(kill(program_pid(stack, "clerk"), SIGCONT), 0);
	assert_asked_once(stack, &t);
}

/*
 * Who has no key of Stripe's leaves the page to a program that has: an admin
 * who attaches, and the webhook.
 */
static void
test_strays_are_ended_within_a_minute(void **state)
{
	char named[SESSION_ID_SIZE], old[SESSION_ID_SIZE];
	char target[HTTP_VALUE_SIZE], body[WORD_SIZE + 16];
	struct stack *stack = *state;
	struct twice attached, told, late;
	struct http_answer answer;

	twice_make(stack, &attached);
	pay_bare(stack, &attached);
	snprintf(target, sizeof(target), "/admin/unmatched/%s/attach",
	    attached.bare);
	snprintf(body, sizeof(body), "order_id=%s", attached.order);
	admin_ask(stack, "POST", target, body, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);

	twice_make(stack, &told);
	named_session(stack, &told, named);
	standin_act(stack, named, "pay", NULL);
	twice_make(stack, &late);
	forget_page(stack, &late, old);
	standin_act(stack, old, "pay", NULL);

	WAIT_UNTIL(20, sql_int(stack, "select count(*) from teamdues.orders "
	    "where order_id in (%s, %s, %s) and status = 'paid'",
	    attached.order, told.order, late.order) == 3);
	WAIT_UNTIL(MINUTE_S, !is_open_here(stack, attached.page) &&
	    !is_open_here(stack, told.page) &&
	    !is_open_here(stack, late.page));
	assert_asked_once(stack, &attached);
	assert_asked_once(stack, &told);
	assert_asked_once(stack, &late);
}

/* The list is a work list: a page that was paid as well is not lost on it. */
static void
test_page_that_was_paid_as_well(void **state)
{
	char named[SESSION_ID_SIZE];
	struct stack *stack = *state;
	struct twice t;

	twice_make(stack, &t);
	named_session(stack, &t, named);
	standin_deliver(stack, false);
	standin_act(stack, t.page, "pay", NULL);
	standin_act(stack, named, "pay", NULL);
	reconcile_heals(stack, named);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.payments where matched_order_id = %s and place = "
	    "'review' and reason like '%%already paid by another payment'",
	    t.order), 1);
	incident_clear(&t.incident);
}

/* Audit and doctor tell of one that stays (invariant 9). */
static void
test_stray_that_stays_is_told(void **state)
{
	char named[SESSION_ID_SIZE];
	struct stack *stack = *state;
	struct twice t;
	struct run run;
	pid_t clerk;

	twice_make(stack, &t);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/checkout/"
	    "sessions/:id/expire\",\"count\":0,\"status\":500}");
	named_session(stack, &t, named);
	standin_act(stack, named, "pay", NULL);
	WAIT_UNTIL(20, sql_int(stack, "select count(*) from "
	    "teamdues.stray_sessions where session_id = '%s'", t.page) == 1);
	COMMAND(stack, &run, 0, "audit");
	run_clear(&run);
	sql_run(stack, "update teamdues.checkout_sessions set stray_at = "
	    "stray_at - interval '61 seconds' where session_id = '%s'",
	    t.page);
	COMMAND(stack, &run, 1, "audit");
	assert_holds(run.output, t.page);
	run_clear(&run);
	command_run(stack, &run, 1, NULL, WORDS("doctor"));
	assert_holds(run.output, "FAIL open_sessions: 1 can be paid");
	run_clear(&run);
	clerk = program_pid(stack, "clerk");
	process_stop(clerk);
	standin_mend(stack);
	reconcile_heals(stack, t.page);
	assert_int_equal(kill(clerk, SIGCONT), 0);
	COMMAND(stack, &run, 0, "audit");
	run_clear(&run);
	assert_asked_once(stack, &t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_attach_ends_the_page),
		INCIDENT_TEST(test_complete_page_stops_the_attaching),
		INCIDENT_TEST(test_trouble_at_stripe_stops_the_attaching),
		INCIDENT_TEST(test_import_ends_the_page),
		INCIDENT_TEST(test_recorded_payment_ends_the_page),
		INCIDENT_TEST(test_regenerate_ends_the_page),
		INCIDENT_TEST(test_reconcile_ends_the_page),
		INCIDENT_TEST(test_strays_are_ended_within_a_minute),
		INCIDENT_TEST(test_page_that_was_paid_as_well),
		INCIDENT_TEST(test_stray_that_stays_is_told),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
